#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/hash_key.h"
#include "core/engine/on_demand_scaler.h"
#include "core/engine/peak_memory.h"
#include "core/planner/flow_model.h"

namespace shardscope {

/// An on-demand stream's open shards in the flow model: asks the engine's own decide() after each
/// minute and lets what it begins open when the reaction time has passed.
class OnDemandShards {
public:
    /// `shards` even ranges; `reactionMinutes` from a decision to the children's opening.
    OnDemandShards(std::int64_t shards, std::optional<std::int64_t> warmMiBps,
                   std::int64_t reactionMinutes, const KeyWeights& keys);

    [[nodiscard]] std::vector<double> weights() const;
    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(m_open.size()); }
    /// Opens what is due at the beginning of `minute`; whether anything was.
    [[nodiscard]] bool open(std::int64_t minute);
    /// Looks at the minute that `flow` just ran, counted from 1970; `load` is the stream's,
    /// accepted, in shards.
    void close(std::int64_t minute, double load, double busiest, const FlowShards& flow);
    /// Forgets what is under way and the peaks: another time begins, with the shards as they are.
    void restart();

private:
    struct Open {
        HashKeyRange range;
        std::int64_t due = 0; ///< minute in which its children open; 0: no split is under way
        int hotSplits = 0;
        bool judged = true; ///< which of a split's children has the load is known
    };
    void judge(const FlowShards& flow);

    const KeyWeights& m_keys;
    OnDemandModel m_model;
    std::optional<std::int64_t> m_warm;
    std::int64_t m_reaction;
    std::vector<Open> m_open; ///< ascending by range
    std::int64_t m_splitting = 0;
    bool m_unjudged = false;
    PeakMemory m_peak;
    double m_highest = 0; ///< of the last 30 days
};

} // namespace shardscope
