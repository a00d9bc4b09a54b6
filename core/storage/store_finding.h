#pragma once

#include <string>

namespace shardscope {

/// A finding of recovery, for people: one sentence with file and place.
struct StoreFinding {
    enum class Kind { TornTail, DamagedBlock, MissingKey } kind {};
    std::string text;
};

} // namespace shardscope
