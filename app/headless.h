#pragma once

#include <span>
#include <string>

#include "app/options.h"
#include "app/result_json.h"

/// The subcommands that need no window. Each returns the process's exit status: 0 done, 1 failed
/// while running, 2 wrong usage or bad input with one sentence on standard error.
namespace shardscope {

inline constexpr int kDone = 0, kFailed = 1, kWrongUsage = 2;

/// One sentence on standard error.
int complain(const Error& error, int status);

/// Writes `text` to the file, or to standard output for `-`. Returns an exit status.
int writeOutput(const std::string& target, const std::string& text);

int runCommand(std::span<const std::string> arguments);
int scenariosCommand(std::span<const std::string> arguments);
int benchCommand(std::span<const std::string> arguments);

/// Runs a scenario to its end, as `options` say. Errors: what create or the CSV export refuse.
[[nodiscard]] Result<RunResult> runScenario(Scenario scenario, const RunOptions& options);

} // namespace shardscope
