#pragma once

#include <QAbstractTableModel>

#include <vector>

#include "core/metrics/snapshot.h"

namespace shardscope::ui {

/// Producers or consumers as rows: a glyph of their state, name, and live figures.
class ActorsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum class State { Running, Paused, Struggling };
    struct Row {
        State state = State::Running;
        QString name;
        QString figures; ///< "800 rec/s", "8.0 s behind ↑"
        QString details; ///< several lines, for the tool tip
        friend bool operator==(const Row&, const Row&) = default;
    };
    enum Column { Name, Figures, Columns };
    enum Role { StateRole = Qt::UserRole };

    using QAbstractTableModel::QAbstractTableModel;

    /// Takes over what changed; keeps rows (and so the selection) of the names that stay.
    void setRows(std::vector<Row> rows);
    [[nodiscard]] const std::vector<Row>& rows() const { return m_rows; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    std::vector<Row> m_rows;
};

/// Those still in the world, in the order in which they joined.
[[nodiscard]] std::vector<ActorsModel::Row> producerRows(const Snapshot& snapshot);
[[nodiscard]] std::vector<ActorsModel::Row> consumerRows(const Snapshot& snapshot);

} // namespace shardscope::ui
