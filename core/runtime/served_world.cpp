#include "core/runtime/served_world.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/base/budgets.h"
#include "core/engine/limits.h"
#include "core/engine/shard_iterator.h"

namespace shardscope {
namespace {

constexpr SimDuration kBucket = stepOf(Resolution::Ms100);
/// History is closed bucket by bucket over a pause as long as this; a longer one (a suspended
/// machine) leaves a gap.
constexpr SimDuration kGap = SimDuration::seconds(2);
/// Rates of the last minute are told for a minute after the last record.
constexpr SimDuration kAfterTraffic = SimDuration::seconds(70);
/// Whose shares of kHistoryDefault are as large as if there were this many histories.
constexpr std::size_t kHistoriesLeast = 4;

SimTime bucketBegin(SimTime now)
{
    return now - SimDuration::micros(now.inMicros() % kBucket.inMicros());
}

SimTime nextSecond(SimTime now)
{
    return SimTime::fromSeconds(now.inSeconds() + 1);
}

bool movesRecords(const ApiRequest& request)
{
    return std::holds_alternative<PutRecord>(request) || std::holds_alternative<PutRecords>(request)
        || std::holds_alternative<GetRecords>(request);
}

} // namespace

ServedWorld::ServedWorld(const ServiceOptions& options, SimTime now)
    : m_options(options)
    , m_service(options)
    , m_startedAt(now)
    , m_now(now)
    , m_advanceAt(now)
    , m_closedUpTo(bucketBegin(now))
    , m_trafficAt(now - kAfterTraffic)
{
}

void ServedWorld::moveTo(SimTime now)
{
    m_now = std::max(m_now, now);
    if (m_now - m_closedUpTo >= kGap)
        m_closedUpTo = bucketBegin(m_now) - kBucket;
    while (m_closedUpTo + kBucket <= m_now) {
        m_closedUpTo += kBucket;
        closeBucket(m_closedUpTo);
    }
    if (m_now < m_advanceAt)
        return;
    m_service.advance(m_now);
    m_advanceAt = nextAdvance();
}

/// Retention and minutes are looked after with the seconds, while there are streams.
SimTime ServedWorld::nextAdvance()
{
    const SimTime second = m_service.streams().empty() ? SimTime::max() : nextSecond(m_now);
    return std::min(second, m_service.nextDue().value_or(SimTime::max()));
}

Result<ApiAnswer> ServedWorld::answer(const ApiRequest& request)
{
    auto answer = m_service.handle(request, m_now);
    if (movesRecords(request)) {
        m_trafficAt = m_now;
        if (m_service.subscriptionsDue(m_now))
            m_advanceAt = m_now;
    } else {
        m_advanceAt = m_now; // it may have begun something
    }
    if (const auto* read = std::get_if<GetRecords>(&request); read != nullptr && answer)
        noteRead(*read, std::get<GetRecordsResult>(*answer));
    return answer;
}

/// The iterator names stream and shard also when nothing was read.
void ServedWorld::noteRead(const GetRecords& request, const GetRecordsResult& result)
{
    const auto iterator = ShardIterator::parse(request.shardIterator);
    if (!iterator)
        return;
    const auto served = m_streams.find(iterator->stream);
    if (served == m_streams.end())
        return;
    const auto& rows = result.records.rows;
    const std::int64_t age
        = rows.empty() ? result.millisBehindLatest : m_now.inMillis() - rows.back().arrivalMs;
    served->second.noteAge(iterator->shard, age, m_now);
}

Result<ApiAnswer> ServedWorld::subscribe(const SubscribeToShard& request,
                                         std::shared_ptr<SubscriptionSink> sink)
{
    auto opened = m_service.subscribe(request, std::move(sink), m_now);
    if (!opened)
        return tl::unexpected(std::move(opened.error()));
    m_advanceAt = m_now;
    return ApiAnswer {*opened};
}

SimTime ServedWorld::nextDue()
{
    const bool moving = m_now - m_trafficAt < kAfterTraffic || !m_watched.empty();
    const SimTime bucket = moving ? m_closedUpTo + kBucket : SimTime::max();
    if (m_advanceAt <= m_now)
        m_advanceAt = nextAdvance();
    return std::min(bucket, m_advanceAt);
}

void ServedWorld::watch(std::string streamName)
{
    m_watched = std::move(streamName);
}

void ServedWorld::setTimings(const ServiceTimings& timings)
{
    m_options.timings = timings;
    m_service.setTimings(timings);
}

void ServedWorld::setAccountLimits(const AccountLimits& limits)
{
    m_service.setAccountLimits(limits);
}

void ServedWorld::setThrottling(const ThrottlingSwitches& switches)
{
    m_options.throttling = switches;
    m_service.setThrottling(switches);
}

void ServedWorld::closeBucket(SimTime end)
{
    follow(m_service.streams());
    bool more = false;
    for (auto& [slot, served] : m_streams) {
        const bool watched = !m_watched.empty() && served.stream().name() == m_watched;
        if ((served.moved(end) || watched) && !served.hasHistory())
            more = true;
    }
    if (more)
        shareHistory(end);
    for (auto& [slot, served] : m_streams) {
        if (served.keepsHistory(end, served.stream().name() == m_watched))
            served.closeBucket(end);
    }
}

/// One ServedStream for each stream there is.
void ServedWorld::follow(const std::vector<Stream*>& streams)
{
    if (streams.size() == m_streams.size()
        && std::all_of(streams.begin(), streams.end(),
                       [this](const Stream* s) { return m_streams.count(s->slot()) > 0; }))
        return;
    std::map<StreamSlot, ServedStream> followed;
    for (Stream* stream : streams) {
        if (auto known = m_streams.extract(stream->slot()); !known.empty())
            followed.insert(std::move(known));
        else
            followed.try_emplace(stream->slot(), *stream, m_now);
    }
    m_streams = std::move(followed);
}

/// Begins the histories that are missing, drops those that have been idle longest when there are
/// too many, and gives each the same share of the memory.
void ServedWorld::shareHistory(SimTime now)
{
    std::vector<ServedStream*> wanted;
    for (auto& [slot, served] : m_streams) {
        if (served.hasHistory() || served.busyAt() == now || served.stream().name() == m_watched)
            wanted.push_back(&served);
    }
    std::stable_sort(wanted.begin(), wanted.end(),
                     [this](const ServedStream* a, const ServedStream* b) {
                         const bool first = a->stream().name() == m_watched;
                         const bool second = b->stream().name() == m_watched;
                         return first != second ? first : a->busyAt() > b->busyAt();
                     });
    const std::size_t kept
        = std::min(wanted.size(), static_cast<std::size_t>(budgets::kHistoriesKept));
    const auto shares = static_cast<Bytes>(std::bit_ceil(std::max(kHistoriesLeast, kept)));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (i < kept)
            wanted[i]->allot(budgets::kHistoryDefault / shares, now);
        else
            wanted[i]->dropHistory();
    }
}

