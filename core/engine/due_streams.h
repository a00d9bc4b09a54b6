#pragma once

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/base/strong_id.h"
#include "core/clock/sim_time.h"

namespace shardscope {

/// Which streams have a change due, and when: asked before every request, so found without looking
/// at any stream.
class DueStreams {
public:
    /// `stream` next has something due at `due`, or nothing.
    void set(StreamSlot stream, std::optional<SimTime> due)
    {
        if (stream.index() >= m_dueOf.size())
            m_dueOf.resize(stream.index() + 1);
        std::optional<SimTime>& known = m_dueOf[stream.index()];
        if (known == due)
            return;
        if (known)
            m_order.erase({*known, stream});
        if (due)
            m_order.emplace(*due, stream);
        known = due;
    }
    [[nodiscard]] std::optional<SimTime> next() const
    {
        return m_order.empty() ? std::nullopt : std::optional(m_order.begin()->first);
    }
    /// Those due at or before `until`, by slot within a moment.
    [[nodiscard]] std::vector<StreamSlot> upTo(SimTime until) const
    {
        std::vector<StreamSlot> due;
        for (auto at = m_order.begin(); at != m_order.end() && at->first <= until; ++at)
            due.push_back(at->second);
        return due;
    }

private:
    std::set<std::pair<SimTime, StreamSlot>> m_order;
    std::vector<std::optional<SimTime>> m_dueOf; ///< by slot
};

} // namespace shardscope
