#pragma once

namespace shardscope {

/// Prints the broken condition and its place, then stops the program.
[[noreturn]] void checkFailed(const char* condition, const char* file, int line);

} // namespace shardscope

/// Stops the program when `condition` is false, in every build: for what would corrupt a run.
#define SHARDSCOPE_CHECK(condition)                                                                \
    ((condition) ? static_cast<void>(0) : ::shardscope::checkFailed(#condition, __FILE__, __LINE__))
