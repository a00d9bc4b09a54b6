#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/endpoint/http.h"
#include "core/endpoint/router.h"
#include "core/endpoint/wire_errors.h"
#include "core/endpoint/wire_writer.h"

/// Answers as HTTP: bodies in each protocol, and the header fields that the service adds.
namespace shardscope::endpoint {

/// The two ids that every answer bears.
struct RequestIds {
    std::string requestId; ///< `x-amzn-RequestId`: a random UUID
    std::string extendedId; ///< `x-amz-id-2`: base64 of 72 random bytes

    [[nodiscard]] static RequestIds draw();
};

/// The writer for the protocol's bodies.
[[nodiscard]] std::unique_ptr<WireWriter> makeWriter(Protocol protocol, std::string& out);

/// A good answer: `body` as the protocol's writer made it, or empty for an operation that answers
/// nothing.
[[nodiscard]] HttpResponse goodResponse(const Route& route, const RequestIds& ids,
                                        std::string body);
/// An error. An empty message is left out.
[[nodiscard]] HttpResponse errorResponse(const Route& route, const RequestIds& ids,
                                         const WireError& error, std::string_view message);
/// The error of a request in no known content type: small XML.
[[nodiscard]] HttpResponse plainError(int status, std::string_view type, std::string_view message,
                                      const RequestIds& ids);
/// To a request from a page of another origin (API 6.2).
void addCrossOrigin(const HttpRequest& request, HttpResponse& response);
/// The answer to OPTIONS: what a page may send.
[[nodiscard]] HttpResponse preflight(const HttpRequest& request, const RequestIds& ids);

/// `{"message": …}` or its like in CBOR: the payload of an error inside an event stream.
[[nodiscard]] std::string messageBody(Protocol protocol, std::string_view message);

} // namespace shardscope::endpoint
