#include "core/metrics/catalog.h"

#include <algorithm>
#include <array>

namespace shardscope {

namespace {

double inBytes(const ShardSample& s)
{
    return static_cast<double>(s.inBytes);
}
double inRecords(const ShardSample& s)
{
    return s.inRecords;
}
double outBytes(const ShardSample& s)
{
    return static_cast<double>(s.outBytes);
}
double outRecords(const ShardSample& s)
{
    return s.outRecords;
}
double readCalls(const ShardSample& s)
{
    return s.readCalls;
}
double throttledReads(const ShardSample& s)
{
    return s.refusedReads;
}
double throttledRecords(const ShardSample& s)
{
    return static_cast<double>(std::uint64_t {s.refusedByBytes} + s.refusedByRecords);
}
double age(const ShardSample& s)
{
    return s.ageMs;
}

constexpr auto kStream = MetricLevel::Stream;
constexpr auto kShard = MetricLevel::Shard;
constexpr auto kBytes = MetricUnit::Byte;
constexpr auto kCount = MetricUnit::Count;
constexpr auto kMillis = MetricUnit::Millisecond;
constexpr auto kSum = Statistic::Sum;
constexpr auto kMaximum = Statistic::Maximum;

constexpr std::array kCatalog {
    Metric {"IncomingBytes", kStream, kBytes, kSum,
            "Bytes successfully put, data and partition key; what was refused is not in it.",
            inBytes},
    Metric {"IncomingRecords", kStream, kCount, kSum, "Records successfully put.", inRecords},
    Metric {"GetRecords.Bytes", kStream, kBytes, kSum,
            "Bytes that GetRecords handed to all polling readers together.", outBytes},
    Metric {"GetRecords.Records", kStream, kCount, kSum,
            "Records that GetRecords handed to all polling readers together.", outRecords},
    Metric {"GetRecords.Success", kStream, kCount, kSum, "GetRecords calls that were answered.",
            readCalls},
    Metric {"GetRecords.IteratorAgeMilliseconds", kStream, kMillis, kMaximum,
            "Age of the last record of a GetRecords answer; 0 is caught up, half the retention is "
            "an alarm.",
            age, true},
    Metric {"ReadProvisionedThroughputExceeded", kStream, kCount, kSum,
            "GetRecords calls that were throttled.", throttledReads},
    Metric {"WriteProvisionedThroughputExceeded", kStream, kCount, kSum,
            "Records that were throttled, one for each attempt.", throttledRecords},
    Metric {"IncomingBytes", kShard, kBytes, kSum, "Bytes successfully put to the shard.", inBytes},
    Metric {"IncomingRecords", kShard, kCount, kSum, "Records successfully put to the shard.",
            inRecords},
    Metric {"OutgoingBytes", kShard, kBytes, kSum, "Bytes read from the shard.", outBytes},
    Metric {"OutgoingRecords", kShard, kCount, kSum, "Records read from the shard.", outRecords},
    Metric {"IteratorAgeMilliseconds", kShard, kMillis, kMaximum,
            "Age of the last record read from the shard.", age, true},
    Metric {"ReadProvisionedThroughputExceeded", kShard, kCount, kSum,
            "Reads of the shard beyond 5 calls or 2 MB a second.", throttledReads},
    Metric {"WriteProvisionedThroughputExceeded", kShard, kCount, kSum,
            "Records beyond the shard's 1,000 records or 1 MB a second, one for each attempt.",
            throttledRecords},
};

const ShardSample& sampleOf(const ShardPoint& point)
{
    return point.sample;
}
const ShardSample& sampleOf(const StreamPoint& point)
{
    return point.sample.sum;
}

template <typename Point>
std::vector<Datapoint> compute(const Metric& metric, std::span<const Point> points,
                               SimDuration period)
{
    std::vector<Datapoint> found;
    Datapoint open {.at = {}, .period = period};
    SimDuration covered;
    bool read = false;
    for (const Point& point : points) {
        const SimTime start
            = SimTime::fromMicros(point.at.inMicros() - point.at.inMicros() % period.inMicros());
        if (covered == SimDuration {} || start != open.at) {
            open = {.at = start, .period = period};
            covered = {};
            read = false;
        }
        const ShardSample& sample = sampleOf(point);
        const double value = metric.value(sample);
        open.value
            = metric.statistic == Statistic::Sum ? open.value + value : std::max(open.value, value);
        read = read || sample.readCalls > 0;
        covered += point.step;
        if (covered == period && (read || !metric.needsReads))
            found.push_back(open);
    }
    return found;
}

} // namespace

std::span<const Metric> metricCatalog()
{
    return kCatalog;
}

const char* unitText(MetricUnit unit)
{
    switch (unit) {
    case MetricUnit::Byte:
        return "Bytes";
    case MetricUnit::Count:
        return "Count";
    case MetricUnit::Millisecond:
        return "Milliseconds";
    }
    return "";
}

const char* statisticText(Statistic statistic)
{
    return statistic == Statistic::Sum ? "Sum" : "Maximum";
}

std::vector<Datapoint> datapoints(const Metric& metric, std::span<const ShardPoint> points,
                                  SimDuration period)
{
    return compute(metric, points, period);
}

std::vector<Datapoint> datapoints(const Metric& metric, std::span<const StreamPoint> points,
                                  SimDuration period)
{
    return compute(metric, points, period);
}

} // namespace shardscope
