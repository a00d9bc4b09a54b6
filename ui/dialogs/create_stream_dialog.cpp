#include "ui/dialogs/create_stream_dialog.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QSpinBox>

#include <initializer_list>
#include <utility>

#include "core/engine/limits.h"
#include "ui/dialogs/served_fields.h"
#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

QString capacityText(int shards)
{
    return RequestDialog::tr("%1 and %2 in, %3 out")
        .arg(format::bytesPerSecond(shards * static_cast<double>(limits::kShardWriteBytes)),
             format::recordsPerSecond(shards * static_cast<double>(limits::kShardWriteRecords)),
             format::bytesPerSecond(shards * static_cast<double>(limits::kShardReadBytes)));
}

} // namespace

CreateStreamDialog::CreateStreamDialog(MonitorDeck deck, QWidget* parent)
    : RequestDialog(tr("Create a stream"), tr("Create"), std::move(deck), parent)
    , m_name(new QLineEdit)
    , m_mode(new QComboBox)
    , m_distribution(new QComboBox)
    , m_shards(wholeField("shards", 1, limits::kShardsPerAccount, 1, {}))
    , m_warm(wholeField("warmThroughput", 0, limits::kWarmThroughputMost, 0, tr(" MiB/s")))
    , m_recordSize(wholeField("recordSize", limits::kMaxRecordDefault / 1_KiB,
                              limits::kMaxRecordLargest / 1_KiB, limits::kMaxRecordDefault / 1_KiB,
                              tr(" KiB")))
    , m_tags(tagsField())
{
    setObjectName(QStringLiteral("createStreamDialog"));
    m_name->setObjectName(QStringLiteral("name"));
    m_name->setMaxLength(128);
    m_mode->setObjectName(QStringLiteral("mode"));
    m_mode->addItem(tr("provisioned: you choose the shards"));
    m_mode->addItem(tr("on-demand: it scales itself"));
    m_distribution->setObjectName(QStringLiteral("distribution"));
    m_distribution->addItem(tr("by partition key: one key, one shard"));
    m_distribution->addItem(tr("automatic: keys are optional, the service chooses"));
    m_warm->setSpecialValueText(tr("none"));
    m_warm->setToolTip(tr("Capacity that is there from the beginning; only with the billing "
                          "commitment of an On-demand Advantage account"));
    m_recordSize->setSingleStep(kRecordSizeStep);
    form()->addRow(tr("Name"), m_name);
    form()->addRow(tr("Capacity mode"), m_mode);
    form()->addRow(tr("Shards"), m_shards);
    form()->addRow(tr("Warm throughput"), m_warm);
    form()->addRow(tr("Distribution"), m_distribution);
    form()->addRow(tr("Largest record"), m_recordSize);
    form()->addRow(tr("Tags"), m_tags);
    const auto changed = [this] {
        form()->setRowVisible(m_shards, !onDemand());
        form()->setRowVisible(m_warm, onDemand());
        form()->setRowVisible(m_distribution, onDemand());
        refresh();
    };
    connect(m_name, &QLineEdit::textChanged, this, changed);
    connect(m_mode, &QComboBox::currentIndexChanged, this, changed);
    connect(m_shards, &QSpinBox::valueChanged, this, changed);
    connect(m_recordSize, &QSpinBox::valueChanged, this, changed);
    connect(m_tags, &QPlainTextEdit::textChanged, this, changed);
    for (QWidget* rare : std::initializer_list<QWidget*> {m_warm, m_distribution})
        form()->setRowVisible(rare, false);
    begin();
}

bool CreateStreamDialog::onDemand() const
{
    return m_mode->currentIndex() == 1;
}

QString CreateStreamDialog::problem() const
{
    static const QRegularExpression allowed(QStringLiteral("^[a-zA-Z0-9_.-]{1,128}$"));
    if (m_name->text().isEmpty())
        return tr("Name: a stream needs one.");
    if (!allowed.match(m_name->text()).hasMatch())
        return tr("Name: letters, digits, “_”, “-” and “.” only.");
    const auto tags = readTags(m_tags->toPlainText());
    return tags ? QString() : toQt(tags.error().message);
}

QString CreateStreamDialog::summary() const
{
    if (onDemand())
        return tr("Begins with %n shard(s) and doubles with its traffic: ", nullptr,
                  static_cast<int>(limits::kOnDemandShards))
            + capacityText(static_cast<int>(limits::kOnDemandShards)) + u'.';
    return tr("%n shard(s): ", nullptr, m_shards->value()) + capacityText(m_shards->value()) + u'.';
}

std::vector<ApiRequest> CreateStreamDialog::requests() const
{
    CreateStream wanted;
    wanted.streamName = toStd(m_name->text());
    wanted.mode = onDemand() ? StreamMode::OnDemand : StreamMode::Provisioned;
    if (!onDemand())
        wanted.shardCount = m_shards->value();
    if (onDemand() && m_warm->value() > 0)
        wanted.warmThroughputMiBps = m_warm->value();
    if (onDemand() && m_distribution->currentIndex() == 1)
        wanted.recordDistribution = RecordDistributionStrategy::Auto;
    if (m_recordSize->value() != limits::kMaxRecordDefault / 1_KiB)
        wanted.maxRecordSizeKiB = m_recordSize->value();
    wanted.tags = readTags(m_tags->toPlainText()).value_or(wanted.tags);
    return {wanted};
}

void CreateStreamDialog::done(int result)
{
    if (result == QDialog::Accepted)
        emit created(m_name->text());
    RequestDialog::done(result);
}

} // namespace shardscope::ui
