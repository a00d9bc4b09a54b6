#include "ui/dialogs/consumer_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>

#include <utility>

#include "core/engine/limits.h"
#include "ui/dialogs/firehose_fields.h"
#include "ui/dialogs/lambda_fields.h"
#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {
namespace {

QString titleOf(ConsumerKind kind, bool add)
{
    switch (kind) {
    case ConsumerKind::Polling:
        return add ? ConsumerDialog::tr("Add a polling reader")
                   : ConsumerDialog::tr("Change a polling reader");
    case ConsumerKind::FanOut:
        return add ? ConsumerDialog::tr("Add an enhanced fan-out reader")
                   : ConsumerDialog::tr("Change an enhanced fan-out reader");
    case ConsumerKind::Kcl:
        return add ? ConsumerDialog::tr("Add a KCL application")
                   : ConsumerDialog::tr("Change a KCL application");
    case ConsumerKind::Lambda:
        return add ? ConsumerDialog::tr("Add a Lambda function")
                   : ConsumerDialog::tr("Change a Lambda function");
    case ConsumerKind::Firehose:
        return add ? ConsumerDialog::tr("Add a Firehose stream")
                   : ConsumerDialog::tr("Change a Firehose stream");
    case ConsumerKind::Analytics:
        return add ? ConsumerDialog::tr("Add stream analytics")
                   : ConsumerDialog::tr("Change stream analytics");
    }
    return {};
}

QSpinBox* seconds(SimDuration value, int least, int most)
{
    auto* box = new QSpinBox;
    box->setRange(least, most);
    box->setGroupSeparatorShown(true);
    box->setSuffix(ConsumerDialog::tr(" s"));
    box->setValue(static_cast<int>(value.inSeconds()));
    return box;
}

QSpinBox* count(std::int64_t value, int most, const QString& suffix)
{
    auto* box = new QSpinBox;
    box->setRange(1, most);
    box->setGroupSeparatorShown(true);
    box->setSuffix(suffix);
    box->setValue(static_cast<int>(value));
    return box;
}

} // namespace

ConsumerDialog::ConsumerDialog(Purpose purpose, const ConsumerSpec& spec, Deck deck,
                               QWidget* parent)
    : ActDialog(titleOf(spec.kind, purpose == Purpose::Add),
                purpose == Purpose::Add ? tr("Add") : tr("Change"), std::move(deck), parent)
    , m_purpose(purpose)
    , m_base(spec)
    , m_name(new QLineEdit(toQt(spec.name)))
    , m_start(new QComboBox)
{
    setObjectName(QStringLiteral("consumerDialog"));
    m_name->setObjectName(QStringLiteral("name"));
    m_name->setEnabled(purpose == Purpose::Add);
    m_start->addItems({QStringLiteral("TRIM_HORIZON"), QStringLiteral("LATEST")});
    m_start->setCurrentIndex(static_cast<int>(spec.start));
    form()->addRow(tr("Name"), m_name);
    form()->addRow(tr("Starts at"), m_start);
    if (is(ConsumerKind::Polling))
        addPollingRows();
    if (is(ConsumerKind::Kcl))
        addKclRows();
    if (is(ConsumerKind::Analytics))
        addAnalyticsRows();
    if (is(ConsumerKind::Lambda)) {
        m_lambda = new LambdaFields(spec.lambda, form(), this);
        connect(m_lambda, &LambdaFields::changed, this, &ConsumerDialog::refresh);
    } else if (is(ConsumerKind::Firehose)) {
        m_firehose = new FirehoseFields(spec.firehose, form(), this);
        connect(m_firehose, &FirehoseFields::changed, this, &ConsumerDialog::refresh);
    } else
        addRateRow();
    connect(m_name, &QLineEdit::textChanged, this, &ConsumerDialog::refresh);
    refresh();
}

void ConsumerDialog::addRateRow()
{
    m_rate = new QDoubleSpinBox;
    m_rate->setRange(0, 10'000'000);
    m_rate->setDecimals(0);
    m_rate->setGroupSeparatorShown(true);
    m_rate->setSuffix(is(ConsumerKind::Analytics) ? tr(" records/s a subtask")
                                                  : tr(" records/s a shard"));
    m_rate->setSpecialValueText(tr("as fast as it reads"));
    m_rate->setValue(m_base.recordsPerSecond);
    form()->addRow(tr("Processes"), m_rate);
    connect(m_rate, &QDoubleSpinBox::valueChanged, this, &ConsumerDialog::refresh);
}

void ConsumerDialog::addPollingRows()
{
    m_reads = new QDoubleSpinBox;
    m_reads->setObjectName(QStringLiteral("reads"));
    m_reads->setRange(0.01, 100);
    m_reads->setSuffix(tr(" calls/s a shard"));
    m_reads->setValue(m_base.readsPerSecond);
    m_limit = count(m_base.recordsPerCall, static_cast<int>(limits::kGetRecordsRecords),
                    tr(" records"));
    form()->addRow(tr("Reads"), m_reads);
    form()->addRow(tr("A call asks for"), m_limit);
    connect(m_reads, &QDoubleSpinBox::valueChanged, this, &ConsumerDialog::refresh);
    connect(m_limit, &QSpinBox::valueChanged, this, &ConsumerDialog::refresh);
}

