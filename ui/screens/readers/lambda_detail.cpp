#include "ui/screens/readers/lambda_detail.h"

#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/format.h"
#include "ui/screens/readers/detail_table.h"

namespace shardscope::ui {
namespace {

using Batch = LambdaState::Batch;
using Failure = LambdaState::Failure;

std::vector<RowsColumn<Batch>> batchColumns()
{
    const auto tr = [](const char* text) { return LambdaDetail::tr(text); };
    return {
        {.title = tr("Shard"),
         .tip = tr("Whose records they are; a lane keeps the order of its keys"),
         .text =
             [](const Batch& b) {
                 return LambdaDetail::tr("%1, lane %2").arg(b.shard.value).arg(b.lane);
             }},
        {.title = tr("Records"),
         .tip = tr("In the batch"),
         .text = [](const Batch& b) { return format::exact(b.records); },
         .number = true},
        {.title = tr("State"),
         .tip = tr("Whether the function has it now"),
         .text =
             [](const Batch& b) {
                 return b.running ? LambdaDetail::tr("running") : LambdaDetail::tr("waits");
             }},
        {.title = tr("Failed"),
         .tip = tr("Tries that failed"),
         .text = [](const Batch& b) { return format::exact(b.attempts); },
         .number = true},
        {.title = tr("Error"),
         .tip = tr("Of the last try"),
         .text = [](const Batch& b) { return toQt(b.error); }},
    };
}

std::vector<RowsColumn<Failure>> failureColumns()
{
    const auto tr = [](const char* text) { return LambdaDetail::tr(text); };
    return {
        {.title = tr("Given up at"),
         .tip = tr("When"),
         .text = [](const Failure& f) { return format::clock(f.at); }},
        {.title = tr("Shard"),
         .tip = tr("Whose records they were"),
         .text = [](const Failure& f) { return QString::number(f.shard.value); },
         .number = true},
        {.title = tr("Records"),
         .tip = tr("How many"),
         .text = [](const Failure& f) { return format::exact(f.records); },
         .number = true},
        {.title = tr("First record"),
         .tip = tr("Its sequence number"),
         .text = [](const Failure& f) { return toQt(f.first); }},
        {.title = tr("Why"),
         .tip = tr("What ended the tries, and what the function said"),
         .text =
             [](const Failure& f) {
                 return LambdaDetail::tr("%1 after %2 tries: %3")
                     .arg(f.tooOld ? QStringLiteral("RecordAgeExceeded")
                                   : QStringLiteral("RetryAttemptsExhausted"),
                          format::exact(f.invocations), toQt(f.error));
             }},
    };
}

} // namespace

LambdaDetail::LambdaDetail(QWidget* parent)
    : KindDetail(parent)
    , m_figures(detailText(QStringLiteral("lambdaFigures")))
    , m_batchesHeading(detailHeading(tr("Batches in flight")))
    , m_failuresHeading(detailHeading(tr("Records given up")))
    , m_batchModel(new RowsModel<Batch>(
          batchColumns(),
          [](const Batch& b) {
              return std::to_string(b.shard.value) + '/' + std::to_string(b.lane);
          },
          this))
    , m_failureModel(new RowsModel<Failure>(
          failureColumns(), [](const Failure& f) { return f.first + '/' + f.last; }, this))
    , m_batches(
          detailTable(m_batchModel, QStringLiteral("lambdaBatches"), m_batchesHeading->text()))
    , m_failures(
          detailTable(m_failureModel, QStringLiteral("lambdaFailures"), m_failuresHeading->text()))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    for (QWidget* part : std::initializer_list<QWidget*> {m_figures, m_batchesHeading, m_batches,
                                                          m_failuresHeading, m_failures})
        column->addWidget(part);
    column->addStretch(1);
}

void LambdaDetail::present(const ConsumerRow& row, SimTime)
{
    const auto& state = std::get<LambdaState>(row.state);
    const LambdaState::Counts& c = state.counts;
    const SimDuration mean = c.invocations > 0 ? c.duration / c.invocations : SimDuration {};
    m_figures->setText(QStringList {
        tr("%n invocation(s), %1 failed and %2 throttled; %3 under way, %4 at most.", nullptr,
           static_cast<int>(c.invocations))
            .arg(format::exact(c.errors), format::exact(c.throttles),
                 format::exact(state.concurrent), format::exact(c.mostConcurrent)),
        tr("They took %1 on average, %2 at most.")
            .arg(format::duration(mean), format::duration(c.longest)),
        tr("%n batch(es) bisected, %1 records given up: %2 documents at the destination, %3 lost "
           "on the way.",
           nullptr, static_cast<int>(c.bisects))
            .arg(format::exact(c.droppedRecords), format::exact(c.toldOf),
                 format::exact(c.notToldOf)),
        tr("Last result: %1.").arg(toQt(state.lastResult))}
                           .join(QLatin1Char(' ')));
    m_batchModel->setRows(std::make_shared<const std::vector<Batch>>(state.batches));
    m_failureModel->setRows(std::make_shared<const std::vector<Failure>>(state.failures.rbegin(),
                                                                         state.failures.rend()));
    for (QWidget* part :
         {static_cast<QWidget*>(m_batchesHeading), static_cast<QWidget*>(m_batches)})
        part->setVisible(!state.batches.empty());
    for (QWidget* part :
         {static_cast<QWidget*>(m_failuresHeading), static_cast<QWidget*>(m_failures)})
        part->setVisible(!state.failures.empty());
}

} // namespace shardscope::ui
