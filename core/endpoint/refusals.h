#pragma once

#include <string_view>

#include "core/endpoint/http.h"

namespace shardscope::endpoint {

/// Why the transport itself refuses a request, before the API has seen it.
struct Refusal {
    int status = 0; ///< of HTTP; 0: none
    std::string_view type; ///< the service's error, or empty where it has none
    std::string_view message;

    [[nodiscard]] explicit operator bool() const { return status != 0; }
};

namespace refusals {
inline constexpr Refusal kBodyTooLarge {413, "RequestEntityTooLarge",
                                        "The body of the request is larger than this server "
                                        "takes."};
inline constexpr Refusal kNoRoom {503, "ServiceUnavailable",
                                  "Too many bytes of requests are on their way in."};
inline constexpr Refusal kNoConnection {503, "ServiceUnavailable",
                                        "Too many connections are open."};
inline constexpr Refusal kNoAnswer {503, "ServiceUnavailable",
                                    "The request was not answered in time."};
inline constexpr Refusal kInternal {500, "InternalFailure", "The request could not be served."};
inline constexpr Refusal kTooSlow {408, "", "The request did not come whole in time."};
inline constexpr Refusal kHeadTooLarge {431, "", "The head of the request is too large."};
inline constexpr Refusal kExpectation {417, "", "Only 100-continue can be expected."};
inline constexpr Refusal kTarget {400, "", "The target of a request begins with /."};
inline constexpr Refusal kCoding {501, "", "Bodies come as they are or chunked, nothing else."};
}

/// The answer that says so: the service's JSON error, or a plain sentence where it has none.
[[nodiscard]] HttpResponse toResponse(const Refusal& refusal);

} // namespace shardscope::endpoint
