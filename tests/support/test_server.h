#pragma once

#include <QTest>

#include <memory>
#include <string>
#include <utility>

#include "core/endpoint/http_server.h"

namespace shardscope::test {

/// Says back what came: `POST /path?query name=value… body`, with the fields that begin with `x-`.
inline std::string toldBack(const endpoint::HttpRequest& request)
{
    std::string text = request.method + ' ' + request.path;
    if (!request.query.empty())
        text += '?' + request.query;
    for (std::size_t i = 0; i < request.headers.size(); ++i) {
        const auto [name, value] = request.headers.at(i);
        if (name.starts_with("x-"))
            text.append(" ").append(name).append("=").append(value);
    }
    return text.append(" ").append(request.body);
}

inline void tellBack(const std::shared_ptr<const endpoint::HttpRequest>& request,
                     const std::shared_ptr<endpoint::Exchange>& exchange)
{
    exchange->respond(
        {.status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = toldBack(*request)});
}

/// A server on a free port of the loopback, plain, with the options of the test.
inline std::unique_ptr<endpoint::HttpServer> openServer(endpoint::HttpServer::Options options = {})
{
    if (options.plain.empty() && options.tls.empty())
        options.plain.push_back({"127.0.0.1", 0});
    if (!options.handler)
        options.handler = tellBack;
    auto server = endpoint::HttpServer::open(std::move(options));
    if (!server)
        qFatal("%s", server.error().message.c_str());
    return std::move(*server);
}

} // namespace shardscope::test
