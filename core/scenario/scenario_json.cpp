#include "core/scenario/scenario_json.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "core/scenario/field_names.h"
#include "core/scenario/field_reader.h"
#include "core/scenario/field_writer.h"

namespace shardscope {

using namespace scenario_format;

Result<Scenario> parseScenario(std::string_view json, const std::string& fileName)
{
    const auto root = parseJson(json, fileName);
    if (!root)
        return tl::unexpected<Error>(root.error());
    const std::size_t slash = fileName.rfind('/');
    ReadState state;
    state.file = fileName;
    state.folder = slash == std::string::npos ? "" : fileName.substr(0, slash + 1);
    Scenario scenario;
    FieldReader::read(state, *root, "", scenario);
    if (state.error)
        return tl::unexpected<Error>(*state.error);
    return scenario;
}

Result<Scenario> readScenarioFile(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return fail(ErrorCode::BadInput, path + ": there is no such file, or it cannot be read");
    std::string text;
    std::array<char, 65536> block {};
    while (file.read(block.data(), block.size()), file.gcount() > 0) {
        text.append(block.data(), static_cast<std::size_t>(file.gcount()));
        // One byte more than is allowed is enough for parseScenario to say so.
        if (text.size() > kJsonTextMost)
            break;
    }
    if (file.bad())
        return fail(ErrorCode::Io, path + ": cannot be read; is it a file?");
    return parseScenario(text, path);
}

std::string writeScenario(const Scenario& scenario)
{
    JsonWriter json;
    FieldWriter(json).write(scenario);
    return json.take();
}

std::vector<std::string> scenarioFields()
{
    FieldNames names(FieldNames::Depth::Deep);
    Scenario scenario;
    fields(names, scenario);
    std::vector<std::string> sorted = names.names();
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    return sorted;
}

std::span<const std::string> expectationMetrics()
{
    static const std::vector<std::string> metrics {
        "offered.recordsPerSecond",
        "offered.bytesPerSecond",
        "accepted.recordsPerSecond",
        "accepted.bytesPerSecond",
        "refused.recordsPerSecond",
        "refused.records",
        "refused.byBytes",
        "refused.byRecords",
        "refused.percent",
        "refused.shards",
        "read.recordsPerSecond",
        "read.bytesPerSecond",
        "read.refusedCalls",
        "maxIteratorAgeMs",
        "openShards",
        "peakShardPercent",
        "peakMinutePercent",
        "retries",
        "dropped",
        "lostRecords",
        "analytics.lateRecords",
        "analytics.lateReaders",
        "analytics.windowsFired",
        "againRecords",
        "lagRecords",
        "longestLeaseGapMs",
        "lambda.errors",
        "lambda.droppedRecords",
        "firehose.maxFreshnessMs",
        "firehose.deliveredTwice",
        "firehose.givenUpRecords",
        "amplification",
        "cost.provisioned",
        "cost.onDemand",
    };
    return metrics;
}

std::string scenario_format::bytesText(Bytes bytes)
{
    struct Unit {
        Bytes bytes;
        const char* name;
    };
    static constexpr std::array<Unit, 3> kUnits {{{1_GiB, "GiB"}, {1_MiB, "MiB"}, {1_KiB, "KiB"}}};
    for (const Unit& unit : kUnits)
        if (bytes > 0 && bytes % unit.bytes == 0)
            return std::to_string(bytes / unit.bytes) + unit.name;
    return {};
}

} // namespace shardscope
