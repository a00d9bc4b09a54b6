#pragma once

#include <memory>
#include <optional>

#include "core/metrics/snapshot.h"
#include "ui/dialogs/act_dialog.h"

class QComboBox;
class QLineEdit;
class QSpinBox;

namespace shardscope::ui {

/// Splits a shard at a share of its range, at a hash key, or just at a partition key.
class SplitDialog : public ActDialog {
    Q_OBJECT

public:
    SplitDialog(std::shared_ptr<const Snapshot> snapshot, ShardSlot shard, Deck deck,
                QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] Act act() const override;

private:
    [[nodiscard]] Result<HashKey> point() const; ///< where the upper child begins
    [[nodiscard]] const ShardRow* row() const;

    std::shared_ptr<const Snapshot> m_snapshot;
    QComboBox* m_shard;
    QComboBox* m_how;
    QLineEdit* m_where;
};

/// Merges a shard with a neighbour.
class MergeDialog : public ActDialog {
    Q_OBJECT

public:
    enum class Side { Left, Right };
    MergeDialog(std::shared_ptr<const Snapshot> snapshot, ShardSlot shard, Side side, Deck deck,
                QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] Act act() const override;

private:
    struct Pair {
        const ShardRow* lower = nullptr;
        const ShardRow* upper = nullptr;
    };
    [[nodiscard]] Pair pair() const;

    std::shared_ptr<const Snapshot> m_snapshot;
    QComboBox* m_shard;
    QComboBox* m_side;
};

/// UpdateShardCount.
class ShardCountDialog : public ActDialog {
    Q_OBJECT

public:
    ShardCountDialog(std::shared_ptr<const Snapshot> snapshot, Deck deck, QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] Act act() const override;

private:
    std::shared_ptr<const Snapshot> m_snapshot;
    QSpinBox* m_count;
};

/// Open shards by hash range.
[[nodiscard]] std::vector<const ShardRow*> openShards(const Snapshot& snapshot);

} // namespace shardscope::ui
