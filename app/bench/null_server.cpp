#include "app/bench/null_server.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "core/base/check.h"

namespace shardscope {
namespace {

/// Holds a body of 500 records of 200 bytes, so that one call can take all that has come.
constexpr std::size_t kBuffer = 256 * 1024;

int listenOnLoopback(std::uint16_t& port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    SHARDSCOPE_CHECK(fd >= 0 && ::bind(fd, any, size) == 0 && ::listen(fd, 1024) == 0
                     && ::getsockname(fd, any, &size) == 0);
    port = ntohs(address.sin_port);
    return fd;
}

void watch(int epoll, int fd)
{
    epoll_event event {};
    event.events = EPOLLIN;
    event.data.fd = fd;
    SHARDSCOPE_CHECK(::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0);
}

} // namespace

struct NullServer::Impl {
    struct Line {
        std::string head; ///< that has not come whole yet
        std::size_t missing = 0; ///< of the body
    };

    explicit Impl(std::size_t answerBytes)
        : answer("HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: "
                 + std::to_string(answerBytes) + "\r\n\r\n" + std::string(answerBytes, 'x'))
        , buffer(kBuffer)
    {
        watch(epoll, listener);
        watch(epoll, ending);
        thread = std::thread([this] { run(); });
    }
    ~Impl()
    {
        SHARDSCOPE_CHECK(::eventfd_write(ending, 1) == 0);
        thread.join();
        for (const auto& [fd, line] : lines)
            ::close(fd);
        ::close(listener);
        ::close(ending);
        ::close(epoll);
    }

    void run()
    {
        std::array<epoll_event, 64> events {};
        for (;;) {
            const int ready = ::epoll_wait(epoll, events.data(), events.size(), -1);
            for (int i = 0; i < ready; ++i) {
                const int fd = events[static_cast<std::size_t>(i)].data.fd;
                if (fd == ending)
                    return;
                if (fd == listener)
                    accept();
                else
                    serve(fd);
            }
        }
    }
    void accept()
    {
        for (;;) {
            // Blocking: an answer larger than the socket's buffer waits for its reader.
            const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0)
                return;
            const int on = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
            lines[fd] = {};
            watch(epoll, fd);
        }
    }
    void serve(int fd)
    {
        Line& line = lines[fd];
        const ssize_t read = ::recv(fd, buffer.data(), buffer.size(), 0);
        if (read <= 0) {
            lines.erase(fd);
            ::close(fd);
            return;
        }
        std::string_view bytes(buffer.data(), static_cast<std::size_t>(read));
        while (!bytes.empty()) {
            if (line.missing == 0 && !begin(line, bytes))
                return;
            const std::size_t taken = std::min(line.missing, bytes.size());
            bytes.remove_prefix(taken);
            line.missing -= taken;
            if (line.missing == 0)
                SHARDSCOPE_CHECK(::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL)
                                 == static_cast<ssize_t>(answer.size()));
        }
    }
    /// Takes a head from the front of `bytes`; false when it has not come whole.
    static bool begin(Line& line, std::string_view& bytes)
    {
        constexpr std::string_view kEnd = "\r\n\r\n", kLength = "Content-Length: ";
        line.head.append(bytes.substr(0, 16'384));
        const std::size_t before = line.head.size() - std::min<std::size_t>(bytes.size(), 16'384);
        const std::size_t end = line.head.find(kEnd);
        if (end == std::string::npos)
            return false;
        const std::size_t length = line.head.find(kLength);
        SHARDSCOPE_CHECK(length < end);
        const char* const digits = line.head.data() + length + kLength.size();
        std::from_chars(digits, line.head.data() + end, line.missing);
        bytes.remove_prefix(end + kEnd.size() - before);
        line.head.clear();
        return true;
    }

    const std::string answer;
    std::vector<char> buffer;
    std::map<int, Line> lines;
    std::uint16_t port = 0;
    const int listener = listenOnLoopback(port);
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    const int ending = ::eventfd(0, EFD_CLOEXEC);
    std::thread thread;
};

NullServer::NullServer(std::size_t answerBytes)
    : m_impl(std::make_unique<Impl>(answerBytes))
{
}

NullServer::~NullServer() = default;

std::uint16_t NullServer::port() const
{
    return m_impl->port;
}

} // namespace shardscope
