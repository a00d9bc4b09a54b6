#include "ui/dialogs/served_dialogs.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSpinBox>

#include <algorithm>
#include <utility>

#include "core/engine/limits.h"
#include "core/scenario/words.h"
#include "ui/dialogs/served_fields.h"
#include "ui/format.h"
#include "ui/stream_header.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

QString linesOf(const std::map<std::string, std::string>& tags)
{
    QStringList lines;
    for (const auto& [key, value] : tags)
        lines += toQt(key) + u'=' + toQt(value);
    return lines.join(u'\n');
}

} // namespace

DeleteStreamDialog::DeleteStreamDialog(const ServedStreamRow& stream, MonitorDeck deck,
                                       QWidget* parent)
    : RequestDialog(tr("Delete a stream"), tr("Delete"), std::move(deck), parent)
    , m_stream(stream)
{
    setObjectName(QStringLiteral("deleteStreamDialog"));
    if (!stream.consumers.empty()) {
        m_consumers = new QCheckBox(tr("Deregister its %n consumer(s) too", nullptr,
                                       static_cast<int>(stream.consumers.size())));
        m_consumers->setObjectName(QStringLiteral("consumers"));
        connect(m_consumers, &QCheckBox::toggled, this, [this] { refresh(); });
        form()->addRow(m_consumers);
    }
    if (stream.stored.records > 0) {
        auto* words = new QLabel(
            tr("Type %1 to delete it:").arg(breakable(toQt(stream.summary.streamName))));
        words->setTextFormat(Qt::PlainText);
        words->setWordWrap(true);
        m_name = new QLineEdit;
        m_name->setObjectName(QStringLiteral("name"));
        m_name->setAccessibleName(tr("Name of the stream, to be sure"));
        connect(m_name, &QLineEdit::textChanged, this, [this] { refresh(); });
        form()->addRow(words);
        form()->addRow(tr("Name"), m_name);
    }
    begin();
}

QString DeleteStreamDialog::problem() const
{
    if (m_name != nullptr && m_name->text() != toQt(m_stream.summary.streamName))
        return tr("Name: it is not the stream's.");
    return {};
}

QString DeleteStreamDialog::summary() const
{
    const QString name = toQt(m_stream.summary.streamName);
    return m_stream.stored.records == 0
        ? tr("%1 holds no record. It cannot be brought back.").arg(name)
        : tr("%1 records (%2) go with %3. They cannot be brought back.")
              .arg(format::exact(m_stream.stored.records),
                   format::bytes(static_cast<double>(m_stream.stored.bytes)), name);
}

std::vector<ApiRequest> DeleteStreamDialog::requests() const
{
    return {DeleteStream {m_stream.summary.streamName,
                          m_consumers != nullptr && m_consumers->isChecked()}};
}

ModeDialog::ModeDialog(const ServedStreamRow& stream, MonitorDeck deck, QWidget* parent)
    : RequestDialog(tr("Capacity mode"),
                    stream.summary.mode == StreamMode::OnDemand ? tr("Make it provisioned")
                                                                : tr("Make it on-demand"),
                    std::move(deck), parent)
    , m_stream(stream.summary)
{
    setObjectName(QStringLiteral("modeDialog"));
    form()->addRow(tr("Stream"), new QLabel(breakable(toQt(m_stream.streamName))));
    form()->addRow(tr("Mode now"), new QLabel(modeText(m_stream.mode)));
    refresh();
}

QString ModeDialog::summary() const
{
    const auto shards = static_cast<int>(m_stream.openShardCount);
    return (m_stream.mode == StreamMode::OnDemand
                ? tr("It keeps its %n shard(s) until somebody changes them. ", nullptr, shards)
                : tr("It begins with its %n shard(s) and scales with its traffic. ", nullptr,
                     shards))
        + tr("A stream may change its mode %n time(s) in 24 hours.", nullptr,
             limits::kModeSwitchesPerDay);
}

