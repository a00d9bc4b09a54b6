#pragma once

#include <QWidget>

#include <memory>

#include "core/metrics/snapshot.h"
#include "core/scenario/scenario.h"
#include "ui/feed.h"
#include "ui/view_state.h"

namespace shardscope::ui {

/// The centre of Explore: shard map with lineage and key heat on top; below it the selected shard's
/// ingest and egress, small multiples, refusals, stream totals, iterator age, lag and cost. Looks
/// at snapshots; asks for changes by signal and changes nothing itself.
class ExploreBoard : public QWidget {
    Q_OBJECT

public:
    ExploreBoard(Feed& feed, ViewState& view, QWidget* parent = nullptr);
    ~ExploreBoard() override;

    void present(const Snapshot& snapshot);

public slots:
    /// Drops a pin on the map where MD5(key) lies; empty removes it.
    void pinKey(const QString& partitionKey);
    /// Opens the split handle of the selected shard at the middle, for keyboard and menu.
    void beginSplit();
    void setLineageDepth(shardscope::SimDuration depth);

signals:
    void actAsked(const shardscope::Act& act); ///< split, merge: the frame submits it
    void shardMenuAsked(shardscope::ShardSlot shard, const QPoint& global);
    void statusText(const QString& sentence); ///< for the status line: previews, refusal reasons
    void pinnedShard(shardscope::ShardSlot shard);

protected:
    void paintEvent(QPaintEvent*) override;
    void resizeEvent(QResizeEvent*) override;
    void changeEvent(QEvent*) override;
    void showEvent(QShowEvent* event) override;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace shardscope::ui
