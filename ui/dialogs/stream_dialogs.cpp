#include "ui/dialogs/stream_dialogs.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QSpinBox>

#include <utility>

#include "ui/dialogs/policy_fields.h"
#include "ui/format.h"

namespace shardscope::ui {

PolicyDialog::PolicyDialog(const std::optional<ScalingPolicySpec>& attached, Deck deck,
                           QWidget* parent)
    : ActDialog(tr("Scaling policy"), tr("Set"), std::move(deck), parent)
{
    setObjectName(QStringLiteral("policyDialog"));
    m_fields = new PolicyFields(attached, PolicyFields::None::Offered, form(), this);
    connect(m_fields, &PolicyFields::changed, this, &PolicyDialog::refresh);
    refresh();
}

QString PolicyDialog::problem() const
{
    return m_fields->problem();
}

QString PolicyDialog::summary() const
{
    return m_fields->policy() ? m_fields->summary()
                              : tr("The stream keeps its shards until somebody changes them.");
}

Act PolicyDialog::act() const
{
    return AttachPolicy {m_fields->policy()};
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
