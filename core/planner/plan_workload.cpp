#include "core/planner/plan_workload.h"

namespace shardscope {

/// Shapes: facts/scaling-and-pricing.md 8.1 to 8.4. The rates are those of one middling stream, to
/// be overwritten.
PlanWorkload planPreset(PlanPreset preset, std::string name)
{
    PlanWorkload workload;
    workload.name = std::move(name);
    workload.preset = preset;
    switch (preset) {
    case PlanPreset::Own:
        break;
    case PlanPreset::Iot:
        // A fleet that reports every two seconds while it is on the road.
        workload.recordsPerSecond = 3'000;
        workload.recordBytes = 230;
        workload.recordBytesP99 = 600;
        workload.curve = DayCurve::TwoHumps;
        workload.peakFactor = 1.9;
        workload.keys.shape = KeySpec::Shape::Uniform;
        workload.keys.count = 20'000;
        break;
    case PlanPreset::Clickstream:
        workload.recordsPerSecond = 2'000;
        workload.recordBytes = 1'100;
        workload.recordBytesP99 = 2'500;
        workload.weekendFactor = 0.8;
        workload.keys.shape = KeySpec::Shape::Zipf;
        workload.keys.count = 100'000;
        workload.keys.exponent = 0.8;
        workload.burstFactor = 3;
        break;
    case PlanPreset::Logs:
        workload.recordsPerSecond = 2'200;
        workload.recordBytes = 290;
        workload.recordBytesP99 = 700;
        workload.weekendFactor = 0.8;
        workload.keys.shape = KeySpec::Shape::Uniform;
        workload.keys.count = 50;
        break;
    }
    return workload;
}

} // namespace shardscope
