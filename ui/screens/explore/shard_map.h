#pragma once

#include <QWidget>

#include <memory>
#include <optional>

#include "core/metrics/snapshot.h"
#include "ui/screens/explore/key_heat.h"
#include "ui/screens/explore/shard_map_geometry.h"
#include "ui/screens/explore/split_preview.h"
#include "ui/widgets/spoken_picture.h"

namespace shardscope::ui {

/// The hash-key space: shards across as wide as their ranges, their lineage downwards to the row
/// of now, and the heat of the keys under it. Splits and merges are previewed here and asked for
/// by signal.
class ShardMap : public QWidget {
    Q_OBJECT

public:
    explicit ShardMap(QWidget* parent = nullptr);

    void present(std::shared_ptr<const Snapshot> snapshot);
    void setSelected(ShardSlot shard);
    void setDepth(SimDuration depth); ///< 10 s … 30 d
    void setPin(const QString& key); ///< empty removes it
    [[nodiscard]] std::optional<ShardSlot> pinnedShard() const;
    void beginSplit(); ///< of the selected shard, at the middle

    /// Where things are, for tests and for people who do not point.
    [[nodiscard]] QRect shardRect(ShardSlot shard) const;
    [[nodiscard]] QRect handleRect(ShardSlot shard) const; ///< empty when the shard is too narrow
    [[nodiscard]] ShardMapGeometry geometryNow() const;
    [[nodiscard]] const ShardMapModel& model() const { return m_model; }
    [[nodiscard]] ShardSlot selected() const { return m_selected; }
    [[nodiscard]] QStringList cardOf(ShardSlot shard) const;
    [[nodiscard]] QString spokenShard(const MapShard& shard) const;
    [[nodiscard]] const std::optional<SplitPreview>& splitPreview() const { return m_split; }

    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void shardChosen(shardscope::ShardSlot shard);
    void splitAsked(shardscope::ShardSlot shard, const QString& startingHashKey);
    void mergeAsked(shardscope::ShardSlot lower, shardscope::ShardSlot upper);
    void menuAsked(shardscope::ShardSlot shard, const QPoint& global);
    void statusText(const QString& sentence);

protected:
    void paintEvent(QPaintEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;
    void mouseReleaseEvent(QMouseEvent*) override;
    void mouseDoubleClickEvent(QMouseEvent*) override;
    void wheelEvent(QWheelEvent*) override;
    void focusInEvent(QFocusEvent*) override;
    void keyPressEvent(QKeyEvent*) override;
    void leaveEvent(QEvent*) override;
    void contextMenuEvent(QContextMenuEvent*) override;

private:
    struct Pin {
        QString key;
        HashKey hash;
    };
    struct Merge {
        std::size_t border = 0; ///< between open shards border-1 and border
        std::optional<std::size_t> over; ///< open shard under the pointer
        MergePreview preview;
    };

    void paintHeader(QPainter& painter, const ShardMapGeometry& g) const;
    void paintLineage(QPainter& painter, const ShardMapGeometry& g) const;
    void paintNow(QPainter& painter, const ShardMapGeometry& g) const;
    void paintCell(QPainter& painter, const QRect& cell, const MapShard& shard) const;
    [[nodiscard]] int wordsNeed() const; ///< px of a cell that carries words, in this font
    void paintHeat(QPainter& painter, const ShardMapGeometry& g) const;
    void paintPreview(QPainter& painter, const ShardMapGeometry& g) const;

    [[nodiscard]] const MapShard* shardAt(const QPoint& at) const;
    [[nodiscard]] std::optional<std::size_t> borderAt(const QPoint& at) const;
    /// What the lineage spans: the depth asked for, or the run's age while it is younger.
    [[nodiscard]] SimDuration depthNow() const;
    void previewSplit(HashKey at);
    void dragSplit(const QPoint& to, bool snap);
    void dragMerge(const QPoint& to);
    void commitSplit();
    void cancel();
    void select(ShardSlot shard);
    void moveSelection(int by);

    std::shared_ptr<const Snapshot> m_snapshot;
    ShardMapModel m_model;
    KeyHeat m_heat;
    SimDuration m_depth = SimDuration::minutes(5);
    double m_from = 0, m_to = 1;
    ShardSlot m_selected;
    std::optional<ShardSlot> m_hovered;
    bool m_byKeyboard = false; ///< the focus is used by keys: then its ring is drawn
    std::optional<QPoint> m_pointer;
    std::optional<Pin> m_pin;
    std::optional<SplitPreview> m_split;
    ShardSlot m_splitting;
    bool m_dragging = false; ///< the split handle is held
    bool m_moved = false; ///< and was moved: only then does letting go split
    std::optional<Merge> m_merge;
    mutable std::optional<QFont> m_wordsFont; ///< for which `m_wordsNeed` was measured
    mutable int m_wordsNeed = 0;
};

} // namespace shardscope::ui
