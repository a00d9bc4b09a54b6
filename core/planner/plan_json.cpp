#include "core/planner/plan_json.h"

#include <algorithm>
#include <set>

#include "core/planner/plan_fields.h"
#include "core/scenario/field_names.h"
#include "core/scenario/field_reader.h"
#include "core/scenario/field_writer.h"

namespace shardscope {

using namespace scenario_format;

const Words<PlanPreset>& wordsOf(PlanPreset)
{
    static const Words<PlanPreset> words {{PlanPreset::Own, "own"},
                                          {PlanPreset::Iot, "iot"},
                                          {PlanPreset::Clickstream, "clickstream"},
                                          {PlanPreset::Logs, "logs"}};
    return words;
}

const Words<DayCurve>& wordsOf(DayCurve)
{
    static const Words<DayCurve> words {{DayCurve::Constant, "constant"},
                                        {DayCurve::Daily, "daily"},
                                        {DayCurve::TwoHumps, "twoHumps"}};
    return words;
}

namespace {

constexpr std::size_t kStreamsMost = 100;

Error badInput(const std::string& file, int line, const std::string& what)
{
    return {ErrorCode::BadInput, file + ':' + std::to_string(line) + ": " + what};
}

PlanWorkload readWorkload(ReadState& state, const JsonNode& node, const std::string& path)
{
    PlanWorkload workload;
    if (const JsonNode* preset = node.find("preset"); preset != nullptr)
        for (const auto& word : wordsOf(PlanPreset {}))
            if (preset->text == word.word)
                workload = planPreset(word.value, workload.name);
    FieldReader::read(state, node, path, workload);
    return workload;
}

} // namespace

Result<std::vector<PlanWorkload>> parseWorkloads(std::string_view json, const std::string& fileName)
{
    const auto root = parseJson(json, fileName);
    if (!root)
        return tl::unexpected<Error>(root.error());
    ReadState state;
    state.file = fileName;
    std::vector<PlanWorkload> workloads;
    const JsonNode* streams = root->find("streams");
    if (streams == nullptr) {
        workloads.push_back(readWorkload(state, *root, ""));
    } else {
        if (streams->kind != JsonNode::Kind::List || streams->items.empty()
            || streams->items.size() > kStreamsMost || root->members.size() > 1)
            return tl::unexpected<Error>(
                badInput(fileName, streams->line,
                         "streams: must be a list of 1 to 100 workloads, and nothing beside it"));
        std::set<std::string> names;
        for (std::size_t i = 0; i < streams->items.size() && !state.error; ++i) {
            const std::string path = "streams[" + std::to_string(i) + ']';
            workloads.push_back(readWorkload(state, streams->items[i], path));
            if (!state.error && !names.insert(workloads.back().name).second)
                state.error
                    = badInput(fileName, streams->items[i].line,
                               path + ".name: is taken already; every stream needs its own");
        }
    }
    if (state.error)
        return tl::unexpected<Error>(*state.error);
    return workloads;
}

std::string writeWorkloads(const std::vector<PlanWorkload>& workloads)
{
    JsonWriter json;
    FieldWriter writer(json);
    json.beginObject();
    json.name("streams");
    json.beginList();
    for (const PlanWorkload& workload : workloads)
        writer.write(workload);
    json.endList();
    json.endObject();
    return json.take();
}

Result<ScalingPolicySpec> parsePolicy(std::string_view json, const std::string& fileName)
{
    const auto root = parseJson(json, fileName);
    if (!root)
        return tl::unexpected<Error>(root.error());
    ReadState state;
    state.file = fileName;
    ScalingPolicySpec policy;
    FieldReader::read(state, *root, "", policy);
    if (state.error)
        return tl::unexpected<Error>(*state.error);
    return policy;
}

} // namespace shardscope
