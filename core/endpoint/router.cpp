#include "core/endpoint/router.h"

#include <algorithm>
#include <array>

#include "core/endpoint/actions/actions.h"

namespace shardscope::endpoint {
namespace {

using namespace actions;

/// By name: they are searched by halves.
constexpr std::array kKinesis {&kAddTagsToStream,
                               &kCreateChannel,
                               &kCreateStream,
                               &kDecreaseStreamRetentionPeriod,
                               &kDeleteChannel,
                               &kDeleteResourcePolicy,
                               &kDeleteStream,
                               &kDeregisterStreamConsumer,
                               &kDescribeAccountSettings,
                               &kDescribeChannel,
                               &kDescribeLimits,
                               &kDescribeStream,
                               &kDescribeStreamConsumer,
                               &kDescribeStreamSummary,
                               &kDisableEnhancedMonitoring,
                               &kEnableEnhancedMonitoring,
                               &kGetRecords,
                               &kGetResourcePolicy,
                               &kGetShardIterator,
                               &kIncreaseStreamRetentionPeriod,
                               &kListChannels,
                               &kListShards,
                               &kListStreamConsumers,
                               &kListStreams,
                               &kListTagsForResource,
                               &kListTagsForStream,
                               &kMergeShards,
                               &kPutRecord,
                               &kPutRecords,
                               &kPutResourcePolicy,
                               &kRegisterStreamConsumer,
                               &kRemoveTagsFromStream,
                               &kSplitShard,
                               &kStartStreamEncryption,
                               &kStopStreamEncryption,
                               &kSubscribeToShard,
                               &kTagResource,
                               &kUntagResource,
                               &kUpdateAccountSettings,
                               &kUpdateChannel,
                               &kUpdateMaxRecordSize,
                               &kUpdateShardCount,
                               &kUpdateStreamMode,
                               &kUpdateStreamRecordDistributionStrategy,
                               &kUpdateStreamWarmThroughput};
constexpr std::array kCloudWatch {&kGetMetricData, &kGetMetricStatistics, &kListMetrics,
                                  &kPutMetricData};
constexpr std::array kKms {&kCancelKeyDeletion,  &kCreateAlias, &kCreateKey,    &kDeleteAlias,
                           &kDescribeKey,        &kDisableKey,  &kEnableKey,    &kGetKeyPolicy,
                           &kListAliases,        &kListKeys,    &kPutKeyPolicy, &kRotateKeyOnDemand,
                           &kScheduleKeyDeletion};

constexpr std::string_view kRpcPath = "/service/GraniteServiceVersion20100801/operation/";

struct Target {
    std::string_view prefix;
    ApiService service;
};
constexpr std::array kTargets {
    Target {"Kinesis_20131202.", ApiService::Kinesis},
    Target {"GraniteServiceVersion20100801.", ApiService::CloudWatch},
    Target {"TrentService.", ApiService::Kms},
};

struct ContentType {
    std::string_view text;
    Protocol protocol;
};
constexpr std::array kContentTypes {
    ContentType {"application/x-amz-json-1.1", Protocol::Json11},
    ContentType {"application/x-amz-json-1.0", Protocol::Json10},
    ContentType {"application/json", Protocol::PlainJson},
    ContentType {"application/x-amz-cbor-1.1", Protocol::Cbor11},
    ContentType {"application/x-www-form-urlencoded", Protocol::Query},
    ContentType {"application/cbor", Protocol::RpcCbor},
};

/// Without parameters (`; charset=utf-8`) and blanks.
std::string_view bareType(std::string_view value)
{
    value = value.substr(0, value.find(';'));
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t'))
        value.remove_suffix(1);
    return value;
}

bool equalsIgnoringCase(std::string_view a, std::string_view lower)
{
    return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
        return (x >= 'A' && x <= 'Z' ? static_cast<char>(x | 0x20) : x) == y;
    });
}

std::optional<Protocol> protocolOf(const HttpRequest& request)
{
    const auto type = request.headers.find("content-type");
    if (!type)
        return std::nullopt;
    for (const ContentType& known : kContentTypes)
        if (equalsIgnoringCase(bareType(*type), known.text))
            return known.protocol;
    return std::nullopt;
}

void readTarget(const HttpRequest& request, Route& route)
{
    const std::string_view target = request.headers.find("x-amz-target").value_or("");
    for (const Target& known : kTargets)
        if (target.starts_with(known.prefix)) {
            route.service = known.service;
            route.operation = target.substr(known.prefix.size());
        }
}

} // namespace

std::span<const Action* const> actionsOf(ApiService service)
{
    switch (service) {
    case ApiService::Kinesis:
        return kKinesis;
    case ApiService::CloudWatch:
        return kCloudWatch;
    case ApiService::Kms:
        return kKms;
    }
    return {};
}

const Action* findAction(ApiService service, std::string_view operation)
{
    const auto all = actionsOf(service);
    const auto at = std::lower_bound(
        all.begin(), all.end(), operation,
        [](const Action* action, std::string_view name) { return action->name < name; });
    return at != all.end() && (*at)->name == operation ? *at : nullptr;
}

std::optional<Route> routeOf(const HttpRequest& request)
{
    const auto protocol = protocolOf(request);
    if (!protocol)
        return std::nullopt;
    Route route {.protocol = *protocol};
    if (*protocol == Protocol::Query || *protocol == Protocol::RpcCbor)
        route.service = ApiService::CloudWatch;
    else
        readTarget(request, route);
    if (*protocol == Protocol::RpcCbor && request.path.starts_with(kRpcPath))
        route.operation = std::string_view(request.path).substr(kRpcPath.size());
    route.action = findAction(route.service, route.operation);
    return route;
}

std::string_view contentType(Protocol protocol)
{
    if (protocol == Protocol::Query)
        return "text/xml";
    for (const ContentType& known : kContentTypes)
        if (known.protocol == protocol)
            return known.text;
    return {};
}

} // namespace shardscope::endpoint
