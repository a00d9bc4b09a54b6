#include "ui/format.h"
#include "ui/screens/explore/plot_parts.h"

namespace shardscope::ui {

PlotModel costModel(const Snapshot& snapshot, const PlotQuery& query)
{
    using parts::tr;
    PlotQuery own = query;
    own.cloudWatchLens = false; // money is no metric of CloudWatch
    PlotModel model = parts::begin(tr("Cost so far"), snapshot, own);
    model.valueText = [](double usd) { return format::money(usd); };
    model.unit = tr("USD");
    Curve provisioned {tr("provisioned"), Ink::Limit, Stroke::Solid, Fill::None, {}};
    Curve onDemand {tr("on-demand"), Ink::Limit, Stroke::Dotted, Fill::None, {}};
    for (const StreamPoint& p :
         streamPoints(snapshot.history, resolutionOf(snapshot, own), own.window)) {
        provisioned.points.push_back({p.at, p.step, p.sample.costProvisioned, 0});
        onDemand.points.push_back({p.at, p.step, p.sample.costOnDemand, 0});
    }
    model.curves = {std::move(provisioned), std::move(onDemand)};
    model.high = niceTop(parts::mostOf(model.curves) * 1.05);
    model.ticks = valueTicks(model.high, 2,
                             [](double usd) { return QLatin1Char('$') + parts::axisFigure(usd); });
    model.spokenValue = snapshot.cost.provisioned;
    // What the two lines cost by the hour stands at the lines themselves.
    model.curves[0].name
        = tr("provisioned %1/h").arg(format::money(snapshot.cost.provisionedPerHour));
    model.curves[1].name = tr("on-demand %1/h").arg(format::money(snapshot.cost.onDemandPerHour));
    model.endLabels = true;
    model.headline = format::money(snapshot.stream.summary.mode == StreamMode::OnDemand
                                       ? snapshot.cost.onDemand
                                       : snapshot.cost.provisioned);
    model.sentence
        = tr("This traffic has cost %1 provisioned and would have cost %2 on demand, at "
             "the prices of %3 in %4.")
              .arg(format::money(snapshot.cost.provisioned), format::money(snapshot.cost.onDemand),
                   QString::fromStdString(snapshot.cost.priceDate),
                   QString::fromStdString(snapshot.cost.region));
    return model;
}

} // namespace shardscope::ui
