#pragma once

#include <QAbstractTableModel>

#include <memory>

#include "core/planner/plan.h"

namespace shardscope::ui {

/// The ways to run one planned stream, a row each.
class OptionsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;
    enum Column { Mode, Shards, Refused, Worst, Peak, Age, Cost, kColumns };

    /// Keeps `result` alive.
    void show(std::shared_ptr<const PlanResult> result, std::size_t stream);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] const StreamPlan* stream() const;

    std::shared_ptr<const PlanResult> m_result;
    std::size_t m_stream = 0;
};

} // namespace shardscope::ui
