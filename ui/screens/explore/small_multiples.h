#pragma once

#include <QImage>
#include <QWidget>

#include "ui/screens/explore/shard_traces.h"
#include "ui/widgets/spoken_picture.h"

namespace shardscope::ui {

/// Up to 64 shards side by side: to four of them large, to sixteen as cards, beyond as rows of a
/// table with their last minute inline. A click promotes a shard to the large plots.
class SmallMultiples : public QWidget, public SpokenPicture {
    Q_OBJECT

public:
    explicit SmallMultiples(QWidget* parent = nullptr);

    void present(const Snapshot& snapshot);
    void setSelected(ShardSlot shard);
    [[nodiscard]] QRect cellRect(ShardSlot shard) const; ///< empty when it is not shown
    [[nodiscard]] const std::vector<ShardTrace>& traces() const { return m_traces; }
    [[nodiscard]] ShardOrder order() const { return m_order; }

    QString spokenName() const override;
    QString spokenText() const override;
    double spokenValue() const override; ///< percent of the hottest shard
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] QSize sizeHint() const override { return minimumSizeHint() + QSize(80, 20); }

signals:
    void shardChosen(shardscope::ShardSlot shard);

protected:
    void paintEvent(QPaintEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void keyPressEvent(QKeyEvent*) override;
    void wheelEvent(QWheelEvent*) override;

private:
    struct Grid {
        int columns = 1, rows = 1;
        int cellWidth = 1, cellHeight = 1;
        bool table = false;
        QPoint origin;
    };
    [[nodiscard]] Grid grid() const;
    /// How many cells the grid has room for, and the first trace in view: a table that is too long
    /// is turned by columns.
    [[nodiscard]] static std::size_t capacity(const Grid& grid);
    [[nodiscard]] std::size_t firstOf(const Grid& grid) const;
    void turn(int columns);
    [[nodiscard]] QRect orderSwitch() const;
    [[nodiscard]] QRect cellAt(const Grid& grid, std::size_t index) const;
    void paintCard(QPainter& painter, const QRect& cell, const ShardTrace& trace) const;
    void paintCompact(QPainter& painter, const QRect& cell, const ShardTrace& trace) const;
    void paintRow(QPainter& painter, const QRect& cell, const ShardTrace& trace) const;
    void paintTrace(QPainter& painter, const QRect& area, const ShardTrace& trace) const;

    std::vector<ShardTrace> m_traces;
    ShardSlot m_selected;
    ShardOrder m_order = ShardOrder::ByHash;
    std::size_t m_first = 0;
    QString m_widestName; ///< as many digits as the longest number of a shard
};

} // namespace shardscope::ui
