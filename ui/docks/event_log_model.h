#pragma once

#include <QAbstractTableModel>

#include <memory>
#include <vector>

#include "core/engine/events.h"

namespace shardscope::ui {

/// All events of the run as a table, ascending in time.
class EventLogModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, Kind, Shards, Text, Columns };

    using QAbstractTableModel::QAbstractTableModel;

    /// `world` tells another run from the same run further on, to which rows are only added.
    void setEvents(std::shared_ptr<const std::vector<Event>> events, std::uint64_t world);
    [[nodiscard]] const Event* at(int row) const; ///< null outside

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    std::shared_ptr<const std::vector<Event>> m_events;
    std::uint64_t m_world = 0;
};

/// A sign for the lane; shape tells the kind.
[[nodiscard]] QString eventSign(EventKind kind);

} // namespace shardscope::ui
