#pragma once

#include "ui/screens/monitor/rows_model.h"
#include "ui/screens/readers/kind_detail.h"

class QLabel;
class QTableView;

namespace shardscope::ui {

/// An event source mapping at work: its invocations, the batches that are under way, the
/// windows that have ended, and the records that were given up with what the function said of them.
class LambdaDetail : public KindDetail {
    Q_OBJECT

public:
    explicit LambdaDetail(QWidget* parent = nullptr);
    void present(const ConsumerRow& row, SimTime now) override;

private:
    using Batch = LambdaState::Batch;
    using Failure = LambdaState::Failure;
    using Window = LambdaState::Window;

    QLabel *m_figures, *m_batchesHeading, *m_windowsHeading, *m_failuresHeading;
    RowsModel<Batch>* m_batchModel;
    RowsModel<Window>* m_windowModel;
    RowsModel<Failure>* m_failureModel;
    QTableView *m_batches, *m_windows, *m_failures;
};

} // namespace shardscope::ui
