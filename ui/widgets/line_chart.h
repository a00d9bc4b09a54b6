#pragma once

#include <QPixmap>
#include <QWidget>

#include <memory>
#include <optional>

#include "ui/widgets/plot_model.h"
#include "ui/widgets/spoken_picture.h"

namespace shardscope::ui {

/// The one class that uses Qt Charts: it draws the lines of a PlotModel. Axes, fillings, limit
/// lines and the row of marks are painted around them, because Qt Charts has no hatch, no marks
/// below the axis, and lays itself out anew whenever an axis changes. Everything but the
/// cross-hair is kept in one pixmap, so that pointing costs no drawing.
class LineChart : public QWidget, public SpokenPicture {
    Q_OBJECT

public:
    explicit LineChart(QWidget* parent = nullptr);
    ~LineChart() override;

    void setModel(PlotModel model);
    [[nodiscard]] const PlotModel& model() const { return m_model; }
    /// The shared cross-hair.
    void setCursor(std::optional<SimTime> at);
    /// Where values lie now: tests ask instead of guessing pixels.
    [[nodiscard]] PlotArea area() const;
    [[nodiscard]] QRect markRow() const;
    /// The limit line under the pointer, whose card is shown instead of the bucket's; or null.
    [[nodiscard]] const LimitLine* limitAt(const QPoint& at) const;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] QSize sizeHint() const override;

    QString spokenName() const override { return m_model.title; }
    QString spokenText() const override { return m_model.sentence; }
    double spokenValue() const override { return m_model.spokenValue; }

signals:
    void cursorMoved(std::optional<shardscope::SimTime> at);
    void windowChosen(shardscope::TimeWindow window); ///< dragged with the left button
    void panned(shardscope::SimDuration by); ///< dragged with the right or middle button
    void zoomAsked(double factor, shardscope::SimTime at); ///< wheel; below 1 shows less time
    void backAsked(); ///< double click
    void markChosen(shardscope::SimTime at); ///< click on the row of marks
    void clicked(shardscope::SimTime at);
    void menuAsked(const QPoint& global);
    void tableAsked(); ///< `T`

protected:
    void paintEvent(QPaintEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;
    void mouseReleaseEvent(QMouseEvent*) override;
    void mouseDoubleClickEvent(QMouseEvent*) override;
    void wheelEvent(QWheelEvent*) override;
    void keyPressEvent(QKeyEvent*) override;
    void leaveEvent(QEvent*) override;
    void resizeEvent(QResizeEvent*) override;
    void changeEvent(QEvent*) override;
    void contextMenuEvent(QContextMenuEvent*) override;

private:
    class Lines;
    void draw();
    void drawGrid(QPainter& painter, const PlotArea& area) const;
    void drawFills(QPainter& painter, const PlotArea& area) const;
    void drawLimits(QPainter& painter, const PlotArea& area) const;
    void drawMarks(QPainter& painter, const PlotArea& area) const;
    void drawHeader(QPainter& painter) const;
    void drawLegend(QPainter& painter) const;
    void drawWords(QPainter& painter, const PlotArea& area) const;
    [[nodiscard]] int legendRows() const;
    void drawOverlay(QPainter& painter, const PlotArea& area) const;

    PlotModel m_model;
    std::unique_ptr<Lines> m_lines;
    QPixmap m_picture;
    bool m_stale = true;
    bool m_pointed = false; ///< the pointer, or the keyboard, is here and not in a neighbour
    std::optional<SimTime> m_cursor;
    std::optional<QPoint> m_pressed;
    QPoint m_last;
    Qt::MouseButton m_button = Qt::NoButton;
};

} // namespace shardscope::ui
