#include "ui/screens/monitor/stream_card.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/format.h"
#include "ui/icons.h"
#include "ui/stream_header.h"
#include "ui/style/palette.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

constexpr std::size_t kTagsNamed = 6; // the dialog shows all of them

QString tagsText(const std::map<std::string, std::string>& tags)
{
    if (tags.empty())
        return StreamCard::tr("none");
    QStringList words;
    for (const auto& [key, value] : tags) {
        if (static_cast<std::size_t>(words.size()) == kTagsNamed) {
            words += StreamCard::tr("%n more", nullptr, static_cast<int>(tags.size() - kTagsNamed));
            break;
        }
        words += breakable(toQt(key) + u'=' + toQt(value));
    }
    return words.join(QStringLiteral(", "));
}

QString consumersText(const ServedStreamRow& stream)
{
    if (stream.consumers.empty())
        return StreamCard::tr("none registered");
    QStringList names;
    for (const ConsumerDescription& consumer : stream.consumers)
        names += breakable(toQt(consumer.consumerName));
    QString text = names.join(QStringLiteral(", "));
    if (stream.subscriptions > 0)
        text += StreamCard::tr("; %n subscription(s) open", nullptr,
                               static_cast<int>(stream.subscriptions));
    return text;
}

/// A line for each channel that delivers the stream; empty without one.
QString channelsText(const ServedSnapshot& service, const std::string& stream)
{
    const auto records = [](std::int64_t n) {
        return n == 1 ? StreamCard::tr("1 record")
                      : StreamCard::tr("%1 records").arg(format::exact(n));
    };
    QStringList lines;
    for (const ChannelRow& channel : service.channels) {
        if (channel.streamName != stream)
            continue;
        QStringList facts {StreamCard::tr("%1 delivered in %n object(s)", nullptr,
                                          static_cast<int>(channel.objects))
                               .arg(records(channel.records)),
                           StreamCard::tr("%1 waiting")
                               .arg(format::bytes(static_cast<double>(channel.waitingBytes)))};
        if (channel.writing)
            facts += StreamCard::tr("writing");
        if (channel.failedRecords > 0)
            facts += StreamCard::tr("%1 failed").arg(records(channel.failedRecords));
        if (channel.lostRecords > 0)
            facts += StreamCard::tr("%1 lost").arg(records(channel.lostRecords));
        lines += StreamCard::tr("%1: %2").arg(breakable(toQt(channel.channelName)),
                                              facts.join(QStringLiteral(", ")));
        if (!channel.trouble.empty())
            lines += QStringLiteral("✕ ") + breakable(toQt(channel.trouble));
    }
    return lines.join(u'\n');
}

QLabel* wrapping(const char* name)
{
    auto* label = new QLabel;
    label->setObjectName(QString::fromLatin1(name));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setMinimumWidth(1);
    return label;
}

} // namespace

