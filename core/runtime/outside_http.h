#pragma once

#include <functional>
#include <string_view>

#include "core/consumers/outside.h"

namespace shardscope {

/// What an ObjectPut's target begins with when it is an S3-compatible endpoint: `s3+http://` or
/// `s3+https://`.
inline constexpr std::string_view kS3Scheme = "s3+";

/// Invokes a function by Lambda's API: POST of the event. A target without a path is taken as a
/// runtime interface emulator or a local stack, and gets the path of its function `function`.
/// Requests are signed with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and
/// AWS_REGION of the environment, or with `test` for each where there are none: local endpoints
/// take any. A status of 429 or above 499, or no answer at all, is a trouble: the function was not
/// run, or nobody knows.
[[nodiscard]] OutsideAnswer invokeByHttp(const FunctionCall& call,
                                         const std::function<bool()>& stopped);

/// Puts an object with one PUT, path style, signed likewise.
[[nodiscard]] OutsideAnswer putObjectByHttp(const ObjectPut& put,
                                            const std::function<bool()>& stopped);

} // namespace shardscope
