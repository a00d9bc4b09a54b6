#pragma once

#include "ui/screens/monitor/rows_model.h"
#include "ui/screens/readers/kind_detail.h"

class QLabel;
class QTableView;

namespace shardscope::ui {

/// A Firehose stream at work: what waits in its buffer, what it has delivered, and its newest
/// objects.
class FirehoseDetail : public KindDetail {
    Q_OBJECT

public:
    explicit FirehoseDetail(QWidget* parent = nullptr);
    void present(const ConsumerRow& row, SimTime now) override;

private:
    using Object = FirehoseState::Object;

    QLabel *m_figures, *m_heading;
    RowsModel<Object>* m_model;
    QTableView* m_objects;
    std::int64_t m_shown = -1; ///< objects written when the table was filled
};

} // namespace shardscope::ui
