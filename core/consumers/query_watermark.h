#pragma once

#include <cstdint>
#include <vector>

#include "core/consumers/query_window.h"

namespace shardscope {

/// Watermarks for bounded lateness: an input's is the newest time seen minus the bound minus 1 ms;
/// the job's is the least of its active inputs. All times in milliseconds. Copyable.
class WatermarkTracker {
public:
    WatermarkTracker() = default;
    /// `idleMs`: an input without records for so long is idle and holds nothing back; 0: never.
    WatermarkTracker(std::int64_t boundMs, std::int64_t idleMs)
        : m_boundMs(boundMs)
        , m_idleMs(idleMs)
    {
    }
    /// Inputs are numbered from 0; one that is open and has seen nothing holds everything back.
    void open(std::uint32_t input, std::int64_t nowMs);
    void close(std::uint32_t input);
    void saw(std::uint32_t input, std::int64_t newestMs, std::int64_t nowMs);
    /// Subtasks that no input has been dealt to: without idleness they hold everything back.
    void setSubtasksWithoutInput(std::int64_t subtasks) { m_without = subtasks; }
    /// Brings the combined watermark up to now. It never goes back.
    void advance(std::int64_t nowMs);

    [[nodiscard]] std::int64_t combined() const { return m_combined; }
    [[nodiscard]] std::int64_t of(std::uint32_t input) const; ///< kNoWatermark before any record
    [[nodiscard]] bool isOpen(std::uint32_t input) const;
    [[nodiscard]] bool isIdle(std::uint32_t input) const;
    [[nodiscard]] std::uint64_t digest() const;

private:
    struct Input {
        bool open = false, idle = false;
        std::int64_t newestMs = kNoWatermark;
        std::int64_t activeMs = 0; ///< when it last brought a record
    };
    std::int64_t m_boundMs = 0, m_idleMs = 0, m_without = 0;
    std::int64_t m_combined = kNoWatermark;
    std::vector<Input> m_inputs;
};

} // namespace shardscope
