#pragma once

#include <QLineEdit>

#include <optional>

#include "core/planner/estimate.h"

namespace shardscope::ui {

/// `3000`, `3 000` or `3,000 to 4,000`; none when it is neither.
[[nodiscard]] std::optional<Estimate> parseEstimate(const QString& text);
/// What parseEstimate reads back.
[[nodiscard]] QString estimateText(const Estimate& estimate);

/// A line for a number or a range.
class EstimateEdit : public QLineEdit {
    Q_OBJECT

public:
    /// Values from `least` to `most`; `name` is what a problem calls the field.
    EstimateEdit(QString name, double least, double most, QWidget* parent = nullptr);

    void setEstimate(const Estimate& estimate);
    [[nodiscard]] Estimate estimate() const; ///< the last one that could be meant
    [[nodiscard]] QString problem() const; ///< one sentence, or empty

signals:
    void edited();

private:
    QString m_name;
    double m_least, m_most;
    Estimate m_estimate;
};

} // namespace shardscope::ui
