#pragma once

#include "ui/dialogs/live_dialog.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace shardscope::ui {

/// Encryption at rest: which key a stream uses, and the master keys of this endpoint.
class EncryptionDialog : public LiveDialog {
    Q_OBJECT

public:
    EncryptionDialog(std::string stream, MonitorDeck deck, QWidget* parent);

protected:
    void present() override;

private:
    [[nodiscard]] const kms::KeyDescription* chosenKey() const;
    [[nodiscard]] QPushButton* addKeyButton(const char* name, const QString& tip);
    void showButtons();
    void createKey();

    QLabel* m_now;
    QTreeWidget* m_keys;
    QLineEdit* m_description;
    QPushButton *m_use, *m_stop, *m_create, *m_disable, *m_rotate, *m_delete;
};

} // namespace shardscope::ui
