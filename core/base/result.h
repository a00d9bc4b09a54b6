#pragma once

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace shardscope {

/// Why something was refused. Named after the service's own exceptions where it has one; the
/// last group is ours. `endpoint/wire_errors` and the command line turn these into words.
enum class ErrorCode {
    AccessDenied,
    ExpiredIterator,
    ExpiredNextToken,
    InternalFailure,
    InvalidArgument,
    DryRunOperation, ///< a dry run found nothing wrong
    KmsAccessDenied,
    KmsDisabled,
    KmsInvalidState,
    KmsNotFound,
    KmsOptInRequired,
    KmsThrottling,
    LimitExceeded,
    ProvisionedThroughputExceeded,
    ResourceInUse,
    ResourceNotFound,
    Validation,
    BadInput, ///< a file, an option or a form held something that cannot be used
    Io, ///< the operating system refused
    Busy, ///< too much waits already; try again
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
