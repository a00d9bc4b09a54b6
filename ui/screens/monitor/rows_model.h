#pragma once

#include <QAbstractTableModel>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ui/text.h"

namespace shardscope::ui {

/// What a sorting proxy sorts by, and what BarDelegate draws: 0 … 1 of what there could be, more
/// when it is exceeded.
enum RowsRole { kOrderRole = Qt::UserRole, kBarRole };

/// A whole number as what sorting compares as one; a plain `long` would be compared as text.
[[nodiscard]] inline QVariant whole(std::int64_t n)
{
    return static_cast<qlonglong>(n);
}

/// A column of a table that watches: what it says of a row and what it is sorted by.
template <typename Row> struct RowsColumn {
    QString title;
    QString tip; ///< of the heading
    std::function<QString(const Row&)> text;
    std::function<QVariant(const Row&)> order; ///< none: the text
    bool number = false; ///< set to the right
    std::function<double(const Row&)> bar; ///< none: no bar
    std::function<QString(const Row&)> rowTip; ///< none: the text
};

/// Rows of a published value as a table. A row keeps its place as long as its key is there, new
/// ones come at the end: selections stay, and who wants an order sorts through a proxy. Holds the
/// published value itself, not a copy of it.
template <typename Row> class RowsModel : public QAbstractTableModel {
public:
    using Key = std::function<std::string(const Row&)>;
    /// Rows as they were published; they must live as long as the pointer does.
    using Rows = std::shared_ptr<const std::vector<Row>>;

    RowsModel(std::vector<RowsColumn<Row>> columns, Key key, QObject* parent = nullptr)
        : QAbstractTableModel(parent)
        , m_columns(std::move(columns))
        , m_key(std::move(key))
    {
    }

    void setRows(Rows rows)
    {
        if (rows == m_rows)
            return;
        std::unordered_map<std::string, std::size_t> places;
        if (rows != nullptr)
            for (std::size_t i = 0; i < rows->size(); ++i)
                places.emplace(m_key((*rows)[i]), i);
        std::size_t gone = 0;
        for (const std::string& key : m_keys)
            gone += places.contains(key) ? 0U : 1U;
        if (gone > kRemovedSingly)
            reset(std::move(rows), places);
        else
            follow(std::move(rows), std::move(places));
    }

    /// Null outside.
    [[nodiscard]] const Row* at(int row) const
    {
        return row >= 0 && row < rowCount() ? &(*m_rows)[m_places[static_cast<std::size_t>(row)]]
                                            : nullptr;
    }
    /// -1 when there is none.
    [[nodiscard]] int rowOf(const std::string& key) const
    {
        for (std::size_t i = 0; i < m_keys.size(); ++i)
            if (m_keys[i] == key)
                return static_cast<int>(i);
        return -1;
    }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_keys.size());
    }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
    }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override
    {
        const Row* row = index.isValid() ? at(index.row()) : nullptr;
        if (row == nullptr || index.column() >= columnCount())
            return {};
        const RowsColumn<Row>& column = m_columns[static_cast<std::size_t>(index.column())];
        switch (role) {
        case Qt::DisplayRole:
            return column.text(*row);
        case Qt::ToolTipRole:
            return column.rowTip ? column.rowTip(*row) : column.text(*row);
        case Qt::TextAlignmentRole:
            return static_cast<int>((column.number ? Qt::AlignRight : Qt::AlignLeft)
                                    | Qt::AlignVCenter);
        case kOrderRole:
            return column.order ? column.order(*row) : QVariant(column.text(*row));
        case kBarRole:
            return column.bar ? QVariant(column.bar(*row)) : QVariant();
        default:
            return {};
        }
    }
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override
    {
        if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
            return {};
        const RowsColumn<Row>& column = m_columns[static_cast<std::size_t>(section)];
        if (role == Qt::DisplayRole)
            return column.title;
        if (role == Qt::ToolTipRole)
            return column.tip;
        if (role == Qt::TextAlignmentRole)
            return static_cast<int>((column.number ? Qt::AlignRight : Qt::AlignLeft)
                                    | Qt::AlignVCenter);
        return {};
    }

private:
    using Places = std::unordered_map<std::string, std::size_t>;
    static constexpr std::size_t kRemovedSingly = 100; ///< beyond it, starting over is cheaper

    void reset(Rows rows, const Places& places)
    {
        beginResetModel();
        m_rows = std::move(rows);
        m_keys.clear();
        m_places.clear();
        for (std::size_t i = 0; m_rows != nullptr && i < m_rows->size(); ++i) {
            std::string key = m_key((*m_rows)[i]);
            if (places.at(key) == i) { // a key that comes twice is shown once
                m_keys.push_back(std::move(key));
                m_places.push_back(i);
            }
        }
        endResetModel();
    }

    void follow(Rows rows, Places places)
    {
        // Removed rows go while the old value is still there to be asked.
        for (std::size_t i = m_keys.size(); i-- > 0;) {
            if (places.contains(m_keys[i]))
                continue;
            beginRemoveRows({}, static_cast<int>(i), static_cast<int>(i));
            m_keys.erase(m_keys.begin() + static_cast<std::ptrdiff_t>(i));
            m_places.erase(m_places.begin() + static_cast<std::ptrdiff_t>(i));
            endRemoveRows();
        }
        m_rows = std::move(rows);
        for (std::size_t i = 0; i < m_keys.size(); ++i) {
            const auto found = places.find(m_keys[i]);
            m_places[i] = found->second;
            places.erase(found);
        }
        if (!m_keys.empty())
            emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        if (places.empty())
            return;
        std::vector<std::pair<std::size_t, std::string>> fresh;
        for (auto& [key, place] : places)
            fresh.emplace_back(place, key);
        std::sort(fresh.begin(), fresh.end());
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(fresh.size()) - 1);
        for (auto& [place, key] : fresh) {
            m_keys.push_back(std::move(key));
            m_places.push_back(place);
        }
        endInsertRows();
    }

    std::vector<RowsColumn<Row>> m_columns;
    Key m_key;
    Rows m_rows;
    std::vector<std::string> m_keys; ///< of the rows, in the table's order
    std::vector<std::size_t> m_places; ///< where each lies in m_rows
};

} // namespace shardscope::ui
