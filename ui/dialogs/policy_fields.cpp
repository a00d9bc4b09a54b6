#include "ui/dialogs/policy_fields.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QSpinBox>

#include "ui/format.h"

namespace shardscope::ui {

namespace {

QDoubleSpinBox* percentField(double value)
{
    auto* box = new QDoubleSpinBox;
    box->setRange(0, 1'000);
    box->setDecimals(0);
    box->setSuffix(PolicyFields::tr(" %"));
    box->setValue(value);
    return box;
}

/// "1 shard", "2 shards".
void nameShards(QSpinBox* box)
{
    const auto name
        = [box] { box->setSuffix(PolicyFields::tr(" shard(s)", nullptr, box->value())); };
    QObject::connect(box, &QSpinBox::valueChanged, box, name);
    name();
}

} // namespace

PolicyFields::PolicyFields(const std::optional<ScalingPolicySpec>& policy, None none,
                           QFormLayout* form, QObject* parent)
    : QObject(parent)
    , m_none(none)
    , m_design(new QComboBox)
{
    const ScalingPolicySpec usual = policy.value_or(ScalingPolicySpec {});
    m_design->setObjectName(QStringLiteral("design"));
    if (m_none == None::Offered)
        m_design->addItem(tr("none: detach"));
    m_design->addItems(
        {tr("Kinesis Scaling Utils"), tr("alarms and a Lambda"), tr("Application Auto Scaling")});
    m_design->setCurrentIndex(static_cast<int>(usual.design) + (m_none == None::Offered ? 1 : 0));
    form->addRow(tr("Design"), m_design);
    m_up = percentField(usual.upPercent);
    m_up->setObjectName(QStringLiteral("up"));
    m_down = percentField(usual.downPercent);
    m_down->setObjectName(QStringLiteral("down"));
    form->addRow(tr("Scale up above"), m_up);
    m_upAfter
        = whole(form, tr("for"), 1, 1'440, static_cast<int>(usual.upAfterMinutes), tr(" min"));
    m_upCount = whole(form, tr("by"), 1, 1'000, static_cast<int>(usual.upCount), {});
    nameShards(m_upCount);
    m_upCool = whole(form, tr("then wait"), 0, 1'440,
                     static_cast<int>(usual.upCoolOff / SimDuration::minutes(1)), tr(" min"));
    form->addRow(tr("Scale down below"), m_down);
    m_downAfter
        = whole(form, tr("for"), 1, 1'440, static_cast<int>(usual.downAfterMinutes), tr(" min"));
    m_downCount = whole(form, tr("by"), 1, 1'000, static_cast<int>(usual.downCount), {});
    nameShards(m_downCount);
    m_downCool = whole(form, tr("then wait"), 0, 1'440,
                       static_cast<int>(usual.downCoolOff / SimDuration::minutes(1)), tr(" min"));
    m_least
        = whole(form, tr("Shards at least"), 1, 10'000, static_cast<int>(usual.shardsLeast), {});
    m_most = whole(form, tr("Shards at most"), 1, 10'000, static_cast<int>(usual.shardsMost), {});
    connect(m_design, &QComboBox::currentIndexChanged, this, &PolicyFields::changed);
    for (QDoubleSpinBox* box : {m_up, m_down})
        connect(box, &QDoubleSpinBox::valueChanged, this, &PolicyFields::changed);
}

QSpinBox* PolicyFields::whole(QFormLayout* form, const QString& label, int least, int most,
                              int value, const QString& unit)
{
    auto* box = new QSpinBox;
    box->setRange(least, most);
    box->setSuffix(unit);
    box->setValue(value);
    connect(box, &QSpinBox::valueChanged, this, &PolicyFields::changed);
    form->addRow(label, box);
    return box;
}

QString PolicyFields::problem() const
{
    if (!policy())
        return {};
    if (m_down->value() >= m_up->value())
        return tr("Scale down below: it must lie under the %1 at which it scales up, or it would "
                  "swing for ever.")
            .arg(format::percent(m_up->value()));
    if (m_least->value() > m_most->value())
        return tr("Shards at least: not more than the %1 allowed at most.").arg(m_most->value());
    return {};
}

QString PolicyFields::summary() const
{
    return tr("Adds %1 after %2 min above %3, takes %4 away after %5 min below %6.")
        .arg(tr("%n shard(s)", nullptr, m_upCount->value()))
        .arg(m_upAfter->value())
        .arg(format::percent(m_up->value()), tr("%n shard(s)", nullptr, m_downCount->value()))
        .arg(m_downAfter->value())
        .arg(format::percent(m_down->value()));
}

std::optional<ScalingPolicySpec> PolicyFields::policy() const
{
    const int design = m_design->currentIndex() - (m_none == None::Offered ? 1 : 0);
    if (design < 0)
        return {};
    ScalingPolicySpec policy;
    policy.design = static_cast<ScalingPolicySpec::Design>(design);
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
    return policy;
}

} // namespace shardscope::ui
