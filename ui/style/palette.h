#pragma once

#include <QColor>
#include <QPalette>

namespace shardscope::ui {

enum class Look { Light, Dark, HighContrast };

/// Colours by meaning. The verified table is in the tests, which recompute contrast and difference.
/// No red beside green; "bad" is never shown by colour alone.
struct Palette {
    Look look = Look::Light;
    QColor plot; ///< background of plots
    QColor window, panel, border, text, mutedText, focus, accent;
    QColor ingest, egress, refused, age, lag, limit, grid;
    QColor closedShard, splitting; ///< hatches of the shard map

    /// 0 … 1 on the cividis ramp: key heat and load, the same in every look.
    [[nodiscard]] static QRgb heat(double value);
    [[nodiscard]] QPalette toQPalette() const;
};
[[nodiscard]] const Palette& paletteOf(Look look);

/// The look in force; changed through setLook alone, which also restyles the application.
[[nodiscard]] const Palette& palette();
void setLook(Look look);

} // namespace shardscope::ui
