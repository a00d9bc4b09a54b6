#pragma once

#include "core/metrics/snapshot.h"
#include "ui/view_state.h"
#include "ui/widgets/plot_model.h"

/// What each plot of the Explore board shows, computed from a snapshot alone.
namespace shardscope::ui {

struct PlotQuery {
    ShardSlot shard;
    ViewState::Unit unit = ViewState::Unit::Percent;
    bool cloudWatchLens = false; ///< 1-minute sums ÷ 60 instead of the truth
    TimeWindow window;
    int width = 400; ///< pixels: decides the resolution
    std::optional<ConsumerSlot> reader; ///< age and lag: of this one alone
};

[[nodiscard]] PlotModel ingestModel(const Snapshot& snapshot, const PlotQuery& query);
[[nodiscard]] PlotModel egressModel(const Snapshot& snapshot, const PlotQuery& query);
[[nodiscard]] PlotModel totalsModel(const Snapshot& snapshot, const PlotQuery& query);
/// Age of the oldest unread record per consumer, against retention.
[[nodiscard]] PlotModel ageModel(const Snapshot& snapshot, const PlotQuery& query);
/// Records behind per consumer, with the trend in words.
[[nodiscard]] PlotModel lagModel(const Snapshot& snapshot, const PlotQuery& query);
[[nodiscard]] PlotModel costModel(const Snapshot& snapshot, const PlotQuery& query);

/// The resolution a plot of this width draws, and the one of the lens.
[[nodiscard]] Resolution resolutionOf(const Snapshot& snapshot, const PlotQuery& query);

/// What happened to the stream and its clients inside the window, the birth of the run left out.
[[nodiscard]] std::vector<Annotation> annotationsIn(const Snapshot& snapshot, TimeWindow window);

/// The kept refusal nearest to `at`, of one shard or of any.
[[nodiscard]] std::optional<std::uint64_t>
nearestRefusal(const Snapshot& snapshot, std::optional<ShardSlot> shard, SimTime at);

} // namespace shardscope::ui
