#include "core/engine/scaling_policy.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/engine/limits.h"

namespace shardscope {
namespace {

using Design = ScalingPolicySpec::Design;

constexpr double kMinute = 60;
constexpr double kReadRecords = 2'000; ///< records/s per shard that scaling-utils counts with

enum class Vote { None, Up, Down };

struct Shares {
    double bytes = 0, records = 0; ///< of the stream's capacity in one minute
};

Shares shares(const Volume& v, double bytesPerShard, double recordsPerShard, std::int64_t shards)
{
    const double n = kMinute * static_cast<double>(shards);
    return {static_cast<double>(v.bytes) / (bytesPerShard * n),
            static_cast<double>(v.records) / (recordsPerShard * n)};
}

/// Minutes above and below the thresholds, by the metric with the higher mean.
Vote voteOf(const std::vector<Shares>& samples, const ScalingPolicySpec& spec)
{
    double bytes = 0, records = 0;
    for (const Shares& s : samples) {
        bytes += s.bytes;
        records += s.records;
    }
    std::int64_t high = 0, low = 0;
    for (const Shares& s : samples) {
        const double share = bytes >= records ? s.bytes : s.records;
        high += share * 100 > spec.upPercent;
        low += share * 100 < spec.downPercent;
    }
    if (high >= spec.upAfterMinutes)
        return Vote::Up;
    return low >= spec.downAfterMinutes ? Vote::Down : Vote::None;
}

std::int64_t floorOf(double v)
{
    return static_cast<std::int64_t>(std::floor(v + 1e-9));
}
std::int64_t ceilOf(double v)
{
    return static_cast<std::int64_t>(std::ceil(v - 1e-9));
}

/// SCALE 4.2, last row: the README adds the percentage, the code of 2022 multiplies from 100 on.
std::int64_t grown(std::int64_t shards, const ScalingPolicySpec& spec)
{
    if (spec.upCount > 0)
        return shards + spec.upCount;
    const double percent = spec.upByPercent;
    const double factor
        = spec.asDocumented || percent < 100 ? (100 + percent) / 100 : percent / 100;
    return ceilOf(static_cast<double>(shards) * factor);
}

std::int64_t shrunk(std::int64_t shards, const ScalingPolicySpec& spec)
{
    if (spec.downCount > 0)
        return shards - spec.downCount;
    const double percent = spec.downByPercent;
    const auto n = static_cast<double>(shards);
    const auto rounded = [&](double v) { return spec.asDocumented ? ceilOf(v) : floorOf(v); };
    return percent <= 100 ? shards - rounded(n * percent / 100) : rounded(n / (percent / 100));
}

bool waited(const std::optional<SimTime>& last, SimTime now, SimDuration coolOff)
{
    return !last || now - *last >= coolOff;
}

} // namespace

ScalingPolicy::ScalingPolicy(const ScalingPolicySpec& spec)
    : m_spec(spec)
{
}

std::optional<std::int64_t> ScalingPolicy::decide(std::span<const PolicyMinute> minutes) const
{
    minutes = minutes.last(std::min(minutes.size(), kMinutesSeen));
    std::optional<std::int64_t> wish;
    switch (m_spec.design) {
    case Design::ScalingUtils:
        wish = scalingUtils(minutes);
        break;
    case Design::AlarmLambda:
        wish = alarmLambda(minutes);
        break;
    case Design::ApplicationAutoScaling:
        wish = applicationAutoScaling(minutes);
        break;
    }
    if (wish && *wish == minutes.back().shards)
        wish.reset();
    return wish;
}

void ScalingPolicy::acted(std::int64_t shardsBefore, std::int64_t shardsAfter, SimTime at)
{
    (shardsAfter > shardsBefore ? m_lastUp : m_lastDown) = at;
    // The function sets both alarms to the new count.
    m_alarmRecords = static_cast<std::int64_t>(
        0.8 * kMinute * static_cast<double>(limits::kShardWriteRecords * shardsAfter));
}

std::int64_t ScalingPolicy::clamp(std::int64_t shards) const
{
    return std::clamp(shards, std::max<std::int64_t>(m_spec.shardsLeast, 1),
                      std::max<std::int64_t>(m_spec.shardsMost, 1));
}

std::optional<std::int64_t> ScalingPolicy::scalingUtils(std::span<const PolicyMinute> minutes) const
{
    const PolicyMinute& now = minutes.back();
    const auto window = static_cast<std::size_t>(
        std::max({m_spec.upAfterMinutes, m_spec.downAfterMinutes, std::int64_t {1}}));
    std::vector<Shares> put, get;
    for (const PolicyMinute& m : minutes.last(std::min(window, minutes.size()))) {
        put.push_back(shares(m.in, static_cast<double>(limits::kShardWriteBytes),
                             static_cast<double>(limits::kShardWriteRecords), now.shards));
        get.push_back(
            shares(m.out, static_cast<double>(limits::kShardReadBytes), kReadRecords, now.shards));
    }
    // Minutes without data count as low.
    put.resize(window);
    get.resize(window);
    const Vote puts = voteOf(put, m_spec);
    const Vote gets = voteOf(get, m_spec);
    if (puts == Vote::Up || gets == Vote::Up) {
        if (waited(m_lastUp, now.end, m_spec.upCoolOff))
            return clamp(grown(now.shards, m_spec));
    } else if (puts == Vote::Down && gets == Vote::Down) {
        if (waited(m_lastDown, now.end, m_spec.downCoolOff))
            return clamp(shrunk(now.shards, m_spec));
    }
    return {};
}

std::optional<std::int64_t> ScalingPolicy::alarmLambda(std::span<const PolicyMinute> minutes) const
{
    const PolicyMinute& now = minutes.back();
    constexpr std::int64_t period = 5;
    if (now.end.inSeconds() / 60 % period != 0)
        return {};
    // Periods of five minutes, the newest first, each against today's shard count: the alarms are
    // made anew for it after every change. What lies before the stream's first minute is not low
    // traffic: the alarms wait until they have seen enough.
    const double n = kMinute * period * static_cast<double>(now.shards);
    int recent = 0, high = 0, low = 0;
    for (std::size_t end = minutes.size(); end >= period; end -= period) {
        Volume sum;
        for (std::size_t i = end - period; i < end; ++i)
            sum += minutes[i].in;
        const double usage = std::max(static_cast<double>(sum.bytes)
                                          / (static_cast<double>(limits::kShardWriteBytes) * n),
                                      static_cast<double>(sum.records)
                                          / (static_cast<double>(limits::kShardWriteRecords) * n));
        high += recent < 5 && usage >= 0.75;
        low += usage < 0.25;
        ++recent;
    }
    constexpr SimDuration upAlarm = SimDuration::minutes(25);
    const bool freshUp = m_lastUp && now.end - *m_lastUp < upAlarm;
    if (high >= 5 && !freshUp)
        return clamp(now.shards * 2);
    if (low >= 57 && now.shards > 1 && now.iteratorAgeMs <= SimDuration::minutes(30).inMillis())
        return clamp(now.shards / 2);
    return {};
}

/// Bytes are not looked at, and the way down compares five minutes with one minute's threshold:
/// flaws of the sample, kept on purpose.
std::optional<std::int64_t>
ScalingPolicy::applicationAutoScaling(std::span<const PolicyMinute> minutes) const
{
    const PolicyMinute& now = minutes.back();
    constexpr SimDuration coolOff = SimDuration::seconds(600);
    if (!waited(m_lastUp, now.end, coolOff) || !waited(m_lastDown, now.end, coolOff))
        return {};
    if (now.in.records > m_alarmRecords)
        return clamp(now.shards + 1);
    if (minutes.size() < 15 || now.end.inSeconds() / 60 % 5 != 0)
        return {};
    const auto quarter = minutes.last(15);
    for (std::size_t i = 0; i < 15; i += 5) {
        std::int64_t sum = 0;
        for (std::size_t k = i; k < i + 5; ++k)
            sum += quarter[k].in.records;
        if (sum >= m_alarmRecords)
            return {};
    }
    return clamp(now.shards - 1);
}

} // namespace shardscope
