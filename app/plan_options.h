#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/options.h"
#include "core/planner/metrics_import.h"
#include "core/planner/plan.h"

namespace shardscope {

struct PlanOptions {
    std::string workload; ///< file
    std::vector<MetricsFile> metrics; ///< a stream's name may stand before a path as `NAME=`
    std::string columns; ///< of CSV files: `time=…,bytes=…,records=…,shard=…`
    std::optional<SimDuration> period; ///< of metrics whose file does not say it
    std::string scenario; ///< bundled name or file
    std::string region = "us-east-1";
    double targetRefused = 0.001; ///< share
    std::optional<int> days; ///< unset: 30, or as long as the data
    PlanModes modes;
    std::string policy; ///< file
    std::string prices; ///< file
    int samples = 200;
    std::uint64_t seed = 1;
    int threads = defaultThreads();
    std::string json; ///< file, `-` for standard output
    std::vector<std::string> reports; ///< files, by ending
    bool progress = false;
    bool help = false;
};
/// What `options` can be set from. `options` must outlive the list.
[[nodiscard]] std::vector<Option> planOptionList(PlanOptions& options);
/// Errors: BadInput; also unless there is one of --workload, --metrics and --scenario. A workload
/// may stand beside metrics: it says what those cannot.
[[nodiscard]] Result<PlanOptions> parsePlanOptions(std::span<const std::string> arguments);

/// `0.1%` as a share of 1. Errors: BadInput without the sign, or outside 0 % … 100 %.
[[nodiscard]] Result<double> percentValue(const std::string& option, const std::string& value);

} // namespace shardscope
