#include "core/storage/log_writer.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#include "core/storage/key_wrap.h"

namespace shardscope {

namespace {

constexpr std::uint64_t kLeastRoom = 64 << 10;
constexpr std::uint64_t kMostRoom = 16 << 20;

std::uint64_t pagesUp(std::uint64_t bytes)
{
    return (bytes + kDiskPage - 1) / kDiskPage * kDiskPage;
}

struct Run {
    std::size_t bytes = 0;
    std::uint32_t records = 0;
    std::int64_t newestMs = std::numeric_limits<std::int64_t>::min();
};

/// The whole records among the first `size` bytes.
Run wholeRecords(const char* bytes, std::size_t size)
{
    Run run;
    LogRecordHead head;
    while (run.bytes + sizeof head <= size) {
        std::memcpy(&head, bytes + run.bytes, sizeof head);
        const std::size_t next = run.bytes + sizeof head + head.keyBytes + head.dataBytes;
        if (next > size)
            break;
        run.bytes = next;
        ++run.records;
        run.newestMs = std::max(run.newestMs, head.arrivalMs);
    }
    return run;
}

} // namespace

LogWriter::LogWriter(Options options, std::uint64_t durable)
    : m_options(std::move(options))
    , m_durable(durable)
    , m_next(durable)
{
}

Result<void> LogWriter::write(std::span<const LogPiece> pieces)
{
    if (auto ok = clearLeftover(); !ok)
        return ok;
    resumeBuffer();
    for (const LogPiece& piece : pieces)
        if (auto ok = writePiece(piece); !ok)
            return ok;
    return m_segment ? flush() : m_options.disk->finish();
}

Result<void> LogWriter::writePiece(const LogPiece& piece)
{
    for (std::uint64_t from = std::max(piece.from, m_next); from < piece.to;) {
        if (!m_segment)
            if (auto ok = openSegment(); !ok)
                return ok;
        const auto next = writeBlock(piece, from);
        if (!next)
            return tl::unexpected(next.error());
        from = *next;
        if (m_segment->end >= static_cast<std::uint64_t>(m_options.segmentBytes))
            if (auto ok = endSegment(); !ok)
                return ok;
    }
    return {};
}

Result<std::uint64_t> LogWriter::writeBlock(const LogPiece& piece, std::uint64_t from)
{
    const char* records = piece.bytes() + (from - piece.from);
    const std::size_t most
        = std::min<std::size_t>(std::max(kBlockPlainBytes, recordBytes(records)), piece.to - from);
    if (auto ok = makeRoom(sizeof(BlockHead) + most + kTagBytes + kBlockAlign); !ok)
        return tl::unexpected(ok.error());

    // The copy comes first: walked in memory, the heads would be fetched one after the other.
    char* to = m_options.disk->buffer().data() + m_fill;
    char* body = to + sizeof(BlockHead);
    std::memcpy(body, records, most);
    const Run run = wholeRecords(body, most);
    BlockHead head {.marker = m_segment->marker,
                    .first = from,
                    .durable = m_durable,
                    .newestMs = run.newestMs,
                    .plainBytes = static_cast<std::uint32_t>(run.bytes),
                    .storedBytes = static_cast<std::uint32_t>(run.bytes),
                    .records = run.records};
    if (piece.key)
        cipher(piece.key).encrypt(head, {body, run.bytes + kTagBytes});
    seal(head, {body, head.storedBytes});
    std::memcpy(to, &head, sizeof head);
    const std::size_t size = head.bytesInFile();
    std::memset(body + head.storedBytes, 0, size - sizeof head - head.storedBytes);
    m_fill += size;
    m_blocks.push_back({m_segment->first, m_segment->marker, from, head.end(), run.newestMs,
                        m_segment->end, m_segment->end + size});
    m_segment->end += size;
    m_next = head.end();
    return head.end();
}

BlockCipher& LogWriter::cipher(const std::shared_ptr<const DataKey>& key)
{
    if (!m_cipher || m_cipher->key() != key)
        m_cipher.emplace(key);
    return *m_cipher;
}

void LogWriter::resumeBuffer()
{
    m_fill = 0;
    if (!m_segment)
        return;
    m_fill = m_segment->end % kDiskPage;
    m_bufferOffset = m_segment->end - m_fill;
    std::memcpy(m_options.disk->buffer().data(), m_tail.data(), m_fill);
}

/// Has room for `bytes` behind what is in the buffer, which may send its whole pages off.
Result<void> LogWriter::makeRoom(std::size_t bytes)
{
    WriteBehind& disk = *m_options.disk;
    const std::span<char> full = disk.buffer();
    if (m_fill + bytes <= full.size())
        return {};
    const std::size_t whole = m_fill / kDiskPage * kDiskPage;
    if (whole > 0) {
        if (auto ok = reserve(m_bufferOffset + whole); !ok)
            return ok;
        if (auto ok = disk.writeBehind(*m_segment->file, m_bufferOffset, whole); !ok)
            return ok;
        m_bufferOffset += whole;
        m_fill -= whole;
        std::memcpy(disk.buffer().data(), full.data() + whole, m_fill);
    }
    if (m_fill + bytes > disk.buffer().size())
        disk.grow(pagesUp(m_fill + bytes), m_fill);
    return {};
}

Result<void> LogWriter::flush()
{
    if (m_fill == 0)
        return m_options.disk->finish();
    const std::size_t size = pagesUp(m_fill);
    // A page more than what makeRoom() keeps free is never needed: buffers are whole pages.
    char* bytes = m_options.disk->buffer().data();
    std::memset(bytes + m_fill, 0, size - m_fill);
    if (auto ok = reserve(m_bufferOffset + size); !ok)
        return ok;
    std::memcpy(m_tail.data(), bytes + m_fill / kDiskPage * kDiskPage, m_fill % kDiskPage);
    return m_options.disk->writeNow(*m_segment->file, m_bufferOffset, size);
}

/// Room is asked for ahead, more each time: writes then seldom change the file's length, and an
/// idle stream takes little. When there is not that much left, what is needed will do.
Result<void> LogWriter::reserve(std::uint64_t end)
{
    Segment& segment = *m_segment;
    if (end <= segment.allocated)
        return {};
    const std::uint64_t more = std::clamp(std::bit_floor(segment.allocated), kLeastRoom, kMostRoom);
    const std::uint64_t wanted = std::max(end, segment.allocated + more);
    segment.allocated = wanted;
    if (segment.file->allocate(wanted))
        return {};
    segment.allocated = end;
    return segment.file->allocate(end);
}

Result<void> LogWriter::openSegment()
{
    Segment segment;
    segment.first = m_next;
    segment.path = m_options.folder + '/' + segmentName(m_next);
    auto file = m_options.files->open(segment.path, FileSystem::Access::WriteDirect);
    if (!file)
        return tl::unexpected(file.error());
    segment.file = std::move(*file);
    m_namesChanged = true;
    SegmentHead head;
    std::array<std::uint8_t, sizeof head.marker> random {};
    if (auto ok = drawBytes(random.data(), random.size()); !ok)
        return ok;
    std::memcpy(&head.marker, random.data(), random.size());
    head.stream = m_options.stream;
    head.first = m_next;
    seal(head);
    segment.marker = head.marker;
    segment.end = sizeof head;
    std::memcpy(m_options.disk->buffer().data(), &head, sizeof head);
    m_bufferOffset = 0;
    m_fill = sizeof head;
    m_segment = std::move(segment);
    // Of a commit that failed there may be a file of this name, with nothing durable in it.
    return m_segment->file->truncate(0);
}

Result<void> LogWriter::endSegment()
{
    if (auto ok = flush(); !ok)
        return ok;
    if (auto ok = m_segment->file->truncate(m_segment->end); !ok)
        return ok;
    if (auto ok = sync(); !ok)
        return ok;
    m_segment.reset();
    m_fill = 0;
    return {};
}

Result<void> LogWriter::sync()
{
    if (m_segment)
        if (auto ok = m_segment->file->sync(); !ok)
            return ok;
    if (m_namesChanged)
        if (auto ok = m_options.files->syncFolder(m_options.folder); !ok)
            return ok;
    m_namesChanged = false;
    m_durable = m_next;
    m_durableBlocks = m_blocks.size();
    if (m_segment)
        m_segment->durableEnd = m_segment->end;
    return {};
}

std::vector<SegmentTable::Block> LogWriter::takeBlocks()
{
    m_durableBlocks = 0;
    return std::exchange(m_blocks, {});
}

void LogWriter::rollBack()
{
    // Nothing may be under way in a file that is closed; what went wrong there is known.
    static_cast<void>(m_options.disk->finish());
    abandon();
}

void LogWriter::abandon()
{
    // What lies behind the durable part does not count in any case; cut, it takes no room.
    if (m_segment && m_segment->durableEnd > 0)
        static_cast<void>(m_segment->file->truncate(m_segment->durableEnd));
    else if (m_segment)
        m_leftover = m_segment->path;
    m_segment.reset();
    m_blocks.resize(m_durableBlocks);
    m_next = m_durable;
}

/// The next segment may have the name of one that failed.
Result<void> LogWriter::clearLeftover()
{
    if (m_leftover.empty())
        return {};
    m_namesChanged = true;
    if (auto ok = m_options.files->remove(m_leftover); !ok)
        return ok;
    m_leftover.clear();
    return {};
}

void LogWriter::close()
{
    abandon();
    static_cast<void>(clearLeftover());
    m_leftover.clear();
}

void LogWriter::forget(std::uint64_t first)
{
    if (m_segment && m_segment->first == first)
        m_segment.reset();
}

} // namespace shardscope
