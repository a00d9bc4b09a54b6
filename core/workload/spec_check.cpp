#include "core/workload/spec_check.h"

#include <cmath>
#include <string>

#include "core/engine/limits.h"

namespace shardscope {
namespace {

constexpr double kRateMost = 1e9; ///< records/s: a million full shards
constexpr std::int64_t kKeysMost = 100'000'000;
constexpr std::int64_t kSaltMost = 100'000;
constexpr std::int64_t kInFlightMost = 1'000'000;

/// Collects the first complaint.
struct Checker {
    const std::string& name;
    Result<void> answer;

    void need(bool good, const std::string& what, const std::string& right)
    {
        if (answer && !good)
            answer = fail(ErrorCode::BadInput,
                          "producer \"" + name + "\": " + what + "; " + right + " would be right");
    }
    void number(const std::string& field, double value, double least, double most,
                const std::string& right)
    {
        need(std::isfinite(value) && value >= least && value <= most,
             field + " is " + written(value), right);
    }
    void whole(const std::string& field, std::int64_t value, std::int64_t least, std::int64_t most)
    {
        need(value >= least && value <= most, field + " is " + std::to_string(value),
             std::to_string(least) + " to " + std::to_string(most));
    }
    void span(const std::string& field, SimDuration value, SimDuration least, SimDuration most)
    {
        need(value >= least && value <= most, field + " is " + toText(value),
             toText(least) + " to " + toText(most));
    }
    static std::string written(double value)
    {
        std::string text = std::to_string(value);
        if (text.find('.') != std::string::npos) {
            text.erase(text.find_last_not_of('0') + 1);
            if (text.back() == '.')
                text.pop_back();
        }
        return text;
    }
    static std::string toText(SimDuration d) { return std::to_string(d.inMillis()) + " ms"; }
};

std::size_t characters(const std::string& text)
{
    std::size_t count = 0;
    for (const char c : text)
        count += (c & 0xc0) != 0x80 ? 1 : 0;
    return count;
}

std::size_t digits(std::int64_t n)
{
    return std::to_string(n).size();
}

void checkRate(Checker& check, const RateSpec& rate)
{
    const std::string right = "0 to 1000000000 records/s";
    check.number("rate", rate.recordsPerSecond, 0, kRateMost, right);
    if (rate.curve == RateSpec::Curve::Ramp) {
        check.number("the ramp's end", rate.rampTo, 0, kRateMost, right);
        check.span("the ramp's duration", rate.rampDuration, SimDuration(),
                   SimDuration::days(3650));
    }
    SimDuration last;
    if (rate.curve == RateSpec::Curve::Steps)
        for (const RateSpec::Step& step : rate.steps) {
            check.number("a step's factor", step.factor, 0, 1e6, "0 to 1000000");
            check.number("a step's rate", step.factor * rate.recordsPerSecond, 0, kRateMost, right);
            check.need(step.at >= last,
                       "the step at " + Checker::toText(step.at) + " stands after the one at "
                           + Checker::toText(last),
                       "steps in order of time");
            check.span("a step's transition", step.over, SimDuration(), SimDuration::days(3650));
            last = step.at;
        }
    check.span("the period", rate.period, SimDuration::millis(1), SimDuration::days(1));
    check.span("the burst's width", rate.burstWidth, SimDuration::millis(1), SimDuration::days(1));
}

void checkSize(Checker& check, const SizeSpec& size)
{
    const auto most = static_cast<double>(limits::kMaxRecordLargest);
    check.number("size", size.bytes, 0, most, "0 to 10485760 bytes");
    if (size.shape == SizeSpec::Shape::Uniform)
        check.number("the size's spread", size.spread, 0, size.bytes,
                     "0 to the mean of " + Checker::written(size.bytes) + " bytes");
    if (size.shape == SizeSpec::Shape::LogNormal) {
        check.number("the median size", size.bytes, 1, most, "1 to 10485760 bytes");
        check.number("the size's 99th percentile", size.spread, size.bytes, most,
                     "the median of " + Checker::written(size.bytes) + " to 10485760 bytes");
    }
}

void checkKeys(Checker& check, const KeySpec& keys)
{
    using Shape = KeySpec::Shape;
    if (keys.shape == Shape::Random || keys.shape == Shape::Timestamp)
        return;
    check.whole("salt", keys.salt, 1, kSaltMost);
    const std::size_t salt = keys.salt > 1 ? 1 + digits(keys.salt - 1) : 0;
    std::size_t longest = characters(keys.prefix) + salt;
    if (keys.shape != Shape::Constant) {
        check.whole("the number of keys", keys.count, 1, kKeysMost);
        check.need(keys.shape == Shape::HotShare || keys.count * keys.salt <= kKeysMost,
                   "salted keys are " + std::to_string(keys.count * keys.salt), "up to 100000000");
        longest += digits(keys.count - 1);
    } else {
        check.need(!keys.prefix.empty(), "the constant key is empty", "1 to 256 characters");
    }
    if (keys.shape == Shape::Zipf)
        check.number("the Zipf exponent", keys.exponent, 0, 10, "0 to 10");
    if (keys.shape == Shape::HotShare) {
        check.number("the hot key's share", keys.hotShare, 0, 1, "0 to 1");
        check.need(!keys.hotKey.empty()
                       && characters(keys.hotKey) + salt
                           <= static_cast<std::size_t>(limits::kPartitionKeyChars),
                   "the hot key has " + std::to_string(characters(keys.hotKey)) + " characters",
                   "1 to 256, salt included,");
    }
    check.need(longest <= static_cast<std::size_t>(limits::kPartitionKeyChars),
               "keys have up to " + std::to_string(longest) + " characters", "1 to 256");
}

void checkClient(Checker& check, const ClientSpec& client)
{
    check.whole("records per call", client.batchRecords, 1, limits::kPutRecordsRecords);
    check.whole("bytes per call", client.batchBytes, 1, limits::kPutRecordsBytes);
    check.span("linger", client.linger, SimDuration(), SimDuration::minutes(15));
    check.whole("calls in flight", client.inFlight, 1, kInFlightMost);
    check.span("call time", client.callTime, SimDuration(), SimDuration::minutes(1));
    check.whole("attempts", client.attemptsMost, 0, 65'535);
    check.span("time to live", client.timeToLive, SimDuration::millis(100), SimDuration::days(365));
    check.whole("aggregation bytes", client.aggregationBytes, 64, limits::kMaxRecordLargest);
    check.number("the rate limit", client.rateLimitPercent, 1, 1e6, "1 to 1000000 percent");
}

} // namespace

Result<void> checkSpec(const ProducerSpec& spec)
{
    Checker check {spec.name, {}};
    check.need(!spec.name.empty(), "it has no name", "a name of its own");
    checkRate(check, spec.rate);
    checkSize(check, spec.size);
    checkKeys(check, spec.keys);
    checkClient(check, spec.client);
    check.number("the share of late records", spec.lateShare, 0, 1, "0 to 1");
    check.span("their lateness", spec.lateBy, SimDuration(), SimDuration::days(1));
    check.span("the start", spec.startAfter, SimDuration(), SimDuration::days(3650));
    if (spec.kind == ProducerKind::Trace) {
        check.need(!spec.tracePath.empty(), "it has no trace file", "the path of a CSV file");
        check.number("the trace's speed", spec.traceSpeed, 1e-6, 1e6, "above 0, e.g. 1 or 10,");
    }
    return check.answer;
}

} // namespace shardscope