void ConsumerDialog::addKclRows()
{
    const KclSpec& kcl = m_base.kcl;
    m_version = new QComboBox;
    m_version->setObjectName(QStringLiteral("version"));
    m_version->addItems({tr("1.x: takes and steals leases"), tr("2.x: takes and steals leases"),
                         tr("3.x: a leader assigns leases")});
    m_version->setCurrentIndex(static_cast<int>(kcl.version));
    m_retrieval = new QComboBox;
    m_retrieval->addItems({tr("as its version does"), tr("polling"), tr("enhanced fan-out")});
    m_retrieval->setCurrentIndex(static_cast<int>(kcl.retrieval));
    m_workers = count(kcl.workers, 1'000, {});
    m_workers->setObjectName(QStringLiteral("workers"));
    m_failover = seconds(kcl.failover, 1, 3'600);
    m_checkpoint = seconds(kcl.checkpointEvery, 0, 86'400);
    m_checkpoint->setSpecialValueText(tr("with every batch"));
    m_graceful = new QCheckBox(tr("the old worker checkpoints first (3.x)"));
    m_graceful->setChecked(kcl.gracefulHandoff);
    form()->addRow(tr("Version"), m_version);
    form()->addRow(tr("Retrieval"), m_retrieval);
    form()->addRow(tr("Workers"), m_workers);
    form()->addRow(tr("A lease fails over after"), m_failover);
    form()->addRow(tr("Checkpoints every"), m_checkpoint);
    form()->addRow(tr("Hand-over"), m_graceful);
    connect(m_version, &QComboBox::currentIndexChanged, this, &ConsumerDialog::refresh);
    connect(m_failover, &QSpinBox::valueChanged, this, &ConsumerDialog::refresh);
}

void ConsumerDialog::addAnalyticsRows()
{
    const AnalyticsSpec& analytics = m_base.analytics;
    m_query = new QComboBox;
    m_query->setObjectName(QStringLiteral("query"));
    m_query->addItems({tr("as in its scenario"), tr("IoT: average per device, every 10 s"),
                       tr("IoT: devices silent for 30 s"), tr("Clicks: visits, 30 min apart"),
                       tr("Clicks: funnel view, cart, buy"), tr("Clicks: top pages, every minute"),
                       tr("Logs: error rate per host, every minute")});
    m_query->setCurrentIndex(static_cast<int>(analytics.query));
    m_bound = seconds(analytics.outOfOrderness, 0, 86'400);
    m_parallelism = count(analytics.parallelism, 256, {});
    m_checkpoint = seconds(analytics.checkpointInterval, 1, 86'400);
    form()->addRow(tr("Query"), m_query);
    form()->addRow(tr("Waits for late records"), m_bound);
    form()->addRow(tr("Parallelism"), m_parallelism);
    form()->addRow(tr("Checkpoints every"), m_checkpoint);
}

ConsumerSpec ConsumerDialog::spec() const
{
    ConsumerSpec made = m_base;
    made.name = toStd(m_name->text().trimmed());
    made.start = static_cast<StartPosition>(m_start->currentIndex());
    if (m_rate)
        made.recordsPerSecond = m_rate->value();
    if (is(ConsumerKind::Polling)) {
        made.readsPerSecond = m_reads->value();
        made.recordsPerCall = m_limit->value();
    }
    if (is(ConsumerKind::Kcl)) {
        made.kcl.version = static_cast<KclSpec::Version>(m_version->currentIndex());
        made.kcl.retrieval = static_cast<KclSpec::Retrieval>(m_retrieval->currentIndex());
        made.kcl.workers = m_workers->value();
        made.kcl.failover = SimDuration::seconds(m_failover->value());
        made.kcl.checkpointEvery = SimDuration::seconds(m_checkpoint->value());
        made.kcl.gracefulHandoff = m_graceful->isChecked();
    }
    if (is(ConsumerKind::Lambda))
        made.lambda = m_lambda->spec();
    if (is(ConsumerKind::Firehose))
        made.firehose = m_firehose->spec();
    if (is(ConsumerKind::Analytics)) {
        made.analytics.query = static_cast<AnalyticsSpec::Query>(m_query->currentIndex());
        made.analytics.outOfOrderness = SimDuration::seconds(m_bound->value());
        made.analytics.parallelism = m_parallelism->value();
        made.analytics.checkpointInterval = SimDuration::seconds(m_checkpoint->value());
    }
    return made;
}

QString ConsumerDialog::problem() const
{
    if (m_name->text().trimmed().isEmpty())
        return tr("Name: a consumer needs one, to be told from the others.");
    return is(ConsumerKind::Lambda)  ? m_lambda->problem()
        : is(ConsumerKind::Firehose) ? m_firehose->problem()
                                     : QString();
}

QString ConsumerDialog::summary() const
{
    switch (m_base.kind) {
    case ConsumerKind::Polling:
        return pollingSummary();
    case ConsumerKind::FanOut:
        return tr("A registered consumer: records are pushed, up to 2 MiB/s of every shard for it "
                  "alone. It is billed by the hour and by the byte.");
    case ConsumerKind::Kcl:
        return kclSummary();
    case ConsumerKind::Lambda:
        return m_lambda->summary();
    case ConsumerKind::Firehose:
        return m_firehose->summary();
    case ConsumerKind::Analytics:
        return tr("A job as Flink runs one: windows by key, at five reads a second of every shard "
                  "at most, with state that counts each record once.");
    }
    return {};
}

QString ConsumerDialog::pollingSummary() const
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

QString ConsumerDialog::kclSummary() const
{
    const int failover = m_failover->value();
    return tr("When a worker crashes, nobody reads its shards for about %1 to %2\u00a0s.")
        .arg(failover * 2 / 3)
        .arg(failover * (m_version->currentIndex() == 2 ? 4 : 3));
}

Act ConsumerDialog::act() const
{
    if (m_purpose == Purpose::Add)
        return AddConsumer {spec()};
    return ChangeConsumer {spec()};
}

} // namespace shardscope::ui
