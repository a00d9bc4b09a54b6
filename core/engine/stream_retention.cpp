#include <algorithm>
#include <limits>

#include "core/engine/stream.h"

namespace shardscope {

void Stream::trimByRetention(SimTime now)
{
    if (now < m_nextTrim)
        return;
    const SimDuration retention = SimDuration::hours(m_summary.retentionHours);
    const std::int64_t horizonMs = (now - retention).inMillis();
    // What arrives from now on cannot be due earlier than one retention from now.
    SimTime next = now + retention;
    for (Shard& shard : m_shards) {
        if (shard.state == ShardState::Expired)
            continue;
        ShardLog& log = m_columns.logs[shard.slot.index()];
        const bool expired
            = shard.state == ShardState::Closed && *shard.closedAt + retention <= now;
        if (!log.empty() && (expired || log.from(log.begin()).front().arrivalMs < horizonMs)) {
            const ShardLog::Trimmed taken
                = log.trimBefore(expired ? std::numeric_limits<std::int64_t>::max() : horizonMs);
            m_changed = true;
            m_trimmed
                += {static_cast<std::int64_t>(taken.records), static_cast<Bytes>(taken.bytes)};
        }
        if (expired) {
            m_changed = true;
            shard.state = ShardState::Expired;
            note(*shard.closedAt + retention, EventKind::ShardExpired, {shard.slot},
                 shardIdText(shard.slot) + " has expired with its last record.");
            continue;
        }
        if (shard.closedAt)
            next = std::min(next, *shard.closedAt + retention);
        if (!log.empty())
            next = std::min(
                next, SimTime::fromMillis(log.from(log.begin()).front().arrivalMs + 1) + retention);
    }
    m_log.trimBefore(horizonMs);
    m_nextTrim = next;
}

void Stream::trimBefore(std::int64_t arrivalMs, bool wholeBlocks)
{
    for (ShardLog& log : m_columns.logs) {
        const ShardLog::Trimmed taken
            = wholeBlocks ? log.trimBlocksBefore(arrivalMs) : log.trimBefore(arrivalMs);
        if (taken.records == 0)
            continue;
        m_trimmed += {static_cast<std::int64_t>(taken.records), static_cast<Bytes>(taken.bytes)};
        m_trimmedByBudget = true;
        m_changed = true;
    }
    if (!wholeBlocks)
        m_log.trimBefore(arrivalMs);
}

void Stream::listFullBlocks(std::vector<ShardLog::FullBlock>& out, std::int64_t untilMs) const
{
    for (const ShardLog& log : m_columns.logs)
        log.listFullBlocks(out, untilMs);
}

Bytes Stream::memoryHeld() const
{
    std::uint64_t records = 0;
    for (const ShardLog& log : m_columns.logs)
        records += log.end() - log.begin();
    return static_cast<Bytes>(records * sizeof(RecordMeta)) + m_log.memory();
}

Bytes Stream::memoryAfterTrim(std::int64_t arrivalMs) const
{
    std::uint64_t records = 0;
    for (const ShardLog& log : m_columns.logs) {
        if (!log.empty())
            records += log.end() - log.firstAt(arrivalMs);
    }
    return static_cast<Bytes>(records * sizeof(RecordMeta)) + m_log.memoryAfterTrim(arrivalMs);
}

std::optional<std::int64_t> Stream::oldestArrivalMs() const
{
    std::optional<std::int64_t> oldest;
    for (const ShardLog& log : m_columns.logs) {
        if (!log.empty()) {
            const std::int64_t first = log.from(log.begin()).front().arrivalMs;
            oldest = std::min(oldest.value_or(first), first);
        }
    }
    return oldest;
}

} // namespace shardscope
