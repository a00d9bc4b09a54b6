#include "core/workload/client_kpl.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/engine/limits.h"

namespace shardscope {
namespace {

// The library's own figures: facts/clients.md 2.1, 2.3.
constexpr std::int64_t kDrainMs = 25;
constexpr double kBucketRecords = 1000;
constexpr double kBucketBytes = 10.0 * 1024 * 1024;
constexpr std::uint32_t kCollectedForOneShard = 256 * 1024;
constexpr std::int64_t kCollectMostMs = 50;

constexpr auto kLaterTime
    = [](const auto& a, const auto& b) { return a.ms != b.ms ? a.ms > b.ms : a.order > b.order; };

/// Later deadline, or made later: what comes out of a limiter last.
template <typename Packs> auto laterIn(const Packs& packs)
{
    return [&packs](std::uint32_t a, std::uint32_t b) {
        return packs[a].deadlineMs != packs[b].deadlineMs
            ? packs[a].deadlineMs > packs[b].deadlineMs
            : packs[a].order > packs[b].order;
    };
}

} // namespace

KplClient::KplClient(const ClientSpec& spec, const CounterRng& retryRng)
    : m_spec(spec)
    , m_profile(spec)
    , m_retryRng(retryRng)
    , m_callMs(std::max<std::int64_t>(1, (spec.callTime.inMicros() + 999) / 1000))
    , m_bufferMs((spec.linger.inMicros() + 999) / 1000)
    , m_collectMs(std::min(kCollectMostMs, m_bufferMs / 5))
    , m_window(spec)
{
}

std::unique_ptr<Client> KplClient::clone() const
{
    return std::make_unique<KplClient>(*this);
}

void KplClient::beginSlice(const ShardMap& map)
{
    m_map = &map;
    for (const ShardMap::Entry& entry : map.open())
        growTo(entry.slot.value);
}

void KplClient::growTo(std::uint32_t shard)
{
    if (shard < m_reducers.size())
        return;
    m_reducers.resize(shard + 1);
    m_limiters.resize(shard + 1);
    m_collectedBytes.resize(shard + 1);
}

void KplClient::tick(const Fresh& fresh, OfferBatch& out)
{
    const std::int64_t ms = fresh.ms;
    m_window.advance(ms);
    comeBack(ms);
    if (fresh.count > 0) {
        counts.userRecords += static_cast<std::int64_t>(fresh.count);
        counts.waiting += static_cast<std::int64_t>(fresh.count);
        m_outsideCount += static_cast<std::int64_t>(fresh.count);
        m_outside.push(fresh);
    }
    admit(ms);
    while (!m_reducerTimers.empty() && m_reducerTimers.front().ms <= ms) {
        std::pop_heap(m_reducerTimers.begin(), m_reducerTimers.end(), kLaterTime);
        const Timer timer = m_reducerTimers.back();
        m_reducerTimers.pop_back();
        if (m_reducers[timer.id].round == timer.round && !m_reducers[timer.id].users.empty())
            flush(timer.id);
    }
    if (ms % kDrainMs == 0)
        drain(ms);
    if (!m_collected.empty() && ms >= m_collectDeadlineMs)
        closeCall();
    while (!m_ready.empty() && m_window.free())
        send(out, ms);
}

/// Stages 1 and 2: hashes and predicted shards of what the library takes now.
void KplClient::admit(std::int64_t ms)
{
    while (!m_outside.empty()
           && counts.waiting - m_outsideCount < budgets::kOutstandingUserRecords) {
        const Fresh fresh = m_outside.front();
        m_outside.pop();
        m_outsideCount -= static_cast<std::int64_t>(fresh.count);
        m_rows.clear();
        fresh.segment->fill(fresh.from, fresh.stride, static_cast<std::uint32_t>(fresh.count),
                            fresh.segment->walkFrom(fresh.ms, fresh.madeBefore), m_scratch, m_rows);
        m_slots.resize(m_rows.size());
        m_map->route(m_rows.hashHigh, m_rows.hashLow, m_slots.data());
        for (std::size_t i = 0; i < m_rows.size(); ++i)
            enter({fresh.segment, m_rows.number[i], m_rows.hashHigh[i], m_rows.hashLow[i], ms,
                   m_rows.bytes[i], m_rows.keyBytes[i], 0},
                  m_slots[i], ms + m_bufferMs);
    }
}

/// Stage 3: into the reducer of the predicted shard.
void KplClient::enter(const HeldRecord& record, std::uint32_t shard, std::int64_t deadlineMs)
{
    Reducer& reducer = m_reducers[shard];
    const std::uint32_t dataBytes = record.bytes - record.keyBytes;
    const std::uint64_t hash = record.hashHigh ^ mix64(record.hashLow);
    const auto most = static_cast<std::uint64_t>(m_spec.aggregationBytes);
    if (!reducer.users.empty() && reducer.size.sizeWith(hash, record.keyBytes, dataBytes) > most)
        flush(shard);
    if (reducer.users.empty() || deadlineMs < reducer.deadlineMs) {
        reducer.deadlineMs = deadlineMs;
        m_reducerTimers.push_back({deadlineMs, m_order++, shard, reducer.round});
        std::push_heap(m_reducerTimers.begin(), m_reducerTimers.end(), kLaterTime);
    }
    reducer.users.push_back(record);
    reducer.size.add(hash, record.keyBytes, dataBytes);
    if (!m_spec.aggregation || reducer.size.size() >= most)
        flush(shard);
}

void KplClient::flush(std::uint32_t shard)
{
    Reducer& reducer = m_reducers[shard];
    const std::uint32_t index = newPack();
    Pack& pack = m_packs[index];
    pack.users.swap(reducer.users);
    pack.shard = shard;
    pack.deadlineMs = reducer.deadlineMs;
    pack.order = m_order++;
    // One user record alone is sent as it is.
    pack.bytes = pack.users.size() == 1
        ? pack.users[0].bytes
        : static_cast<std::uint32_t>(reducer.size.size() + kAggregateKey.size());
    reducer.size.clear();
    ++reducer.round;
    limit(index);
}

/// Stage 4: the limiter of the predicted shard.
void KplClient::limit(std::uint32_t index)
{
    const std::uint32_t shard = m_packs[index].shard;
    Limiter& limiter = m_limiters[shard];
    limiter.queue.push_back(index);
    std::push_heap(limiter.queue.begin(), limiter.queue.end(), laterIn(m_packs));
    if (!limiter.listed) {
        limiter.listed = true;
        m_limited.push_back(shard);
    }
}

void KplClient::drain(std::int64_t ms)
{
    std::sort(m_limited.begin(), m_limited.end());
    for (const std::uint32_t shard : m_limited)
        drainShard(shard, ms);
    std::erase_if(m_limited, [this](std::uint32_t shard) {
        m_limiters[shard].listed = !m_limiters[shard].queue.empty();
        return !m_limiters[shard].listed;
    });
}

void KplClient::drainShard(std::uint32_t shard, std::int64_t ms)
{
    Limiter& limiter = m_limiters[shard];
    if (limiter.filledMs < 0) {
        limiter.records = kBucketRecords;
        limiter.bytes = kBucketBytes;
    } else {
        const double seconds = static_cast<double>(ms - limiter.filledMs) / 1000;
        const double share = m_spec.rateLimitPercent / 100 * seconds;
        limiter.records
            = std::min(kBucketRecords,
                       limiter.records + share * static_cast<double>(limits::kShardWriteRecords));
        limiter.bytes = std::min(
            kBucketBytes, limiter.bytes + share * static_cast<double>(limits::kShardWriteBytes));
    }
    limiter.filledMs = ms;
    while (!limiter.queue.empty()) {
        const std::uint32_t index = limiter.queue.front();
        Pack& pack = m_packs[index];
        const bool late = std::any_of(pack.users.begin(), pack.users.end(),
                                      [&](const HeldRecord& u) { return expired(u, ms); });
        const double bytes = std::min(static_cast<double>(pack.bytes), kBucketBytes);
        if (!late && (limiter.records < 1 || limiter.bytes < bytes))
            return;
        std::pop_heap(limiter.queue.begin(), limiter.queue.end(), laterIn(m_packs));
        limiter.queue.pop_back();
        if (!late) {
            limiter.records -= 1;
            limiter.bytes -= bytes;
            collect(index);
            continue;
        }
        for (const HeldRecord& user : pack.users) {
            if (expired(user, ms))
                drop();
            else
                returnUser(user, ms);
        }
        freePack(index);
    }
}

/// Stage 5: the open call.
void KplClient::collect(std::uint32_t index)
{
    const Pack& pack = m_packs[index];
    if (!m_collected.empty() && m_collectedTotal + pack.bytes > m_spec.batchBytes)
        closeCall();
    const std::int64_t deadline = pack.deadlineMs + m_collectMs;
    m_collectDeadlineMs = m_collected.empty() ? deadline : std::min(m_collectDeadlineMs, deadline);
    m_collected.push_back(index);
    m_collectedTotal += pack.bytes;
    m_collectedBytes[pack.shard] += pack.bytes;
    if (static_cast<std::int64_t>(m_collected.size()) == m_spec.batchRecords
        || m_collectedBytes[pack.shard] >= kCollectedForOneShard)
        closeCall();
}

void KplClient::closeCall()
{
    for (const std::uint32_t index : m_collected)
        m_collectedBytes[m_packs[index].shard] = 0;
    m_ready.push_back(std::move(m_collected));
    m_collected.clear();
    m_collectedTotal = 0;
}

void KplClient::send(OfferBatch& out, std::int64_t ms)
{
    m_sent.push_back({ms, std::move(m_ready.front())});
    m_ready.pop_front();
    m_window.take();
    ++counts.calls;
    for (const std::uint32_t index : m_sent.back().packs) {
        const Pack& pack = m_packs[index];
        const HeldRecord& first = pack.users.front();
        const bool single = pack.users.size() == 1;
        out.number.push_back(first.number);
        out.hashHigh.push_back(first.hashHigh);
        out.hashLow.push_back(first.hashLow);
        out.bytes.push_back(pack.bytes);
        out.keyBytes.push_back(single ? first.keyBytes
                                      : static_cast<std::uint16_t>(kAggregateKey.size()));
        out.attempt.push_back(static_cast<std::uint16_t>(std::min(first.tries + 1, 0xffff)));
        out.userRecords.push_back(static_cast<std::uint32_t>(pack.users.size()));
        for (const HeldRecord& user : pack.users)
            ++(user.tries == 0 ? counts.firstTries : counts.retries);
        counts.waiting -= static_cast<std::int64_t>(pack.users.size());
    }
}

void KplClient::settle(std::int64_t /*sliceMs*/, const OfferBatch& sent)
{
    SHARDSCOPE_CHECK(sent.outcome.size() == sent.size());
    std::size_t row = 0;
    std::vector<std::uint64_t> numbers;
    for (const Sent& call : m_sent) {
        for (const std::uint32_t index : call.packs) {
            const Pack& pack = m_packs[index];
            const auto users = static_cast<std::int64_t>(pack.users.size());
            if (sent.outcome[row++] == Outcome::Accepted) {
                counts.accepted += users;
                counts.acceptedBytes += pack.bytes;
                if (users > 1) {
                    numbers.clear();
                    for (const HeldRecord& user : pack.users)
                        numbers.push_back(user.number);
                    aggregates.add(numbers);
                }
            } else {
                counts.refused += users;
                counts.waiting += users;
                for (HeldRecord user : pack.users) {
                    user.tries = static_cast<std::uint16_t>(std::min(user.tries + 1, 0xffff));
                    const double chance = m_retryRng.unit(user.number * 64 + user.tries % 64U);
                    const std::int64_t dueMs
                        = call.ms + m_callMs + m_profile.delayMs(user.tries, 0, chance);
                    if (user.tries >= m_profile.attempts)
                        drop();
                    else
                        returnUser(user, dueMs);
                }
            }
            freePack(index);
        }
    }
    m_sent.clear();
    m_map = nullptr;
}

void KplClient::returnUser(HeldRecord user, std::int64_t ms)
{
    m_returned.push_back({ms, m_order++, user});
    std::push_heap(m_returned.begin(), m_returned.end(), kLaterTime);
}

/// Refused user records go in again, each on its own, with half the time to wait.
void KplClient::comeBack(std::int64_t ms)
{
    while (!m_returned.empty() && m_returned.front().ms <= ms) {
        std::pop_heap(m_returned.begin(), m_returned.end(), kLaterTime);
        const HeldRecord record = m_returned.back().record;
        m_returned.pop_back();
        if (expired(record, ms)) {
            drop();
            continue;
        }
        const std::int64_t end = record.createdMs + m_spec.timeToLive.inMillis();
        const ShardSlot shard = m_map->route(HashKey::fromWords(record.hashHigh, record.hashLow));
        enter(record, shard.value, std::min(ms + m_bufferMs / 2, end));
    }
}

bool KplClient::expired(const HeldRecord& record, std::int64_t ms) const
{
    return ms > record.createdMs + m_spec.timeToLive.inMillis();
}

void KplClient::drop()
{
    ++counts.dropped;
    --counts.waiting;
}

std::uint32_t KplClient::newPack()
{
    if (m_freePacks.empty()) {
        m_packs.emplace_back();
        return static_cast<std::uint32_t>(m_packs.size() - 1);
    }
    const std::uint32_t index = m_freePacks.back();
    m_freePacks.pop_back();
    return index;
}

void KplClient::freePack(std::uint32_t index)
{
    m_packs[index].users.clear();
    m_freePacks.push_back(index);
}

HandOver KplClient::release()
{
    HandOver held;
    held.fresh.assign(m_outside.begin(), m_outside.end());
    const auto take = [&](const std::vector<HeldRecord>& users) {
        held.tried.insert(held.tried.end(), users.begin(), users.end());
    };
    // A pack that is not free holds users, wherever it waits.
    for (const Pack& pack : m_packs)
        take(pack.users);
    for (const Reducer& reducer : m_reducers)
        take(reducer.users);
    for (const Returned& returned : m_returned)
        held.tried.push_back(returned.record);
    std::sort(held.tried.begin(), held.tried.end(), [](const HeldRecord& a, const HeldRecord& b) {
        return a.tries != b.tries ? a.tries > b.tries : a.number < b.number;
    });
    const Producer::Counts kept = counts;
    AggregateLog remembered = std::move(aggregates);
    *this = KplClient(m_spec, m_retryRng);
    counts = kept;
    counts.waiting = 0;
    aggregates = std::move(remembered);
    return held;
}

/// Handed-over records enter at the next tick, when shards can be predicted.
void KplClient::adopt(const HandOver& held, std::int64_t ms)
{
    for (const Fresh& fresh : held.fresh) {
        m_outside.push(fresh);
        m_outsideCount += static_cast<std::int64_t>(fresh.count);
        counts.waiting += static_cast<std::int64_t>(fresh.count);
    }
    for (const HeldRecord& record : held.tried)
        returnUser(record, ms);
    counts.waiting += static_cast<std::int64_t>(held.tried.size());
}

std::uint64_t KplClient::digest() const
{
    std::uint64_t h = Client::digest();
    for (const Reducer& reducer : m_reducers)
        h = mix64(h ^ reducer.size.size() ^ (std::uint64_t {reducer.round} << 32));
    for (const Limiter& limiter : m_limiters)
        h = mix64(h ^ limiter.queue.size());
    return mix64(h ^ m_returned.size() ^ m_order);
}

} // namespace shardscope
