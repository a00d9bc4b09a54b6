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

std::vector<ListenAddress> addressesOf(const std::vector<std::unique_ptr<Listener>>& listeners)
{
    std::vector<ListenAddress> list;
    for (const auto& listener : listeners)
        list.push_back(listener->address());
    return list;
}
}

struct HttpServer::Impl {
    ServerShared shared;
    std::vector<std::unique_ptr<NetworkThread>> threads;
    std::vector<std::unique_ptr<Listener>> plain, tls;
    bool running = false;

    Result<void> open(Options& options);
    Result<void> listen(const std::vector<ListenAddress>& addresses, Secure secure);
    void stop(std::chrono::milliseconds grace);
};

Result<void> HttpServer::Impl::open(Options& options)
{
    shared.limits = options.limits;
    shared.handler = std::move(options.handler);
    shared.bodies = std::make_shared<BodyBudget>(options.limits.bodyBytesInAll);
    if (!options.tls.empty()) {
        auto context = TlsContext::make(options.identity);
        if (!context)
            return tl::unexpected(context.error());
        shared.tls = std::move(*context);
    }
    raiseFileLimit(options.limits.connections);
    for (int i = 0; i < std::max(options.threads, 1); ++i)
        threads.push_back(std::make_unique<NetworkThread>(shared));
    if (auto listening = listen(options.plain, Secure::No); !listening)
        return listening;
    if (auto listening = listen(options.tls, Secure::Yes); !listening)
        return listening;
    for (const auto& listener : plain)
        listener->start();
    for (const auto& listener : tls)
        listener->start();
    for (const auto& thread : threads)
        thread->start();
    running = true;
    return {};
}

Result<void> HttpServer::Impl::listen(const std::vector<ListenAddress>& addresses, Secure secure)
{
    for (const ListenAddress& address : addresses) {
        auto listener = Listener::open(address, secure, threads);
        if (!listener)
            return tl::unexpected(listener.error());
        (secure == Secure::Yes ? tls : plain).push_back(std::move(*listener));
    }
    return {};
}

void HttpServer::Impl::stop(std::chrono::milliseconds grace)
{
    if (!std::exchange(running, false))
        return;
    std::promise<void> closed;
    boost::asio::post(threads.front()->context(), [this, &closed] {
        for (const auto* list : {&plain, &tls})
            for (const auto& listener : *list)
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
    return addressesOf(m_impl->plain);
}

std::vector<ListenAddress> HttpServer::tls() const
{
    return addressesOf(m_impl->tls);
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
