#include "core/endpoint/http1_session.h"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include "core/endpoint/http_date.h"

namespace shardscope::endpoint {

namespace {
bool endsLine(char c)
{
    return c == '\r' || c == '\n' || c == '\0';
}
}

Http1Session::Http1Session(const SessionShared& shared, SessionHost& host,
                           std::shared_ptr<const Peer> peer, WallTime now)
    : m_shared(shared)
    , m_host(host)
    , m_peer(std::move(peer))
    , m_since(now)
{
}

Http1Session::~Http1Session()
{
    gone();
}

std::span<char> Http1Session::room()
{
    if (m_phase != Phase::Body || !m_pending.empty())
        return {};
    return {m_request->end(), m_request->missing()};
}

bool Http1Session::wantsInput() const
{
    // Also while a request is being served: only reading tells that the client has gone. What it
    // sends ahead is bounded by this and one read's buffer.
    return m_phase != Phase::Ended && !m_peerEnded
        && m_pending.size() < static_cast<std::size_t>(m_shared.limits.headerBytes);
}

void Http1Session::receive(std::string_view bytes, WallTime now)
{
    if (m_phase == Phase::Body && m_pending.empty() && bytes.data() == m_request->end()) {
        m_request->grow(bytes.size());
        if (m_request->missing() == 0)
            dispatch();
        return;
    }
    if (m_phase == Phase::Ended)
        return;
    if (m_pending.empty()) {
        consume(bytes, now);
        if (m_phase != Phase::Ended)
            m_pending.append(bytes);
    } else {
        m_pending.append(bytes);
        work(now);
    }
}

void Http1Session::receiveEnd()
{
    m_peerEnded = true;
    // A client may say all it has to say and still wait for the answer; nobody waits for the
    // second half of a request, and an event stream to one who has gone has no end.
    if (m_phase != Phase::Busy)
        end();
}

void Http1Session::work(WallTime now)
{
    if (std::exchange(m_idleBegins, false))
        m_since = now;
    if (m_pending.empty())
        return;
    std::string_view rest = m_pending;
    consume(rest, now);
    if (m_phase == Phase::Ended)
        rest = {};
    m_pending.erase(0, m_pending.size() - rest.size());
}

void Http1Session::consume(std::string_view& bytes, WallTime now)
{
    const auto unsentMost = static_cast<std::size_t>(m_shared.limits.unsentPerConnection);
    std::size_t before = bytes.size() + 1;
    while (!bytes.empty() && bytes.size() < before) {
        m_stalled = m_host.unsent() >= unsentMost;
        if (m_stalled)
            return;
        before = bytes.size();
        if (m_phase == Phase::Head || m_phase == Phase::Chunks)
            consumeParsed(bytes, now);
        else if (m_phase == Phase::Body)
            consumeBody(bytes);
    }
}

void Http1Session::consumeParsed(std::string_view& bytes, WallTime now)
{
    if (!m_parser) {
        // Some clients end a body with a line's end that belongs to nothing.
        while (bytes.substr(0, 2) == "\r\n")
            bytes.remove_prefix(2);
        if (bytes.empty() || bytes == "\r")
            return;
        startRequest(now);
    }
    const std::size_t before = bytes.size();
    const Http1Parser::State state = m_parser->parse(bytes);
    if (m_phase == Phase::Head)
        m_headBytes += before - bytes.size();
    const auto most = static_cast<std::size_t>(m_shared.limits.headerBytes);
    switch (state) {
    case Http1Parser::State::More:
        // What is left is the beginning of a line, of the head or of a chunk.
        if ((m_phase == Phase::Head ? m_headBytes : 0) + bytes.size() > most)
            refuse(refusals::kHeadTooLarge);
        return;
    case Http1Parser::State::Head:
        return m_headBytes > most ? refuse(refusals::kHeadTooLarge) : headCame(!bytes.empty());
    case Http1Parser::State::Done:
        return dispatch();
    case Http1Parser::State::Refused:
        return refuse(m_parser->refusal());
    }
}

void Http1Session::startRequest(WallTime now)
{
    m_request = m_shared.requests->make();
    m_request->peer = m_peer;
    m_parser.emplace(*m_request, static_cast<std::size_t>(m_shared.limits.bodyBytes));
    m_headBytes = 0;
    m_headOnly = m_old = false;
    m_since = now;
}

void Http1Session::headCame(bool moreIsHere)
{
    m_old = m_parser->old();
    m_stay = m_parser->wantsToStay();
    m_headOnly = m_request->method == "HEAD";
    if (m_parser->is_done())
        return dispatch();
    if (const auto length = m_parser->content_length()) {
        if (*length > static_cast<std::uint64_t>(m_shared.limits.bodyBytes))
            return refuse(refusals::kBodyTooLarge);
        if (!m_request->reserve(*length))
            return refuse(refusals::kNoRoom);
        m_phase = Phase::Body;
    } else {
        m_phase = Phase::Chunks;
    }
    if (m_parser->expectsContinue() && !moreIsHere) {
        m_host.out().append(std::string_view("HTTP/1.1 100 Continue\r\n\r\n"));
        m_host.wake();
    }
}

void Http1Session::consumeBody(std::string_view& bytes)
{
    const std::size_t taken = std::min(bytes.size(), m_request->missing());
    std::memcpy(m_request->end(), bytes.data(), taken);
    m_request->grow(taken);
    bytes.remove_prefix(taken);
    if (m_request->missing() == 0)
        dispatch();
}

void Http1Session::dispatch()
{
    m_phase = Phase::Busy;
    m_request->seal();
    m_parser.reset();
    m_exchange = std::make_shared<SessionExchange>(static_cast<Answer&>(*this), m_shared.mailbox);
    // The handler may answer at once and m_exchange be gone before it returns.
    const auto exchange = m_exchange;
    try {
        m_shared.handler(std::exchange(m_request, nullptr), exchange);
    } catch (...) {
        exchange->respond(toResponse(refusals::kInternal));
    }
}

void Http1Session::refuse(const Refusal& refusal)
{
    if (refusal.status == 400)
        m_host.countProtocolError();
    m_stay = false;
    const HttpResponse response = toResponse(refusal);
    writeHead(response, response.body.size());
    if (!m_headOnly)
        m_host.out().append(std::string_view(response.body));
    end();
}

void Http1Session::writeHead(const HttpResponse& response, std::optional<std::size_t> length)
{
    m_stay = m_stay && !m_stopping && !m_peerEnded && (length || !m_old);
    std::string head;
    head.reserve(512);
    const auto status = static_cast<unsigned>(response.status);
    const auto reason
        = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
    std::array<char, 24> digits {};
    const auto number = [&digits](std::size_t n) {
        const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), n).ptr;
        return std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
    };
    head.append("HTTP/1.1 ").append(number(status)).append(" ");
    head.append(reason.data(), reason.size()).append("\r\n");
    for (const auto& [name, value] : response.headers) {
        head.append(name).append(": ");
        const std::size_t from = head.size();
        head.append(value);
        // A line's end in a value would end the field: what came from a peer may be repeated here.
        if (std::count_if(value.begin(), value.end(), endsLine) > 0)
            std::replace_if(head.begin() + static_cast<std::ptrdiff_t>(from), head.end(), endsLine,
                            ' ');
        head.append("\r\n");
    }
    const bool noBody = status == 204 || status == 304;
    if (length && !noBody)
        head.append("Content-Length: ").append(number(*length)).append("\r\n");
    else if (!length && !m_old)
        head.append("Transfer-Encoding: chunked\r\n");
    if (!m_stay)
        head.append("Connection: close\r\n");
    else if (m_old)
        head.append("Connection: keep-alive\r\n");
    head.append("Date: ").append(httpDate()).append("\r\n\r\n");
    m_host.out().append(std::move(head));
}

