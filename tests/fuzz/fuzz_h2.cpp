#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/budgets.h"
#include "core/base/check.h"
#include "core/endpoint/h2_session.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/fuzz_target.h"

using namespace shardscope;
using namespace shardscope::endpoint;
using test::FuzzInput;

namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::size_t kFrameHead = 9;
/// Nobody has told the server that larger ones are taken.
constexpr std::size_t kFrameMost = 16'384;
constexpr HttpLimits kLimits {.headerBytes = 2'000,
                              .bodyBytes = 40'000,
                              .bodyBytesInAll = 100'000,
                              .streamsPerConnection = 8,
                              .unsentPerConnection = 200'000};

void appendNumber(std::string& out, std::uint32_t value, int bytes)
{
    for (int i = bytes; i-- > 0;)
        out += static_cast<char>(value >> 8 * i);
}

void appendFrame(std::string& out, std::uint32_t type, std::uint32_t flags, std::uint32_t stream,
                 std::string_view payload)
{
    appendNumber(out, static_cast<std::uint32_t>(payload.size()), 3);
    appendNumber(out, type, 1);
    appendNumber(out, flags, 1);
    appendNumber(out, stream, 4);
    out += payload;
}

/// HPACK's literal that is not indexed.
void appendField(std::string& out, std::string_view name, std::string_view value)
{
    out += '\0';
    for (const std::string_view text : {name, value}) {
        out += static_cast<char>(std::min<std::size_t>(text.size(), 126));
        out += text.substr(0, 126);
    }
}

class Host : public SessionHost {
public:
    void wake() override { woken = true; }
    [[nodiscard]] OutQueue& out() override { return queue; }
    [[nodiscard]] std::size_t unsent() const override { return queue.size(); }
    void countProtocolError() override { }

    OutQueue queue;
    bool woken = false;
};

/// What the backend holds of one request.
struct Asked {
    std::shared_ptr<const HttpRequest> request;
    std::shared_ptr<Exchange> exchange;
    bool streaming = false, done = false;
    int gone = 0;
};

/// A connection without a socket: a script of frames in, time, the backend's answers, and a client
/// that takes what is sent when the script says so.
class Run {
public:
    explicit Run(FuzzInput& input)
        : m_input(input)
    {
        m_mailbox->adopt();
        auto peer = std::make_shared<Peer>();
        peer->version = HttpVersion::Http2;
        m_session = std::make_unique<H2Session>(m_shared, m_host, peer, m_now);
        turn();
    }

    void play()
    {
        if (m_input.byte() % 8 != 0) {
            m_wire = kPreface;
            appendFrame(m_wire, 4, 0, 0, {});
        }
        for (int steps = 0; steps < 300 && !m_input.empty(); ++steps) {
            step();
            deliver();
        }
        end();
    }

private:
    void step()
    {
        switch (m_input.below(20)) {
        case 0:
            m_wire += m_input.text(300);
            return;
        case 1: // a frame whose length is a lie
            appendNumber(m_wire, m_input.number(), 3);
            m_wire += m_input.take(kFrameHead - 3 + m_input.below(64));
            return;
        case 2: {
            const std::uint32_t type = m_input.below(12), flags = m_input.byte(),
                                stream = m_input.below(32);
            return appendFrame(m_wire, type, flags, stream, m_input.text(600));
        }
        case 3:
        case 4:
        case 5:
        case 6:
            return request();
        case 7:
        case 8: {
            const std::uint32_t flags = m_input.below(2), stream = anyStream();
            std::string bytes(m_input.text(200));
            bytes.resize(bytes.size() + std::size_t {m_input.below(256)} * 64, 'd');
            return appendFrame(m_wire, 0, flags, stream, bytes);
        }
        case 9:
            return window();
        case 10:
            return settings();
        case 11: // ping, its answer, priority, goaway, reset
            return small();
        case 12: // many at once
            for (std::uint32_t left = m_input.below(256); left > 0; --left)
                small();
            return;
        case 13:
        case 14:
            return take(std::size_t {m_input.number()} * 8);
        case 15:
        case 16:
        case 17:
            return answerOne();
        case 18:
            m_now += std::chrono::milliseconds(std::uint64_t {m_input.number()} * 4);
            m_session->expire(m_now);
            return turn();
        default:
            return rare();
        }
    }

    std::uint32_t anyStream() { return m_input.byte() % 8 == 0 ? m_input.number() : lastStream(); }
    std::uint32_t lastStream()
    {
        const std::uint32_t back = 2 * m_input.below(4);
        return m_next > back + 2 ? m_next - 2 - back : 1;
    }

    void request()
    {
        static constexpr std::array<std::string_view, 8> kMethods {
            "POST", "POST", "GET", "HEAD", "OPTIONS", "CONNECT", "", "P T"};
        static constexpr std::array<std::string_view, 8> kPaths {"/", "/?a=b",    "*",   "",
                                                                 "x", "/healthz", "//?", "/%00"};
        std::string block;
        appendField(block, ":method", kMethods[m_input.below(8)]);
        appendField(block, ":path", kPaths[m_input.below(8)]);
        appendField(block, ":scheme", "http");
        appendField(block, ":authority", "test");
        for (std::uint32_t left = m_input.below(5); left > 0; --left) {
            switch (m_input.below(5)) {
            case 0:
                appendField(block, "content-length", std::to_string(m_input.number()));
                break;
            case 1:
                appendField(block, "expect", "100-continue");
                break;
            case 2:
                appendField(block, "x-long", std::string(m_input.below(256), 'x'));
                break;
            default: {
                const std::string_view name = m_input.text(20);
                appendField(block, name, m_input.text(40));
            }
            }
        }
        if (m_input.byte() % 16 == 0)
            block += m_input.text(100);
        const std::uint32_t end = m_input.byte() % 2;
        const bool continued = m_input.byte() % 8 == 0;
        const std::size_t first = continued ? m_input.below(1 + 64) : block.size();
        const std::string_view whole = block;
        appendFrame(m_wire, 1, end | (continued ? 0 : 4), m_next, whole.substr(0, first));
        if (continued) {
            for (std::uint32_t left = m_input.below(200); left > 0; --left)
                appendFrame(m_wire, 9, 0, m_next, {});
            appendFrame(m_wire, 9, m_input.byte() % 8 == 0 ? 0 : 4, m_next,
                        whole.substr(std::min(first, whole.size())));
        }
        m_next += 2;
    }

    void window()
    {
        std::string payload;
        appendNumber(payload, m_input.number() << (m_input.byte() % 17), 4);
        appendFrame(m_wire, 8, 0, m_input.byte() % 2 == 0 ? 0 : anyStream(), payload);
    }

    void settings()
    {
        std::string payload;
        for (std::uint32_t left = m_input.below(4); left > 0; --left) {
            appendNumber(payload, m_input.below(8), 2);
            appendNumber(payload, m_input.number() << (m_input.byte() % 17), 4);
        }
        // Frames of the server stay as large as they were: a client would have to be told apart.
        if (payload.find(std::string("\0\5", 2)) == std::string::npos)
            appendFrame(m_wire, 4, 0, 0, payload);
    }

    void small()
    {
        std::string payload;
        switch (m_input.below(6)) {
        case 0:
            return appendFrame(m_wire, 6, 0, 0, "12345678");
        case 1:
            return appendFrame(m_wire, 6, 1, 0, "12345678");
        case 2:
            return appendFrame(m_wire, 2, 0, anyStream(), std::string(5, '\1'));
        case 3:
            return appendFrame(m_wire, 7, 0, 0, std::string(8, '\0'));
        case 4:
            return appendFrame(m_wire, 0, 0, anyStream(), {});
        default:
            appendNumber(payload, m_input.below(16), 4);
            return appendFrame(m_wire, 3, 0, anyStream(), payload);
        }
    }

    void rare()
    {
        switch (m_input.below(32)) {
        case 0:
            return m_session->shutDown();
        case 1:
            m_session->receiveEnd();
            m_closed = true;
            return;
        case 2:
            m_session->gone();
            m_closed = true;
            return;
        default:
            return;
        }
    }

    void deliver()
    {
        while (!m_wire.empty() && !m_closed && m_session->wantsInput()) {
            const std::size_t most
                = m_input.byte() % 4 == 0 ? 1 + m_input.below(32) : m_wire.size();
            const std::string bytes = m_wire.substr(0, most);
            m_wire.erase(0, bytes.size());
            m_session->receive(bytes, m_now);
            turn();
        }
    }

    /// As a connection does it once for each event.
    void turn()
    {
        m_host.woken = false;
        m_session->work(m_now);
        SHARDSCOPE_CHECK(m_host.queue.size() <= static_cast<std::size_t>(budgets::kHttp2Ahead)
                             + kFrameMost + kFrameHead);
        std::int64_t open = 0;
        for (const auto& asked : m_asked) {
            SHARDSCOPE_CHECK(asked->gone <= 1);
            open += isOpen(*asked);
        }
        SHARDSCOPE_CHECK(open <= kLimits.streamsPerConnection);
    }

    /// The session holds the exchange of a request until it is answered or its client has gone.
    static bool isOpen(const Asked& asked) { return asked.exchange.use_count() > 1; }

    /// The client takes up to `bytes`.
    void take(std::size_t bytes)
    {
        bytes = std::min(bytes, m_host.queue.size());
        while (bytes > 0) {
            const auto piece = m_host.queue.buffers().front();
            const std::size_t size = std::min(bytes, piece.size());
            m_sent.append(static_cast<const char*>(piece.data()), size);
            m_host.queue.consume(size);
            bytes -= size;
        }
        checkFrames();
        turn();
    }

    void takeAll()
    {
        for (int turns = 0; turns == 0 || !m_host.queue.empty(); ++turns) {
            SHARDSCOPE_CHECK(turns < 10'000);
            take(m_host.queue.size());
        }
    }

    /// What is sent are frames, each no larger than the client takes.
    void checkFrames()
    {
        std::string_view rest = m_sent;
        while (rest.size() >= kFrameHead) {
            const auto byte = [&rest](std::size_t at) {
                return std::size_t {static_cast<unsigned char>(rest[at])};
            };
            const std::size_t length = byte(0) << 16 | byte(1) << 8 | byte(2);
            SHARDSCOPE_CHECK(length <= kFrameMost && byte(3) <= 9);
            if (rest.size() < kFrameHead + length)
                break;
            rest.remove_prefix(kFrameHead + length);
        }
        m_sent = std::string(rest);
    }

    void hear(const std::shared_ptr<const HttpRequest>& request,
              const std::shared_ptr<Exchange>& exchange)
    {
        SHARDSCOPE_CHECK(request->path.starts_with('/'));
        SHARDSCOPE_CHECK(request->body.size() <= static_cast<std::size_t>(kLimits.bodyBytes));
        const auto asked = std::make_shared<Asked>(Asked {request, exchange});
        m_asked.push_back(asked);
        switch (m_input.below(6)) {
        case 0:
            exchange->onGone([asked] { ++asked->gone; });
            return act(*asked);
        case 1:
            throw 1; // what a handler must not do
        default:
            return exchange->onGone([asked] { ++asked->gone; }); // later, or never
        }
    }

    std::string answerBody()
    {
        return std::string(std::size_t {m_input.byte()} << m_input.below(12), 'a');
    }

    /// The backend's next word on a request. It may be said to one who has gone.
    void act(Asked& asked)
    {
        if (asked.done)
            return;
        if (!asked.streaming && m_input.byte() % 2 == 0) {
            HttpResponse response;
            response.status = m_input.byte() % 8 == 0 ? 204 : 200;
            response.headers = {{"Content-Type", "odd"}, {"x-amzn-RequestId", "1"}};
            response.body = answerBody();
            asked.done = true;
            return asked.exchange->respond(std::move(response));
        }
        if (!std::exchange(asked.streaming, true))
            return asked.exchange->begin({.body = answerBody()});
        if (m_input.byte() % 4 != 0)
            return asked.exchange->write(answerBody());
        asked.done = true;
        asked.exchange->finish();
    }

    void answerOne()
    {
        if (m_asked.empty())
            return;
        const auto at = m_input.below(static_cast<std::uint32_t>(m_asked.size()));
        const auto asked = m_asked[at];
        act(*asked);
        if (asked->done)
            m_asked.erase(m_asked.begin() + at);
        turn();
    }

    /// Whatever the backend has not begun to answer is answered in time.
    void end()
    {
        m_now += kLimits.requestTime + kLimits.answerTime;
        m_session->expire(m_now);
        turn();
        takeAll();
        for (const auto& asked : m_asked) {
            SHARDSCOPE_CHECK(asked->streaming || !isOpen(*asked) || m_session->finished());
            asked->streaming = true;
            if (!std::exchange(asked->done, true))
                asked->exchange->respond({});
            if (asked->gone == 0)
                asked->exchange->finish();
        }
        m_session->shutDown();
        takeAll();
        m_session->gone();
        SHARDSCOPE_CHECK(m_session->finished());
        m_session.reset();
        m_asked.clear();
        SHARDSCOPE_CHECK(m_sent.empty() || m_closed);
        // All that bodies took is given back.
        SHARDSCOPE_CHECK(m_budget->take(kLimits.bodyBytesInAll));
    }

    FuzzInput& m_input;
    WallTime m_now {};
    std::shared_ptr<BodyBudget> m_budget = std::make_shared<BodyBudget>(kLimits.bodyBytesInAll);
    std::shared_ptr<Mailbox> m_mailbox = std::make_shared<Mailbox>([] {});
    Handler m_handler
        = [this](const auto& request, const auto& exchange) { hear(request, exchange); };
    SessionShared m_shared {kLimits, m_handler, std::make_shared<RequestPool>(m_budget), m_mailbox};
    Host m_host;
    std::unique_ptr<H2Session> m_session;
    std::vector<std::shared_ptr<Asked>> m_asked;
    std::string m_wire; ///< on its way to the server
    std::string m_sent; ///< of the server, the beginning of a frame
    std::uint32_t m_next = 1;
    bool m_closed = false;
};

} // namespace

std::vector<std::string> fuzzWords()
{
    return {std::string(kPreface),
            std::string("\0\0\0\4\0\0\0\0\0", 9),
            std::string("\0\0\0\4\1\0\0\0\0", 9),
            std::string(1, '\3'),
            std::string(1, '\7'),
            std::string(1, '\x09'),
            std::string(1, '\x0d'),
            std::string("\x0d\xff\xff"),
            std::string(1, '\x0f'),
            std::string("\x12\xff\xff"),
            std::string(4, '\3'),
            std::string(8, '\0'),
            "\x82",
            "\x84",
            "\x86",
            "\x3f\xe1\x1f",
            ":method",
            "content-length",
            "\xff\xff\xff\xff"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    FuzzInput input({reinterpret_cast<const char*>(data), size});
    Run(input).play();
    return 0;
}