StreamCard::StreamCard(QWidget* parent)
    : QScrollArea(parent)
    , m_lines(new QGridLayout)
    , m_name(wrapping("cardName"))
    , m_arn(wrapping("cardArn"))
    , m_state(wrapping("cardState"))
    , m_delete(new QPushButton(tr("&Delete…")))
{
    setObjectName(QStringLiteral("streamCard"));
    setAccessibleName(tr("The chosen stream"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    m_arn->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* copy = new QToolButton;
    copy->setObjectName(QStringLiteral("copyArn"));
    copy->setAutoRaise(true);
    copy->setMinimumSize(26, 26);
    copy->setFocusPolicy(Qt::TabFocus);
    copy->setToolTip(tr("Copy the stream's ARN"));
    copy->setAccessibleName(copy->toolTip());
    connect(copy, &QToolButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_arn->text().remove(QChar(0x200B))); });

    m_lines->setColumnStretch(1, 1);
    m_lines->setHorizontalSpacing(10);
    m_lines->setVerticalSpacing(6);
    m_mode = addLine(tr("Capacity mode"), tr("Change…"), StreamChange::Mode);
    m_shards = addLine(tr("Open shards"), tr("Change…"), StreamChange::ShardCount);
    m_retention = addLine(tr("Retention"), tr("Change…"), StreamChange::Retention);
    m_recordSize = addLine(tr("Largest record"), tr("Change…"), StreamChange::RecordSize);
    m_warm = addLine(tr("Warm throughput"), tr("Change…"), StreamChange::WarmThroughput);
    m_encryption = addLine(tr("Encryption"), tr("Change…"), StreamChange::Encryption);
    m_consumers = addLine(tr("Consumers"), tr("Edit…"), StreamChange::Consumers);
    m_tags = addLine(tr("Tags"), tr("Edit…"), StreamChange::Tags);
    m_monitoring = addLine(tr("Shard metrics"), tr("Edit…"), StreamChange::Monitoring);

    m_channels = {new QLabel(tr("Channels")), wrapping("channels")};
    const int below = m_lines->rowCount();
    m_lines->addWidget(m_channels.name, below, 0, Qt::AlignLeft | Qt::AlignTop);
    m_lines->addWidget(m_channels.value, below, 1, 1, 2);

    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(14, 10, 14, 10);
    column->setSpacing(6);
    auto* arn = new QHBoxLayout;
    arn->addWidget(m_arn, 1);
    arn->addWidget(copy, 0, Qt::AlignTop);
    column->addWidget(m_name);
    column->addWidget(m_state);
    column->addLayout(arn);
    column->addSpacing(6);
    column->addLayout(m_lines);
    column->addStretch(1);
    auto* verbs = new QGridLayout;
    const auto verb
        = [this, verbs](const QString& words, const QString& tip, int row, int at, auto act) {
              auto* button = new QPushButton(words);
              button->setToolTip(tip);
              connect(button, &QPushButton::clicked, this, act);
              verbs->addWidget(button, row, at);
              return button;
          };
    verb(tr("&Board"), tr("This stream's shards against their limits, live"), 0, 0,
         [this] { emit boardAsked(); });
    verb(tr("&Records"), tr("Look at what is stored"), 0, 1, [this] { emit recordsAsked(); });
    verb(tr("&Put a record…"), tr("Put one test record"), 1, 0,
         [this] { emit changeAsked(StreamChange::PutRecord); });
    verbs->addWidget(m_delete, 1, 1);
    m_delete->setToolTip(tr("Delete the stream and everything stored in it"));
    connect(m_delete, &QPushButton::clicked, this,
            [this] { emit changeAsked(StreamChange::Delete); });
    column->addLayout(verbs);
    setWidget(inside);
    restyle();
}

StreamCard::Line StreamCard::addLine(const QString& name, const QString& verb, StreamChange change)
{
    const int row = m_lines->rowCount();
    Line line {new QLabel(name), wrapping("value"), new QToolButton};
    line.change->setText(verb);
    line.change->setFocusPolicy(Qt::TabFocus);
    line.change->setMinimumHeight(26);
    line.change->setAccessibleName(tr("%1: %2").arg(name, verb));
    line.change->setToolTip(line.change->accessibleName());
    line.change->setSizePolicy(QSizePolicy::MinimumExpanding, QSizePolicy::Fixed);
    connect(line.change, &QToolButton::clicked, this, [this, change] { emit changeAsked(change); });
    m_lines->addWidget(line.name, row, 0, Qt::AlignLeft | Qt::AlignVCenter);
    m_lines->addWidget(line.value, row, 1, Qt::AlignVCenter);
    m_lines->addWidget(line.change, row, 2, Qt::AlignVCenter);
    return line;
}

void StreamCard::say(const Line& line, const QString& words)
{
    if (line.value->text() == words)
        return;
    line.value->setText(words);
    line.value->setAccessibleName(words);
}

