#pragma once

#include <cstdint>
#include <string>

#include "core/base/units.h"
#include "core/clock/sim_time.h"
#include "core/consumers/analytics_spec.h"
#include "core/consumers/firehose_spec.h"
#include "core/consumers/kcl_spec.h"
#include "core/consumers/lambda_spec.h"

namespace shardscope {

/// Kinds of simulated readers.
enum class ConsumerKind {
    Polling, ///< custom code that calls GetRecords on every shard
    FanOut, ///< custom code with a registered consumer: records are pushed
    Analytics, ///< a windowed query by key, as a Flink job runs it
    Kcl, ///< an application of the Kinesis Client Library
    Lambda, ///< a Lambda event source mapping and its function
    Firehose, ///< a Firehose stream that delivers to S3
};
[[nodiscard]] const char* kindText(ConsumerKind kind); ///< the word of scenarios and `run --json`

enum class StartPosition { TrimHorizon, Latest };

/// Where readers of a kind begin unless they are told: a Firehose stream always, and Flink's source
/// by default, at the tip (facts/clients.md 5.1, 6.1).
[[nodiscard]] constexpr StartPosition usualStart(ConsumerKind kind)
{
    return kind == ConsumerKind::Firehose || kind == ConsumerKind::Analytics
        ? StartPosition::Latest
        : StartPosition::TrimHorizon;
}

/// Where a reader is sent back, or forward, to.
struct ReplayPoint {
    enum class Kind { TrimHorizon, Latest, Time, SequenceNumber };
    Kind kind = Kind::TrimHorizon;
    SimDuration back; ///< Time: so long before now
    std::string sequenceNumber; ///< SequenceNumber: its shard begins with that record again
    friend bool operator==(const ReplayPoint&, const ReplayPoint&) = default;
};

/// A failure of what runs a reader.
struct Crash {
    std::int64_t worker = 0; ///< Kcl: 1 is the first; 0: all of them
    SimDuration returnsAfter; ///< none: it stays away
    friend bool operator==(const Crash&, const Crash&) = default;
};

/// One reader and its settings. Parents are read before their children, whatever the kind.
struct ConsumerSpec {
    std::string name; ///< unique in its world
    ConsumerKind kind = ConsumerKind::Polling;
    StartPosition start = StartPosition::TrimHorizon;
    double readsPerSecond = 1; ///< Polling: GetRecords per shard, 0.01 … 100
    std::int64_t recordsPerCall = 10'000; ///< Limit of GetRecords, 1 … 10,000
    /// Polling, FanOut, Kcl: what its code gets through, per shard; Analytics: per subtask. 0 = as
    /// fast as it reads. More of a shard is taken when what was read is processed.
    double recordsPerSecond = 0;
    AnalyticsSpec analytics; ///< Analytics
    KclSpec kcl; ///< Kcl
    LambdaSpec lambda; ///< Lambda
    FirehoseSpec firehose; ///< Firehose
    SimDuration startAfter;
    bool paused = false;
    friend bool operator==(const ConsumerSpec&, const ConsumerSpec&) = default;
};

} // namespace shardscope