std::vector<ApiRequest> ModeDialog::requests() const
{
    UpdateStreamMode wanted;
    wanted.streamName = m_stream.streamName;
    wanted.mode
        = m_stream.mode == StreamMode::OnDemand ? StreamMode::Provisioned : StreamMode::OnDemand;
    return {wanted};
}

FigureDialog::FigureDialog(Figure figure, const StreamDescriptionSummary& stream, MonitorDeck deck,
                           QWidget* parent)
    : RequestDialog(figure == Figure::Retention        ? tr("Retention")
                        : figure == Figure::RecordSize ? tr("Largest record")
                                                       : tr("Warm throughput"),
                    tr("Change"), std::move(deck), parent)
    , m_figure(figure)
    , m_stream(stream)
{
    setObjectName(QStringLiteral("figureDialog"));
    form()->addRow(tr("Stream"), new QLabel(breakable(toQt(stream.streamName))));
    switch (figure) {
    case Figure::Retention:
        m_before = static_cast<int>(stream.retentionHours);
        m_value = wholeField("value", limits::kRetentionHoursLeast, limits::kRetentionHoursMost,
                             m_before, tr(" h"));
        m_value->setSingleStep(24);
        form()->addRow(tr("Keep records for"), m_value);
        break;
    case Figure::RecordSize:
        m_before = static_cast<int>(stream.maxRecordSizeKiB);
        m_value = wholeField("value", limits::kMaxRecordDefault / 1_KiB,
                             limits::kMaxRecordLargest / 1_KiB, m_before, tr(" KiB"));
        m_value->setSingleStep(kRecordSizeStep);
        form()->addRow(tr("Largest record"), m_value);
        break;
    case Figure::WarmThroughput:
        m_before = static_cast<int>(stream.warmThroughputTargetMiBps.value_or(0));
        m_value = wholeField("value", 0, limits::kWarmThroughputMost, m_before, tr(" MiB/s"));
        form()->addRow(tr("Ready for"), m_value);
        break;
    }
    connect(m_value, &QSpinBox::valueChanged, this, [this] { refresh(); });
    begin();
}

QString FigureDialog::problem() const
{
    return m_value->value() == m_before ? tr("It is so already; choose another figure.")
                                        : QString();
}

QString FigureDialog::summary() const
{
    switch (m_figure) {
    case Figure::Retention:
        return m_value->value() < m_before
            ? tr("Records older than %1 h are gone at once.").arg(m_value->value())
            : tr("From 24 hours (1 day) to 8,760 hours (365 days).");
    case Figure::RecordSize:
        return tr("Data and partition key together; a larger record is refused.");
    case Figure::WarmThroughput:
        return tr("The stream takes this much at once, without having grown to it first.");
    }
    return {};
}

std::vector<ApiRequest> FigureDialog::requests() const
{
    const std::int64_t value = m_value->value();
    switch (m_figure) {
    case Figure::Retention:
        if (value < m_before)
            return {DecreaseStreamRetentionPeriod {m_stream.streamName, value}};
        return {IncreaseStreamRetentionPeriod {m_stream.streamName, value}};
    case Figure::RecordSize:
        return {UpdateMaxRecordSize {m_stream.streamName, value}};
    case Figure::WarmThroughput:
        return {UpdateStreamWarmThroughput {m_stream.streamName, value}};
    }
    return {};
}

MonitoringDialog::MonitoringDialog(const StreamDescriptionSummary& stream, MonitorDeck deck,
                                   QWidget* parent)
    : RequestDialog(tr("Shard-level metrics"), tr("Set"), std::move(deck), parent)
    , m_stream(stream)
{
    setObjectName(QStringLiteral("monitoringDialog"));
    for (const Word<ShardLevelMetric>& metric : wordsOf(ShardLevelMetric {})) {
        auto* check = new QCheckBox(QString::fromLatin1(metric.word));
        check->setChecked(stream.enhancedMonitoring.contains(metric.value));
        connect(check, &QCheckBox::toggled, this, [this] { refresh(); });
        m_metrics += check;
        form()->addRow(check);
    }
    begin();
}

