#include "core/endpoint/actions/reading.h"

#include "core/endpoint/actions/actions.h"
#include "core/endpoint/actions/common.h"
#include "core/endpoint/sequence_writer.h"

namespace shardscope::endpoint::actions {
namespace {

using namespace shapes;

constexpr Shape kType {.type = ShapeType::Text, .values = words::kIteratorType};
constexpr Member kIteratorMembers[] {kByName,
                                     kByArn,
                                     kById,
                                     {"ShardId", &kName, true},
                                     {"ShardIteratorType", &kType, true},
                                     {"StartingSequenceNumber", &kSequenceNumber},
                                     {"Timestamp", &kTime},
                                     {"DryRun", &kFlag}};
constexpr Shape kIterator {.members = kIteratorMembers};

constexpr Shape kIteratorText {.type = ShapeType::Text, .least = 1, .most = 512};
constexpr Member kRecordsMembers[] {{"ShardIterator", &kIteratorText, true},
                                    {"Limit", &kUpTo10000},
                                    kByArn,
                                    kById,
                                    {"DryRun", &kFlag}};
constexpr Shape kRecords {.members = kRecordsMembers};

constexpr Member kPositionMembers[] {
    {"Type", &kType, true}, {"SequenceNumber", &kSequenceNumber}, {"Timestamp", &kTime}};
constexpr Shape kPosition {.members = kPositionMembers};
constexpr Member kSubscribeMembers[] {{"ConsumerARN", &kArn, true},
                                      {"ShardId", &kName, true},
                                      {"StartingPosition", &kPosition, true},
                                      kById,
                                      {"DryRun", &kFlag}};
constexpr Shape kSubscribe {.members = kSubscribeMembers};

Result<ApiRequest> readIterator(const Input& in, const ArnScope& scope)
{
    return streamOf(in, scope).map([&](std::string name) -> ApiRequest {
        const auto type = in.choice("ShardIteratorType", words::kIteratorType).value_or(0);
        return GetShardIterator {.streamName = std::move(name),
                                 .shardId = in.textOr("ShardId"),
                                 .type = static_cast<IteratorType>(type),
                                 .startingSequenceNumber = in.text("StartingSequenceNumber"),
                                 .timestamp = in.time("Timestamp"),
                                 .dryRun = in.flag("DryRun")};
    });
}

Result<ApiRequest> readRecords(const Input& in, const ArnScope& scope)
{
    GetRecords request;
    request.shardIterator = in.textOr("ShardIterator");
    request.limit = in.integer("Limit");
    request.dryRun = in.flag("DryRun");
    if (auto ok = refuseStreamId(in); !ok)
        return tl::unexpected(ok.error());
    if (const auto arn = in.text("StreamARN")) {
        auto name = parseStreamArn(*arn, scope);
        if (!name)
            return tl::unexpected(name.error());
        request.streamName = std::move(*name);
    }
    return request;
}

Result<ApiRequest> readSubscribe(const Input& in, const ArnScope& scope)
{
    if (auto ok = refuseStreamId(in); !ok)
        return tl::unexpected(ok.error());
    auto consumer = parseConsumerArn(in.textOr("ConsumerARN"), scope);
    if (!consumer)
        return tl::unexpected(consumer.error());
    const Input position = *in.structure("StartingPosition");
    const auto type = position.choice("Type", words::kIteratorType).value_or(0);
    return SubscribeToShard {.streamName = std::move(consumer->streamName),
                             .consumerName = std::move(consumer->consumerName),
                             .consumerCreatedAt = consumer->consumerCreatedAt,
                             .shardId = in.textOr("ShardId"),
                             .type = static_cast<IteratorType>(type),
                             .sequenceNumber = position.text("SequenceNumber"),
                             .timestamp = position.time("Timestamp"),
                             .dryRun = in.flag("DryRun")};
}

void writeIterator(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    out.beginMap();
    out.member("ShardIterator", std::get<GetShardIteratorResult>(answer).shardIterator);
    out.endMap();
}

void writeRecords(WireWriter& out, const RecordPage& page)
{
    SequenceWriter numbers;
    out.beginList("Records");
    for (std::size_t i = 0; i < page.rows.size(); ++i) {
        const RecordPage::Row& row = page.rows[i];
        out.beginMap();
        out.member("SequenceNumber", numbers.text(row.number));
        out.member("ApproximateArrivalTimestamp", SimTime::fromMillis(row.arrivalMs));
        out.key("Data");
        out.blob(page.data(i));
        if (!row.keyless)
            out.member("PartitionKey", page.key(i));
        if (row.encrypted)
            out.member("EncryptionType", words::of(words::kEncryption, EncryptionType::Kms));
        out.endMap();
    }
    out.endList();
}

void writePage(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    const auto& result = std::get<GetRecordsResult>(answer);
    out.beginMap();
    writeRecords(out, result.records);
    if (result.nextShardIterator)
        out.member("NextShardIterator", *result.nextShardIterator);
    out.member("MillisBehindLatest", result.millisBehindLatest);
    writeChildShards(out, result.childShards);
    out.endMap();
}

} // namespace

void writeEvent(WireWriter& out, const SubscribeToShardEvent& event)
{
    out.beginMap();
    writeRecords(out, event.records);
    if (event.continuation)
        out.member("ContinuationSequenceNumber", event.continuation->text());
    out.member("MillisBehindLatest", event.millisBehindLatest);
    writeChildShards(out, event.childShards);
    out.endMap();
}

const Action kGetShardIterator {
    .name = "GetShardIterator", .input = &kIterator, .read = readIterator, .write = writeIterator};
const Action kGetRecords {
    .name = "GetRecords", .input = &kRecords, .read = readRecords, .write = writePage};
const Action kSubscribeToShard {
    .name = "SubscribeToShard", .input = &kSubscribe, .read = readSubscribe};

} // namespace shardscope::endpoint::actions
