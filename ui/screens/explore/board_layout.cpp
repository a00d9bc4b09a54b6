#include "ui/screens/explore/board_layout.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace shardscope::ui {

namespace {

constexpr int kEdge = 16; // px, left and right of everything
constexpr int kColumnGap = 16;
constexpr int kRowGap = 8;
constexpr double kParts = 12; // of a row

enum Pane { Ingest, Egress, Shards, Totals, Age, Refusals, Lag, Cost };

/// A pane and how many of its row's parts it takes.
struct Cell {
    Pane pane;
    int span;
};
using Rows = std::vector<std::vector<Cell>>;

Rows rowsFor(const BoardNeeds& needs, int width)
{
    // A little more than the least, or titles and figures of neighbours would touch.
    const auto fit = [&](int panes) {
        return width + kColumnGap >= panes * (needs.plotLeast.width() * 6 / 5 + kColumnGap);
    };
    if (!fit(2)) {
        Rows single;
        for (const Pane pane : {Ingest, Egress, Shards, Totals, Age, Refusals, Lag, Cost})
            single.push_back({{pane, 12}});
        return single;
    }
    const bool few = needs.openShards <= 4;
    const bool table = needs.openShards > 16;
    if (fit(4) && !few)
        return {{{Ingest, 6}, {Egress, 6}},
                {{Shards, 8}, {Totals, 4}},
                {{Refusals, 3}, {Age, 3}, {Lag, 3}, {Cost, 3}}};
    if (fit(3) && !few)
        return {{{Ingest, 6}, {Egress, 6}},
                {{Shards, 8}, {Totals, 4}},
                {{Refusals, 4}, {Age, 4}, {Lag, 4}},
                {{Cost, 6}}};
    if (fit(3))
        return {{{Ingest, 6}, {Egress, 6}},
                {{Shards, 4}, {Totals, 4}, {Age, 4}},
                {{Refusals, 4}, {Lag, 4}, {Cost, 4}}};
    if (table)
        return {{{Ingest, 6}, {Egress, 6}},
                {{Shards, 12}},
                {{Refusals, 6}, {Totals, 6}},
                {{Age, 6}, {Lag, 6}},
                {{Cost, 6}}};
    return {{{Ingest, 6}, {Egress, 6}},
            {{Shards, 6}, {Age, 6}},
            {{Refusals, 6}, {Lag, 6}},
            {{Totals, 6}, {Cost, 6}}};
}

int leastHeight(const std::vector<Cell>& row, const BoardNeeds& needs)
{
    int least = needs.plotLeast.height() + needs.lineHeight * 2;
    for (const Cell& cell : row)
        if (cell.pane == Shards && needs.openShards > 16)
            least = std::max(least, needs.lineHeight * (needs.openShards > 32 ? 14 : 10));
        else if (cell.pane == Shards && needs.openShards > 4)
            least = std::max(least, needs.lineHeight * 13);
    return least;
}

} // namespace

BoardLayout layoutBoard(const BoardNeeds& needs)
{
    BoardLayout layout;
    const int width = std::max(1, needs.size.width() - 2 * kEdge);
    const int height = needs.size.height();
    const int map = std::max(needs.mapLeast, std::min(static_cast<int>(height * 0.31), 320));
    layout.map = {kEdge, 4, width, map};
    layout.lower = {kEdge, map + 4 + kRowGap, width, std::max(1, height - map - 4 - kRowGap)};

    const auto rows = rowsFor(needs, width);
    const int gaps = kRowGap * static_cast<int>(rows.size());
    int least = gaps;
    for (const auto& row : rows)
        least += leastHeight(row, needs);
    // Rows that reach into the picture share it; what is left over is scrolled, not squeezed.
    layout.scrolls = least > layout.lower.height();
    const int spare = std::max(0, layout.lower.height() - least);
    const int inner = width - (layout.scrolls ? needs.scrollBar : 0);
    int y = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        // Half of the spare room goes to the first row, whose plots are read most closely.
        const int share = r == 0 && rows.size() > 1
            ? spare * 2 / (static_cast<int>(rows.size()) + 1)
            : (spare - (rows.size() > 1 ? spare * 2 / (static_cast<int>(rows.size()) + 1) : 0))
                / std::max(1, static_cast<int>(rows.size()) - 1);
        const int high = leastHeight(rows[r], needs) + share;
        const double unit = (inner + kColumnGap) / kParts;
        int part = 0;
        for (const Cell& cell : rows[r]) {
            const int left = static_cast<int>(std::lround(part * unit));
            const int right = static_cast<int>(std::lround((part + cell.span) * unit)) - kColumnGap;
            layout.panes[static_cast<std::size_t>(cell.pane)] = {left, y, right - left, high};
            part += cell.span;
        }
        y += high + kRowGap;
    }
    layout.contentHeight = std::max(y, layout.lower.height());
    return layout;
}

} // namespace shardscope::ui