void Http1Session::respond(HttpResponse& response)
{
    if (m_phase != Phase::Busy)
        return;
    writeHead(response, response.body.size());
    if (!m_headOnly && response.status != 204 && response.status != 304)
        m_host.out().append(std::move(response.body));
    answered();
}

void Http1Session::begin(HttpResponse& head)
{
    if (m_phase != Phase::Busy)
        return;
    m_phase = Phase::Streaming;
    writeHead(head, std::nullopt);
    write(std::move(head.body));
    m_host.wake();
    if (m_peerEnded)
        end();
}

void Http1Session::write(std::string&& piece)
{
    if (m_phase != Phase::Streaming || m_headOnly || piece.empty())
        return;
    if (!m_old) {
        std::array<char, 20> size {};
        char* end = std::to_chars(size.data(), size.data() + size.size(), piece.size(), 16).ptr;
        *end++ = '\r';
        *end++ = '\n';
        m_host.out().append(
            std::string_view(size.data(), static_cast<std::size_t>(end - size.data())));
        piece += "\r\n";
    }
    m_host.out().append(std::move(piece));
    m_host.wake();
}

void Http1Session::finish()
{
    if (m_phase != Phase::Streaming)
        return;
    if (!m_old && !m_headOnly)
        m_host.out().append(std::string_view("0\r\n\r\n"));
    answered();
}

void Http1Session::answered()
{
    std::exchange(m_exchange, nullptr)->letGo();
    m_phase = m_stay ? Phase::Head : Phase::Ended;
    m_idleBegins = true;
    m_host.wake();
}

void Http1Session::end()
{
    m_phase = Phase::Ended;
    m_host.wake();
    gone();
}

void Http1Session::shutDown()
{
    m_stopping = true;
    if (m_phase == Phase::Head && !m_parser)
        end();
}

void Http1Session::expire(WallTime now)
{
    if (m_phase == Phase::Head && !m_parser && m_pending.empty()) {
        if (now - m_since >= m_shared.limits.idleTime)
            end();
    } else if (m_phase == Phase::Head || m_phase == Phase::Body || m_phase == Phase::Chunks) {
        if (now - m_since >= m_shared.limits.requestTime)
            refuse(refusals::kTooSlow);
    } else if (m_phase == Phase::Busy
               && now - m_since >= m_shared.limits.requestTime + m_shared.limits.answerTime) {
        HttpResponse response = toResponse(refusals::kNoAnswer);
        respond(response);
    }
}

void Http1Session::gone()
{
    m_phase = Phase::Ended;
    if (const auto exchange = std::exchange(m_exchange, nullptr))
        exchange->lose();
}

} // namespace shardscope::endpoint
