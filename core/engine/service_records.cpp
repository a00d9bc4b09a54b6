#include <algorithm>
#include <string>

#include "core/base/md5.h"
#include "core/engine/constraints.h"
#include "core/engine/limits.h"
#include "core/engine/sequence_number.h"
#include "core/engine/service.h"
#include "core/engine/shard_iterator.h"

namespace shardscope {
namespace {

tl::unexpected<Error> same(const Error& error)
{
    return tl::unexpected(error);
}

Bytes sizeOf(const RecordBatch::Row& row)
{
    return Bytes {row.dataBytes} + row.keyBytes;
}

} // namespace

/// Data alone above the stream's limit is what the service was seen to refuse with this text; data
/// and key together above it are documented as illegal with no text known, so ours names both.
Result<void> Service::checkEntry(const Stream& stream, const RecordBatch& batch, std::size_t row,
                                 const std::string& path) const
{
    const RecordBatch::Row& entry = batch.rows[row];
    if (auto ok = constraints::length(path + "partitionKey", std::string(batch.key(row)), 1,
                                      limits::kPartitionKeyChars);
        !ok)
        return ok;
    const Bytes most = stream.m_summary.maxRecordSizeKiB * 1_KiB;
    if (Bytes {entry.dataBytes} > most)
        return constraints::refuse(path + "data",
                                   "have length less than or equal to " + std::to_string(most));
    if (sizeOf(entry) > most)
        return constraints::refuse(path + "data",
                                   "have length less than or equal to " + std::to_string(most)
                                       + " together with its partition key of "
                                       + std::to_string(entry.keyBytes) + " bytes");
    return {};
}

Result<void> Service::checkOrdering(const Stream& stream, const std::string& number,
                                    SimTime now) const
{
    const auto parsed = SequenceNumber::parse(number);
    const bool known = parsed && parsed->shard.index() < stream.m_shards.size()
        && stream.m_shards[parsed->shard.index()].openedAt.inSeconds() == parsed->shardCreatedAt
        && parsed->counter <= stream.m_columns.logs[parsed->shard.index()].end()
        && parsed->recordAt <= now.inSeconds();
    if (known)
        return {};
    return fail(ErrorCode::InvalidArgument,
                "ExclusiveMinimumSequenceNumber " + number + " used in PutRecord on stream "
                    + under(stream) + " is invalid.");
}

SequenceNumber Service::admit(Stream& stream, const RecordBatch& batch, std::size_t row,
                              SimTime now)
{
    const RecordBatch::Row& entry = batch.rows[row];
    const ShardSlot shard = stream.m_map.route(entry.hash);
    const std::int64_t created = stream.m_shards[shard.index()].openedAt.inSeconds();
    const std::uint64_t position = stream.m_columns.logs[shard.index()].end();
    // The payload gets its place first: admission files the record under it.
    const std::uint64_t place = stream.m_payloads.next();
    const RecordMeta meta {
        (RecordMeta::kRealPayload << 48) | place,  entry.hash.high(), now.inMillis(),
        static_cast<std::uint32_t>(sizeOf(entry)), entry.keyBytes,    1};
    const Outcome outcome = admitOne(stream.m_columns, shard, entry.hash, meta);
    if (outcome != Outcome::Accepted) {
        stream.noteRefusal(now, shard,
                           outcome == Outcome::RefusedBytes ? Rule::W1WriteBytes
                                                            : Rule::W2WriteRecords);
        return {created, shard, 0, now.inSeconds()};
    }
    stream.m_payloads.append(
        {std::string(batch.key(row)), std::string(batch.data(row)), now.inMillis()});
    return {created, shard, position + 1, now.inSeconds()};
}

Result<PutResult> Service::putRecord(const PutRecord& request, SimTime now)
{
    const auto found = readable(request.streamName);
    if (!found)
        return same(found.error());
    Stream& stream = **found;
    if (auto ok = checkEntry(stream, request.record, 0, ""); !ok)
        return same(ok.error());
    if (request.sequenceNumberForOrdering) {
        if (auto ok = checkOrdering(stream, *request.sequenceNumberForOrdering, now); !ok)
            return same(ok.error());
    }
    const SequenceNumber number = admit(stream, request.record, 0, now);
    if (number.counter == 0)
        return fail(ErrorCode::ProvisionedThroughputExceeded,
                    "Rate exceeded for shard " + shardIdText(number.shard) + " in stream "
                        + under(stream) + ".");
    return PutResult {number, stream.encryptionAt(now)};
}

Result<PutRecordsResult> Service::putRecords(const PutRecords& request, SimTime now)
{
    const auto found = readable(request.streamName);
    if (!found)
        return same(found.error());
    Stream& stream = **found;
    const auto count = static_cast<std::int64_t>(request.records.rows.size());
    if (count < 1)
        return same(
            constraints::refuse("records", "have length greater than or equal to 1").error());
    if (count > limits::kPutRecordsRecords)
        return same(constraints::refuse("records",
                                        "have length less than or equal to "
                                            + std::to_string(limits::kPutRecordsRecords))
                        .error());
    Bytes bytes = 0;
    for (std::size_t i = 0; i < request.records.rows.size(); ++i) {
        const std::string path = "records." + std::to_string(i + 1) + ".member.";
        if (auto ok = checkEntry(stream, request.records, i, path); !ok)
            return same(ok.error());
        bytes += sizeOf(request.records.rows[i]);
    }
    if (bytes > limits::kPutRecordsBytes)
        return fail(ErrorCode::InvalidArgument, "Records size exceeds 10 MB limit");

    PutRecordsResult result;
    result.encryption = stream.encryptionAt(now);
    result.records.reserve(request.records.rows.size());
    for (std::size_t i = 0; i < request.records.rows.size(); ++i) {
        result.records.push_back(admit(stream, request.records, i, now));
        result.failedRecordCount += result.records.back().counter == 0 ? 1 : 0;
    }
    return result;
}

Result<std::uint64_t> Service::startPosition(const Stream& stream, ShardSlot shard,
                                             const GetShardIterator& request, SimTime now) const
{
    const ShardLog& log = stream.m_columns.logs[shard.index()];
    switch (request.type) {
    case IteratorType::TrimHorizon:
        return log.begin();
    case IteratorType::Latest:
        return log.end();
    case IteratorType::AtTimestamp:
        if (!request.timestamp)
            return fail(ErrorCode::InvalidArgument,
                        "Must specify timestamp parameter for iterator type AT_TIMESTAMP.");
        if (*request.timestamp > now)
            return fail(ErrorCode::InvalidArgument,
                        "The timestampInMillis parameter cannot be greater than the "
                        "currentTimestampInMillis. timestampInMillis: "
                            + std::to_string(request.timestamp->inMillis())
                            + ", currentTimestampInMillis: " + std::to_string(now.inMillis()));
        return log.firstAt(request.timestamp->inMillis());
    case IteratorType::AtSequenceNumber:
    case IteratorType::AfterSequenceNumber:
        break;
    }
    if (!request.startingSequenceNumber)
        return fail(ErrorCode::InvalidArgument,
                    "Must specify startingSequenceNumber for iterator types AT_SEQUENCE_NUMBER and "
                    "AFTER_SEQUENCE_NUMBER.");
    const std::string& text = *request.startingSequenceNumber;
    const auto number = SequenceNumber::parse(text);
    if (!number)
        return same(number.error());
    const Shard& row = stream.m_shards[shard.index()];
    const auto refused = [&](const std::string& why) {
        return fail(ErrorCode::InvalidArgument,
                    "StartingSequenceNumber " + text + " used in GetShardIterator on shard "
                        + shardIdText(shard) + " in stream " + under(stream)
                        + " is invalid because " + why);
    };
    if (number->shard.index() < stream.m_shards.size()
        && stream.m_shards[number->shard.index()].openedAt.inSeconds() != number->shardCreatedAt)
        return refused("it did not come from this stream.");
    if (number->shard != shard)
        return fail(ErrorCode::InvalidArgument,
                    "Invalid StartingSequenceNumber. It encodes " + shardIdText(number->shard)
                        + ", while it was used in a call to a shard with " + shardIdText(shard));
    if (number->counter == SequenceNumber::kLastCounter && row.state != ShardState::Open)
        return log.end();
    if (number->counter > log.end() || number->recordAt > now.inSeconds())
        return refused("no record of the shard has it yet.");
    const bool after = request.type == IteratorType::AfterSequenceNumber;
    return number->counter == 0 || after ? number->counter : number->counter - 1;
}

Result<GetShardIteratorResult> Service::getShardIterator(const GetShardIterator& request,
                                                         SimTime now)
{
    const auto found = readable(request.streamName);
    if (!found)
        return same(found.error());
    Stream& stream = **found;
    const auto shard = parseShardId(request.shardId);
    if (!shard)
        return fail(ErrorCode::ResourceNotFound,
                    "Could not find shard " + request.shardId + " in stream " + under(stream)
                        + ".");
    if (shard->index() >= stream.m_shards.size()
        || stream.m_shards[shard->index()].state == ShardState::Expired)
        return fail(ErrorCode::ResourceNotFound,
                    "Shard " + shardIdText(*shard) + " in stream " + under(stream)
                        + " does not exist");
    const bool wantsNumber = request.type == IteratorType::AtSequenceNumber
        || request.type == IteratorType::AfterSequenceNumber;
    if (request.startingSequenceNumber && !wantsNumber)
        return fail(ErrorCode::InvalidArgument,
                    "StartingSequenceNumber goes with the iterator types AT_SEQUENCE_NUMBER and "
                    "AFTER_SEQUENCE_NUMBER only.");
    if (request.timestamp && request.type != IteratorType::AtTimestamp)
        return fail(ErrorCode::InvalidArgument,
                    "Timestamp goes with the iterator type AT_TIMESTAMP only.");
    if (m_options.throttling.read
        && !m_rates.admit(Operation::GetShardIterator, stream.m_slot.value, shard->value, now,
                          m_options.account.callRateFactor))
        return fail(ErrorCode::ProvisionedThroughputExceeded,
                    "Rate exceeded for shard " + shardIdText(*shard) + " in stream " + under(stream)
                        + ".");
    const auto position = startPosition(stream, *shard, request, now);
    if (!position)
        return same(position.error());
    return GetShardIteratorResult {
        ShardIterator {stream.m_slot, *shard, *position, now, stream.m_summary.createdAt}.text()};
}

void Service::addTo(RecordPage& page, const Stream& stream, ShardSlot shard, std::uint64_t at) const
{
    const RecordMeta& meta = stream.records(shard, at).front();
    const auto append = [&](std::string_view text) {
        const auto begin = static_cast<std::uint32_t>(page.bytes.size());
        page.bytes.insert(page.bytes.end(), text.begin(), text.end());
        return begin;
    };
    const auto arrival = SimTime::fromMillis(meta.arrivalMs);
    RecordPage::Row row;
    row.number
        = {stream.m_shards[shard.index()].openedAt.inSeconds(), shard, at + 1, arrival.inSeconds()};
    row.arrivalMs = meta.arrivalMs;
    row.encrypted = stream.encryptionAt(arrival) == EncryptionType::Kms;
    const auto fill = [&](std::string_view key, std::string_view data) {
        row.keyAt = append(key);
        row.keyBytes = static_cast<std::uint16_t>(key.size());
        row.dataAt = append(data);
        row.dataBytes = static_cast<std::uint32_t>(data.size());
    };
    if (meta.producer() == RecordMeta::kRealPayload) {
        if (const PayloadStore::Payload* payload = stream.m_payloads.at(meta.number()))
            fill(payload->partitionKey, payload->data);
    } else if (m_regenerate) {
        const Regenerated made = m_regenerate(
            ProducerSlot {static_cast<std::uint32_t>(meta.producer())}, meta.number());
        fill(made.partitionKey, made.data);
    }
    page.rows.push_back(row);
}

Result<GetRecordsResult> Service::getRecords(const GetRecords& request, SimTime now)
{
    const std::int64_t most = request.limit.value_or(limits::kGetRecordsRecords);
    if (auto ok = constraints::range("limit", most, 1, limits::kGetRecordsRecords); !ok)
        return same(ok.error());
    const auto iterator = ShardIterator::parse(request.shardIterator);
    if (!iterator)
        return same(iterator.error());
    const auto invalid = [] { return fail(ErrorCode::InvalidArgument, "Invalid ShardIterator."); };
    if (iterator->stream.index() >= m_streams.size() || iterator->issuedAt > now)
        return invalid();
    if (now - iterator->issuedAt > limits::kIteratorLifetime)
        return fail(ErrorCode::ExpiredIterator,
                    "Iterator expired. The iterator was created at time "
                        + toIso(iterator->issuedAt) + " while right now it is " + toIso(now)
                        + " which is further in the future than the tolerated delay of "
                        + std::to_string(limits::kIteratorLifetime.inMillis()) + " milliseconds.");
    Stream& stream = m_streams[iterator->stream.index()];
    if (stream.m_gone || stream.m_summary.status == StreamStatus::Deleting)
        return fail(ErrorCode::ResourceNotFound, "Stream " + under(stream) + " not found.");
    if (stream.m_summary.createdAt != iterator->streamCreatedAt
        || iterator->shard.index() >= stream.m_shards.size())
        return invalid();

    const ShardSlot shard = iterator->shard;
    const ReadAnswer answer = stream.read(shard, iterator->position, most, now);
    if (answer.refused)
        return fail(ErrorCode::ProvisionedThroughputExceeded,
                    "Rate exceeded for Shard - " + m_options.accountId + "/" + stream.name() + "/"
                        + shardIdText(shard));
    GetRecordsResult result;
    result.millisBehindLatest = answer.millisBehindLatest;
    result.records.rows.reserve(answer.next - answer.first);
    const Shard& row = stream.m_shards[shard.index()];
    for (std::uint64_t at = answer.first; at < answer.next; ++at)
        addTo(result.records, stream, shard, at);
    if (!answer.atEnd) {
        result.nextShardIterator
            = ShardIterator {stream.m_slot, shard, answer.next, now, stream.m_summary.createdAt}
                  .text();
        return result;
    }
    for (const ShardSlot child : row.children) {
        const Shard& c = stream.m_shards[child.index()];
        ChildShard out {shardIdText(child), {shardIdText(*c.parent)}, c.range};
        if (c.adjacentParent)
            out.parentShards.push_back(shardIdText(*c.adjacentParent));
        result.childShards.push_back(std::move(out));
    }
    return result;
}

} // namespace shardscope
