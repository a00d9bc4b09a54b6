#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/base/units.h"
#include "core/clock/sim_time.h"
#include "core/engine/service_options.h"

namespace shardscope {

/// What a policy sees of one minute: the sums CloudWatch would show it.
struct PolicyMinute {
    SimTime end;
    std::int64_t shards = 1; ///< open at the end
    Volume in; ///< accepted
    Volume out; ///< read by GetRecords
    std::int64_t iteratorAgeMs = 0; ///< largest
};

/// An auto-scaling policy at work on one provisioned stream: measurements in, a wanted shard count
/// out. It acts through the same UpdateShardCount as a person; it does not know whether that
/// succeeded until told. Designs: SCALE 4.2 to 4.4. Copyable.
class ScalingPolicy {
public:
    explicit ScalingPolicy(const ScalingPolicySpec& spec);

    [[nodiscard]] const ScalingPolicySpec& spec() const { return m_spec; }

    /// To how many shards the design wants to go after the newest minute, if it wants to. `minutes`
    /// ascends without gaps and is what the stream measured, before the policy came too: the last
    /// kMinutesSeen at most, at least one.
    [[nodiscard]] std::optional<std::int64_t> decide(std::span<const PolicyMinute> minutes) const;
    static constexpr std::size_t kMinutesSeen = 300;
    /// Its last wish was accepted at `at`: cool-offs begin, alarms are set anew.
    void acted(std::int64_t shardsBefore, std::int64_t shardsAfter, SimTime at);

    /// Scaling-utils goes on with single splits and merges when UpdateShardCount is exhausted:
    /// where it is going, if it is.
    std::optional<std::int64_t> byHand;

private:
    [[nodiscard]] std::optional<std::int64_t>
    scalingUtils(std::span<const PolicyMinute> minutes) const;
    [[nodiscard]] std::optional<std::int64_t>
    alarmLambda(std::span<const PolicyMinute> minutes) const;
    [[nodiscard]] std::optional<std::int64_t>
    applicationAutoScaling(std::span<const PolicyMinute> minutes) const;
    [[nodiscard]] std::int64_t clamp(std::int64_t shards) const;

    ScalingPolicySpec m_spec;
    std::optional<SimTime> m_lastUp, m_lastDown;
    std::int64_t m_alarmRecords = 1'000; ///< application auto scaling: its alarms' threshold
};

} // namespace shardscope
