#pragma once

#include <QtGlobal>

#include <arpa/inet.h>
#include <array>
#include <functional>
#include <mutex>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace shardscope {

/// A small HTTP server on a port of its own: one request a connection, answered by the test.
class AnsweringServer {
public:
    struct Request {
        std::string head, body;
    };
    /// Makes the whole answer, status line included. On the server's thread.
    using Answer = std::function<std::string(const Request&)>;

    explicit AnsweringServer(Answer answer)
        : m_answer(std::move(answer))
    {
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* at = reinterpret_cast<sockaddr*>(&address);
        if (::bind(m_listener, at, size) != 0 || ::listen(m_listener, 64) != 0
            || ::getsockname(m_listener, at, &size) != 0)
            qFatal("no port for a test's server");
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { run(); });
    }
    ~AnsweringServer()
    {
        ::shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        ::close(m_listener);
    }
    AnsweringServer(const AnsweringServer&) = delete;
    AnsweringServer& operator=(const AnsweringServer&) = delete;

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    [[nodiscard]] std::vector<Request> requests() const
    {
        const std::lock_guard lock(m_mutex);
        return m_requests;
    }
    static std::string answerOf(const std::string& body, const std::string& headers = {},
                                const std::string& status = "200 OK")
    {
        return "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: "
            + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
    }

private:
    void run()
    {
        for (;;) {
            const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0)
                return;
            Request request = read(client);
            {
                const std::lock_guard lock(m_mutex);
                m_requests.push_back(request);
            }
            const std::string answer = m_answer(request);
            for (std::size_t sent = 0; sent < answer.size();) {
                const ssize_t n
                    = ::send(client, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
                if (n <= 0)
                    break;
                sent += static_cast<std::size_t>(n);
            }
            ::close(client);
        }
    }
    static Request read(int client)
    {
        std::string text;
        std::array<char, 65'536> room {};
        std::size_t end = std::string::npos, body = 0;
        while (end == std::string::npos || text.size() < end + 4 + body) {
            const ssize_t got = ::recv(client, room.data(), room.size(), 0);
            if (got <= 0)
                break;
            text.append(room.data(), static_cast<std::size_t>(got));
            if (end == std::string::npos && (end = text.find("\r\n\r\n")) != std::string::npos) {
                const std::size_t at = text.find("Content-Length: ");
                if (at < end)
                    body = std::stoul(text.substr(at + 16));
            }
        }
        return {text.substr(0, end), end == std::string::npos ? "" : text.substr(end + 4)};
    }

    Answer m_answer;
    int m_listener = -1;
    int m_port = 0;
    mutable std::mutex m_mutex;
    std::vector<Request> m_requests; ///< by m_mutex
    std::thread m_thread;
};

} // namespace shardscope
