#include "core/endpoint/http_server.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <future>
#include <sys/resource.h>

#include "core/base/check.h"
#include "core/endpoint/listener.h"
#include "core/endpoint/network_thread.h"

namespace shardscope::endpoint {

namespace {
/// Many systems let a program open 1,024 files until it asks for more.
void raiseFileLimit(int connections)
{
    rlimit files {};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    const rlim_t wanted = static_cast<rlim_t>(connections) + 1024;
    if (files.rlim_cur >= wanted)
        return;
    files.rlim_cur = std::min(wanted, files.rlim_max);
    setrlimit(RLIMIT_NOFILE, &files);
}
}

struct HttpServer::Impl {
    ServerShared shared;
    std::vector<std::unique_ptr<NetworkThread>> threads;
    std::vector<std::unique_ptr<Listener>> plain;
    bool running = false;

    Result<void> open(Options& options);
    void stop(std::chrono::milliseconds grace);
};

Result<void> HttpServer::Impl::open(Options& options)
{
    shared.limits = options.limits;
    shared.handler = std::move(options.handler);
    shared.bodies = std::make_shared<BodyBudget>(options.limits.bodyBytesInAll);
    raiseFileLimit(options.limits.connections);
    for (int i = 0; i < std::max(options.threads, 1); ++i)
        threads.push_back(std::make_unique<NetworkThread>(shared));
    for (const ListenAddress& address : options.plain) {
        auto listener = Listener::open(address, threads);
        if (!listener)
            return tl::unexpected(listener.error());
        plain.push_back(std::move(*listener));
    }
    for (const auto& listener : plain)
        listener->start();
    for (const auto& thread : threads)
        thread->start();
    running = true;
    return {};
}

void HttpServer::Impl::stop(std::chrono::milliseconds grace)
{
    if (!std::exchange(running, false))
        return;
    std::promise<void> closed;
    boost::asio::post(threads.front()->context(), [this, &closed] {
        for (const auto& listener : plain)
            listener->close();
        closed.set_value();
    });
    closed.get_future().wait();
    for (const auto& thread : threads)
        boost::asio::post(thread->context(), [&thread] { thread->shutDown(); });
    shared.waitForAll(grace);
    for (const auto& thread : threads)
        thread->stop();
}

Result<std::unique_ptr<HttpServer>> HttpServer::open(Options options)
{
    SHARDSCOPE_CHECK(options.handler);
    auto impl = std::make_unique<Impl>();
    if (auto opened = impl->open(options); !opened)
        return tl::unexpected(opened.error());
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}

HttpServer::~HttpServer()
{
    stop(std::chrono::milliseconds(0));
}

std::vector<ListenAddress> HttpServer::plain() const
{
    std::vector<ListenAddress> list;
    for (const auto& listener : m_impl->plain)
        list.push_back(listener->address());
    return list;
}

std::vector<ListenAddress> HttpServer::tls() const
{
    return {};
}

void HttpServer::stop(std::chrono::milliseconds grace)
{
    m_impl->stop(grace);
}

HttpServer::Counts HttpServer::counts() const
{
    const ServerShared& shared = m_impl->shared;
    return {.connectionsNow = shared.connectionsNow,
            .connectionsEver = shared.connectionsEver,
            .refusedConnections = shared.refusedConnections,
            .bytesIn = shared.bytesIn,
            .bytesOut = shared.bytesOut,
            .protocolErrors = shared.protocolErrors};
}

} // namespace shardscope::endpoint
