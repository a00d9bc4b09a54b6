#include "ui/dialogs/encryption_dialog.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "core/engine/limits.h"
#include "ui/format.h"
#include "ui/screens/monitor/stream_card.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

constexpr int kIdRole = Qt::UserRole;
/// Made by the service itself the first time it is used.
const char* const kServiceKey = "alias/aws/kinesis";

QString stateText(const kms::KeyDescription& key)
{
    QString text;
    switch (key.state) {
    case kms::KeyState::Enabled:
        text = EncryptionDialog::tr("enabled");
        break;
    case kms::KeyState::Disabled:
        text = EncryptionDialog::tr("disabled");
        break;
    case kms::KeyState::PendingDeletion:
        text = key.deletionAt
            ? EncryptionDialog::tr("goes on %1").arg(format::dateTime(*key.deletionAt))
            : EncryptionDialog::tr("to be deleted");
        break;
    }
    return key.denied ? EncryptionDialog::tr("%1, its policy denies").arg(text) : text;
}

} // namespace

EncryptionDialog::EncryptionDialog(std::string stream, MonitorDeck deck, QWidget* parent)
    : LiveDialog(tr("Encryption at rest"), std::move(stream), std::move(deck), parent)
    , m_now(new QLabel)
    , m_keys(new QTreeWidget)
    , m_description(new QLineEdit)
    , m_use(addKeyButton("use", tr("New records are encrypted with the chosen key")))
    , m_stop(addKeyButton("stop", tr("New records are stored as they come")))
    , m_create(addKeyButton("createKey", tr("Make a master key in this endpoint's key file")))
    , m_disable(addKeyButton("disable", tr("A disabled key neither encrypts nor decrypts")))
    , m_rotate(addKeyButton("rotate", tr("Give the key a new version; the old ones still open")))
    , m_delete(addKeyButton("deleteKey", tr("After its waiting time a deleted key opens nothing")))
{
    setObjectName(QStringLiteral("encryptionDialog"));
    m_now->setObjectName(QStringLiteral("encryptionNow"));
    m_now->setTextFormat(Qt::PlainText);
    m_now->setWordWrap(true);
    m_keys->setObjectName(QStringLiteral("keys"));
    m_keys->setAccessibleName(tr("Master keys"));
    m_keys->setHeaderLabels({tr("Key"), tr("State"), tr("Versions"), tr("Description")});
    m_keys->setRootIsDecorated(false);
    m_keys->setUniformRowHeights(true);
    m_keys->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_description->setObjectName(QStringLiteral("description"));
    m_description->setPlaceholderText(tr("description of a new key"));
    m_description->setAccessibleName(tr("Description of a new key"));
    m_use->setText(tr("&Encrypt with it"));
    m_stop->setText(tr("&Stop encrypting"));
    m_create->setText(tr("&Create a key"));
    m_rotate->setText(tr("&Rotate"));
    auto* streamVerbs = new QHBoxLayout;
    for (QPushButton* b : {m_use, m_stop})
        streamVerbs->addWidget(b);
    streamVerbs->addStretch(1);
    for (QPushButton* b : {m_disable, m_rotate, m_delete})
        streamVerbs->addWidget(b);
    auto* make = new QHBoxLayout;
    make->addWidget(m_description, 1);
    make->addWidget(m_create);
    column()->addWidget(m_now);
    column()->addWidget(m_keys, 1);
    column()->addLayout(streamVerbs);
    column()->addLayout(make);

    const auto keyId
        = [this] { return chosenKey() ? chosenKey()->keyId : std::string(kServiceKey); };
    connect(m_use, &QPushButton::clicked, this, [this, keyId] {
        ask(StartStreamEncryption {this->stream(), keyId()},
            tr("The stream is being changed; records from now on are encrypted."));
    });
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (row() != nullptr)
            ask(StopStreamEncryption {this->stream(), row()->summary.keyId},
                tr("The stream is being changed; what is encrypted stays so."));
    });
    connect(m_create, &QPushButton::clicked, this, &EncryptionDialog::createKey);
    connect(m_description, &QLineEdit::returnPressed, this, &EncryptionDialog::createKey);
    connect(m_disable, &QPushButton::clicked, this, [this] {
        if (const auto* key = chosenKey())
            key->state == kms::KeyState::Disabled
                ? ask(kms::EnableKey {key->keyId}, tr("The key is enabled."))
                : ask(kms::DisableKey {key->keyId}, tr("The key is disabled."));
    });
    connect(m_rotate, &QPushButton::clicked, this, [this] {
        if (const auto* key = chosenKey())
            ask(kms::RotateKeyOnDemand {key->keyId}, tr("The key has a new version."));
    });
    connect(m_delete, &QPushButton::clicked, this, [this] {
        if (const auto* key = chosenKey())
            key->state == kms::KeyState::PendingDeletion
                ? ask(kms::CancelKeyDeletion {key->keyId},
                      tr("The key stays; enable it to use it again."))
                : ask(kms::ScheduleKeyDeletion {key->keyId, limits::kKeyDeletionDaysLeast},
                      tr("The key is deleted in %n day(s).", nullptr,
                         static_cast<int>(limits::kKeyDeletionDaysLeast)));
    });
    connect(m_keys, &QTreeWidget::currentItemChanged, this, &EncryptionDialog::showButtons);
    look();
    showButtons();
    resize(fontMetrics().averageCharWidth() * 100, sizeHint().height());
}

