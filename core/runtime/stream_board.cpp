#include <algorithm>

#include "core/base/budgets.h"
#include "core/base/md5.h"
#include "core/engine/limits.h"
#include "core/runtime/stream_book.h"

namespace shardscope {
namespace {

/// Up to this many open shards every row tells its hottest keys; beyond, only the ten hottest
/// shards.
constexpr std::size_t kRowsWithKeys = 64;
constexpr std::size_t kHottestWithKeys = 10;

ShardRates ratesOf(const ShardSample& sums, double seconds)
{
    const auto per
        = [seconds](auto n) { return seconds > 0 ? static_cast<double>(n) / seconds : 0; };
    return {
        .acceptedBytes = per(sums.inBytes),
        .acceptedRecords = per(sums.inRecords),
        .refusedBytes = per(sums.refusedBytes),
        .refusedByBytes = per(sums.refusedByBytes),
        .refusedByRecords = per(sums.refusedByRecords),
        .outBytes = per(sums.outBytes),
        .outRecords = per(sums.outRecords),
        .readCalls = per(sums.readCalls),
        .refusedReads = per(sums.refusedReads),
    };
}

void fillStream(Snapshot& out, const BoardSource& from)
{
    const Stream& s = from.stream;
    const StreamSample second = from.book.recorder.lastSecond();
    StreamRow& row = out.stream;
    row.summary = s.summary();
    row.shardsEver = static_cast<std::int64_t>(s.shards().size());
    const auto open = static_cast<double>(s.map().size());
    row.capacityBytes = open * static_cast<double>(limits::kShardWriteBytes);
    row.capacityRecords = open * static_cast<double>(limits::kShardWriteRecords);
    row.offeredBytes = static_cast<double>(second.sum.offeredBytes());
    row.offeredRecords = static_cast<double>(second.sum.offeredRecords());
    row.acceptedBytes = static_cast<double>(second.sum.inBytes);
    row.acceptedRecords = second.sum.inRecords;
    row.refusedRecords = row.offeredRecords - row.acceptedRecords;
    row.peakBytes30d = s.peakBytes30d();
    row.shardsNeeded = s.shardsNeeded();
    row.scaling = s.scalingText();
    row.modeSwitchesLeft = s.modeSwitchesLeft(from.now);
    row.shardCountUpdatesLeft = s.shardCountUpdatesLeft(from.now);
    row.policySpec = from.service.policy(s.name());
    row.policy = row.policySpec ? designText(row.policySpec->design) : std::string();
    row.account = from.service.accountLimits();
    row.advantage = from.service.advantage();
}

void fillTopKeys(Snapshot& out, const BoardSource& from)
{
    const std::size_t open = from.stream.map().size();
    std::vector<ShardRow*> rows;
    rows.reserve(open);
    for (std::size_t i = 0; i < open && i < out.shards.size(); ++i)
        rows.push_back(&out.shards[i]);
    if (open > kRowsWithKeys) {
        const auto hotter = [](const ShardRow* a, const ShardRow* b) {
            return a->second.percentOfLimit() > b->second.percentOfLimit();
        };
        std::partial_sort(rows.begin(), rows.begin() + kHottestWithKeys, rows.end(), hotter);
        rows.resize(kHottestWithKeys);
    }
    for (ShardRow* row : rows) {
        const KeySketch& sketch = from.stream.columns().sketches[row->slot.index()];
        std::vector<KeySketch::Entry> entries(sketch.entries().begin(), sketch.entries().end());
        std::sort(entries.begin(), entries.end(),
                  [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
        for (const KeySketch::Entry& entry : entries) {
            const RecordMeta named {.source = entry.source, .hashHigh = entry.hashHigh};
            TopKey key;
            key.key = from.keyOf(named);
            key.hash = md5(key.key);
            if (key.hash.high()
                != entry.hashHigh) // an explicit hash key: only its upper half is kept
                key.hash = HashKey::fromWords(entry.hashHigh, 0);
            key.shareOfShard = sketch.total() > 0
                ? static_cast<double>(entry.bytes) / static_cast<double>(sketch.total())
                : 0;
            row->topKeys.push_back(std::move(key));
        }
    }
}

void fillShards(Snapshot& out, const BoardSource& from)
{
    const Stream& s = from.stream;
    const StreamBook& book = from.book;
    const WriteColumns& columns = s.columns();
    out.shards.clear();
    out.shards.reserve(s.shards().size());
    out.refused = {};
    out.stored = {};
    out.read = {};
    out.refusedByBytes = out.refusedByRecords = out.refusedReadCalls = 0;
    std::size_t memory = 0;
    std::int64_t oldest = INT64_MAX;
    for (const Shard& shard : s.shards()) {
        const std::size_t i = shard.slot.index();
        const ShardHot& hot = columns.hot[i];
        const ShardLog& log = columns.logs[i];
        ShardRow row;
        row.slot = shard.slot;
        row.range = shard.range;
        row.state = shard.state;
        row.parent = shard.parent;
        row.adjacentParent = shard.adjacentParent;
        row.children = shard.children;
        row.changing = shard.changing;
        row.openedAt = shard.openedAt;
        row.closedAt = shard.closedAt;
        row.accepted = {static_cast<std::int64_t>(hot.acceptedRecords),
                        static_cast<Bytes>(hot.acceptedBytes)};
        row.refused = {static_cast<std::int64_t>(hot.refusedByBytes + hot.refusedByRecords),
                       static_cast<Bytes>(hot.refusedBytes)};
        row.offered = row.accepted + row.refused;
        row.stored = {static_cast<std::int64_t>(log.end() - log.begin()),
                      static_cast<Bytes>(log.bytesStored())};
        out.refused += row.refused;
        out.stored += row.stored;
        out.read
            += {static_cast<std::int64_t>(shard.outRecords), static_cast<Bytes>(shard.outBytes)};
        out.refusedByBytes += static_cast<std::int64_t>(hot.refusedByBytes);
        out.refusedByRecords += static_cast<std::int64_t>(hot.refusedByRecords);
        out.refusedReadCalls += static_cast<std::int64_t>(
            shard.refusedReadBytes + shard.refusedReadCalls + shard.refusedReadWait);
        memory += log.memory();
        if (!log.empty())
            oldest = std::min(oldest, log.from(log.begin()).front().arrivalMs);
        row.peakPercentOfLimit = book.recorder.peakPercentOfLimit(shard.slot);
        const Recorder::Rates rates = book.recorder.rates(shard.slot);
        row.second = ratesOf(rates.second, 1);
        row.minute = ratesOf(rates.minute, rates.minuteSeconds);
        row.ageMs = i < book.agesMs.size() ? book.agesMs[i] : 0;
        const BucketLevels left
            = levels(hot, columns.bytesBurst, from.now.inMillis(), columns.epochMs);
        row.writeBytesTokens = static_cast<double>(left.bytes);
        row.writeRecordsTokens = static_cast<double>(left.recordThousandths) / 1'000;
        out.shards.push_back(std::move(row));
    }
    std::stable_sort(
        out.shards.begin(), out.shards.end(), [](const ShardRow& a, const ShardRow& b) {
            const bool aOpen = a.state == ShardState::Open, bOpen = b.state == ShardState::Open;
            return aOpen != bOpen ? aOpen : aOpen ? a.range.start < b.range.start : a.slot < b.slot;
        });
    out.memoryStored = static_cast<Bytes>(memory);
    out.oldestStored
        = oldest == INT64_MAX ? std::nullopt : std::optional(SimTime::fromMillis(oldest));
    fillTopKeys(out, from);
}

void fillCost(Snapshot& out, const StreamBook& book)
{
    out.cost.provisioned = book.cost(false);
    out.cost.onDemand = book.cost(true);
    // Per hour: what the last minute cost, times sixty.
    const SeriesBlocks& minutes = out.history.of(Resolution::Second);
    double seconds = 0, provisioned = out.cost.provisioned, onDemand = out.cost.onDemand;
    for (auto block = minutes.rbegin(); block != minutes.rend() && seconds < 60; ++block) {
        for (std::size_t row = (*block)->rows(); row-- > 0 && seconds < 60; seconds += 1) {
            provisioned = (*block)->totals[row].costProvisioned;
            onDemand = (*block)->totals[row].costOnDemand;
        }
    }
    if (seconds > 1) {
        const double perHour = 3'600 / (seconds - 1);
        out.cost.provisionedPerHour = (out.cost.provisioned - provisioned) * perHour;
        out.cost.onDemandPerHour = (out.cost.onDemand - onDemand) * perHour;
    }
}

} // namespace

void fillBoard(Snapshot& out, const BoardSource& from)
{
    const StreamBook& book = from.book;
    fillStream(out, from);
    fillShards(out, from);
    out.events = book.events;
    const std::size_t kept
        = std::min(book.refusals.size(), static_cast<std::size_t>(budgets::kRefusalsKept));
    out.refusals = std::make_shared<const std::vector<Refusal>>(
        book.refusals.end() - static_cast<std::ptrdiff_t>(kept), book.refusals.end());
    out.history = book.recorder.history();
    fillCost(out, book);
    out.memoryHistory = book.recorder.memory();
    out.trimmedByBudget = from.stream.trimmedByBudget();
}

} // namespace shardscope
