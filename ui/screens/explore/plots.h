#pragma once

#include <QStringList>

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
};

[[nodiscard]] PlotModel ingestModel(const Snapshot& snapshot, const PlotQuery& query);
[[nodiscard]] PlotModel egressModel(const Snapshot& snapshot, const PlotQuery& query);
[[nodiscard]] PlotModel totalsModel(const Snapshot& snapshot, const PlotQuery& query);
[[nodiscard]] PlotModel ageModel(const Snapshot& snapshot, const PlotQuery& query);
[[nodiscard]] PlotModel costModel(const Snapshot& snapshot, const PlotQuery& query);

/// The resolution a plot of this width draws, and the one of the lens.
[[nodiscard]] Resolution resolutionOf(const Snapshot& snapshot, const PlotQuery& query);

/// The kept refusal nearest to `at`, of one shard or of any.
[[nodiscard]] std::optional<std::uint64_t>
nearestRefusal(const Snapshot& snapshot, std::optional<ShardSlot> shard, SimTime at);

/// A consumer's line in the lag panel.
struct LagRow {
    QString name;
    QString records; ///< "10.2k records"
    QString age; ///< "8.3 s"
    QString trend; ///< "▲ growing", "● steady", "▼ draining, 1 m 35 s to go"
    double bar = 0; ///< 0 … 1 on a logarithmic scale of age
    bool alarming = false;
};
[[nodiscard]] std::vector<LagRow> lagRows(const Snapshot& snapshot);

} // namespace shardscope::ui
