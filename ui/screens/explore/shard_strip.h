#pragma once

#include <QWidget>

#include <memory>
#include <optional>

#include "ui/screens/explore/shard_raster.h"
#include "ui/screens/explore/shard_traces.h"
#include "ui/widgets/spoken_picture.h"

namespace shardscope::ui {

/// All shards over time in one painted picture, a lane each: refusals, or load with the ten hottest
/// beside it when there are more shards than cards could show.
class ShardStrip : public QWidget, public SpokenPicture {
    Q_OBJECT

public:
    enum class Shows { Refusals, Load };
    explicit ShardStrip(Shows shows, QWidget* parent = nullptr);

    void present(const Snapshot& snapshot, TimeWindow window, Resolution resolution);
    void setSelected(ShardSlot shard);
    void setCursor(std::optional<SimTime> at);
    [[nodiscard]] PlotArea area() const;
    [[nodiscard]] std::optional<ShardSlot> shardAt(const QPoint& at) const;
    [[nodiscard]] QRect listRect(std::size_t place) const; ///< a line of the ten hottest

    QString spokenName() const override;
    QString spokenText() const override { return m_sentence; }
    double spokenValue() const override { return m_value; }
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void shardChosen(shardscope::ShardSlot shard);
    void momentChosen(shardscope::ShardSlot shard, shardscope::SimTime at); ///< click in a lane
    void cursorMoved(std::optional<shardscope::SimTime> at);

protected:
    void paintEvent(QPaintEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;
    void leaveEvent(QEvent*) override;
    void changeEvent(QEvent*) override;

private:
    void paintLanes(QPainter& painter, const PlotArea& area) const;
    void paintList(QPainter& painter) const;
    void setColors();

    Shows m_shows;
    ShardRaster m_raster;
    std::vector<ShardTrace> m_hottest;
    TimeWindow m_window;
    std::vector<Annotation> m_annotations;
    ShardSlot m_selected;
    std::optional<SimTime> m_cursor;
    QString m_sentence, m_headline, m_empty;
    double m_value = 0;
};

} // namespace shardscope::ui
