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
using Window = LambdaState::Window;

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
         .text =
             [](const Batch& b) {
                 return b.closesWindow ? LambdaDetail::tr("ends a window")
                                       : format::exact(b.records);
             },
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

std::vector<RowsColumn<Window>> windowColumns()
{
    const auto tr = [](const char* text) { return LambdaDetail::tr(text); };
    return {
        {.title = tr("Window"),
         .tip = tr("Whose records arrived in it"),
         .text =
             [](const Window& w) {
                 return LambdaDetail::tr("%1 to %2")
                     .arg(format::clock(w.begin), format::clock(w.end));
             }},
        {.title = tr("Shard"),
         .tip = tr("Whose records they were; every lane has its own windows"),
         .text =
             [](const Window& w) {
                 return LambdaDetail::tr("%1, lane %2").arg(w.shard.value).arg(w.lane);
             }},
        {.title = tr("Records"),
         .tip = tr("That the function took"),
         .text = [](const Window& w) { return format::exact(w.records); },
         .number = true},
        {.title = tr("Ended"),
         .tip = tr("Early: its shard ended, or its state was above 1 MiB"),
         .text =
             [](const Window& w) {
                 return w.early ? LambdaDetail::tr("early") : LambdaDetail::tr("in time");
             }},
        {.title = tr("State"),
         .tip = tr("That its last call got"),
         .text = [](const Window& w) { return toQt(w.state); }},
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
    , m_windowsHeading(detailHeading(tr("Windows that ended")))
    , m_failuresHeading(detailHeading(tr("Records given up")))
    , m_batchModel(new RowsModel<Batch>(
          batchColumns(),
          [](const Batch& b) {
              return std::to_string(b.shard.value) + '/' + std::to_string(b.lane);
          },
          this))
    , m_windowModel(new RowsModel<Window>(
          windowColumns(),
          [](const Window& w) {
              return toIso(w.begin) + '/' + std::to_string(w.shard.value) + '/'
                  + std::to_string(w.lane);
          },
          this))
    , m_failureModel(new RowsModel<Failure>(
          failureColumns(), [](const Failure& f) { return f.first + '/' + f.last; }, this))
    , m_batches(
          detailTable(m_batchModel, QStringLiteral("lambdaBatches"), m_batchesHeading->text()))
    , m_windows(
          detailTable(m_windowModel, QStringLiteral("lambdaWindows"), m_windowsHeading->text()))
    , m_failures(
          detailTable(m_failureModel, QStringLiteral("lambdaFailures"), m_failuresHeading->text()))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    for (QWidget* part :
         std::initializer_list<QWidget*> {m_figures, m_batchesHeading, m_batches, m_windowsHeading,
                                          m_windows, m_failuresHeading, m_failures})
        column->addWidget(part);
    column->addStretch(1);
}

void LambdaDetail::present(const ConsumerRow& row, SimTime)
{
    const auto& state = std::get<LambdaState>(row.state);
    const LambdaState::Counts& c = state.counts;
    const SimDuration mean = c.invocations > 0 ? c.duration / c.invocations : SimDuration {};
    QStringList said {
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
        c.filteredOutRecords > 0
            ? tr("%1 of %2 records polled were filtered out.")
                  .arg(format::exact(c.filteredOutRecords), format::exact(c.polledRecords))
            : tr("%1 records polled.").arg(format::exact(c.polledRecords)),
        tr("Last result: %1.").arg(toQt(state.lastResult))};
    if (c.windows + c.windowsLost > 0)
        said << tr("%n window(s) ended, %1 early; %2 lost with their last call.", nullptr,
                   static_cast<int>(c.windows))
                    .arg(format::exact(c.windowsEarly), format::exact(c.windowsLost));
    m_figures->setText(said.join(QLatin1Char(' ')));
    m_batchModel->setRows(std::make_shared<const std::vector<Batch>>(state.batches));
    m_windowModel->setRows(
        std::make_shared<const std::vector<Window>>(state.windows.rbegin(), state.windows.rend()));
    m_failureModel->setRows(std::make_shared<const std::vector<Failure>>(state.failures.rbegin(),
                                                                         state.failures.rend()));
    const auto show = [](QWidget* heading, QWidget* table, bool any) {
        heading->setVisible(any);
        table->setVisible(any);
    };
    show(m_batchesHeading, m_batches, !state.batches.empty());
    show(m_windowsHeading, m_windows, !state.windows.empty());
    show(m_failuresHeading, m_failures, !state.failures.empty());
}

} // namespace shardscope::ui
