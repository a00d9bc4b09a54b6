#pragma once

#include <optional>
#include <string>

#include "core/endpoint/call.h"
#include "core/endpoint/http.h"

/// Pages for people and monitoring, beside the API: `GET /healthz` and `GET /metrics`.
namespace shardscope::endpoint {

/// None: there is no such page.
[[nodiscard]] std::optional<HttpResponse> pageOf(const HttpRequest& request, const ApiCore& core);

} // namespace shardscope::endpoint
