#include "core/endpoint/pages.h"

namespace shardscope::endpoint {

std::optional<HttpResponse> pageOf(const HttpRequest& request, const ApiCore&)
{
    HttpResponse page;
    page.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
    if (request.path == "/healthz") {
        page.body = "ok\n";
        return page;
    }
    return std::nullopt;
}

} // namespace shardscope::endpoint
