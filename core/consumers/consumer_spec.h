#pragma once

#include <cstdint>
#include <string>

#include "core/base/units.h"
#include "core/clock/sim_time.h"

namespace shardscope {

/// Kinds of simulated readers. Lambda, Firehose, KCL, analytics and fan-out join with the readers'
/// issue.
enum class ConsumerKind { Polling };
[[nodiscard]] const char* kindText(ConsumerKind kind); ///< `polling`

enum class StartPosition { TrimHorizon, Latest };

/// A reader with custom code: GetRecords in a loop on every shard, parents before children.
struct ConsumerSpec {
    std::string name; ///< unique in its world
    ConsumerKind kind = ConsumerKind::Polling;
    StartPosition start = StartPosition::TrimHorizon;
    double readsPerSecond = 1; ///< GetRecords per shard, 0.01 … 100
    std::int64_t recordsPerCall = 10'000; ///< Limit, 1 … 10,000
    /// What its code gets through, per shard; 0 = as fast as it reads. The next read of a shard
    /// waits until the last answer is processed.
    double recordsPerSecond = 0;
    SimDuration startAfter;
    bool paused = false;
    friend bool operator==(const ConsumerSpec&, const ConsumerSpec&) = default;
};

} // namespace shardscope
