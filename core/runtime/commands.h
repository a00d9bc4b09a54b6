#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/metrics/snapshot.h"
#include "core/scenario/scenario.h"

/// What the window may ask of a run, beside the acts of scenario.h.
namespace shardscope {

struct Load {
    Scenario scenario;
    bool paused = false;
};
struct Play { };
struct Pause { };
struct SetSpeed {
    double factor = 1;
}; ///< 0.1 … 1,000; 0 = max
struct SetSlowDownAtEvents {
    bool on = true;
};
struct StepForward {
    bool wholeSecond = false;
}; ///< to the next event, or the next full second; then pause
struct StepBack {
    bool wholeSecond = false;
};
struct JumpToStart { };
struct RunUntil {
    RunCondition condition;
};
struct Do {
    Act act;
}; ///< an act of the person: can be undone
struct Undo { };
struct Redo { };
using Command = std::variant<Load, Play, Pause, SetSpeed, SetSlowDownAtEvents, StepForward,
                             StepBack, JumpToStart, RunUntil, Do, Undo, Redo>;

/// The Why card: everything that decided one refusal, found by replaying that second with a tracer.
struct WhyCard {
    Refusal refusal;
    std::string rule; ///< "W1"
    std::string ruleText; ///< "A shard takes at most 1 MiB per second (data + partition key)."
    std::string key; ///< partition key, text
    std::string producer; ///< its name
    HashKey hash; ///< MD5(key), or the explicit hash key
    bool explicitHash = false;
    ShardSlot shard;
    HashKeyRange range;
    struct Arrival {
        int ms = 0; ///< within the second
        std::string key;
        std::uint32_t bytes = 0;
        Outcome outcome {};
        double bucketBefore = 0; ///< tokens in the rule's bucket: bytes or records
        std::int64_t runningSum = 0; ///< accepted in this second so far, in the rule's unit
        bool thisOne = false;
    };
    SimTime second; ///< its start
    std::vector<Arrival>
        arrivals; ///< around the refusal: the first of the second, those before and after it
    std::int64_t arrivalsInSecond = 0, acceptedInSecond = 0, refusedInSecond = 0;
    double keyShareOfRefused = 0, keyShareOfOffered = 0; ///< 0 … 1, this second, this shard
    double cloudWatchPercent = 0; ///< what CloudWatch shows for this minute: mean % of the limit
    SimTime wouldPassAt;
    struct WhatIf {
        std::string change;
        std::string answer;
        bool helps = false;
    };
    std::vector<WhatIf> whatIf; ///< each computed by re-running the engine with that one change
};

} // namespace shardscope
