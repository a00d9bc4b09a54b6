#include "core/consumers/firehose_transform.h"

#include <map>
#include <simdjson.h>
#include <tuple>

#include "core/base/base64.h"
#include "core/base/json_writer.h"
#include "core/engine/requests.h"

namespace shardscope {
namespace {

using Layout = JsonWriter::Layout;

void put(JsonWriter& json, const char* name, std::string_view value)
{
    json.name(name);
    json.text(value);
}

void put(JsonWriter& json, const char* name, std::int64_t value)
{
    json.name(name);
    json.integer(value);
}

std::string base64(std::string_view bytes)
{
    std::string text;
    appendBase64(text, bytes);
    return text;
}

Transformed failed(const char* code, std::string why)
{
    return {Transformed::Kind::Failed, {}, {}, code, std::move(why)};
}

Transformed readOne(const simdjson::dom::element& record)
{
    std::string_view result;
    if (record["result"].get(result) != simdjson::SUCCESS)
        return failed("Lambda.InvalidResult", "The function gave no result for this record.");
    if (result == "Dropped")
        return {Transformed::Kind::Dropped, {}, {}, {}, {}};
    if (result == "ProcessingFailed")
        return failed("Lambda.ProcessingFailedStatus",
                      "The function could not process this record.");
    if (result != "Ok")
        return failed("Lambda.InvalidResult",
                      "The function's result for this record is " + std::string(result)
                          + "; Ok, Dropped or ProcessingFailed would be right.");
    Transformed one {Transformed::Kind::Ok, {}, {}, {}, {}};
    std::string_view data;
    if (record["data"].get(data) != simdjson::SUCCESS)
        return failed("Lambda.MissingData", "The function gave no data for this record.");
    one.data.resize(base64Room(data.size()));
    const auto bytes = decodeBase64(data, one.data.data());
    if (!bytes)
        return failed("Lambda.InvalidData", "The data that the function gave is no base64.");
    one.data.resize(*bytes);
    simdjson::dom::object keys;
    if (record["metadata"]["partitionKeys"].get(keys) == simdjson::SUCCESS)
        for (const auto& [name, value] : keys) {
            std::string_view text;
            if (value.get(text) != simdjson::SUCCESS)
                return failed("Lambda.InvalidPartitionKeys",
                              "The partition key " + std::string(name)
                                  + " that the function gave is no text.");
            one.partitionKeys.emplace_back(name, text);
        }
    return one;
}

} // namespace

std::string FirehoseRecord::id() const
{
    std::string text = std::to_string(sub);
    return number + std::string(6 - std::min<std::size_t>(6, text.size()), '0') + text;
}

std::string transformEvent(const std::vector<FirehoseRecord>& records, ShardSlot shard,
                           std::string_view invocationId, std::string_view delivery,
                           std::string_view stream, const ArnScope& scope)
{
    JsonWriter json;
    json.beginObject(Layout::Line);
    put(json, "invocationId", invocationId);
    put(json, "sourceKinesisStreamArn", streamArn(scope, stream));
    put(json, "deliveryStreamArn",
        "arn:aws:firehose:" + std::string(scope.region) + ':' + std::string(scope.account)
            + ":deliverystream/" + std::string(delivery));
    put(json, "region", scope.region);
    json.name("records");
    json.beginList(Layout::Line);
    const std::string shardId = shardIdText(shard);
    for (const FirehoseRecord& record : records) {
        json.beginObject(Layout::Line);
        put(json, "recordId", record.id());
        put(json, "approximateArrivalTimestamp", record.arrivalMs);
        put(json, "data", base64(record.data));
        json.name("kinesisRecordMetadata");
        json.beginObject(Layout::Line);
        put(json, "sequenceNumber", record.number);
        put(json, "subsequenceNumber", std::int64_t {record.sub});
        put(json, "partitionKey", record.key);
        put(json, "shardId", shardId);
        put(json, "approximateArrivalTimestamp", record.arrivalMs);
        json.endObject();
        json.endObject();
    }
    json.endList();
    json.endObject();
    return json.take();
}

Result<std::vector<Transformed>> transformed(std::string_view answer,
                                             const std::vector<FirehoseRecord>& records)
{
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    simdjson::dom::array list;
    if (static_cast<std::int64_t>(answer.size()) > kTransformBytesMost)
        return fail(ErrorCode::BadInput, "The function's answer has more than 6 MiB.");
    if (parser.parse(answer.data(), answer.size()).get(root) != simdjson::SUCCESS
        || root["records"].get(list) != simdjson::SUCCESS)
        return fail(ErrorCode::BadInput,
                    "The function's answer has no list \"records\" with a recordId, result and "
                    "data of each.");
    std::map<std::string_view, simdjson::dom::element> byId;
    for (const simdjson::dom::element record : list) {
        std::string_view id;
        if (record["recordId"].get(id) == simdjson::SUCCESS)
            byId.emplace(id, record);
    }
    std::vector<Transformed> made;
    for (const FirehoseRecord& record : records) {
        const auto found = byId.find(record.id());
        made.push_back(found == byId.end()
                           ? failed("Lambda.MissingRecordId",
                                    "The function's answer has no record with this recordId.")
                           : readOne(found->second));
    }
    return made;
}

std::string failureLine(const FirehoseFailure& failure)
{
    JsonWriter json;
    json.beginObject(Layout::Line);
    put(json, "attemptsMade", failure.attempts);
    put(json, "arrivalTimestamp", failure.arrivalMs);
    put(json, "errorCode", failure.errorCode);
    put(json, "errorMessage", failure.message);
    put(json, "attemptEndingTimestamp", failure.endedMs);
    put(json, "rawData", base64(failure.data));
    if (!failure.function.empty())
        put(json, "lambdaArn", failure.function);
    json.endObject();
    return json.take();
}

} // namespace shardscope