ServedStreamRow ServedWorld::rowOf(const ServedStream& served) const
{
    const StreamSample second = served.lastSecond(m_now);
    ServedStreamRow row;
    row.summary = served.stream().summary();
    row.offeredBytes = static_cast<double>(second.sum.offeredBytes());
    row.offeredRecords = static_cast<double>(second.sum.offeredRecords());
    row.acceptedBytes = static_cast<double>(second.sum.inBytes);
    row.acceptedRecords = second.sum.inRecords;
    row.refusedRecords = row.offeredRecords - row.acceptedRecords;
    row.outBytes = static_cast<double>(second.sum.outBytes);
    row.outRecords = second.sum.outRecords;
    row.refusedReadCalls = second.sum.refusedReads;
    row.hottestPercentOfLimit = served.hottestPercentOfLimit(m_now);
    row.capacityBytes = static_cast<double>(served.stream().map().size())
        * static_cast<double>(limits::kShardWriteBytes);
    for (const ShardLog& log : served.stream().columns().logs)
        row.stored += {static_cast<std::int64_t>(log.end() - log.begin()),
                       static_cast<Bytes>(log.bytesStored())};
    row.ageMs = served.ageMs(m_now);
    return row;
}

std::shared_ptr<ServedSnapshot> ServedWorld::snapshot()
{
    follow(m_service.streams());
    auto out = std::make_shared<ServedSnapshot>();
    out->revision = ++m_revision;
    out->startedAt = m_startedAt;
    out->now = m_now;
    out->accountId = m_options.accountId;
    out->region = m_options.region;
    out->timings = m_options.timings;
    out->limits = m_service.accountLimits();
    out->throttling = m_options.throttling;
    out->memoryBudget = m_options.memoryBudget;
    out->streams.reserve(m_streams.size());
    for (const auto& [slot, served] : m_streams)
        out->streams.push_back(rowOf(served));
    std::sort(out->streams.begin(), out->streams.end(),
              [](const ServedStreamRow& a, const ServedStreamRow& b) {
                  return a.summary.streamName < b.summary.streamName;
              });
    for (const ServedStreamRow& row : out->streams)
        out->memoryRecords += row.stored.bytes;
    return out;
}

} // namespace shardscope
