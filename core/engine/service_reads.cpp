#include <algorithm>
#include <string>
#include <utility>

#include "core/engine/constraints.h"
#include "core/engine/limits.h"
#include "core/engine/sequence_number.h"
#include "core/engine/service.h"
#include "core/engine/shard_iterator.h"
#include "core/storage/key_ring.h"

namespace shardscope {
namespace {

void fill(RecordPage& page, RecordPage::Row& row, std::string_view key, std::string_view data)
{
    row.keyAt = static_cast<std::uint32_t>(page.bytes.size());
    row.keyBytes = static_cast<std::uint16_t>(key.size());
    page.bytes.insert(page.bytes.end(), key.begin(), key.end());
    row.dataAt = static_cast<std::uint32_t>(page.bytes.size());
    row.dataBytes = static_cast<std::uint32_t>(data.size());
    page.bytes.insert(page.bytes.end(), data.begin(), data.end());
}

} // namespace

bool Service::fillRow(RecordPage& page, RecordPage::Row& row, const Stream& stream,
                      const RecordMeta& meta) const
{
    if (meta.producer() == RecordMeta::kRealPayload) {
        RecordLog::View view;
        if (!stream.m_log.read(meta.number(), view))
            return false;
        row.encrypted = (view.head.flags & LogRecordHead::kEncrypted) != 0;
        row.keyless = (view.head.flags & LogRecordHead::kKeyless) != 0;
        fill(page, row, view.key, view.data);
        page.logEnd = std::max(page.logEnd, meta.number() + 1);
        return true;
    }
    row.encrypted = stream.encryptionAt(SimTime::fromMillis(meta.arrivalMs)) == EncryptionType::Kms;
    if (m_regenerate) {
        const Regenerated made = m_regenerate(
            ProducerSlot {static_cast<std::uint32_t>(meta.producer())}, meta.number());
        fill(page, row, made.partitionKey, made.data);
    }
    return true;
}

RecordPage Service::page(const Stream& stream, ShardSlot shard, const PageSpan& span) const
{
    RecordPage page;
    page.rows.reserve(span.next - span.first);
    page.bytes.reserve(span.bytes);
    const std::int64_t created = stream.m_shards[shard.index()].openedAt.inSeconds();
    std::uint64_t at = span.first;
    while (at < span.next) {
        for (const RecordMeta& meta : stream.records(shard, at)) {
            if (at == span.next)
                break;
            RecordPage::Row row;
            row.number = {created, shard, ++at, SimTime::fromMillis(meta.arrivalMs).inSeconds()};
            row.arrivalMs = meta.arrivalMs;
            if (fillRow(page, row, stream, meta))
                page.rows.push_back(row);
        }
    }
    return page;
}

RecordPage Service::recordsOf(const Stream& stream, ShardSlot shard, std::uint64_t first,
                              std::uint64_t next) const
{
    const std::uint64_t from = std::max(first, stream.trimHorizon(shard));
    return page(stream, shard, {from, std::max(from, std::min(next, stream.latest(shard))), 0});
}

/// The newest key stands for all: who changes keys keeps the older ones usable too.
Result<void> Service::allowReading(const Stream& stream, const RecordPage& page, SimTime now) const
{
    if (m_keys == nullptr || std::none_of(page.rows.begin(), page.rows.end(), [](const auto& r) {
            return r.encrypted;
        }))
        return {};
    if (stream.m_dataKeys.empty())
        return {};
    const std::string& newest = stream.m_dataKeys.back().masterKeyId;
    if (const auto key = m_keys->usable(newest, KeyRing::Purpose::Decrypt, now); !key)
        return tl::unexpected(key.error());
    return {};
}

std::vector<ChildShard> Service::childrenOf(const Stream& stream, ShardSlot shard) const
{
    std::vector<ChildShard> children;
    for (const ShardSlot slot : stream.m_shards[shard.index()].children) {
        const Shard& child = stream.m_shards[slot.index()];
        ChildShard out {shardIdText(slot), {shardIdText(*child.parent)}, child.range};
        if (child.adjacentParent)
            out.parentShards.push_back(shardIdText(*child.adjacentParent));
        children.push_back(std::move(out));
    }
    return children;
}

/// The stream and the place that an iterator names, if it still does.
Result<ShardIterator> Service::iteratorOf(const GetRecords& request, SimTime now) const
{
    const auto iterator = ShardIterator::parse(request.shardIterator);
    if (!iterator)
        return iterator;
    const auto invalid = [] { return fail(ErrorCode::InvalidArgument, "Invalid ShardIterator."); };
    if (iterator->stream.index() >= m_streams.size() || iterator->issuedAt > now)
        return invalid();
    if (now - iterator->issuedAt > limits::kIteratorLifetime)
        return fail(ErrorCode::ExpiredIterator,
                    "Iterator expired. The iterator was created at time "
                        + toIso(iterator->issuedAt) + " while right now it is " + toIso(now)
                        + " which is further in the future than the tolerated delay of "
                        + std::to_string(limits::kIteratorLifetime.inMillis()) + " milliseconds.");
    const Stream& stream = m_streams[iterator->stream.index()];
    if (stream.m_gone || stream.m_summary.status == StreamStatus::Deleting)
        return fail(ErrorCode::ResourceNotFound, "Stream " + under(stream) + " not found.");
    if (stream.m_summary.createdAt != iterator->streamCreatedAt
        || iterator->shard.index() >= stream.m_shards.size())
        return invalid();
    // What the service says to an ARN that is not the iterator's stream is not known.
    if (request.streamName && *request.streamName != stream.name())
        return fail(ErrorCode::InvalidArgument,
                    "Invalid ShardIterator. It is of stream " + stream.name()
                        + ", while it was used in a call to stream " + *request.streamName + ".");
    return iterator;
}

Result<GetRecordsResult> Service::getRecords(const GetRecords& request, SimTime now)
{
    const std::int64_t most = request.limit.value_or(limits::kGetRecordsRecords);
    constraints::Violations violations;
    violations.length("shardIterator", request.shardIterator, 1, limits::kIteratorChars);
    violations.range("limit", most, 1, limits::kGetRecordsRecords);
    if (auto ok = violations.result(); !ok)
        return tl::unexpected(std::move(ok.error()));
    const auto iterator = iteratorOf(request, now);
    if (!iterator)
        return tl::unexpected(iterator.error());
    Stream& stream = m_streams[iterator->stream.index()];
    if (auto ok = permit(stream, "GetRecords"); !ok)
        return tl::unexpected(std::move(ok.error()));
    if (request.dryRun)
        return dryRunPassed();
    const ShardSlot shard = iterator->shard;
    const ReadAnswer answer = stream.read(shard, iterator->position, most, now);
    if (answer.refused)
        return fail(ErrorCode::ProvisionedThroughputExceeded,
                    "Rate exceeded for Shard - " + m_options.accountId + "/" + stream.name() + "/"
                        + shardIdText(shard));
    GetRecordsResult result;
    result.millisBehindLatest = answer.millisBehindLatest;
    result.records = page(stream, shard, {answer.first, answer.next, answer.bytes});
    if (auto ok = allowReading(stream, result.records, now); !ok)
        return tl::unexpected(std::move(ok.error()));
    if (answer.atEnd)
        result.childShards = childrenOf(stream, shard);
    else
        result.nextShardIterator
            = ShardIterator {stream.m_slot, shard, answer.next, now, stream.m_summary.createdAt}
                  .text();
    return result;
}

} // namespace shardscope
