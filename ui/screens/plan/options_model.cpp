#include "ui/screens/plan/options_model.h"

#include <QFont>

#include "core/planner/report/report_text.h"
#include "ui/style/palette.h"
#include "ui/text.h"

namespace shardscope::ui {

void OptionsModel::show(std::shared_ptr<const PlanResult> result, std::size_t stream)
{
    beginResetModel();
    m_result = std::move(result);
    m_stream = stream;
    endResetModel();
}

const StreamPlan* OptionsModel::stream() const
{
    return m_result && m_stream < m_result->streams.size() ? &m_result->streams[m_stream] : nullptr;
}

int OptionsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || stream() == nullptr ? 0 : static_cast<int>(stream()->options.size());
}

int OptionsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant OptionsModel::data(const QModelIndex& index, int role) const
{
    const StreamPlan* plan = stream();
    if (plan == nullptr || !index.isValid())
        return {};
    const PlanOption& o = plan->options[static_cast<std::size_t>(index.row())];
    const bool best = index.row() == plan->cheapest;
    if (role == Qt::TextAlignmentRole)
        return int(index.column() == Mode ? Qt::AlignLeft | Qt::AlignVCenter
                                          : Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::FontRole && best) {
        QFont font;
        font.setBold(true);
        return font;
    }
    if (role == Qt::ForegroundRole && index.column() == Refused && !o.meetsTarget)
        return palette().refused;
    if (role == Qt::ToolTipRole)
        return toQt(o.remark);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Mode:
        return (best ? tr("▸ %1") : QStringLiteral("   %1")).arg(toQt(titleOf(o.mode)));
    case Shards:
        return toQt(report::shards(o));
    case Refused:
        return toQt(report::percent(100 * o.refusedShare)) + (o.meetsTarget ? QString() : tr(" ✕"));
    case Worst:
        return o.worst.refused > 0
            ? tr("%1, %2").arg(toQt(report::percent(100 * o.worst.share)),
                               toQt(report::moment(o.worst.at).substr(5, 11)))
            : tr("none");
    case Peak:
        return toQt(report::percent(o.peakPercent));
    case Age:
        return toQt(report::age(o.maxAgeSeconds));
    case Cost:
        return toQt(report::usd(o.usd));
    default:
        return {};
    }
}

QVariant OptionsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    static const QStringList names {tr("Way to run it"), tr("Shards"), tr("Refused"),
                                    tr("Worst second"),  tr("Peak"),   tr("Age"),
                                    tr("A month")};
    static const QStringList tips {tr("The cheapest that meets the target is marked"),
                                   tr("Open shards over the time, least to most"),
                                   tr("Refused attempts of all attempts; ✕: more than the target"),
                                   tr("Share refused in the worst second, and when that is (UTC)"),
                                   tr("Busiest shard and second, offered, of its limit"),
                                   tr("Oldest that readers had still to read"),
                                   tr("USD for a month of 730 hours")};
    if (role == Qt::DisplayRole)
        return names[section];
    if (role == Qt::ToolTipRole)
        return tips[section];
    if (role == Qt::TextAlignmentRole)
        return int(section == Mode ? Qt::AlignLeft | Qt::AlignVCenter
                                   : Qt::AlignRight | Qt::AlignVCenter);
    return {};
}

} // namespace shardscope::ui
