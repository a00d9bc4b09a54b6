#include "core/endpoint/listener.h"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <charconv>
#include <chrono>

namespace shardscope::endpoint {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {
asio::ip::address addressOf(const std::string& host, error_code& error)
{
    return asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
}
}

bool ListenAddress::loopback() const
{
    error_code error;
    const auto address = addressOf(host, error);
    return !error && address.is_loopback();
}

std::string ListenAddress::text() const
{
    const bool six = host.find(':') != std::string::npos;
    return (six ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

Result<ListenAddress> ListenAddress::parse(const std::string& text)
{
    const auto wrong = [&text] {
        return fail(ErrorCode::BadInput,
                    '"' + text
                        + "\" is no address to listen on; write 127.0.0.1:4567 or [::1]:4567");
    };
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0)
        return wrong();
    ListenAddress address;
    address.host = text.substr(0, colon);
    if (address.host.front() == '[' && address.host.back() == ']')
        address.host = address.host.substr(1, address.host.size() - 2);
    else if (address.host.find(':') != std::string::npos)
        return wrong();
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, address.port);
    error_code error;
    const auto numbers = addressOf(address.host, error);
    const bool bracketed = text.front() == '[';
    if (read.ec != std::errc() || read.ptr != end || error || numbers.is_v6() != bracketed)
        return wrong();
    return address;
}

Listener::Listener(Secure secure, std::span<const std::unique_ptr<NetworkThread>> threads)
    : m_secure(secure)
    , m_threads(threads)
    , m_acceptor(threads.front()->context())
    , m_timer(threads.front()->context())
{
}

Result<std::unique_ptr<Listener>>
Listener::open(const ListenAddress& address, Secure secure,
               std::span<const std::unique_ptr<NetworkThread>> threads)
{
    error_code error;
    const asio::ip::tcp::endpoint end(addressOf(address.host, error), address.port);
    if (error)
        return fail(ErrorCode::BadInput, '"' + address.host + "\" is no address of this machine");
    std::unique_ptr<Listener> listener(new Listener(secure, threads));
    auto& acceptor = listener->m_acceptor;
    acceptor.open(end.protocol(), error);
    if (!error)
        acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error)
        acceptor.bind(end, error);
    if (!error)
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use)
        return fail(ErrorCode::Io,
                    address.text()
                        + " is in use by another program; end it or choose another port");
    if (error)
        return fail(ErrorCode::Io, "cannot listen on " + address.text() + ": " + error.message());
    listener->m_address = {address.host, acceptor.local_endpoint(error).port()};
    return listener;
}

void Listener::start()
{
    accept();
}

void Listener::close()
{
    error_code ignored;
    m_acceptor.close(ignored);
    m_timer.cancel();
}

void Listener::accept()
{
    NetworkThread& thread = *m_threads[m_next];
    m_next = (m_next + 1) % m_threads.size();
    m_acceptor.async_accept(
        thread.context().get_executor(), [this, &thread](const error_code& error, Socket socket) {
            if (!m_acceptor.is_open())
                return;
            if (error)
                return acceptLater();
            if (&thread == m_threads.front().get())
                thread.serve(std::move(socket), m_secure);
            else
                asio::post(thread.context(),
                           [&thread, secure = m_secure, taken = std::move(socket)]() mutable {
                               thread.serve(std::move(taken), secure);
                           });
            accept();
        });
}

void Listener::acceptLater()
{
    // Most often the process has no file descriptor left; some connection will end.
    m_timer.expires_after(std::chrono::milliseconds(100));
    m_timer.async_wait([this](const error_code& error) {
        if (!error)
            accept();
    });
}

} // namespace shardscope::endpoint
