#include "core/runtime/served_world.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <type_traits>
#include <utility>

#include "core/base/budgets.h"
#include "core/engine/kms_service.h"
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

/// How often the memory is looked after while as much is put as it holds.
constexpr Bytes kTrimsPerBudget = 32;

SimTime bucketBegin(SimTime now)
{
    return now - SimDuration::micros(now.inMicros() % kBucket.inMicros());
}

SimTime nextSecond(SimTime now)
{
    return SimTime::fromSeconds(now.inSeconds() + 1);
}

template <typename T> Result<ApiAnswer> wrapped(Result<T> result)
{
    if (!result)
        return tl::unexpected(std::move(result.error()));
    if constexpr (std::is_void_v<T>)
        return ApiAnswer {};
    else
        return ApiAnswer {std::move(*result)};
}

RegionPrices pricesOf(const PriceBook& book, const std::string& region)
{
    const auto found = book.regions.find(region);
    return found != book.regions.end() ? found->second : RegionPrices {};
}

} // namespace

ServedWorld::ServedWorld(Options options, SimTime now)
    : m_options(std::move(options.service))
    , m_priceDate(options.prices.date)
    , m_prices(pricesOf(options.prices, m_options.region))
    , m_keys(options.keys)
    , m_store(options.store)
    , m_service(m_options)
    , m_startedAt(now)
    , m_now(now)
    , m_advanceAt(now)
    , m_closedUpTo(bucketBegin(now))
    , m_trafficAt(now - kAfterTraffic)
    , m_readers(m_prices)
{
    m_service.setKeyRing(&m_keys);
    if (options.channels)
        m_delivery.emplace(std::move(*options.channels));
}

Result<void> ServedWorld::restore()
{
    if (auto done = m_store->restore(m_service, m_now); !done)
        return done;
    m_now = std::max(m_now, m_service.newestTime());
    m_startedAt = m_now;
    m_closedUpTo = bucketBegin(m_now);
    m_advanceAt = m_now;
    return {};
}

void ServedWorld::moveTo(SimTime now)
{
    const SimTime before = std::exchange(m_now, std::max(m_now, now));
    if (m_now - m_closedUpTo >= kGap)
        m_closedUpTo = bucketBegin(m_now) - kBucket;
    m_readers.moveTo(m_now, m_service);
    while (m_closedUpTo + kBucket <= m_now) {
        m_closedUpTo += kBucket;
        closeBucket(m_closedUpTo);
    }
    if (before.inSeconds() / 60 != m_now.inSeconds() / 60)
        m_calls.flush(m_metrics, before);
    settle();
}

/// A client at full rate fills the budget within a second. Memory that goes back in small parts is
/// used again for what comes next; fresh memory costs more than all else that a put does.
void ServedWorld::trimIfMuchWasPut()
{
    if (m_putSinceTrim < m_options.memoryBudget / kTrimsPerBudget)
        return;
    m_putSinceTrim = 0;
    m_service.applyBudget(m_now);
    if (m_store != nullptr)
        m_store->shrink(m_service);
}

void ServedWorld::settle()
{
    trimIfMuchWasPut();
    if (m_now < m_advanceAt && !(m_delivery && m_delivery->hasNews()))
        return;
    m_service.advance(m_now);
    if (m_delivery)
        m_delivery->advance(m_service, m_metrics, m_now);
    m_advanceAt = nextAdvance();
    if (m_store != nullptr) {
        m_store->follow(m_service);
        m_store->shrink(m_service);
    }
}

Result<void> ServedWorld::applyToReaders(const std::string& stream, const Act& act)
{
    return m_readers.apply(stream, act, m_service, m_now);
}

void ServedWorld::finishDelivery()
{
    m_readers.finish(m_service, m_now);
    if (!m_delivery)
        return;
    m_delivery->finish(m_service, m_metrics, m_now);
    if (m_store != nullptr)
        m_store->follow(m_service);
}

/// Retention and minutes are looked after with the seconds, while there are streams.
SimTime ServedWorld::nextAdvance()
{
    if (m_delivery && m_delivery->reading())
        return m_now;
    const SimTime second = m_service.hasStreams() ? nextSecond(m_now) : SimTime::max();
    return std::min(second, m_service.nextDue().value_or(SimTime::max()));
}

