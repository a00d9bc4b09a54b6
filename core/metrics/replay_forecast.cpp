#include "core/metrics/replay_forecast.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/engine/limits.h"
#include "core/engine/sequence_number.h"

namespace shardscope {
namespace {

constexpr double kReadBytes = static_cast<double>(limits::kShardReadBytes);
constexpr double kReadCalls = static_cast<double>(limits::kShardReadCalls);
/// A sum over more buckets than these takes a coarser resolution.
constexpr int kBucketsMost = 4'000;

struct Amount {
    double records = 0, bytes = 0;
};

/// What was accepted since `from`, by shard slot.
std::vector<Amount> acceptedSince(const Snapshot& snapshot, SimTime from, std::size_t shards)
{
    std::vector<Amount> sums(shards);
    const TimeWindow window {from, snapshot.clock.now};
    const Resolution resolution = resolutionFor(snapshot.history, window, kBucketsMost);
    for (const auto& block : snapshot.history.of(resolution))
        for (std::size_t row = 0; row < block->rows(); ++row) {
            const SimTime at = block->timeOf(row);
            if (at + block->step <= from || at >= window.to)
                continue;
            // Of the bucket in which the time lies, its part.
            const double part
                = at >= from ? 1 : (at + block->step - from).inSeconds() / block->step.inSeconds();
            for (std::size_t column = 0; column < block->shards.size(); ++column) {
                const ShardSample& cell = block->cell(row, column);
                Amount& sum = sums[block->shards[column].index()];
                sum.records += part * cell.inRecords;
                sum.bytes += part * static_cast<double>(cell.inBytes);
            }
        }
    return sums;
}

/// Calls a second of one shard that its settings make, and records that each asks for.
struct OwnPace {
    double calls = kReadCalls;
    double recordsPerCall = static_cast<double>(limits::kGetRecordsRecords);
};

OwnPace paceOf(const ConsumerSpec& spec)
{
    OwnPace pace;
    if (spec.kind == ConsumerKind::Polling) {
        pace.calls = std::min(kReadCalls, spec.readsPerSecond);
        pace.recordsPerCall = static_cast<double>(spec.recordsPerCall);
    } else if (spec.kind == ConsumerKind::Kcl) {
        if (spec.kcl.idleBetweenReads > SimDuration {})
            pace.calls = std::min(kReadCalls, 1 / spec.kcl.idleBetweenReads.inSeconds());
        pace.recordsPerCall = static_cast<double>(spec.kcl.recordsPerCall);
    }
    return pace;
}

struct Others {
    double bytes = 0, calls = 0;
    int count = 0;
};

Others othersThatPoll(const Snapshot& snapshot, const ConsumerRow& reader, ShardSlot shard)
{
    Others others;
    for (const ConsumerRow& row : snapshot.consumers) {
        const auto place = std::find(row.reading.begin(), row.reading.end(), shard);
        if (row.removed || row.spec.paused || row.fanOut || row.slot == reader.slot
            || place == row.reading.end())
            continue;
        ++others.count;
        const auto i = static_cast<std::size_t>(place - row.reading.begin());
        if (i < row.readRates.size()) {
            const ReadRate& rate = row.readRates[i];
            others.bytes += rate.bytesPerSecond;
            others.calls += rate.callsPerSecond - rate.refusedCallsPerSecond;
        }
    }
    return others;
}

/// What its own code gets through, in records a second of one shard.
double processing(const ConsumerSpec& spec, std::int64_t openShards)
{
    if (spec.recordsPerSecond <= 0)
        return std::numeric_limits<double>::infinity();
    if (spec.kind != ConsumerKind::Analytics)
        return spec.recordsPerSecond;
    const auto shards = static_cast<double>(std::max<std::int64_t>(1, openShards));
    return spec.recordsPerSecond
        * std::min(1.0, static_cast<double>(spec.analytics.parallelism) / shards);
}

/// Seconds until every shard is read to its tip, parents before their children; infinite where it
/// never is.
double secondsFor(const Snapshot& snapshot, const ConsumerRow& reader,
                  const std::vector<Amount>& backlog)
{
    std::vector<const ShardRow*> bySlot(backlog.size());
    for (const ShardRow& row : snapshot.shards)
        bySlot[row.slot.index()] = &row;
    std::vector<double> done(backlog.size(), 0);
    for (const ShardRow* row : bySlot) {
        if (row == nullptr)
            continue;
        const std::size_t i = row->slot.index();
        double begins = 0;
        for (const auto& parent : {row->parent, row->adjacentParent})
            if (parent && parent->index() < done.size())
                begins = std::max(begins, done[parent->index()]);
        done[i] = begins;
        if (backlog[i].records < 1)
            continue;
        const double inflow = row->state == ShardState::Open ? row->minute.acceptedRecords : 0;
        const double rate
            = recordsItMayRead(snapshot, reader, row->slot, backlog[i].bytes / backlog[i].records);
        done[i] = rate > inflow ? begins + (backlog[i].records + inflow * begins) / (rate - inflow)
                                : std::numeric_limits<double>::infinity();
    }
    return done.empty() ? 0 : *std::max_element(done.begin(), done.end());
}

} // namespace

double recordsItMayRead(const Snapshot& snapshot, const ConsumerRow& reader, ShardSlot shard,
                        double recordBytes)
{
    const double own = processing(reader.spec, snapshot.stream.summary.openShardCount);
    const double each = std::max(1.0, recordBytes);
    if (reader.fanOut)
        return std::min(own, kReadBytes / each);
    const Others others = othersThatPoll(snapshot, reader, shard);
    const double share = 1.0 / (1 + others.count);
    const OwnPace pace = paceOf(reader.spec);
    const double bytes = std::max(kReadBytes * share, kReadBytes - others.bytes);
    const double calls
        = std::min(pace.calls, std::max(kReadCalls * share, kReadCalls - others.calls));
    return std::min({own, bytes / each, calls * pace.recordsPerCall});
}

Result<ReplayForecast> forecastReplay(const Snapshot& snapshot, const ConsumerRow& reader,
                                      const ReplayPoint& to)
{
    std::vector<Amount> backlog(snapshot.shards.size());
    const bool one = to.kind == ReplayPoint::Kind::SequenceNumber;
    if (to.kind == ReplayPoint::Kind::Time)
        backlog = acceptedSince(snapshot, snapshot.clock.now - to.back, backlog.size());
    if (one) {
        const auto number = SequenceNumber::parse(to.sequenceNumber);
        if (!number || number->counter == 0 || snapshot.find(number->shard) == nullptr
            || number->recordAt > snapshot.clock.now.inSeconds())
            return fail(ErrorCode::BadInput,
                        "\"" + to.sequenceNumber
                            + "\" is no sequence number of a record of this stream.");
        backlog[number->shard.index()]
            = acceptedSince(snapshot, SimTime::fromMillis(number->recordAt * 1'000),
                            backlog.size())[number->shard.index()];
    }
    ReplayForecast made;
    double records = 0;
    double bytes = 0;
    for (const ShardRow& row : snapshot.shards) {
        Amount& amount = backlog[row.slot.index()];
        const Amount stored {static_cast<double>(row.stored.records),
                             static_cast<double>(row.stored.bytes)};
        if (to.kind == ReplayPoint::Kind::TrimHorizon)
            amount = stored;
        // What retention has taken is not read.
        amount.records = std::min(amount.records, stored.records);
        amount.bytes = std::min(amount.bytes, stored.bytes);
        records += amount.records;
        bytes += amount.bytes;
    }
    made.records = std::llround(records);
    made.bytes = static_cast<Bytes>(std::llround(bytes));
    made.again = one ? made.records : std::max<std::int64_t>(0, made.records - reader.lagRecords);
    made.skipped = one ? 0 : std::max<std::int64_t>(0, reader.lagRecords - made.records);
    if (const double seconds = secondsFor(snapshot, reader, backlog); std::isfinite(seconds))
        made.takes = SimDuration::fromSeconds(seconds);
    return made;
}

} // namespace shardscope
