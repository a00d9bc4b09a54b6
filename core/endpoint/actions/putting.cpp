#include <array>
#include <cstring>
#include <utility>

#include "core/base/base64.h"
#include "core/endpoint/actions/actions.h"
#include "core/endpoint/actions/common.h"
#include "core/endpoint/digits.h"
#include "core/endpoint/put_scanner.h"
#include "core/endpoint/sequence_writer.h"

namespace shardscope::endpoint::actions {
namespace {

using namespace shapes;

constexpr Shape kData {.type = ShapeType::Blob, .least = 0, .most = 10'485'760};
constexpr Shape kPartitionKey {.type = ShapeType::Text, .least = 1, .most = 256};
constexpr Member kOneMembers[] {kByName,
                                kByArn,
                                kById,
                                {"Data", &kData, true},
                                {"PartitionKey", &kPartitionKey},
                                {"ExplicitHashKey", &kHashKey},
                                {"SequenceNumberForOrdering", &kSequenceNumber},
                                {"DryRun", &kFlag}};
constexpr Shape kOne {.members = kOneMembers};

constexpr Member kEntryMembers[] {
    {"Data", &kData, true}, {"ExplicitHashKey", &kHashKey}, {"PartitionKey", &kPartitionKey}};
constexpr Shape kEntry {.members = kEntryMembers};
constexpr Shape kEntries {.type = ShapeType::List, .least = 1, .most = 500, .of = &kEntry};
constexpr Member kManyMembers[] {
    kByName, kByArn, kById, {"Records", &kEntries, true}, {"DryRun", &kFlag}};
constexpr Shape kMany {.members = kManyMembers};

constexpr std::string_view kThrottled = "ProvisionedThroughputExceededException";

Result<std::optional<HashKey>> placeOf(const Input& entry)
{
    const auto text = entry.text("ExplicitHashKey");
    if (!text)
        return std::optional<HashKey>();
    const auto key = parseHashKey(*text);
    if (!key)
        return fail(ErrorCode::InvalidArgument,
                    "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. "
                    "Specified value was "
                        + *text);
    return std::optional(*key);
}

/// Adds an entry. `room` is used again from entry to entry.
Result<void> addEntry(const Input& entry, RecordBatch& batch, std::vector<char>& room)
{
    auto place = placeOf(entry);
    if (!place)
        return tl::unexpected(place.error());
    const WireValue blob = *entry.value().find("Data");
    std::string_view data = blob.text();
    if (blob.kind() == WireKind::Text) {
        room.resize(base64Room(data.size()));
        data = {room.data(), decodeBase64(data, room.data()).value_or(0)};
    }
    const auto key = entry.text("PartitionKey");
    batch.add(key.value_or(std::string()), data, *place);
    batch.rows.back().keyless = !key;
    return {};
}

Result<ApiRequest> readOne(const Input& in, const ArnScope& scope)
{
    auto name = streamOf(in, scope);
    if (!name)
        return tl::unexpected(name.error());
    PutRecord request;
    request.streamName = std::move(*name);
    std::vector<char> room;
    if (auto ok = addEntry(in, request.record, room); !ok)
        return tl::unexpected(ok.error());
    request.record.hashKeys();
    request.sequenceNumberForOrdering = in.text("SequenceNumberForOrdering");
    request.dryRun = in.flag("DryRun");
    return request;
}

Result<ApiRequest> readMany(const Input& in, const ArnScope& scope)
{
    auto name = streamOf(in, scope);
    if (!name)
        return tl::unexpected(name.error());
    PutRecords request;
    request.streamName = std::move(*name);
    std::vector<char> room;
    for (const Input& entry : in.structures("Records"))
        if (auto ok = addEntry(entry, request.records, room); !ok)
            return tl::unexpected(ok.error());
    request.records.hashKeys();
    request.dryRun = in.flag("DryRun");
    return request;
}

std::optional<std::string> scannedStream(const ScannedPut& put, const ArnScope& scope)
{
    auto name = resolveStream(put.streamName, put.streamArn, scope);
    return name && !name->empty() ? std::optional(std::move(*name)) : std::nullopt;
}

bool scanOne(std::string_view body, const ArnScope& scope, ApiRequest& request)
{
    auto put = scanPutRecord(body);
    auto name = put ? scannedStream(*put, scope) : std::nullopt;
    if (!name)
        return false;
    put->records.hashKeys();
    PutRecord one {std::move(*name), std::move(put->records), {}, put->dryRun};
    if (put->sequenceNumberForOrdering)
        one.sequenceNumberForOrdering = std::string(*put->sequenceNumberForOrdering);
    request = std::move(one);
    return true;
}

bool scanMany(std::string_view body, const ArnScope& scope, ApiRequest& request)
{
    auto put = scanPutRecords(body);
    auto name = put ? scannedStream(*put, scope) : std::nullopt;
    if (!name)
        return false;
    put->records.hashKeys();
    request = PutRecords {std::move(*name), std::move(put->records), put->dryRun};
    return true;
}

void writeEncryption(WireWriter& out, EncryptionType type)
{
    if (type == EncryptionType::Kms)
        out.member("EncryptionType", words::of(words::kEncryption, type));
}

void writeOne(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    const auto& result = std::get<PutResult>(answer);
    out.beginMap();
    out.member("ShardId", shardIdText(result.number.shard));
    out.member("SequenceNumber", result.number.text());
    writeEncryption(out, result.encryption);
    out.endMap();
}

/// Remembers the shards of earlier answers of this thread.
SequenceWriter& sequenceWriter()
{
    static thread_local SequenceWriter writer;
    return writer;
}

void writeMany(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    const auto& result = std::get<PutRecordsResult>(answer);
    SequenceWriter& numbers = sequenceWriter();
    out.beginMap();
    out.member("FailedRecordCount", result.failedRecordCount);
    out.beginList("Records");
    for (const SequenceNumber& record : result.records) {
        out.beginMap();
        if (record.counter == 0) {
            out.member("ErrorCode", kThrottled);
            out.member("ErrorMessage", throttleText(record, with));
        } else {
            out.member("SequenceNumber", numbers.text(record));
            out.member("ShardId", shardIdText(record.shard));
        }
        out.endMap();
    }
    out.endList();
    writeEncryption(out, result.encryption);
    out.endMap();
}

/// The twelve digits of a shard's id.
void writeShardDigits(char* at, ShardSlot shard)
{
    constexpr std::uint32_t kEight = 100'000'000; // 32 bits are ten digits
    std::array<char, 16> digits {};
    writeEightDigits(digits.data(), shard.value / kEight);
    writeEightDigits(digits.data() + 8, shard.value % kEight);
    std::memcpy(at, digits.data() + 4, 12);
}

// Of a record that was taken: all but the digits is always the same.
constexpr std::string_view kOneTaken
    = "{\"ShardId\":\"shardId-000000000000\",\"SequenceNumber\":\"";
constexpr std::string_view kNumberBegins = "{\"SequenceNumber\":\"";
constexpr std::string_view kShardBegins = "\",\"ShardId\":\"shardId-";

void writeOneJson(std::string& out, const ApiAnswer& answer, const Answering&)
{
    const auto& result = std::get<PutResult>(answer);
    out.reserve(kOneTaken.size() + SequenceWriter::kDigits + 32);
    out += kOneTaken;
    writeShardDigits(out.data() + kOneTaken.find('0'), result.number.shard);
    out += sequenceWriter().text(result.number);
    out += result.encryption == EncryptionType::Kms ? "\",\"EncryptionType\":\"KMS\"}" : "\"}";
}

void writeManyJson(std::string& out, const ApiAnswer& answer, const Answering& with)
{
    constexpr std::size_t kFrameBytes = 128;
    static const std::string kTaken = std::string(kNumberBegins)
        + std::string(SequenceWriter::kDigits, '0') + std::string(kShardBegins)
        + "000000000000\"},";
    constexpr std::size_t kShardAt
        = kNumberBegins.size() + SequenceWriter::kDigits + kShardBegins.size();
    const auto& result = std::get<PutRecordsResult>(answer);
    out.reserve(result.records.size() * kTaken.size() + kFrameBytes);
    out += "{\"FailedRecordCount\":" + std::to_string(result.failedRecordCount) + ",\"Records\":[";
    for (const SequenceNumber& record : result.records) {
        if (record.counter != 0) {
            out += kTaken;
            char* const entry = out.data() + out.size() - kTaken.size();
            const std::string_view number = sequenceWriter().text(record);
            std::memcpy(entry + kNumberBegins.size(), number.data(), number.size());
            writeShardDigits(entry + kShardAt, record.shard);
        } else { // nothing in it needs an escape: names have none
            out += "{\"ErrorCode\":\"";
            out += kThrottled;
            out += "\",\"ErrorMessage\":\"" + throttleText(record, with) + "\"},";
        }
    }
    if (!result.records.empty())
        out.pop_back();
    out += result.encryption == EncryptionType::Kms ? "],\"EncryptionType\":\"KMS\"}" : "]}";
}

} // namespace

const Action kPutRecord {.name = "PutRecord",
                         .input = &kOne,
                         .read = readOne,
                         .write = writeOne,
                         .readJson = scanOne,
                         .writeJson = writeOneJson};
const Action kPutRecords {.name = "PutRecords",
                          .input = &kMany,
                          .read = readMany,
                          .write = writeMany,
                          .readJson = scanMany,
                          .writeJson = writeManyJson};

} // namespace shardscope::endpoint::actions
