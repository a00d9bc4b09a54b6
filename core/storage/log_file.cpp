#include "core/storage/log_file.h"

#include <cstring>
#include <iterator>
#include <utility>

#include "core/base/check.h"
#include "core/base/stream_copy.h"
#include "core/storage/log_committer.h"

namespace shardscope {

LogFile::LogFile(Options options)
    : m_desk(std::move(options.desk))
    , m_folder(options.writer.folder)
    , m_stream(options.writer.stream)
    , m_keys(std::move(options.keys))
    , m_end(options.end)
    , m_durable(options.end)
    , m_table(std::move(options.table))
    , m_writer(std::move(options.writer), options.end)
{
}

void LogFile::encryptWith(std::shared_ptr<const DataKey> key)
{
    if (key)
        m_keys.add(key);
    m_key = std::move(key);
}

Bytes LogFile::bytesOnDisk() const
{
    const std::lock_guard lock(m_mutex);
    return m_table.bytes();
}

std::int64_t LogFile::segments() const
{
    const std::lock_guard lock(m_mutex);
    return static_cast<std::int64_t>(m_table.size());
}

void LogFile::append(const std::shared_ptr<LogChunk>& chunk, std::uint64_t chunkFirst,
                     std::uint64_t from, std::uint64_t to)
{
    m_end = to;
    if (m_desk->committer == nullptr)
        return;
    if (m_unpublished.empty())
        m_desk->touched.push_back(shared_from_this());
    else if (LogPiece& last = m_unpublished.back(); last.chunk == chunk && last.key == m_key) {
        last.to = to;
        return;
    }
    m_unpublished.push_back({chunk, chunkFirst, from, to, m_key});
}

std::uint64_t LogFile::begin() const
{
    const std::lock_guard lock(m_mutex);
    return m_table.empty() ? durable() : m_table.oldest().first;
}

std::string LogFile::pathOf(std::uint64_t segment) const
{
    return m_folder + '/' + segmentName(segment);
}

bool LogFile::read(std::uint64_t place, RecordLog::View& out)
{
    const DecodedStretch* stretch = stretchOf(place);
    if (stretch == nullptr)
        return false;
    const std::string_view bytes = stretch->from(place);
    if (bytes.size() < sizeof out.head)
        return false;
    std::memcpy(&out.head, bytes.data(), sizeof out.head);
    const std::size_t keyBytes = out.head.keyBytes, dataBytes = out.head.dataBytes;
    if (bytes.size() < sizeof out.head + keyBytes + dataBytes)
        return false;
    out.key = bytes.substr(sizeof out.head, keyBytes);
    out.data = bytes.substr(sizeof out.head + keyBytes, dataBytes);
    return true;
}

const DecodedStretch* LogFile::stretchOf(std::uint64_t place)
{
    std::unique_lock lock(m_mutex);
    const auto where = m_table.find(place);
    lock.unlock();
    if (!where)
        return nullptr;
    const StretchCache::Key key {m_stream, where->segment, where->from, where->to};
    if (const DecodedStretch* known = m_desk->stretches.find(key))
        return known;
    DecodedStretch stretch;
    if (!load(*where, stretch))
        return nullptr;
    return &m_desk->stretches.add(key, std::move(stretch));
}

bool LogFile::load(const SegmentTable::Stretch& where, DecodedStretch& stretch)
{
    if (m_reading.file == nullptr || m_reading.segment != where.segment) {
        auto file = m_desk->files->open(pathOf(where.segment), FileSystem::Access::Read);
        if (!file)
            return false;
        m_reading = {where.segment, std::move(*file)};
    }
    FileWindow window(*m_reading.file, where.to, static_cast<std::size_t>(where.to - where.from));
    BlockWalk walk(window, where.marker, where.from);
    std::vector<char> scratch;
    while (const auto block = walk.next()) {
        const auto plain = plainOf(*block, m_keys, scratch);
        if (!plain)
            continue;
        stretch.runs.push_back({block->head.first, block->head.end(), stretch.bytes.size()});
        stretch.bytes.insert(stretch.bytes.end(), plain->begin(), plain->end());
    }
    return true;
}

void LogFile::trimBefore(std::int64_t arrivalMs)
{
    std::vector<std::uint64_t> old;
    {
        const std::lock_guard lock(m_mutex);
        // The newest segment goes too when nothing is on its way into it.
        const std::size_t least = durable() == m_end ? 0 : 1;
        while (m_table.size() > least && m_table.oldest().newestMs < arrivalMs) {
            old.push_back(m_table.oldest().first);
            m_table.dropOldest();
        }
    }
    if (old.empty() || m_desk->committer == nullptr)
        return;
    m_reading = {};
    m_desk->committer->post(
        [self = shared_from_this(), old = std::move(old)] { self->removeOld(old); });
}

/// One after the other, each for good before the next: a log has no hole where an older segment
/// came back after a power cut. What cannot be removed is tried again with the next one.
void LogFile::removeOld(const std::vector<std::uint64_t>& segments)
{
    for (const std::uint64_t first : segments)
        m_writer.forget(first);
    m_old.insert(m_old.end(), segments.begin(), segments.end());
    while (!m_old.empty() && m_desk->files->remove(pathOf(m_old.front()))
           && m_desk->files->syncFolder(m_folder))
        m_old.pop_front();
}

void LogFile::publish()
{
    // Payloads were written past the caches.
    streamFence();
    const std::lock_guard lock(m_mutex);
    m_published.insert(m_published.end(), std::make_move_iterator(m_unpublished.begin()),
                       std::make_move_iterator(m_unpublished.end()));
    m_unpublished.clear();
}

Result<void> LogFile::write()
{
    {
        const std::lock_guard lock(m_mutex);
        m_pieces.insert(m_pieces.end(), std::make_move_iterator(m_published.begin()),
                        std::make_move_iterator(m_published.end()));
        m_published.clear();
    }
    if (m_removed)
        m_pieces.clear();
    return m_pieces.empty() ? Result<void> {} : m_writer.write(m_pieces);
}

Result<void> LogFile::sync()
{
    if (m_pieces.empty())
        return {};
    if (auto ok = m_writer.sync(); !ok)
        return ok;
    m_pieces.clear();
    {
        const std::lock_guard lock(m_mutex);
        for (const SegmentTable::Block& block : m_writer.takeBlocks())
            m_table.add(block);
    }
    m_durable.store(m_writer.durable(), std::memory_order_release);
    return {};
}

void LogFile::rollBack()
{
    m_writer.rollBack();
}

void LogFile::remove()
{
    m_removed = true;
    m_writer.rollBack();
    m_pieces.clear();
    const auto names = m_desk->files->list(m_folder);
    if (!names)
        return;
    // For good: the next stream may have the same id.
    FileSystem& files = *m_desk->files;
    for (const std::string& name : *names)
        static_cast<void>(files.remove(m_folder + '/' + name));
    static_cast<void>(files.syncFolder(m_folder));
    static_cast<void>(files.remove(m_folder));
    static_cast<void>(files.syncFolder(m_folder.substr(0, m_folder.rfind('/'))));
}

} // namespace shardscope
