#pragma once

#include <QObject>

#include <optional>

#include "core/engine/service_options.h"

class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QSpinBox;

namespace shardscope::ui {

/// An auto-scaling policy's settings, as rows of a form.
class PolicyFields : public QObject {
    Q_OBJECT

public:
    enum class None { Offered, No }; ///< whether no policy at all is one of the designs
    PolicyFields(const std::optional<ScalingPolicySpec>& policy, None none, QFormLayout* form,
                 QObject* parent);

    /// What the rows say; none: no policy.
    [[nodiscard]] std::optional<ScalingPolicySpec> policy() const;
    /// What is wrong with them, in one sentence, or empty.
    [[nodiscard]] QString problem() const;
    /// What such a policy does, in one sentence.
    [[nodiscard]] QString summary() const;

signals:
    void changed();

private:
    [[nodiscard]] QSpinBox* whole(QFormLayout* form, const QString& label, int least, int most,
                                  int value, const QString& unit);

    None m_none;
    QComboBox* m_design;
    QDoubleSpinBox *m_up, *m_down;
    QSpinBox *m_upAfter, *m_downAfter, *m_upCount, *m_downCount, *m_upCool, *m_downCool, *m_least,
        *m_most;
};

} // namespace shardscope::ui
