#include "core/consumers/lambda_event.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <simdjson.h>

#include "core/base/base64.h"
#include "core/base/json_writer.h"
#include "core/engine/arn.h"
#include "core/engine/requests.h"

namespace shardscope {
namespace {

using Layout = JsonWriter::Layout;

void put(JsonWriter& json, const char* name, std::string_view value)
{
    json.name(name);
    json.text(value);
}

void putRecord(JsonWriter& json, const RecordPage& page, std::size_t row, const EventSource& source)
{
    const std::string number = page.rows[row].number.text();
    std::string data;
    appendBase64(data, page.data(row));
    json.beginObject(Layout::Line);
    json.name("kinesis");
    json.beginObject(Layout::Line);
    put(json, "kinesisSchemaVersion", kEventSchema);
    put(json, "partitionKey", page.key(row));
    put(json, "sequenceNumber", number);
    put(json, "data", data);
    json.name("approximateArrivalTimestamp");
    json.number(static_cast<double>(page.rows[row].arrivalMs) / 1000);
    json.endObject();
    put(json, "eventSource", kEventSource);
    put(json, "eventVersion", kEventVersion);
    put(json, "eventID", source.shardId + ':' + number);
    put(json, "eventName", kEventName);
    put(json, "invokeIdentityArn", source.role);
    put(json, "awsRegion", source.region);
    put(json, "eventSourceARN", source.arn);
    json.endObject();
}

/// Windows begin and end with whole seconds.
std::string secondsText(std::int64_t ms)
{
    return toIso(SimTime::fromMillis(ms)).substr(0, 19) + 'Z';
}

void putWindow(JsonWriter& json, const WindowCall& window, const EventSource& source)
{
    json.name("window");
    json.beginObject(Layout::Line);
    put(json, "start", secondsText(window.beginMs));
    put(json, "end", secondsText(window.endMs));
    json.endObject();
    json.name("state");
    json.json(window.state);
    put(json, "shardId", source.shardId);
    put(json, "eventSourceARN", source.arn);
    json.name("isFinalInvokeForWindow");
    json.flag(window.last);
    json.name("isWindowTerminatedEarly");
    json.flag(window.early);
}

} // namespace

EventSource eventSource(const Service& service, ShardSlot shard, std::string sourceArn)
{
    const ArnScope scope = service.arnScope();
    return {shardIdText(shard), std::move(sourceArn),
            "arn:aws:iam::" + std::string(scope.account) + ":role/lambda-role",
            std::string(scope.region)};
}

std::string lambdaEvent(const Service& service, const Stream& stream, ShardSlot shard,
                        const EventSource& source, const std::vector<std::uint64_t>& positions,
                        const WindowCall* window)
{
    JsonWriter json;
    json.beginObject(Layout::Line);
    json.name("Records");
    json.beginList(Layout::Line);
    for (std::size_t i = 0; i < positions.size();) {
        std::size_t next = i + 1;
        while (next < positions.size() && positions[next] == positions[next - 1] + 1)
            ++next;
        const RecordPage page
            = service.recordsOf(stream, shard, positions[i], positions[next - 1] + 1);
        for (std::size_t row = 0; row < page.rows.size(); ++row)
            putRecord(json, page, row, source);
        i = next;
    }
    json.endList();
    if (window != nullptr)
        putWindow(json, *window, source);
    json.endObject();
    return json.take();
}

Result<std::string> windowState(std::string_view payload)
{
    const simdjson::padded_string text(payload);
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document;
    simdjson::ondemand::object state;
    std::string_view raw;
    if (parser.iterate(text).get(document) == simdjson::SUCCESS
        && document["state"].get_object().get(state) == simdjson::SUCCESS
        && state.raw_json().get(raw) == simdjson::SUCCESS)
        return std::string(raw);
    return fail(ErrorCode::BadInput,
                "The function's answer has no object \"state\", which a tumbling window needs; "
                "{\"state\": {}} would be right.");
}

std::string failureDocument(const LambdaState::Failure& failure, std::string_view requestId,
                            std::string_view function, const Service& service, const Stream& stream,
                            std::int64_t firstArrivalMs, std::int64_t lastArrivalMs,
                            std::string_view event)
{
    const ArnScope scope = service.arnScope();
    JsonWriter json;
    json.beginObject();
    json.name("requestContext");
    json.beginObject();
    put(json, "requestId", requestId);
    put(json, "functionArn",
        "arn:aws:lambda:" + std::string(scope.region) + ':' + std::string(scope.account)
            + ":function:" + std::string(function));
    put(json, "condition", failure.tooOld ? "RecordAgeExceeded" : "RetryAttemptsExhausted");
    json.name("approximateInvokeCount");
    json.integer(failure.invocations);
    json.endObject();
    if (!failure.tooOld) {
        json.name("responseContext");
        json.beginObject();
        json.name("statusCode");
        json.integer(200);
        put(json, "executedVersion", "$LATEST");
        put(json, "functionError", "Unhandled");
        json.endObject();
    }
    put(json, "version", "1.0");
    put(json, "timestamp", toIso(failure.at));
    json.name("KinesisBatchInfo");
    json.beginObject();
    put(json, "shardId", shardIdText(failure.shard));
    put(json, "startSequenceNumber", failure.first);
    put(json, "endSequenceNumber", failure.last);
    put(json, "approximateArrivalOfFirstRecord", toIso(SimTime::fromMillis(firstArrivalMs)));
    put(json, "approximateArrivalOfLastRecord", toIso(SimTime::fromMillis(lastArrivalMs)));
    json.name("batchSize");
    json.integer(failure.records);
    put(json, "streamArn", streamArn(scope, stream.name()));
    json.endObject();
    put(json, "payload", event);
    json.endObject();
    return json.take();
}

std::string failureKey(const LambdaState::Failure& failure, std::string_view mappingId,
                       std::string_view uuid)
{
    const std::string iso = toIso(failure.at); // 2026-01-05T12:00:00.000Z
    std::string time = iso.substr(0, 19);
    std::replace(time.begin(), time.end(), ':', '.');
    return "aws/lambda/" + std::string(mappingId) + '/' + shardIdText(failure.shard) + '/'
        + iso.substr(0, 4) + '/' + iso.substr(5, 2) + '/' + iso.substr(8, 2) + '/' + time + '-'
        + std::string(uuid);
}

std::string uuidText(std::uint64_t high, std::uint64_t low)
{
    std::array<char, 37> text {};
    std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-%04x-%012llx",
                  static_cast<unsigned>(high >> 32), static_cast<unsigned>(high >> 16 & 0xffff),
                  static_cast<unsigned>(high & 0xfff),
                  static_cast<unsigned>(low >> 48 & 0x3fff) | 0x8000U,
                  static_cast<unsigned long long>(low & 0xffff'ffff'ffffULL));
    return text.data();
}

