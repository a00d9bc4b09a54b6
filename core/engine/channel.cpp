#include "core/engine/channel.h"

#include <algorithm>
#include <initializer_list>

#include "core/engine/constraints.h"
#include "core/engine/limits.h"
#include "core/storage/key_ring.h"

namespace shardscope {
namespace {

constexpr std::string_view kBucketPattern = "arn:aws[-a-z0-9]*:s3:::[a-z0-9._-]{3,63}";
constexpr std::string_view kRolePattern = R"(arn:aws[-a-z0-9]*:iam::\d{12}:role/\S+)";

bool isLowerOrDigit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// Takes `arn:aws…:` off the front of `text`.
bool takePartition(std::string_view& text)
{
    constexpr std::string_view head = "arn:aws";
    if (!text.starts_with(head))
        return false;
    text.remove_prefix(head.size());
    const auto end = std::find_if(text.begin(), text.end(),
                                  [](char c) { return !isLowerOrDigit(c) && c != '-'; });
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    return text.starts_with(':');
}

bool isBucketArn(std::string_view text)
{
    constexpr std::string_view service = ":s3:::";
    if (!takePartition(text) || !text.starts_with(service))
        return false;
    text.remove_prefix(service.size());
    return text.size() >= 3 && text.size() <= 63
        && std::all_of(text.begin(), text.end(), [](char c) {
               return isLowerOrDigit(c) || c == '.' || c == '_' || c == '-';
           });
}

bool isRoleArn(std::string_view text)
{
    constexpr std::string_view service = ":iam::";
    constexpr std::string_view role = ":role/";
    if (!takePartition(text) || !text.starts_with(service))
        return false;
    text.remove_prefix(service.size());
    const auto digits
        = std::find_if(text.begin(), text.end(), [](char c) { return c < '0' || c > '9'; });
    if (digits - text.begin() != 12)
        return false;
    text.remove_prefix(12);
    return text.starts_with(role) && text.size() > role.size()
        && text.find(' ') == std::string_view::npos;
}

Result<void> pattern(std::string_view member, bool fits, std::string_view wanted)
{
    return fits
        ? Result<void> {}
        : constraints::refuse(member, "satisfy regular expression pattern: " + std::string(wanted));
}

Result<void> oneOf(std::string_view member, std::string_view value,
                   std::initializer_list<std::string_view> words)
{
    if (std::find(words.begin(), words.end(), value) != words.end())
        return {};
    std::string list;
    for (const std::string_view word : words)
        list.append(list.empty() ? "" : ", ").append(word);
    return constraints::refuse(member, "satisfy enum value set: [" + list + "]");
}

Result<void> freshness(std::int64_t seconds)
{
    return constraints::range("dataFreshnessInSeconds", seconds, limits::kDataFreshnessLeast,
                              limits::kDataFreshnessMost);
}

Result<void> oneDestination(bool files, bool tables)
{
    if (files != tables)
        return {};
    return fail(ErrorCode::InvalidArgument,
                "Exactly one of S3DestinationConfiguration and S3TablesDestinationConfiguration "
                "must be provided.");
}

Result<void> checkFiles(const ChannelSpec& spec)
{
    for (const Result<void>& ok :
         {pattern("s3DestinationConfiguration.bucketARN", isBucketArn(spec.bucketArn),
                  kBucketPattern),
          oneOf("s3DestinationConfiguration.compressionType", spec.compression,
                {"NONE", "GZIP", "ZSTD"}),
          spec.outputKeyTemplate.empty()
              ? Result<void> {}
              : constraints::length("s3DestinationConfiguration.outputKeyTemplate",
                                    spec.outputKeyTemplate, 1, limits::kOutputKeyTemplateChars),
          spec.deadLetterBucketArn.empty()
              ? Result<void> {}
              : pattern("s3DestinationConfiguration.deadLetterQueueS3Configuration.bucketARN",
                        isBucketArn(spec.deadLetterBucketArn), kBucketPattern),
          spec.errorOutputPrefix.empty()
              ? Result<void> {}
              : constraints::length(
                  "s3DestinationConfiguration.deadLetterQueueS3Configuration.errorOutputPrefix",
                  spec.errorOutputPrefix, 1, limits::kErrorOutputPrefixChars)}) {
        if (!ok)
            return ok;
    }
    return {};
}

} // namespace

bool isOwnKey(std::string_view keyId)
{
    return keyId.ends_with(KeyRing::kOwnAlias);
}

bool toTables(const ChannelSpec& spec)
{
    return !spec.s3TablesJson.empty();
}

Result<void> checkChannel(const ChannelSpec& spec)
{
    for (const Result<void>& ok :
         {constraints::name("channelName", spec.channelName),
          pattern("serviceExecutionRoleARN", isRoleArn(spec.serviceExecutionRoleArn), kRolePattern),
          oneOf("recordFormatType", spec.recordFormat,
                {"JSON", "STRING", "BYTE_ARRAY", "GSR_JSON"}),
          oneDestination(!spec.s3Json.empty(), toTables(spec)),
          toTables(spec) ? oneOf("s3TablesDestinationConfiguration.compressionType",
                                 spec.compression, {"NONE", "ZSTD", "SNAPPY"})
                         : checkFiles(spec),
          freshness(spec.dataFreshnessSeconds),
          spec.encryptionKeyId ? constraints::length("encryptionConfiguration.keyId",
                                                     *spec.encryptionKeyId, 1, limits::kKeyIdChars)
                               : Result<void> {}}) {
        if (!ok)
            return ok;
    }
    if (spec.encryptionKeyId && isOwnKey(*spec.encryptionKeyId))
        return fail(ErrorCode::InvalidArgument,
                    "EncryptionConfiguration takes a customer managed key; "
                        + std::string(KeyRing::kOwnAlias) + " is none.");
    if (spec.recordFormat == "GSR_JSON")
        return fail(ErrorCode::Validation,
                    "Records in GSR_JSON need a schema registry, which this service does not have; "
                    "JSON, STRING and BYTE_ARRAY are delivered.");
    return {};
}

Result<void> checkUpdate(const UpdateChannel& update, const ChannelSpec& spec)
{
    if (update.s3Json && update.s3TablesJson)
        return oneDestination(true, true);
    if (toTables(spec) ? update.s3Json.has_value() : update.s3TablesJson.has_value())
        return fail(ErrorCode::InvalidArgument,
                    "Channel " + spec.channelName + " delivers to "
                        + (toTables(spec) ? "S3 tables" : "S3")
                        + "; a channel's destination cannot be changed.");
    return update.dataFreshnessSeconds ? freshness(*update.dataFreshnessSeconds) : Result<void> {};
}

} // namespace shardscope
