#include "core/endpoint/actions/actions.h"
#include "core/endpoint/actions/common.h"
#include "core/endpoint/wire_json.h"
#include "core/endpoint/wire_tree.h"
#include "core/engine/limits.h"

namespace shardscope::endpoint::actions {
namespace {

using namespace shapes;

constexpr std::string_view kFormatWords[] {"JSON", "STRING", "BYTE_ARRAY", "GSR_JSON"};
constexpr Shape kFormat {.type = ShapeType::Text, .values = kFormatWords};
constexpr Member kRecordMembers[] {{"RecordFormatType", &kFormat, true}, {"GSRSchemaARN", &kText}};
constexpr Shape kRecord {.members = kRecordMembers};
constexpr Member kStreamMembers[] {{"StreamARN", &kArn, true},
                                   {"RecordConfiguration", &kRecord, true}};
constexpr Shape kStream {.members = kStreamMembers};
constexpr Shape kStreams {.type = ShapeType::List, .least = 1, .most = 1, .of = &kStream};

constexpr bool isBucketChar(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}
/// `arn:aws[-a-z0-9]*:s3:::[a-z0-9._-]{3,63}`
bool isBucketArn(std::string_view text)
{
    constexpr std::string_view kService = ":s3:::";
    const std::size_t at = text.find(kService);
    if (!text.starts_with("arn:aws") || at == std::string_view::npos)
        return false;
    const std::string_view bucket = text.substr(at + kService.size());
    for (const char c : bucket)
        if (!isBucketChar(c))
            return false;
    return bucket.size() >= 3 && bucket.size() <= 63;
}
bool isAccount(std::string_view text)
{
    for (const char c : text)
        if (c < '0' || c > '9')
            return false;
    return text.size() == 12;
}

constexpr Shape kBucket {.type = ShapeType::Text,
                         .pattern = "arn:aws[-a-z0-9]*:s3:::[a-z0-9._-]{3,63}",
                         .fits = isBucketArn};
constexpr Shape kOwner {.type = ShapeType::Text, .pattern = "\\d{12}", .fits = isAccount};
constexpr std::string_view kS3CompressionWords[] {"NONE", "GZIP", "ZSTD"};
constexpr Shape kS3Compression {.type = ShapeType::Text, .values = kS3CompressionWords};
constexpr std::string_view kTableCompressionWords[] {"NONE", "ZSTD", "SNAPPY"};
constexpr Shape kTableCompression {.type = ShapeType::Text, .values = kTableCompressionWords};
constexpr std::string_view kClassWords[] {"STANDARD", "INTELLIGENT_TIERING", "GLACIER_IR"};
constexpr Shape kClass {.type = ShapeType::Text, .values = kClassWords};
constexpr Shape kTemplate {.type = ShapeType::Text, .least = 1, .most = 1'024};
constexpr Shape kFreshness {.type = ShapeType::Integer, .least = 300, .most = 900};

constexpr Member kStorageMembers[] {{"BucketARN", &kBucket, true},
                                    {"ExpectedBucketOwner", &kOwner, true},
                                    {"OutputKeyTemplate", &kTemplate},
                                    {"StorageClass", &kClass},
                                    {"CompressionType", &kS3Compression, true}};
constexpr Shape kStorage {.members = kStorageMembers};
bool isPrefix(std::string_view text)
{
    constexpr std::string_view kMarks = "!-_'.*()/";
    for (const char c : text)
        if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z')
            && kMarks.find(c) == kMarks.npos)
            return false;
    return true;
}
constexpr Shape kPrefix {.type = ShapeType::Text,
                         .least = 1,
                         .most = limits::kErrorOutputPrefixChars,
                         .pattern = "[0-9A-Za-z!\\-_'.*()\\/]+",
                         .fits = isPrefix};
constexpr Member kDeadLetterMembers[] {{"BucketARN", &kBucket, true},
                                       {"ExpectedBucketOwner", &kOwner, true},
                                       {"ErrorOutputPrefix", &kPrefix}};
constexpr Shape kDeadLetter {.members = kDeadLetterMembers};
constexpr Member kS3Members[] {{"DataFreshnessInSeconds", &kFreshness},
                               {"DeadLetterQueueS3Configuration", &kDeadLetter},
                               {"StorageConfiguration", &kStorage, true}};
constexpr Shape kS3 {.members = kS3Members};

constexpr Member kTableMembers[] {{"TableBucketARN", &kArn, true},
                                  {"Namespace", &kText, true},
                                  {"TableName", &kText, true},
                                  {"CompressionType", &kTableCompression, true}};
constexpr Shape kTable {.members = kTableMembers};
constexpr Shape kTables {.type = ShapeType::List, .least = 1, .most = 1, .of = &kTable};
constexpr Member kS3TablesMembers[] {{"DataFreshnessInSeconds", &kFreshness},
                                     {"DeadLetterQueueS3Configuration", &kDeadLetter, true},
                                     {"S3TablesConfigurationList", &kTables, true}};
constexpr Shape kS3Tables {.members = kS3TablesMembers};

constexpr std::string_view kKmsWord[] {"KMS"};
constexpr Shape kEncryptionType {.type = ShapeType::Text, .values = kKmsWord};
constexpr Shape kKeyId {.type = ShapeType::Text, .least = 1, .most = 2'048};
constexpr Member kEncryptionMembers[] {{"EncryptionType", &kEncryptionType, true},
                                       {"KeyId", &kKeyId, true}};
constexpr Shape kEncryption {.members = kEncryptionMembers};
constexpr Shape kAnything; // a structure that is kept as it came

constexpr Member kCreateMembers[] {{"ChannelName", &kName, true},
                                   {"ServiceExecutionRoleARN", &kArn, true},
                                   {"StreamConfigurationList", &kStreams, true},
                                   {"S3DestinationConfiguration", &kS3},
                                   {"S3TablesDestinationConfiguration", &kS3Tables},
                                   {"EncryptionConfiguration", &kEncryption},
                                   {"Tags", &kTags},
                                   {"LoggingConfiguration", &kAnything}};
constexpr Shape kCreate {.members = kCreateMembers};

constexpr Member kOneMembers[] {{"ChannelARN", &kArn, true}};
constexpr Shape kOne {.members = kOneMembers};

constexpr Member kUpdateDestinationMembers[] {{"DataFreshnessInSeconds", &kFreshness, true}};
constexpr Shape kUpdateDestination {.members = kUpdateDestinationMembers};
constexpr Member kUpdateMembers[] {{"ChannelARN", &kArn, true},
                                   {"S3DestinationConfiguration", &kUpdateDestination},
                                   {"S3TablesDestinationConfiguration", &kUpdateDestination},
                                   {"LoggingConfiguration", &kAnything}};
constexpr Shape kUpdate {.members = kUpdateMembers};

constexpr Member kFilterMembers[] {{"StreamARN", &kArn, true}, {"StreamCreationTimestamp", &kTime}};
constexpr Shape kFilter {.members = kFilterMembers};
constexpr Shape kFilters {.type = ShapeType::List, .least = 1, .most = 1, .of = &kFilter};
constexpr Shape kMaxResults {.type = ShapeType::Integer, .least = 1, .most = 100};
constexpr Member kListMembers[] {
    {"StreamFilter", &kFilters}, {"MaxResults", &kMaxResults}, {"NextToken", &kNextToken}};
constexpr Shape kList {.members = kListMembers};

std::optional<std::string> jsonOf(const Input& in, std::string_view name)
{
    const auto found = in.value().find(name);
    if (!found)
        return std::nullopt;
    std::string json;
    JsonWriter writer(json);
    writeTree(writer, *found);
    return json;
}

/// What delivery needs of the destination that was given.
Result<void> readDestination(const Input& in, ChannelSpec& spec)
{
    const auto s3 = in.structure("S3DestinationConfiguration");
    const auto tables = in.structure("S3TablesDestinationConfiguration");
    if (s3.has_value() == tables.has_value())
        return fail(ErrorCode::InvalidArgument,
                    "Exactly one of S3DestinationConfiguration and "
                    "S3TablesDestinationConfiguration should be provided.");
    const Input& given = s3 ? *s3 : *tables;
    const Input where = s3 ? *s3->structure("StorageConfiguration")
                           : tables->structures("S3TablesConfigurationList").front();
    spec.s3Json = jsonOf(in, "S3DestinationConfiguration").value_or(std::string());
    spec.s3TablesJson = jsonOf(in, "S3TablesDestinationConfiguration").value_or(std::string());
    spec.dataFreshnessSeconds
        = given.integer("DataFreshnessInSeconds").value_or(spec.dataFreshnessSeconds);
    spec.bucketArn = where.textOr(s3 ? "BucketARN" : "TableBucketARN");
    spec.compression = where.textOr("CompressionType");
    spec.outputKeyTemplate = where.textOr("OutputKeyTemplate");
    if (const auto errors = given.structure("DeadLetterQueueS3Configuration")) {
        spec.deadLetterBucketArn = errors->textOr("BucketARN");
        spec.errorOutputPrefix = errors->textOr("ErrorOutputPrefix");
    }
    return {};
}

Result<ApiRequest> readCreate(const Input& in, const ArnScope& scope)
{
    CreateChannel request;
    ChannelSpec& spec = request.channel;
    spec.channelName = in.textOr("ChannelName");
    spec.serviceExecutionRoleArn = in.textOr("ServiceExecutionRoleARN");
    const Input stream = in.structures("StreamConfigurationList").front();
    auto name = parseStreamArn(stream.textOr("StreamARN"), scope);
    if (!name)
        return tl::unexpected(name.error());
    spec.streamName = std::move(*name);
    const Input record = *stream.structure("RecordConfiguration");
    spec.recordFormat = record.textOr("RecordFormatType");
    spec.gsrSchemaArn = record.textOr("GSRSchemaARN");
    if (auto ok = readDestination(in, spec); !ok)
        return tl::unexpected(ok.error());
    if (const auto encryption = in.structure("EncryptionConfiguration"))
        spec.encryptionKeyId = encryption->text("KeyId");
    spec.loggingJson = jsonOf(in, "LoggingConfiguration").value_or(std::string());
    request.tags = in.textMap("Tags");
    return request;
}

template <typename Request> Result<ApiRequest> readOne(const Input& in, const ArnScope& scope)
{
    return parseChannelArn(in.textOr("ChannelARN"), scope).map([](std::string id) -> ApiRequest {
        return Request {std::move(id)};
    });
}

Result<ApiRequest> readUpdate(const Input& in, const ArnScope& scope)
{
    auto id = parseChannelArn(in.textOr("ChannelARN"), scope);
    if (!id)
        return tl::unexpected(id.error());
    UpdateChannel request;
    request.channelId = std::move(*id);
    request.s3Json = jsonOf(in, "S3DestinationConfiguration");
    request.s3TablesJson = jsonOf(in, "S3TablesDestinationConfiguration");
    request.loggingJson = jsonOf(in, "LoggingConfiguration");
    for (const char* kind : {"S3DestinationConfiguration", "S3TablesDestinationConfiguration"})
        if (const auto given = in.structure(kind))
            request.dataFreshnessSeconds = given->integer("DataFreshnessInSeconds");
    return request;
}

Result<ApiRequest> readList(const Input& in, const ArnScope& scope)
{
    ListChannels request;
    request.maxResults = in.integer("MaxResults");
    request.nextToken = in.text("NextToken");
    for (const Input& filter : in.structures("StreamFilter")) {
        auto name = parseStreamArn(filter.textOr("StreamARN"), scope);
        if (!name)
            return tl::unexpected(name.error());
        request.streamName = std::move(*name);
        request.streamCreationTimestamp = filter.time("StreamCreationTimestamp");
    }
    return request;
}

void writeHead(WireWriter& out, const ChannelDescription& channel, const ArnScope& scope)
{
    out.member("ChannelName", channel.spec.channelName);
    out.member("ChannelARN", channelArn(scope, channel.channelId));
    out.member("ChannelId", channel.channelId);
    out.member("ChannelStatus", words::of(words::kChannelStatus, channel.status));
    if (!channel.statusReason.empty())
        out.member("ChannelStatusReason", channel.statusReason);
    out.member("ChannelCreationTimestamp", channel.createdAt);
}

/// A destination as it was written, with the freshness that holds now.
void writeDestination(WireWriter& out, std::string_view name, const std::string& json,
                      const ChannelSpec& spec)
{
    if (json.empty())
        return;
    out.beginMap(name);
    out.member("DataFreshnessInSeconds", spec.dataFreshnessSeconds);
    writeJsonMembers(out, json, "DataFreshnessInSeconds");
    out.endMap();
}

void writeChannel(WireWriter& out, const ChannelDescription& channel, const ArnScope& scope)
{
    const ChannelSpec& spec = channel.spec;
    out.beginMap();
    writeHead(out, channel, scope);
    out.member("ServiceExecutionRoleARN", spec.serviceExecutionRoleArn);
    out.beginList("StreamConfigurationList");
    out.beginMap();
    out.member("StreamARN", streamArn(scope, spec.streamName));
    out.beginMap("RecordConfiguration");
    out.member("RecordFormatType", spec.recordFormat);
    if (!spec.gsrSchemaArn.empty())
        out.member("GSRSchemaARN", spec.gsrSchemaArn);
    out.endMap();
    out.endMap();
    out.endList();
    writeDestination(out, "S3DestinationConfiguration", spec.s3Json, spec);
    writeDestination(out, "S3TablesDestinationConfiguration", spec.s3TablesJson, spec);
    if (spec.encryptionKeyId) {
        out.beginMap("EncryptionConfiguration");
        out.member("EncryptionType", kKmsWord[0]);
        out.member("KeyId", *spec.encryptionKeyId);
        out.endMap();
    }
    if (!spec.loggingJson.empty()) {
        out.beginMap("LoggingConfiguration");
        writeJsonMembers(out, spec.loggingJson, {});
        out.endMap();
    }
    out.endMap();
}

void writeDescription(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    out.beginMap();
    out.key("ChannelDescription");
    writeChannel(out, std::get<ChannelDescription>(answer), with.scope);
    out.endMap();
}

void writeList(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    const auto& result = std::get<ListChannelsResult>(answer);
    out.beginMap();
    out.beginList("ChannelSummaries");
    for (const ChannelDescription& channel : result.channels) {
        out.beginMap();
        writeHead(out, channel, with.scope);
        out.member("ChannelDestinationType", channel.spec.s3Json.empty() ? "S3_TABLES" : "S3");
        out.beginList("Streams");
        out.beginMap();
        out.member("StreamARN", streamArn(with.scope, channel.spec.streamName));
        out.endMap();
        out.endList();
        out.endMap();
    }
    out.endList();
    if (result.nextToken)
        out.member("NextToken", *result.nextToken);
    out.endMap();
}

} // namespace

const Action kCreateChannel {
    .name = "CreateChannel", .input = &kCreate, .read = readCreate, .write = writeDescription};
const Action kDescribeChannel {.name = "DescribeChannel",
                               .input = &kOne,
                               .read = readOne<DescribeChannel>,
                               .write = writeDescription};
const Action kListChannels {
    .name = "ListChannels", .input = &kList, .read = readList, .write = writeList};
const Action kUpdateChannel {
    .name = "UpdateChannel", .input = &kUpdate, .read = readUpdate, .write = writeDescription};
const Action kDeleteChannel {
    .name = "DeleteChannel", .input = &kOne, .read = readOne<DeleteChannel>};

} // namespace shardscope::endpoint::actions
