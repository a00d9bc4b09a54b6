#include "core/storage/block_walk.h"

#include <algorithm>
#include <cstring>

namespace shardscope {

namespace {

/// While one part is summed, the disk fetches the next ones.
constexpr std::uint64_t kPartsAhead = 4;

} // namespace

FileWindow::FileWindow(File& file, std::uint64_t fileBytes, std::size_t partBytes)
    : m_file(file)
    , m_fileBytes(fileBytes)
    , m_partBytes(partBytes)
{
}

std::span<const char> FileWindow::at(std::uint64_t offset, std::size_t bytes)
{
    const auto all = atLeast(offset, bytes);
    return all.first(std::min(bytes, all.size()));
}

std::span<const char> FileWindow::atLeast(std::uint64_t offset, std::size_t bytes)
{
    if (offset >= m_fileBytes)
        return {};
    bytes = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, m_fileBytes - offset));
    if (offset < m_offset || offset + bytes > m_offset + m_size)
        load(offset, bytes);
    const auto skip = static_cast<std::size_t>(offset - m_offset);
    return {m_bytes.data() + skip, m_size - skip};
}

void FileWindow::load(std::uint64_t offset, std::size_t bytes)
{
    const std::uint64_t end = m_offset + m_size;
    const std::size_t known
        = offset >= m_offset && offset < end ? static_cast<std::size_t>(end - offset) : 0;
    if (known > 0)
        std::memmove(m_bytes.data(), m_bytes.data() + (offset - m_offset), known);
    m_offset = offset;
    m_size = static_cast<std::size_t>(
        std::min<std::uint64_t>(std::max(bytes, m_partBytes), m_fileBytes - offset));
    if (m_bytes.size() < m_size)
        m_bytes.resize(m_size);
    if (m_offset + m_size < m_fileBytes)
        m_file.willRead(m_offset + m_size, kPartsAhead * m_partBytes);
    const std::span<char> all {m_bytes.data(), m_size};
    if (const auto read = m_file.readFully(offset + known, all.subspan(known));
        read && *read == m_size - known)
        return;
    for (std::size_t at = known; at < m_size; at += kDiskPage) {
        const auto page = all.subspan(at, std::min(kDiskPage, m_size - at));
        std::fill(page.begin(), page.end(), '\0');
        if (!m_file.readFully(offset + at, page))
            std::fill(page.begin(), page.end(), '\0');
    }
}

BlockWalk::BlockWalk(FileWindow& window, std::uint64_t marker, std::uint64_t offset)
    : m_window(window)
    , m_marker(marker)
    , m_offset(offset)
{
}

bool BlockWalk::headAt(std::uint64_t offset, BlockHead& head)
{
    const auto bytes = m_window.at(offset, sizeof head);
    if (bytes.size() < sizeof head)
        return false;
    std::memcpy(&head, bytes.data(), sizeof head);
    return isSound(head, m_marker);
}

std::optional<std::uint64_t> BlockWalk::search(std::uint64_t offset, BlockHead& head)
{
    while (offset + sizeof head <= m_window.fileBytes()) {
        const auto bytes = m_window.atLeast(offset, sizeof head);
        std::size_t at = 0;
        for (; at + sizeof head <= bytes.size(); at += kBlockAlign)
            if (std::memcmp(bytes.data() + at, &m_marker, sizeof m_marker) == 0)
                break;
        offset += at;
        if (at + sizeof head > bytes.size())
            continue;
        if (headAt(offset, head))
            return offset;
        offset += kBlockAlign;
    }
    return {};
}

std::optional<BlockWalk::Block> BlockWalk::next()
{
    Block block;
    block.offset = m_offset;
    if (!headAt(m_offset, block.head)) {
        const auto found = search(m_offset + kBlockAlign, block.head);
        if (!found)
            return {};
        block.offset = *found;
    }
    // Head and body at once, so that both lie in one part.
    const auto whole = m_window.at(block.offset, sizeof(BlockHead) + block.head.storedBytes);
    block.body = whole.subspan(sizeof(BlockHead));
    block.bodySound = bodyIsSound(block.head, block.body);
    m_offset = block.offset + block.head.bytesInFile();
    return block;
}

} // namespace shardscope
