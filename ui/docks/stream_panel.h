#pragma once

#include <QWidget>

#include "core/metrics/snapshot.h"
#include "core/scenario/scenario.h"
#include "ui/deck.h"

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace shardscope::ui {

/// The stream's settings. Every change is a request to the service; what it refuses stands below in
/// its own words. A field that was edited keeps the person's figure until it is sent.
class StreamPanel : public QWidget {
    Q_OBJECT

public:
    explicit StreamPanel(Deck deck, QWidget* parent = nullptr);

    void present(const Snapshot& snapshot);

signals:
    void policyAsked();
    void accountAsked();

private:
    struct Setting {
        QSpinBox* field = nullptr;
        QPushButton* send = nullptr;
        bool edited = false;
    };
    Setting addSetting(QFormLayout* form, const QString& label, const QString& unit, int least,
                       int most, const QString& verb);
    void addThroughput(QFormLayout* form);
    void addMonitoring(QFormLayout* form);
    void addEncryption(QFormLayout* form);
    void connectSettings();
    void request(ControlRequest request, Setting* setting = nullptr);
    static void show(Setting* setting, std::int64_t value);

    Deck m_deck;
    StreamDescriptionSummary m_now;
    bool m_advantageNow = false;
    QLabel* m_status;
    QComboBox* m_mode;
    QPushButton* m_switch;
    QLabel* m_modeLeft;
    Setting m_shards, m_retention, m_recordSize, m_warm;
    QLabel* m_demand;
    QCheckBox* m_advantage;
    QList<QCheckBox*> m_metrics;
    QPushButton* m_monitor;
    bool m_metricsEdited = false;
    QLabel* m_encryption;
    QLineEdit* m_key;
    QPushButton* m_encrypt;
    QLabel* m_policy;
    QLabel* m_reply;
};

} // namespace shardscope::ui
