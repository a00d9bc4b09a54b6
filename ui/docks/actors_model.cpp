#include "ui/docks/actors_model.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Actors", text);
}

// Shape tells the state, so colour is not needed.
QString glyph(ActorsModel::State state)
{
    switch (state) {
    case ActorsModel::State::Running:
        return QStringLiteral("●");
    case ActorsModel::State::Paused:
        return QStringLiteral("○");
    case ActorsModel::State::Struggling:
        return QStringLiteral("▲");
    }
    return {};
}

QString stateText(ActorsModel::State state)
{
    switch (state) {
    case ActorsModel::State::Running:
        return tr("running");
    case ActorsModel::State::Paused:
        return tr("paused");
    case ActorsModel::State::Struggling:
        return tr("throttled");
    }
    return {};
}

QString arrow(Trend trend)
{
    return trend == Trend::Growing ? QStringLiteral(" ↑")
        : trend == Trend::Draining ? QStringLiteral(" ↓")
                                   : QString();
}

} // namespace

void ActorsModel::setRows(std::vector<Row> rows)
{
    const auto sameNames = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                                      [](const Row& a, const Row& b) { return a.name == b.name; });
    if (!sameNames) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        return;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] == m_rows[i])
            continue;
        m_rows[i] = std::move(rows[i]);
        const int row = static_cast<int>(i);
        emit dataChanged(index(row, 0), index(row, Columns - 1));
    }
}

int ActorsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ActorsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : Columns;
}

QVariant ActorsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == Name ? glyph(row.state) + u' ' + row.name : row.figures;
    case Qt::ToolTipRole:
        return row.details;
    case Qt::AccessibleTextRole:
        return index.column() == Name ? tr("%1, %2").arg(row.name, stateText(row.state))
                                      : row.figures;
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(index.column() == Name ? Qt::AlignLeft | Qt::AlignVCenter
                                                          : Qt::AlignRight | Qt::AlignVCenter);
    case StateRole:
        return static_cast<int>(row.state);
    default:
        return {};
    }
}

QVariant ActorsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Name") : tr("Now");
}

std::vector<ActorsModel::Row> producerRows(const Snapshot& snapshot)
{
    std::vector<ActorsModel::Row> rows;
    for (const ProducerRow& p : snapshot.producers) {
        if (p.removed)
            continue;
        ActorsModel::Row row;
        row.state = p.spec.paused    ? ActorsModel::State::Paused
            : p.refusedPerSecond > 0 ? ActorsModel::State::Struggling
                                     : ActorsModel::State::Running;
        row.name = toQt(p.spec.name);
        row.figures
            = p.spec.paused ? tr("paused") : tr("%1/s").arg(format::count(p.offeredPerSecond));
        row.details
            = tr("%1 (%2), %3\noffered %4, refused %5\nfirst tries %6, retries %7, "
                 "dropped %8, waiting %9")
                  .arg(row.name, QString::fromLatin1(kindText(p.spec.kind)), stateText(row.state),
                       format::recordsPerSecond(p.offeredPerSecond),
                       format::recordsPerSecond(p.refusedPerSecond), format::exact(p.firstTries),
                       format::exact(p.retries), format::exact(p.dropped), format::exact(p.waiting))
            + tr("\neach record is sent %1 times on average")
                  .arg(QString::number(p.amplification(), 'f', 2));
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<ActorsModel::Row> consumerRows(const Snapshot& snapshot)
{
    std::vector<ActorsModel::Row> rows;
    for (const ConsumerRow& c : snapshot.consumers) {
        if (c.removed)
            continue;
        ActorsModel::Row row;
        row.state = c.spec.paused         ? ActorsModel::State::Paused
            : c.refusedCallsPerSecond > 0 ? ActorsModel::State::Struggling
                                          : ActorsModel::State::Running;
        row.name = toQt(c.spec.name);
        row.figures
            = tr("lag %1%2").arg(format::duration(SimDuration::millis(c.ageMs)), arrow(c.trend));
        row.details
            = tr("%1 (%2), %3\nreads %4, %5 calls/s, %6 refused\nlag %7 records, oldest %8")
                  .arg(row.name, QString::fromLatin1(kindText(c.spec.kind)), stateText(row.state),
                       format::recordsPerSecond(c.recordsPerSecond),
                       QString::number(c.callsPerSecond, 'f', 1),
                       QString::number(c.refusedCallsPerSecond, 'f', 1),
                       format::exact(c.lagRecords), format::duration(SimDuration::millis(c.ageMs)));
        if (c.timeToDrain)
            row.details += tr("\ndrained in %1").arg(format::duration(*c.timeToDrain));
        if (c.timeToDataLoss)
            row.details += tr("\nloses data in %1").arg(format::duration(*c.timeToDataLoss));
        if (c.lostRecords > 0)
            row.details += tr("\n%1 records were trimmed before it read them")
                               .arg(format::exact(c.lostRecords));
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace shardscope::ui
