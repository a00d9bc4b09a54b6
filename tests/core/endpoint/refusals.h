#pragma once

#include <string>
#include <vector>

/// Requests that are wrong or mean harm, each with what is answered: status 400 in every case here.
namespace shardscope::testing {

struct Refusal {
    std::string name, operation, body, type, message;
};

inline std::string times(std::size_t count, const std::string& text)
{
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += text;
    return all;
}

inline std::vector<Refusal> refusals()
{
    return {
        {"body: nothing", "ListStreams", "", "SerializationException", ""},
        {"body: a blank", "ListStreams", " ", "SerializationException", ""},
        {"body: half a brace", "ListStreams", "{", "SerializationException", ""},
        {"body: a closing brace", "ListStreams", "}", "SerializationException", ""},
        {"body: a list", "ListStreams", "[]", "SerializationException", ""},
        {"body: a number", "ListStreams", "1", "SerializationException", ""},
        {"body: a text", "ListStreams", "\"a\"", "SerializationException", ""},
        {"body: null", "ListStreams", "null", "SerializationException", ""},
        {"body: two values", "ListStreams", "{}{}", "SerializationException", ""},
        {"body: a comma too many", "ListStreams", "{\"Limit\":1,}", "SerializationException", ""},
        {"body: a bare word", "ListStreams", "{Limit:1}", "SerializationException", ""},
        {"body: single quotes", "ListStreams", "{'Limit':1}", "SerializationException", ""},
        {"body: a NaN", "ListStreams", "{\"Limit\":NaN}", "SerializationException", ""},
        {"body: a leading zero", "ListStreams", "{\"Limit\":01}", "SerializationException", ""},
        {"body: a plus", "ListStreams", "{\"Limit\":+1}", "SerializationException", ""},
        {"body: a control character", "ListStreams", "{\"NextToken\":\"a\001\"}",
         "SerializationException", ""},
        {"body: a number beyond all", "ListStreams", "{\"Limit\":1e999}", "SerializationException",
         ""},
        {"body: 65 bits", "ListStreams", "{\"Limit\":36893488147419103232}",
         "SerializationException", ""},
        {"body: deep nesting", "ListStreams", times(40, "{\"a\":") + "1" + times(40, "}"),
         "SerializationException", ""},
        {"body: deep lists", "ListStreams", times(100000, "["), "SerializationException", ""},
        {"body: half an escape", "ListStreams", "{\"NextToken\":\"\\u00\"}",
         "SerializationException", ""},
        {"body: half a surrogate", "ListStreams", "{\"NextToken\":\"\\ud83d\"}",
         "SerializationException", ""},
        {"Limit is \"x\"", "ListStreams", "{\"Limit\":\"x\"}", "SerializationException",
         "STRING_VALUE can not be converted to Integer"},
        {"Limit is true", "ListStreams", "{\"Limit\":true}", "SerializationException",
         "TRUE_VALUE can not be converted to Integer"},
        {"Limit is false", "ListStreams", "{\"Limit\":false}", "SerializationException",
         "FALSE_VALUE can not be converted to Integer"},
        {"Limit is a list", "ListStreams", "{\"Limit\":[1]}", "SerializationException",
         "Start of list found where not expected."},
        {"Limit is a map", "ListStreams", "{\"Limit\":{}}", "SerializationException",
         "Start of structure or map found where not expected."},
        {"DescribeStream: StreamName is a number", "DescribeStream", "{\"StreamName\":1}",
         "SerializationException", "NUMBER_VALUE can not be converted to String"},
        {"DescribeStream: StreamName is a list", "DescribeStream", "{\"StreamName\":[\"a\"]}",
         "SerializationException", "Start of list found where not expected."},
        {"DescribeStreamSummary: StreamARN is a number", "DescribeStreamSummary",
         "{\"StreamARN\":1}", "SerializationException",
         "NUMBER_VALUE can not be converted to String"},
        {"DescribeStreamSummary: StreamARN is a list", "DescribeStreamSummary",
         "{\"StreamARN\":[\"a\"]}", "SerializationException",
         "Start of list found where not expected."},
        {"DeleteStream: StreamName is a number", "DeleteStream", "{\"StreamName\":1}",
         "SerializationException", "NUMBER_VALUE can not be converted to String"},
        {"DeleteStream: StreamName is a list", "DeleteStream", "{\"StreamName\":[\"a\"]}",
         "SerializationException", "Start of list found where not expected."},
        {"SplitShard: ShardToSplit is a number", "SplitShard", "{\"ShardToSplit\":1}",
         "SerializationException", "NUMBER_VALUE can not be converted to String"},
        {"SplitShard: ShardToSplit is a list", "SplitShard", "{\"ShardToSplit\":[\"a\"]}",
         "SerializationException", "Start of list found where not expected."},
        {"MergeShards: ShardToMerge is a number", "MergeShards", "{\"ShardToMerge\":1}",
         "SerializationException", "NUMBER_VALUE can not be converted to String"},
        {"MergeShards: ShardToMerge is a list", "MergeShards", "{\"ShardToMerge\":[\"a\"]}",
         "SerializationException", "Start of list found where not expected."},
        {"GetRecords: ShardIterator is a number", "GetRecords", "{\"ShardIterator\":1}",
         "SerializationException", "NUMBER_VALUE can not be converted to String"},
        {"GetRecords: ShardIterator is a list", "GetRecords", "{\"ShardIterator\":[\"a\"]}",
         "SerializationException", "Start of list found where not expected."},
        {"GetShardIterator: ShardId is a number", "GetShardIterator", "{\"ShardId\":1}",
         "SerializationException", "NUMBER_VALUE can not be converted to String"},
        {"GetShardIterator: ShardId is a list", "GetShardIterator", "{\"ShardId\":[\"a\"]}",
         "SerializationException", "Start of list found where not expected."},
        {"RegisterStreamConsumer: ConsumerName is a number", "RegisterStreamConsumer",
         "{\"ConsumerName\":1}", "SerializationException",
         "NUMBER_VALUE can not be converted to String"},
        {"RegisterStreamConsumer: ConsumerName is a list", "RegisterStreamConsumer",
         "{\"ConsumerName\":[\"a\"]}", "SerializationException",
         "Start of list found where not expected."},
        {"PutResourcePolicy: Policy is a number", "PutResourcePolicy", "{\"Policy\":1}",
         "SerializationException", "NUMBER_VALUE can not be converted to String"},
        {"PutResourcePolicy: Policy is a list", "PutResourcePolicy", "{\"Policy\":[\"a\"]}",
         "SerializationException", "Start of list found where not expected."},
        {"StartStreamEncryption: KeyId is a number", "StartStreamEncryption", "{\"KeyId\":1}",
         "SerializationException", "NUMBER_VALUE can not be converted to String"},
        {"StartStreamEncryption: KeyId is a list", "StartStreamEncryption", "{\"KeyId\":[\"a\"]}",
         "SerializationException", "Start of list found where not expected."},
        {"Records is a text", "PutRecords", "{\"StreamName\":\"orders\",\"Records\":\"a\"}",
         "SerializationException", "STRING_VALUE can not be converted to List"},
        {"Records is a map", "PutRecords", "{\"StreamName\":\"orders\",\"Records\":{}}",
         "SerializationException", "Start of structure or map found where not expected."},
        {"a record is a text", "PutRecords", "{\"StreamName\":\"orders\",\"Records\":[\"a\"]}",
         "SerializationException", "STRING_VALUE can not be converted to Structure"},
        {"a record is null", "PutRecords", "{\"StreamName\":\"orders\",\"Records\":[null]}",
         "SerializationException", "NULL_VALUE can not be converted to Structure"},
        {"Data is a number", "PutRecord",
         "{\"StreamName\":\"orders\",\"PartitionKey\":\"k\",\"Data\":1}", "SerializationException",
         "NUMBER_VALUE can not be converted to Blob"},
        {"Data is cut off", "PutRecord",
         "{\"StreamName\":\"orders\",\"PartitionKey\":\"k\",\"Data\":\"YQ=\"}",
         "SerializationException",
         "Base64 encoded length is expected a multiple of 4 bytes but found: 3"},
        {"Data has a stranger", "PutRecord",
         "{\"StreamName\":\"orders\",\"PartitionKey\":\"k\",\"Data\":\"Y!==\"}",
         "SerializationException", "Invalid Base64 character or padding found."},
        {"Data in a batch has a stranger", "PutRecords",
         "{\"StreamName\":\"orders\",\"Records\":[{\"PartitionKey\":\"k\",\"Data\":\"YWJj\"},{"
         "\"PartitionKey\":\"k\",\"Data\":\"Y-Jj\"}]}",
         "SerializationException", "Invalid Base64 character or padding found."},
        {"DryRun is a text", "PutRecord",
         "{\"StreamName\":\"orders\",\"PartitionKey\":\"k\",\"Data\":\"\",\"DryRun\":\"true\"}",
         "SerializationException", "STRING_VALUE can not be converted to Boolean"},
        {"DryRun is a number", "GetRecords", "{\"ShardIterator\":\"x\",\"DryRun\":1}",
         "SerializationException", "NUMBER_VALUE can not be converted to Boolean"},
        {"Timestamp is a word", "GetShardIterator", "{\"Timestamp\":\"noon\"}",
         "SerializationException", "STRING_VALUE can not be converted to Timestamp"},
        {"Timestamp is a flag", "ListShards", "{\"StreamCreationTimestamp\":true}",
         "SerializationException", "TRUE_VALUE can not be converted to Timestamp"},
        {"Tags is a list", "AddTagsToStream", "{\"Tags\":[\"a\"]}", "SerializationException",
         "Start of list found where not expected."},
        {"a tag's value is a number", "AddTagsToStream", "{\"Tags\":{\"a\":1}}",
         "SerializationException", "NUMBER_VALUE can not be converted to String"},
        {"TagKeys is a map", "RemoveTagsFromStream", "{\"TagKeys\":{}}", "SerializationException",
         "Start of structure or map found where not expected."},
        {"the mode is a text", "CreateStream",
         "{\"StreamName\":\"a\",\"StreamModeDetails\":\"ON_DEMAND\"}", "SerializationException",
         "STRING_VALUE can not be converted to Structure"},
        {"metrics as a text", "EnableEnhancedMonitoring", "{\"ShardLevelMetrics\":\"ALL\"}",
         "SerializationException", "STRING_VALUE can not be converted to List"},
        {"the position is a text", "SubscribeToShard", "{\"StartingPosition\":\"LATEST\"}",
         "SerializationException", "STRING_VALUE can not be converted to Structure"},
        {"ListStreams: Limit is zero", "ListStreams", "{\"Limit\":0}", "ValidationException",
         "1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must "
         "have value greater than or equal to 1"},
        {"ListStreams: Limit is negative", "ListStreams", "{\"Limit\":-1}", "ValidationException",
         "1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must "
         "have value greater than or equal to 1"},
        {"ListStreams: Limit is too many", "ListStreams", "{\"Limit\":10001}",
         "ValidationException",
         "1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must "
         "have value less than or equal to 10000"},
        {"ListStreams: Limit is huge", "ListStreams", "{\"Limit\":9223372036854775807}",
         "ValidationException",
         "1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must "
         "have value less than or equal to 10000"},
        {"ListStreams: Limit is a huge fraction", "ListStreams", "{\"Limit\":1e300}",
         "ValidationException",
         "1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must "
         "have value less than or equal to 10000"},
        {"ListStreams: Limit is a half", "ListStreams", "{\"Limit\":0.5}", "ValidationException",
         "1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must "
         "have value greater than or equal to 1"},
        {"ListShards: MaxResults is zero", "ListShards",
         "{\"StreamName\":\"orders\",\"MaxResults\":0}", "ValidationException",
         "1 validation error detected: Value at 'maxResults' failed to satisfy constraint: Member "
         "must have value greater than or equal to 1"},
        {"ListShards: MaxResults above", "ListShards",
         "{\"StreamName\":\"orders\",\"MaxResults\":10001}", "ValidationException",
         "1 validation error detected: Value at 'maxResults' failed to satisfy constraint: Member "
         "must have value less than or equal to 10000"},
        {"DescribeStream: Limit above", "DescribeStream",
         "{\"StreamName\":\"orders\",\"Limit\":10001}", "ValidationException",
         "1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must "
         "have value less than or equal to 10000"},
        {"GetRecords: Limit above", "GetRecords", "{\"ShardIterator\":\"x\",\"Limit\":10001}",
         "ValidationException",
         "1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must "
         "have value less than or equal to 10000"},
        {"GetRecords: Limit is zero", "GetRecords", "{\"ShardIterator\":\"x\",\"Limit\":0}",
         "ValidationException",
         "1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must "
         "have value greater than or equal to 1"},
        {"ListTagsForStream: Limit above", "ListTagsForStream",
         "{\"StreamName\":\"orders\",\"Limit\":51}", "ValidationException",
         "1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must "
         "have value less than or equal to 50"},
        {"ListChannels: MaxResults above", "ListChannels", "{\"MaxResults\":101}",
         "ValidationException",
         "1 validation error detected: Value at 'maxResults' failed to satisfy constraint: Member "
         "must have value less than or equal to 100"},
        {"CreateStream: a name of two words", "CreateStream", "{\"StreamName\":\"a b\"}",
         "ValidationException",
         "1 validation error detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"CreateStream: a long name", "CreateStream",
         "{\"StreamName\":\"" + times(129, "a") + "\"}", "ValidationException",
         "1 validation error detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must have length less than or equal to 128"},
        {"CreateStream: an empty name", "CreateStream", "{\"StreamName\":\"\"}",
         "ValidationException",
         "2 validation errors detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must have length greater than or equal to 1; Value at 'streamName' failed to satisfy "
         "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"DescribeStream: a name of two words", "DescribeStream", "{\"StreamName\":\"a b\"}",
         "ValidationException",
         "1 validation error detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"DescribeStream: a long name", "DescribeStream",
         "{\"StreamName\":\"" + times(129, "a") + "\"}", "ValidationException",
         "1 validation error detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must have length less than or equal to 128"},
        {"DescribeStream: an empty name", "DescribeStream", "{\"StreamName\":\"\"}",
         "ValidationException",
         "2 validation errors detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must have length greater than or equal to 1; Value at 'streamName' failed to satisfy "
         "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"DescribeStreamSummary: a name of two words", "DescribeStreamSummary",
         "{\"StreamName\":\"a b\"}", "ValidationException",
         "1 validation error detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"DescribeStreamSummary: a long name", "DescribeStreamSummary",
         "{\"StreamName\":\"" + times(129, "a") + "\"}", "ValidationException",
         "1 validation error detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must have length less than or equal to 128"},
        {"DescribeStreamSummary: an empty name", "DescribeStreamSummary", "{\"StreamName\":\"\"}",
         "ValidationException",
         "2 validation errors detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must have length greater than or equal to 1; Value at 'streamName' failed to satisfy "
         "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"DeleteStream: a name of two words", "DeleteStream", "{\"StreamName\":\"a b\"}",
         "ValidationException",
         "1 validation error detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"DeleteStream: a long name", "DeleteStream",
         "{\"StreamName\":\"" + times(129, "a") + "\"}", "ValidationException",
         "1 validation error detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must have length less than or equal to 128"},
        {"DeleteStream: an empty name", "DeleteStream", "{\"StreamName\":\"\"}",
         "ValidationException",
         "2 validation errors detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must have length greater than or equal to 1; Value at 'streamName' failed to satisfy "
         "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"ListShards: a name of two words", "ListShards", "{\"StreamName\":\"a b\"}",
         "ValidationException",
         "1 validation error detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"ListShards: a long name", "ListShards", "{\"StreamName\":\"" + times(129, "a") + "\"}",
         "ValidationException",
         "1 validation error detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must have length less than or equal to 128"},
        {"ListShards: an empty name", "ListShards", "{\"StreamName\":\"\"}", "ValidationException",
         "2 validation errors detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must have length greater than or equal to 1; Value at 'streamName' failed to satisfy "
         "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"ListTagsForStream: a name of two words", "ListTagsForStream", "{\"StreamName\":\"a b\"}",
         "ValidationException",
         "1 validation error detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"ListTagsForStream: a long name", "ListTagsForStream",
         "{\"StreamName\":\"" + times(129, "a") + "\"}", "ValidationException",
         "1 validation error detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must have length less than or equal to 128"},
        {"ListTagsForStream: an empty name", "ListTagsForStream", "{\"StreamName\":\"\"}",
         "ValidationException",
         "2 validation errors detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must have length greater than or equal to 1; Value at 'streamName' failed to satisfy "
         "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"CreateStream: nothing", "CreateStream", "{}", "ValidationException",
         "1 validation error detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must not be null"},
        {"CreateStream: null", "CreateStream", "{\"StreamName\":null}", "ValidationException",
         "1 validation error detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must not be null"},
        {"CreateStream: no shards", "CreateStream", "{\"StreamName\":\"a\",\"ShardCount\":0}",
         "ValidationException",
         "1 validation error detected: Value at 'shardCount' failed to satisfy constraint: Member "
         "must have value greater than or equal to 1"},
        {"CreateStream: a mode of the past", "CreateStream",
         "{\"StreamName\":\"a\",\"StreamModeDetails\":{\"StreamMode\":\"AUTO\"}}",
         "ValidationException",
         "1 validation error detected: Value at 'streamModeDetails.streamMode' failed to satisfy "
         "constraint: Member must satisfy enum value set: [PROVISIONED, ON_DEMAND]"},
        {"CreateStream: an empty mode", "CreateStream",
         "{\"StreamName\":\"a\",\"StreamModeDetails\":{}}", "ValidationException",
         "1 validation error detected: Value at 'streamModeDetails.streamMode' failed to satisfy "
         "constraint: Member must not be null"},
        {"CreateStream: small records", "CreateStream",
         "{\"StreamName\":\"a\",\"ShardCount\":1,\"MaxRecordSizeInKiB\":1023}",
         "ValidationException",
         "1 validation error detected: Value at 'maxRecordSizeInKiB' failed to satisfy constraint: "
         "Member must have value greater than or equal to 1024"},
        {"CreateStream: large records", "CreateStream",
         "{\"StreamName\":\"a\",\"ShardCount\":1,\"MaxRecordSizeInKiB\":10241}",
         "ValidationException",
         "1 validation error detected: Value at 'maxRecordSizeInKiB' failed to satisfy constraint: "
         "Member must have value less than or equal to 10240"},
        {"CreateStream: cold", "CreateStream",
         "{\"StreamName\":\"a\",\"ShardCount\":1,\"WarmThroughputMiBps\":-1}",
         "ValidationException",
         "1 validation error detected: Value at 'warmThroughputMiBps' failed to satisfy "
         "constraint: Member must have value greater than or equal to 0"},
        {"CreateStream: a strategy", "CreateStream",
         "{\"StreamName\":\"a\",\"RecordDistributionStrategy\":\"RANDOM\"}", "ValidationException",
         "1 validation error detected: Value at 'recordDistributionStrategy' failed to satisfy "
         "constraint: Member must satisfy enum value set: [USER_PARTITION_KEY, AUTO]"},
        {"CreateStream: no tag", "CreateStream",
         "{\"StreamName\":\"a\",\"ShardCount\":1,\"Tags\":{}}", "ValidationException",
         "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must "
         "have length greater than or equal to 1"},
        {"CreateStream: a tag without a key", "CreateStream",
         "{\"StreamName\":\"a\",\"ShardCount\":1,\"Tags\":{\"\":\"x\"}}", "ValidationException",
         "1 validation error detected: Value at 'tags' failed to satisfy constraint: Map keys must "
         "satisfy constraint: [Member must have length greater than or equal to 1]"},
        {"CreateStream: a tag's long value", "CreateStream",
         "{\"StreamName\":\"a\",\"ShardCount\":1,\"Tags\":{\"k\":\"" + times(257, "v") + "\"}}",
         "ValidationException",
         "1 validation error detected: Value at 'tags' failed to satisfy constraint: Map value "
         "must satisfy constraint: [Member must have length less than or equal to 256]"},
        {"CreateStream: 201 tags", "CreateStream",
         "{\"StreamName\":\"a\",\"ShardCount\":1,\"Tags\":{\"k0\":\"\",\"k1\":\"\",\"k2\":\"\","
         "\"k3\":\"\",\"k4\":\"\",\"k5\":\"\",\"k6\":\"\",\"k7\":\"\",\"k8\":\"\",\"k9\":\"\","
         "\"k10\":\"\",\"k11\":\"\",\"k12\":\"\",\"k13\":\"\",\"k14\":\"\",\"k15\":\"\",\"k16\":"
         "\"\",\"k17\":\"\",\"k18\":\"\",\"k19\":\"\",\"k20\":\"\",\"k21\":\"\",\"k22\":\"\","
         "\"k23\":\"\",\"k24\":\"\",\"k25\":\"\",\"k26\":\"\",\"k27\":\"\",\"k28\":\"\",\"k29\":"
         "\"\",\"k30\":\"\",\"k31\":\"\",\"k32\":\"\",\"k33\":\"\",\"k34\":\"\",\"k35\":\"\","
         "\"k36\":\"\",\"k37\":\"\",\"k38\":\"\",\"k39\":\"\",\"k40\":\"\",\"k41\":\"\",\"k42\":"
         "\"\",\"k43\":\"\",\"k44\":\"\",\"k45\":\"\",\"k46\":\"\",\"k47\":\"\",\"k48\":\"\","
         "\"k49\":\"\",\"k50\":\"\",\"k51\":\"\",\"k52\":\"\",\"k53\":\"\",\"k54\":\"\",\"k55\":"
         "\"\",\"k56\":\"\",\"k57\":\"\",\"k58\":\"\",\"k59\":\"\",\"k60\":\"\",\"k61\":\"\","
         "\"k62\":\"\",\"k63\":\"\",\"k64\":\"\",\"k65\":\"\",\"k66\":\"\",\"k67\":\"\",\"k68\":"
         "\"\",\"k69\":\"\",\"k70\":\"\",\"k71\":\"\",\"k72\":\"\",\"k73\":\"\",\"k74\":\"\","
         "\"k75\":\"\",\"k76\":\"\",\"k77\":\"\",\"k78\":\"\",\"k79\":\"\",\"k80\":\"\",\"k81\":"
         "\"\",\"k82\":\"\",\"k83\":\"\",\"k84\":\"\",\"k85\":\"\",\"k86\":\"\",\"k87\":\"\","
         "\"k88\":\"\",\"k89\":\"\",\"k90\":\"\",\"k91\":\"\",\"k92\":\"\",\"k93\":\"\",\"k94\":"
         "\"\",\"k95\":\"\",\"k96\":\"\",\"k97\":\"\",\"k98\":\"\",\"k99\":\"\",\"k100\":\"\","
         "\"k101\":\"\",\"k102\":\"\",\"k103\":\"\",\"k104\":\"\",\"k105\":\"\",\"k106\":\"\","
         "\"k107\":\"\",\"k108\":\"\",\"k109\":\"\",\"k110\":\"\",\"k111\":\"\",\"k112\":\"\","
         "\"k113\":\"\",\"k114\":\"\",\"k115\":\"\",\"k116\":\"\",\"k117\":\"\",\"k118\":\"\","
         "\"k119\":\"\",\"k120\":\"\",\"k121\":\"\",\"k122\":\"\",\"k123\":\"\",\"k124\":\"\","
         "\"k125\":\"\",\"k126\":\"\",\"k127\":\"\",\"k128\":\"\",\"k129\":\"\",\"k130\":\"\","
         "\"k131\":\"\",\"k132\":\"\",\"k133\":\"\",\"k134\":\"\",\"k135\":\"\",\"k136\":\"\","
         "\"k137\":\"\",\"k138\":\"\",\"k139\":\"\",\"k140\":\"\",\"k141\":\"\",\"k142\":\"\","
         "\"k143\":\"\",\"k144\":\"\",\"k145\":\"\",\"k146\":\"\",\"k147\":\"\",\"k148\":\"\","
         "\"k149\":\"\",\"k150\":\"\",\"k151\":\"\",\"k152\":\"\",\"k153\":\"\",\"k154\":\"\","
         "\"k155\":\"\",\"k156\":\"\",\"k157\":\"\",\"k158\":\"\",\"k159\":\"\",\"k160\":\"\","
         "\"k161\":\"\",\"k162\":\"\",\"k163\":\"\",\"k164\":\"\",\"k165\":\"\",\"k166\":\"\","
         "\"k167\":\"\",\"k168\":\"\",\"k169\":\"\",\"k170\":\"\",\"k171\":\"\",\"k172\":\"\","
         "\"k173\":\"\",\"k174\":\"\",\"k175\":\"\",\"k176\":\"\",\"k177\":\"\",\"k178\":\"\","
         "\"k179\":\"\",\"k180\":\"\",\"k181\":\"\",\"k182\":\"\",\"k183\":\"\",\"k184\":\"\","
         "\"k185\":\"\",\"k186\":\"\",\"k187\":\"\",\"k188\":\"\",\"k189\":\"\",\"k190\":\"\","
         "\"k191\":\"\",\"k192\":\"\",\"k193\":\"\",\"k194\":\"\",\"k195\":\"\",\"k196\":\"\","
         "\"k197\":\"\",\"k198\":\"\",\"k199\":\"\",\"k200\":\"\"}}",
         "ValidationException",
         "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must "
         "have length less than or equal to 200"},
        {"two faults", "SplitShard", "{\"StreamName\":\"orders\"}", "ValidationException",
         "2 validation errors detected: Value at 'shardToSplit' failed to satisfy constraint: "
         "Member must not be null; Value at 'newStartingHashKey' failed to satisfy constraint: "
         "Member must not be null"},
        {"three faults", "SplitShard", "{\"StreamName\":\"a b\"}", "ValidationException",
         "3 validation errors detected: Value at 'streamName' failed to satisfy constraint: Member "
         "must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value at 'shardToSplit' failed "
         "to satisfy constraint: Member must not be null; Value at 'newStartingHashKey' failed to "
         "satisfy constraint: Member must not be null"},
        {"SplitShard: a hash key in hex", "SplitShard",
         "{\"StreamName\":\"orders\",\"ShardToSplit\":\"shardId-000000000000\","
         "\"NewStartingHashKey\":\"ff\"}",
         "ValidationException",
         "1 validation error detected: Value at 'newStartingHashKey' failed to satisfy constraint: "
         "Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})"},
        {"SplitShard: a leading zero", "SplitShard",
         "{\"StreamName\":\"orders\",\"ShardToSplit\":\"shardId-000000000000\","
         "\"NewStartingHashKey\":\"01\"}",
         "ValidationException",
         "1 validation error detected: Value at 'newStartingHashKey' failed to satisfy constraint: "
         "Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})"},
        {"SplitShard: 40 digits", "SplitShard",
         "{\"StreamName\":\"orders\",\"ShardToSplit\":\"shardId-000000000000\","
         "\"NewStartingHashKey\":\""
             + times(40, "1") + "\"}",
         "ValidationException",
         "1 validation error detected: Value at 'newStartingHashKey' failed to satisfy constraint: "
         "Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})"},
        {"MergeShards: one shard", "MergeShards",
         "{\"StreamName\":\"orders\",\"ShardToMerge\":\"shardId-000000000000\"}",
         "ValidationException",
         "1 validation error detected: Value at 'adjacentShardToMerge' failed to satisfy "
         "constraint: Member must not be null"},
        {"UpdateShardCount: none", "UpdateShardCount",
         "{\"StreamName\":\"orders\",\"TargetShardCount\":0,\"ScalingType\":\"UNIFORM_SCALING\"}",
         "ValidationException",
         "1 validation error detected: Value at 'targetShardCount' failed to satisfy constraint: "
         "Member must have value greater than or equal to 1"},
        {"UpdateShardCount: another way", "UpdateShardCount",
         "{\"StreamName\":\"orders\",\"TargetShardCount\":4,\"ScalingType\":\"RANDOM\"}",
         "ValidationException",
         "1 validation error detected: Value at 'scalingType' failed to satisfy constraint: Member "
         "must satisfy enum value set: [UNIFORM_SCALING]"},
        {"UpdateShardCount: nothing", "UpdateShardCount", "{\"StreamName\":\"orders\"}",
         "ValidationException",
         "2 validation errors detected: Value at 'targetShardCount' failed to satisfy constraint: "
         "Member must not be null; Value at 'scalingType' failed to satisfy constraint: Member "
         "must not be null"},
        {"retention: nothing", "IncreaseStreamRetentionPeriod", "{\"StreamName\":\"orders\"}",
         "ValidationException",
         "1 validation error detected: Value at 'retentionPeriodHours' failed to satisfy "
         "constraint: Member must not be null"},
        {"retention down: nothing", "DecreaseStreamRetentionPeriod", "{\"StreamName\":\"orders\"}",
         "ValidationException",
         "1 validation error detected: Value at 'retentionPeriodHours' failed to satisfy "
         "constraint: Member must not be null"},
        {"encryption: nothing", "StartStreamEncryption", "{\"StreamName\":\"orders\"}",
         "ValidationException",
         "2 validation errors detected: Value at 'encryptionType' failed to satisfy constraint: "
         "Member must not be null; Value at 'keyId' failed to satisfy constraint: Member must not "
         "be null"},
        {"encryption: an unknown type", "StartStreamEncryption",
         "{\"StreamName\":\"orders\",\"EncryptionType\":\"AES\",\"KeyId\":\"k\"}",
         "ValidationException",
         "1 validation error detected: Value at 'encryptionType' failed to satisfy constraint: "
         "Member must satisfy enum value set: [NONE, KMS]"},
        {"encryption: an empty key", "StopStreamEncryption",
         "{\"StreamName\":\"orders\",\"EncryptionType\":\"KMS\",\"KeyId\":\"\"}",
         "ValidationException",
         "1 validation error detected: Value at 'keyId' failed to satisfy constraint: Member must "
         "have length greater than or equal to 1"},
        {"encryption: a long key", "StartStreamEncryption",
         "{\"StreamName\":\"orders\",\"EncryptionType\":\"KMS\",\"KeyId\":\"" + times(2049, "k")
             + "\"}",
         "ValidationException",
         "1 validation error detected: Value at 'keyId' failed to satisfy constraint: Member must "
         "have length less than or equal to 2048"},
        {"monitoring: an unknown metric", "EnableEnhancedMonitoring",
         "{\"StreamName\":\"orders\",\"ShardLevelMetrics\":[\"Heat\"]}", "ValidationException",
         "1 validation error detected: Value at 'shardLevelMetrics' failed to satisfy constraint: "
         "Member must satisfy constraint: [Member must satisfy enum value set: [IncomingBytes, "
         "IncomingRecords, OutgoingBytes, OutgoingRecords, WriteProvisionedThroughputExceeded, "
         "ReadProvisionedThroughputExceeded, IteratorAgeMilliseconds, ALL]]"},
        {"monitoring: none", "DisableEnhancedMonitoring",
         "{\"StreamName\":\"orders\",\"ShardLevelMetrics\":[]}", "ValidationException",
         "1 validation error detected: Value at 'shardLevelMetrics' failed to satisfy constraint: "
         "Member must have length greater than or equal to 1"},
        {"monitoring: eight", "EnableEnhancedMonitoring",
         "{\"StreamName\":\"orders\",\"ShardLevelMetrics\":[" + times(7, "\"ALL\",") + "\"ALL\"]}",
         "ValidationException",
         "1 validation error detected: Value at 'shardLevelMetrics' failed to satisfy constraint: "
         "Member must have length less than or equal to 7"},
        {"PutRecord: no data", "PutRecord", "{\"StreamName\":\"orders\",\"PartitionKey\":\"k\"}",
         "ValidationException",
         "1 validation error detected: Value at 'data' failed to satisfy constraint: Member must "
         "not be null"},
        {"PutRecord: an empty key", "PutRecord",
         "{\"StreamName\":\"orders\",\"PartitionKey\":\"\",\"Data\":\"\"}", "ValidationException",
         "1 validation error detected: Value at 'partitionKey' failed to satisfy constraint: "
         "Member must have length greater than or equal to 1"},
        {"PutRecord: a long key", "PutRecord",
         "{\"StreamName\":\"orders\",\"PartitionKey\":\"" + times(257, "k") + "\",\"Data\":\"\"}",
         "ValidationException",
         "1 validation error detected: Value at 'partitionKey' failed to satisfy constraint: "
         "Member must have length less than or equal to 256"},
        {"PutRecord: a long key in characters", "PutRecord",
         "{\"StreamName\":\"orders\",\"PartitionKey\":\"" + times(257, "\303\251")
             + "\",\"Data\":\"\"}",
         "ValidationException",
         "1 validation error detected: Value at 'partitionKey' failed to satisfy constraint: "
         "Member must have length less than or equal to 256"},
        {"PutRecord: a hash key", "PutRecord",
         "{\"StreamName\":\"orders\",\"PartitionKey\":\"k\",\"Data\":\"\",\"ExplicitHashKey\":\"-"
         "1\"}",
         "ValidationException",
         "1 validation error detected: Value at 'explicitHashKey' failed to satisfy constraint: "
         "Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})"},
        {"PutRecord: an order", "PutRecord",
         "{\"StreamName\":\"orders\",\"PartitionKey\":\"k\",\"Data\":\"\","
         "\"SequenceNumberForOrdering\":\"x\"}",
         "ValidationException",
         "1 validation error detected: Value at 'sequenceNumberForOrdering' failed to satisfy "
         "constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,128})"},
        {"PutRecord: beyond the space", "PutRecord",
         "{\"StreamName\":\"orders\",\"PartitionKey\":\"k\",\"Data\":\"\",\"ExplicitHashKey\":"
         "\"340282366920938463463374607431768211456\"}",
         "InvalidArgumentException",
         "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified "
         "value was 340282366920938463463374607431768211456"},
        {"PutRecords: none", "PutRecords", "{\"StreamName\":\"orders\",\"Records\":[]}",
         "ValidationException",
         "1 validation error detected: Value at 'records' failed to satisfy constraint: Member "
         "must have length greater than or equal to 1"},
        {"PutRecords: 501", "PutRecords",
         "{\"StreamName\":\"orders\",\"Records\":["
             + times(500, "{\"Data\":\"\",\"PartitionKey\":\"k\"},")
             + "{\"Data\":\"\",\"PartitionKey\":\"k\"}]}",
         "ValidationException",
         "1 validation error detected: Value at 'records' failed to satisfy constraint: Member "
         "must have length less than or equal to 500"},
        {"PutRecords: nothing", "PutRecords", "{\"StreamName\":\"orders\"}", "ValidationException",
         "1 validation error detected: Value at 'records' failed to satisfy constraint: Member "
         "must not be null"},
        {"PutRecords: the second has no data", "PutRecords",
         "{\"StreamName\":\"orders\",\"Records\":[{\"Data\":\"\",\"PartitionKey\":\"k\"},{"
         "\"PartitionKey\":\"k\"}]}",
         "ValidationException",
         "1 validation error detected: Value at 'records.2.member.data' failed to satisfy "
         "constraint: Member must not be null"},
        {"PutRecords: ten faults are told", "PutRecords",
         "{\"StreamName\":\"orders\",\"Records\":[" + times(19, "{},") + "{}]}",
         "ValidationException",
         "10 validation errors detected: Value at 'records.1.member.data' failed to satisfy "
         "constraint: Member must not be null; Value at 'records.2.member.data' failed to satisfy "
         "constraint: Member must not be null; Value at 'records.3.member.data' failed to satisfy "
         "constraint: Member must not be null; Value at 'records.4.member.data' failed to satisfy "
         "constraint: Member must not be null; Value at 'records.5.member.data' failed to satisfy "
         "constraint: Member must not be null; Value at 'records.6.member.data' failed to satisfy "
         "constraint: Member must not be null; Value at 'records.7.member.data' failed to satisfy "
         "constraint: Member must not be null; Value at 'records.8.member.data' failed to satisfy "
         "constraint: Member must not be null; Value at 'records.9.member.data' failed to satisfy "
         "constraint: Member must not be null; Value at 'records.10.member.data' failed to satisfy "
         "constraint: Member must not be null"},
        {"PutRecords: beyond the space", "PutRecords",
         "{\"StreamName\":\"orders\",\"Records\":[{\"Data\":\"\",\"PartitionKey\":\"k\","
         "\"ExplicitHashKey\":\"340282366920938463463374607431768211456\"}]}",
         "InvalidArgumentException",
         "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified "
         "value was 340282366920938463463374607431768211456"},
        {"GetShardIterator: nothing", "GetShardIterator", "{\"StreamName\":\"orders\"}",
         "ValidationException",
         "2 validation errors detected: Value at 'shardId' failed to satisfy constraint: Member "
         "must not be null; Value at 'shardIteratorType' failed to satisfy constraint: Member must "
         "not be null"},
        {"GetShardIterator: a type", "GetShardIterator",
         "{\"StreamName\":\"orders\",\"ShardId\":\"shardId-000000000000\",\"ShardIteratorType\":"
         "\"OLDEST\"}",
         "ValidationException",
         "1 validation error detected: Value at 'shardIteratorType' failed to satisfy constraint: "
         "Member must satisfy enum value set: [AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER, "
         "AT_TIMESTAMP, TRIM_HORIZON, LATEST]"},
        {"GetShardIterator: a number", "GetShardIterator",
         "{\"StreamName\":\"orders\",\"ShardId\":\"shardId-000000000000\",\"ShardIteratorType\":"
         "\"LATEST\",\"StartingSequenceNumber\":\"0x1\"}",
         "ValidationException",
         "1 validation error detected: Value at 'startingSequenceNumber' failed to satisfy "
         "constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,128})"},
        {"GetRecords: nothing", "GetRecords", "{}", "ValidationException",
         "1 validation error detected: Value at 'shardIterator' failed to satisfy constraint: "
         "Member must not be null"},
        {"GetRecords: empty", "GetRecords", "{\"ShardIterator\":\"\"}", "ValidationException",
         "1 validation error detected: Value at 'shardIterator' failed to satisfy constraint: "
         "Member must have length greater than or equal to 1"},
        {"GetRecords: long", "GetRecords", "{\"ShardIterator\":\"" + times(513, "x") + "\"}",
         "ValidationException",
         "1 validation error detected: Value at 'shardIterator' failed to satisfy constraint: "
         "Member must have length less than or equal to 512"},
        {"GetRecords: garbage", "GetRecords", "{\"ShardIterator\":\"garbage\"}",
         "InvalidArgumentException", "Invalid ShardIterator."},
        {"SubscribeToShard: nothing", "SubscribeToShard", "{}", "ValidationException",
         "3 validation errors detected: Value at 'consumerARN' failed to satisfy constraint: "
         "Member must not be null; Value at 'shardId' failed to satisfy constraint: Member must "
         "not be null; Value at 'startingPosition' failed to satisfy constraint: Member must not "
         "be null"},
        {"SubscribeToShard: an empty position", "SubscribeToShard",
         "{\"ConsumerARN\":\"a\",\"ShardId\":\"b\",\"StartingPosition\":{}}", "ValidationException",
         "1 validation error detected: Value at 'startingPosition.type' failed to satisfy "
         "constraint: Member must not be null"},
        {"SubscribeToShard: a type", "SubscribeToShard",
         "{\"ConsumerARN\":\"a\",\"ShardId\":\"b\",\"StartingPosition\":{\"Type\":\"OLDEST\"}}",
         "ValidationException",
         "1 validation error detected: Value at 'startingPosition.type' failed to satisfy "
         "constraint: Member must satisfy enum value set: [AT_SEQUENCE_NUMBER, "
         "AFTER_SEQUENCE_NUMBER, AT_TIMESTAMP, TRIM_HORIZON, LATEST]"},
        {"RegisterStreamConsumer: nothing", "RegisterStreamConsumer", "{}", "ValidationException",
         "2 validation errors detected: Value at 'streamARN' failed to satisfy constraint: Member "
         "must not be null; Value at 'consumerName' failed to satisfy constraint: Member must not "
         "be null"},
        {"RegisterStreamConsumer: a name", "RegisterStreamConsumer",
         "{\"StreamARN\":\"a\",\"ConsumerName\":\"a/b\"}", "ValidationException",
         "1 validation error detected: Value at 'consumerName' failed to satisfy constraint: "
         "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
        {"ListStreamConsumers: nothing", "ListStreamConsumers", "{}", "ValidationException",
         "1 validation error detected: Value at 'streamARN' failed to satisfy constraint: Member "
         "must not be null"},
        {"ListStreamConsumers: MaxResults", "ListStreamConsumers",
         "{\"StreamARN\":\"a\",\"MaxResults\":0}", "ValidationException",
         "1 validation error detected: Value at 'maxResults' failed to satisfy constraint: Member "
         "must have value greater than or equal to 1"},
        {"AddTagsToStream: nothing", "AddTagsToStream", "{\"StreamName\":\"orders\"}",
         "ValidationException",
         "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must "
         "not be null"},
        {"RemoveTagsFromStream: nothing", "RemoveTagsFromStream", "{\"StreamName\":\"orders\"}",
         "ValidationException",
         "1 validation error detected: Value at 'tagKeys' failed to satisfy constraint: Member "
         "must not be null"},
        {"RemoveTagsFromStream: none", "RemoveTagsFromStream",
         "{\"StreamName\":\"orders\",\"TagKeys\":[]}", "ValidationException",
         "1 validation error detected: Value at 'tagKeys' failed to satisfy constraint: Member "
         "must have length greater than or equal to 1"},
        {"RemoveTagsFromStream: 51", "RemoveTagsFromStream",
         "{\"StreamName\":\"orders\",\"TagKeys\":[" + times(50, "\"k\",") + "\"k\"]}",
         "ValidationException",
         "1 validation error detected: Value at 'tagKeys' failed to satisfy constraint: Member "
         "must have length less than or equal to 50"},
        {"RemoveTagsFromStream: an empty key", "RemoveTagsFromStream",
         "{\"StreamName\":\"orders\",\"TagKeys\":[\"\"]}", "ValidationException",
         "1 validation error detected: Value at 'tagKeys' failed to satisfy constraint: Member "
         "must satisfy constraint: [Member must have length greater than or equal to 1]"},
        {"TagResource: nothing", "TagResource", "{}", "ValidationException",
         "2 validation errors detected: Value at 'tags' failed to satisfy constraint: Member must "
         "not be null; Value at 'resourceARN' failed to satisfy constraint: Member must not be "
         "null"},
        {"UntagResource: nothing", "UntagResource", "{}", "ValidationException",
         "2 validation errors detected: Value at 'tagKeys' failed to satisfy constraint: Member "
         "must not be null; Value at 'resourceARN' failed to satisfy constraint: Member must not "
         "be null"},
        {"ListTagsForResource: nothing", "ListTagsForResource", "{}", "ValidationException",
         "1 validation error detected: Value at 'resourceARN' failed to satisfy constraint: Member "
         "must not be null"},
        {"PutResourcePolicy: nothing", "PutResourcePolicy", "{}", "ValidationException",
         "2 validation errors detected: Value at 'resourceARN' failed to satisfy constraint: "
         "Member must not be null; Value at 'policy' failed to satisfy constraint: Member must not "
         "be null"},
        {"GetResourcePolicy: nothing", "GetResourcePolicy", "{}", "ValidationException",
         "1 validation error detected: Value at 'resourceARN' failed to satisfy constraint: Member "
         "must not be null"},
        {"DeleteResourcePolicy: an empty ARN", "DeleteResourcePolicy", "{\"ResourceARN\":\"\"}",
         "ValidationException",
         "1 validation error detected: Value at 'resourceARN' failed to satisfy constraint: Member "
         "must have length greater than or equal to 1"},
        {"UpdateStreamMode: nothing", "UpdateStreamMode", "{}", "ValidationException",
         "2 validation errors detected: Value at 'streamARN' failed to satisfy constraint: Member "
         "must not be null; Value at 'streamModeDetails' failed to satisfy constraint: Member must "
         "not be null"},
        {"UpdateMaxRecordSize: nothing", "UpdateMaxRecordSize", "{}", "ValidationException",
         "1 validation error detected: Value at 'maxRecordSizeInKiB' failed to satisfy constraint: "
         "Member must not be null"},
        {"UpdateMaxRecordSize: small", "UpdateMaxRecordSize", "{\"MaxRecordSizeInKiB\":1}",
         "ValidationException",
         "1 validation error detected: Value at 'maxRecordSizeInKiB' failed to satisfy constraint: "
         "Member must have value greater than or equal to 1024"},
        {"UpdateStreamWarmThroughput: nothing", "UpdateStreamWarmThroughput",
         "{\"StreamName\":\"orders\"}", "ValidationException",
         "1 validation error detected: Value at 'warmThroughputMiBps' failed to satisfy "
         "constraint: Member must not be null"},
        {"UpdateStreamRecordDistributionStrategy: nothing",
         "UpdateStreamRecordDistributionStrategy", "{}", "ValidationException",
         "2 validation errors detected: Value at 'streamARN' failed to satisfy constraint: Member "
         "must not be null; Value at 'recordDistributionStrategy' failed to satisfy constraint: "
         "Member must not be null"},
        {"UpdateAccountSettings: nothing", "UpdateAccountSettings", "{}", "ValidationException",
         "1 validation error detected: Value at 'minimumThroughputBillingCommitment' failed to "
         "satisfy constraint: Member must not be null"},
        {"UpdateAccountSettings: an answer's word", "UpdateAccountSettings",
         "{\"MinimumThroughputBillingCommitment\":{\"Status\":\"ENABLED_UNTIL_EARLIEST_ALLOWED_"
         "END\"}}",
         "ValidationException",
         "1 validation error detected: Value at 'minimumThroughputBillingCommitment.status' failed "
         "to satisfy constraint: Member must satisfy enum value set: [ENABLED, DISABLED]"},
        {"CreateChannel: nothing", "CreateChannel", "{}", "ValidationException",
         "3 validation errors detected: Value at 'channelName' failed to satisfy constraint: "
         "Member must not be null; Value at 'serviceExecutionRoleARN' failed to satisfy "
         "constraint: Member must not be null; Value at 'streamConfigurationList' failed to "
         "satisfy constraint: Member must not be null"},
        {"CreateChannel: no stream", "CreateChannel",
         "{\"ChannelName\":\"c\",\"ServiceExecutionRoleARN\":\"r\",\"StreamConfigurationList\":[]}",
         "ValidationException",
         "1 validation error detected: Value at 'streamConfigurationList' failed to satisfy "
         "constraint: Member must have length greater than or equal to 1"},
        {"CreateChannel: a hurry", "CreateChannel",
         "{\"ChannelName\":\"c\",\"ServiceExecutionRoleARN\":\"r\",\"StreamConfigurationList\":[{"
         "\"StreamARN\":\"a\",\"RecordConfiguration\":{\"RecordFormatType\":\"JSON\"}}],"
         "\"S3DestinationConfiguration\":{\"DataFreshnessInSeconds\":299,\"StorageConfiguration\":{"
         "\"BucketARN\":\"arn:aws:s3:::abc\",\"ExpectedBucketOwner\":\"000000000000\","
         "\"CompressionType\":\"GZIP\"}}}",
         "ValidationException",
         "1 validation error detected: Value at "
         "'s3DestinationConfiguration.dataFreshnessInSeconds' failed to satisfy constraint: Member "
         "must have value greater than or equal to 300"},
        {"CreateChannel: a bucket", "CreateChannel",
         "{\"ChannelName\":\"c\",\"ServiceExecutionRoleARN\":\"r\",\"StreamConfigurationList\":[{"
         "\"StreamARN\":\"a\",\"RecordConfiguration\":{\"RecordFormatType\":\"JSON\"}}],"
         "\"S3DestinationConfiguration\":{\"StorageConfiguration\":{\"BucketARN\":\"abc\","
         "\"ExpectedBucketOwner\":\"000000000000\",\"CompressionType\":\"GZIP\"}}}",
         "ValidationException",
         "1 validation error detected: Value at "
         "'s3DestinationConfiguration.storageConfiguration.bucketARN' failed to satisfy "
         "constraint: Member must satisfy regular expression pattern: "
         "arn:aws[-a-z0-9]*:s3:::[a-z0-9._-]{3,63}"},
        {"CreateChannel: no destination", "CreateChannel",
         "{\"ChannelName\":\"c\",\"ServiceExecutionRoleARN\":\"r\",\"StreamConfigurationList\":[{"
         "\"StreamARN\":\"arn:aws:kinesis:us-east-1:000000000000:stream/"
         "orders\",\"RecordConfiguration\":{\"RecordFormatType\":\"JSON\"}}]}",
         "InvalidArgumentException",
         "Exactly one of S3DestinationConfiguration and S3TablesDestinationConfiguration should be "
         "provided."},
        {"DescribeChannel: nothing", "DescribeChannel", "{}", "ValidationException",
         "1 validation error detected: Value at 'channelARN' failed to satisfy constraint: Member "
         "must not be null"},
        {"UpdateChannel: nothing", "UpdateChannel", "{}", "ValidationException",
         "1 validation error detected: Value at 'channelARN' failed to satisfy constraint: Member "
         "must not be null"},
        {"DeleteChannel: nothing", "DeleteChannel", "{}", "ValidationException",
         "1 validation error detected: Value at 'channelARN' failed to satisfy constraint: Member "
         "must not be null"},
        {"ListShards: a filter without a type", "ListShards",
         "{\"StreamName\":\"orders\",\"ShardFilter\":{}}", "ValidationException",
         "1 validation error detected: Value at 'shardFilter.type' failed to satisfy constraint: "
         "Member must not be null"},
        {"ListShards: an unknown filter", "ListShards",
         "{\"StreamName\":\"orders\",\"ShardFilter\":{\"Type\":\"ALL\"}}", "ValidationException",
         "1 validation error detected: Value at 'shardFilter.type' failed to satisfy constraint: "
         "Member must satisfy enum value set: [AFTER_SHARD_ID, AT_TRIM_HORIZON, FROM_TRIM_HORIZON, "
         "AT_LATEST, AT_TIMESTAMP, FROM_TIMESTAMP]"},
        {"ListShards: an empty token", "ListShards", "{\"NextToken\":\"\"}", "ValidationException",
         "1 validation error detected: Value at 'nextToken' failed to satisfy constraint: Member "
         "must have length greater than or equal to 1"},
        {"a stream id of another form", "DescribeStream", "{\"StreamId\":\"x\"}",
         "ValidationException",
         "1 validation error detected: Value at 'streamId' failed to satisfy constraint: Member "
         "must satisfy regular expression pattern: [a-z0-9]{20}-[a-z0-9]{3}"},
        {"DescribeStream: no stream", "DescribeStream", "{}", "InvalidArgumentException",
         "Either StreamName or StreamARN should be provided."},
        {"DescribeStreamSummary: no stream", "DescribeStreamSummary", "{}",
         "InvalidArgumentException", "Either StreamName or StreamARN should be provided."},
        {"DeleteStream: no stream", "DeleteStream", "{}", "InvalidArgumentException",
         "Either StreamName or StreamARN should be provided."},
        {"SplitShard: no stream", "SplitShard",
         "{\"ShardToSplit\":\"a\",\"NewStartingHashKey\":\"1\"}", "InvalidArgumentException",
         "Either StreamName or StreamARN should be provided."},
        {"MergeShards: no stream", "MergeShards",
         "{\"ShardToMerge\":\"a\",\"AdjacentShardToMerge\":\"b\"}", "InvalidArgumentException",
         "Either StreamName or StreamARN should be provided."},
        {"PutRecord: no stream", "PutRecord", "{\"Data\":\"\",\"PartitionKey\":\"k\"}",
         "InvalidArgumentException", "Either StreamName or StreamARN should be provided."},
        {"PutRecords: no stream", "PutRecords",
         "{\"Records\":[{\"Data\":\"\",\"PartitionKey\":\"k\"}]}", "InvalidArgumentException",
         "Either StreamName or StreamARN should be provided."},
        {"GetShardIterator: no stream", "GetShardIterator",
         "{\"ShardId\":\"a\",\"ShardIteratorType\":\"LATEST\"}", "InvalidArgumentException",
         "Either StreamName or StreamARN should be provided."},
        {"ListTagsForStream: no stream", "ListTagsForStream", "{}", "InvalidArgumentException",
         "Either StreamName or StreamARN should be provided."},
        {"AddTagsToStream: no stream", "AddTagsToStream", "{\"Tags\":{\"a\":\"b\"}}",
         "InvalidArgumentException", "Either StreamName or StreamARN should be provided."},
        {"StartStreamEncryption: no stream", "StartStreamEncryption",
         "{\"EncryptionType\":\"KMS\",\"KeyId\":\"k\"}", "InvalidArgumentException",
         "Either StreamName or StreamARN should be provided."},
        {"EnableEnhancedMonitoring: no stream", "EnableEnhancedMonitoring",
         "{\"ShardLevelMetrics\":[\"ALL\"]}", "InvalidArgumentException",
         "Either StreamName or StreamARN should be provided."},
        {"UpdateShardCount: no stream", "UpdateShardCount",
         "{\"TargetShardCount\":1,\"ScalingType\":\"UNIFORM_SCALING\"}", "InvalidArgumentException",
         "Either StreamName or StreamARN should be provided."},
        {"IncreaseStreamRetentionPeriod: no stream", "IncreaseStreamRetentionPeriod",
         "{\"RetentionPeriodHours\":48}", "InvalidArgumentException",
         "Either StreamName or StreamARN should be provided."},
        {"ListShards: neither", "ListShards", "{}", "InvalidArgumentException",
         "Either NextToken or StreamName should be provided."},
        {"ListShards: both", "ListShards", "{\"NextToken\":\"a\",\"StreamName\":\"orders\"}",
         "InvalidArgumentException", "NextToken and StreamName cannot be provided together."},
        {"ListShards: a token and a place", "ListShards",
         "{\"NextToken\":\"a\",\"ExclusiveStartShardId\":\"b\"}", "InvalidArgumentException",
         "NextToken and ExclusiveStartShardId cannot be provided together."},
        {"ListShards: a token and a time", "ListShards",
         "{\"NextToken\":\"a\",\"StreamCreationTimestamp\":1}", "InvalidArgumentException",
         "NextToken and StreamCreationTimestamp cannot be provided together."},
        {"a stream id", "DescribeStream", "{\"StreamId\":\"abcdefghijklmnopqrst-abc\"}",
         "InvalidArgumentException",
         "StreamId is reserved for future use. Use StreamName or StreamARN."},
        {"name and ARN differ", "DescribeStream",
         "{\"StreamName\":\"orders\",\"StreamARN\":\"arn:aws:kinesis:us-east-1:000000000000:stream/"
         "other\"}",
         "InvalidArgumentException",
         "StreamName orders and StreamARN arn:aws:kinesis:us-east-1:000000000000:stream/other do "
         "not name the same stream."},
        {"UpdateMaxRecordSize: by name", "UpdateMaxRecordSize",
         "{\"StreamName\":\"orders\",\"MaxRecordSizeInKiB\":2048}", "InvalidArgumentException",
         "StreamARN should be provided."},
        {"encryption: none", "StartStreamEncryption",
         "{\"StreamName\":\"orders\",\"EncryptionType\":\"NONE\",\"KeyId\":\"k\"}",
         "InvalidArgumentException", "EncryptionType must be KMS."},
        {"a consumer by half", "DescribeStreamConsumer", "{\"ConsumerName\":\"c\"}",
         "InvalidArgumentException",
         "Either ConsumerARN or both StreamARN and ConsumerName should be provided."},
        {"a consumer by the other half", "DeregisterStreamConsumer",
         "{\"StreamARN\":\"arn:aws:kinesis:us-east-1:000000000000:stream/orders\"}",
         "InvalidArgumentException",
         "Either ConsumerARN or both StreamARN and ConsumerName should be provided."},
        {"a consumer of two names", "DescribeStreamConsumer",
         "{\"ConsumerName\":\"d\",\"ConsumerARN\":\"arn:aws:kinesis:us-east-1:000000000000:stream/"
         "orders/consumer/c:1\"}",
         "InvalidArgumentException",
         "ConsumerARN arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/c:1 does not "
         "name the consumer that StreamARN and ConsumerName name."},
        {"an ARN that is none", "DescribeStream", "{\"StreamARN\":\"orders\"}",
         "ValidationException",
         "1 validation error detected: Value at 'streamARN' failed to satisfy constraint: Member "
         "must satisfy regular expression pattern: arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+"},
        {"a consumer ARN that is none", "SubscribeToShard",
         "{\"ConsumerARN\":\"c\",\"ShardId\":\"shardId-000000000000\",\"StartingPosition\":{"
         "\"Type\":\"LATEST\"}}",
         "ValidationException",
         "1 validation error detected: Value at 'consumerARN' failed to satisfy constraint: Member "
         "must satisfy regular expression pattern: "
         "^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/"
         "[a-zA-Z0-9_.-]+:[0-9]+"},
        {"DescribeStreamSummary: no such stream", "DescribeStreamSummary",
         "{\"StreamName\":\"other\"}", "ResourceNotFoundException",
         "Stream other under account 000000000000 not found."},
        {"DeleteStream: no such stream", "DeleteStream", "{\"StreamName\":\"other\"}",
         "ResourceNotFoundException", "Stream other under account 000000000000 not found."},
        {"PutRecord: no such stream", "PutRecord",
         "{\"StreamName\":\"other\",\"Data\":\"\",\"PartitionKey\":\"k\"}",
         "ResourceNotFoundException", "Stream other under account 000000000000 not found."},
        {"CreateStream: more shards than the account may have", "CreateStream",
         "{\"StreamName\":\"wide\",\"ShardCount\":19999}", "LimitExceededException",
         "This request would exceed the shard limit for the account 000000000000 in us-east-1. "
         "Current shard count for the account: 2. Limit: 20000. Number of additional shards that "
         "would have resulted from this request: 19999."},
        {"retention: an hour too short", "DecreaseStreamRetentionPeriod",
         "{\"StreamName\":\"orders\",\"RetentionPeriodHours\":23}", "InvalidArgumentException",
         "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is "
         "too short."},
        {"retention: an hour too long", "IncreaseStreamRetentionPeriod",
         "{\"StreamName\":\"orders\",\"RetentionPeriodHours\":8761}", "InvalidArgumentException",
         "Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) "
         "is too long."},
        {"SplitShard: what is no shard id", "SplitShard",
         "{\"StreamName\":\"orders\",\"ShardToSplit\":\"first\",\"NewStartingHashKey\":\"9\"}",
         "ResourceNotFoundException",
         "Could not find shard first in stream orders under account 000000000000."},
        {"SplitShard: no such shard", "SplitShard",
         "{\"StreamName\":\"orders\",\"ShardToSplit\":\"2\",\"NewStartingHashKey\":\"9\"}",
         "ResourceNotFoundException",
         "Shard shardId-000000000002 in stream orders under account 000000000000 does not exist"},
        {"MergeShards: what is no shard id", "MergeShards",
         "{\"StreamName\":\"orders\",\"ShardToMerge\":\"0\",\"AdjacentShardToMerge\":\"next\"}",
         "ResourceNotFoundException",
         "Could not find shard next in stream orders under account 000000000000."},
        {"GetShardIterator: what is no shard id", "GetShardIterator",
         "{\"StreamName\":\"orders\",\"ShardId\":\"first\",\"ShardIteratorType\":\"LATEST\"}",
         "ResourceNotFoundException",
         "Could not find shard first in stream orders under account 000000000000."},
        {"GetShardIterator: no such shard", "GetShardIterator",
         "{\"StreamName\":\"orders\",\"ShardId\":\"2\",\"ShardIteratorType\":\"LATEST\"}",
         "ResourceNotFoundException",
         "Shard shardId-000000000002 in stream orders under account 000000000000 does not exist"},
        {"GetShardIterator: at no time", "GetShardIterator",
         "{\"StreamName\":\"orders\",\"ShardId\":\"0\",\"ShardIteratorType\":\"AT_TIMESTAMP\"}",
         "InvalidArgumentException",
         "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current "
         "request has no timestamp parameter."},
        {"GetShardIterator: a number that nobody gave out", "GetShardIterator",
         "{\"StreamName\":\"orders\",\"ShardId\":\"0\",\"ShardIteratorType\":"
         "\"AT_SEQUENCE_NUMBER\",\"StartingSequenceNumber\":\"7\"}",
         "InvalidArgumentException",
         "StartingSequenceNumber 7 used in GetShardIterator on shard shardId-000000000000 in "
         "stream "
         "orders under account 000000000000 is invalid."},
        {"PutRecords: no such stream", "PutRecords",
         "{\"StreamName\":\"other\",\"Records\":[{\"Data\":\"\",\"PartitionKey\":\"k\"}]}",
         "ResourceNotFoundException", "Stream other under account 000000000000 not found."},
    };
}

} // namespace shardscope::testing
