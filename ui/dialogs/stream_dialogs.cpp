#include "ui/dialogs/stream_dialogs.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QSpinBox>

#include <utility>

#include "ui/format.h"

namespace shardscope::ui {

namespace {

QDoubleSpinBox* percentField(double value)
{
    auto* box = new QDoubleSpinBox;
    box->setRange(0, 1'000);
    box->setDecimals(0);
    box->setSuffix(ActDialog::tr(" %"));
    box->setValue(value);
    return box;
}

/// "1 shard", "2 shards".
void nameShards(QSpinBox* box)
{
    const auto name = [box] { box->setSuffix(ActDialog::tr(" shard(s)", nullptr, box->value())); };
    QObject::connect(box, &QSpinBox::valueChanged, box, name);
    name();
}

} // namespace

PolicyDialog::PolicyDialog(const std::optional<ScalingPolicySpec>& attached, Deck deck,
                           QWidget* parent)
    : ActDialog(tr("Scaling policy"), tr("Set"), std::move(deck), parent)
    , m_design(new QComboBox)
{
    setObjectName(QStringLiteral("policyDialog"));
    const ScalingPolicySpec usual = attached.value_or(ScalingPolicySpec {});
    m_design->setObjectName(QStringLiteral("design"));
    m_design->addItems({tr("none: detach"), tr("Kinesis Scaling Utils"), tr("alarms and a Lambda"),
                        tr("Application Auto Scaling")});
    m_design->setCurrentIndex(static_cast<int>(usual.design) + 1);
    form()->addRow(tr("Design"), m_design);
    m_up = percentField(usual.upPercent);
    m_up->setObjectName(QStringLiteral("up"));
    m_down = percentField(usual.downPercent);
    m_down->setObjectName(QStringLiteral("down"));
    form()->addRow(tr("Scale up above"), m_up);
    m_upAfter = whole(tr("for"), 1, 1'440, static_cast<int>(usual.upAfterMinutes), tr(" min"));
    m_upCount = whole(tr("by"), 1, 1'000, static_cast<int>(usual.upCount), {});
    nameShards(m_upCount);
    m_upCool = whole(tr("then wait"), 0, 1'440,
                     static_cast<int>(usual.upCoolOff / SimDuration::minutes(1)), tr(" min"));
    form()->addRow(tr("Scale down below"), m_down);
    m_downAfter = whole(tr("for"), 1, 1'440, static_cast<int>(usual.downAfterMinutes), tr(" min"));
    m_downCount = whole(tr("by"), 1, 1'000, static_cast<int>(usual.downCount), {});
    nameShards(m_downCount);
    m_downCool = whole(tr("then wait"), 0, 1'440,
                       static_cast<int>(usual.downCoolOff / SimDuration::minutes(1)), tr(" min"));
    m_least = whole(tr("Shards at least"), 1, 10'000, static_cast<int>(usual.shardsLeast), {});
    m_most = whole(tr("Shards at most"), 1, 10'000, static_cast<int>(usual.shardsMost), {});
    connect(m_design, &QComboBox::currentIndexChanged, this, &PolicyDialog::refresh);
    for (QDoubleSpinBox* box : {m_up, m_down})
        connect(box, &QDoubleSpinBox::valueChanged, this, &PolicyDialog::refresh);
    refresh();
}

QSpinBox* PolicyDialog::whole(const QString& label, int least, int most, int value,
                              const QString& unit)
{
    auto* box = new QSpinBox;
    box->setRange(least, most);
    box->setSuffix(unit);
    box->setValue(value);
    connect(box, &QSpinBox::valueChanged, this, [this] { refresh(); });
    form()->addRow(label, box);
    return box;
}

QString PolicyDialog::problem() const
{
    if (m_design->currentIndex() == 0)
        return {};
    if (m_down->value() >= m_up->value())
        return tr("Scale down below: it must lie under the %1 at which it scales up, or it would "
                  "swing for ever.")
            .arg(format::percent(m_up->value()));
    if (m_least->value() > m_most->value())
        return tr("Shards at least: not more than the %1 allowed at most.").arg(m_most->value());
    return {};
}

QString PolicyDialog::summary() const
{
    if (m_design->currentIndex() == 0)
        return tr("The stream keeps its shards until somebody changes them.");
    return tr("Adds %1 after %2 min above %3, takes %4 away after %5 min below %6.")
        .arg(tr("%n shard(s)", nullptr, m_upCount->value()))
        .arg(m_upAfter->value())
        .arg(format::percent(m_up->value()), tr("%n shard(s)", nullptr, m_downCount->value()))
        .arg(m_downAfter->value())
        .arg(format::percent(m_down->value()));
}

Act PolicyDialog::act() const
{
    if (m_design->currentIndex() == 0)
        return AttachPolicy {};
    ScalingPolicySpec policy;
    policy.design = static_cast<ScalingPolicySpec::Design>(m_design->currentIndex() - 1);
    policy.upPercent = m_up->value();
    policy.downPercent = m_down->value();
    policy.upAfterMinutes = m_upAfter->value();
    policy.downAfterMinutes = m_downAfter->value();
    policy.upCount = m_upCount->value();
    policy.downCount = m_downCount->value();
    policy.upCoolOff = SimDuration::minutes(m_upCool->value());
    policy.downCoolOff = SimDuration::minutes(m_downCool->value());
    policy.shardsLeast = m_least->value();
    policy.shardsMost = m_most->value();
    return AttachPolicy {policy};
}

AccountDialog::AccountDialog(const AccountLimits& limits, Deck deck, QWidget* parent)
    : ActDialog(tr("Account limits"), tr("Set"), std::move(deck), parent)
    , m_hasShards(new QCheckBox(tr("Limit shards")))
    , m_hasStreams(new QCheckBox(tr("Limit on-demand streams")))
    , m_hasCalls(new QCheckBox(tr("Limit calls")))
    , m_shards(new QSpinBox)
    , m_streams(new QSpinBox)
    , m_calls(new QDoubleSpinBox)
{
    setObjectName(QStringLiteral("accountDialog"));
    const AccountLimits usual;
    m_shards->setRange(1, 10'000'000);
    m_shards->setGroupSeparatorShown(true);
    m_shards->setValue(static_cast<int>(limits.shards.value_or(usual.shards.value_or(1))));
    m_shards->setAccessibleName(tr("Shards in the account"));
    m_streams->setRange(0, 100'000);
    m_streams->setValue(
        static_cast<int>(limits.onDemandStreams.value_or(usual.onDemandStreams.value_or(1))));
    m_streams->setAccessibleName(tr("On-demand streams in the account"));
    m_calls->setRange(0.01, 1'000);
    m_calls->setSuffix(tr(" × the published rates"));
    m_calls->setValue(limits.callRateFactor.value_or(usual.callRateFactor.value_or(1)));
    m_calls->setAccessibleName(tr("Factor on every operation's calls per second"));
    const auto row = [this](QCheckBox* has, QWidget* field, bool limited) {
        has->setChecked(limited);
        field->setEnabled(limited);
        form()->addRow(has, field);
        connect(has, &QCheckBox::toggled, this, [this, field](bool on) {
            field->setEnabled(on);
            refresh();
        });
    };
    row(m_hasShards, m_shards, limits.shards.has_value());
    row(m_hasStreams, m_streams, limits.onDemandStreams.has_value());
    row(m_hasCalls, m_calls, limits.callRateFactor.has_value());
    refresh();
}

QString AccountDialog::summary() const
{
    return m_hasShards->isChecked() && m_hasStreams->isChecked() && m_hasCalls->isChecked()
        ? tr("What an account may have and ask for.")
        : tr("An unticked limit is lifted.");
}

Act AccountDialog::act() const
{
    AccountLimits limits;
    limits.shards.reset();
    limits.onDemandStreams.reset();
    limits.callRateFactor.reset();
    if (m_hasShards->isChecked())
        limits.shards = m_shards->value();
    if (m_hasStreams->isChecked())
        limits.onDemandStreams = m_streams->value();
    if (m_hasCalls->isChecked())
        limits.callRateFactor = m_calls->value();
    return SetAccountLimits {limits};
}

} // namespace shardscope::ui
