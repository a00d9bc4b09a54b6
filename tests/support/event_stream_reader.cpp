#include "tests/support/event_stream_reader.h"

#include <zlib.h>

namespace shardscope::test {
namespace {

constexpr std::size_t kPrelude = 12, kChecksum = 4;
/// As AWS' own readers have it.
constexpr std::size_t kFrameMost = 24 << 20, kHeadersMost = 128 << 10;

std::uint32_t sumOf(std::string_view bytes)
{
    return static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

} // namespace

std::string EventStreamReader::Frame::header(std::string_view name) const
{
    for (const auto& [key, value] : headers) {
        if (key == name)
            return value;
    }
    return {};
}

std::uint32_t EventStreamReader::number(std::size_t at, std::size_t bytes) const
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i)
        value = value << 8 | static_cast<unsigned char>(m_bytes[at + i]);
    return value;
}

std::optional<EventStreamReader::Frame> EventStreamReader::next()
{
    if (!m_fault.empty() || m_bytes.size() < kPrelude)
        return std::nullopt;
    const std::string_view bytes = m_bytes;
    const std::size_t total = number(0, 4), headers = number(4, 4);
    if (number(8, 4) != sumOf(bytes.substr(0, 8)))
        m_fault = "the checksum of the lengths is wrong";
    else if (total > kFrameMost || headers > kHeadersMost || total < kPrelude + headers + kChecksum)
        m_fault = "the lengths fit no frame";
    if (!m_fault.empty() || bytes.size() < total)
        return std::nullopt;
    Frame frame;
    if (number(total - kChecksum, 4) != sumOf(bytes.substr(0, total - kChecksum)))
        m_fault = "the checksum of the frame is wrong";
    else if (!readHeaders(frame, kPrelude + headers))
        m_fault = "the headers do not fill their room";
    if (!m_fault.empty())
        return std::nullopt;
    frame.payload = bytes.substr(kPrelude + headers, total - kPrelude - headers - kChecksum);
    m_bytes.erase(0, total);
    return frame;
}

/// Name length u8, name, type u8 (7: a string), value length u16, value.
bool EventStreamReader::readHeaders(Frame& frame, std::size_t end)
{
    std::size_t at = kPrelude;
    while (at < end) {
        const std::size_t nameBytes = number(at, 1);
        const std::size_t type = at + 1 + nameBytes;
        if (type + 3 > end || number(type, 1) != 7)
            return false;
        const std::size_t valueBytes = number(type + 1, 2);
        if (type + 3 + valueBytes > end)
            return false;
        frame.headers.emplace_back(m_bytes.substr(at + 1, nameBytes),
                                   m_bytes.substr(type + 3, valueBytes));
        at = type + 3 + valueBytes;
    }
    return true;
}

} // namespace shardscope::test
