#pragma once

#include <optional>

#include "ui/dialogs/act_dialog.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QSpinBox;

namespace shardscope::ui {

/// Attaches an auto-scaling policy to a provisioned stream, or detaches it.
class PolicyDialog : public ActDialog {
    Q_OBJECT

public:
    /// Opens with `attached`, or with the usual figures while none is.
    PolicyDialog(const std::optional<ScalingPolicySpec>& attached, Deck deck, QWidget* parent);

    [[nodiscard]] QString problem() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] Act act() const override;

private:
    [[nodiscard]] QSpinBox* whole(const QString& label, int least, int most, int value,
                                  const QString& unit);

    QComboBox* m_design;
    QDoubleSpinBox *m_up, *m_down;
    QSpinBox *m_upAfter, *m_downAfter, *m_upCount, *m_downCount, *m_upCool, *m_downCool, *m_least,
        *m_most;
};

/// Sets or lifts the account's limits.
class AccountDialog : public ActDialog {
    Q_OBJECT

public:
    /// Opens with the limits in force.
    AccountDialog(const AccountLimits& limits, Deck deck, QWidget* parent);

    [[nodiscard]] QString problem() const override { return {}; }
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] Act act() const override;

private:
    QCheckBox *m_hasShards, *m_hasStreams, *m_hasCalls;
    QSpinBox *m_shards, *m_streams;
    QDoubleSpinBox* m_calls;
};

} // namespace shardscope::ui
