#include "core/consumers/firehose_partition.h"

#include <algorithm>
#include <simdjson.h>

#include "core/consumers/firehose_names.h"

namespace shardscope {
namespace {

/// `.a.b` as the parser's pointer `/a/b`.
std::string pointerOf(std::string_view path)
{
    std::string pointer;
    for (const char c : path) {
        if (c == '.')
            pointer += '/';
        else if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
    return pointer;
}

bool textOf(simdjson::ondemand::value value, std::string& out)
{
    simdjson::ondemand::json_type type {};
    if (value.type().get(type) != simdjson::SUCCESS)
        return false;
    if (type == simdjson::ondemand::json_type::string) {
        std::string_view text;
        if (value.get_string().get(text) != simdjson::SUCCESS)
            return false;
        out = text;
        return true;
    }
    if (type != simdjson::ondemand::json_type::number
        && type != simdjson::ondemand::json_type::boolean)
        return false;
    std::string_view token = value.raw_json_token();
    while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ')
        token.remove_suffix(1);
    out = token;
    return true;
}

/// Every name once as a value, to see whether a prefix evaluates.
std::vector<NamedValue> stand(const std::vector<std::string>& names)
{
    std::vector<NamedValue> values;
    for (const std::string& name : names)
        values.emplace_back(name, "value");
    return values;
}

} // namespace

FirehoseTrouble troubleOf(const FirehoseSpec& spec)
{
    using Field = FirehoseTrouble::Field;
    std::vector<std::string> keys;
    for (const FirehoseSpec::PartitionKey& key : spec.partitionBy) {
        if (std::find(keys.begin(), keys.end(), key.name) != keys.end())
            return {Field::PartitionBy, "must give each name once"};
        keys.push_back(key.name);
    }
    const auto named = partitionKeysIn(spec.prefix, "partitionKeyFromQuery");
    const auto byFunction = partitionKeysIn(spec.prefix, "partitionKeyFromLambda");
    PrefixValues values {.at = kDefaultStart, .random = std::string(11, 'x'), .errorType = {}};
    const auto fromQuery = stand(keys);
    const auto fromLambda = stand(byFunction);
    values.fromQuery = fromQuery;
    values.fromLambda = fromLambda;
    if (!firehosePrefix(spec.prefix, values))
        return {Field::Prefix,
                "must be text in which !{timestamp:yyyy/MM/dd/HH}, !{firehose:random-string}, "
                "!{partitionKeyFromQuery:…} of partitionBy and !{partitionKeyFromLambda:…} are the "
                "only expressions, of 512 characters at most when they are evaluated"};
    if (!byFunction.empty() && spec.transform.empty())
        return {Field::Prefix, "must name partition keys from Lambda only with a transform"};
    for (const std::string& key : keys)
        if (std::find(named.begin(), named.end(), key) == named.end())
            return {Field::PartitionBy,
                    "must give names that the prefix has in !{partitionKeyFromQuery:…}"};
    if ((!keys.empty() || !byFunction.empty()) && spec.bufferInterval == SimDuration {})
        return {Field::BufferInterval, "must be more than none with dynamic partitioning"};
    values.errorType = "processing-failed";
    if (!firehosePrefix(spec.errorPrefix, values))
        return {Field::ErrorPrefix,
                "must be text in which !{timestamp:yyyy/MM/dd/HH}, !{firehose:random-string} and "
                "!{firehose:error-output-type} are the only expressions, of 512 characters at most "
                "when they are evaluated"};
    if (hasExpressions(spec.prefix) && spec.errorPrefix.empty())
        return {Field::ErrorPrefix, "must be set when the prefix has expressions"};
    return {};
}

bool isFieldPath(std::string_view path)
{
    return path.size() >= 2 && path.front() == '.' && path.back() != '.'
        && path.find("..") == path.npos && path.find_first_of("[]\"' ") == path.npos;
}

std::string readPartitionKeys(std::string_view data,
                              const std::vector<FirehoseSpec::PartitionKey>& keys,
                              std::vector<std::string>& values)
{
    values.resize(keys.size());
    // Only their memory counts: it is used again for the next record.
    thread_local simdjson::ondemand::parser parser;
    thread_local std::string padded;
    padded.assign(data);
    padded.resize(data.size() + simdjson::SIMDJSON_PADDING);
    simdjson::ondemand::document document;
    simdjson::ondemand::object object;
    if (parser.iterate(padded.data(), data.size(), padded.size()).get(document) != simdjson::SUCCESS
        || document.get_object().get(object) != simdjson::SUCCESS)
        return "The record is no JSON object.";
    for (std::size_t i = 0; i < keys.size(); ++i) {
        simdjson::ondemand::value value;
        if (document.at_pointer(pointerOf(keys[i].path)).get(value) != simdjson::SUCCESS
            || !textOf(value, values[i]))
            return "The record has no text, number or truth value at " + keys[i].path + '.';
        if (values[i].empty())
            return "The partition key " + keys[i].name + " is empty.";
    }
    return {};
}

} // namespace shardscope
