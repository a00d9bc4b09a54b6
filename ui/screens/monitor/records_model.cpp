#include "ui/screens/monitor/records_model.h"

#include <algorithm>
#include <cstdlib>

#include "ui/format.h"
#include "ui/screens/monitor/record_formats.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

constexpr std::size_t kPreviewBytes = 160;
/// Bytes a search unpacks: a third of a second's work.
constexpr std::size_t kUnpackedForSearch = 64U << 20;

} // namespace

std::size_t bytesOf(const RecordPage& page)
{
    return page.bytes.size() + page.rows.size() * sizeof(RecordPage::Row);
}

void RecordsModel::append(const Page& page)
{
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(page->rows.size()) - 1);
    for (std::size_t row = 0; row < page->rows.size(); ++row)
        m_records.push_back({page, row});
    m_bytes += bytesOf(*page);
    endInsertRows();
    trim();
}

void RecordsModel::trim()
{
    // Whole pages go, for a page's memory goes with its last record. The newest one always stays.
    std::size_t rows = 0;
    std::size_t bytes = m_bytes;
    while (bytes > kBytesMost || m_records.size() - rows > kRowsMost) {
        const Page& oldest = m_records[rows].page;
        if (oldest == m_records.back().page)
            break;
        rows += oldest->rows.size();
        bytes -= bytesOf(*oldest);
    }
    if (rows == 0)
        return;
    beginRemoveRows({}, 0, static_cast<int>(rows) - 1);
    m_records.erase(m_records.begin(), m_records.begin() + static_cast<std::ptrdiff_t>(rows));
    m_bytes = bytes;
    m_dropped += static_cast<std::int64_t>(rows);
    endRemoveRows();
}

void RecordsModel::clear()
{
    beginResetModel();
    m_records.clear();
    m_bytes = 0;
    m_dropped = 0;
    endResetModel();
}

std::optional<RecordsModel::Record> RecordsModel::at(int row) const
{
    if (row < 0 || row >= rowCount())
        return std::nullopt;
    return m_records[static_cast<std::size_t>(row)];
}

std::optional<RecordsModel::Record> RecordsModel::previousOfKey(int row) const
{
    const auto record = at(row);
    if (!record)
        return std::nullopt;
    for (int before = row - 1; before >= 0; --before) {
        const Record& other = m_records[static_cast<std::size_t>(before)];
        if (other.meta().number.shard == record->meta().number.shard
            && other.key() == record->key())
            return other;
    }
    return std::nullopt;
}

int RecordsModel::find(std::string_view bytes, int from, bool forward) const
{
    const int rows = rowCount();
    std::size_t budget = kUnpackedForSearch;
    for (int n = 1; n <= rows && !bytes.empty(); ++n) {
        const int row = ((forward ? from + n : from - n) % rows + rows) % rows;
        const Record& record = m_records[static_cast<std::size_t>(row)];
        if (record.key().find(bytes) != std::string_view::npos
            || holds(record.data(), bytes, &budget))
            return row;
    }
    return -1;
}

int RecordsModel::nearest(std::int64_t arrivalMs) const
{
    // Shards are read in turn: the rows are not in the order of their arrival.
    const auto away
        = [arrivalMs](const Record& r) { return std::abs(r.meta().arrivalMs - arrivalMs); };
    const auto found
        = std::min_element(m_records.begin(), m_records.end(),
                           [&](const Record& a, const Record& b) { return away(a) < away(b); });
    return found == m_records.end() ? -1 : static_cast<int>(found - m_records.begin());
}

int RecordsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_records.size());
}

int RecordsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : Columns;
}

QVariant RecordsModel::data(const QModelIndex& index, int role) const
{
    const auto record = index.isValid() ? at(index.row()) : std::nullopt;
    if (!record)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((index.column() == Size ? Qt::AlignRight : Qt::AlignLeft)
                                | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const RecordPage::Row& meta = record->meta();
    switch (index.column()) {
    case Time:
        return role == Qt::DisplayRole
            ? format::clockExact(SimTime::fromMillis(meta.arrivalMs))
            : format::dateTime(SimTime::fromMillis(meta.arrivalMs)) + tr(" UTC");
    case Shard:
        return role == Qt::DisplayRole ? QString::number(meta.number.shard.value)
                                       : toQt(shardIdText(meta.number.shard));
    case Key:
        return meta.keyless ? tr("(none)") : preview(record->key(), kPreviewBytes);
    case Size:
        return role == Qt::DisplayRole ? format::bytes(meta.dataBytes)
                                       : tr("%1 bytes of data").arg(format::exact(meta.dataBytes));
    case Data:
        return preview(record->data(), kPreviewBytes);
    default:
        return {};
    }
}

QVariant RecordsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == Size ? Qt::AlignRight : Qt::AlignLeft)
                                | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time, UTC");
    case Shard:
        return tr("Shard");
    case Key:
        return tr("Partition key");
    case Size:
        return tr("Size");
    case Data:
        return tr("Data");
    default:
        return {};
    }
}

} // namespace shardscope::ui
