#include <algorithm>
#include <string_view>
#include <utility>

#include "core/agent/agent_flow.h"
#include "core/base/md5.h"

namespace shardscope {
namespace {

constexpr std::uint64_t kKeys = 1'000'000; ///< facts/clients.md 7.2, RANDOM

} // namespace

std::string AgentFlow::keyOf(const std::string& data)
{
    if (m_spec.partitionKey == AgentFlowSpec::PartitionKey::Random)
        return std::to_string(m_random() % kKeys);
    constexpr std::string_view kHex = "0123456789abcdef";
    const HashKey hash = md5(data);
    std::string key(32, '0');
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = kHex[static_cast<std::size_t>((hash.value >> (4 * (31 - i))) & 15)];
    return key;
}

bool AgentFlow::due(SimTime now) const
{
    return !m_queue.empty()
        && (m_hurry || static_cast<std::int64_t>(m_queue.size()) >= m_spec.maxBufferRecords
            || m_queueBytes >= m_spec.maxBufferBytes
            || now - m_queue.front().read >= m_spec.maxBufferAge);
}

void AgentFlow::send(SimTime now)
{
    for (;;) {
        const bool underWay = m_sendAt == SimTime::max();
        if (underWay || now < m_sendAt)
            return;
        if (m_sending.empty()) {
            if (!due(now))
                return;
            Bytes bytes = 0;
            while (!m_queue.empty()
                   && static_cast<std::int64_t>(m_sending.size()) < m_spec.maxBufferRecords) {
                const Bytes more = m_queue.front().bytes();
                if (!m_sending.empty() && bytes + more > m_spec.maxBufferBytes)
                    break;
                bytes += more;
                m_queueBytes -= more;
                m_sending.push_back(std::move(m_queue.front()));
                m_queue.pop_front();
            }
        }
        PutRecords put {.streamName = m_spec.stream};
        for (const Item& item : m_sending)
            put.records.add(item.key, item.data);
        put.records.hashKeys();
        m_state.recordSendAttempts += static_cast<std::int64_t>(m_sending.size());
        m_sendAt = SimTime::max();
        const auto reply = [box = m_mailbox](Result<PutRecordsResult> answer) {
            const std::lock_guard lock(box->mutex);
            box->answer = std::move(answer);
            if (box->wake)
                box->wake();
        };
        if (!m_around.submit(std::move(put), reply))
            reply(fail(ErrorCode::Busy, "The service is busy."));
        takeAnswer(now);
    }
}

/// Longer from failure to failure, shorter again when it goes well.
void AgentFlow::backOff(SimTime now)
{
    m_backOff = std::clamp(m_backOff * 2, m_spec.retryInitial, m_spec.retryMost);
    constexpr std::int64_t kJitterPercent = 30;
    const auto percent = static_cast<std::int64_t>(m_random() % (2 * kJitterPercent + 1));
    m_sendAt = now + m_backOff * (100 - kJitterPercent + percent) / 100;
}

void AgentFlow::takeAnswer(SimTime now)
{
    std::optional<Result<PutRecordsResult>> answer;
    {
        const std::lock_guard lock(m_mailbox->mutex);
        answer = std::exchange(m_mailbox->answer, std::nullopt);
    }
    if (!answer)
        return;
    if (!*answer) {
        ++m_state.serviceErrors;
        m_sendTrouble = m_spec.stream + ": " + answer->error().message;
        backOff(now);
        return;
    }
    m_sendTrouble.clear();
    m_sendAt = now;
    std::vector<Item> refused;
    std::vector<const Source*> heldUp;
    for (std::size_t i = 0; i < m_sending.size(); ++i) {
        Item& item = m_sending[i];
        Source& source = *item.source;
        const bool taken = (*answer)->records[i].counter != 0;
        const bool before = std::find(heldUp.begin(), heldUp.end(), &source) != heldUp.end();
        if (taken) {
            ++m_state.recordsSent;
            m_state.bytesSent += static_cast<Bytes>(item.data.size());
            if (!before)
                source.sent = item.end;
        } else {
            ++m_state.recordSendErrors;
            heldUp.push_back(&source);
            refused.push_back(std::move(item));
        }
    }
    m_unsaved = true;
    m_sending = std::move(refused);
    if (m_sending.empty())
        m_backOff = m_backOff / 10;
    else
        backOff(now);
}

} // namespace shardscope
