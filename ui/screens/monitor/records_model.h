#pragma once

#include <QAbstractTableModel>

#include <deque>
#include <memory>
#include <optional>
#include <string_view>

#include "core/engine/requests.h"

namespace shardscope::ui {

/// Records that were read, in the order in which they came, newest last. The oldest pages go when
/// they are more than kBytesMost or kRowsMost together.
class RecordsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, Shard, Key, Size, Data, Columns };
    static constexpr std::size_t kBytesMost = 64U << 20;
    static constexpr int kRowsMost = 100'000;

    using Page = std::shared_ptr<const RecordPage>;

    /// One record; valid until the model is changed. `page` keeps the texts alive beyond it.
    struct Record {
        Page page;
        std::size_t row = 0;
        [[nodiscard]] const RecordPage::Row& meta() const { return page->rows[row]; }
        [[nodiscard]] std::string_view key() const { return page->key(row); }
        [[nodiscard]] std::string_view data() const { return page->data(row); }
    };

    using QAbstractTableModel::QAbstractTableModel;

    void append(const Page& page);
    void clear();

    [[nodiscard]] std::optional<Record> at(int row) const;
    /// Without holding on to its page; `row` is one that there is.
    [[nodiscard]] std::int64_t arrivalMs(int row) const
    {
        return m_records[static_cast<std::size_t>(row)].meta().arrivalMs;
    }
    /// The newest record before `row` with the same key on the same shard.
    [[nodiscard]] std::optional<Record> previousOfKey(int row) const;
    /// The next row after `from` (before it when not `forward`) whose key or data holds the bytes,
    /// also inside a gzip, as far as `holds` looks; -1: none. Goes round at the ends.
    [[nodiscard]] int find(std::string_view bytes, int from, bool forward) const;
    /// The row that arrived nearest to a moment; -1: there is none.
    [[nodiscard]] int nearest(std::int64_t arrivalMs) const;
    [[nodiscard]] std::size_t bytes() const { return m_bytes; }
    [[nodiscard]] std::int64_t dropped() const { return m_dropped; } ///< records, for want of room

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    void trim();

    std::deque<Record> m_records;
    std::size_t m_bytes = 0;
    std::int64_t m_dropped = 0;
};

/// What a page holds on to.
[[nodiscard]] std::size_t bytesOf(const RecordPage& page);

} // namespace shardscope::ui
