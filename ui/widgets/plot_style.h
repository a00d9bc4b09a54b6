#pragma once

#include <QColor>
#include <QFont>
#include <QPainter>

#include "ui/style/palette.h"
#include "ui/widgets/plot_model.h"

/// What all pictures of the board share, so that they line up and read as one.
namespace shardscope::ui {

/// Room around a plot, from the font alone: every plot of one width has its axis at the same place.
struct PlotMargins {
    int left = 0, right = 0, title = 0, axis = 0, marks = 0;
};
[[nodiscard]] PlotMargins plotMargins(const QFont& font);

[[nodiscard]] QFont smallFont(const QFont& font); ///< axis labels, notes
[[nodiscard]] QFont titleFont(const QFont& font);
[[nodiscard]] QFont digitsFont(const QFont& font); ///< figures that stand under each other

[[nodiscard]] Qt::PenStyle penStyleOf(Stroke stroke);
[[nodiscard]] QColor inkColor(const Palette& palette, Ink ink);
[[nodiscard]] QColor withAlpha(QColor color, int alpha);
[[nodiscard]] QRgb mixed(const QColor& over, const QColor& under, double part);

/// Title at the left, headline at the right, both on one line of `margins.title` height.
void paintTitle(QPainter& painter, const QRect& room, const QString& title, const QString& headline,
                bool alarming, const Palette& palette);
/// A sentence in the middle of an empty plot.
void paintEmpty(QPainter& painter, const QRect& area, const QString& sentence,
                const Palette& palette);
/// A card of short lines that stays inside `bounds`, beside `at`.
void paintCard(QPainter& painter, const QPoint& at, const QRect& bounds, const QStringList& lines,
               const Palette& palette);

/// What happened, as thin lines from top to bottom; those closer than a few pixels become one.
void paintAnnotations(QPainter& painter, const PlotArea& area,
                      const std::vector<Annotation>& annotations, const Palette& palette);

} // namespace shardscope::ui
