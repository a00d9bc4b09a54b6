#include "ui/screens/readers/readers_model.h"

#include <QCoreApplication>
#include <QPainter>

#include "ui/format.h"
#include "ui/screens/readers/reader_words.h"
#include "ui/style/reader_color.h"

namespace shardscope::ui {
namespace {

using Row = ReaderLine;
constexpr int kChip = 12;

QString tr(const char* text)
{
    return QCoreApplication::translate("Readers", text);
}

std::vector<RowsColumn<Row>> columns()
{
    return {
        {.title = tr("Reader"),
         .tip = tr("Its name; the colour is the one it has in the read share"),
         .text =
             [](const Row& r) {
                 return (r.troubled ? QStringLiteral("▲ ") : QString()) + toQt(r.name);
             }},
        {.title = tr("Reads by"),
         .tip = tr("Its kind, and whether it polls or is pushed to"),
         .text = [](const Row& r) { return r.way; }},
        {.title = tr("Age"),
         .tip = tr("Of its oldest unread record"),
         .text = [](const Row& r) { return format::duration(SimDuration::millis(r.ageMs)); },
         .order = [](const Row& r) { return whole(r.ageMs); },
         .number = true},
        {.title = tr("Lag"),
         .tip = tr("Records stored and not yet processed"),
         .text = [](const Row& r) { return format::count(static_cast<double>(r.lagRecords)); },
         .order = [](const Row& r) { return whole(r.lagRecords); },
         .number = true,
         .rowTip = [](const Row& r) { return format::exact(r.lagRecords); }},
        {.title = tr("Trend"),
         .tip = tr("Whether the lag grows or drains, and for how long yet"),
         .text = [](const Row& r) { return r.trend; }},
        {.title = tr("Records/s"),
         .tip = tr("Read in the last second"),
         .text = [](const Row& r) { return format::count(r.recordsPerSecond); },
         .order = [](const Row& r) { return QVariant(r.recordsPerSecond); },
         .number = true},
        {.title = tr("Bytes/s"),
         .tip = tr("Read in the last second"),
         .text = [](const Row& r) { return format::bytesPerSecond(r.bytesPerSecond); },
         .order = [](const Row& r) { return QVariant(r.bytesPerSecond); },
         .number = true},
        {.title = tr("Cost/h"),
         .tip = tr("What it adds to the bill: fan-out is paid by the consumer-shard hour and by "
                   "the GB; shared polling of provisioned shards costs nothing"),
         .text = [](const Row& r) { return r.cost; },
         .order = [](const Row& r) { return QVariant(r.costPerHour); },
         .number = true},
    };
}

} // namespace

std::vector<ReaderLine> readerLines(const Snapshot& snapshot)
{
    std::vector<ReaderLine> lines;
    for (const ConsumerRow& reader : snapshot.consumers)
        if (!reader.removed)
            lines.push_back({reader.slot, reader.spec.name, words::wayOf(reader),
                             words::trendOf(reader), words::costOf(reader), reader.ageMs,
                             reader.lagRecords, reader.recordsPerSecond, reader.bytesPerSecond,
                             reader.costPerHour.value_or(-1),
                             !reader.trouble.empty() || reader.lostRecords > 0});
    return lines;
}

ReadersModel::ReadersModel(QObject* parent)
    : RowsModel<ReaderLine>(
        columns(), [](const Row& r) { return r.name; }, parent)
{
}

QVariant ReadersModel::data(const QModelIndex& index, int role) const
{
    const Row* row = role == Qt::DecorationRole && index.column() == 0 ? at(index.row()) : nullptr;
    if (row == nullptr)
        return RowsModel<ReaderLine>::data(index, role);
    const QColor color = readerColor(row->slot);
    QIcon& chip = m_chips[color.rgb()];
    if (chip.isNull()) {
        QPixmap square(kChip, kChip);
        square.fill(palette().plot);
        // Its edge keeps it visible on a line of its own colour.
        QPainter(&square).fillRect(square.rect().adjusted(1, 1, -1, -1), color);
        // A chosen line does not tint it: it is the key to a picture.
        chip.addPixmap(square, QIcon::Normal);
        chip.addPixmap(square, QIcon::Selected);
    }
    return chip;
}

} // namespace shardscope::ui
