#include "ui/screens/readers/reader_words.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

#include "ui/format.h"

namespace shardscope::ui::words {
namespace {

/// A loss further away than this is no forecast but a straight line drawn too far.
constexpr SimDuration kForecastMost = SimDuration::days(7);

QString tr(const char* text, int n = -1)
{
    return QCoreApplication::translate("Readers", text, nullptr, n);
}

QString versionText(KclSpec::Version version)
{
    switch (version) {
    case KclSpec::Version::V1:
        return tr("KCL 1.x");
    case KclSpec::Version::V2:
        return tr("KCL 2.x");
    case KclSpec::Version::V3:
        break;
    }
    return tr("KCL 3.x");
}

QString kindOf(const ConsumerSpec& spec)
{
    switch (spec.kind) {
    case ConsumerKind::Kcl:
        return versionText(spec.kcl.version);
    case ConsumerKind::Analytics:
        return tr("analytics");
    case ConsumerKind::Lambda:
        return tr("Lambda");
    case ConsumerKind::Firehose:
        return tr("Firehose");
    case ConsumerKind::Polling:
    case ConsumerKind::FanOut:
        break;
    }
    return {};
}

} // namespace

QString wayOf(const ConsumerRow& reader)
{
    const bool pushed = reader.fanOut || reader.spec.kind == ConsumerKind::FanOut;
    const QString way = pushed ? tr("fan-out") : tr("polling");
    const QString kind = reader.client ? tr("client") : kindOf(reader.spec);
    return kind.isEmpty() ? way : tr("%1, %2").arg(kind, way);
}

QString trendOf(const ConsumerRow& reader)
{
    if (reader.spec.paused)
        return tr("○ paused");
    switch (reader.trend) {
    case Trend::Growing:
        return tr("▲ growing");
    case Trend::Draining:
        return reader.timeToDrain ? tr("▼ draining, %1").arg(format::duration(*reader.timeToDrain))
                                  : tr("▼ draining");
    case Trend::Steady:
        break;
    }
    return tr("● steady");
}

QString howFarBehind(const ConsumerRow& reader)
{
    if (reader.lagRecords == 0)
        return tr("It has read everything there is.");
    const QString behind = tr("%1 records behind, the oldest unread for %2")
                               .arg(format::exact(reader.lagRecords),
                                    format::duration(SimDuration::millis(reader.ageMs)));
    if (reader.spec.paused)
        return tr("%1; paused.").arg(behind);
    switch (reader.trend) {
    case Trend::Growing:
        return tr("%1; growing.").arg(behind);
    case Trend::Draining:
        return reader.timeToDrain ? tr("%1; draining: caught up in %2.")
                                        .arg(behind, format::duration(*reader.timeToDrain))
                                  : tr("%1; draining.").arg(behind);
    case Trend::Steady:
        break;
    }
    return tr("%1; steady.").arg(behind);
}

QString forecastOf(const ConsumerRow& reader)
{
    QStringList said;
    if (reader.lostRecords > 0)
        said << tr("%1 records were trimmed before it read them.")
                    .arg(format::exact(reader.lostRecords));
    if (reader.timeToDataLoss && *reader.timeToDataLoss < kForecastMost)
        said << tr("At this rate the oldest unread record is lost in %1.")
                    .arg(format::duration(*reader.timeToDataLoss));
    if (reader.againRecords > 0)
        said << tr("%1 records were processed more than once.")
                    .arg(format::exact(reader.againRecords));
    if (reader.lagAgain > 0)
        said << tr("%1 of those ahead were processed before.").arg(format::exact(reader.lagAgain));
    return said.join(QLatin1Char(' '));
}

QString costOf(const ConsumerRow& reader)
{
    if (!reader.costPerHour)
        return QStringLiteral("–");
    return *reader.costPerHour > 0 ? format::money(*reader.costPerHour) : tr("none");
}

} // namespace shardscope::ui::words
