#pragma once

#include <tl/expected.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock/sim_time.h"
#include "core/endpoint/http.h"

/// What a request says about who sent it, before anybody believes it. In the head:
///
///     Authorization: AWS4-HMAC-SHA256 Credential=credential, SignedHeaders=names, Signature=hex
///     credential = key-id "/" date "/" region "/" service "/aws4_request"
///     names      = name *( ";" name )
///     X-Amz-Date: 20260105T120000Z           or Date, in that form or HTTP's
///
/// or the same in the query, percent-encoded: X-Amz-Algorithm, X-Amz-Credential, X-Amz-Date,
/// X-Amz-Expires, X-Amz-SignedHeaders, X-Amz-Signature, X-Amz-Security-Token. Words of the header
/// are parted by commas or white space.
namespace shardscope::endpoint {

/// A refusal in the service's words.
struct AuthFailure {
    std::string type; ///< `InvalidSignatureException`
    std::string message; ///< ASCII
    /// For content types that the service knows; for others it answers 403 and XML (API 6.2).
    int status = 400;
};

/// Views into the request or into the room given to readClaim.
struct AuthClaim {
    std::string_view accessKeyId, date, region, service, terminator; ///< of the credential
    std::string_view signedHeaders;
    std::string_view signature;
    std::string_view securityToken; ///< may be empty
    SimTime signedAt;
    std::array<char, 16> timestamp {}; ///< signedAt as `20260105T120000Z`
    bool inQuery = false;
    std::optional<std::int64_t> expiresSeconds; ///< X-Amz-Expires, when in the query
};

/// Reads one. `room` holds what had to be decoded and must outlive the claim.
/// Refusals: MissingAuthenticationTokenException, IncompleteSignatureException naming each missing
/// part, InvalidSignatureException when there is one in the head and one in the query.
[[nodiscard]] tl::expected<AuthClaim, AuthFailure> readClaim(const HttpRequest& request,
                                                             std::string& room);

/// Reads `20260105T120000Z`; nothing else.
[[nodiscard]] std::optional<SimTime> parseBasicTime(std::string_view text);
/// Reads `Mon, 05 Jan 2026 12:00:00 GMT`; the day's name is not held against the date.
[[nodiscard]] std::optional<SimTime> parseHttpTime(std::string_view text);
/// For years 1970 to 9999.
[[nodiscard]] std::array<char, 16> toBasicTime(SimTime time);

/// A peer's text as a message may repeat it: printable ASCII, shortened.
[[nodiscard]] std::string shown(std::string_view text);

} // namespace shardscope::endpoint
