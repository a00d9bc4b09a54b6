#pragma once

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace shardscope {

/// Why something was refused. Named after the service's own exceptions where it has one; the
/// last group is ours. `endpoint/wire_errors` (later) and the command line turn these into words.
enum class ErrorCode {
    AccessDenied,
    ExpiredIterator,
    ExpiredNextToken,
    InternalFailure,
    InvalidArgument,
    LimitExceeded,
    ProvisionedThroughputExceeded,
    ResourceInUse,
    ResourceNotFound,
    Validation,
    BadInput, ///< a file, an option or a form held something that cannot be used
    Io, ///< the operating system refused
};

/// What went wrong, in one sentence that names the place and what would be right.
struct Error {
    ErrorCode code {};
    std::string message;

    friend bool operator==(const Error&, const Error&) = default;
};

template <typename T> using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message)
{
    return tl::unexpected<Error>(Error {code, std::move(message)});
}

} // namespace shardscope
