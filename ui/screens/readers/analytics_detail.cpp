#include "ui/screens/readers/analytics_detail.h"

#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/format.h"
#include "ui/screens/explore/plot_parts.h"
#include "ui/screens/readers/detail_table.h"
#include "ui/widgets/line_chart.h"

namespace shardscope::ui {
namespace {

using Row = AnalyticsResult;

SimTime timeOf(std::int64_t ms)
{
    return SimTime::fromMillis(ms);
}

QString valueText(double value)
{
    return format::count(value);
}

std::vector<RowsColumn<Row>> columns()
{
    const auto tr = [](const char* text) { return AnalyticsDetail::tr(text); };
    return {
        {.title = tr("Window"),
         .tip = tr("From its start to its end, in event time"),
         .text =
             [](const Row& r) {
                 return QStringLiteral("%1 – %2").arg(format::clock(timeOf(r.window.startMs)),
                                                      format::clock(timeOf(r.window.endMs)));
             }},
        {.title = tr("Key"),
         .tip = tr("What the query groups by"),
         .text = [](const Row& r) { return toQt(r.key); }},
        {.title = tr("Value"),
         .tip = tr("Its answer"),
         .text = [](const Row& r) { return valueText(r.value); },
         .number = true},
        {.title = tr("Records"),
         .tip = tr("That lie in the window"),
         .text = [](const Row& r) { return format::exact(r.records); },
         .number = true},
        {.title = tr("Fired"),
         .tip = tr("Again: a late record came within the allowed lateness"),
         .text =
             [](const Row& r) {
                 return r.again ? AnalyticsDetail::tr("again") : AnalyticsDetail::tr("once");
             }},
    };
}

QString watermarkText(const AnalyticsState& state, SimTime now)
{
    if (!state.watermarkMs || *state.watermarkMs == kNoWatermark)
        return AnalyticsDetail::tr("No watermark yet.");
    const SimTime at = timeOf(*state.watermarkMs);
    return AnalyticsDetail::tr("Watermark %1, %2 behind the clock.")
        .arg(format::clock(at), format::duration(std::max(SimDuration {}, now - at)));
}

} // namespace

PlotModel queryTotalsModel(const AnalyticsState& state)
{
    using parts::tr;
    PlotModel model;
    model.title = tr("Results · mean of the keys, by window");
    model.unit = tr("value");
    model.valueText = [](double n) { return valueText(n); };
    Curve curve {tr("value"), Ink::Egress, Stroke::Solid, Fill::Tint, {}};
    SimTime last;
    for (const AnalyticsTotal& total : state.totals) {
        const SimTime from = timeOf(total.window.startMs);
        // Windows that slide or fire again overlap; a curve has one value at a time.
        if (!curve.points.empty() && from < last)
            continue;
        last = timeOf(total.window.endMs);
        curve.points.push_back({from, last - from, total.value, 0});
    }
    model.curves = {std::move(curve)};
    if (model.curves[0].points.empty()) {
        model.empty = tr("No window has fired yet: the watermark must pass its end.");
        model.sentence = model.empty;
        return model;
    }
    model.window = {model.curves[0].points.front().at, last};
    model.high = niceTop(std::max(1e-9, parts::mostOf(model.curves) * 1.05));
    model.ticks = valueTicks(model.high, 2, [](double n) { return parts::axisFigure(n); });
    const AnalyticsTotal& newest = state.totals.back();
    model.spokenValue = newest.value;
    model.headline = valueText(newest.value);
    model.note = tr("newest window: %1 records, %2 keys")
                     .arg(format::exact(newest.records), format::exact(newest.keys));
    model.sentence
        = tr("The newest window's mean is %1, of %2 records and %3 keys.")
              .arg(model.headline, format::exact(newest.records), format::exact(newest.keys));
    return model;
}

AnalyticsDetail::AnalyticsDetail(QWidget* parent)
    : KindDetail(parent)
    , m_figures(detailText(QStringLiteral("queryFigures")))
    , m_totals(new LineChart)
    , m_model(new RowsModel<Row>(
          columns(),
          [](const Row& r) {
              return std::to_string(r.window.startMs) + '/' + std::to_string(r.window.endMs) + '/'
                  + r.key + (r.again ? "+" : "");
          },
          this))
    , m_results(detailTable(m_model, QStringLiteral("queryResults"), tr("Newest results")))
{
    m_totals->setObjectName(QStringLiteral("queryTotals"));
    m_totals->setMinimumHeight(140);
    m_results->setColumnWidth(0, m_results->fontMetrics().averageCharWidth() * 28);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_figures);
    column->addWidget(m_totals);
    column->addWidget(m_results, 1);
}

void AnalyticsDetail::present(const ConsumerRow& row, SimTime now)
{
    const auto& state = std::get<AnalyticsState>(row.state);
    const auto idle = std::count_if(state.inputs.begin(), state.inputs.end(),
                                    [](const AnalyticsState::Input& i) { return i.idle; });
    QStringList figures {
        watermarkText(state, now),
        tr("%n window(s) open, %1 keys in %2 of state.", nullptr,
           static_cast<int>(state.openWindows))
            .arg(format::exact(state.stateKeys),
                 format::bytes(static_cast<double>(state.stateBytes))),
        tr("%n window(s) fired, %1 records came too late, %2 could not be read.", nullptr,
           static_cast<int>(state.windowsFired))
            .arg(format::exact(state.lateDropped), format::exact(state.unreadable)),
        tr("%n subtask(s), %1 without a shard; %2 of %3 inputs idle.", nullptr,
           static_cast<int>(state.parallelism))
            .arg(format::exact(state.subtasksWithoutShard), format::exact(idle),
                 format::exact(static_cast<std::int64_t>(state.inputs.size()))),
        tr("%n checkpoint(s) taken, %1 restored.", nullptr,
           static_cast<int>(state.checkpoints.taken))
            .arg(format::exact(state.checkpoints.restored))};
    m_figures->setText(figures.join(QLatin1Char(' ')));
    if (state.windowsFired == m_fired)
        return;
    m_fired = state.windowsFired;
    m_totals->setModel(queryTotalsModel(state));
    m_model->setRows(
        std::make_shared<const std::vector<Row>>(state.results.rbegin(), state.results.rend()));
}

} // namespace shardscope::ui
