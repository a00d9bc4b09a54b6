#include <algorithm>
#include <utility>

#include "app/bench/load_line.h"
#include "app/bench/post_request.h"
#include "core/base/check.h"

/// RFC 9113's frames and RFC 7541's header blocks, as far as a load needs them.
namespace shardscope {
namespace {

enum : std::uint8_t {
    kData = 0,
    kHeaders = 1,
    kReset = 3,
    kSettings = 4,
    kGoAway = 7,
    kWindow = 8
};
enum : std::uint8_t { kEndStream = 1, kAck = 1, kEndHeaders = 4 };
constexpr std::size_t kFrameHead = 9;
/// What we let the server send before it hears of us again.
constexpr std::int64_t kOurWindow = 64 << 20;
/// As every server of ours grants.
constexpr std::size_t kFrameMost = 16'384;

void putNumber(std::string& to, std::uint64_t number, int bytes)
{
    while (bytes-- > 0)
        to += static_cast<char>(number >> 8 * bytes & 0xff);
}

std::uint32_t number32(std::string_view bytes)
{
    std::uint32_t number = 0;
    for (const char c : bytes.substr(0, 4))
        number = number << 8 | static_cast<unsigned char>(c);
    return number;
}

/// RFC 7541 5.1, behind a prefix of seven bits.
void putText(std::string& block, std::string_view text)
{
    constexpr std::size_t kPrefix = 127;
    block += static_cast<char>(std::min(text.size(), kPrefix));
    if (text.size() >= kPrefix) {
        std::size_t rest = text.size() - kPrefix;
        for (; rest >= 128; rest /= 128)
            block += static_cast<char>(128 | (rest % 128));
        block += static_cast<char>(rest);
    }
    block += text;
}

/// The first request's block puts what is always the same into the server's table; those after it
/// name it there. The signature goes with each, as it would if they differed.
std::string headerBlock(bool first)
{
    static const PostSignature kSignature = signatureOf("PutRecord", "");
    std::string block = "\x83\x86\x84"; // POST, http, /
    if (first) {
        block += '\x41'; // :authority
        putText(block, "127.0.0.1");
        block += '\x5f'; // content-type
        putText(block, "application/x-amz-json-1.1");
        block += '\x40';
        putText(block, "x-amz-target");
        putText(block, "Kinesis_20131202.PutRecord");
        block += '\x40';
        putText(block, "x-amz-date");
        putText(block, kSignature.date);
    } else {
        block += "\xc1\xc0\xbf\xbe";
    }
    block += "\x0f\x08"; // authorization
    putText(block, kSignature.authorization);
    return block;
}

} // namespace

H2Line::H2Line(LoadShared& shared)
    : LoadLine(shared, LoadSocket::Cipher::None)
    , m_out("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
{
    std::string settings;
    putNumber(settings, 4, 2); // the streams' window
    putNumber(settings, kOurWindow, 4);
    frame(kSettings, 0, 0, settings);
    std::string window;
    putNumber(window, kOurWindow, 4);
    frame(kWindow, 0, 0, window);
}

void H2Line::begin()
{
    while (m_begun < m_shared.options.streams) {
        ++m_begun;
        request();
    }
    flush();
}

void H2Line::sent(std::size_t bytes)
{
    m_sent += bytes;
    if (m_sent == m_out.size()) {
        m_out.clear();
        m_sent = 0;
    }
}

void H2Line::frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                   std::string_view payload)
{
    putNumber(m_out, payload.size(), 3);
    m_out += static_cast<char>(type);
    m_out += static_cast<char>(flags);
    putNumber(m_out, stream, 4);
    m_out += payload;
}

void H2Line::request()
{
    static const std::string kFirst = headerBlock(true), kLater = headerBlock(false);
    const std::string& body = m_shared.take();
    const std::uint32_t stream = std::exchange(m_nextStream, m_nextStream + 2);
    m_window -= static_cast<std::int64_t>(body.size());
    // The windows are wider than all that is ever under way, and a small body is one frame.
    SHARDSCOPE_CHECK(m_window >= 0 && body.size() <= kFrameMost);
    frame(kHeaders, kEndHeaders, stream, stream == 1 ? kFirst : kLater);
    frame(kData, kEndStream, stream, body);
}

void H2Line::hear(std::string_view bytes)
{
    if (!m_in.empty()) {
        m_in += bytes;
        bytes = m_in;
    }
    int answered = 0;
    while (bytes.size() >= kFrameHead) {
        const std::size_t size = number32(bytes) >> 8;
        if (bytes.size() < kFrameHead + size)
            break;
        const auto type = static_cast<std::uint8_t>(bytes[3]);
        const auto flags = static_cast<std::uint8_t>(bytes[4]);
        const std::uint32_t stream = number32(bytes.substr(5));
        const std::string_view payload = bytes.substr(kFrameHead, size);
        bytes.remove_prefix(kFrameHead + size);
        if (type == kSettings && (flags & kAck) == 0)
            frame(kSettings, kAck, 0, {});
        else if (type == kWindow && stream == 0)
            m_window += number32(payload);
        else if (type == kReset || type == kGoAway)
            badAnswer(type == kReset ? "(HTTP/2) RST_STREAM" : "(HTTP/2) GOAWAY");
        else if (type == kHeaders && payload.front() != '\x88') // 200, from the static table
            badAnswer("(HTTP/2) another status than 200");
        if (type == kData)
            m_taken += static_cast<std::int64_t>(size);
        if (type == kData && (flags & kEndStream) != 0) {
            m_shared.answered({});
            ++answered;
        }
    }
    m_in = std::string(bytes); // not assign(): they may lie in it
    if (m_taken > kOurWindow / 2) {
        std::string window;
        putNumber(window, static_cast<std::uint64_t>(std::exchange(m_taken, 0)), 4);
        frame(kWindow, 0, 0, window);
    }
    m_begun -= answered;
    if (!m_shared.ending)
        begin();
    else
        flush();
}

} // namespace shardscope
