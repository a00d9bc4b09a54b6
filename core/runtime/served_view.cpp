#include <algorithm>

#include "core/engine/kms_service.h"
#include "core/engine/limits.h"
#include "core/runtime/served_world.h"

/// What of a served world goes into snapshots.
namespace shardscope {

ServedStreamRow ServedWorld::rowOf(const ServedStream& served) const
{
    const Stream& stream = served.stream();
    const ShardSample second = served.lastSecond(m_now).sum;
    ServedStreamRow row;
    row.summary = stream.summary();
    row.consumers = m_service.consumers(stream);
    row.tags = stream.tags();
    row.offeredBytes = static_cast<double>(second.offeredBytes());
    row.offeredRecords = static_cast<double>(second.offeredRecords());
    row.acceptedBytes = static_cast<double>(second.inBytes);
    row.acceptedRecords = second.inRecords;
    row.refusedRecords = row.offeredRecords - row.acceptedRecords;
    row.outBytes = static_cast<double>(second.outBytes);
    row.outRecords = second.outRecords;
    row.refusedReadCalls = second.refusedReads;
    row.hottestPercentOfLimit = served.hottestPercentOfLimit(m_now);
    row.capacityBytes
        = static_cast<double>(stream.map().size()) * static_cast<double>(limits::kShardWriteBytes);
    for (const ShardLog& log : stream.columns().logs)
        row.stored += {static_cast<std::int64_t>(log.end() - log.begin()),
                       static_cast<Bytes>(log.bytesStored())};
    row.ageMs = served.readers().largestAge(m_now);
    if (const auto open = m_subscriptions.find(stream.slot()); open != m_subscriptions.end())
        row.subscriptions = open->second;
    return row;
}

/// The same board as a run's. A real record's key is read from the log; the place of a refused one
/// is that of the next record taken, which may have another key.
std::shared_ptr<const Snapshot> ServedWorld::board(const ServedStream& served) const
{
    auto out = std::make_shared<Snapshot>();
    out->revision = m_revision;
    out->world = served.stream().slot().value + std::uint64_t {1};
    out->scenarioTitle = served.stream().name();
    out->clock.start = served.stream().summary().createdAt;
    out->clock.now = m_now;
    out->clock.paused = false;
    out->clock.speedReached = 1;
    out->cost.priceDate = m_priceDate;
    out->cost.region = m_options.region;
    const RecordLog& log = served.stream().log();
    fillBoard(*out, {served.book(), m_service, served.stream(), m_now, [&](const RecordMeta& meta) {
                         RecordLog::View view;
                         const bool there = meta.producer() == RecordMeta::kRealPayload
                             && log.read(meta.number(), view)
                             && view.head.hashHigh == meta.hashHigh;
                         return there ? std::string(view.key) : std::string();
                     }});
    for (ShardRow& row : out->shards)
        out->accepted += row.accepted;
    out->offered = served.offered();
    out->consumers = served.readers().rows(served.stream(), m_now);
    for (AttachedReaders::Row& reader : m_readers.rows(m_service, m_now))
        if (reader.stream == served.stream().name())
            out->consumers.push_back(std::move(reader.row));
    out->memoryBudget = m_options.memoryBudget;
    return out;
}

void ServedWorld::fillKeys(ServedSnapshot& out)
{
    if (const auto listed = kms::answer(m_keys, kms::ListKeys {}, m_now))
        out.keys = std::get<kms::ListKeysResult>(*listed).keys;
    if (const auto listed = kms::answer(m_keys, kms::ListAliases {}, m_now))
        out.aliases = std::get<kms::ListAliasesResult>(*listed).aliases;
}

std::shared_ptr<ServedSnapshot> ServedWorld::snapshot()
{
    follow(m_service.streams());
    auto out = std::make_shared<ServedSnapshot>();
    out->revision = ++m_revision;
    out->startedAt = m_startedAt;
    out->now = m_now;
    out->accountId = m_options.accountId;
    out->region = m_options.region;
    out->timings = m_options.timings;
    out->limits = m_service.accountLimits();
    out->throttling = m_options.throttling;
    out->memoryBudget = m_options.memoryBudget;
    out->streams.reserve(m_streams.size());
    for (const auto& [slot, served] : m_streams) {
        out->streams.push_back(rowOf(served));
        out->memoryRecords += served.stream().log().memory();
        if (watched(served))
            out->board = board(served);
    }
    std::sort(out->streams.begin(), out->streams.end(),
              [](const ServedStreamRow& a, const ServedStreamRow& b) {
                  return a.summary.streamName < b.summary.streamName;
              });
    fillKeys(*out);
    if (m_store != nullptr)
        out->store = m_store->row(m_now);
    out->readers = m_readers.rows(m_service, m_now);
    if (m_delivery)
        out->channels = m_delivery->rows();
    return out;
}

} // namespace shardscope