QString StreamCard::keyName(const ServedSnapshot& service, const std::string& keyId)
{
    const auto same
        = [&keyId](const kms::Alias& alias) { return alias.name == keyId || alias.keyId == keyId; };
    const auto found = std::find_if(service.aliases.begin(), service.aliases.end(), same);
    return toQt(found == service.aliases.end() ? keyId : found->name);
}

void StreamCard::present(const ServedStreamRow& stream, const ServedSnapshot& service)
{
    const StreamDescriptionSummary& s = stream.summary;
    m_name->setText(breakable(toQt(s.streamName)));
    m_arn->setText(breakable(toQt(s.streamArn)));
    m_state->setText(tr("%1 since %2 UTC · %3 stored in %4")
                         .arg(statusText(s.status), format::dateTime(s.createdAt),
                              format::bytes(static_cast<double>(stream.stored.bytes)),
                              tr("%1 records").arg(format::exact(stream.stored.records))));
    say(m_mode, modeText(s.mode));
    say(m_shards,
        tr("%1, hottest at %2 of its limit")
            .arg(format::exact(s.openShardCount), format::percent(stream.hottestPercentOfLimit)));
    say(m_retention,
        s.retentionHours % 24 == 0
            ? tr("%1 h (%n day(s))", nullptr, static_cast<int>(s.retentionHours / 24))
                  .arg(s.retentionHours)
            : tr("%1 h").arg(s.retentionHours));
    say(m_recordSize, format::bytes(static_cast<double>(s.maxRecordSizeKiB) * 1'024));
    const bool onDemand = s.mode == StreamMode::OnDemand;
    for (QWidget* part : std::initializer_list<QWidget*> {m_warm.name, m_warm.value, m_warm.change})
        part->setVisible(onDemand);
    say(m_warm,
        s.warmThroughputTargetMiBps ? tr("%1 MiB/s now, %2 MiB/s asked for")
                                          .arg(s.warmThroughputCurrentMiBps.value_or(0))
                                          .arg(*s.warmThroughputTargetMiBps)
                                    : tr("none"));
    m_shards.change->setEnabled(!onDemand);
    m_shards.change->setToolTip(onDemand ? tr("An on-demand stream scales itself")
                                         : m_shards.change->accessibleName());
    say(m_encryption,
        s.encryption == EncryptionType::Kms ? tr("KMS, %1").arg(keyName(service, s.keyId))
                                            : tr("none"));
    say(m_consumers, consumersText(stream));
    say(m_tags, tagsText(stream.tags));
    say(m_monitoring,
        s.enhancedMonitoring.empty()
            ? tr("none")
            : tr("%n metric(s)", nullptr, static_cast<int>(s.enhancedMonitoring.size())));
    say(m_channels, channelsText(service, s.streamName));
    for (QLabel* label : {m_channels.name, m_channels.value})
        label->setVisible(!m_channels.value->text().isEmpty());
}

void StreamCard::changeEvent(QEvent* event)
{
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        restyle();
}

void StreamCard::restyle()
{
    if (widget() == nullptr)
        return;
    const int letter = fontMetrics().averageCharWidth();
    setMinimumWidth(letter * 46);
    m_lines->setColumnMinimumWidth(1, letter * 14);
    const QString muted = QStringLiteral("color: %1;").arg(ui::palette().mutedText.name());
    for (QLabel* label : {m_arn, m_state, m_mode.name, m_shards.name, m_retention.name,
                          m_recordSize.name, m_warm.name, m_encryption.name, m_consumers.name,
                          m_tags.name, m_monitoring.name, m_channels.name})
        label->setStyleSheet(muted);
    m_name->setStyleSheet(QStringLiteral("font-weight: bold; font-size: %1pt;")
                              .arg(QApplication::font().pointSizeF() * 1.3));
    findChild<QToolButton*>(QStringLiteral("copyArn"))->setIcon(icon(Sign::Copy));
}

} // namespace shardscope::ui
