#pragma once

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>

#include "core/metrics/snapshot.h"

namespace shardscope::ui {

/// The window's ear: asks its source for the newest snapshot on one shared beat and tells the
/// visible panes when it is a new one. Tests call poll() themselves.
class Feed : public QObject {
    Q_OBJECT

public:
    using Source = std::function<std::shared_ptr<const Snapshot>()>;
    explicit Feed(Source source, QObject* parent = nullptr);

    /// Never null once something was published; null before.
    [[nodiscard]] std::shared_ptr<const Snapshot> current() const { return m_current; }

    /// Whether it looks by itself.
    [[nodiscard]] bool isRunning() const { return m_timer.isActive(); }

public slots:
    void start(int intervalMs = 33);
    void stop();
    void poll();

signals:
    void changed(const shardscope::Snapshot& snapshot);

private:
    Source m_source;
    std::shared_ptr<const Snapshot> m_current;
    QTimer m_timer;
};

} // namespace shardscope::ui
