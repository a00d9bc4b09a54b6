#include "ui/dialogs/producer_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScopedValueRollback>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/engine/limits.h"
#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

QString durationText(SimDuration d)
{
    return toQt(toText(d));
}

/// The sentence for a duration field that cannot be read, or empty.
QString durationProblem(const QString& field, const QLineEdit* line)
{
    const auto read = parseDuration(toStd(line->text().trimmed()));
    return read ? QString() : ProducerDialog::tr("%1: %2").arg(field, toQt(read.error().message));
}

SimDuration durationOf(const QLineEdit* line, SimDuration otherwise)
{
    return parseDuration(toStd(line->text().trimmed())).value_or(otherwise);
}

/// Takes no minus sign where nothing is negative: "-0" would pass for a figure otherwise.
class FigureBox : public QDoubleSpinBox {
public:
    using QDoubleSpinBox::QDoubleSpinBox;

    QValidator::State validate(QString& text, int& at) const override
    {
        if (minimum() >= 0 && text.contains(locale().negativeSign()))
            return QValidator::Invalid;
        return QDoubleSpinBox::validate(text, at);
    }
};

} // namespace

Result<std::vector<RateSpec::Step>> parseSteps(const QString& text)
{
    std::vector<RateSpec::Step> steps;
    for (const QString& word : text.simplified().split(u' ', Qt::SkipEmptyParts)) {
        const QStringList parts = word.split(u':');
        bool isNumber = false;
        const double factor = parts.size() == 2 ? parts[1].toDouble(&isNumber) : 0;
        const auto at = parseDuration(toStd(parts[0]));
        if (!at || !isNumber || factor < 0 || !std::isfinite(factor))
            return fail(ErrorCode::BadInput,
                        toStd(ProducerDialog::tr(
                                  "Steps: “%1” is not a step; write time and factor, e.g. 30s:20 "
                                  "2m:1.")
                                  .arg(word)));
        if (!steps.empty() && *at <= steps.back().at)
            return fail(ErrorCode::BadInput,
                        toStd(ProducerDialog::tr("Steps: “%1” comes before the step in front of "
                                                 "it; write them in the order of time.")
                                  .arg(word)));
        steps.push_back({*at, factor, {}});
    }
    return steps;
}

QString stepsText(const std::vector<RateSpec::Step>& steps)
{
    QStringList words;
    for (const RateSpec::Step& step : steps)
        words += durationText(step.at) + u':' + QString::number(step.factor);
    return words.join(u' ');
}

