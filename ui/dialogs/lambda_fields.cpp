#include "ui/dialogs/lambda_fields.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSpinBox>

#include <algorithm>

#include "core/consumers/event_filter.h"
#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {
namespace {

constexpr int kAgeLeast = 60, kAgeMost = 7 * 24 * 3'600; // s

QSpinBox* number(const char* name, int least, int most, std::int64_t value, const QString& suffix)
{
    auto* box = new QSpinBox;
    box->setObjectName(QLatin1String(name));
    box->setRange(least, most);
    box->setGroupSeparatorShown(true);
    box->setSuffix(suffix);
    box->setValue(static_cast<int>(value));
    return box;
}

QSpinBox* seconds(const char* name, int least, int most, SimDuration value)
{
    return number(name, least, most, value.inMillis() / 1'000, LambdaFields::tr(" s"));
}

QCheckBox* choice(const char* name, const QString& text, bool value)
{
    auto* box = new QCheckBox(text);
    box->setObjectName(QLatin1String(name));
    box->setChecked(value);
    return box;
}

/// A box of whole seconds that nobody touched stands for what it was made from.
SimDuration lengthOf(const QSpinBox* box, SimDuration before)
{
    return box->value() == before.inMillis() / 1'000 ? before : SimDuration::seconds(box->value());
}

} // namespace

LambdaFields::LambdaFields(const LambdaSpec& spec, QFormLayout* form, QObject* parent)
    : QObject(parent)
    , m_base(spec)
    , m_batch(number("batch", 1, 10'000, spec.batchSize, tr(" records")))
    , m_window(seconds("window", 0, 300, spec.batchingWindow))
    , m_factor(number("factor", 1, 10, spec.parallelizationFactor, tr(" at once a shard")))
    , m_fanOut(choice("fanOut", tr("over a registered consumer"), spec.fanOut))
    , m_filters(new QPlainTextEdit(filterText()))
    , m_tumbling(seconds("tumbling", 0, 900, spec.tumblingWindow))
    , m_retries(number("retries", -1, 10'000, spec.maximumRetryAttempts, {}))
    , m_age(seconds("age", 0, kAgeMost, spec.maximumRecordAge))
    , m_bisect(choice("bisect", tr("in halves"), spec.bisectOnError))
    , m_report(choice("report", tr("from which record on it failed"), spec.reportBatchItemFailures))
    , m_onFailure(new QLineEdit(toQt(spec.onFailure)))
    , m_function(new QLineEdit(toQt(spec.function)))
    , m_timeout(seconds("timeout", 1, 900, spec.timeout))
    , m_duration(number("duration", 0, 900'000, spec.model.duration.inMillis(), tr(" ms")))
{
    addBatchRows(form);
    addFailureRows(form);
    addFunctionRows(form);
    for (const QSpinBox* box :
         {m_batch, m_window, m_factor, m_tumbling, m_retries, m_age, m_timeout, m_duration})
        connect(box, &QSpinBox::valueChanged, this, &LambdaFields::changed);
    for (const QLineEdit* edit : {m_onFailure, m_function})
        connect(edit, &QLineEdit::textChanged, this, &LambdaFields::changed);
    connect(m_filters, &QPlainTextEdit::textChanged, this, &LambdaFields::changed);
}

void LambdaFields::addBatchRows(QFormLayout* form)
{
    m_window->setSpecialValueText(tr("for nothing"));
    m_tumbling->setSpecialValueText(tr("none"));
    m_tumbling->setToolTip(tr("Each call gets the state that the one before it answered; a last "
                              "call ends the window."));
    m_filters->setObjectName(QStringLiteral("filters"));
    m_filters->setPlaceholderText(
        tr("every record; or a pattern a line, as {\"data\": {\"status\": [\"error\"]}}"));
    m_filters->setTabChangesFocus(true);
    m_filters->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_filters->setFixedHeight(m_filters->fontMetrics().lineSpacing() * 4);
    form->addRow(tr("A batch has up to"), m_batch);
    form->addRow(tr("A batch waits"), m_window);
    form->addRow(tr("Batches"), m_factor);
    form->addRow(tr("Records are pushed"), m_fanOut);
    form->addRow(tr("Only records that match"), m_filters);
    form->addRow(tr("Tumbling windows of"), m_tumbling);
}

void LambdaFields::addFailureRows(QFormLayout* form)
{
    m_retries->setSpecialValueText(tr("until it expires"));
    m_age->setSpecialValueText(tr("as old as they are kept"));
    m_age->setSuffix(tr(" s old"));
    m_onFailure->setObjectName(QStringLiteral("onFailure"));
    m_onFailure->setPlaceholderText(tr("nobody; or a folder, or s3+http://host/bucket"));
    form->addRow(tr("Tries again"), m_retries);
    form->addRow(tr("Records may be"), m_age);
    form->addRow(tr("Failed batches go"), m_bisect);
    form->addRow(tr("The function says"), m_report);
    form->addRow(tr("Given up, it tells"), m_onFailure);
}

void LambdaFields::addFunctionRows(QFormLayout* form)
{
    m_function->setObjectName(QStringLiteral("function"));
    m_function->setPlaceholderText(tr("modelled; or http://localhost:9000, or a command"));
    form->addRow(tr("Function"), m_function);
    form->addRow(tr("It may take"), m_timeout);
    form->addRow(tr("Modelled, it takes"), m_duration);
}

QString LambdaFields::filterText() const
{
    QStringList lines;
    for (const std::string& filter : m_base.filters)
        lines << toQt(filter).replace(u'\n', u' ');
    return lines.join(u'\n');
}

std::vector<std::string> LambdaFields::filters() const
{
    if (m_filters->toPlainText() == filterText())
        return m_base.filters;
    std::vector<std::string> patterns;
    for (const QString& line : m_filters->toPlainText().split(u'\n'))
        if (!line.trimmed().isEmpty())
            patterns.push_back(toStd(line.trimmed()));
    return patterns;
}

LambdaSpec LambdaFields::spec() const
{
    LambdaSpec made = m_base;
    made.batchSize = m_batch->value();
    made.batchingWindow = lengthOf(m_window, m_base.batchingWindow);
    made.parallelizationFactor = m_factor->value();
    made.fanOut = m_fanOut->isChecked();
    made.filters = filters();
    made.tumblingWindow = lengthOf(m_tumbling, m_base.tumblingWindow);
    made.maximumRetryAttempts = m_retries->value();
    made.maximumRecordAge = lengthOf(m_age, m_base.maximumRecordAge);
    made.bisectOnError = m_bisect->isChecked();
    made.reportBatchItemFailures = m_report->isChecked();
    made.onFailure = toStd(m_onFailure->text().trimmed());
    made.function = toStd(m_function->text().trimmed());
    made.timeout = lengthOf(m_timeout, m_base.timeout);
    made.model.duration = SimDuration::millis(m_duration->value());
    return made;
}

QString LambdaFields::problem() const
{
    if (m_age->value() > 0 && m_age->value() < kAgeLeast)
        return tr("Records may be: 60 s old or more, or as old as they are kept.");
    const auto filter = EventFilter::parse(filters());
    return filter ? QString() : toQt(filter.error().message);
}

QString LambdaFields::summary() const
{
    if (!m_function->text().trimmed().isEmpty() || !m_onFailure->text().trimmed().isEmpty())
        return tr("What is real is called and written only when Shardscope was started with "
                  "--outside.");
    const double most
        = 1'000.0 * m_batch->value() * m_factor->value() / std::max(1, m_duration->value());
    return tr("Gets through at most %1 of each shard; a failed batch holds up what is behind it.")
        .arg(format::recordsPerSecond(most));
}

} // namespace shardscope::ui
