#include <string>

#include "core/engine/constraints.h"
#include "core/engine/sequence_number.h"
#include "core/engine/service.h"
#include "core/engine/shard_iterator.h"

namespace shardscope {
namespace {

const char* typeText(IteratorType type)
{
    switch (type) {
    case IteratorType::AtSequenceNumber:
        return "AT_SEQUENCE_NUMBER";
    case IteratorType::AfterSequenceNumber:
        return "AFTER_SEQUENCE_NUMBER";
    case IteratorType::AtTimestamp:
        return "AT_TIMESTAMP";
    case IteratorType::TrimHorizon:
        return "TRIM_HORIZON";
    case IteratorType::Latest:
        return "LATEST";
    }
    return "";
}

} // namespace

/// Type, number and timestamp must belong together. That the service names both legal ways in one
/// sentence was observed (API 2.2), as its words for a missing timestamp were
/// (github.com/aws/aws-sdk-ruby/issues/1286). A timestamp that no type asks for is not looked at.
Result<void> Service::checkStart(const StartingPosition& start)
{
    if (start.number) {
        if (auto ok = constraints::sequenceNumber("startingSequenceNumber", *start.number); !ok)
            return ok;
    }
    const bool wantsNumber = start.type == IteratorType::AtSequenceNumber
        || start.type == IteratorType::AfterSequenceNumber;
    if (wantsNumber != start.number.has_value())
        return fail(ErrorCode::InvalidArgument,
                    "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and "
                    "StartingSequenceNumber or (2) TRIM_HORIZON or LATEST or AT_TIMESTAMP and no "
                    "StartingSequenceNumber. Request specified "
                        + std::string(typeText(start.type))
                        + (start.number ? " and also a StartingSequenceNumber."
                                        : " and no StartingSequenceNumber."));
    if (start.type == IteratorType::AtTimestamp && !start.timestamp)
        return fail(ErrorCode::InvalidArgument,
                    "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. "
                    "Current request has no timestamp parameter.");
    return {};
}

Result<std::uint64_t> Service::positionOf(const Stream& stream, ShardSlot shard,
                                          const StartingPosition& start, SimTime now) const
{
    const Shard& row = stream.m_shards[shard.index()];
    const ShardLog& log = stream.m_columns.logs[shard.index()];
    const auto refused = [&](const std::string& why) {
        return fail(ErrorCode::InvalidArgument,
                    "StartingSequenceNumber " + *start.number + " used in " + start.operation
                        + " on shard " + shardIdText(shard) + " in stream " + under(stream)
                        + " is invalid" + why);
    };
    const auto number = SequenceNumber::parse(*start.number);
    if (!number)
        return refused(".");
    if (number->shard.index() < stream.m_shards.size()
        && stream.m_shards[number->shard.index()].openedAt.inSeconds() != number->shardCreatedAt)
        return refused(" because it did not come from this stream.");
    if (number->shard != shard)
        return fail(ErrorCode::InvalidArgument,
                    "Invalid StartingSequenceNumber. It encodes " + shardIdText(number->shard)
                        + ", while it was used in a call to a shard with " + shardIdText(shard));
    if (number->counter == SequenceNumber::kLastCounter && row.state != ShardState::Open)
        return log.end();
    if (number->counter > log.end() || number->recordAt > now.inSeconds())
        return refused(" because no record of the shard has it yet.");
    const std::uint64_t after = number->counter;
    if (after <= log.begin() || start.type == IteratorType::AfterSequenceNumber)
        return after;
    // A continuation number of a subscription may lie behind the record whose counter it bears.
    const std::int64_t arrivalMs = log.from(after - 1).front().arrivalMs;
    return number->recordAt > SimTime::fromMillis(arrivalMs).inSeconds() ? after : after - 1;
}

Result<std::uint64_t> Service::startPosition(const Stream& stream, ShardSlot shard,
                                             const StartingPosition& start, SimTime now) const
{
    const ShardLog& log = stream.m_columns.logs[shard.index()];
    switch (start.type) {
    case IteratorType::TrimHorizon:
        return log.begin();
    case IteratorType::Latest:
        return log.end();
    case IteratorType::AtTimestamp:
        if (*start.timestamp > now)
            return fail(ErrorCode::InvalidArgument,
                        "The timestampInMillis parameter cannot be greater than the "
                        "currentTimestampInMillis. timestampInMillis: "
                            + std::to_string(start.timestamp->inMillis())
                            + ", currentTimestampInMillis: " + std::to_string(now.inMillis()));
        return log.firstAt(start.timestamp->inMillis());
    case IteratorType::AtSequenceNumber:
    case IteratorType::AfterSequenceNumber:
        break;
    }
    return positionOf(stream, shard, start, now);
}

Result<ShardSlot> Service::readableShard(const Stream& stream, const std::string& shardId) const
{
    const auto shard = parseShardId(shardId);
    if (!shard)
        return fail(ErrorCode::ResourceNotFound,
                    "Could not find shard " + shardId + " in stream " + under(stream) + ".");
    if (shard->index() >= stream.m_shards.size()
        || stream.m_shards[shard->index()].state == ShardState::Expired)
        return fail(ErrorCode::ResourceNotFound,
                    "Shard " + shardIdText(*shard) + " in stream " + under(stream)
                        + " does not exist");
    return shard;
}

Result<GetShardIteratorResult> Service::getShardIterator(const GetShardIterator& request,
                                                         SimTime now)
{
    const StartingPosition start {"GetShardIterator", request.type, request.startingSequenceNumber,
                                  request.timestamp};
    if (auto ok = constraints::name("shardId", request.shardId); !ok)
        return tl::unexpected(std::move(ok.error()));
    const auto found = readable(request.streamName);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    if (auto ok = permit(stream, "GetShardIterator"); !ok)
        return tl::unexpected(std::move(ok.error()));
    const auto shard = readableShard(stream, request.shardId);
    if (!shard)
        return tl::unexpected(shard.error());
    if (auto ok = checkStart(start); !ok)
        return tl::unexpected(std::move(ok.error()));
    if (m_options.throttling.read && !request.dryRun
        && !m_rates.admit(Operation::GetShardIterator, stream.m_slot.value, shard->value, now,
                          m_options.account.callRateFactor))
        return fail(ErrorCode::ProvisionedThroughputExceeded,
                    "Rate exceeded for shard " + shardIdText(*shard) + " in stream " + under(stream)
                        + ".");
    const auto position = startPosition(stream, *shard, start, now);
    if (!position)
        return tl::unexpected(position.error());
    if (request.dryRun)
        return dryRunPassed();
    return GetShardIteratorResult {
        ShardIterator {stream.m_slot, *shard, *position, now, stream.m_summary.createdAt}.text()};
}

} // namespace shardscope
