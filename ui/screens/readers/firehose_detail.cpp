#include "ui/screens/readers/firehose_detail.h"

#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include "core/consumers/firehose_partition.h"
#include "ui/format.h"
#include "ui/screens/readers/detail_table.h"

namespace shardscope::ui {
namespace {

using Object = FirehoseState::Object;

QString bytesText(Bytes bytes)
{
    return format::bytes(static_cast<double>(bytes));
}

std::vector<RowsColumn<Object>> columns()
{
    const auto tr = [](const char* text) { return FirehoseDetail::tr(text); };
    return {
        {.title = tr("Written at"),
         .tip = tr("When"),
         .text = [](const Object& o) { return format::clock(o.at); }},
        {.title = tr("Records"),
         .tip = tr("In the object"),
         .text = [](const Object& o) { return format::exact(o.records); },
         .number = true},
        {.title = tr("Size"),
         .tip = tr("Of its records, before they are compressed"),
         .text = [](const Object& o) { return bytesText(o.bytes); },
         .number = true},
        {.title = tr("Object"),
         .tip = tr("Its key"),
         .text = [](const Object& o) { return toQt(o.key); }},
    };
}

} // namespace

FirehoseDetail::FirehoseDetail(QWidget* parent)
    : KindDetail(parent)
    , m_figures(detailText(QStringLiteral("firehoseFigures")))
    , m_heading(detailHeading(tr("Newest objects")))
    , m_model(new RowsModel<Object>(
          columns(), [](const Object& o) { return o.key; }, this))
    , m_objects(detailTable(m_model, QStringLiteral("firehoseObjects"), m_heading->text()))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    for (QWidget* part : std::initializer_list<QWidget*> {m_figures, m_heading, m_objects})
        column->addWidget(part);
    column->addStretch(1);
}

void FirehoseDetail::present(const ConsumerRow& row, SimTime)
{
    const auto& state = std::get<FirehoseState>(row.state);
    QStringList figures {
        tr("%1 of %2 are in the buffer, %3 records; the oldest waits for %4.")
            .arg(bytesText(state.bufferedBytes), bytesText(state.bufferSize),
                 format::exact(state.bufferedRecords),
                 format::duration(SimDuration::millis(state.freshnessMs))),
        tr("%n object(s) with %1 records and %2 delivered.", nullptr,
           static_cast<int>(state.objects))
            .arg(format::exact(state.deliveredRecords), bytesText(state.deliveredBytes)),
        tr("%1 records delivered twice, %2 given up; %3 writes failed.")
            .arg(format::exact(state.deliveredTwice), format::exact(state.givenUpRecords),
                 format::exact(state.failedWrites))};
    if (state.invocations > 0)
        figures << tr("The function was called %n time(s), %1 of them failed; it dropped %2 "
                      "records.",
                      nullptr, static_cast<int>(state.invocations))
                       .arg(format::exact(state.functionErrors),
                            format::exact(state.droppedRecords));
    if (state.activePartitions > 0)
        figures << tr("%1 of %2 partitions are active.")
                       .arg(format::exact(state.activePartitions),
                            format::exact(static_cast<std::int64_t>(kActivePartitionsMost)));
    if (state.errorRecords > 0)
        figures
            << tr("▲ %1 records went to the error prefix.").arg(format::exact(state.errorRecords));
    if (state.targetDown)
        figures.prepend(tr("▲ The target is down: the last try failed."));
    m_figures->setText(figures.join(QLatin1Char(' ')));
    if (state.objects == m_shown)
        return;
    m_shown = state.objects;
    m_model->setRows(
        std::make_shared<const std::vector<Object>>(state.newest.rbegin(), state.newest.rend()));
}

} // namespace shardscope::ui
