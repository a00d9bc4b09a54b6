#pragma once

#include "ui/dialogs/form_dialog.h"
#include "ui/monitor_deck.h"

class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

namespace shardscope::ui {

/// PutRecord, or PutRecords for more than one, by hand.
class PutRecordDialog : public FormDialog {
    Q_OBJECT

public:
    PutRecordDialog(std::string stream, std::int64_t maxRecordBytes, MonitorDeck deck,
                    QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] ApiRequest request() const;

signals:
    void report(const QString& sentence); ///< where it was stored

protected:
    void send(Answered answered) override;

private:
    std::string m_stream;
    std::int64_t m_maxRecordBytes;
    MonitorDeck m_deck;
    QLineEdit *m_key, *m_hash;
    QPlainTextEdit* m_data;
    QSpinBox* m_count;
};

} // namespace shardscope::ui