ProducerDialog::ProducerDialog(Purpose purpose, const ProducerSpec& spec, Deck deck,
                               QWidget* parent)
    : ActDialog(purpose == Purpose::Add ? tr("Add a producer") : tr("Change a producer"),
                purpose == Purpose::Add ? tr("Add") : tr("Change"), std::move(deck), parent)
    , m_purpose(purpose)
    , m_base(spec)
{
    setObjectName(QStringLiteral("producerDialog"));
    m_kind = choice(
        QStringLiteral("kind"),
        {tr("IoT fleet"), tr("Clickstream"), tr("Server logs"), tr("Custom"), tr("Trace (CSV)")});
    form()->addRow(tr("Preset"), m_kind);
    m_name = line(QStringLiteral("name"));
    m_name->setEnabled(purpose == Purpose::Add);
    form()->addRow(tr("Name"), m_name);
    m_trace = line(QStringLiteral("trace"));
    m_trace->setPlaceholderText(tr("file of time, key, size"));
    form()->addRow(tr("Trace file"), m_trace);
    m_traceSpeed = number(QStringLiteral("traceSpeed"), 0.001, 1'000, 3, tr(" ×"));
    form()->addRow(tr("Trace speed"), m_traceSpeed);
    buildRate();
    buildSize();
    buildKeys();
    buildClient();
    fill(spec);
    connect(m_kind, &QComboBox::activated, this, &ProducerDialog::takePreset);
    (purpose == Purpose::Add ? static_cast<QWidget*>(m_name) : m_rate)->setFocus();
}

QComboBox* ProducerDialog::choice(const QString& name, const QStringList& words)
{
    auto* box = new QComboBox;
    box->setObjectName(name);
    box->addItems(words);
    connect(box, &QComboBox::currentIndexChanged, this, [this] { showWhatMatters(); });
    return box;
}

QDoubleSpinBox* ProducerDialog::number(const QString& name, double least, double most, int decimals,
                                       const QString& unit)
{
    auto* box = new FigureBox;
    box->setObjectName(name);
    box->setDecimals(decimals);
    box->setRange(least, most);
    box->setSuffix(unit);
    box->setGroupSeparatorShown(true);
    box->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    connect(box, &QDoubleSpinBox::valueChanged, this, [this] { showWhatMatters(); });
    return box;
}

QLineEdit* ProducerDialog::line(const QString& name)
{
    auto* field = new QLineEdit;
    field->setObjectName(name);
    connect(field, &QLineEdit::textChanged, this, [this] { showWhatMatters(); });
    return field;
}

void ProducerDialog::heading(const QString& text)
{
    auto* label = new QLabel(text);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    label->setContentsMargins(0, 8, 0, 0);
    form()->addRow(label);
}

void ProducerDialog::buildRate()
{
    heading(tr("How much"));
    m_rate = number(QStringLiteral("rate"), 0, 100'000'000, 1, tr(" records/s"));
    form()->addRow(tr("Average rate"), m_rate);
    m_curve = choice(
        QStringLiteral("curve"),
        {tr("constant"), tr("day and night"), tr("two rush hours"), tr("ramp"), tr("steps")});
    form()->addRow(tr("Curve"), m_curve);
    m_rampTo = number(QStringLiteral("rampTo"), 0, 100'000'000, 1, tr(" records/s"));
    form()->addRow(tr("Ramp to"), m_rampTo);
    m_rampDuration = line(QStringLiteral("rampDuration"));
    form()->addRow(tr("Ramp over"), m_rampDuration);
    m_steps = line(QStringLiteral("steps"));
    m_steps->setPlaceholderText(tr("30s:20 2m:1"));
    m_steps->setToolTip(tr("Time and factor: from 30 s on twenty times as much, from 2 m on as "
                           "before"));
    form()->addRow(tr("Steps"), m_steps);
    m_spread = choice(QStringLiteral("spread"),
                      {tr("evenly"), tr("at random (Poisson)"), tr("all at once each period"),
                       tr("in a burst each period")});
    form()->addRow(tr("Within the second"), m_spread);
    m_period = line(QStringLiteral("period"));
    form()->addRow(tr("Period"), m_period);
    m_burst = line(QStringLiteral("burst"));
    form()->addRow(tr("Burst width"), m_burst);
}

void ProducerDialog::buildSize()
{
    heading(tr("How large"));
    m_sizeShape
        = choice(QStringLiteral("sizeShape"), {tr("all alike"), tr("uniform"), tr("log-normal")});
    form()->addRow(tr("Sizes"), m_sizeShape);
    m_size = number(QStringLiteral("size"), 0, static_cast<double>(limits::kMaxRecordLargest), 0,
                    tr(" B"));
    form()->addRow(tr("Size"), m_size);
    m_sizeSpread = number(QStringLiteral("sizeSpread"), 0,
                          static_cast<double>(limits::kMaxRecordLargest), 0, tr(" B"));
    m_sizeSpread->setToolTip(tr("Uniform: ± this; log-normal: the 99th percentile"));
    form()->addRow(tr("± or 99th percentile"), m_sizeSpread);
}

void ProducerDialog::buildKeys()
{
    heading(tr("Which keys"));
    m_keyShape = choice(QStringLiteral("keyShape"),
                        {tr("one key"), tr("uniform"), tr("Zipf"), tr("one hot key"), tr("random"),
                         tr("time stamps")});
    form()->addRow(tr("Keys"), m_keyShape);
    m_prefix = line(QStringLiteral("prefix"));
    form()->addRow(tr("Key or prefix"), m_prefix);
    m_keyCount = number(QStringLiteral("keyCount"), 1, 100'000'000, 0, {});
    form()->addRow(tr("Different keys"), m_keyCount);
    m_exponent = number(QStringLiteral("exponent"), 0, 5, 2, {});
    form()->addRow(tr("Zipf exponent"), m_exponent);
    m_hotKey = line(QStringLiteral("hotKey"));
    form()->addRow(tr("Hot key"), m_hotKey);
    m_hotShare = number(QStringLiteral("hotShare"), 0, 100, 1, tr(" %"));
    form()->addRow(tr("Its share"), m_hotShare);
    m_salt = number(QStringLiteral("salt"), 1, 10'000, 0, {});
    m_salt->setToolTip(tr("Spread every key over this many salted ones; 1: off"));
    form()->addRow(tr("Salt over"), m_salt);
}

void ProducerDialog::buildClient()
{
    heading(tr("Client"));
    m_api = choice(
        QStringLiteral("api"),
        {QStringLiteral("PutRecord"), QStringLiteral("PutRecords"), tr("KPL"), tr("Agent")});
    form()->addRow(tr("Sends by"), m_api);
    m_retry = choice(QStringLiteral("retry"),
                     {tr("never"), tr("at once"), tr("SDK, legacy"), tr("SDK, standard 2025"),
                      tr("SDK, standard 2026"), tr("Agent"), tr("KPL")});
    form()->addRow(tr("Retries"), m_retry);
    m_attempts = number(QStringLiteral("attempts"), 0, 1'000, 0, {});
    m_attempts->setSpecialValueText(tr("the profile's own"));
    form()->addRow(tr("Attempts at most"), m_attempts);
    m_batch = number(QStringLiteral("batch"), 1, static_cast<double>(limits::kPutRecordsRecords), 0,
                     {});
    form()->addRow(tr("Records a call"), m_batch);
    m_linger = line(QStringLiteral("linger"));
    form()->addRow(tr("Wait for a batch"), m_linger);
    m_inFlight = number(QStringLiteral("inFlight"), 1, 100'000, 0, {});
    form()->addRow(tr("Calls in flight"), m_inFlight);
    m_aggregation = new QCheckBox(tr("Aggregate records (KPL)"));
    m_aggregation->setObjectName(QStringLiteral("aggregation"));
    connect(m_aggregation, &QCheckBox::toggled, this, [this] { showWhatMatters(); });
    form()->addRow(m_aggregation);
}

void ProducerDialog::fill(const ProducerSpec& spec)
{
    const QScopedValueRollback filling(m_filling, true);
    m_base = spec;
    m_name->setText(toQt(spec.name));
    m_kind->setCurrentIndex(static_cast<int>(spec.kind));
    m_trace->setText(toQt(spec.tracePath));
    m_traceSpeed->setValue(spec.traceSpeed);
    m_rate->setValue(spec.rate.recordsPerSecond);
    m_curve->setCurrentIndex(static_cast<int>(spec.rate.curve));
    m_rampTo->setValue(spec.rate.rampTo);
    m_rampDuration->setText(durationText(spec.rate.rampDuration));
    m_steps->setText(stepsText(spec.rate.steps));
    m_spread->setCurrentIndex(static_cast<int>(spec.rate.spread));
    m_period->setText(durationText(spec.rate.period));
    m_burst->setText(durationText(spec.rate.burstWidth));
    m_sizeShape->setCurrentIndex(static_cast<int>(spec.size.shape));
    m_size->setValue(spec.size.bytes);
    m_sizeSpread->setValue(spec.size.spread);
    m_keyShape->setCurrentIndex(static_cast<int>(spec.keys.shape));
    m_prefix->setText(toQt(spec.keys.prefix));
    m_keyCount->setValue(static_cast<double>(spec.keys.count));
    m_exponent->setValue(spec.keys.exponent);
    m_hotKey->setText(toQt(spec.keys.hotKey));
    m_hotShare->setValue(spec.keys.hotShare * 100);
    m_salt->setValue(static_cast<double>(spec.keys.salt));
    m_api->setCurrentIndex(static_cast<int>(spec.client.api));
    m_retry->setCurrentIndex(static_cast<int>(spec.client.retry));
    m_attempts->setValue(static_cast<double>(spec.client.attemptsMost));
    m_batch->setValue(static_cast<double>(spec.client.batchRecords));
    m_linger->setText(durationText(spec.client.linger));
    m_inFlight->setValue(static_cast<double>(spec.client.inFlight));
    m_aggregation->setChecked(spec.client.aggregation);
    m_filling = false;
    showWhatMatters();
}

void ProducerDialog::takePreset(int index)
{
    const auto kind = static_cast<ProducerKind>(index);
    if (kind == ProducerKind::Trace) {
        m_base.kind = kind;
        return showWhatMatters();
    }
    fill(producerPreset(kind, toStd(m_name->text())));
}

void ProducerDialog::showWhatMatters()
{
    if (m_filling)
        return;
    const auto row
        = [this](QWidget* field, bool matters) { form()->setRowVisible(field, matters); };
    const bool trace = m_kind->currentIndex() == static_cast<int>(ProducerKind::Trace);
    const auto curve = static_cast<RateSpec::Curve>(m_curve->currentIndex());
    const auto spread = static_cast<RateSpec::Spread>(m_spread->currentIndex());
    const auto keys = static_cast<KeySpec::Shape>(m_keyShape->currentIndex());
    const auto api = static_cast<ClientSpec::Api>(m_api->currentIndex());
    row(m_trace, trace);
    row(m_traceSpeed, trace);
    for (QWidget* field : std::initializer_list<QWidget*> {m_rate, m_curve, m_spread, m_sizeShape,
                                                           m_size, m_keyShape, m_salt})
        row(field, !trace);
    row(m_rampTo, !trace && curve == RateSpec::Curve::Ramp);
    row(m_rampDuration, !trace && curve == RateSpec::Curve::Ramp);
    row(m_steps, !trace && curve == RateSpec::Curve::Steps);
    const bool burst = spread == RateSpec::Spread::MicroBursts;
    row(m_period, !trace && (burst || spread == RateSpec::Spread::Aligned));
    row(m_burst, !trace && burst);
    row(m_sizeSpread, !trace && m_sizeShape->currentIndex() != 0);
    using Shape = KeySpec::Shape;
    row(m_prefix, !trace && keys != Shape::Random && keys != Shape::Timestamp);
    row(m_keyCount,
        !trace && (keys == Shape::Uniform || keys == Shape::Zipf || keys == Shape::HotShare));
    row(m_exponent, !trace && keys == Shape::Zipf);
    row(m_hotKey, !trace && keys == Shape::HotShare);
    row(m_hotShare, !trace && keys == Shape::HotShare);
    row(m_batch, api != ClientSpec::Api::PutRecord);
    row(m_linger, api != ClientSpec::Api::PutRecord);
    row(m_aggregation, api == ClientSpec::Api::Kpl);
    refresh();
}

ProducerSpec ProducerDialog::spec() const
{
    ProducerSpec made = m_base;
    made.name = toStd(m_name->text().trimmed());
    made.kind = static_cast<ProducerKind>(m_kind->currentIndex());
    made.tracePath = made.kind == ProducerKind::Trace ? toStd(m_trace->text().trimmed()) : "";
    made.traceSpeed = m_traceSpeed->value();
    RateSpec& rate = made.rate;
    rate.recordsPerSecond = m_rate->value();
    rate.curve = static_cast<RateSpec::Curve>(m_curve->currentIndex());
    rate.rampTo = m_rampTo->value();
    rate.rampDuration = durationOf(m_rampDuration, rate.rampDuration);
    // The line shows time and factor; untouched steps keep what it does not show.
    if (m_steps->text() != stepsText(m_base.rate.steps))
        rate.steps = parseSteps(m_steps->text()).value_or(rate.steps);
    rate.spread = static_cast<RateSpec::Spread>(m_spread->currentIndex());
    rate.period = durationOf(m_period, rate.period);
    rate.burstWidth = durationOf(m_burst, rate.burstWidth);
    made.size.shape = static_cast<SizeSpec::Shape>(m_sizeShape->currentIndex());
    made.size.bytes = m_size->value();
    made.size.spread = m_sizeSpread->value();
    KeySpec& keys = made.keys;
    keys.shape = static_cast<KeySpec::Shape>(m_keyShape->currentIndex());
    keys.prefix = toStd(m_prefix->text());
    keys.count = std::llround(m_keyCount->value());
    keys.exponent = m_exponent->value();
    keys.hotKey = toStd(m_hotKey->text());
    keys.hotShare = m_hotShare->value() / 100;
    keys.salt = std::llround(m_salt->value());
    ClientSpec& client = made.client;
    client.api = static_cast<ClientSpec::Api>(m_api->currentIndex());
    client.retry = static_cast<ClientSpec::Retry>(m_retry->currentIndex());
    client.attemptsMost = std::llround(m_attempts->value());
    client.batchRecords = std::llround(m_batch->value());
    client.linger = durationOf(m_linger, client.linger);
    client.inFlight = std::llround(m_inFlight->value());
    client.aggregation = m_aggregation->isChecked();
    return made;
}

QString ProducerDialog::problem() const
{
    if (m_name->text().trimmed().isEmpty())
        return tr("Name: a producer needs one, to be told from the others.");
    const auto curve = static_cast<RateSpec::Curve>(m_curve->currentIndex());
    const auto spread = static_cast<RateSpec::Spread>(m_spread->currentIndex());
    const auto keys = static_cast<KeySpec::Shape>(m_keyShape->currentIndex());
    if (m_kind->currentIndex() == static_cast<int>(ProducerKind::Trace))
        return m_trace->text().trimmed().isEmpty()
            ? tr("Trace file: name a CSV file of time, key and size.")
            : QString();
    if (curve == RateSpec::Curve::Ramp)
        if (const QString p = durationProblem(tr("Ramp over"), m_rampDuration); !p.isEmpty())
            return p;
    if (curve == RateSpec::Curve::Steps) {
        const auto steps = parseSteps(m_steps->text());
        if (!steps)
            return toQt(steps.error().message);
        if (steps->empty())
            return tr("Steps: write at least one time and factor, e.g. 30s:20.");
    }
    const bool burst = spread == RateSpec::Spread::MicroBursts;
    if (burst || spread == RateSpec::Spread::Aligned) {
        if (const QString p = durationProblem(tr("Period"), m_period); !p.isEmpty())
            return p;
        if (const QString p = durationProblem(tr("Burst width"), m_burst); burst && !p.isEmpty())
            return p;
        if (burst && durationOf(m_burst, {}) > durationOf(m_period, {}))
            return tr("Burst width: a burst cannot be longer than its period of %1.")
                .arg(m_period->text());
    }
    if (m_sizeShape->currentIndex() == 1 && m_sizeSpread->value() > m_size->value())
        return tr("±: at most the size itself, %1, or records would be smaller than nothing.")
            .arg(format::bytes(m_size->value()));
    if (m_sizeShape->currentIndex() == 2 && m_sizeSpread->value() < m_size->value())
        return tr("99th percentile: at least the median, %1.").arg(format::bytes(m_size->value()));
    if (keys == KeySpec::Shape::Constant && m_prefix->text().isEmpty())
        return tr("Key: a partition key has 1 to 256 characters.");
    if (keys == KeySpec::Shape::HotShare && m_hotKey->text().isEmpty())
        return tr("Hot key: name the key that gets the share.");
    return durationProblem(tr("Wait for a batch"), m_linger);
}

QString ProducerDialog::summary() const
{
    const ProducerSpec s = spec();
    if (s.kind == ProducerKind::Trace)
        return tr("Replays %1 at %2.").arg(toQt(s.tracePath), format::speed(s.traceSpeed));
    const double bytesPerSecond = s.rate.recordsPerSecond * s.size.bytes;
    return tr("About %1 of %2 = %3")
               .arg(format::recordsPerSecond(s.rate.recordsPerSecond), format::bytes(s.size.bytes),
                    format::bytesPerSecond(bytesPerSecond))
        + (bytesPerSecond > 0
               ? tr(", at least %n shard(s) for it.", nullptr,
                    static_cast<int>(
                        std::min(1e6,
                                 std::ceil(std::max(
                                     bytesPerSecond / static_cast<double>(limits::kShardWriteBytes),
                                     s.rate.recordsPerSecond
                                         / static_cast<double>(limits::kShardWriteRecords))))))
               : QStringLiteral("."));
}

Act ProducerDialog::act() const
{
    if (m_purpose == Purpose::Add)
        return AddProducer {spec()};
    return ChangeProducer {spec()};
}

} // namespace shardscope::ui
