#include "core/runtime/expectation.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "core/base/json_writer.h"
#include "core/engine/limits.h"

namespace shardscope {
namespace {

/// The part of a run that an expectation means, with the finest history that covers it.
struct Part {
    const Snapshot& snapshot;
    TimeWindow window;
    Resolution resolution;
    ShardSample sum; ///< over shards and time; ageMs is the largest
    std::uint32_t openShards = 0; ///< at the end

    [[nodiscard]] double seconds() const { return (window.to - window.from).inSeconds(); }
    [[nodiscard]] double perSecond(std::uint64_t n) const
    {
        return static_cast<double>(n) / seconds();
    }
    [[nodiscard]] std::uint64_t refused() const
    {
        return std::uint64_t {sum.refusedByBytes} + sum.refusedByRecords;
    }
    /// Calls `visit(slot, sample)` for every shard's bucket inside the part.
    template <typename Visit> void eachCell(const Visit& visit) const
    {
        for (const auto& block : snapshot.history.of(resolution))
            for (std::size_t row = 0; row < block->rows(); ++row) {
                const SimTime at = block->timeOf(row);
                if (at < window.from || at >= window.to)
                    continue;
                for (std::size_t col = 0; col < block->shards.size(); ++col)
                    visit(block->shards[col], block->cell(row, col));
            }
    }
};

double percentOf(double bytes, double records)
{
    return 100
        * std::max(bytes / static_cast<double>(limits::kShardWriteBytes),
                   records / static_cast<double>(limits::kShardWriteRecords));
}

double refusingShards(const Part& part)
{
    std::set<ShardSlot> shards;
    part.eachCell([&](ShardSlot slot, const ShardSample& cell) {
        if (cell.refusedByBytes + cell.refusedByRecords > 0)
            shards.insert(slot);
    });
    return static_cast<double>(shards.size());
}

double peakShardPercent(const Part& part)
{
    const double step = stepOf(part.resolution).inSeconds();
    double peak = 0;
    part.eachCell([&](ShardSlot, const ShardSample& cell) {
        peak = std::max(peak,
                        percentOf(static_cast<double>(cell.offeredBytes()) / step,
                                  static_cast<double>(cell.offeredRecords()) / step));
    });
    return peak;
}

double peakMinutePercent(const Part& part)
{
    double peak = 0;
    for (const StreamPoint& p :
         streamPoints(part.snapshot.history, Resolution::Minute, part.window)) {
        const double shardSeconds = std::max<double>(1, p.sample.openShards) * 60;
        peak = std::max(peak,
                        percentOf(static_cast<double>(p.sample.sum.inBytes) / shardSeconds,
                                  p.sample.sum.inRecords / shardSeconds));
    }
    return peak;
}

template <typename Member> double sumOfProducers(const Part& part, Member member)
{
    std::int64_t sum = 0;
    for (const ProducerRow& row : part.snapshot.producers)
        sum += row.*member;
    return static_cast<double>(sum);
}

template <typename Member> double sumOfConsumers(const Part& part, Member member)
{
    std::int64_t sum = 0;
    for (const ConsumerRow& row : part.snapshot.consumers)
        sum += row.*member;
    return static_cast<double>(sum);
}

template <typename Member> double sumOfAnalytics(const Part& part, Member member)
{
    std::int64_t sum = 0;
    for (const ConsumerRow& row : part.snapshot.consumers)
        if (const auto* state = std::get_if<AnalyticsState>(&row.state))
            sum += state->*member;
    return static_cast<double>(sum);
}

template <typename Member> double sumOfLambda(const Part& part, Member member)
{
    std::int64_t sum = 0;
    for (const ConsumerRow& row : part.snapshot.consumers)
        if (const auto* state = std::get_if<LambdaState>(&row.state))
            sum += state->counts.*member;
    return static_cast<double>(sum);
}

template <typename Member> double sumOfFirehose(const Part& part, Member member)
{
    std::int64_t sum = 0;
    for (const ConsumerRow& row : part.snapshot.consumers)
        if (const auto* state = std::get_if<FirehoseState>(&row.state))
            sum += state->*member;
    return static_cast<double>(sum);
}

double maxFreshnessMs(const Part& part)
{
    std::int64_t most = 0;
    for (const ConsumerRow& row : part.snapshot.consumers)
        if (const auto* state = std::get_if<FirehoseState>(&row.state))
            most = std::max(most, state->maxFreshnessMs);
    return static_cast<double>(most);
}

double longestLeaseGapMs(const Part& part)
{
    std::int64_t longest = 0;
    for (const ConsumerRow& row : part.snapshot.consumers)
        if (const auto* kcl = std::get_if<KclState>(&row.state))
            longest = std::max(longest, kcl->longestGapMs);
    return static_cast<double>(longest);
}

double amplification(const Part& part)
{
    double most = 1;
    for (const ProducerRow& row : part.snapshot.producers)
        if (row.firstTries > 0)
            most = std::max(
                most, static_cast<double>(row.attempts()) / static_cast<double>(row.firstTries));
    return most;
}

using Metric = std::function<double(const Part&)>;

const std::map<std::string, Metric>& metrics()
{
    static const std::map<std::string, Metric> all {
        {"offered.recordsPerSecond",
         [](const Part& p) { return p.perSecond(p.sum.offeredRecords()); }},
        {"offered.bytesPerSecond", [](const Part& p) { return p.perSecond(p.sum.offeredBytes()); }},
        {"accepted.recordsPerSecond", [](const Part& p) { return p.perSecond(p.sum.inRecords); }},
        {"accepted.bytesPerSecond", [](const Part& p) { return p.perSecond(p.sum.inBytes); }},
        {"refused.recordsPerSecond", [](const Part& p) { return p.perSecond(p.refused()); }},
        {"refused.records", [](const Part& p) { return static_cast<double>(p.refused()); }},
        {"refused.byBytes",
         [](const Part& p) { return static_cast<double>(p.sum.refusedByBytes); }},
        {"refused.byRecords",
         [](const Part& p) { return static_cast<double>(p.sum.refusedByRecords); }},
        {"refused.percent",
         [](const Part& p) {
             const auto offered = static_cast<double>(p.sum.offeredRecords());
             return offered > 0 ? 100 * static_cast<double>(p.refused()) / offered : 0;
         }},
        {"refused.shards", refusingShards},
        {"read.recordsPerSecond", [](const Part& p) { return p.perSecond(p.sum.outRecords); }},
        {"read.bytesPerSecond", [](const Part& p) { return p.perSecond(p.sum.outBytes); }},
        {"read.refusedCalls",
         [](const Part& p) { return static_cast<double>(p.sum.refusedReads); }},
        {"maxIteratorAgeMs", [](const Part& p) { return static_cast<double>(p.sum.ageMs); }},
        {"openShards", [](const Part& p) { return static_cast<double>(p.openShards); }},
        {"peakShardPercent", peakShardPercent},
        {"peakMinutePercent", peakMinutePercent},
        {"retries", [](const Part& p) { return sumOfProducers(p, &ProducerRow::retries); }},
        {"dropped", [](const Part& p) { return sumOfProducers(p, &ProducerRow::dropped); }},
        {"analytics.lateRecords",
         [](const Part& p) { return sumOfAnalytics(p, &AnalyticsState::lateDropped); }},
        {"analytics.lateReaders",
         [](const Part& p) {
             return static_cast<double>(std::count_if(
                 p.snapshot.consumers.begin(), p.snapshot.consumers.end(), [](const auto& row) {
                     const auto* state = std::get_if<AnalyticsState>(&row.state);
                     return state != nullptr && state->lateDropped > 0;
                 }));
         }},
        {"analytics.windowsFired",
         [](const Part& p) { return sumOfAnalytics(p, &AnalyticsState::windowsFired); }},
        {"lostRecords", [](const Part& p) { return sumOfConsumers(p, &ConsumerRow::lostRecords); }},
        {"againRecords",
         [](const Part& p) { return sumOfConsumers(p, &ConsumerRow::againRecords); }},
        {"lagRecords", [](const Part& p) { return sumOfConsumers(p, &ConsumerRow::lagRecords); }},
        {"longestLeaseGapMs", longestLeaseGapMs},
        {"firehose.maxFreshnessMs", maxFreshnessMs},
        {"firehose.deliveredTwice",
         [](const Part& p) { return sumOfFirehose(p, &FirehoseState::deliveredTwice); }},
        {"firehose.givenUpRecords",
         [](const Part& p) { return sumOfFirehose(p, &FirehoseState::givenUpRecords); }},
        {"lambda.errors",
         [](const Part& p) { return sumOfLambda(p, &LambdaState::Counts::errors); }},
        {"lambda.droppedRecords",
         [](const Part& p) { return sumOfLambda(p, &LambdaState::Counts::droppedRecords); }},
        {"amplification", amplification},
        {"cost.provisioned", [](const Part& p) { return p.snapshot.cost.provisioned; }},
        {"cost.onDemand", [](const Part& p) { return p.snapshot.cost.onDemand; }},
    };
    return all;
}

/// Whether blocks of `resolution` reach back to `from`.
bool covers(const History& history, Resolution resolution, SimTime from)
{
    const SeriesBlocks& blocks = history.of(resolution);
    return !blocks.empty() && blocks.front()->start <= from;
}

std::optional<Part> partOf(const Snapshot& snapshot, TimeWindow window)
{
    const History& history = snapshot.history;
    const Resolution resolution = covers(history, Resolution::Second, window.from)
        ? Resolution::Second
        : Resolution::Minute;
    if (!covers(history, resolution, window.from))
        return std::nullopt;
    Part part {snapshot, window, resolution, {}, 0};
    for (const StreamPoint& p : streamPoints(history, resolution, window)) {
        part.sum.add(p.sample.sum);
        part.openShards = p.sample.openShards;
    }
    return part;
}

std::string sentenceOf(const Expectation& e, TimeWindow window, SimTime start, double value)
{
    return e.metric + " from " + toText(window.from - start) + " to " + toText(window.to - start)
        + " is " + numberText(value) + "; expected " + numberText(e.least) + " to "
        + numberText(e.most);
}

} // namespace

const char* stateText(ExpectationOutcome::State state)
{
    switch (state) {
    case ExpectationOutcome::State::Held:
        return "held";
    case ExpectationOutcome::State::Broken:
        return "broken";
    case ExpectationOutcome::State::Open:
        return "open";
    case ExpectationOutcome::State::Forgotten:
        return "forgotten";
    }
    return "";
}

ExpectationOutcome judge(const Expectation& expectation, const Scenario& scenario,
                         const Snapshot& snapshot, SimTime now)
{
    using State = ExpectationOutcome::State;
    const SimDuration end = expectation.to == SimDuration {} ? scenario.duration : expectation.to;
    const TimeWindow window {scenario.start + expectation.from, scenario.start + end};
    if (now < window.to || window.to <= window.from)
        return {State::Open, 0, expectation.metric + " is judged after " + toText(end)};
    const auto metric = metrics().find(expectation.metric);
    const auto part = partOf(snapshot, window);
    if (!part || metric == metrics().end())
        return {State::Forgotten, 0,
                expectation.metric + " cannot be told: history begins after "
                    + toText(expectation.from)};
    const double value = metric->second(*part);
    const bool held = value >= expectation.least && value <= expectation.most;
    return {held ? State::Held : State::Broken, value,
            sentenceOf(expectation, window, scenario.start, value)};
}

} // namespace shardscope
