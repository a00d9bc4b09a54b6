#pragma once

#include <QRect>
#include <QSize>

#include <array>

/// How the board shares out its room. Plain values, tested without a screen.
namespace shardscope::ui {

struct BoardNeeds {
    QSize size;
    int mapLeast = 0; ///< height below which the map says nothing
    QSize plotLeast; ///< below which a plot says nothing
    int openShards = 0;
    int lineHeight = 16;
    int scrollBar = 12; ///< its width
};

struct BoardLayout {
    QRect map, lower; ///< in the board
    bool scrolls = false;
    int contentHeight = 0; ///< of what `lower` scrolls
    /// In the content: ingest, egress, all shards, totals, age, refusals, lag, cost.
    std::array<QRect, 8> panes;
};
[[nodiscard]] BoardLayout layoutBoard(const BoardNeeds& needs);

} // namespace shardscope::ui
