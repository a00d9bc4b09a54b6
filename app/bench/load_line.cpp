#include "app/bench/load_line.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <sys/epoll.h>

#include "core/base/check.h"

namespace shardscope {

void badAnswer(std::string_view said)
{
    std::cerr << "The server of the benchmark answered:\n" << said.substr(0, 1'000) << std::endl;
    std::abort();
}

LoadLine::LoadLine(LoadShared& shared, LoadSocket::Cipher cipher)
    : m_shared(shared)
    , m_socket(shared.options.port, cipher)
{
    epoll_event event {};
    event.events = EPOLLIN;
    event.data.ptr = this;
    SHARDSCOPE_CHECK(::epoll_ctl(m_shared.epoll, EPOLL_CTL_ADD, m_socket.fd(), &event) == 0);
}

void LoadLine::flush()
{
    while (!unsent().empty()) {
        const std::size_t n = m_socket.write(unsent());
        if (n == 0)
            break;
        sent(n);
    }
    const bool waits = !unsent().empty();
    if (waits == m_waitsToWrite)
        return;
    m_waitsToWrite = waits;
    epoll_event event {};
    event.events = waits ? EPOLLIN | EPOLLOUT : EPOLLIN;
    event.data.ptr = this;
    SHARDSCOPE_CHECK(::epoll_ctl(m_shared.epoll, EPOLL_CTL_MOD, m_socket.fd(), &event) == 0);
}

void LoadLine::listen()
{
    for (;;) {
        const std::size_t n = m_socket.read(m_shared.buffer);
        if (n == 0)
            return;
        hear({m_shared.buffer.data(), n});
        // TLS gives a record at a time and may hold more.
        if (m_shared.options.speech != LoadSpeech::Tls && n < m_shared.buffer.size())
            return;
    }
}

void Http1Line::begin()
{
    m_since = m_shared.now();
    m_idle = false;
    m_unsent = m_shared.take();
    if (m_shared.stamp) {
        m_stamped = m_unsent;
        m_shared.stamp(m_stamped);
        m_unsent = m_stamped;
    }
    flush();
}

void Http1Line::hear(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (m_missing == 0 && !hearHead(bytes))
            return;
        const std::size_t taken = std::min(m_missing, bytes.size());
        if (m_looks)
            m_body += bytes.substr(0, taken);
        bytes.remove_prefix(taken);
        m_missing -= taken;
        if (m_missing > 0)
            continue;
        if (m_looks && m_body.find(m_shared.options.expected) == std::string::npos)
            badAnswer(m_body);
        m_shared.answered(m_since);
        m_idle = true;
        if (!m_shared.ending)
            begin();
    }
}

bool Http1Line::hearHead(std::string_view& bytes)
{
    constexpr std::string_view kGood = "HTTP/1.1 200", kEnd = "\r\n\r\n";
    constexpr std::string_view kLength = "Content-Length: ";
    const std::size_t before = m_head.size();
    m_head += bytes.substr(0, 4'096);
    const std::size_t end = m_head.find(kEnd);
    if (end == std::string::npos) {
        bytes = {};
        return false;
    }
    const std::size_t length = m_head.find(kLength);
    if (!m_head.starts_with(kGood) || length > end)
        badAnswer(m_head);
    std::from_chars(m_head.data() + length + kLength.size(), m_head.data() + end, m_missing);
    SHARDSCOPE_CHECK(m_missing > 0);
    bytes.remove_prefix(end + kEnd.size() - before);
    m_head.clear();
    m_body.clear();
    m_looks = m_shared.looksNow();
    return true;
}

} // namespace shardscope
