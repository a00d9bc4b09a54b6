#include "ui/dialogs/reader_dialogs.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSpinBox>

#include <array>
#include <utility>

#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {
namespace {

using Kind = ReplayPoint::Kind;
constexpr std::array kUnits {SimDuration::seconds(1), SimDuration::minutes(1),
                             SimDuration::hours(1)};
constexpr int kLongestSeconds = 24 * 3'600;

} // namespace

ReplayDialog::ReplayDialog(std::shared_ptr<const Snapshot> snapshot, const ConsumerRow& reader,
                           Deck deck, QWidget* parent)
    : ActDialog(tr("Replay %1").arg(toQt(reader.spec.name)), tr("Replay"), std::move(deck), parent)
    , m_snapshot(std::move(snapshot))
    , m_reader(reader)
    , m_place(new QComboBox)
    , m_back(new QSpinBox)
    , m_unit(new QComboBox)
    , m_backRow(new QWidget)
    , m_sequenceNumber(new QLineEdit)
{
    setObjectName(QStringLiteral("replayDialog"));
    m_place->setObjectName(QStringLiteral("place"));
    m_back->setObjectName(QStringLiteral("back"));
    m_unit->setObjectName(QStringLiteral("unit"));
    m_sequenceNumber->setObjectName(QStringLiteral("sequenceNumber"));
    m_place->addItem(tr("so long before now"), static_cast<int>(Kind::Time));
    m_place->addItem(tr("the oldest record (TRIM_HORIZON)"), static_cast<int>(Kind::TrimHorizon));
    m_place->addItem(tr("the tip (LATEST)"), static_cast<int>(Kind::Latest));
    m_place->addItem(tr("a sequence number, in its shard"), static_cast<int>(Kind::SequenceNumber));
    m_back->setRange(1, 8'760);
    m_back->setValue(1);
    m_back->setGroupSeparatorShown(true);
    m_back->setAccessibleName(tr("How long before now"));
    m_unit->addItems({tr("seconds"), tr("minutes"), tr("hours")});
    m_unit->setCurrentIndex(1);
    m_unit->setAccessibleName(tr("Unit of time"));
    auto* row = new QHBoxLayout(m_backRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_back, 1);
    row->addWidget(m_unit);
    form()->addRow(tr("Goes on from"), m_place);
    form()->addRow(tr("Back"), m_backRow);
    form()->addRow(tr("Sequence number"), m_sequenceNumber);
    connect(m_place, &QComboBox::currentIndexChanged, this, &ReplayDialog::showFields);
    connect(m_back, &QSpinBox::valueChanged, this, &ReplayDialog::refresh);
    connect(m_unit, &QComboBox::currentIndexChanged, this, &ReplayDialog::refresh);
    connect(m_sequenceNumber, &QLineEdit::textChanged, this, &ReplayDialog::refresh);
    showFields();
}

void ReplayDialog::showFields()
{
    const auto kind = static_cast<Kind>(m_place->currentData().toInt());
    form()->setRowVisible(m_backRow, kind == Kind::Time);
    form()->setRowVisible(m_sequenceNumber, kind == Kind::SequenceNumber);
    if (kind == Kind::SequenceNumber && m_sequenceNumber->text().isEmpty())
        begin(); // an empty field is no mistake yet
    else
        refresh();
}

ReplayPoint ReplayDialog::point() const
{
    ReplayPoint to;
    to.kind = static_cast<Kind>(m_place->currentData().toInt());
    if (to.kind == Kind::Time)
        to.back = kUnits[static_cast<std::size_t>(m_unit->currentIndex())] * m_back->value();
    if (to.kind == Kind::SequenceNumber)
        to.sequenceNumber = toStd(m_sequenceNumber->text().trimmed());
    return to;
}

QString ReplayDialog::problem() const
{
    if (point().kind == Kind::SequenceNumber && m_sequenceNumber->text().trimmed().isEmpty())
        return tr("Sequence number: 56 digits, as PutRecord and GetRecords give them.");
    const auto forecast = forecastReplay(*m_snapshot, m_reader, point());
    return forecast ? QString() : toQt(forecast.error().message);
}

QString ReplayDialog::forecastText(const ReplayForecast& forecast, const ConsumerRow& reader)
{
    QStringList said;
    if (forecast.skipped > 0)
        said << tr("%1 records that it has not read yet are passed over.")
                    .arg(format::exact(forecast.skipped));
    if (forecast.records == 0)
        said << tr("Nothing is read again.");
    else
        said << tr("%1 records, %2, are read; %3 of them again.")
                    .arg(format::exact(forecast.records),
                         format::bytes(static_cast<double>(forecast.bytes)),
                         format::exact(forecast.again));
    const QString limit = reader.fanOut
        ? tr("over the 2 MiB/s of every shard that it has for itself")
        : tr("at what the other readers leave of 2 MiB/s and 5 calls/s a shard");
    if (forecast.records > 0)
        said << (forecast.takes
                     ? tr("It has caught up in about %1, %2.")
                           .arg(format::duration(*forecast.takes), limit)
                     : tr("It never catches up: more is written than it may read %1.").arg(limit));
    return said.join(QLatin1Char(' '));
}

QString ReplayDialog::summary() const
{
    const auto forecast = forecastReplay(*m_snapshot, m_reader, point());
    return forecast ? forecastText(*forecast, m_reader)
                    : tr("The shard of that record is read again from it on.");
}

Act ReplayDialog::act() const
{
    return ReplayConsumer {m_reader.spec.name, point()};
}

CrashDialog::CrashDialog(const ConsumerRow& reader, Deck deck, QWidget* parent)
    : ActDialog(tr("Crash %1").arg(toQt(reader.spec.name)), tr("Crash"), std::move(deck), parent)
    , m_reader(reader)
    , m_worker(new QComboBox)
    , m_returns(new QSpinBox)
{
    setObjectName(QStringLiteral("crashDialog"));
    m_worker->setObjectName(QStringLiteral("worker"));
    m_returns->setObjectName(QStringLiteral("returns"));
    for (std::int64_t n = 1; n <= reader.spec.kcl.workers; ++n)
        m_worker->addItem(tr("worker-%1").arg(n), static_cast<qlonglong>(n));
    m_worker->addItem(tr("all of them"), static_cast<qlonglong>(0));
    m_returns->setRange(0, kLongestSeconds);
    m_returns->setGroupSeparatorShown(true);
    m_returns->setSuffix(tr(" s"));
    m_returns->setSpecialValueText(tr("stays away"));
    m_returns->setValue(60);
    form()->addRow(tr("Fails"), m_worker);
    form()->addRow(tr("Returns after"), m_returns);
    connect(m_worker, &QComboBox::currentIndexChanged, this, &CrashDialog::refresh);
    connect(m_returns, &QSpinBox::valueChanged, this, &CrashDialog::refresh);
    refresh();
}

QString CrashDialog::summary() const
{
    std::int64_t leases = 0;
    std::int64_t again = 0;
    const qlonglong worker = m_worker->currentData().toLongLong();
    if (const auto* state = std::get_if<KclState>(&m_reader.state))
        for (const KclState::LeaseRow& lease : state->leases)
            if (!lease.ended && (worker == 0 || lease.worker == worker - 1)) {
                ++leases;
                again += lease.sinceCheckpoint;
            }
    const QString held
        = tr("%n lease(s) are let go without a word", nullptr, static_cast<int>(leases));
    if (worker == 0)
        return tr("%1; nobody is left to take them until a worker returns. %2 records since the "
                  "last checkpoints are processed again.")
            .arg(held, format::exact(again));
    return tr("%1; the others take them when %2 without renewal have passed. %3 records since the "
              "last checkpoints are processed again.")
        .arg(held, format::duration(m_reader.spec.kcl.failover), format::exact(again));
}

Act CrashDialog::act() const
{
    return CrashConsumer {
        m_reader.spec.name,
        {m_worker->currentData().toLongLong(), SimDuration::seconds(m_returns->value())}};
}

} // namespace shardscope::ui
