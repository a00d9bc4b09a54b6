#include "ui/docks/stream_panel.h"

#include <QAccessible>
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <utility>

#include "core/engine/limits.h"
#include "core/scenario/words.h"
#include "ui/format.h"
#include "ui/stream_header.h"
#include "ui/style/palette.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

const Words<ShardLevelMetric>& metrics()
{
    return wordsOf(ShardLevelMetric {});
}

QLabel* words()
{
    auto* label = new QLabel;
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

QWidget* side(QWidget* wide, QWidget* narrow)
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(wide, 1);
    row->addWidget(narrow);
    return box;
}

} // namespace

StreamPanel::StreamPanel(Deck deck, QWidget* parent)
    : QWidget(parent)
    , m_deck(std::move(deck))
    , m_status(words())
    , m_mode(new QComboBox)
    , m_switch(new QPushButton(tr("Switch")))
    , m_modeLeft(words())
    , m_demand(words())
    , m_advantage(new QCheckBox(tr("On-demand Advantage account")))
    , m_monitor(new QPushButton(tr("Set monitoring")))
    , m_encryption(words())
    , m_key(new QLineEdit(QStringLiteral("alias/aws/kinesis")))
    , m_encrypt(new QPushButton)
    , m_policy(words())
    , m_reply(words())
{
    setObjectName(QStringLiteral("streamPanel"));
    auto* inside = new QWidget;
    auto* form = new QFormLayout(inside);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setContentsMargins(8, 6, 8, 6);

    m_mode->setObjectName(QStringLiteral("mode"));
    m_mode->setAccessibleName(tr("Capacity mode"));
    m_mode->addItem(tr("Provisioned"));
    m_mode->addItem(tr("On-demand"));
    m_switch->setObjectName(QStringLiteral("switchMode"));
    m_switch->setToolTip(tr("Switch to the chosen capacity mode; the shards stay"));
    form->addRow(m_status);
    form->addRow(tr("Capacity mode"), side(m_mode, m_switch));
    form->addRow(m_modeLeft);
    m_shards
        = addSetting(form, tr("Shards"), {}, 1, limits::kShardsPerStreamByUpdate, tr("Update"));
    addThroughput(form);
    m_retention = addSetting(form, tr("Retention"), tr(" h"), 1, 10'000, tr("Set"));
    m_recordSize = addSetting(form, tr("Largest record"), tr(" KiB"), 1, 20'000, tr("Set"));
    addMonitoring(form);
    addEncryption(form);
    auto* policy = new QPushButton(tr("Scaling policy…"));
    policy->setToolTip(tr("Attach or detach an auto-scaling policy"));
    connect(policy, &QPushButton::clicked, this, &StreamPanel::policyAsked);
    form->addRow(m_policy);
    form->addRow(policy);
    auto* account = new QPushButton(tr("Account limits…"));
    account->setToolTip(tr("Set or lift the account's limits"));
    connect(account, &QPushButton::clicked, this, &StreamPanel::accountAsked);
    form->addRow(account);

    auto* scroll = new QScrollArea;
    scroll->setWidget(inside);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    m_reply->setObjectName(QStringLiteral("serviceReply"));
    m_reply->setContentsMargins(8, 4, 8, 6);
    m_reply->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(scroll, 1);
    column->addWidget(m_reply);
    connectSettings();
}

StreamPanel::Setting StreamPanel::addSetting(QFormLayout* form, const QString& label,
                                             const QString& unit, int least, int most,
                                             const QString& verb)
{
    // The ranges are wider than the service's own: what it refuses is worth seeing.
    const Setting setting {new QSpinBox, new QPushButton(verb)};
    setting.field->setRange(least, most);
    setting.field->setSuffix(unit);
    setting.field->setGroupSeparatorShown(true);
    setting.field->setAccessibleName(label);
    setting.send->setAccessibleName(tr("%1: %2").arg(label, verb));
    setting.send->setToolTip(tr("Ask the service for it"));
    setting.send->setEnabled(false);
    form->addRow(label, side(setting.field, setting.send));
    return setting;
}

void StreamPanel::addThroughput(QFormLayout* form)
{
    m_warm = addSetting(form, tr("Warm throughput"), tr(" MiB/s"), 0, 20'000, tr("Set"));
    m_advantage->setToolTip(
        tr("Minimum throughput billing commitment of the account: needed for warm throughput"));
    form->addRow(m_demand);
    form->addRow(m_advantage);
}

void StreamPanel::addMonitoring(QFormLayout* form)
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (const Word<ShardLevelMetric>& metric : metrics()) {
        auto* check = new QCheckBox(QString::fromLatin1(metric.word));
        connect(check, &QCheckBox::clicked, this, [this] {
            m_metricsEdited = true;
            m_monitor->setEnabled(true);
        });
        m_metrics.append(check);
        column->addWidget(check);
    }
    m_monitor->setEnabled(false);
    m_monitor->setToolTip(tr("Ask for enhanced (shard-level) monitoring of the ticked metrics"));
    column->addWidget(m_monitor);
    form->addRow(new QLabel(tr("Shard-level monitoring")));
    form->addRow(box);
}

void StreamPanel::addEncryption(QFormLayout* form)
{
    m_key->setAccessibleName(tr("Key id for encryption at rest"));
    m_key->setMinimumWidth(80);
    form->addRow(tr("Encryption"), m_encryption);
    form->addRow(side(m_key, m_encrypt));
}

void StreamPanel::connectSettings()
{
    for (Setting* s : {&m_shards, &m_retention, &m_recordSize, &m_warm})
        connect(s->field, &QSpinBox::valueChanged, this, [s] {
            s->edited = true;
            s->send->setEnabled(true);
        });
    connect(m_switch, &QPushButton::clicked, this, [this] {
        UpdateStreamMode wanted;
        wanted.mode = m_mode->currentIndex() == 1 ? StreamMode::OnDemand : StreamMode::Provisioned;
        request(wanted);
    });
    connect(m_shards.send, &QPushButton::clicked, this, [this] {
        request(UpdateShardCount {{}, m_shards.field->value()}, &m_shards);
    });
    connect(m_retention.send, &QPushButton::clicked, this, [this] {
        const int hours = m_retention.field->value();
        if (hours < m_now.retentionHours)
            request(DecreaseStreamRetentionPeriod {{}, hours}, &m_retention);
        else
            request(IncreaseStreamRetentionPeriod {{}, hours}, &m_retention);
    });
    connect(m_recordSize.send, &QPushButton::clicked, this, [this] {
        request(UpdateMaxRecordSize {{}, m_recordSize.field->value()}, &m_recordSize);
    });
    connect(m_warm.send, &QPushButton::clicked, this, [this] {
        request(UpdateStreamWarmThroughput {{}, m_warm.field->value()}, &m_warm);
    });
    connect(m_advantage, &QCheckBox::clicked, this,
            [this](bool on) { request(UpdateAccountSettings {on}); });
    connect(m_encrypt, &QPushButton::clicked, this, [this] {
        if (m_now.encryption == EncryptionType::Kms)
            request(StopStreamEncryption {{}, toStd(m_key->text())});
        else
            request(StartStreamEncryption {{}, toStd(m_key->text())});
    });
    connect(m_monitor, &QPushButton::clicked, this, [this] {
        std::set<ShardLevelMetric> on;
        std::set<ShardLevelMetric> off;
        for (std::size_t i = 0; i < metrics().size(); ++i)
            (m_metrics[static_cast<qsizetype>(i)]->isChecked() ? on : off)
                .insert(metrics()[i].value);
        std::erase_if(on, [this](auto m) { return m_now.enhancedMonitoring.contains(m); });
        std::erase_if(off, [this](auto m) { return !m_now.enhancedMonitoring.contains(m); });
        m_metricsEdited = false;
        m_monitor->setEnabled(false);
        if (!on.empty())
            request(EnableEnhancedMonitoring {{}, on});
        if (!off.empty())
            request(DisableEnhancedMonitoring {{}, off});
    });
}

void StreamPanel::request(ControlRequest request, Setting* setting)
{
    if (setting != nullptr) {
        setting->edited = false;
        setting->send->setEnabled(false);
    }
    m_deck.send(Do {std::move(request)}, [self = QPointer(this)](const Result<void>& reply) {
        if (!self)
            return;
        self->m_reply->setVisible(!reply);
        if (reply)
            return;
        self->m_reply->setText(tr("The service refused: %1").arg(toQt(reply.error().message)));
        self->m_reply->setStyleSheet(QStringLiteral("border-top: 2px solid %1; padding-top: 4px;")
                                         .arg(ui::palette().refused.name()));
        QAccessibleEvent alert(self->m_reply, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    });
}

void StreamPanel::show(Setting* setting, std::int64_t value)
{
    if (setting->edited || setting->field->hasFocus())
        return;
    const QSignalBlocker quiet(setting->field);
    setting->field->setValue(static_cast<int>(value));
}

void StreamPanel::present(const Snapshot& snapshot)
{
    const StreamRow& stream = snapshot.stream;
    const StreamDescriptionSummary& now = stream.summary;
    const bool first = m_now.streamName.empty();
    const bool modeChanged = first || now.mode != m_now.mode;
    m_now = now;
    m_status->setText(stream.scaling.empty()
                          ? tr("Status %1").arg(statusText(now.status))
                          : tr("Status %1: %2").arg(statusText(now.status), toQt(stream.scaling)));
    if (modeChanged)
        m_mode->setCurrentIndex(now.mode == StreamMode::OnDemand ? 1 : 0);
    m_modeLeft->setText(
        tr("In 24 h still possible: %n mode switch(es)", nullptr, stream.modeSwitchesLeft)
        + tr(", %n shard count update(s)", nullptr, stream.shardCountUpdatesLeft));
    show(&m_shards, now.openShardCount);
    show(&m_retention, now.retentionHours);
    show(&m_recordSize, now.maxRecordSizeKiB);
    show(&m_warm, now.warmThroughputTargetMiBps.value_or(0));
    m_demand->setVisible(now.mode == StreamMode::OnDemand);
    m_demand->setText(tr("30-day peak %1; its rule asks for %2 shards now")
                          .arg(format::bytesPerSecond(stream.peakBytes30d))
                          .arg(stream.shardsNeeded));
    m_advantage->setChecked(stream.advantage);
    if (!m_metricsEdited)
        for (std::size_t i = 0; i < metrics().size(); ++i)
            m_metrics[static_cast<qsizetype>(i)]->setChecked(
                now.enhancedMonitoring.contains(metrics()[i].value));
    const bool encrypted = now.encryption == EncryptionType::Kms;
    m_encryption->setText(encrypted ? tr("KMS, key %1").arg(toQt(now.keyId)) : tr("none"));
    m_encrypt->setText(encrypted ? tr("Stop") : tr("Start"));
    m_encrypt->setAccessibleName(encrypted ? tr("Stop encryption") : tr("Start encryption"));
    m_policy->setText(stream.policy.empty() ? tr("No scaling policy is attached.")
                                            : toQt(stream.policy));
}

} // namespace shardscope::ui
