#pragma once

#include <span>
#include <string>

#include "core/base/result.h"
#include "core/clock/sim_time.h"

namespace shardscope {

struct ScreenshotOptions {
    std::string scenario = "hot-key"; ///< of the Explore workspace
    std::string out; ///< PNG
    SimDuration at; ///< since the first frame, which has the scenario's history behind it
    std::string workspace = "explore"; ///< explore, readers, or monitor: on a sample service
    std::string reader; ///< the one that is chosen in Readers; empty: the first
    std::string tab = "streams"; ///< of the Monitor: streams, board, records, clients, errors
    std::string theme = "light"; ///< light, dark or high-contrast
    int width = 1440, height = 900;
    bool help = false;
};
[[nodiscard]] Result<ScreenshotOptions>
parseScreenshotOptions(std::span<const std::string> arguments);

/// Renders the real window at one moment of a run into a file: the same picture every time.
/// Returns an exit status.
int screenshotCommand(std::span<const std::string> arguments);

} // namespace shardscope
