#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/clock/sim_time.h"

/// The command line's words. Every wrong use is an Error with one sentence; nothing is printed
/// here.
namespace shardscope {

/// One `--option`, with what is done when it is met.
struct Option {
    std::string name; ///< with its dashes
    std::string value; ///< how help shows the value, e.g. `N`; empty: a switch
    std::string help;
    /// Takes the value (empty for a switch). Errors: one sentence.
    std::function<Result<void>(const std::string& value)> take;
};

/// Reads `--name value`, `--name=value` and bare words; `--` ends the options. `takeWord` hears the
/// bare words. Errors: BadInput.
[[nodiscard]] Result<void>
readArguments(std::span<const std::string> arguments, const std::vector<Option>& options,
              const std::function<Result<void>(const std::string&)>& takeWord);
/// The options, one line each, for `--help`.
[[nodiscard]] std::string optionsHelp(const std::vector<Option>& options);

// Values. The option's name stands in the message.
[[nodiscard]] Result<SimDuration> durationValue(const std::string& option,
                                                const std::string& value);
/// `max` is 0; otherwise 0.1 … 1,000 times real time.
[[nodiscard]] Result<double> speedValue(const std::string& option, const std::string& value);
[[nodiscard]] Result<std::uint64_t> seedValue(const std::string& option, const std::string& value);
[[nodiscard]] Result<int> integerValue(const std::string& option, const std::string& value,
                                       int least, int most);

/// Threads used unless told otherwise: all that the machine has, at most 16.
[[nodiscard]] int defaultThreads();

struct RunOptions {
    std::string scenario; ///< name or path
    std::optional<SimDuration> length; ///< unset: the scenario's own duration
    double speed = 0; ///< times real time; 0 = as fast as it goes
    std::optional<std::uint64_t> seed; ///< unset: the scenario's own
    int threads = defaultThreads();
    std::string json; ///< file, `-` for standard output, empty: words for people
    std::string csv; ///< folder, or empty
    bool outside = false; ///< readers may call real functions and write real objects
    std::string agent; ///< an agent.json whose files are followed into the stream; empty: none
    bool progress = false; ///< even when standard error is no terminal
    bool help = false;
};
/// What `options` can be set from. `options` must outlive the list.
[[nodiscard]] std::vector<Option> runOptionList(RunOptions& options);
[[nodiscard]] Result<RunOptions> parseRunOptions(std::span<const std::string> arguments);

} // namespace shardscope
