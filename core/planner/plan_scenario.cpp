#include "core/planner/plan_scenario.h"

#include <algorithm>
#include <cmath>

#include "core/base/md5.h"
#include "core/planner/demand.h"
#include "core/planner/plan_parts.h"
#include "core/workload/size_distribution.h"
#include "core/workload/traffic_shape.h"

namespace shardscope {
namespace {

constexpr std::size_t kParts = 1'024; ///< of the hash key space that mixed keys are told apart in
constexpr std::int64_t kMinuteUs = 60'000'000;

double meanBytes(const SizeSpec& size)
{
    switch (size.shape) {
    case SizeSpec::Shape::Fixed:
    case SizeSpec::Shape::Uniform:
        return size.bytes;
    case SizeSpec::Shape::LogNormal: {
        if (size.spread <= size.bytes)
            return size.bytes;
        const double sigma = std::log(size.spread / size.bytes) / normalQuantile(0.99);
        return size.bytes * std::exp(sigma * sigma / 2);
    }
    }
    return size.bytes;
}

double meanKeyBytes(const KeySpec& keys)
{
    switch (keys.shape) {
    case KeySpec::Shape::Random:
        return 36;
    case KeySpec::Shape::Timestamp:
        return 13;
    case KeySpec::Shape::Constant:
        return static_cast<double>(keys.prefix.size());
    case KeySpec::Shape::Uniform:
    case KeySpec::Shape::Zipf:
    case KeySpec::Shape::HotShare:
        break;
    }
    return static_cast<double>(keys.prefix.size() + std::to_string(keys.count).size());
}

PlanKeys planKeysOf(const KeySpec& keys)
{
    PlanKeys out;
    out.shape = keys.shape == KeySpec::Shape::Timestamp ? KeySpec::Shape::Random : keys.shape;
    out.count = static_cast<double>(std::min<std::int64_t>(keys.count, 1'000'000));
    out.exponent = keys.exponent;
    out.hotShare = keys.hotShare;
    out.salt = keys.salt;
    return out;
}

void takeReaders(PlanWorkload& workload, const Scenario& scenario)
{
    double shared = 0, fanOut = 0;
    for (const ConsumerSpec& reader : scenario.consumers) {
        const bool pushed = reader.kind == ConsumerKind::FanOut
            || (reader.kind == ConsumerKind::Analytics && reader.analytics.fanOut)
            || (reader.kind == ConsumerKind::Lambda && reader.lambda.fanOut)
            || (reader.kind == ConsumerKind::Kcl
                && reader.kcl.retrieval == KclSpec::Retrieval::FanOut);
        (pushed ? fanOut : shared) += 1;
        if (reader.kind == ConsumerKind::Polling)
            workload.readsPerSecond = std::max(workload.readsPerSecond, reader.readsPerSecond);
    }
    workload.sharedReaders = shared;
    workload.fanOutReaders = fanOut;
}

bool plannable(ClientSpec::Retry retry)
{
    using R = ClientSpec::Retry;
    return retry == R::None || retry == R::Legacy || retry == R::Standard2025
        || retry == R::Standard2026;
}

/// A key whose hash lies in `range`.
std::string keyIn(const HashKeyRange& range)
{
    for (std::uint64_t i = 0;; ++i) {
        std::string key = "key-" + std::to_string(i);
        if (range.contains(md5(key)))
            return key;
    }
}

/// Data bytes of records with these keys when data and key make `mean`.
SizeSpec sizeOf(const Demand& demand, double mean, double p99, double keyBytes)
{
    SizeSpec size;
    size.bytes = std::max(1.0, mean - keyBytes);
    if (demand.sizes.variation <= 0)
        return size;
    // Of the mean and the 99th percentile the median is asked.
    const double z = normalQuantile(0.99);
    const double sigma = z - std::sqrt(std::max(0.0, z * z - 2 * std::log(p99 / mean)));
    const double median = mean / std::exp(sigma * sigma / 2);
    size.shape = SizeSpec::Shape::LogNormal;
    size.bytes = std::max(1.0, median - keyBytes);
    size.spread = std::max(size.bytes, p99 - keyBytes);
    return size;
}

RateSpec rateOf(const Demand& demand, std::size_t from, std::size_t minutes)
{
    RateSpec rate;
    rate.curve = RateSpec::Curve::Steps;
    rate.spread = RateSpec::Spread::Poisson;
    rate.recordsPerSecond = 1;
    for (std::size_t m = from; m < std::min(from + minutes, demand.minutes()); ++m)
        rate.recordsPerSecond
            = std::max(rate.recordsPerSecond, static_cast<double>(demand.records[m]));
    const auto step = [&](SimDuration at, double records) {
        rate.steps.push_back({at, records / rate.recordsPerSecond, {}});
    };
    for (std::size_t i = 0; i < minutes && from + i < demand.minutes(); ++i) {
        const auto mean = static_cast<double>(demand.records[from + i]);
        const SimDuration at = SimDuration::minutes(static_cast<std::int64_t>(i));
        if (demand.burstFactor <= 1) {
            step(at, mean);
            continue;
        }
        const SimDuration burst = at + SimDuration::seconds(demand.burstBegins(from + i));
        step(at, demand.calmRate(mean));
        step(burst, demand.burstRate(mean));
        step(burst + SimDuration::seconds(demand.burstSeconds), demand.calmRate(mean));
    }
    return rate;
}

} // namespace

Result<PlanStream> planStreamOf(const Scenario& scenario, int days)
{
    if (scenario.producers.empty())
        return fail(ErrorCode::BadInput,
                    scenario.name + ": has no producer; there is nothing to plan for");
    PlanWorkload workload;
    workload.name = scenario.stream.name;
    workload.burstFactor = 1;
    workload.retentionHours = scenario.stream.retentionHours;
    workload.shardsNow = scenario.stream.shards;
    takeReaders(workload, scenario);
    auto measured = std::make_shared<MeasuredStream>();
    measured->name = workload.name;
    measured->start = SimTime::fromSeconds(scenario.start.inSeconds() / 60 * 60);
    const auto minutes = static_cast<std::size_t>(days) * 1'440;
    measured->records.assign(minutes, 0);
    measured->bytes.assign(minutes, 0);
    std::vector<double> parts(kParts, 0);
    for (const ProducerSpec& producer : scenario.producers) {
        if (producer.kind == ProducerKind::Trace)
            return fail(ErrorCode::BadInput,
                        scenario.name + ": producer " + producer.name
                            + " replays a trace; plan from the trace itself with --metrics");
        const TrafficShape shape(producer.rate, scenario.start + producer.startAfter);
        const double size = meanBytes(producer.size) + meanKeyBytes(producer.keys);
        double all = 0;
        const std::int64_t begin = measured->start.inMicros();
        for (std::size_t m = 0; m < minutes; ++m) {
            const std::int64_t at = begin + static_cast<std::int64_t>(m) * kMinuteUs;
            const double records = shape.volume(at + kMinuteUs) - shape.volume(at);
            measured->records[m] += records;
            measured->bytes[m] += records * size;
            all += records;
        }
        const std::vector<double> weights
            = KeyWeights::ofKeys(producer.keys).ofEvenRanges(static_cast<std::int64_t>(kParts));
        for (std::size_t i = 0; i < kParts; ++i)
            parts[i] += weights[i] * all;
        workload.keys = planKeysOf(producer.keys);
        if (plannable(producer.client.retry))
            workload.retry = producer.client.retry;
    }
    if (scenario.producers.size() > 1)
        for (std::size_t i = 0; i < kParts; ++i)
            measured->shards.push_back({std::to_string(i), parts[i], 0});
    measured->notes.push_back("Rates, sizes, keys and readers are those of the scenario "
                              + scenario.name
                              + " at its start; what its acts change later is not planned for.");
    return PlanStream {workload, measured};
}

Scenario planScenario(const PlanRequest& request, const PlanStream& stream,
                      const PlanExcerpt& excerpt)
{
    PlanWorkload w = stream.workload;
    forEachEstimate(w, [](const char*, Estimate& e) { e = e.middle(); });
    const PlanBasis basis = basisOf(request, w, stream.measured.get(), nullptr, nullptr);
    const Demand& demand = basis.demand;
    const auto from = static_cast<std::size_t>(
        std::max<std::int64_t>(0, (excerpt.from - demand.start) / SimDuration::minutes(1)));
    const auto minutes = static_cast<std::size_t>(
        std::max<std::int64_t>(1, excerpt.length / SimDuration::minutes(1)));

    Scenario scenario;
    scenario.name = w.name + "-plan";
    scenario.title = "Plan of " + w.name;
    scenario.lesson
        = std::string(titleOf(excerpt.mode)) + ": the busiest hour of the plan, record by record.";
    scenario.seed = request.seed;
    scenario.start = excerpt.from;
    scenario.history = {};
    scenario.duration = excerpt.length;
    scenario.region = request.region;
    scenario.timings = request.timings;
    const bool onDemand = excerpt.mode == PlanMode::Standard || excerpt.mode == PlanMode::Advantage;
    scenario.advantage = excerpt.mode == PlanMode::Advantage;
    scenario.stream.name = w.name;
    scenario.stream.mode = onDemand ? StreamMode::OnDemand : StreamMode::Provisioned;
    scenario.stream.shards = excerpt.shards;
    scenario.stream.retentionHours = w.retentionHours;
    if (scenario.advantage)
        scenario.stream.warmThroughputMiBps = excerpt.warmMiBps;
    if (excerpt.mode == PlanMode::Policy)
        scenario.policy = request.policy;

    double records = 0, bytes = 0;
    for (std::size_t m = from; m < std::min(from + minutes, demand.minutes()); ++m) {
        records += static_cast<double>(demand.records[m]);
        bytes += static_cast<double>(demand.bytes[m]);
    }
    const double mean = records > 0 ? bytes / records : demand.sizes.mean;
    ProducerSpec producer;
    producer.name = "load";
    producer.kind = ProducerKind::Custom;
    producer.rate = rateOf(demand, from, minutes);
    producer.client.retry = w.retry;
    // Records leave as they come: the flow model has no batches.
    producer.client.linger = {};
    producer.client.inFlight = 1'000;
    const bool byShard = stream.measured != nullptr && !stream.measured->shards.empty();
    if (!byShard) {
        producer.keys = keySpecOf(w.keys);
        producer.size = sizeOf(demand, mean, w.recordBytesP99, meanKeyBytes(producer.keys));
        scenario.producers.push_back(producer);
    } else {
        // One key for each of the heaviest shards that were measured; the others together are even.
        constexpr std::size_t kKeysMost = 32;
        const auto& shards = stream.measured->shards;
        const auto count = static_cast<std::uint32_t>(shards.size());
        std::vector<std::uint32_t> order(count);
        for (std::uint32_t i = 0; i < count; ++i)
            order[i] = i;
        std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return demand.keys.of(evenRange(a, count)) > demand.keys.of(evenRange(b, count));
        });
        double left = 1;
        const RateSpec whole = producer.rate;
        for (std::size_t i = 0; i < std::min<std::size_t>(kKeysMost, count); ++i) {
            const HashKeyRange range = evenRange(order[i], count);
            const double share = demand.keys.of(range);
            left -= share;
            producer.name = "shard " + std::to_string(order[i]);
            producer.rate.recordsPerSecond = whole.recordsPerSecond * share;
            producer.keys.shape = KeySpec::Shape::Constant;
            producer.keys.prefix = keyIn(range);
            producer.size
                = sizeOf(demand, mean, 0, static_cast<double>(producer.keys.prefix.size()));
            scenario.producers.push_back(producer);
        }
        if (left > 0.001) {
            producer.name = "the others";
            producer.rate.recordsPerSecond = whole.recordsPerSecond * left;
            producer.keys = {};
            producer.keys.shape = KeySpec::Shape::Random;
            producer.size = sizeOf(demand, mean, 0, 36);
            scenario.producers.push_back(producer);
        }
    }
    const auto add = [&](ConsumerKind kind, const char* name, double count) {
        for (int i = 1; i <= std::lround(count); ++i) {
            ConsumerSpec reader;
            reader.name = std::string(name) + ' ' + std::to_string(i);
            reader.kind = kind;
            reader.readsPerSecond = w.readsPerSecond;
            reader.recordsPerSecond = w.readerRecordsPerSecond;
            scenario.consumers.push_back(reader);
        }
    };
    add(ConsumerKind::Polling, "reader", w.sharedReaders.middle());
    add(ConsumerKind::FanOut, "fan-out", w.fanOutReaders.middle());
    return scenario;
}

PlanExcerpt worstHourOf(const StreamPlan& plan, const PlanOption& option)
{
    PlanExcerpt excerpt {option.mode, option.shardsFirst, option.warmMiBps, plan.worstHour};
    const std::int64_t hour = (plan.worstHour - plan.start) / SimDuration::hours(1);
    if (hour >= 0 && hour < static_cast<std::int64_t>(option.hours.size()))
        excerpt.shards = std::max<std::int64_t>(
            1, std::llround(option.hours[static_cast<std::size_t>(hour)].shards));
    return excerpt;
}

} // namespace shardscope
