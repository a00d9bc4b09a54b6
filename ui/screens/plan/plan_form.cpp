#include "ui/screens/plan/plan_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <thread>

#include "ui/dialogs/policy_fields.h"
#include "ui/screens/plan/estimate_edit.h"
#include "ui/text.h"

namespace shardscope::ui {
namespace {

QSpinBox* wholeField(int least, int most, const QString& unit, const QString& name)
{
    auto* box = new QSpinBox;
    box->setRange(least, most);
    box->setSuffix(unit);
    box->setAccessibleName(name);
    box->setGroupSeparatorShown(true);
    return box;
}

QFormLayout* groupIn(QVBoxLayout* column, const QString& title)
{
    auto* group = new QGroupBox(title);
    auto* form = new QFormLayout(group);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->setContentsMargins(10, 8, 10, 10);
    form->setVerticalSpacing(5);
    column->addWidget(group);
    return form;
}

constexpr KeySpec::Shape kShapes[] {KeySpec::Shape::Random, KeySpec::Shape::Uniform,
                                    KeySpec::Shape::Zipf, KeySpec::Shape::HotShare,
                                    KeySpec::Shape::Constant};
constexpr ClientSpec::Retry kRetries[] {ClientSpec::Retry::Standard2026,
                                        ClientSpec::Retry::Standard2025, ClientSpec::Retry::Legacy,
                                        ClientSpec::Retry::None};

template <typename T, std::size_t n> int indexOf(const T (&values)[n], T value)
{
    return static_cast<int>(std::find(values, values + n, value) - values) % static_cast<int>(n);
}

} // namespace

PlanForm::PlanForm(PriceBook prices, QWidget* parent)
    : QScrollArea(parent)
    , m_prices(std::move(prices))
{
    setAccessibleName(tr("What goes into the plan"));
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(10, 8, 10, 10);
    m_problem = new QLabel;
    m_problem->setObjectName(QStringLiteral("planProblem"));
    m_problem->setWordWrap(true);
    m_problem->hide();
    column->addWidget(m_problem);
    buildWorkload(groupIn(column, tr("Workload")));
    buildQuestion(groupIn(column, tr("What is asked")));
    m_policy = new PolicyFields({}, PolicyFields::None::No,
                                groupIn(column, tr("Auto-scaling policy that is tried")), this);
    connect(m_policy, &PolicyFields::changed, this, &PlanForm::edited);
    column->addStretch(1);
    setWidget(inside);
    setFocusProxy(m_preset);
    fillRegions();
    setStreams({{planPreset(PlanPreset::Clickstream, "clicks"), nullptr}});
}

EstimateEdit* PlanForm::estimate(QFormLayout* form, const QString& label, const QString& unit,
                                 double least, double most)
{
    auto* edit = new EstimateEdit(label, least, most);
    edit->setMinimumWidth(60);
    auto* row = new QHBoxLayout;
    row->setSpacing(5);
    row->addWidget(edit, 1);
    if (!unit.isEmpty())
        row->addWidget(new QLabel(unit));
    form->addRow(label, row);
    connect(edit, &EstimateEdit::edited, this, &PlanForm::edited);
    return edit;
}

void PlanForm::buildWorkload(QFormLayout* form)
{
    m_which = new QComboBox;
    m_which->setAccessibleName(tr("Stream"));
    m_which->setObjectName(QStringLiteral("planStream"));
    form->addRow(tr("Stream"), m_which);
    m_name = new QLineEdit;
    m_name->setAccessibleName(tr("Name"));
    m_name->setMaxLength(128);
    form->addRow(tr("Name"), m_name);
    m_measured = new QLabel;
    m_measured->setWordWrap(true);
    form->addRow(m_measured);
    m_preset = new QComboBox;
    m_preset->setAccessibleName(tr("Preset"));
    m_preset->setObjectName(QStringLiteral("planPreset"));
    m_preset->addItems({tr("Own figures"), tr("IoT fleet"), tr("Clickstream"), tr("Server logs")});
    form->addRow(tr("Preset"), m_preset);
    m_rate = estimate(form, tr("Average rate"), tr("records/s"), 0.001, 20e6);
    m_rate->setObjectName(QStringLiteral("planRate"));
    m_size = estimate(form, tr("Record size"), tr("B"), 1, 10'485'760);
    m_p99 = wholeField(0, 10'485'760, tr(" B"), tr("99th percentile of sizes"));
    m_p99->setSpecialValueText(tr("all alike"));
    form->addRow(tr("99 % are below"), m_p99);
    m_curve = new QComboBox;
    m_curve->setAccessibleName(tr("Curve of the day"));
    m_curve->addItems({tr("even"), tr("one wave a day"), tr("two rush hours")});
    form->addRow(tr("Day"), m_curve);
    m_peak = estimate(form, tr("Peak factor"), tr("× mean"), 1, 1'000);
    m_weekend = new QDoubleSpinBox;
    m_weekend->setRange(0.01, 100);
    m_weekend->setPrefix(QStringLiteral("× "));
    m_weekend->setAccessibleName(tr("Weekend"));
    form->addRow(tr("Weekend"), m_weekend);
    m_burst = estimate(form, tr("Bursts"), tr("× minute"), 1, 60);
    m_burstSeconds = wholeField(1, 59, tr(" s a minute"), tr("Length of bursts"));
    form->addRow(tr("so long"), m_burstSeconds);
    m_keys = new QComboBox;
    m_keys->setAccessibleName(tr("Partition keys"));
    m_keys->setObjectName(QStringLiteral("planKeys"));
    m_keys->addItems(
        {tr("random"), tr("evenly used"), tr("Zipf"), tr("one hot key"), tr("always the same")});
    form->addRow(tr("Keys"), m_keys);
    m_keyCount = estimate(form, tr("Number of keys"), {}, 1, 1e6);
    m_exponent = estimate(form, tr("Zipf exponent"), {}, 0, 3);
    m_hotShare = estimate(form, tr("Hot key's share"), tr("of 1"), 0, 1);
    m_salt = wholeField(1, 10'000, tr(" keys"), tr("Each hot key is spread over"));
    form->addRow(tr("Spread over"), m_salt);
    m_aggregated = new QCheckBox(tr("Records are aggregated (KPL)"));
    form->addRow(m_aggregated);
    m_producers = wholeField(1, 1'000'000, tr(" processes"), tr("Producers that aggregate"));
    form->addRow(tr("by"), m_producers);
    m_retry = new QComboBox;
    m_retry->setAccessibleName(tr("Retries"));
    m_retry->addItems({tr("SDK of 2026"), tr("SDK of 2025"), tr("SDK before 2025"), tr("none")});
    form->addRow(tr("Retries"), m_retry);
    m_shared = estimate(form, tr("Shared readers"), {}, 0, 1'000);
    m_calls = new QDoubleSpinBox;
    m_calls->setRange(0.01, 100);
    m_calls->setSuffix(tr(" calls/s each"));
    m_calls->setAccessibleName(tr("Calls of a shared reader"));
    form->addRow(tr("with"), m_calls);
    m_fanOut = estimate(form, tr("Fan-out readers"), {}, 0, 50);
    m_retention = wholeField(24, 8'760, tr(" h"), tr("Retention"));
    form->addRow(tr("Retention"), m_retention);
    m_growth = estimate(form, tr("Growth"), tr("% a year"), -90, 1'000);
    m_headroom = estimate(form, tr("Head-room"), tr("%"), 0, 90);
    m_newStream = new QCheckBox(tr("On-demand begins as a new stream"));
    form->addRow(m_newStream);

    connect(m_which, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (m_filling || index < 0)
            return;
        m_stream = static_cast<std::size_t>(index);
        show(m_streams[m_stream]);
        emit streamChosen();
    });
    connect(m_preset, &QComboBox::activated, this, [this](int index) {
        m_streams[m_stream].workload
            = planPreset(static_cast<PlanPreset>(index), toStd(m_name->text()));
        show(m_streams[m_stream]);
        edited();
    });
    connect(m_name, &QLineEdit::textEdited, this, &PlanForm::edited);
    for (QComboBox* box : {m_curve, m_keys, m_retry})
        connect(box, &QComboBox::activated, this, &PlanForm::edited);
    for (QSpinBox* box : {m_p99, m_burstSeconds, m_salt, m_producers, m_retention})
        connect(box, &QSpinBox::valueChanged, this, &PlanForm::edited);
    for (QDoubleSpinBox* box : {m_weekend, m_calls})
        connect(box, &QDoubleSpinBox::valueChanged, this, &PlanForm::edited);
    for (QCheckBox* box : {m_aggregated, m_newStream})
        connect(box, &QCheckBox::toggled, this, &PlanForm::edited);
}

void PlanForm::buildQuestion(QFormLayout* form)
{
    m_region = new QComboBox;
    m_region->setAccessibleName(tr("Region"));
    form->addRow(tr("Region"), m_region);
    m_date = new QLabel;
    form->addRow(QString(), m_date);
    m_target = new QLineEdit(QStringLiteral("0.1 %"));
    m_target->setObjectName(QStringLiteral("planTarget"));
    m_target->setAccessibleName(tr("Refused at most"));
    form->addRow(tr("Refused at most"), m_target);
    m_days = wholeField(1, 366, tr(" days"), tr("Days"));
    m_days->setValue(30);
    form->addRow(tr("Time"), m_days);
    m_provisioned = new QCheckBox(tr("Provisioned"));
    m_onDemand = new QCheckBox(tr("On-demand Standard"));
    m_advantage = new QCheckBox(tr("On-demand Advantage"));
    for (QCheckBox* box : {m_provisioned, m_onDemand, m_advantage}) {
        box->setChecked(true);
        form->addRow(box);
        connect(box, &QCheckBox::toggled, this, &PlanForm::edited);
    }
    connect(m_region, &QComboBox::activated, this, &PlanForm::edited);
    connect(m_target, &QLineEdit::textEdited, this, &PlanForm::edited);
    connect(m_days, &QSpinBox::valueChanged, this, &PlanForm::edited);
}

void PlanForm::fillRegions()
{
    const QString before = m_region->currentText();
    m_region->clear();
    for (const auto& [region, prices] : m_prices.regions)
        m_region->addItem(toQt(region));
    const int index = m_region->findText(before.isEmpty() ? QStringLiteral("us-east-1") : before);
    m_region->setCurrentIndex(std::max(0, index));
    m_date->setText(tr("prices read on %1").arg(toQt(m_prices.date)));
}

void PlanForm::addPrices(const PriceBook& prices)
{
    m_prices = merged(std::move(m_prices), prices);
    fillRegions();
    edited();
}

void PlanForm::setStreams(std::vector<PlanStream> streams)
{
    m_streams = std::move(streams);
    m_stream = 0;
    m_filling = true;
    m_which->clear();
    for (const PlanStream& stream : m_streams)
        m_which->addItem(toQt(stream.workload.name));
    m_filling = false;
    for (const PlanStream& stream : m_streams)
        if (stream.measured) {
            const QSignalBlocker blocker(m_days);
            m_days->setValue(
                std::clamp(static_cast<int>((stream.measured->minutes() + 1'439) / 1'440), 1, 366));
        }
    show(m_streams.front());
    emit changed();
}

void PlanForm::show(const PlanStream& stream)
{
    m_filling = true;
    const PlanWorkload& w = stream.workload;
    m_name->setText(toQt(w.name));
    m_preset->setCurrentIndex(static_cast<int>(w.preset));
    m_rate->setEstimate(w.recordsPerSecond);
    m_size->setEstimate(w.recordBytes);
    m_p99->setValue(static_cast<int>(w.recordBytesP99));
    m_curve->setCurrentIndex(static_cast<int>(w.curve));
    m_peak->setEstimate(w.peakFactor);
    m_weekend->setValue(w.weekendFactor);
    m_burst->setEstimate(w.burstFactor);
    m_burstSeconds->setValue(static_cast<int>(w.burstLength.inSeconds()));
    m_keys->setCurrentIndex(indexOf(kShapes, w.keys.shape));
    m_keyCount->setEstimate(w.keys.count);
    m_exponent->setEstimate(w.keys.exponent);
    m_hotShare->setEstimate(w.keys.hotShare);
    m_salt->setValue(static_cast<int>(w.keys.salt));
    m_aggregated->setChecked(w.aggregated);
    m_producers->setValue(static_cast<int>(w.producers));
    m_retry->setCurrentIndex(indexOf(kRetries, w.retry));
    m_shared->setEstimate(w.sharedReaders);
    m_calls->setValue(w.readsPerSecond);
    m_fanOut->setEstimate(w.fanOutReaders);
    m_retention->setValue(static_cast<int>(w.retentionHours));
    m_growth->setEstimate(w.growthPercentPerYear);
    m_headroom->setEstimate(w.headroomPercent);
    m_newStream->setChecked(w.newOnDemandStream);
    if (stream.measured)
        m_measured->setText(tr("Measured: %n minute(s). Rate, day and sizes are those of the data.",
                               nullptr, static_cast<int>(stream.measured->minutes())));
    m_measured->setVisible(stream.measured != nullptr);
    m_filling = false;
    allow();
}

/// Fields that have no meaning for this workload rest.
void PlanForm::allow()
{
    const bool described = m_streams[m_stream].measured == nullptr;
    for (QWidget* field : std::initializer_list<QWidget*> {m_preset, m_rate, m_size, m_p99, m_curve,
                                                           m_weekend, m_aggregated})
        field->setEnabled(described);
    m_peak->setEnabled(described && m_curve->currentIndex() > 0);
    const bool keysSeen = !described && !m_streams[m_stream].measured->shards.empty();
    const KeySpec::Shape shape = kShapes[m_keys->currentIndex()];
    m_keys->setEnabled(!keysSeen);
    m_keyCount->setEnabled(!keysSeen && shape != KeySpec::Shape::Random
                           && shape != KeySpec::Shape::Constant);
    m_exponent->setEnabled(!keysSeen && shape == KeySpec::Shape::Zipf);
    m_hotShare->setEnabled(!keysSeen && shape == KeySpec::Shape::HotShare);
    m_salt->setEnabled(!keysSeen && shape != KeySpec::Shape::Random);
    m_producers->setEnabled(described && m_aggregated->isChecked());
}

void PlanForm::take()
{
    PlanWorkload& w = m_streams[m_stream].workload;
    w.name = toStd(m_name->text());
    w.preset = static_cast<PlanPreset>(m_preset->currentIndex());
    w.recordsPerSecond = m_rate->estimate();
    w.recordBytes = m_size->estimate();
    w.recordBytesP99 = m_p99->value();
    w.curve = static_cast<DayCurve>(m_curve->currentIndex());
    w.peakFactor = w.curve == DayCurve::Constant ? Estimate(1) : m_peak->estimate();
    w.weekendFactor = m_weekend->value();
    w.burstFactor = m_burst->estimate();
    w.burstLength = SimDuration::seconds(m_burstSeconds->value());
    w.keys.shape = kShapes[m_keys->currentIndex()];
    w.keys.count = m_keyCount->estimate();
    w.keys.exponent = m_exponent->estimate();
    w.keys.hotShare = m_hotShare->estimate();
    w.keys.salt = m_salt->value();
    w.aggregated = m_aggregated->isChecked();
    w.producers = m_producers->value();
    w.retry = kRetries[m_retry->currentIndex()];
    w.sharedReaders = m_shared->estimate();
    w.readsPerSecond = m_calls->value();
    w.fanOutReaders = m_fanOut->estimate();
    w.retentionHours = m_retention->value();
    w.growthPercentPerYear = m_growth->estimate();
    w.headroomPercent = m_headroom->estimate();
    w.newOnDemandStream = m_newStream->isChecked();
}

void PlanForm::edited()
{
    if (m_filling)
        return;
    allow();
    const QString wrong = problem();
    m_problem->setText(wrong);
    m_problem->setVisible(!wrong.isEmpty());
    if (!wrong.isEmpty())
        return;
    take();
    m_which->setItemText(static_cast<int>(m_stream), m_name->text());
    emit changed();
}

QString PlanForm::problem() const
{
    static const QRegularExpression name(QStringLiteral("^[a-zA-Z0-9_.-]{1,128}$"));
    static const QRegularExpression share(QStringLiteral("^\\s*(\\d+(?:\\.\\d+)?)\\s*%\\s*$"));
    if (!name.match(m_name->text()).hasMatch())
        return tr("Name: letters, digits, _ . and - make a stream's name.");
    for (const EstimateEdit* edit : {m_rate, m_size, m_peak, m_burst, m_keyCount, m_exponent,
                                     m_hotShare, m_shared, m_fanOut, m_growth, m_headroom})
        if (edit->isEnabled())
            if (const QString wrong = edit->problem(); !wrong.isEmpty())
                return wrong;
    const double p99 = m_p99->value();
    if (p99 > 0 && (p99 < m_size->estimate().high || p99 > 14 * m_size->estimate().low))
        return tr("99 % are below: must be 1 to 14 times the record size, or all alike.");
    const auto match = share.match(m_target->text());
    if (!match.hasMatch() || match.captured(1).toDouble() > 100)
        return tr("Refused at most: a percentage with its sign, such as 0.1 %.");
    if (!m_provisioned->isChecked() && !m_onDemand->isChecked() && !m_advantage->isChecked())
        return tr("Choose at least one capacity mode.");
    return m_policy->problem();
}

PlanRequest PlanForm::request() const
{
    PlanRequest request;
    request.streams = m_streams;
    request.region = toStd(m_region->currentText());
    if (const auto found = m_prices.regions.find(request.region); found != m_prices.regions.end())
        request.prices = found->second;
    request.priceDate = m_prices.date;
    request.days = m_days->value();
    request.targetRefused
        = QString(m_target->text()).remove(QLatin1Char('%')).trimmed().toDouble() / 100;
    request.modes = {m_provisioned->isChecked(), m_onDemand->isChecked(), m_advantage->isChecked()};
    request.policy = m_policy->policy().value_or(ScalingPolicySpec {});
    request.samples = 60;
    request.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1);
    return request;
}

} // namespace shardscope::ui
