#include "core/consumers/lambda_reader.h"

#include <algorithm>

#include "core/base/rng.h"

namespace shardscope {
namespace {

/// While records wait unread, polls follow each other so fast. Ours: a shard answers five calls a
/// second to all its readers.
constexpr SimDuration kCatchUp = SimDuration::millis(250);
/// Records looked at together by the filters.
constexpr std::uint64_t kPage = 1'024;

FeedPace paceOf(const LambdaSpec& lambda)
{
    FeedPace pace;
    if (lambda.fanOut)
        pace.way = FeedPace::Way::FanOut;
    pace.afterNothing = pace.afterRecords = SimDuration::seconds(1);
    pace.whenBehind = kCatchUp;
    return pace;
}

} // namespace

LambdaReader::LambdaReader(ConsumerSlot slot, const ConsumerSpec& spec, std::uint64_t seed,
                           SimTime runStart)
    : Reader(slot, spec, seed, runStart, paceOf(spec.lambda))
{
    readFilters();
}

/// Filters that are refused keep the reader from reading, as a mapping with them cannot be made.
void LambdaReader::readFilters()
{
    auto filter = EventFilter::parse(m_spec.lambda.filters);
    if (!m_filterTrouble.empty())
        m_trouble.clear();
    m_filterTrouble = filter ? std::string() : filter.error().message;
    m_filter = filter ? std::move(*filter) : EventFilter();
}

std::unique_ptr<Reader> LambdaReader::clone() const
{
    return std::make_unique<LambdaReader>(*this);
}

void LambdaReader::change(const ConsumerSpec& spec, SimTime now)
{
    const LambdaSpec before = m_spec.lambda;
    Reader::change(spec, now);
    m_feed.setPace(paceOf(m_spec.lambda), now);
    if (before.filters != m_spec.lambda.filters)
        readFilters();
    if (before.parallelizationFactor == m_spec.lambda.parallelizationFactor
        && before.tumblingWindow == m_spec.lambda.tumblingWindow)
        return;
    // Keys belong to other lanes now, or records to other windows: what is in hand is read again.
    forgetOrder();
    for (std::uint32_t slot = 0; slot < m_shards.size(); ++slot)
        if (!m_shards[slot].lanes.empty())
            shardStarted(ShardSlot(slot), now);
}

void LambdaReader::shardStarted(ShardSlot shard, SimTime now)
{
    if (m_shards.size() <= shard.index())
        m_shards.resize(shard.index() + 1);
    Shard& work = m_shards[shard.index()];
    for (const Lane& lane : work.lanes)
        m_seen.concurrent -= lane.phase == Lane::Phase::Running ? 1 : 0;
    work = {};
    work.lanes.resize(static_cast<std::size_t>(m_spec.lambda.parallelizationFactor));
    work.fetched = m_progress.next(shard);
    m_feed.open(shard, work.fetched, now);
}

void LambdaReader::restarted(SimTime /*now*/)
{
    m_shards.clear();
    m_seen.concurrent = 0;
}

// --- records ----------------------------------------------------------------------------------

bool LambdaReader::ready(ShardSlot shard, SimTime /*now*/)
{
    return m_shards[shard.index()].held < kHeldMost;
}

SimTime LambdaReader::take(const Fetched& fetched)
{
    countFetched(fetched);
    Shard& work = m_shards[fetched.shard.index()];
    for (std::uint64_t at = fetched.first; at < fetched.next; at += kPage)
        hold(fetched.shard, at, std::min(fetched.next, at + kPage));
    work.fetched = fetched.next;
    work.atEnd = work.atEnd || fetched.atEnd;
    settle(fetched.shard);
    return fetched.now;
}

/// Puts the records [first, next) that pass the filters into their lanes.
void LambdaReader::hold(ShardSlot shard, std::uint64_t first, std::uint64_t next)
{
    const bool filters = !m_filter.letsAllPass();
    if (filters) {
        RecordPage page = service().recordsOf(stream(), shard, first, next);
        m_filter.select(page, eventSource(service(), shard, sourceArn()), m_tape, m_passes);
    }
    m_seen.counts.polledRecords += static_cast<std::int64_t>(next - first);
    Shard& work = m_shards[shard.index()];
    const std::size_t lanes = work.lanes.size();
    for (std::uint64_t at = first; at < next;)
        for (const RecordMeta& meta : stream().records(shard, at)) {
            if (at == next)
                break;
            work.fetchedMs = meta.arrivalMs;
            if (filters && m_passes[at - first] == 0) {
                ++m_seen.counts.filteredOutRecords;
            } else {
                const std::size_t lane = lanes == 1 ? 0 : mix64(meta.hashHigh) % lanes;
                work.lanes[lane].held.push_back({at, meta.arrivalMs, meta.bytes});
                ++work.held;
            }
            ++at;
        }
}

/// What is processed of a shard ends where its first unfinished record stands.
void LambdaReader::settle(ShardSlot shard)
{
    Shard& work = m_shards[shard.index()];
    std::uint64_t next = work.fetched;
    for (const Lane& lane : work.lanes)
        if (lane.size() > 0)
            next = std::min(next, lane.at(0).position);
    if (next > m_progress.next(shard))
        processed(shard, next);
    const bool windowOpen = std::any_of(work.lanes.begin(), work.lanes.end(),
                                        [](const Lane& lane) { return lane.window.has_value(); });
    if (work.atEnd && work.held == 0 && !windowOpen) {
        work.lanes.clear();
        m_progress.finish(stream(), shard);
    }
}

void LambdaReader::drop(ShardSlot shard, Lane& lane, std::size_t records)
{
    lane.head += records;
    m_shards[shard.index()].held -= records;
    if (lane.head == lane.held.size() || lane.head > 4'096) {
        lane.held.erase(lane.held.begin(),
                        lane.held.begin() + static_cast<std::ptrdiff_t>(lane.head));
        lane.head = 0;
    }
    while (records > 0 && !lane.pieces.empty()) {
        Piece& piece = lane.pieces.front();
        const std::size_t part = std::min(records, piece.records);
        piece.records -= part;
        records -= part;
        if (piece.records == 0)
            lane.pieces.erase(lane.pieces.begin());
    }
}

std::vector<std::uint64_t> LambdaReader::positionsOf(const Lane& lane, std::size_t records)
{
    std::vector<std::uint64_t> positions;
    positions.reserve(records);
    for (std::size_t i = 0; i < records; ++i)
        positions.push_back(lane.at(i).position);
    return positions;
}

// --- a slice ----------------------------------------------------------------------------------

void LambdaReader::work(SimTime sliceStart, ReaderSurroundings& around)
{
    if (around.outside != nullptr && !m_documents.empty())
        hearOfDocuments(*around.outside);
    for (std::uint32_t slot = 0; slot < m_shards.size(); ++slot) {
        const ShardSlot shard(slot);
        Shard& mine = m_shards[slot];
        const std::size_t before = mine.held;
        for (Lane& lane : mine.lanes)
            if (lane.size() > 0 || lane.window)
                workLane(shard, lane, sliceStart, around.outside);
        const bool ended = mine.atEnd && mine.held == 0 && !mine.lanes.empty();
        if (mine.held != before || ended)
            settle(shard);
    }
}

// --- looking ----------------------------------------------------------------------------------

ReaderState LambdaReader::state(const Stream& /*stream*/, SimTime /*now*/) const
{
    LambdaState out = m_seen;
    for (std::uint32_t slot = 0; slot < m_shards.size(); ++slot)
        for (std::size_t i = 0; i < m_shards[slot].lanes.size(); ++i) {
            const Lane& lane = m_shards[slot].lanes[i];
            if (lane.phase == Lane::Phase::Gathering || (lane.pieces.empty() && !lane.closing())
                || out.batches.size() == LambdaState::kRows)
                continue;
            out.batches.push_back({
                .shard = ShardSlot(slot),
                .lane = static_cast<std::int64_t>(i),
                .records = static_cast<std::int64_t>(lane.calledWith()),
                .attempts = lane.closing() ? lane.window->attempts : lane.pieces.front().attempts,
                .running = lane.phase == Lane::Phase::Running,
                .closesWindow = lane.closing(),
                .error = lane.failures > 0 ? lane.error : std::string(),
            });
        }
    return out;
}

std::uint64_t LambdaReader::digest() const
{
    const LambdaState::Counts& counts = m_seen.counts;
    std::uint64_t h = Reader::digest();
    for (const std::int64_t n :
         {counts.invocations, counts.errors, counts.bisects, counts.droppedRecords,
          counts.filteredOutRecords, counts.windows, m_seen.concurrent})
        h = mix64(h ^ static_cast<std::uint64_t>(n));
    return h;
}

} // namespace shardscope
