#include "core/consumers/shard_progress.h"

#include <algorithm>

#include "core/base/rng.h"
#include "core/engine/sequence_number.h"

namespace shardscope {
namespace {

std::uint64_t unreadFrom(const Stream& stream, ShardSlot shard, std::uint64_t next)
{
    return std::max(next, stream.trimHorizon(shard));
}

} // namespace

void ShardProgress::begin(const Stream& stream, StartPosition start)
{
    if (start == StartPosition::TrimHorizon) {
        discover(stream);
        return;
    }
    for (const Shard& shard : stream.shards()) {
        Row row;
        row.next = row.done = stream.latest(shard.slot);
        if (shard.state != ShardState::Open)
            row.stage = Stage::Finished;
        m_rows.push_back(row);
    }
    startAllThatMay(stream);
}

void ShardProgress::discover(const Stream& stream)
{
    const auto shards = stream.shards();
    while (m_rows.size() < shards.size()) {
        const Shard& shard = shards[m_rows.size()];
        Row row;
        row.next = row.done = stream.trimHorizon(shard.slot);
        // Nothing can be read of a shard whose time is over; it holds no child back.
        if (shard.state == ShardState::Expired)
            row.stage = Stage::Finished;
        m_rows.push_back(row);
        startIfParentsAreRead(stream, shard.slot);
    }
}

void ShardProgress::startAllThatMay(const Stream& stream)
{
    for (std::uint32_t i = 0; i < m_rows.size(); ++i)
        startIfParentsAreRead(stream, ShardSlot(i));
}

void ShardProgress::startIfParentsAreRead(const Stream& stream, ShardSlot slot)
{
    Row& row = m_rows[slot.index()];
    if (row.stage != Stage::Waiting)
        return;
    const Shard& shard = stream.shards()[slot.index()];
    for (const auto& parent : {shard.parent, shard.adjacentParent})
        if (parent && m_rows[parent->index()].stage != Stage::Finished)
            return;
    row.stage = Stage::Reading;
    m_started.push_back(slot);
}

std::uint64_t ShardProgress::advance(ShardSlot shard, std::uint64_t next)
{
    Row& row = m_rows[shard.index()];
    const std::uint64_t from = std::exchange(row.next, next);
    const std::uint64_t again = std::min(next, row.done) - std::min(from, row.done);
    row.done = std::max(row.done, next);
    return again;
}

void ShardProgress::finish(const Stream& stream, ShardSlot shard)
{
    m_rows[shard.index()].stage = Stage::Finished;
    for (const ShardSlot child : stream.shards()[shard.index()].children)
        if (child.index() < m_rows.size())
            startIfParentsAreRead(stream, child);
}

void ShardProgress::put(Row& row, std::uint64_t next)
{
    row.next = next;
    row.stage = Stage::Waiting;
}

Result<void> ShardProgress::replay(const Stream& stream, const ReplayPoint& to, SimTime now)
{
    discover(stream);
    if (to.kind == ReplayPoint::Kind::SequenceNumber) {
        const auto number = SequenceNumber::parse(to.sequenceNumber);
        if (!number || number->shard.index() >= m_rows.size() || number->counter == 0
            || number->counter > stream.latest(number->shard))
            return fail(ErrorCode::BadInput,
                        "\"" + to.sequenceNumber
                            + "\" is no sequence number of a record of this stream.");
        put(m_rows[number->shard.index()],
            std::max(number->counter - 1, stream.trimHorizon(number->shard)));
    } else {
        for (const Shard& shard : stream.shards()) {
            Row& row = m_rows[shard.slot.index()];
            std::uint64_t next = stream.latest(shard.slot);
            if (to.kind == ReplayPoint::Kind::TrimHorizon)
                next = stream.trimHorizon(shard.slot);
            if (to.kind == ReplayPoint::Kind::Time)
                next = stream.firstAt(shard.slot, (now - to.back).inMillis());
            put(row, next);
            if (shard.state != ShardState::Open && next == stream.latest(shard.slot))
                row.stage = Stage::Finished;
        }
    }
    m_started.clear();
    for (const Shard& shard : stream.shards()) {
        Row& row = m_rows[shard.slot.index()];
        // Who was reading and stays where he is goes on; who waits is asked again.
        if (row.stage == Stage::Reading)
            row.stage = Stage::Waiting;
        // Nothing is left of it, yet its children come after its parents. Parents stand before it.
        if (row.stage == Stage::Finished && shard.state != ShardState::Expired)
            for (const auto& parent : {shard.parent, shard.adjacentParent})
                if (parent && m_rows[parent->index()].stage != Stage::Finished)
                    row.stage = Stage::Waiting;
    }
    startAllThatMay(stream);
    return {};
}

void ShardProgress::restore(const Stream& stream, const ShardProgress& earlier)
{
    for (std::uint32_t i = 0; i < m_rows.size(); ++i) {
        const bool known = i < earlier.m_rows.size();
        put(m_rows[i], known ? earlier.m_rows[i].next : stream.trimHorizon(ShardSlot(i)));
        if (known && earlier.m_rows[i].stage == Stage::Finished)
            m_rows[i].stage = Stage::Finished;
    }
    m_started.clear();
    startAllThatMay(stream);
}

std::vector<ShardProgress::Place> ShardProgress::reading(const Stream& stream, SimTime now) const
{
    std::vector<Place> places;
    for (std::uint32_t i = 0; i < m_rows.size(); ++i)
        if (m_rows[i].stage == Stage::Reading)
            places.push_back({ShardSlot(i), m_rows[i].next, ageMs(stream, ShardSlot(i), now)});
    return places;
}

std::vector<ShardSlot> ShardProgress::waitingForParents() const
{
    std::vector<ShardSlot> waiting;
    for (std::uint32_t i = 0; i < m_rows.size(); ++i)
        if (m_rows[i].stage == Stage::Waiting)
            waiting.emplace_back(i);
    return waiting;
}

std::int64_t ShardProgress::lagRecords(const Stream& stream) const
{
    std::int64_t lag = 0;
    for (std::uint32_t i = 0; i < m_rows.size(); ++i)
        if (m_rows[i].stage != Stage::Finished)
            lag += static_cast<std::int64_t>(stream.latest(ShardSlot(i))
                                             - unreadFrom(stream, ShardSlot(i), m_rows[i].next));
    return lag;
}

std::int64_t ShardProgress::lagAgain(const Stream& stream) const
{
    std::int64_t lag = 0;
    for (std::uint32_t i = 0; i < m_rows.size(); ++i) {
        const std::uint64_t from = unreadFrom(stream, ShardSlot(i), m_rows[i].next);
        if (m_rows[i].stage != Stage::Finished && m_rows[i].done > from)
            lag += static_cast<std::int64_t>(m_rows[i].done - from);
    }
    return lag;
}

std::int64_t ShardProgress::ageMs(const Stream& stream, ShardSlot shard, SimTime now) const
{
    const std::uint64_t from = unreadFrom(stream, shard, m_rows[shard.index()].next);
    if (from >= stream.latest(shard))
        return 0;
    return std::max<std::int64_t>(0,
                                  now.inMillis() - stream.records(shard, from).front().arrivalMs);
}

std::int64_t ShardProgress::ageMs(const Stream& stream, SimTime now) const
{
    std::int64_t age = 0;
    for (std::uint32_t i = 0; i < m_rows.size(); ++i)
        if (m_rows[i].stage != Stage::Finished)
            age = std::max(age, ageMs(stream, ShardSlot(i), now));
    return age;
}

std::uint64_t ShardProgress::digest() const
{
    std::uint64_t h = 0;
    for (const Row& row : m_rows)
        h = mix64(h ^ (row.next * 4 + static_cast<std::uint64_t>(row.stage)));
    return h;
}

} // namespace shardscope
