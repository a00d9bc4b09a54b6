#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/consumers/consumer_spec.h"
#include "core/engine/requests.h"
#include "core/engine/service_options.h"
#include "core/workload/producer_spec.h"

namespace shardscope {

struct StreamSpec {
    std::string name = "orders";
    StreamMode mode = StreamMode::Provisioned;
    std::int64_t shards = 4;
    std::int64_t retentionHours = 24;
    std::int64_t maxRecordSizeKiB = 1024;
    std::optional<std::int64_t> warmThroughputMiBps;
    std::vector<ShardLevelMetric> enhancedMonitoring;
    bool encrypted = false;
    friend bool operator==(const StreamSpec&, const StreamSpec&) = default;
};

// --- acts: what a person, a scenario or a test does to a running world ---------------------------

struct AddProducer {
    ProducerSpec spec;
};
struct ChangeProducer {
    ProducerSpec spec;
}; ///< by name
struct PauseProducer {
    std::string name;
    bool paused = true;
};
struct RemoveProducer {
    std::string name;
};
struct AddConsumer {
    ConsumerSpec spec;
};
struct ChangeConsumer {
    ConsumerSpec spec;
}; ///< by name
struct PauseConsumer {
    std::string name;
    bool paused = true;
};
struct RemoveConsumer {
    std::string name;
};
struct ReplayConsumer {
    std::string name;
    ReplayPoint to;
};
/// What runs a reader fails: by name.
struct CrashConsumer {
    std::string name;
    Crash crash;
};
/// "the oldest record", "5m back", …
[[nodiscard]] std::string placeText(const ReplayPoint& to);
struct AttachPolicy {
    std::optional<ScalingPolicySpec> policy;
}; ///< none detaches
struct SetAccountLimits {
    AccountLimits limits;
};
struct Note {
    std::string text;
};

/// A ControlRequest whose streamName is empty means the scenario's stream.
using Act = std::variant<ControlRequest, AddProducer, ChangeProducer, PauseProducer, RemoveProducer,
                         AddConsumer, ChangeConsumer, PauseConsumer, RemoveConsumer, ReplayConsumer,
                         CrashConsumer, AttachPolicy, SetAccountLimits, Note>;
/// A few words for menus and the undo list, e.g. "split shard 2".
[[nodiscard]] std::string actText(const Act& act);

struct ScheduledAct {
    SimDuration at; ///< since the run's start
    Act act;
};

/// What a scenario promises, checked at its end by a test and by `run`.
struct Expectation {
    std::string metric; ///< e.g. `refused.percent`, `accepted.recordsPerSecond`, `openShards`,
                        ///< `maxIteratorAgeMs`
    double least = 0;
    double most = 0;
    SimDuration from, to; ///< part of the run that is meant; to = 0: its end
};

/// One value that describes a run, seed included.
struct Scenario {
    std::string name; ///< `hot-key`
    std::string title; ///< "Hot key"
    std::string lesson; ///< one line
    std::string comment; ///< as long as its author likes
    std::uint64_t seed = 1;
    SimTime start = kDefaultStart;
    SimDuration history = SimDuration::minutes(5); ///< run before the first frame in the window
    SimDuration duration = SimDuration::minutes(10); ///< what `run` runs unless told otherwise
    double speed = 10; ///< in the window at start
    std::string region = "us-east-1";
    AccountLimits account;
    bool advantage = false;
    ServiceTimings timings;
    StreamSpec stream;
    std::vector<ProducerSpec> producers;
    std::vector<ConsumerSpec> consumers;
    std::optional<ScalingPolicySpec> policy;
    std::vector<ScheduledAct> acts;
    std::vector<Expectation> expect;
    Bytes memoryBudget = 1_GiB;
};

} // namespace shardscope