std::set<ShardLevelMetric> MonitoringDialog::wanted() const
{
    std::set<ShardLevelMetric> on;
    for (std::size_t i = 0; i < wordsOf(ShardLevelMetric {}).size(); ++i)
        if (m_metrics[static_cast<qsizetype>(i)]->isChecked())
            on.insert(wordsOf(ShardLevelMetric {})[i].value);
    return on;
}

QString MonitoringDialog::problem() const
{
    return wanted() == m_stream.enhancedMonitoring ? tr("It is so already; tick something else.")
                                                   : QString();
}

QString MonitoringDialog::summary() const
{
    return tr("The ticked ones are kept for every shard and can be read with GetMetricData.");
}

std::vector<ApiRequest> MonitoringDialog::requests() const
{
    std::set<ShardLevelMetric> on = wanted();
    std::set<ShardLevelMetric> off = m_stream.enhancedMonitoring;
    std::erase_if(off, [&on](ShardLevelMetric m) { return on.contains(m); });
    std::erase_if(on,
                  [this](ShardLevelMetric m) { return m_stream.enhancedMonitoring.contains(m); });
    std::vector<ApiRequest> all;
    if (!on.empty())
        all.emplace_back(EnableEnhancedMonitoring {m_stream.streamName, on});
    if (!off.empty())
        all.emplace_back(DisableEnhancedMonitoring {m_stream.streamName, off});
    return all;
}

TagsDialog::TagsDialog(const ServedStreamRow& stream, MonitorDeck deck, QWidget* parent)
    : RequestDialog(tr("Tags"), tr("Set"), std::move(deck), parent)
    , m_stream(stream)
    , m_lines(tagsField())
{
    setObjectName(QStringLiteral("tagsDialog"));
    m_lines->setPlainText(linesOf(stream.tags));
    m_lines->setFixedHeight(m_lines->fontMetrics().height() * 10);
    form()->addRow(m_lines);
    connect(m_lines, &QPlainTextEdit::textChanged, this, [this] { refresh(); });
    begin();
}

TagsDialog::Difference TagsDialog::difference() const
{
    Difference made;
    const auto tags = readTags(m_lines->toPlainText());
    if (!tags)
        return made;
    for (const auto& [key, value] : *tags) {
        const auto before = m_stream.tags.find(key);
        if (before == m_stream.tags.end() || before->second != value)
            made.added.emplace(key, value);
    }
    for (const auto& [key, value] : m_stream.tags)
        if (!tags->contains(key))
            made.removed.push_back(key);
    return made;
}

QString TagsDialog::problem() const
{
    const auto tags = readTags(m_lines->toPlainText());
    if (!tags)
        return toQt(tags.error().message);
    if (tags->size() > static_cast<std::size_t>(limits::kTagsPerResource))
        return tr("Tags: a stream has at most %1.").arg(limits::kTagsPerResource);
    const Difference change = difference();
    return change.added.empty() && change.removed.empty()
        ? tr("Nothing is changed yet: write one key=value on a line.")
        : QString();
}

QString TagsDialog::summary() const
{
    const Difference change = difference();
    if (change.added.empty() && change.removed.empty())
        return tr("One key=value on a line; a line taken away takes its tag away.");
    return tr("%n tag(s) set", nullptr, static_cast<int>(change.added.size()))
        + tr(", %n taken away.", nullptr, static_cast<int>(change.removed.size()));
}

std::vector<ApiRequest> TagsDialog::requests() const
{
    ResourceRef stream;
    stream.streamName = m_stream.summary.streamName;
    Difference change = difference();
    std::vector<ApiRequest> all;
    if (!change.removed.empty())
        all.emplace_back(RemoveTags {stream, std::move(change.removed), false});
    if (!change.added.empty())
        all.emplace_back(AddTags {stream, std::move(change.added), false});
    return all;
}

} // namespace shardscope::ui
