#pragma once

#include <QWidget>

#include "core/metrics/snapshot.h"

namespace shardscope::ui {

/// What a kind of reader shows of itself beside what all have in common.
class KindDetail : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;
    /// `row.state` is of the kind it was made for.
    virtual void present(const ConsumerRow& row, SimTime now) = 0;
};

/// The one for this kind of state; null when the kind has nothing of its own to show.
[[nodiscard]] KindDetail* makeKindDetail(const ReaderState& state);

} // namespace shardscope::ui
