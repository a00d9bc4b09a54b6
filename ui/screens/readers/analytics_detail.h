#pragma once

#include "ui/screens/monitor/rows_model.h"
#include "ui/screens/readers/kind_detail.h"
#include "ui/widgets/plot_model.h"

class QLabel;
class QTableView;

namespace shardscope::ui {

class LineChart;

/// The totals of a query's newest windows over time.
[[nodiscard]] PlotModel queryTotalsModel(const AnalyticsState& state);

/// A query as it runs: watermarks, state, what came late, and its newest results.
class AnalyticsDetail : public KindDetail {
    Q_OBJECT

public:
    explicit AnalyticsDetail(QWidget* parent = nullptr);
    void present(const ConsumerRow& row, SimTime now) override;

private:
    QLabel* m_figures;
    LineChart* m_totals;
    RowsModel<AnalyticsResult>* m_model;
    QTableView* m_results;
    std::int64_t m_fired = -1; ///< windows whose results are shown
};

} // namespace shardscope::ui
