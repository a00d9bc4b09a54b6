#pragma once

#include "ui/dialogs/act_dialog.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace shardscope::ui {

class FirehoseFields;
class LambdaFields;

/// A reader of any kind as a form: what all kinds have, then the settings of its own.
class ConsumerDialog : public ActDialog {
    Q_OBJECT

public:
    enum class Purpose { Add, Change };
    ConsumerDialog(Purpose purpose, const ConsumerSpec& spec, Deck deck, QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] Act act() const override;

private:
    void addRateRow();
    void addPollingRows();
    void addKclRows();
    void addAnalyticsRows();
    [[nodiscard]] ConsumerSpec spec() const;
    [[nodiscard]] bool is(ConsumerKind kind) const { return m_base.kind == kind; }
    [[nodiscard]] QString pollingSummary() const;
    [[nodiscard]] QString kclSummary() const;

    Purpose m_purpose;
    ConsumerSpec m_base;
    QLineEdit* m_name;
    QComboBox* m_start;
    QDoubleSpinBox* m_rate = nullptr;
    // Those of other kinds stay null.
    QDoubleSpinBox* m_reads = nullptr;
    QSpinBox* m_limit = nullptr;
    QComboBox* m_version = nullptr;
    QComboBox* m_retrieval = nullptr;
    QSpinBox* m_workers = nullptr;
    QSpinBox* m_failover = nullptr; ///< s
    QSpinBox* m_checkpoint = nullptr; ///< s
    QCheckBox* m_graceful = nullptr;
    FirehoseFields* m_firehose = nullptr;
    LambdaFields* m_lambda = nullptr;
    QComboBox* m_query = nullptr;
    QSpinBox* m_bound = nullptr; ///< s
    QSpinBox* m_parallelism = nullptr;
};

} // namespace shardscope::ui
