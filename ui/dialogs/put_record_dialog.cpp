#include "ui/dialogs/put_record_dialog.h"

#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QSpinBox>

#include <utility>

#include "core/engine/limits.h"
#include "ui/format.h"
#include "ui/text.h"

namespace shardscope::ui {

PutRecordDialog::PutRecordDialog(std::string stream, std::int64_t maxRecordBytes, MonitorDeck deck,
                                 QWidget* parent)
    : FormDialog(tr("Put a test record"), tr("Put"), parent)
    , m_stream(std::move(stream))
    , m_maxRecordBytes(maxRecordBytes)
    , m_deck(std::move(deck))
    , m_key(new QLineEdit(QStringLiteral("test")))
    , m_hash(new QLineEdit)
    , m_data(new QPlainTextEdit(QStringLiteral("{\"hello\": \"world\"}")))
    , m_count(new QSpinBox)
{
    setObjectName(QStringLiteral("putRecordDialog"));
    m_key->setObjectName(QStringLiteral("key"));
    m_hash->setObjectName(QStringLiteral("hash"));
    m_hash->setPlaceholderText(tr("MD5 of the key decides"));
    m_data->setObjectName(QStringLiteral("data"));
    m_data->setTabChangesFocus(true);
    m_data->setFixedHeight(m_data->fontMetrics().height() * 7);
    m_count->setObjectName(QStringLiteral("count"));
    m_count->setRange(1, static_cast<int>(limits::kPutRecordsRecords));
    form()->addRow(tr("Partition key"), m_key);
    form()->addRow(tr("Explicit hash key"), m_hash);
    form()->addRow(tr("Data"), m_data);
    form()->addRow(tr("How many times"), m_count);
    for (QLineEdit* field : {m_key, m_hash})
        connect(field, &QLineEdit::textChanged, this, [this] { refresh(); });
    connect(m_data, &QPlainTextEdit::textChanged, this, [this] { refresh(); });
    connect(m_count, &QSpinBox::valueChanged, this, [this] { refresh(); });
    begin();
}

QString PutRecordDialog::problem() const
{
    const qsizetype characters = m_key->text().toUcs4().size();
    if (characters < 1 || characters > limits::kPartitionKeyChars)
        return tr("Partition key: 1 to %1 characters.").arg(limits::kPartitionKeyChars);
    if (!m_hash->text().isEmpty() && !parseHashKey(toStd(m_hash->text())))
        return tr("Explicit hash key: a whole number from 0 to 2^128 − 1.");
    const qsizetype bytes = m_data->toPlainText().toUtf8().size() + m_key->text().toUtf8().size();
    if (bytes > m_maxRecordBytes)
        return tr("Data: %1 with its key; this stream takes %2.")
            .arg(format::bytes(static_cast<double>(bytes)),
                 format::bytes(static_cast<double>(m_maxRecordBytes)));
    if (bytes * m_count->value() > limits::kPutRecordsBytes)
        return tr("Data: %1 together; one request takes %2.")
            .arg(format::bytes(static_cast<double>(bytes * m_count->value())),
                 format::bytes(static_cast<double>(limits::kPutRecordsBytes)));
    return {};
}

QString PutRecordDialog::summary() const
{
    const auto bytes = static_cast<double>(m_data->toPlainText().toUtf8().size());
    return m_count->value() == 1 ? tr("PutRecord with %1 of data.").arg(format::bytes(bytes))
                                 : tr("One PutRecords with %1 records of %2.")
                                       .arg(m_count->value())
                                       .arg(format::bytes(bytes));
}

ApiRequest PutRecordDialog::request() const
{
    std::optional<HashKey> place;
    if (const auto hash = parseHashKey(toStd(m_hash->text())))
        place = *hash;
    const std::string key = toStd(m_key->text());
    const std::string text = toStd(m_data->toPlainText());
    RecordBatch batch;
    for (int i = 0; i < m_count->value(); ++i)
        batch.add(key, text, place);
    batch.hashKeys();
    if (m_count->value() > 1)
        return PutRecords {m_stream, std::move(batch), false};
    return PutRecord {m_stream, std::move(batch), std::nullopt, false};
}

void PutRecordDialog::send(Answered answered)
{
    const int count = m_count->value();
    m_deck.ask(
        request(),
        [self = QPointer(this), answered = std::move(answered),
         count](const Result<ApiAnswer>& answer) {
            if (!self)
                return;
            if (!answer)
                return answered(tl::unexpected<Error>(answer.error()));
            if (const auto* one = std::get_if<PutResult>(&*answer))
                emit self->report(tr("Stored on shard %1 under %2.")
                                      .arg(one->number.shard.value)
                                      .arg(toQt(one->number.text())));
            if (const auto* many = std::get_if<PutRecordsResult>(&*answer)) {
                if (many->failedRecordCount > 0)
                    return answered(fail(
                        ErrorCode::ProvisionedThroughputExceeded,
                        toStd(tr("%1 of %2 records were refused: ProvisionedThroughputExceeded.")
                                  .arg(many->failedRecordCount)
                                  .arg(count))));
                emit self->report(tr("Stored %n record(s).", nullptr, count));
            }
            answered({});
        });
}

} // namespace shardscope::ui
