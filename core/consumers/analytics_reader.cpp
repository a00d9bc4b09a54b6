#include "core/consumers/analytics_reader.h"

#include <algorithm>

namespace shardscope {
namespace {

/// Records taken out of a page at once: what the columns hold.
constexpr std::uint64_t kBatch = 1024;

/// Source defaults: facts/clients.md 6.1. At once after data, 250 ms after an empty answer.
FeedPace paceOf(const ConsumerSpec& spec)
{
    FeedPace pace;
    if (spec.analytics.fanOut)
        pace.way = FeedPace::Way::FanOut;
    pace.afterNothing = SimDuration::millis(250);
    pace.afterRecords = pace.whenBehind = SimDuration();
    pace.recordsPerCall = spec.recordsPerCall;
    return pace;
}

} // namespace

AnalyticsReader::AnalyticsReader(ConsumerSlot slot, const ConsumerSpec& spec, std::uint64_t seed,
                                 SimTime runStart)
    : Reader(slot, spec, seed, runStart, paceOf(spec))
    , m_job(resolved(spec.analytics))
    , m_fields(m_job)
    , m_query(m_job)
    , m_busyUntil(static_cast<std::size_t>(m_job.parallelism))
{
}

std::unique_ptr<Reader> AnalyticsReader::clone() const
{
    return std::make_unique<AnalyticsReader>(*this);
}

/// Another query is another job: it goes on at the same places, with no state.
void AnalyticsReader::change(const ConsumerSpec& spec, SimTime now)
{
    Reader::change(spec, now);
    m_feed.setPace(paceOf(m_spec), now);
    const AnalyticsSpec job = resolved(m_spec.analytics);
    if (job == m_job)
        return;
    m_job = job;
    m_busyUntil.assign(static_cast<std::size_t>(m_job.parallelism), now);
    restarted(now);
    for (std::uint32_t i = 0; i < m_progress.size(); ++i)
        if (m_progress.stage(ShardSlot(i)) == ShardProgress::Stage::Reading)
            m_query.openInput(i, now.inMillis());
}

void AnalyticsReader::shardStarted(ShardSlot shard, SimTime now)
{
    if (m_down)
        return; // it is started with all others when the job is
    if (!m_point.taken)
        remember(now);
    m_query.openInput(shard.value, now.inMillis());
    Reader::shardStarted(shard, now);
}

bool AnalyticsReader::ready(ShardSlot shard, SimTime now)
{
    return m_busyUntil[subtaskOf(stream(), shard)] <= now;
}

SimTime AnalyticsReader::take(const Fetched& fetched)
{
    countFetched(fetched);
    for (std::uint64_t at = fetched.first; at < fetched.next; at += kBatch) {
        m_columns.clear();
        m_fields.read(service(), stream(), fetched.shard, at, std::min(fetched.next, at + kBatch),
                      m_query.keys(), m_columns);
        m_query.add(fetched.shard.value, m_columns, fetched.now.inMillis());
    }
    processed(fetched.shard, fetched.next);
    if (fetched.atEnd) {
        m_progress.finish(stream(), fetched.shard);
        m_query.closeInput(fetched.shard.value);
    }
    if (m_spec.recordsPerSecond <= 0)
        return fetched.now;
    const auto taken = static_cast<double>(fetched.next - fetched.first);
    return m_busyUntil[subtaskOf(stream(), fetched.shard)]
        = fetched.now + SimDuration::fromSeconds(taken / m_spec.recordsPerSecond);
}

void AnalyticsReader::work(SimTime sliceStart, ReaderSurroundings& around)
{
    if (m_down) {
        if (sliceStart >= m_upAt)
            restore();
        return;
    }
    const SimTime now = sliceStart + (kSlice - kTick);
    dealOut(around.stream);
    m_query.advance(now.inMillis());
    if (m_fields.unreadable().records != m_toldOf) {
        m_toldOf = m_fields.unreadable().records;
        m_trouble = m_fields.trouble();
    }
    if (now >= m_nextCheckpoint && m_point.taken) {
        remember(now);
        ++m_checkpoints.taken;
        m_checkpoints.lastAt = now;
        m_checkpoints.bytes = m_query.stateBytes();
    }
}

/// Deals shards to subtasks evenly over the hash key space and counts those that get none.
void AnalyticsReader::dealOut(const Stream& stream)
{
    if (m_job.parallelism == 1)
        return;
    std::vector<bool> busy(static_cast<std::size_t>(m_job.parallelism));
    for (std::uint32_t i = 0; i < m_progress.size(); ++i)
        if (m_progress.stage(ShardSlot(i)) == ShardProgress::Stage::Reading)
            busy[subtaskOf(stream, ShardSlot(i))] = true;
    m_withoutShard = std::count(busy.begin(), busy.end(), false);
    m_query.setSubtasksWithoutInput(m_withoutShard);
}

std::size_t AnalyticsReader::subtaskOf(const Stream& stream, ShardSlot shard) const
{
    const std::uint64_t middle = stream.shards()[shard.index()].range.middle().high();
    return static_cast<std::size_t>((U128 {middle} * static_cast<std::uint64_t>(m_job.parallelism))
                                    >> 64);
}

void AnalyticsReader::restarted(SimTime now)
{
    m_down = false;
    m_fields = RecordFields(m_job);
    m_query = QueryEngine(m_job);
    m_toldOf = 0;
    m_trouble.clear();
    m_point = {};
    m_nextCheckpoint = now + m_job.checkpointInterval;
}

void AnalyticsReader::remember(SimTime now)
{
    m_point.taken = true;
    m_point.progress = m_progress;
    m_point.query = m_query;
    m_point.unreadable = m_fields.unreadable();
    m_nextCheckpoint = now + m_job.checkpointInterval;
}

Result<void> AnalyticsReader::crash(const Crash& crash, SimTime now)
{
    if (crash.worker != 0)
        return fail(ErrorCode::BadInput,
                    "Consumer \"" + m_spec.name + "\" fails as a whole; leave out worker "
                        + std::to_string(crash.worker) + ".");
    m_down = true;
    m_upAt = now + std::max(crash.returnsAfter, kRestartDelay);
    m_feed.closeAll();
    return {};
}

void AnalyticsReader::restore()
{
    m_down = false;
    if (!m_point.taken)
        return;
    forgetOrder();
    m_progress.restore(stream(), m_point.progress);
    m_query = m_point.query;
    m_fields.setUnreadable(m_point.unreadable);
    ++m_checkpoints.restored;
}

ReaderState AnalyticsReader::state(const Stream& stream, SimTime /*now*/) const
{
    AnalyticsState s;
    const auto known
        = [](std::int64_t ms) { return ms == kNoWatermark ? std::optional<std::int64_t>() : ms; };
    for (std::uint32_t i = 0; i < m_progress.size(); ++i)
        if (m_progress.stage(ShardSlot(i)) == ShardProgress::Stage::Reading)
            s.inputs.push_back({ShardSlot(i),
                                static_cast<std::int64_t>(subtaskOf(stream, ShardSlot(i))),
                                known(m_query.watermarks().of(i)), m_query.watermarks().isIdle(i)});
    s.watermarkMs = known(m_query.watermarkMs());
    s.parallelism = m_job.parallelism;
    s.subtasksWithoutShard = m_withoutShard;
    s.openWindows = m_query.openWindows();
    s.stateKeys = m_query.stateKeys();
    s.stateBytes = m_query.stateBytes();
    s.lateDropped = m_query.lateDropped();
    s.unreadable = m_fields.unreadable().records;
    s.windowsFired = m_query.results().windowsFired();
    s.results = m_query.results().newest();
    s.totals = m_query.results().totals();
    s.checkpoints = m_checkpoints;
    return s;
}

std::uint64_t AnalyticsReader::digest() const
{
    return mix64(Reader::digest() ^ m_query.digest());
}

} // namespace shardscope
