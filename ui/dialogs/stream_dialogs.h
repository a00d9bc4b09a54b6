#pragma once

#include <optional>

#include "ui/dialogs/act_dialog.h"

class QCheckBox;
class QDoubleSpinBox;
class QSpinBox;

namespace shardscope::ui {

class PolicyFields;

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
    PolicyFields* m_fields;
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
