#pragma once

#include <QObject>

#include "core/consumers/lambda_spec.h"

class QCheckBox;
class QFormLayout;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

namespace shardscope::ui {

/// An event source mapping's settings and its function's, as rows of a form.
class LambdaFields : public QObject {
    Q_OBJECT

public:
    LambdaFields(const LambdaSpec& spec, QFormLayout* form, QObject* parent);

    /// What the rows say; what they do not show, or show in rougher steps, stays as it was.
    [[nodiscard]] LambdaSpec spec() const;
    /// What is wrong with them, in one sentence, or empty.
    [[nodiscard]] QString problem() const;
    /// What such a reader does, in one sentence.
    [[nodiscard]] QString summary() const;

signals:
    void changed();

private:
    void addBatchRows(QFormLayout* form);
    void addFailureRows(QFormLayout* form);
    void addFunctionRows(QFormLayout* form);
    [[nodiscard]] QString filterText() const;
    [[nodiscard]] std::vector<std::string> filters() const;

    LambdaSpec m_base;
    QSpinBox* m_batch;
    QSpinBox* m_window; ///< s
    QSpinBox* m_factor;
    QCheckBox* m_fanOut;
    QPlainTextEdit* m_filters; ///< a pattern a line
    QSpinBox* m_tumbling; ///< s
    QSpinBox* m_retries;
    QSpinBox* m_age; ///< s
    QCheckBox* m_bisect;
    QCheckBox* m_report;
    QLineEdit* m_onFailure;
    QLineEdit* m_function;
    QSpinBox* m_timeout; ///< s
    QSpinBox* m_duration; ///< ms
};

} // namespace shardscope::ui
