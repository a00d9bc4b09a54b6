#include <algorithm>

#include "core/endpoint/actions/actions.h"
#include "core/endpoint/actions/common.h"

namespace shardscope::endpoint::actions {
namespace {

using namespace shapes;

constexpr Shape kShortText {.type = ShapeType::Text, .least = 1, .most = 255};
constexpr Shape kValueText {.type = ShapeType::Text, .least = 1, .most = 1'024};
constexpr Member kDimensionMembers[] {{"Name", &kShortText, true}, {"Value", &kValueText, true}};
constexpr Shape kDimension {.members = kDimensionMembers};
constexpr Shape kDimensions {.type = ShapeType::List, .least = 0, .most = 30, .of = &kDimension};

constexpr Member kSetMembers[] {{"SampleCount", &kNumber, true},
                                {"Sum", &kNumber, true},
                                {"Minimum", &kNumber, true},
                                {"Maximum", &kNumber, true}};
constexpr Shape kSet {.members = kSetMembers};
constexpr Shape kNumbers {.type = ShapeType::List, .least = 0, .most = 150, .of = &kNumber};
constexpr Member kDatumMembers[] {{"MetricName", &kShortText, true},
                                  {"Dimensions", &kDimensions},
                                  {"Timestamp", &kTime},
                                  {"Value", &kNumber},
                                  {"StatisticValues", &kSet},
                                  {"Values", &kNumbers},
                                  {"Counts", &kNumbers},
                                  {"Unit", &kText},
                                  {"StorageResolution", &kAtLeastOne}};
constexpr Shape kDatum {.members = kDatumMembers};
constexpr Shape kData {.type = ShapeType::List, .least = 0, .most = 1'000, .of = &kDatum};
constexpr Member kPutMembers[] {{"Namespace", &kShortText, true}, {"MetricData", &kData}};
constexpr Shape kPut {.members = kPutMembers};

constexpr Member kMetricMembers[] {
    {"Namespace", &kShortText}, {"MetricName", &kShortText}, {"Dimensions", &kDimensions}};
constexpr Shape kMetric {.members = kMetricMembers};
constexpr Member kStatMembers[] {{"Metric", &kMetric, true},
                                 {"Period", &kAtLeastOne, true},
                                 {"Stat", &kText, true},
                                 {"Unit", &kText}};
constexpr Shape kStat {.members = kStatMembers};
constexpr Member kQueryMembers[] {{"Id", &kShortText, true}, {"MetricStat", &kStat},
                                  {"Expression", &kText},    {"Label", &kText},
                                  {"ReturnData", &kFlag},    {"Period", &kAtLeastOne}};
constexpr Shape kQuery {.members = kQueryMembers};
constexpr Shape kQueries {.type = ShapeType::List, .least = 0, .most = 500, .of = &kQuery};
constexpr std::string_view kScanWords[] {"TimestampDescending", "TimestampAscending"};
constexpr Shape kScan {.type = ShapeType::Text, .values = kScanWords};
constexpr Member kDataMembers[] {{"MetricDataQueries", &kQueries, true},
                                 {"StartTime", &kTime, true},
                                 {"EndTime", &kTime, true},
                                 {"NextToken", &kText},
                                 {"ScanBy", &kScan},
                                 {"MaxDatapoints", &kAtLeastOne}};
constexpr Shape kGetData {.members = kDataMembers};

constexpr Shape kStatisticWord {.type = ShapeType::Text, .values = words::kStatistic};
constexpr Shape kStatistics {.type = ShapeType::List, .least = 1, .most = 5, .of = &kStatisticWord};
constexpr Member kStatisticsMembers[] {
    {"Namespace", &kShortText, true},   {"MetricName", &kShortText, true},
    {"Dimensions", &kDimensions},       {"StartTime", &kTime, true},
    {"EndTime", &kTime, true},          {"Period", &kAtLeastOne, true},
    {"Statistics", &kStatistics, true}, {"Unit", &kText}};
constexpr Shape kGetStatistics {.members = kStatisticsMembers};

constexpr Member kFilterMembers[] {{"Name", &kShortText, true}, {"Value", &kValueText}};
constexpr Shape kFilter {.members = kFilterMembers};
constexpr Shape kFilters {.type = ShapeType::List, .least = 0, .most = 10, .of = &kFilter};
constexpr Member kListMembers[] {{"Namespace", &kShortText},
                                 {"MetricName", &kShortText},
                                 {"Dimensions", &kFilters},
                                 {"NextToken", &kText}};
constexpr Shape kList {.members = kListMembers};

cloudwatch::Dimensions dimensionsOf(const Input& in)
{
    cloudwatch::Dimensions all;
    for (const Input& one : in.structures("Dimensions"))
        all.insert_or_assign(one.textOr("Name"), one.textOr("Value"));
    return all;
}

cloudwatch::MetricRef metricOf(const Input& in)
{
    return {in.textOr("Namespace"), in.textOr("MetricName"), dimensionsOf(in)};
}

/// A value, a set of statistics, or values with their counts: exactly one of them.
Result<cloudwatch::StatisticSet> statisticsOf(const Input& in)
{
    cloudwatch::StatisticSet all;
    const auto values = in.numbers("Values"), counts = in.numbers("Counts");
    const auto value = in.number("Value");
    const auto given = in.structure("StatisticValues");
    if ((value ? 1 : 0) + (given ? 1 : 0) + (values.empty() ? 0 : 1) != 1)
        return fail(ErrorCode::InvalidArgument,
                    "Exactly one of Value, StatisticValues and Values must be given for metric "
                        + in.textOr("MetricName") + '.');
    if (!counts.empty() && counts.size() != values.size())
        return fail(ErrorCode::InvalidArgument,
                    "Values and Counts must have the same length for metric "
                        + in.textOr("MetricName") + '.');
    if (value)
        all.add(*value);
    for (std::size_t i = 0; i < values.size(); ++i)
        all.add(values[i], counts.empty() ? 1 : counts[i]);
    if (given)
        all = {given->number("SampleCount").value_or(0), given->number("Sum").value_or(0),
               given->number("Minimum").value_or(0), given->number("Maximum").value_or(0)};
    return all;
}

Result<ApiRequest> readPut(const Input& in, const ArnScope&)
{
    cloudwatch::PutMetricData request {.metricNamespace = in.textOr("Namespace")};
    for (const Input& one : in.structures("MetricData")) {
        auto statistics = statisticsOf(one);
        if (!statistics)
            return tl::unexpected(statistics.error());
        request.data.push_back({one.textOr("MetricName"), dimensionsOf(one), one.time("Timestamp"),
                                *statistics, one.textOr("Unit")});
    }
    return request;
}

Result<cloudwatch::MetricQuery> queryOf(const Input& in)
{
    const std::string id = in.textOr("Id");
    const auto stat = in.structure("MetricStat");
    if (!stat || in.has("Expression"))
        return fail(ErrorCode::InvalidArgument,
                    "Query " + id + " must have a MetricStat; expressions are not computed here.");
    const auto statistic = stat->choice("Stat", words::kStatistic);
    if (!statistic)
        return fail(ErrorCode::InvalidArgument,
                    "The statistic " + stat->textOr("Stat") + " of query " + id
                        + " is not known; SampleCount, Sum, Average, Minimum and Maximum are.");
    const auto metric = metricOf(*stat->structure("Metric"));
    return cloudwatch::MetricQuery {.id = id,
                                    .label = in.text("Label").value_or(metric.metricName),
                                    .metric = metric,
                                    .periodSeconds = stat->integer("Period").value_or(0),
                                    .statistic = static_cast<cloudwatch::Statistic>(*statistic),
                                    .unit = stat->textOr("Unit"),
                                    .returnData = in.flag("ReturnData", true)};
}

Result<ApiRequest> readData(const Input& in, const ArnScope&)
{
    cloudwatch::GetMetricData request;
    for (const Input& one : in.structures("MetricDataQueries")) {
        auto query = queryOf(one);
        if (!query)
            return tl::unexpected(query.error());
        request.queries.push_back(std::move(*query));
    }
    request.start = in.time("StartTime").value_or(SimTime());
    request.end = in.time("EndTime").value_or(SimTime());
    request.ascending = in.textOr("ScanBy") == kScanWords[1];
    request.maxDatapoints = in.integer("MaxDatapoints").value_or(request.maxDatapoints);
    request.nextToken = in.textOr("NextToken");
    return request;
}

Result<ApiRequest> readStatistics(const Input& in, const ArnScope&)
{
    cloudwatch::GetMetricStatistics request {.metric = metricOf(in)};
    request.start = in.time("StartTime").value_or(SimTime());
    request.end = in.time("EndTime").value_or(SimTime());
    request.periodSeconds = in.integer("Period").value_or(0);
    request.unit = in.textOr("Unit");
    for (const std::string& word : in.texts("Statistics")) {
        const auto at = std::find(words::kStatistic.begin(), words::kStatistic.end(), word);
        request.statistics.push_back(
            static_cast<cloudwatch::Statistic>(at - words::kStatistic.begin()));
    }
    return request;
}

Result<ApiRequest> readList(const Input& in, const ArnScope&)
{
    cloudwatch::ListMetrics request {.metricNamespace = in.textOr("Namespace"),
                                     .metricName = in.textOr("MetricName"),
                                     .dimensions = {},
                                     .nextToken = in.textOr("NextToken")};
    for (const Input& one : in.structures("Dimensions"))
        request.dimensions.emplace_back(one.textOr("Name"), one.text("Value"));
    return request;
}

void writeDataResult(WireWriter& out, const cloudwatch::MetricDataResult& result)
{
    out.beginMap();
    out.member("Id", result.id);
    out.member("Label", result.label);
    out.beginList("Timestamps");
    for (const auto& [at, value] : result.values)
        out.time(at);
    out.endList();
    out.beginList("Values");
    for (const auto& [at, value] : result.values)
        out.number(value);
    out.endList();
    out.member("StatusCode", "Complete");
    out.endMap();
}

void writeData(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    const auto& all = std::get<cloudwatch::GetMetricDataResult>(answer);
    out.beginMap();
    out.beginList("MetricDataResults");
    for (const auto& result : all.results)
        writeDataResult(out, result);
    out.endList();
    if (!all.nextToken.empty())
        out.member("NextToken", all.nextToken);
    out.endMap();
}

double valueOf(const cloudwatch::StatisticSet& set, cloudwatch::Statistic statistic)
{
    switch (statistic) {
    case cloudwatch::Statistic::SampleCount:
        return set.sampleCount;
    case cloudwatch::Statistic::Sum:
        return set.sum;
    case cloudwatch::Statistic::Average:
        return set.sampleCount == 0 ? 0 : set.sum / set.sampleCount;
    case cloudwatch::Statistic::Minimum:
        return set.minimum;
    case cloudwatch::Statistic::Maximum:
        return set.maximum;
    }
    return 0;
}

void writeStatistics(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    const auto& all = std::get<cloudwatch::GetMetricStatisticsResult>(answer);
    out.beginMap();
    out.member("Label", with.metricName);
    out.beginList("Datapoints");
    for (const auto& point : all.datapoints) {
        out.beginMap();
        out.member("Timestamp", point.at);
        for (const cloudwatch::Statistic statistic : with.statistics) {
            out.key(words::of(words::kStatistic, statistic));
            out.number(valueOf(point.statistics, statistic));
        }
        if (!all.unit.empty())
            out.member("Unit", all.unit);
        out.endMap();
    }
    out.endList();
    out.endMap();
}

void writeMetric(WireWriter& out, const cloudwatch::MetricRef& metric)
{
    out.beginMap();
    out.member("Namespace", metric.metricNamespace);
    out.member("MetricName", metric.metricName);
    out.beginList("Dimensions");
    for (const auto& [name, value] : metric.dimensions) {
        out.beginMap();
        out.member("Name", name);
        out.member("Value", value);
        out.endMap();
    }
    out.endList();
    out.endMap();
}

void writeList(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    const auto& all = std::get<cloudwatch::ListMetricsResult>(answer);
    out.beginMap();
    out.beginList("Metrics");
    for (const auto& metric : all.metrics)
        writeMetric(out, metric);
    out.endList();
    if (!all.nextToken.empty())
        out.member("NextToken", all.nextToken);
    out.endMap();
}

} // namespace

const Action kGetMetricData {
    .name = "GetMetricData", .input = &kGetData, .read = readData, .write = writeData};
const Action kGetMetricStatistics {.name = "GetMetricStatistics",
                                   .input = &kGetStatistics,
                                   .read = readStatistics,
                                   .write = writeStatistics};
const Action kListMetrics {
    .name = "ListMetrics", .input = &kList, .read = readList, .write = writeList};
const Action kPutMetricData {.name = "PutMetricData", .input = &kPut, .read = readPut};

} // namespace shardscope::endpoint::actions
