#pragma once

#include <QObject>

#include <cstdint>
#include <optional>

#include "core/base/strong_id.h"
#include "core/metrics/series.h"

namespace shardscope::ui {

/// What a person looks at: shared by all panes so that they agree. Holds no data of the run but the
/// moment it began.
class ViewState : public QObject {
    Q_OBJECT

public:
    enum class Unit { Percent, MiBPerSecond, RecordsPerSecond };
    Q_ENUM(Unit)

    using QObject::QObject;

    [[nodiscard]] ShardSlot shard() const { return m_shard; }
    [[nodiscard]] Unit unit() const { return m_unit; }
    [[nodiscard]] bool cloudWatchLens() const { return m_lens; }
    /// How much time the plots span while they follow the run.
    [[nodiscard]] SimDuration span() const { return m_span; }
    /// Set when the person looks at a fixed window instead of following.
    [[nodiscard]] std::optional<TimeWindow> fixedWindow() const { return m_fixed; }
    /// The window to draw when the run stands at `now`. While it follows a run that is younger than
    /// the span it begins where the run does, and is never so narrow that a moment fills it.
    [[nodiscard]] TimeWindow windowAt(SimTime now) const;
    /// The shared cross-hair, if the pointer is over a plot.
    [[nodiscard]] std::optional<SimTime> cursor() const { return m_cursor; }
    [[nodiscard]] std::optional<std::uint64_t> refusal() const { return m_refusal; }
    [[nodiscard]] bool reduceMotion() const { return m_reduceMotion; }

public slots:
    void setRunStart(shardscope::SimTime start); ///< before it there is nothing to see
    void chooseShard(shardscope::ShardSlot shard);
    void setUnit(shardscope::ui::ViewState::Unit unit);
    void setCloudWatchLens(bool on);
    void setSpan(shardscope::SimDuration span); ///< 1 s … 30 d
    void lookAt(shardscope::TimeWindow window); ///< fixes the window
    void followLive();
    void setCursor(std::optional<shardscope::SimTime> at);
    void chooseRefusal(std::uint64_t id); ///< opens the Why card
    void setReduceMotion(bool on);

signals:
    void shardChanged(shardscope::ShardSlot shard);
    void unitChanged();
    void lensChanged(bool on);
    void windowChanged();
    void cursorChanged();
    void refusalChosen(std::uint64_t id);

private:
    ShardSlot m_shard;
    Unit m_unit = Unit::Percent;
    bool m_lens = false;
    SimDuration m_span = SimDuration::minutes(2);
    std::optional<TimeWindow> m_fixed;
    std::optional<SimTime> m_runStart;
    std::optional<SimTime> m_cursor;
    std::optional<std::uint64_t> m_refusal;
    bool m_reduceMotion = false;
};

} // namespace shardscope::ui
