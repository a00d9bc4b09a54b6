#pragma once

#include <QObject>
#include <QTimer>

#include <memory>
#include <thread>

#include "core/base/result.h"
#include "core/planner/plan.h"

namespace shardscope::ui {

/// Plans on a thread of its own: waits until nothing was asked for a moment, gives up what is no
/// longer wanted, and tells the newest result on the GUI thread.
class PlanRunner : public QObject {
    Q_OBJECT

public:
    explicit PlanRunner(QObject* parent = nullptr);
    ~PlanRunner() override;

    void ask(PlanRequest request); ///< soon
    void askNow(PlanRequest request);
    [[nodiscard]] bool working() const { return m_thread.joinable() || m_soon.isActive(); }

signals:
    void progressed(double done); ///< 0 … 1
    void finished(std::shared_ptr<const shardscope::PlanResult> result);
    void failed(const QString& sentence);

private:
    void begin();
    void end(const Result<PlanResult>& result);

    QTimer m_soon, m_look;
    PlanRequest m_wanted;
    bool m_again = false; ///< asked anew while a plan was under way
    std::shared_ptr<PlanProgress> m_progress;
    std::thread m_thread;
};

} // namespace shardscope::ui
