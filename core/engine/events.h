#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/strong_id.h"
#include "core/clock/sim_time.h"

namespace shardscope {

/// What may stand on the time line. The text of `kindText` is the JSON word of `run --json`.
enum class EventKind : std::uint8_t {
    StreamCreated,
    SplitStarted,
    Split,
    MergeStarted,
    Merge,
    ScalingStarted, ///< UpdateShardCount, on-demand or a policy begins
    Scaled,
    ModeChanged,
    RetentionChanged,
    MaxRecordSizeChanged,
    WarmThroughputChanged,
    MonitoringChanged,
    EncryptionChanged,
    AccountChanged,
    FirstRefusal, ///< once per shard and rule until quiet for a minute
    ReadRefusal, ///< first of its kind, likewise
    ShardExpired,
    DataLost, ///< retention or the memory budget took records a consumer had not read
    BudgetTrim,
    ProducerAdded,
    ProducerChanged,
    ProducerPaused,
    ProducerResumed,
    ProducerRemoved,
    ConsumerAdded,
    ConsumerChanged,
    ConsumerPaused,
    ConsumerResumed,
    ConsumerRemoved,
    ConsumerReplayed,
    ConsumerCrashed,
    PolicyAttached,
    PolicyDetached,
    HotKeyAdvice,
    Note, ///< a person's or a scenario's own words
    Refused, ///< an act that the service refused, with its sentence
};
[[nodiscard]] const char* kindText(EventKind kind);

struct Event {
    SimTime at;
    EventKind kind {};
    std::vector<ShardSlot> shards; ///< concerned: parents first, then children
    std::string text; ///< one sentence
};

} // namespace shardscope
