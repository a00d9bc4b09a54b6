#include "core/engine/admission.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

#include "core/base/check.h"
#include "core/engine/admit_record.h"

namespace shardscope {

BucketLevels levels(const ShardHot& hot, Bytes bytesBurst, std::int64_t atMs, std::int64_t epochMs)
{
    const std::int64_t now = bucket::stepsAt(atMs, epochMs);
    const std::int64_t capacity = bucket::byteCapacity(bytesBurst);
    const std::int64_t bytes = capacity - bucket::spent(hot.bytesFullAt, now, capacity);
    const std::int64_t records
        = bucket::kRecordCapacity - bucket::spent(hot.recordsFullAt, now, bucket::kRecordCapacity);
    return {bytes / kBucketStepsPerByte, records * 1'000 / kBucketStepsPerRecord};
}

void charge(ShardHot& hot, std::uint32_t bytes, std::int64_t atMs, std::int64_t epochMs)
{
    const std::int64_t now = bucket::stepsAt(atMs, epochMs);
    hot.bytesFullAt = std::max(hot.bytesFullAt, now) + std::int64_t {bytes} * kBucketStepsPerByte;
    hot.recordsFullAt = std::max(hot.recordsFullAt, now) + kBucketStepsPerRecord;
}

namespace {

/// Fewer rows than this are done before another thread has woken up.
constexpr std::size_t kDirectRows = 4'096;
/// Shards whose hot lines, logs and newest records fit a core's own cache together.
constexpr std::size_t kShardsInCache = 2'048;
/// Rows that are routed and sorted by one task.
constexpr std::size_t kSegmentRows = 4'096;
constexpr std::size_t kGroupsMost = 64;
/// How many rows ahead a shard's lines are asked for; the log's newest record half as many.
constexpr std::size_t kAhead = 32;

/// A batch's columns by their addresses, which the compiler keeps in registers.
class Rows {
public:
    explicit Rows(const OfferBatch& batch)
        : m_producer(std::uint64_t {batch.producer.value} << 48)
        , m_number(batch.number.data())
        , m_hashHigh(batch.hashHigh.data())
        , m_bytes(batch.bytes.data())
        , m_keyBytes(batch.keyBytes.data())
        , m_userRecords(batch.userRecords.data())
    {
    }
    [[nodiscard]] RecordMeta meta(std::size_t row, std::int64_t atMs) const
    {
        return {m_producer | (m_number[row] & RecordMeta::kNumberMask),
                m_hashHigh[row],
                atMs,
                m_bytes[row],
                m_keyBytes[row],
                static_cast<std::uint16_t>(std::min(m_userRecords[row], std::uint32_t {0xffff}))};
    }

private:
    std::uint64_t m_producer;
    const std::uint64_t* m_number;
    const std::uint64_t* m_hashHigh;
    const std::uint32_t* m_bytes;
    const std::uint16_t* m_keyBytes;
    const std::uint32_t* m_userRecords;
};

/// What a refusal says of the shard's buckets; they are as the record found them.
RefusedRecord refusal(const WriteColumns& columns, const OfferBatch& batch, std::size_t row,
                      std::int64_t atMs, Outcome outcome)
{
    RefusedRecord r;
    r.atMs = atMs;
    r.shard = ShardSlot {batch.slot[row]};
    r.producer = batch.producer;
    r.number = batch.number[row];
    r.hashHigh = batch.hashHigh[row];
    r.hashLow = batch.hashLow[row];
    r.bytes = batch.bytes[row];
    r.attempt = batch.attempt[row];

    const ShardHot& hot = columns.hot[r.shard.index()];
    const BucketLevels left = levels(hot, columns.bytesBurst, atMs, columns.epochMs);
    const bool byBytes = outcome == Outcome::RefusedBytes;
    r.rule = byBytes ? Rule::W1WriteBytes : Rule::W2WriteRecords;
    r.tokensLeft = byBytes ? left.bytes : left.recordThousandths;

    const std::int64_t now = bucket::stepsAt(atMs, columns.epochMs);
    const std::int64_t capacity
        = byBytes ? bucket::byteCapacity(columns.bytesBurst) : bucket::kRecordCapacity;
    const std::int64_t wait
        = bucket::spent(byBytes ? hot.bytesFullAt : hot.recordsFullAt, now, capacity)
        + (byBytes ? std::int64_t {r.bytes} * kBucketStepsPerByte : kBucketStepsPerRecord)
        - capacity;
    r.wouldPassAtMs = atMs + (wait + kBucketStepsPerMilli - 1) / kBucketStepsPerMilli;
    return r;
}

} // namespace

/// A row as it is sorted to the group of its shard.
struct Admission::StagedRow {
    RecordMeta meta;
    std::uint32_t slot = 0;
    std::uint32_t row = 0; ///< in its batch
};

/// Rows [first, last) of a batch.
struct Admission::Segment {
    OfferBatch* batch = nullptr;
    std::uint32_t batchNumber = 0;
    std::uint32_t first = 0, last = 0;
    std::size_t base = 0; ///< of the segment's rows among all staged rows
    std::array<std::uint32_t, kGroupsMost + 1> groupBegin {}; ///< counted from `base`
};

/// A group of shards belongs to one thread for the slice.
struct alignas(64) Admission::Group {
    std::vector<std::uint32_t> cursor; ///< per segment: next staged row, counted from its base
    struct Refused {
        std::uint32_t batchNumber = 0;
        std::uint32_t row = 0;
        Outcome outcome {};
    };
    std::vector<Refused> refused;
    struct Kept {
        std::int64_t atMs = 0;
        std::uint32_t batchNumber = 0;
        std::uint32_t row = 0;
        RefusedRecord record;
    };
    std::vector<Kept> kept;
};

struct alignas(64) Admission::Heat {
    std::array<std::uint64_t, 1024> bytes {};
};

Admission::Admission() = default;
Admission::~Admission() = default;
Admission::Admission(Admission&&) noexcept = default;
Admission::Admission(const Admission& /*other*/)
    : Admission()
{
}

Admission& Admission::operator=(Admission other) noexcept
{
    m_staged.swap(other.m_staged);
    m_segments.swap(other.m_segments);
    m_groups.swap(other.m_groups);
    m_heat.swap(other.m_heat);
    m_order.swap(other.m_order);
    m_kept.swap(other.m_kept);
    return *this;
}

void Admission::run(std::span<OfferBatch*> batches, SimTime sliceStart, const ShardMap& map,
                    WriteColumns& columns, WorkerPool& pool, std::vector<RefusedRecord>& refusals,
                    int refusalsPerShard)
{
    std::size_t rows = 0;
    for (OfferBatch* batch : batches) {
        SHARDSCOPE_CHECK(batch->tickBegin.back() == batch->size());
        batch->slot.resize(batch->size());
        batch->outcome.assign(batch->size(), Outcome::Accepted);
        rows += batch->size();
    }
    m_kept.assign(columns.hot.size(), 0);
    const Slice slice {batches, sliceStart.inMillis(), map, columns, refusalsPerShard};
    const bool alone = pool.threads() == 1 && columns.hot.size() <= kShardsInCache;
    if (rows < kDirectRows || alone)
        runDirect(slice, refusals);
    else
        runGrouped(slice, pool, rows, refusals);
}

void Admission::runDirect(const Slice& slice, std::vector<RefusedRecord>& refusals)
{
    WriteColumns& columns = slice.columns;
    for (OfferBatch* batch : slice.batches)
        slice.map.route(batch->hashHigh, batch->hashLow, batch->slot.data());
    const ShardColumns shards(columns);
    std::uint64_t* heat = columns.heat.data();
    BucketMoment moment {0, bucket::byteCapacity(columns.bytesBurst), columns.throttling};
    for (std::size_t tick = 0; tick < kTicksPerSlice; ++tick) {
        const std::int64_t atMs = slice.startMs + static_cast<std::int64_t>(tick);
        moment.nowSteps = bucket::stepsAt(atMs, columns.epochMs);
        for (OfferBatch* batch : slice.batches) {
            const Rows rows(*batch);
            const std::size_t size = batch->size();
            const std::size_t last = batch->tickBegin[tick + 1];
            const std::uint32_t* slots = batch->slot.data();
            for (std::size_t row = batch->tickBegin[tick]; row < last; ++row) {
                if (row + kAhead < size) {
                    __builtin_prefetch(&shards.hot[slots[row + kAhead]], 1);
                    __builtin_prefetch(&shards.logs[slots[row + kAhead]], 1);
                    shards.logs[slots[row + kAhead / 2]].prefetch();
                }
                const std::uint32_t slot = slots[row];
                const RecordMeta meta = rows.meta(row, atMs);
                heat[meta.hashHigh >> kHeatShift] += meta.bytes;
                const Outcome outcome = admit(shards, slot, moment, meta);
                if (outcome == Outcome::Accepted) [[likely]]
                    continue;
                batch->outcome[row] = outcome;
                if (m_kept[slot] < slice.refusalsPerShard) {
                    ++m_kept[slot];
                    refusals.push_back(refusal(columns, *batch, row, atMs, outcome));
                }
            }
        }
    }
}

/// Routes a segment's rows, counts their heat and sorts them by group, keeping their order.
void Admission::stage(const Slice& slice, Segment& segment, Heat& heat, std::uint32_t groups)
{
    OfferBatch& batch = *segment.batch;
    const std::size_t size = segment.last - segment.first;
    slice.map.route(std::span(batch.hashHigh).subspan(segment.first, size),
                    std::span(batch.hashLow).subspan(segment.first, size),
                    batch.slot.data() + segment.first);
    const std::uint32_t mask = groups - 1;
    std::array<std::uint32_t, kGroupsMost> next {};
    for (std::size_t row = segment.first; row < segment.last; ++row)
        ++next[batch.slot[row] & mask];
    std::uint32_t sum = 0;
    for (std::uint32_t g = 0; g < groups; ++g) {
        segment.groupBegin[g] = sum;
        sum += std::exchange(next[g], sum);
    }
    segment.groupBegin[groups] = sum;

    const Rows rows(batch);
    StagedRow* staged = m_staged.data() + segment.base;
    for (std::size_t tick = 0; tick < kTicksPerSlice; ++tick) {
        const std::int64_t atMs = slice.startMs + static_cast<std::int64_t>(tick);
        const std::uint32_t last = std::min(batch.tickBegin[tick + 1], segment.last);
        for (std::uint32_t row = std::max(batch.tickBegin[tick], segment.first); row < last;
             ++row) {
            const std::uint32_t slot = batch.slot[row];
            const RecordMeta meta = rows.meta(row, atMs);
            heat.bytes[meta.hashHigh >> kHeatShift] += meta.bytes;
            staged[next[slot & mask]++] = {meta, slot, row};
        }
    }
}

/// Admits one group's rows of all segments in the order (tick, batch, row).
void Admission::admitGroup(const Slice& slice, std::uint32_t number)
{
    WriteColumns& columns = slice.columns;
    Group& group = m_groups[number];
    group.refused.clear();
    group.kept.clear();
    group.cursor.clear();
    for (const Segment& segment : m_segments)
        group.cursor.push_back(segment.groupBegin[number]);

    const ShardColumns shards(columns);
    const auto ask = [&shards](const StagedRow& row) {
        __builtin_prefetch(&shards.hot[row.slot], 1);
        __builtin_prefetch(&shards.logs[row.slot], 1);
    };
    // A segment holds but a few of the group's rows of one tick: its first ones are asked for while
    // the segment before is worked on.
    const auto askFirst = [&](std::size_t s) {
        const StagedRow* staged = m_staged.data() + m_segments[s].base;
        const std::uint32_t end = m_segments[s].groupBegin[number + 1];
        for (std::uint32_t at = group.cursor[s], i = 0; i < kAhead && at < end; ++i, ++at)
            ask(staged[at]);
    };
    BucketMoment moment {0, bucket::byteCapacity(columns.bytesBurst), columns.throttling};
    for (std::size_t tick = 0; tick < kTicksPerSlice; ++tick) {
        const std::int64_t atMs = slice.startMs + static_cast<std::int64_t>(tick);
        moment.nowSteps = bucket::stepsAt(atMs, columns.epochMs);
        for (std::size_t s = 0; s < m_segments.size(); ++s) {
            const Segment& segment = m_segments[s];
            const StagedRow* staged = m_staged.data() + segment.base;
            std::uint32_t at = group.cursor[s];
            std::uint32_t end = at;
            while (end < segment.groupBegin[number + 1] && staged[end].meta.arrivalMs == atMs)
                ++end;
            for (std::uint32_t i = at; i < std::min<std::size_t>(end, at + kAhead / 2); ++i)
                shards.logs[staged[i].slot].prefetch();
            askFirst(s + 1 < m_segments.size() ? s + 1 : 0);
            for (; at < end; ++at) {
                if (at + kAhead < end)
                    ask(staged[at + kAhead]);
                if (at + kAhead / 2 < end)
                    shards.logs[staged[at + kAhead / 2].slot].prefetch();
                const StagedRow& row = staged[at];
                const Outcome outcome = admit(shards, row.slot, moment, row.meta);
                if (outcome == Outcome::Accepted) [[likely]]
                    continue;
                // Rows of other groups lie between in the batch's column: written there now, its
                // lines would wander from core to core.
                group.refused.push_back({segment.batchNumber, row.row, outcome});
                if (m_kept[row.slot] < slice.refusalsPerShard) {
                    ++m_kept[row.slot];
                    group.kept.push_back(
                        {atMs, segment.batchNumber, row.row,
                         refusal(columns, *segment.batch, row.row, atMs, outcome)});
                }
            }
            group.cursor[s] = at;
        }
    }
}

void Admission::runGrouped(const Slice& slice, WorkerPool& pool, std::size_t rows,
                           std::vector<RefusedRecord>& refusals)
{
    m_segments.clear();
    std::size_t base = 0;
    for (std::size_t b = 0; b < slice.batches.size(); ++b) {
        const auto size = static_cast<std::uint32_t>(slice.batches[b]->size());
        for (std::uint32_t first = 0; first < size; first += kSegmentRows) {
            Segment& segment = m_segments.emplace_back();
            segment.batch = slice.batches[b];
            segment.batchNumber = static_cast<std::uint32_t>(b);
            segment.first = first;
            segment.last = std::min(size, first + static_cast<std::uint32_t>(kSegmentRows));
            segment.base = base;
            base += segment.last - first;
        }
    }
    if (m_staged.size() < rows)
        m_staged.resize(rows);

    // Several groups a thread, so that a hot group does not keep the others waiting, and so many
    // that each group's shards fit a core's cache.
    const auto threads = static_cast<std::size_t>(pool.threads());
    const std::size_t wanted
        = std::max(threads == 1 ? 1 : 4 * threads, slice.columns.hot.size() / kShardsInCache);
    const auto groups = static_cast<std::uint32_t>(std::bit_ceil(std::min(wanted, kGroupsMost)));
    if (m_groups.size() < groups)
        m_groups.resize(groups);
    m_heat.assign(threads, Heat {});

    pool.run(static_cast<int>(threads), [&](int task) {
        const auto first = static_cast<std::size_t>(task);
        for (std::size_t s = first; s < m_segments.size(); s += threads)
            stage(slice, m_segments[s], m_heat[first], groups);
    });
    pool.run(static_cast<int>(groups),
             [&](int group) { admitGroup(slice, static_cast<std::uint32_t>(group)); });

    for (const Heat& heat : m_heat)
        for (std::size_t i = 0; i < heat.bytes.size(); ++i)
            slice.columns.heat[i] += heat.bytes[i];
    collect(slice, groups, refusals);
}

/// Hands the groups' refusals back in the order in which they would have come without groups.
void Admission::collect(const Slice& slice, std::uint32_t groups,
                        std::vector<RefusedRecord>& refusals)
{
    m_order.clear();
    for (std::uint32_t g = 0; g < groups; ++g) {
        for (const Group::Refused& r : m_groups[g].refused)
            slice.batches[r.batchNumber]->outcome[r.row] = r.outcome;
        for (const Group::Kept& kept : m_groups[g].kept)
            m_order.push_back(&kept);
    }
    std::sort(m_order.begin(), m_order.end(), [](const void* left, const void* right) {
        const auto& a = *static_cast<const Group::Kept*>(left);
        const auto& b = *static_cast<const Group::Kept*>(right);
        return std::tie(a.atMs, a.batchNumber, a.row) < std::tie(b.atMs, b.batchNumber, b.row);
    });
    for (const void* kept : m_order)
        refusals.push_back(static_cast<const Group::Kept*>(kept)->record);
}

Outcome admitOne(WriteColumns& columns, ShardSlot shard, HashKey hash, const RecordMeta& meta)
{
    const BucketMoment moment {bucket::stepsAt(meta.arrivalMs, columns.epochMs),
                               bucket::byteCapacity(columns.bytesBurst), columns.throttling};
    RecordMeta routed = meta;
    routed.hashHigh = hash.high();
    columns.heat[routed.hashHigh >> kHeatShift] += meta.bytes;
    return admit(ShardColumns(columns), shard.value, moment, routed);
}

} // namespace shardscope
