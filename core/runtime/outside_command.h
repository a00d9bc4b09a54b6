#pragma once

#include <functional>

#include "core/consumers/outside.h"

namespace shardscope {

/// The largest answer of a function that is taken: what a synchronous invoke of Lambda returns at
/// most (facts/clients.md 4.2).
inline constexpr std::size_t kFunctionAnswerMost = 6 * 1'024 * 1'024;

/// Runs `call.target` as a shell command line with the event on its standard input. What it writes
/// to its standard output is the answer; another exit status than 0, a signal or the timeout is a
/// function error whose payload has Lambda's form, with the last line of its standard error in it.
/// Ends early when `stopped` says so.
[[nodiscard]] OutsideAnswer invokeByCommand(const FunctionCall& call,
                                            const std::function<bool()>& stopped);

} // namespace shardscope