Result<ApiAnswer> ServedWorld::answer(const ApiRequest& request, double took)
{
    return std::visit(
        [&](const auto& r) {
            using Request = std::decay_t<decltype(r)>;
            if constexpr (std::is_same_v<Request, PutRecords>)
                return put(request, r.records, r.streamName, took);
            else if constexpr (std::is_same_v<Request, PutRecord>)
                return put(request, r.record, r.streamName, took);
            else if constexpr (std::is_same_v<Request, GetRecords>)
                return get(request, r, took);
            else if constexpr (requires { kms::answer(m_keys, r, m_now); })
                return keys(r);
            else if constexpr (requires { m_metrics.answer(r, m_now); })
                return metrics(r);
            else
                return other(request);
        },
        request);
}

Result<ApiAnswer> ServedWorld::put(const ApiRequest& request, const RecordBatch& batch,
                                   const std::string& streamName, double took)
{
    m_trafficAt = m_now;
    m_putSinceTrim += static_cast<Bytes>(batch.bytes.size());
    Stream* stream = m_service.find(streamName);
    if (stream != nullptr && m_store != nullptr) {
        if (auto may = m_store->mayPut(*stream); !may)
            return tl::unexpected(std::move(may.error()));
    }
    auto answer = m_service.handle(request, m_now);
    if (m_service.subscriptionsDue(m_now)) // their records go out at once
        m_advanceAt = m_now;
    if (stream == nullptr)
        return answer;
    if (const auto* single = std::get_if<PutRecord>(&request)) {
        m_calls.note(*stream, *single, answer, took);
        if (answer)
            served(*stream).notePut(batch, {std::get<PutResult>(*answer).number}, m_now);
    } else {
        m_calls.note(*stream, std::get<PutRecords>(request), answer, took);
        if (answer)
            served(*stream).notePut(batch, std::get<PutRecordsResult>(*answer).records, m_now);
    }
    return answer;
}

/// The iterator names stream and shard also when nothing was read.
Result<ApiAnswer> ServedWorld::get(const ApiRequest& request, const GetRecords& read, double took)
{
    m_trafficAt = m_now;
    auto answer = m_service.handle(request, m_now);
    const auto iterator = ShardIterator::parse(read.shardIterator);
    const auto of = iterator ? m_streams.find(iterator->stream) : m_streams.end();
    if (of == m_streams.end() || iterator->shard.index() >= of->second.stream().shards().size())
        return answer;
    m_calls.note(of->second.stream(), iterator->shard, answer, took, m_now);
    if (answer) {
        const auto& result = std::get<GetRecordsResult>(*answer);
        const auto& rows = result.records.rows;
        const std::uint64_t from
            = std::max(iterator->position, of->second.stream().trimHorizon(iterator->shard));
        of->second.readers().note(ServedReaders::kPollingName, iterator->shard,
                                  {.next = from + rows.size(),
                                   .records = static_cast<std::int64_t>(rows.size()),
                                   .bytes = static_cast<Bytes>(result.records.bytes.size()),
                                   .ageMs = rows.empty()
                                       ? result.millisBehindLatest
                                       : m_now.inMillis() - rows.back().arrivalMs},
                                  m_now);
    } else if (answer.error().code == ErrorCode::ProvisionedThroughputExceeded) {
        of->second.readers().noteRefusal(ServedReaders::kPollingName, iterator->shard, m_now);
    }
    return answer;
}

template <typename Request> Result<ApiAnswer> ServedWorld::keys(const Request& request)
{
    auto answer = kms::answer(m_keys, request, m_now);
    if (std::is_same_v<Request, kms::RotateKeyOnDemand> && answer)
        m_service.rewrapDataKeys();
    if (m_store != nullptr)
        m_store->follow(m_service);
    return answer;
}

template <typename Request> Result<ApiAnswer> ServedWorld::metrics(const Request& request)
{
    m_calls.flush(m_metrics, m_now);
    return wrapped(m_metrics.answer(request, m_now));
}

Result<void> ServedWorld::allow(const ApiRequest& request) const
{
    if (const auto* create = std::get_if<CreateChannel>(&request))
        return m_delivery ? m_delivery->allow(*create, m_service) : Result<void>(noChannelFolder());
    if (const auto* encrypt = std::get_if<StartStreamEncryption>(&request); encrypt && m_delivery)
        return m_delivery->allow(*encrypt, m_service);
    return {};
}

