#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/clock/sim_time.h"

/// Signs requests of our own test clients (AWS Signature Version 4). Written apart from the
/// endpoint's checker on purpose, so that each checks the other: they share no function.
namespace shardscope::tests {

/// Header fields as they will be sent; names in lower case.
using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct RequestToSign {
    std::string method = "POST";
    std::string path = "/"; ///< percent-encoded as it will be sent
    std::string query; ///< likewise, without the "?"
    HeaderList headers; ///< all are signed; `host` or `:authority` among them
    std::string body;
};

struct SigningIdentity {
    std::string accessKeyId = "AKIDEXAMPLE";
    std::string secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    std::string sessionToken; ///< empty: none is sent
    std::string region = "us-east-1";
    std::string service = "kinesis";
};

/// The fields to send beside request.headers: x-amz-date, x-amz-security-token when there is a
/// token, and authorization.
[[nodiscard]] HeaderList signatureHeaders(const RequestToSign& request, const SigningIdentity& who,
                                          SimTime now);

/// The query to send instead of request.query, valid for `expiresSeconds`.
[[nodiscard]] std::string signedQuery(const RequestToSign& request, const SigningIdentity& who,
                                      SimTime now, int expiresSeconds);

} // namespace shardscope::tests
