#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

#include "core/base/md5.h"
#include "core/runtime/world.h"

namespace shardscope {

namespace {

/// Arrivals shown on a card: the start of the second, and those around the refusal.
constexpr std::size_t kFirstShown = 4;
constexpr std::size_t kBeforeShown = 10;
constexpr std::size_t kAfterShown = 6;
/// A world of more shards than this is not replayed for the what-ifs: people wait for the card.
constexpr std::size_t kShardsForWhatIf = 256;

struct RuleWords {
    std::string_view id;
    std::string_view text;
};
RuleWords wordsOf(Rule rule)
{
    switch (rule) {
    case Rule::W1WriteBytes:
        return {"W1",
                "A shard takes in at most 1 MiB per second, data and partition keys together."};
    case Rule::W2WriteRecords:
        return {"W2", "A shard takes in at most 1,000 records per second."};
    case Rule::R1ReadBytes:
        return {"R1", "A shard gives at most 2 MiB per second to all polling readers together."};
    case Rule::R2ReadCalls:
        return {"R2",
                "A shard answers at most 5 GetRecords calls per second, of all readers together."};
    case Rule::R3ReadWait:
        return {"R3", "After an answer of 10 MiB a shard gives nothing for 5 seconds."};
    }
    return {"", ""};
}

std::string refusalsText(const Simulation::World::SecondSums& now,
                         const Simulation::World::SecondSums& then)
{
    std::array<char, 96> text {};
    std::snprintf(text.data(), text.size(), "%lld of %lld refused in this second instead of %lld",
                  static_cast<long long>(then.refused), static_cast<long long>(then.offered),
                  static_cast<long long>(now.refused));
    return text.data();
}

} // namespace

Simulation::World::Trace Simulation::World::traceSecond(const Refusal& refusal, SimTime second,
                                                        WorkerPool& pool)
{
    while (now < second)
        step(pool);
    Trace trace;
    while (now < second + SimDuration::seconds(1)) {
        const ShardHot before = stream().columns().hot[refusal.shard.index()];
        const SimTime slice = now;
        step(pool);
        traceSlice(trace, refusal, before, slice);
    }
    return trace;
}

void Simulation::World::traceSlice(Trace& trace, const Refusal& refusal, const ShardHot& before,
                                   SimTime slice) const
{
    ShardHot bucket = before; // charged along, as the real one was
    const WriteColumns& columns = stream().columns();
    const bool records = refusal.rule == Rule::W2WriteRecords;
    for (std::size_t tick = 0; tick < kTicksPerSlice; ++tick) {
        const std::int64_t ms = slice.inMillis() + static_cast<std::int64_t>(tick);
        for (const OfferBatch& batch : batches) {
            for (std::size_t row = batch.tickBegin[tick]; row < batch.tickBegin[tick + 1]; ++row) {
                if (batch.slot[row] != refusal.shard.value)
                    continue;
                const BucketLevels left = levels(bucket, columns.bytesBurst, ms, columns.epochMs);
                const bool accepted = batch.outcome[row] == Outcome::Accepted;
                if (accepted) {
                    charge(bucket, batch.bytes[row], ms, columns.epochMs);
                    trace.sum += records ? 1 : batch.bytes[row];
                }
                const bool thisOne = !trace.found && !accepted && batch.producer == refusal.producer
                    && batch.number[row] == refusal.number && ms == refusal.at.inMillis();
                if (thisOne) {
                    trace.found = trace.arrivals.size();
                    trace.hash = HashKey::fromWords(batch.hashHigh[row], batch.hashLow[row]);
                }
                trace.arrivals.push_back({
                    .ms = static_cast<int>(ms % 1'000),
                    .key = keyOf(batch.producer, batch.number[row]),
                    .bytes = batch.bytes[row],
                    .outcome = batch.outcome[row],
                    .bucketBefore = records ? static_cast<double>(left.recordThousandths) / 1e3
                                            : static_cast<double>(left.bytes),
                    .runningSum = trace.sum,
                    .thisOne = thisOne,
                });
            }
        }
    }
}

Simulation::World::SecondSums Simulation::World::sumsIn(HashKeyRange range, SimTime second,
                                                        WorkerPool& pool)
{
    while (now < second)
        step(pool);
    SecondSums total;
    while (now < second + SimDuration::seconds(1)) {
        step(pool);
        for (const OfferBatch& batch : batches) {
            for (std::size_t row = 0; row < batch.size(); ++row) {
                if (!range.contains(HashKey::fromWords(batch.hashHigh[row], batch.hashLow[row])))
                    continue;
                ++total.offered;
                total.refused += batch.outcome[row] != Outcome::Accepted;
            }
        }
    }
    return total;
}

Result<WhyCard> Simulation::explain(const Refusal& refusal, WorkerPool& pool)
{
    if (refusal.producer.value == RecordMeta::kRealPayload)
        return fail(ErrorCode::BadInput,
                    "This record came from a followed file; only simulated producers can be "
                    "replayed record by record.");
    const SimTime second = SimTime::fromSeconds(refusal.at.inSeconds());
    if (now() > second)
        return fail(ErrorCode::BadInput,
                    "The replay must begin at or before the refusal's second; it begins later.");
    const Simulation before = fork();
    const World::Trace trace = m_world->traceSecond(refusal, second, pool);
    if (!trace.found)
        return fail(ErrorCode::BadInput,
                    "This refusal lies in a past that was undone; choose one of the present run.");

    WhyCard card;
    card.refusal = refusal;
    card.rule = std::string(wordsOf(refusal.rule).id);
    card.ruleText = std::string(wordsOf(refusal.rule).text);
    card.key = m_world->keyOf(refusal.producer, refusal.number);
    card.producer = m_world->producers[refusal.producer.index()].producer.spec().name;
    card.hash = trace.hash;
    card.explicitHash = md5(card.key) != trace.hash;
    card.shard = refusal.shard;
    card.range = m_world->stream().shards()[refusal.shard.index()].range;
    card.second = second;
    card.wouldPassAt = refusal.wouldPassAt;
    m_world->sumUp(card, trace);
    card.cloudWatchPercent = m_world->minutePercent(refusal.shard, refusal.at);
    if (m_world->stream().map().size() <= kShardsForWhatIf)
        addWhatIfs(card, before, pool);
    return card;
}

void Simulation::World::sumUp(WhyCard& card, const Trace& trace) const
{
    const std::size_t at = *trace.found;
    std::int64_t ofKey = 0, refusedOfKey = 0;
    for (std::size_t i = 0; i < trace.arrivals.size(); ++i) {
        const WhyCard::Arrival& arrival = trace.arrivals[i];
        const bool taken = arrival.outcome == Outcome::Accepted;
        ++card.arrivalsInSecond;
        ++(taken ? card.acceptedInSecond : card.refusedInSecond);
        if (arrival.key == card.key) {
            ++ofKey;
            refusedOfKey += !taken;
        }
        if (i < kFirstShown || (i + kBeforeShown >= at && i <= at + kAfterShown))
            card.arrivals.push_back(arrival);
    }
    card.keyShareOfOffered
        = static_cast<double>(ofKey) / static_cast<double>(card.arrivalsInSecond);
    card.keyShareOfRefused
        = static_cast<double>(refusedOfKey) / static_cast<double>(card.refusedInSecond);
}

/// What CloudWatch would show for the minute: the sums of accepted bytes and records over it, as a
/// mean, in percent of the limit that binds.
double Simulation::World::minutePercent(ShardSlot shard, SimTime at) const
{
    const SimTime from = SimTime::fromSeconds(at.inSeconds() / 60 * 60);
    const History history = book.recorder.history();
    ShardSample sum;
    double seconds = 0;
    for (const ShardPoint& point :
         shardPoints(history, Resolution::Second, shard, {from, from + SimDuration::minutes(1)})) {
        sum.add(point.sample);
        seconds += 1;
    }
    if (seconds == 0)
        return 0;
    const double bytes
        = static_cast<double>(sum.inBytes) / static_cast<double>(limits::kShardWriteBytes);
    const double records = sum.inRecords / static_cast<double>(limits::kShardWriteRecords);
    return 100 * std::max(bytes, records) / seconds;
}

void Simulation::addWhatIfs(WhyCard& card, const Simulation& before, WorkerPool& pool)
{
    const World::SecondSums actual {card.arrivalsInSecond, card.refusedInSecond};
    const auto attempt = [&](std::string change, const Act& act) {
        Simulation other = before.fork();
        other.m_world->service.setTimings({.reshard = {}, .update = {}, .create = {}});
        if (auto done = other.apply(act); !done) {
            card.whatIf.push_back(
                {std::move(change), "not possible: " + done.error().message, false});
            return;
        }
        const World::SecondSums then = other.m_world->sumsIn(card.range, card.second, pool);
        card.whatIf.push_back(
            {std::move(change), refusalsText(actual, then), then.refused * 2 < actual.refused});
    };
    attempt("split this shard in the middle",
            Act {ControlRequest {SplitShard {{}, shardIdText(card.shard), {}}}});
    const ProducerSpec& spec = m_world->producers[card.refusal.producer.index()].producer.spec();
    if (spec.keys.salt == 1 && spec.kind != ProducerKind::Trace) {
        ProducerSpec salted = spec;
        salted.keys.salt = 4;
        attempt("salt the keys of " + spec.name + " over 4 parts (order per key is lost)",
                Act {ChangeProducer {salted}});
    }
    if (spec.client.retry == ClientSpec::Retry::Immediate) {
        ProducerSpec calm = spec;
        calm.client.retry = ClientSpec::Retry::Standard2026;
        attempt("retry with back-off instead of at once", Act {ChangeProducer {calm}});
    }
    if (m_world->stream().summary().mode == StreamMode::Provisioned)
        attempt("on-demand mode",
                Act {ControlRequest {UpdateStreamMode {{}, StreamMode::OnDemand, {}}}});
    const SimDuration wait = card.wouldPassAt - card.refusal.at;
    card.whatIf.push_back({"try again " + toText(wait) + " later",
                           "the bucket would have room again, if nothing else came first", true});
}

} // namespace shardscope
