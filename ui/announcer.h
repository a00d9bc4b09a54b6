#pragma once

#include <QElapsedTimer>
#include <QLabel>

#include <functional>

#include "core/metrics/snapshot.h"
#include "ui/view_state.h"

namespace shardscope::ui {

/// The board in one sentence for screen readers ("Shard 2 at 132 percent, 41 refused this second"),
/// at most one every five seconds and only when it says something new.
class Announcer : public QLabel {
    Q_OBJECT

public:
    static constexpr qint64 kIntervalMs = 5'000;

    /// `wallMs`: wall time in milliseconds, rising; tests hand in their own.
    Announcer(ViewState& view, std::function<qint64()> wallMs, QWidget* parent = nullptr);

    void present(const Snapshot& snapshot);
    [[nodiscard]] static QString sentence(const Snapshot& snapshot, ShardSlot shard);

signals:
    void announced(const QString& sentence);

private:
    ViewState& m_view;
    std::function<qint64()> m_wallMs;
    qint64 m_lastMs = -kIntervalMs;
};

} // namespace shardscope::ui
