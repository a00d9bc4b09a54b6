#include "app/bench/idle_clients.h"

#include <array>
#include <csignal>
#include <netinet/in.h>
#include <string_view>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/bench/post_request.h"
#include "app/bench/put_body.h"
#include "core/base/check.h"

namespace shardscope {
namespace {

struct Order {
    std::uint16_t port = 0;
    int count = 0;
};

/// One connection that was answered 200, left open.
bool openOne(std::uint16_t port, const std::string& request)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::array<char, 2'048> answer {};
    constexpr std::string_view kGood = "HTTP/1.1 200";
    return fd >= 0
        && ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0
        && ::send(fd, request.data(), request.size(), MSG_NOSIGNAL)
        == static_cast<ssize_t>(request.size())
        && ::recv(fd, answer.data(), answer.size(), 0) > 0
        && std::string_view(answer.data(), answer.size()).starts_with(kGood);
}

[[noreturn]] void serve(int wire)
{
    rlimit files {};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    Order order;
    while (::read(wire, &order, sizeof(order)) == sizeof(order)) {
        const std::string request
            = postOf("PutRecord", putRecordBody({.rows = 1, .dataBytes = 172}));
        int opened = 0;
        while (opened < order.count && openOne(order.port, request))
            ++opened;
        if (::write(wire, &opened, sizeof(opened)) != sizeof(opened))
            break;
    }
    ::_exit(0);
}

} // namespace

IdleClients::IdleClients()
{
    std::array<int, 2> ends {};
    SHARDSCOPE_CHECK(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    m_process = ::fork();
    SHARDSCOPE_CHECK(m_process >= 0);
    if (m_process == 0) {
        ::close(ends[0]);
        serve(ends[1]);
    }
    ::close(ends[1]);
    m_wire = ends[0];
}

IdleClients::~IdleClients()
{
    ::close(m_wire); // it reads the end and goes
    ::waitpid(m_process, nullptr, 0);
}

int IdleClients::open(std::uint16_t port, int count)
{
    const Order order {port, count};
    int opened = 0;
    SHARDSCOPE_CHECK(::write(m_wire, &order, sizeof(order)) == sizeof(order)
                     && ::read(m_wire, &opened, sizeof(opened)) == sizeof(opened));
    return opened;
}

} // namespace shardscope
