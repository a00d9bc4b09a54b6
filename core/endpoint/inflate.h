#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace shardscope::endpoint {

/// The text as a gzip, as clients and CloudWatch Logs send it; empty when zlib has no memory.
[[nodiscard]] std::string gzipOf(std::string_view text);

/// What could be had of a gzip.
struct Inflated {
    enum class End {
        Whole,
        Cut, ///< there is more than was asked for
        Damaged, ///< it is no gzip, or breaks off, from here on
    };
    std::string bytes;
    End end = End::Damaged;
};
/// The first `most` bytes at most; no more than those are ever held, however far it would swell.
[[nodiscard]] Inflated inflateSome(std::string_view body, std::size_t most);

/// What a gzip body holds. Errors: BadInput (no gzip, cut off, more than `most` bytes).
[[nodiscard]] Result<std::string> inflateGzip(std::string_view body, std::size_t most);

} // namespace shardscope::endpoint
