#pragma once

#include "ui/dialogs/act_dialog.h"

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace shardscope::ui {

/// A polling reader as a form.
class ConsumerDialog : public ActDialog {
    Q_OBJECT

public:
    enum class Purpose { Add, Change };
    ConsumerDialog(Purpose purpose, const ConsumerSpec& spec, Deck deck, QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] Act act() const override;

private:
    [[nodiscard]] ConsumerSpec spec() const;

    Purpose m_purpose;
    ConsumerSpec m_base;
    QLineEdit* m_name;
    QComboBox* m_start;
    QDoubleSpinBox* m_reads;
    QSpinBox* m_limit;
    QDoubleSpinBox* m_rate;
};

} // namespace shardscope::ui