Result<ApiAnswer> ServedWorld::other(const ApiRequest& request)
{
    if (auto allowed = allow(request); !allowed)
        return tl::unexpected(std::move(allowed.error()));
    auto answer = m_service.handle(request, m_now);
    m_advanceAt = std::min(m_advanceAt, nextAdvance()); // it may have begun something
    if (m_store != nullptr)
        m_store->follow(m_service);
    return answer;
}

bool ServedWorld::mustWait(const ApiRequest& request) const
{
    const std::string* name = nullptr;
    if (const auto* put = std::get_if<PutRecords>(&request))
        name = &put->streamName;
    else if (const auto* single = std::get_if<PutRecord>(&request))
        name = &single->streamName;
    if (name == nullptr || m_store == nullptr)
        return false;
    const Stream* stream = m_service.find(*name);
    return stream != nullptr && m_store->isSaving(stream->slot());
}

/// What was read waits until the disk has it, and so does a position in a stream of which something
/// is on its way there: nobody has seen then what a crash could take back.
bool ServedWorld::restsOnDisk(const ApiRequest& request, const ApiAnswer& answer) const
{
    if (m_store == nullptr)
        return false;
    if (const auto* get = std::get_if<GetRecords>(&request)) {
        const auto iterator = ShardIterator::parse(get->shardIterator);
        const auto of = iterator ? m_streams.find(iterator->stream) : m_streams.end();
        const auto* read = std::get_if<GetRecordsResult>(&answer);
        return of != m_streams.end() && read != nullptr
            && !ServedStore::durable(of->second.stream(), read->records.logEnd);
    }
    if (const auto* start = std::get_if<GetShardIterator>(&request)) {
        const Stream* stream = m_service.find(start->streamName);
        return stream != nullptr && start->type != IteratorType::TrimHorizon
            && !ServedStore::durable(*stream);
    }
    return !std::holds_alternative<cloudwatch::PutMetricData>(request);
}

SimTime ServedWorld::nextDue()
{
    const bool moving = m_now - m_trafficAt < kAfterTraffic || !m_watched.empty();
    return std::min(
        {moving ? m_closedUpTo + kBucket : SimTime::max(), m_advanceAt, m_readers.nextDue()});
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

ServedStream& ServedWorld::served(Stream& stream)
{
    return m_streams.try_emplace(stream.slot(), stream, m_prices, m_now).first->second;
}

bool ServedWorld::watched(const ServedStream& served) const
{
    return !m_watched.empty() && served.stream().name() == m_watched;
}

void ServedWorld::closeBucket(SimTime end)
{
    follow(m_service.streams());
    bool more = false;
    for (auto& [slot, served] : m_streams) {
        served.book().addEvents(served.stream().takeEvents());
        const bool moved = served.moved(end);
        more = more || ((moved || watched(served)) && !served.hasHistory());
    }
    if (more)
        shareHistory(end);
    for (auto& [slot, served] : m_streams) {
        if (served.keepsHistory(end, watched(served)))
            served.closeBucket(end, m_readers);
    }
}

/// One ServedStream for each stream there is.
void ServedWorld::follow(const std::vector<Stream*>& streams)
{
    for (Stream* stream : streams)
        std::ignore = served(*stream);
    if (m_streams.size() == streams.size())
        return;
    std::map<StreamSlot, ServedStream> followed;
    for (const Stream* stream : streams)
        followed.insert(m_streams.extract(stream->slot()));
    m_streams = std::move(followed);
    std::erase_if(m_subscriptions, [](const auto& open) { return open.second == 0; });
}

/// Begins the histories that are missing, drops those that have been idle longest when there are
/// too many, and gives each the same share of the memory.
void ServedWorld::shareHistory(SimTime now)
{
    std::vector<ServedStream*> wanted;
    for (auto& [slot, served] : m_streams) {
        if (served.hasHistory() || served.busyAt() == now || watched(served))
            wanted.push_back(&served);
    }
    std::stable_sort(
        wanted.begin(), wanted.end(), [this](const ServedStream* a, const ServedStream* b) {
            return watched(*a) != watched(*b) ? watched(*a) : a->busyAt() > b->busyAt();
        });
    const std::size_t kept
        = std::min(wanted.size(), static_cast<std::size_t>(budgets::kHistoriesKept));
    const auto shares = static_cast<Bytes>(std::bit_ceil(std::max(kHistoriesLeast, kept)));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (i < kept)
            wanted[i]->allot(budgets::kHistoryDefault / shares);
        else
            wanted[i]->dropHistory(now);
    }
}

} // namespace shardscope
