#include "core/workload/client_sdk.h"

#include <algorithm>

#include "core/base/check.h"

namespace shardscope {
namespace {

/// Calls the agent holds for sending before it stops reading its files (facts/clients.md 7.2).
constexpr std::size_t kAgentQueue = 100;

} // namespace

SdkClient::SdkClient(const ClientSpec& spec, const CounterRng& retryRng)
    : m_spec(spec)
    , m_profile(spec)
    , m_retryRng(retryRng)
    , m_callMs(std::max<std::int64_t>(1, (spec.callTime.inMicros() + 999) / 1000))
    , m_lingerMs((spec.linger.inMicros() + 999) / 1000)
    , m_batchRecords(spec.api == ClientSpec::Api::PutRecord ? 1 : spec.batchRecords)
    , m_window(spec)
{
}

std::unique_ptr<Client> SdkClient::clone() const
{
    return std::make_unique<SdkClient>(*this);
}

void SdkClient::beginSlice(const ShardMap& /*map*/)
{
    m_sent.clear();
}

void SdkClient::tick(const Fresh& fresh, OfferBatch& out)
{
    m_window.advance(fresh.ms);
    if (fresh.count > 0)
        take(fresh);
    if (m_open.count > 0 && fresh.ms >= m_open.sinceMs + m_lingerMs)
        closeBatch();
    while (m_window.free()) {
        if (!m_again.empty() && m_again.front().dueMs <= fresh.ms)
            sendAgain(fresh.ms, out);
        else if (!m_ready.empty() && !(m_profile.agent && m_again.size() >= kAgentQueue))
            sendFresh(fresh.ms, out);
        else
            break;
    }
}

void SdkClient::take(const Fresh& fresh)
{
    counts.userRecords += static_cast<std::int64_t>(fresh.count);
    counts.waiting += static_cast<std::int64_t>(fresh.count);
    const auto most = static_cast<std::uint64_t>(m_batchRecords);
    const bool bytesBind
        = fresh.segment->largestRecord() * most > static_cast<std::uint64_t>(m_spec.batchBytes);
    std::uint64_t from = fresh.from, left = fresh.count;
    if (m_open.count > 0 && (m_open.segment != fresh.segment || m_open.stride != fresh.stride))
        closeBatch();
    while (left > 0) {
        std::uint64_t some = bytesBind ? 1 : std::min(left, most - m_open.count);
        const std::uint64_t bytes = bytesBind ? fresh.segment->recordBytes(from) : 0;
        if (m_open.count > 0
            && m_open.bytes + bytes > static_cast<std::uint64_t>(m_spec.batchBytes))
            closeBatch();
        if (m_open.count == 0)
            m_open = {fresh.segment, from, fresh.stride, 0, fresh.ms, fresh.madeBefore, 0};
        m_open.count += static_cast<std::uint32_t>(some);
        m_open.bytes += bytes;
        if (m_open.count == most)
            closeBatch();
        from += some * fresh.stride;
        left -= some;
    }
}

void SdkClient::closeBatch()
{
    m_ready.push(m_open);
    m_open = {};
}

void SdkClient::sendFresh(std::int64_t ms, OfferBatch& out)
{
    const Batch batch = m_ready.front();
    m_ready.pop();
    m_sent.push_back(
        {batch.segment, static_cast<std::uint32_t>(out.size()), ms, ms, 0, std::uint16_t {1}});
    const Segment& segment = *batch.segment;
    ArrivalWalk walk;
    if (segment.era().keys->endless())
        walk = segment.walkFrom(batch.sinceMs, batch.madeBefore);
    segment.fill(batch.from, batch.stride, batch.count, walk, m_scratch, out);
    m_window.take();
    ++counts.calls;
    counts.firstTries += batch.count;
    counts.waiting -= batch.count;
}

void SdkClient::sendAgain(std::int64_t ms, OfferBatch& out)
{
    const Again again = popAgain();
    const auto tries = static_cast<std::uint16_t>(std::min(again.tries + 1, 0xffff));
    m_sent.push_back(
        {nullptr, static_cast<std::uint32_t>(out.size()), ms, again.firstMs, again.rows, tries});
    for (const Row& row : m_rows[again.rows]) {
        out.number.push_back(row.number);
        out.hashHigh.push_back(row.hashHigh);
        out.hashLow.push_back(row.hashLow);
        out.bytes.push_back(row.bytes);
        out.keyBytes.push_back(row.keyBytes);
        out.attempt.push_back(tries);
        out.userRecords.push_back(1);
    }
    const auto count = static_cast<std::int64_t>(m_rows[again.rows].size());
    m_window.take();
    ++counts.calls;
    // A record handed over by another client may not have been sent before.
    (tries == 1 ? counts.firstTries : counts.retries) += count;
    counts.waiting -= count;
}

void SdkClient::settle(std::int64_t /*sliceMs*/, const OfferBatch& sent)
{
    SHARDSCOPE_CHECK(sent.outcome.size() == sent.size());
    for (std::size_t i = 0; i < m_sent.size(); ++i) {
        const std::uint32_t end
            = i + 1 < m_sent.size() ? m_sent[i + 1].row : static_cast<std::uint32_t>(sent.size());
        settleCall(m_sent[i], end, sent);
    }
    m_sent.clear();
}

void SdkClient::settleCall(const Sent& call, std::uint32_t end, const OfferBatch& sent)
{
    std::int64_t refused = 0, bytes = 0;
    for (std::uint32_t i = call.row; i < end; ++i) {
        const bool taken = sent.outcome[i] == Outcome::Accepted;
        refused += taken ? 0 : 1;
        bytes += taken ? sent.bytes[i] : 0;
    }
    const std::int64_t size = end - call.row;
    counts.accepted += size - refused;
    counts.refused += refused;
    counts.acceptedBytes += bytes;
    if (m_profile.agent) {
        if (refused == 0)
            m_failures /= 10;
        else
            m_failures += static_cast<double>(refused) / static_cast<double>(size);
    }
    if (refused == 0) {
        if (call.segment == nullptr)
            m_freeRows.push_back(call.rows);
        return;
    }

    Again again;
    again.firstMs = call.firstMs;
    again.tries = call.tries;
    const double chance = m_retryRng.unit(sent.number[call.row] * 64 + call.tries % 64U);
    again.dueMs
        = call.ms + m_callMs + m_profile.delayMs(call.tries, std::max(0.0, m_failures - 1), chance);
    const bool expired
        = m_profile.expires && again.dueMs > call.firstMs + m_spec.timeToLive.inMillis();
    if (call.tries >= m_profile.attempts || expired) {
        counts.dropped += refused;
        if (call.segment == nullptr)
            m_freeRows.push_back(call.rows);
        return;
    }
    if (call.segment == nullptr) {
        // The rows are still here; the refused ones stay, in their order.
        std::vector<Row>& rows = m_rows[call.rows];
        std::size_t kept = 0;
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (sent.outcome[call.row + i] != Outcome::Accepted)
                rows[kept++] = rows[i];
        rows.resize(kept);
        again.rows = call.rows;
    } else {
        again.rows = freeRows();
        std::vector<Row>& rows = m_rows[again.rows];
        rows.clear();
        for (std::uint32_t i = call.row; i < end; ++i)
            if (sent.outcome[i] != Outcome::Accepted)
                rows.push_back({call.segment, sent.number[i], sent.hashHigh[i], sent.hashLow[i],
                                sent.bytes[i], sent.keyBytes[i]});
    }
    counts.waiting += refused;
    push(again);
}

std::uint32_t SdkClient::freeRows()
{
    if (m_freeRows.empty()) {
        m_rows.emplace_back();
        return static_cast<std::uint32_t>(m_rows.size() - 1);
    }
    const std::uint32_t index = m_freeRows.back();
    m_freeRows.pop_back();
    return index;
}

namespace {

constexpr auto kLater = [](const auto& a, const auto& b) {
    return a.dueMs != b.dueMs ? a.dueMs > b.dueMs : a.order > b.order;
};

} // namespace

void SdkClient::push(const Again& again)
{
    m_again.push_back(again);
    m_again.back().order = m_order++;
    std::push_heap(m_again.begin(), m_again.end(), kLater);
}

SdkClient::Again SdkClient::popAgain()
{
    std::pop_heap(m_again.begin(), m_again.end(), kLater);
    const Again again = m_again.back();
    m_again.pop_back();
    return again;
}

HandOver SdkClient::release()
{
    HandOver held;
    if (m_open.count > 0)
        closeBatch();
    for (const Batch& b : m_ready)
        held.fresh.push_back({b.segment, b.from, b.stride, b.count, b.sinceMs, b.madeBefore});
    m_ready = {};
    while (!m_again.empty()) {
        const Again again = popAgain();
        for (const Row& row : m_rows[again.rows])
            held.tried.push_back({row.segment, row.number, row.hashHigh, row.hashLow, again.firstMs,
                                  row.bytes, row.keyBytes, again.tries});
    }
    m_rows.clear();
    m_freeRows.clear();
    counts.waiting = 0;
    return held;
}

void SdkClient::adopt(const HandOver& held, std::int64_t ms)
{
    for (const Fresh& fresh : held.fresh) {
        take(fresh);
        counts.userRecords -= static_cast<std::int64_t>(fresh.count);
    }
    if (m_open.count > 0)
        closeBatch();
    for (std::size_t i = 0; i < held.tried.size();) {
        // One call holds records of one number of tries and keeps to the limits.
        Again again;
        again.dueMs = ms;
        again.firstMs = held.tried[i].createdMs;
        again.tries = held.tried[i].tries;
        again.rows = freeRows();
        std::vector<Row>& rows = m_rows[again.rows];
        rows.clear();
        std::uint64_t bytes = 0;
        for (; i < held.tried.size(); ++i) {
            const HeldRecord& r = held.tried[i];
            bytes += r.bytes;
            if (!rows.empty()
                && (r.tries != again.tries
                    || rows.size() == static_cast<std::size_t>(m_batchRecords)
                    || bytes > static_cast<std::uint64_t>(m_spec.batchBytes)))
                break;
            rows.push_back({r.segment, r.number, r.hashHigh, r.hashLow, r.bytes, r.keyBytes});
        }
        counts.waiting += static_cast<std::int64_t>(rows.size());
        push(again);
    }
}

std::uint64_t SdkClient::digest() const
{
    std::uint64_t h = Client::digest();
    h = mix64(h ^ m_open.from);
    h = mix64(h ^ m_open.count);
    h = mix64(h ^ m_ready.size());
    for (const Again& again : m_again)
        h = mix64(h ^ static_cast<std::uint64_t>(again.dueMs) ^ (again.order << 40));
    return h;
}

} // namespace shardscope