ItemFailures itemFailures(std::string_view payload, ShardSlot shard,
                          const std::vector<std::uint64_t>& positions)
{
    const auto all = [](std::string why) {
        return ItemFailures {ItemFailures::Kind::All, 0, std::move(why)};
    };
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (parser.parse(payload.data(), payload.size()).get(root) != simdjson::SUCCESS)
        return all("The function's answer is no JSON; {\"batchItemFailures\": []} would be right.");
    if (root.is_null())
        return {};
    simdjson::dom::object object;
    if (root.get(object) != simdjson::SUCCESS)
        return all("The function's answer is no JSON object; {\"batchItemFailures\": []} would be "
                   "right.");
    simdjson::dom::element list;
    if (object["batchItemFailures"].get(list) != simdjson::SUCCESS || list.is_null())
        return {};
    simdjson::dom::array items;
    if (list.get(items) != simdjson::SUCCESS)
        return all("batchItemFailures in the function's answer is no list.");
    ItemFailures found;
    for (const simdjson::dom::element item : items) {
        std::string_view text;
        if (item["itemIdentifier"].get(text) != simdjson::SUCCESS)
            return all(
                "An item of batchItemFailures has no itemIdentifier with a sequence number.");
        const auto number = SequenceNumber::parse(text);
        const std::uint64_t position = number ? number->counter - 1 : 0;
        if (!number || number->shard != shard
            || !std::binary_search(positions.begin(), positions.end(), position))
            return all("itemIdentifier \"" + std::string(text.substr(0, 60))
                       + "\" in the function's answer is no sequence number of its batch.");
        if (found.kind == ItemFailures::Kind::None || position < found.position)
            found.position = position;
        found.kind = ItemFailures::Kind::From;
    }
    return found;
}

std::string functionErrorText(std::string_view payload)
{
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    std::string_view type, message;
    if (parser.parse(payload.data(), payload.size()).get(root) == simdjson::SUCCESS
        && root.is_object()) {
        std::ignore = root["errorType"].get(type);
        std::ignore = root["errorMessage"].get(message);
    }
    if (message.empty())
        return type.empty() ? "The function failed." : "The function failed: " + std::string(type);
    return "The function failed: " + (type.empty() ? "" : std::string(type) + ": ")
        + std::string(message.substr(0, 300));
}

} // namespace shardscope
