#include "ui/screens/plan/plan_plots.h"

#include <QObject>

#include <algorithm>

#include "core/planner/report/report_text.h"
#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {
namespace {

constexpr double kMiB = 1'048'576;

template <typename Value>
Curve curveOf(const QString& name, Ink ink, Stroke stroke, Fill fill, SimTime start,
              const std::vector<PlanHour>& hours, const Value& value)
{
    Curve curve {name, ink, stroke, fill, {}};
    for (std::size_t h = 0; h < hours.size(); ++h)
        curve.points.push_back({start + SimDuration::hours(static_cast<std::int64_t>(h)),
                                SimDuration::hours(1), value(hours[h]), 0});
    return curve;
}

double highestOf(const PlotModel& plot)
{
    double highest = 0;
    for (const Curve& curve : plot.curves)
        for (const PlotPoint& point : curve.points)
            highest = std::max(highest, point.value);
    return highest;
}

void finish(PlotModel& plot, const StreamPlan& plan, const PlanOption& option,
            const std::function<QString(double)>& text, double least)
{
    plot.window = {plan.start,
                   plan.start + SimDuration::hours(static_cast<std::int64_t>(option.hours.size()))};
    plot.high = niceTop(std::max(least, highestOf(plot)));
    plot.ticks = valueTicks(plot.high, 4, text);
    plot.valueText = text;
    plot.sentence = plot.title + QStringLiteral(": ") + plot.headline;
}

double refusedPercent(const PlanHour& h)
{
    return h.attempts > 0 ? 100 * h.refused / h.attempts : 0;
}

} // namespace

const PlanOption* PinnedPlan::option() const
{
    if (!result || stream >= result->streams.size())
        return nullptr;
    for (const PlanOption& option : result->streams[stream].options)
        if (option.mode == mode)
            return &option;
    return nullptr;
}

PlotModel loadPlot(const StreamPlan& plan, const PlanOption& option, const PinnedPlan* pinned)
{
    PlotModel plot;
    const bool byRecords = plan.binding == PlanLimit::WriteRecords;
    plot.title = byRecords ? QObject::tr("Offered and shards · 1,000 records/s")
                           : QObject::tr("Offered and shards · MiB/s");
    plot.headline = QObject::tr("%1 shards").arg(toQt(report::shards(option)));
    plot.unit = byRecords ? QStringLiteral("1,000 records/s") : QStringLiteral("MiB/s");
    plot.curves.push_back(curveOf(QObject::tr("offered"), Ink::Ingest, Stroke::Solid, Fill::Tint,
                                  plan.start, option.hours, [&](const PlanHour& h) {
                                      return byRecords ? h.offeredRecords / 1'000
                                                       : h.offeredBytes / kMiB;
                                  }));
    plot.curves.push_back(
        curveOf(pinned != nullptr ? QObject::tr("B shards") : QObject::tr("shards"), Ink::Limit,
                Stroke::Solid, Fill::None, plan.start, option.hours,
                [](const PlanHour& h) { return h.shards; }));
    if (pinned != nullptr && pinned->option() != nullptr)
        plot.curves.push_back(curveOf(QObject::tr("A shards"), Ink::Muted, Stroke::Dashed,
                                      Fill::None, plan.start, pinned->option()->hours,
                                      [](const PlanHour& h) { return h.shards; }));
    finish(
        plot, plan, option, [](double v) { return format::count(v); }, 1);
    return plot;
}

PlotModel refusedPlot(const StreamPlan& plan, const PlanOption& option, const PinnedPlan* pinned)
{
    PlotModel plot;
    plot.title = QObject::tr("Refused by the hour");
    plot.headline = QObject::tr("%1 in all").arg(toQt(report::percent(100 * option.refusedShare)));
    plot.alarming = !option.meetsTarget;
    plot.unit = QStringLiteral("%");
    plot.curves.push_back(
        curveOf(pinned != nullptr ? QObject::tr("B refused") : QObject::tr("refused"), Ink::Refused,
                Stroke::Solid, Fill::Hatch, plan.start, option.hours, refusedPercent));
    if (pinned != nullptr && pinned->option() != nullptr)
        plot.curves.push_back(curveOf(QObject::tr("A refused"), Ink::Muted, Stroke::Dashed,
                                      Fill::None, plan.start, pinned->option()->hours,
                                      refusedPercent));
    finish(
        plot, plan, option, [](double v) { return toQt(report::percent(v)); }, 0.1);
    return plot;
}

PlotModel costPlot(const StreamPlan& plan, const PlanOption& option, const PinnedPlan* pinned)
{
    PlotModel plot;
    plot.title = QObject::tr("Cost by the hour");
    plot.headline = QObject::tr("%1 a month").arg(toQt(report::usd(option.usd)));
    plot.unit = QStringLiteral("USD/h");
    const auto usd = [](const PlanHour& h) { return h.usd.value_or(0); };
    if (option.usd)
        plot.curves.push_back(
            curveOf(pinned != nullptr ? QObject::tr("B cost") : QObject::tr("cost"), Ink::Lag,
                    Stroke::Solid, Fill::Tint, plan.start, option.hours, usd));
    else
        plot.empty = QObject::tr("A price of this bill is not known.");
    if (pinned != nullptr && pinned->option() != nullptr && pinned->option()->usd)
        plot.curves.push_back(curveOf(QObject::tr("A cost"), Ink::Muted, Stroke::Dashed, Fill::None,
                                      plan.start, pinned->option()->hours, usd));
    finish(
        plot, plan, option, [](double v) { return format::money(v); }, 0.01);
    return plot;
}

QString differenceText(const PlanOption& a, const PlanOption& b)
{
    QString money = QObject::tr("at a price that is not known");
    if (a.usd && b.usd) {
        const double more = *b.usd - *a.usd;
        money = std::abs(more) < 0.5
            ? QObject::tr("for the same money")
            : QObject::tr("%1 %2 a month")
                  .arg(toQt(report::usd(std::abs(more))),
                       more > 0 ? QObject::tr("more") : QObject::tr("less"));
    }
    return QObject::tr("B instead of A: %1 shards instead of %2, %3, refuses %4 instead of %5.")
        .arg(toQt(report::shards(b)), toQt(report::shards(a)), money,
             toQt(report::percent(100 * b.refusedShare)),
             toQt(report::percent(100 * a.refusedShare)));
}

} // namespace shardscope::ui