QPushButton* EncryptionDialog::addKeyButton(const char* name, const QString& tip)
{
    auto* button = new QPushButton(this);
    button->setObjectName(QString::fromLatin1(name));
    button->setToolTip(tip);
    button->setAutoDefault(false);
    return button;
}

void EncryptionDialog::createKey()
{
    ask(kms::CreateKey {toStd(m_description->text()), {}}, tr("A key was made."));
    m_description->clear();
}

const kms::KeyDescription* EncryptionDialog::chosenKey() const
{
    const QTreeWidgetItem* item = m_keys->currentItem();
    if (item == nullptr || service() == nullptr)
        return nullptr;
    const std::string id = toStd(item->data(0, kIdRole).toString());
    const auto& keys = service()->keys;
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&id](const auto& key) { return key.keyId == id; });
    return found == keys.end() ? nullptr : &*found;
}

void EncryptionDialog::present()
{
    const ServedStreamRow* stream = row();
    const bool on = stream != nullptr && stream->summary.encryption == EncryptionType::Kms;
    m_now->setText(stream == nullptr ? tr("The stream is gone.")
                       : on          ? tr("New records are encrypted with %1.")
                                  .arg(StreamCard::keyName(*service(), stream->summary.keyId))
                            : tr("New records are stored as they come."));
    const auto& keys = service()->keys;
    while (m_keys->topLevelItemCount() > static_cast<int>(keys.size()))
        delete m_keys->takeTopLevelItem(m_keys->topLevelItemCount() - 1);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        QTreeWidgetItem* item = m_keys->topLevelItem(static_cast<int>(i));
        if (item == nullptr)
            item = new QTreeWidgetItem(m_keys);
        item->setData(0, kIdRole, toQt(keys[i].keyId));
        item->setText(0, StreamCard::keyName(*service(), keys[i].keyId));
        item->setToolTip(0, toQt(keys[i].keyId));
        item->setText(1, stateText(keys[i]));
        item->setText(2, QString::number(keys[i].versions));
        item->setText(3, toQt(keys[i].description));
    }
    showButtons();
}

void EncryptionDialog::showButtons()
{
    const auto* key = chosenKey();
    const bool on = row() != nullptr && row()->summary.encryption == EncryptionType::Kms;
    const bool own = key != nullptr && !key->awsManaged;
    // Without a choice the service's own key is used, and made if it is not there yet.
    m_use->setText(key ? tr("&Encrypt with it") : tr("&Encrypt with the service's key"));
    m_use->setEnabled(row() != nullptr);
    m_stop->setEnabled(on);
    m_rotate->setEnabled(own && key->state == kms::KeyState::Enabled);
    m_disable->setText(key && key->state == kms::KeyState::Disabled ? tr("E&nable")
                                                                    : tr("Disa&ble"));
    m_disable->setEnabled(own && key->state != kms::KeyState::PendingDeletion);
    m_delete->setText(key && key->state == kms::KeyState::PendingDeletion ? tr("&Keep it")
                                                                          : tr("&Delete"));
    m_delete->setEnabled(own);
}

} // namespace shardscope::ui
