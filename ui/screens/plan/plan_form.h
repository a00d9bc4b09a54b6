#pragma once

#include <QScrollArea>

#include <memory>
#include <vector>

#include "core/planner/plan.h"
#include "core/planner/price_book.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace shardscope::ui {

class EstimateEdit;
class PolicyFields;

/// What goes into a plan: the fields of one workload, and what is asked of all streams.
class PlanForm : public QScrollArea {
    Q_OBJECT

public:
    explicit PlanForm(PriceBook prices, QWidget* parent = nullptr);

    /// One sentence on the first field that cannot be meant, or empty.
    [[nodiscard]] QString problem() const;
    /// What the fields say, for the streams that are there.
    [[nodiscard]] PlanRequest request() const;
    [[nodiscard]] const std::vector<PlanStream>& streams() const { return m_streams; }
    [[nodiscard]] std::size_t stream() const { return m_stream; } ///< the one that is shown

    /// Replaces the streams; at least one.
    void setStreams(std::vector<PlanStream> streams);
    void addPrices(const PriceBook& prices);

signals:
    void changed();
    void streamChosen();

private:
    void buildWorkload(QFormLayout* form);
    void buildQuestion(QFormLayout* form);
    [[nodiscard]] EstimateEdit* estimate(QFormLayout* form, const QString& label,
                                         const QString& unit, double least, double most);
    void show(const PlanStream& stream);
    void take(); ///< the fields into the stream that is shown
    void edited();
    void allow();
    void fillRegions();

    PriceBook m_prices;
    std::vector<PlanStream> m_streams;
    std::size_t m_stream = 0;
    bool m_filling = false;

    QComboBox *m_which, *m_preset, *m_curve, *m_keys, *m_retry, *m_region;
    QLineEdit *m_name, *m_target;
    EstimateEdit *m_rate, *m_size, *m_peak, *m_burst, *m_keyCount, *m_exponent, *m_hotShare,
        *m_shared, *m_fanOut, *m_growth, *m_headroom;
    QSpinBox *m_p99, *m_salt, *m_retention, *m_producers, *m_days, *m_burstSeconds;
    QDoubleSpinBox *m_weekend, *m_calls;
    QCheckBox *m_aggregated, *m_provisioned, *m_onDemand, *m_advantage, *m_newStream;
    QLabel *m_measured, *m_problem, *m_date;
    PolicyFields* m_policy;
};

} // namespace shardscope::ui
