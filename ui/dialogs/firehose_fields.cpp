#include "ui/dialogs/firehose_fields.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>

#include "core/consumers/firehose_partition.h"
#include "ui/text.h"

namespace shardscope::ui {
namespace {

constexpr int kCharacters = 48;

QSpinBox* number(const char* name, int least, int most, std::int64_t value, const QString& suffix)
{
    auto* box = new QSpinBox;
    box->setObjectName(QLatin1String(name));
    box->setRange(least, most);
    box->setSuffix(suffix);
    box->setValue(static_cast<int>(value));
    return box;
}

QLineEdit* line(const char* name, const std::string& text, const QString& hint)
{
    auto* field = new QLineEdit(toQt(text));
    field->setObjectName(QLatin1String(name));
    field->setPlaceholderText(hint);
    // Wide enough for the hint, and for most prefixes.
    field->setMinimumWidth(field->fontMetrics().averageCharWidth() * kCharacters);
    return field;
}

QString keysText(const FirehoseSpec& spec)
{
    QStringList keys;
    for (const FirehoseSpec::PartitionKey& key : spec.partitionBy)
        keys << toQt(key.name + '=' + key.path);
    return keys.join(QLatin1Char(' '));
}

} // namespace

FirehoseFields::FirehoseFields(const FirehoseSpec& spec, QFormLayout* form, QObject* parent)
    : QObject(parent)
    , m_base(spec)
    , m_size(number("size", 1, 128, spec.bufferSize / 1_MiB, tr(" MiB")))
    , m_interval(number("interval", 0, 900, spec.bufferInterval.inMillis() / 1'000, tr(" s")))
    , m_compression(new QComboBox)
    , m_target(line("target", spec.target, tr("modelled; or a folder, or s3+http://host/bucket")))
    , m_prefix(line("prefix", spec.prefix,
                    tr("yyyy/MM/dd/HH/; or by/!{partitionKeyFromQuery:…}/!{timestamp:yyyy}/")))
    , m_errorPrefix(
          line("errorPrefix", spec.errorPrefix, tr("!{firehose:error-output-type}/, and the time")))
    , m_partitionBy(
          line("partitionBy", toStd(keysText(spec)), tr("none; or customer=.customer.id")))
    , m_transform(
          line("transform", spec.transform, tr("none; or a command, or http://localhost:9000")))
{
    m_compression->addItems({tr("none"), tr("gzip"), tr("zstd (ours)")});
    m_compression->setCurrentIndex(static_cast<int>(spec.compression));
    form->addRow(tr("An object goes at"), m_size);
    form->addRow(tr("Or after"), m_interval);
    form->addRow(tr("Compression"), m_compression);
    form->addRow(tr("Target"), m_target);
    form->addRow(tr("Function"), m_transform);
    form->addRow(tr("Partition keys"), m_partitionBy);
    form->addRow(tr("Prefix"), m_prefix);
    form->addRow(tr("Error prefix"), m_errorPrefix);
    for (QSpinBox* box : {m_size, m_interval})
        connect(box, &QSpinBox::valueChanged, this, &FirehoseFields::changed);
    for (QLineEdit* field : {m_target, m_transform, m_partitionBy, m_prefix, m_errorPrefix})
        connect(field, &QLineEdit::textChanged, this, &FirehoseFields::changed);
}

FirehoseSpec FirehoseFields::spec() const
{
    FirehoseSpec spec = m_base;
    spec.bufferSize = m_size->value() * 1_MiB;
    spec.bufferInterval = SimDuration::seconds(m_interval->value());
    spec.compression = static_cast<FirehoseSpec::Compression>(m_compression->currentIndex());
    spec.target = toStd(m_target->text().trimmed());
    spec.prefix = toStd(m_prefix->text().trimmed());
    spec.errorPrefix = toStd(m_errorPrefix->text().trimmed());
    spec.partitionBy = partitionKeys();
    spec.transform = toStd(m_transform->text().trimmed());
    return spec;
}

/// `name=.path`; a word without its path has an empty one.
std::vector<FirehoseSpec::PartitionKey> FirehoseFields::partitionKeys() const
{
    std::vector<FirehoseSpec::PartitionKey> keys;
    for (const QString& word : m_partitionBy->text().split(QLatin1Char(' '), Qt::SkipEmptyParts))
        keys.push_back({toStd(word.section(QLatin1Char('='), 0, 0)),
                        toStd(word.section(QLatin1Char('='), 1))});
    return keys;
}

QString FirehoseFields::problem() const
{
    for (const FirehoseSpec::PartitionKey& key : partitionKeys())
        if (key.name.empty() || !isFieldPath(key.path))
            return tr("Partition keys: \"%1\" must be a name and a field, such as "
                      "customer=.customer.id.")
                .arg(toQt(key.name + (key.path.empty() ? "" : '=' + key.path)));
    using Field = FirehoseTrouble::Field;
    const FirehoseTrouble trouble = troubleOf(spec());
    switch (trouble.field) {
    case Field::None:
        return {};
    case Field::Prefix:
        return tr("Prefix: it %1.").arg(toQt(trouble.otherwise));
    case Field::ErrorPrefix:
        return tr("Error prefix: it %1.").arg(toQt(trouble.otherwise));
    case Field::PartitionBy:
        return tr("Partition keys: they %1.").arg(toQt(trouble.otherwise));
    case Field::BufferInterval:
        return tr("Or after: it %1.").arg(toQt(trouble.otherwise));
    }
    return {};
}

QString FirehoseFields::summary() const
{
    return m_target->text().trimmed().isEmpty()
        ? tr("Reads each shard once a second, and delivers after %1\u00a0s at the latest.")
              .arg(m_interval->value())
        : tr("Writes real objects, if Shardscope was started with --outside.");
}

} // namespace shardscope::ui
