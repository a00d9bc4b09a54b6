#pragma once

#include "ui/dialogs/act_dialog.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace shardscope::ui {

/// A producer as a form: preset, rate and its curve, size, keys, client.
class ProducerDialog : public ActDialog {
    Q_OBJECT

public:
    enum class Purpose { Add, Change };
    ProducerDialog(Purpose purpose, const ProducerSpec& spec, Deck deck, QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] Act act() const override;
    [[nodiscard]] ProducerSpec spec() const;

private:
    void buildRate();
    void buildSize();
    void buildKeys();
    void buildClient();
    void fill(const ProducerSpec& spec);
    void takePreset(int index);
    void showWhatMatters();
    void heading(const QString& text);
    [[nodiscard]] QComboBox* choice(const QString& name, const QStringList& words);
    [[nodiscard]] QDoubleSpinBox* number(const QString& name, double least, double most,
                                         int decimals, const QString& unit);
    [[nodiscard]] QLineEdit* line(const QString& name);

    Purpose m_purpose;
    ProducerSpec m_base; ///< fields that the form does not show keep their values
    bool m_filling = false;
    QLineEdit* m_name = nullptr;
    QComboBox* m_kind = nullptr;
    QLineEdit* m_trace = nullptr;
    QDoubleSpinBox* m_traceSpeed = nullptr;
    QDoubleSpinBox* m_rate = nullptr;
    QComboBox* m_curve = nullptr;
    QDoubleSpinBox* m_rampTo = nullptr;
    QLineEdit* m_rampDuration = nullptr;
    QLineEdit* m_steps = nullptr;
    QComboBox* m_spread = nullptr;
    QLineEdit* m_period = nullptr;
    QLineEdit* m_burst = nullptr;
    QComboBox* m_sizeShape = nullptr;
    QDoubleSpinBox* m_size = nullptr;
    QDoubleSpinBox* m_sizeSpread = nullptr;
    QComboBox* m_keyShape = nullptr;
    QLineEdit* m_prefix = nullptr;
    QDoubleSpinBox* m_keyCount = nullptr;
    QDoubleSpinBox* m_exponent = nullptr;
    QLineEdit* m_hotKey = nullptr;
    QDoubleSpinBox* m_hotShare = nullptr;
    QDoubleSpinBox* m_salt = nullptr;
    QComboBox* m_api = nullptr;
    QComboBox* m_retry = nullptr;
    QDoubleSpinBox* m_batch = nullptr;
    QLineEdit* m_linger = nullptr;
    QDoubleSpinBox* m_inFlight = nullptr;
    QDoubleSpinBox* m_attempts = nullptr;
    QCheckBox* m_aggregation = nullptr;
};

/// `10s:20 1m:1` as steps: from 10 s on ×20, from 1 m on ×1. Errors: BadInput with the form.
[[nodiscard]] Result<std::vector<RateSpec::Step>> parseSteps(const QString& text);
[[nodiscard]] QString stepsText(const std::vector<RateSpec::Step>& steps);

} // namespace shardscope::ui
