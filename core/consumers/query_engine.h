#pragma once

#include "core/consumers/query_columns.h"
#include "core/consumers/query_panes.h"
#include "core/consumers/query_sessions.h"
#include "core/consumers/query_watermark.h"

namespace shardscope {

/// A windowed aggregation by key with all its state: what a checkpoint copies. Semantics:
/// facts/clients.md 6.2. Knows no streams; inputs are numbers.
class QueryEngine {
public:
    /// Watermarks go out this often. Flink's pipeline.auto-watermark-interval.
    static constexpr std::int64_t kWatermarkEveryMs = 200;

    QueryEngine() = default;
    /// `spec` as resolved() gives it.
    explicit QueryEngine(const AnalyticsSpec& spec);

    void openInput(std::uint32_t input, std::int64_t nowMs) { m_marks.open(input, nowMs); }
    void closeInput(std::uint32_t input) { m_marks.close(input); }
    void setSubtasksWithoutInput(std::int64_t n) { m_marks.setSubtasksWithoutInput(n); }
    /// Names keys for the columns of add().
    [[nodiscard]] KeyTable& keys() { return m_keys; }
    /// Takes elements of an input at the clock's `nowMs`.
    void add(std::uint32_t input, const QueryColumns& columns, std::int64_t nowMs);
    /// The clock is at `nowMs`: watermarks go out, windows fire.
    void advance(std::int64_t nowMs);

    [[nodiscard]] const WatermarkTracker& watermarks() const { return m_marks; }
    /// Event time: the combined watermark; processing time: the clock.
    [[nodiscard]] std::int64_t watermarkMs() const;
    [[nodiscard]] const QueryResults& results() const { return m_results; }
    [[nodiscard]] std::int64_t lateDropped() const { return m_late; }
    [[nodiscard]] std::int64_t openWindows() const { return m_panes.open() + m_sessions.open(); }
    [[nodiscard]] std::int64_t stateKeys() const
    {
        return static_cast<std::int64_t>(m_keys.live());
    }
    [[nodiscard]] std::int64_t stateBytes() const;
    [[nodiscard]] std::uint64_t digest() const;

private:
    bool m_session = false, m_processing = false;
    WatermarkTracker m_marks;
    KeyTable m_keys;
    WindowPanes m_panes;
    WindowSessions m_sessions;
    QueryResults m_results;
    std::int64_t m_late = 0;
    std::int64_t m_clockMs = kNoWatermark; ///< of the last advance
};

} // namespace shardscope
