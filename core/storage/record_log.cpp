#include "core/storage/record_log.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#include "core/base/check.h"
#include "core/base/stream_copy.h"
#include "core/storage/log_chunk.h"
#include "core/storage/log_file.h"

namespace shardscope {

namespace {

/// Field by field, as the caller has just stored it: read back in wider pieces, the head would have
/// to be in the cache first, behind all that was written before it.
void writeHead(char* to, const LogRecordHead& head, std::uint16_t keyBytes, std::uint32_t dataBytes)
{
    const auto write = [&to](auto field) {
        std::memcpy(to, &field, sizeof field);
        to += sizeof field;
    };
    write(head.position);
    write(head.arrivalMs);
    write(head.hashHigh);
    write(head.shard);
    write(dataBytes);
    write(keyBytes);
    write(head.userRecords);
    write(head.flags);
}

} // namespace

RecordLog::RecordLog() = default;
RecordLog::~RecordLog() = default;

RecordLog::RecordLog(const RecordLog& other)
    : m_end(other.m_end)
    , m_pieces(other.m_pieces)
    , m_memory(other.m_memory)
{
    // The newest chunk stays with the original, which goes on writing it; the copy has no room.
    SHARDSCOPE_CHECK(other.m_file == nullptr);
}

RecordLog::RecordLog(RecordLog&& other) noexcept
{
    swap(other);
}

RecordLog& RecordLog::operator=(const RecordLog& other)
{
    if (this != &other) {
        RecordLog copy(other);
        swap(copy);
    }
    return *this;
}

RecordLog& RecordLog::operator=(RecordLog&& other) noexcept
{
    if (this != &other) {
        RecordLog taken(std::move(other));
        swap(taken);
    }
    return *this;
}

void RecordLog::swap(RecordLog& other) noexcept
{
    std::swap(m_write, other.m_write);
    std::swap(m_room, other.m_room);
    std::swap(m_end, other.m_end);
    m_pieces.swap(other.m_pieces);
    std::swap(m_memory, other.m_memory);
    m_file.swap(other.m_file);
}

std::uint64_t RecordLog::firstInMemory() const
{
    return m_pieces.empty() ? m_end : m_pieces.front().first;
}

std::uint64_t RecordLog::begin() const
{
    return m_file ? std::min(m_file->begin(), firstInMemory()) : firstInMemory();
}

std::size_t RecordLog::chunkSize(std::size_t bytes) const
{
    // A quarter of what is kept: an idle stream costs little, and trimming to the chunk is never
    // far from trimming to the record.
    const std::size_t quarter = std::bit_floor((m_end - firstInMemory()) / 4);
    const std::size_t usual = std::clamp(quarter, LogChunk::kSmall, LogChunk::kLarge);
    // Larger records get a chunk that fits them, else much of each would stay empty.
    return bytes <= usual / 4 ? usual : bytes;
}

void RecordLog::openChunk(std::size_t bytes)
{
    auto chunk = LogChunk::make(chunkSize(bytes));
    m_write = chunk->bytes();
    m_room = chunk->size();
    m_memory += static_cast<Bytes>(chunk->size());
    m_pieces.push_back({m_end, std::numeric_limits<std::int64_t>::min(), std::move(chunk)});
}

std::uint64_t RecordLog::append(const LogRecordHead& head, std::string_view key,
                                std::string_view data)
{
    SHARDSCOPE_CHECK(key.size() <= std::numeric_limits<std::uint16_t>::max()
                     && data.size() <= kLogRecordBytesMost - sizeof head - key.size());
    const std::size_t bytes = sizeof head + key.size() + data.size();
    if (bytes > m_room) [[unlikely]]
        openChunk(bytes);
    writeHead(m_write, head, static_cast<std::uint16_t>(key.size()),
              static_cast<std::uint32_t>(data.size()));
    std::memcpy(m_write + sizeof head, key.data(), key.size());
    streamCopy(m_write + sizeof head + key.size(), data.data(), data.size());
    m_write += bytes;
    m_room -= bytes;
    Piece& piece = m_pieces.back();
    piece.newestMs = std::max(piece.newestMs, head.arrivalMs);
    if (m_file)
        m_file->append(piece.chunk, piece.first, m_end, m_end + bytes);
    return std::exchange(m_end, m_end + bytes);
}

bool RecordLog::read(std::uint64_t place, View& out) const
{
    const auto after = std::upper_bound(
        m_pieces.begin(), m_pieces.end(), place,
        [](std::uint64_t wanted, const Piece& piece) { return wanted < piece.first; });
    if (place >= m_end)
        return false;
    if (after == m_pieces.begin())
        return m_file && m_file->read(place, out);
    const Piece& piece = *std::prev(after);
    const char* at = std::as_const(*piece.chunk).bytes() + (place - piece.first);
    std::memcpy(&out.head, at, sizeof out.head);
    at += sizeof out.head;
    out.key = {at, out.head.keyBytes};
    out.data = {at + out.head.keyBytes, out.head.dataBytes};
    return true;
}

std::size_t RecordLog::piecesBefore(std::int64_t arrivalMs) const
{
    const auto kept = std::find_if(m_pieces.begin(), m_pieces.end(),
                                   [&](const Piece& piece) { return piece.newestMs >= arrivalMs; });
    return static_cast<std::size_t>(kept - m_pieces.begin());
}

void RecordLog::dropPieces(std::size_t count)
{
    if (count == 0)
        return;
    if (count == m_pieces.size()) {
        m_write = nullptr;
        m_room = 0;
    }
    const auto end = m_pieces.begin() + static_cast<std::ptrdiff_t>(count);
    for (auto piece = m_pieces.begin(); piece != end; ++piece)
        m_memory -= static_cast<Bytes>(piece->chunk->size());
    m_pieces.erase(m_pieces.begin(), end);
}

void RecordLog::trimBefore(std::int64_t arrivalMs)
{
    dropPieces(piecesBefore(arrivalMs));
    if (m_file)
        m_file->trimBefore(arrivalMs);
}

void RecordLog::shrinkTo(Bytes most)
{
    if (!m_file)
        return;
    const std::uint64_t durable = m_file->durable();
    Bytes left = memory();
    std::size_t count = 0;
    for (; count < m_pieces.size() && left > most; ++count) {
        const bool last = count + 1 == m_pieces.size();
        if ((last ? m_end : m_pieces[count + 1].first) > durable)
            break;
        left -= static_cast<Bytes>(m_pieces[count].chunk->size());
    }
    dropPieces(count);
}

void RecordLog::keepIn(std::shared_ptr<LogFile> file)
{
    SHARDSCOPE_CHECK(m_pieces.empty() && (m_file || m_end == 0));
    m_file = std::move(file);
    m_end = m_file ? m_file->end() : m_end;
}

Bytes RecordLog::memory() const
{
    return m_memory + static_cast<Bytes>(m_pieces.capacity() * sizeof(Piece));
}

Bytes RecordLog::memoryAfterTrim(std::int64_t arrivalMs) const
{
    Bytes left = memory();
    for (std::size_t i = piecesBefore(arrivalMs); i-- > 0;)
        left -= static_cast<Bytes>(m_pieces[i].chunk->size());
    return left;
}

} // namespace shardscope
