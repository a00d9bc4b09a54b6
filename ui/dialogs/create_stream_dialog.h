#pragma once

#include "ui/dialogs/request_dialog.h"

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

namespace shardscope::ui {

/// CreateStream.
class CreateStreamDialog : public RequestDialog {
    Q_OBJECT

public:
    CreateStreamDialog(MonitorDeck deck, QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] std::vector<ApiRequest> requests() const override;

signals:
    void created(const QString& name);

protected:
    void done(int result) override;

private:
    [[nodiscard]] bool onDemand() const;

    QLineEdit* m_name;
    QComboBox* m_mode;
    QComboBox* m_distribution;
    QSpinBox *m_shards, *m_warm, *m_recordSize;
    QPlainTextEdit* m_tags;
};

} // namespace shardscope::ui
