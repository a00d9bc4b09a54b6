#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/endpoint/action.h"
#include "core/endpoint/http.h"
#include "core/endpoint/wire_errors.h"

/// From a request's head to what is asked for, and in which tongue:
///   Kinesis     POST, `X-Amz-Target: Kinesis_20131202.<Op>`, JSON 1.1 or CBOR 1.1
///   KMS         POST, `X-Amz-Target: TrentService.<Op>`, JSON 1.1
///   CloudWatch  POST, `X-Amz-Target: GraniteServiceVersion20100801.<Op>`, JSON 1.0; or a form with
///               `Action=<Op>` (answered in XML); or
///               `/service/GraniteServiceVersion20100801/operation/<Op>` with
///               `Smithy-Protocol: rpc-v2-cbor`
/// The path is not looked at otherwise.
namespace shardscope::endpoint {

enum class Protocol : std::uint8_t {
    Json11,
    Json10,
    PlainJson, ///< `application/json`: as JSON 1.1; an unknown operation is a 404
    Cbor11,
    Query,
    RpcCbor,
};

struct Route {
    Protocol protocol = Protocol::Json11;
    ApiService service = ApiService::Kinesis;
    std::string_view operation; ///< as asked for; empty when the head names none
    const Action* action = nullptr; ///< null: unknown, or a form that must be read first
};

/// None when the content type is none that the services speak.
[[nodiscard]] std::optional<Route> routeOf(const HttpRequest& request);
/// An operation of a service by name, or null.
[[nodiscard]] const Action* findAction(ApiService service, std::string_view operation);
/// All of a service's operations, by name.
[[nodiscard]] std::span<const Action* const> actionsOf(ApiService service);
/// As the answer's Content-Type says it.
[[nodiscard]] std::string_view contentType(Protocol protocol);

} // namespace shardscope::endpoint
