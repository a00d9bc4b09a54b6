#include "core/runtime/real_records.h"

#include <utility>

namespace shardscope {
namespace {

Bytes bytesOf(const PutRecords& request)
{
    return static_cast<Bytes>(request.records.bytes.size());
}

} // namespace

bool RealRecords::submit(PutRecords request, Reply reply)
{
    const std::lock_guard lock(m_mutex);
    const Bytes bytes = bytesOf(request);
    if (!m_waiting.empty() && m_waitingBytes + bytes > kWaitingMost)
        return false;
    m_waitingBytes += bytes;
    m_waiting.push_back(std::make_shared<Arrival>(Arrival {std::move(request), std::move(reply)}));
    m_used = true;
    return true;
}

void RealRecords::begin()
{
    const std::lock_guard lock(m_mutex);
    m_journal.clear();
    m_journalBytes = 0;
    m_front = {};
}

RealRecords::Slice RealRecords::arriving(SimTime at)
{
    if (!m_used)
        return {};
    const std::lock_guard lock(m_mutex);
    if (at <= m_front) {
        const auto entry = m_journal.find(at);
        return entry == m_journal.end() ? Slice {} : entry->second;
    }
    m_front = at;
    if (m_waiting.empty())
        return {};
    m_journalBytes += std::exchange(m_waitingBytes, 0);
    while (m_journalBytes > kJournalMost && !m_journal.empty()) {
        for (const auto& arrival : m_journal.begin()->second)
            m_journalBytes -= bytesOf(arrival->request);
        m_journal.erase(m_journal.begin());
    }
    return m_journal.emplace(at, std::exchange(m_waiting, {})).first->second;
}

void RealRecords::answer(Arrival& arrival, Result<PutRecordsResult> result)
{
    Reply reply;
    {
        const std::lock_guard lock(m_mutex);
        reply = std::exchange(arrival.reply, {});
    }
    if (reply)
        reply(std::move(result));
}

} // namespace shardscope
