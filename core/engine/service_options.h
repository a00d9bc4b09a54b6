#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/budgets.h"
#include "core/base/units.h"
#include "core/clock/sim_time.h"

namespace shardscope {

/// Account limits; every one can be set, and nullopt lifts it.
struct AccountLimits {
    std::optional<std::int64_t> shards = 20'000;
    std::optional<std::int64_t> onDemandStreams = 50;
    std::optional<double> callRateFactor = 1; ///< scales every operation's calls per second
    friend bool operator==(const AccountLimits&, const AccountLimits&) = default;
};

/// An auto-scaling policy for a provisioned stream. Designs: facts/scaling-and-pricing.md 4.2
/// to 4.4.
struct ScalingPolicySpec {
    enum class Design { ScalingUtils, AlarmLambda, ApplicationAutoScaling };
    Design design = Design::ScalingUtils;
    double upPercent = 75, downPercent = 25;
    std::int64_t upAfterMinutes = 5, downAfterMinutes = 15;
    std::int64_t upCount = 1, downCount = 1; ///< shards; 0: use the percentages below
    double upByPercent = 0, downByPercent = 0;
    SimDuration upCoolOff = SimDuration::minutes(15), downCoolOff = SimDuration::minutes(60);
    std::int64_t shardsLeast = 1, shardsMost = 10'000;
    bool asDocumented = false; ///< scaling-utils: the README's arithmetic instead of the code's
    friend bool operator==(const ScalingPolicySpec&, const ScalingPolicySpec&) = default;
};
/// A few words for people.
[[nodiscard]] const char* designText(ScalingPolicySpec::Design design);

/// How long asynchronous changes take, and other figures that the service does not publish.
struct ServiceTimings {
    SimDuration reshard = SimDuration::seconds(30); ///< one SplitShard or MergeShards
    SimDuration update
        = SimDuration::seconds(10); ///< mode, record size, encryption, warm throughput
    SimDuration create = SimDuration::seconds(10);
    SimDuration onDemandReaction = SimDuration::minutes(5); ///< trigger → children open (SCALE 4.1)
    bool onDemandJitter = false; ///< draw the reaction from U(2, 15) min
    bool onDemandMerge = false;
    friend bool operator==(const ServiceTimings&, const ServiceTimings&) = default;
};

/// Which limits hold; each can be lifted by itself.
struct ThrottlingSwitches {
    bool write = true; ///< W1, W2: records and bytes into a shard
    bool read = true; ///< R1 to R3, GetShardIterator's and SubscribeToShard's call rates
    bool control = true; ///< calls a second of every other operation
    bool quotas = true; ///< shards, streams, consumers, changes a day
    friend bool operator==(const ThrottlingSwitches&, const ThrottlingSwitches&) = default;
};

struct ServiceOptions {
    std::string accountId = "000000000000";
    std::string region = "us-east-1";
    std::uint64_t seed = 1; ///< draws the on-demand reaction when jitter is on
    ServiceTimings timings;
    AccountLimits account;
    bool advantage = false; ///< minimum throughput billing commitment at the start
    ThrottlingSwitches throttling;
    Bytes memoryBudget = budgets::kStoreDefault;
};

} // namespace shardscope
