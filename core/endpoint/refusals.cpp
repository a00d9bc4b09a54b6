#include "core/endpoint/refusals.h"

#include <string>

namespace shardscope::endpoint {

HttpResponse toResponse(const Refusal& refusal)
{
    HttpResponse response;
    response.status = refusal.status;
    if (refusal.type.empty()) {
        response.headers.emplace_back("Content-Type", "text/plain");
        response.body = refusal.message;
        response.body += '\n';
    } else {
        response.headers.emplace_back("Content-Type", "application/x-amz-json-1.1");
        response.body.append(R"({"__type":")").append(refusal.type);
        response.body.append(R"(","message":")").append(refusal.message).append(R"("})");
    }
    return response;
}

} // namespace shardscope::endpoint
