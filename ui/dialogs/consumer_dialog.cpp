#include "ui/dialogs/consumer_dialog.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>

#include <utility>

#include "core/engine/limits.h"
#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {

ConsumerDialog::ConsumerDialog(Purpose purpose, const ConsumerSpec& spec, Deck deck,
                               QWidget* parent)
    : ActDialog(purpose == Purpose::Add ? tr("Add a consumer") : tr("Change a consumer"),
                purpose == Purpose::Add ? tr("Add") : tr("Change"), std::move(deck), parent)
    , m_purpose(purpose)
    , m_base(spec)
    , m_name(new QLineEdit(toQt(spec.name)))
    , m_start(new QComboBox)
    , m_reads(new QDoubleSpinBox)
    , m_limit(new QSpinBox)
    , m_rate(new QDoubleSpinBox)
{
    setObjectName(QStringLiteral("consumerDialog"));
    m_name->setObjectName(QStringLiteral("name"));
    m_reads->setObjectName(QStringLiteral("reads"));
    m_name->setEnabled(purpose == Purpose::Add);
    m_start->addItems({QStringLiteral("TRIM_HORIZON"), QStringLiteral("LATEST")});
    m_start->setCurrentIndex(static_cast<int>(spec.start));
    m_reads->setRange(0.01, 100);
    m_reads->setSuffix(tr(" calls/s a shard"));
    m_reads->setValue(spec.readsPerSecond);
    m_limit->setRange(1, static_cast<int>(limits::kGetRecordsRecords));
    m_limit->setGroupSeparatorShown(true);
    m_limit->setSuffix(tr(" records"));
    m_limit->setValue(static_cast<int>(spec.recordsPerCall));
    m_rate->setRange(0, 10'000'000);
    m_rate->setDecimals(0);
    m_rate->setGroupSeparatorShown(true);
    m_rate->setSuffix(tr(" records/s a shard"));
    m_rate->setSpecialValueText(tr("as fast as it reads"));
    m_rate->setValue(spec.recordsPerSecond);
    form()->addRow(tr("Name"), m_name);
    form()->addRow(tr("Starts at"), m_start);
    form()->addRow(tr("Reads"), m_reads);
    form()->addRow(tr("A call asks for"), m_limit);
    form()->addRow(tr("Processes"), m_rate);
    connect(m_name, &QLineEdit::textChanged, this, &ConsumerDialog::refresh);
    connect(m_reads, &QDoubleSpinBox::valueChanged, this, &ConsumerDialog::refresh);
    connect(m_limit, &QSpinBox::valueChanged, this, &ConsumerDialog::refresh);
    connect(m_rate, &QDoubleSpinBox::valueChanged, this, &ConsumerDialog::refresh);
    refresh();
}

ConsumerSpec ConsumerDialog::spec() const
{
    ConsumerSpec made = m_base;
    made.name = toStd(m_name->text().trimmed());
    made.start = static_cast<StartPosition>(m_start->currentIndex());
    made.readsPerSecond = m_reads->value();
    made.recordsPerCall = m_limit->value();
    made.recordsPerSecond = m_rate->value();
    return made;
}

QString ConsumerDialog::problem() const
{
    if (m_name->text().trimmed().isEmpty())
        return tr("Name: a consumer needs one, to be told from the others.");
    return {};
}

QString ConsumerDialog::summary() const
{
    const double most = m_reads->value() * m_limit->value();
    QString text = tr("Reads at most %1 from each shard.").arg(format::recordsPerSecond(most));
    if (m_reads->value() > static_cast<double>(limits::kShardReadCalls))
        text += u' '
            + tr("A shard answers %1 calls a second to all readers together: the others are "
                 "refused.")
                  .arg(limits::kShardReadCalls);
    return text;
}

Act ConsumerDialog::act() const
{
    if (m_purpose == Purpose::Add)
        return AddConsumer {spec()};
    return ChangeConsumer {spec()};
}

} // namespace shardscope::ui
