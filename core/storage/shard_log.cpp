#include "core/storage/shard_log.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"

namespace shardscope {

ShardLog::ShardLog(const ShardLog& other)
    : m_end(other.m_end)
    , m_bytes(other.m_bytes)
    , m_begin(other.m_begin)
    , m_trimmedBytes(other.m_trimmedBytes)
    , m_blocks(other.m_blocks)
{
    // Many blocks lie far apart in memory; asking for them ahead makes a copy several times faster.
    constexpr std::size_t ahead = 8;
    for (std::size_t i = 0; i < m_blocks.size(); ++i) {
        if (i + ahead < m_blocks.size() && m_blocks[i + ahead] != nullptr)
            __builtin_prefetch(&m_blocks[i + ahead]->holders, 1);
        if (m_blocks[i] != nullptr)
            holdBlock(m_blocks[i]);
    }
}

ShardLog& ShardLog::operator=(const ShardLog& other)
{
    if (this != &other) {
        ShardLog copy(other);
        swap(copy);
    }
    return *this;
}

ShardLog& ShardLog::operator=(ShardLog&& other) noexcept
{
    if (this != &other) {
        ShardLog taken(std::move(other));
        swap(taken);
    }
    return *this;
}

ShardLog::~ShardLog()
{
    for (LogBlock* block : m_blocks)
        if (block != nullptr)
            dropBlock(block);
}

void ShardLog::swap(ShardLog& other) noexcept
{
    std::swap(m_write, other.m_write);
    std::swap(m_end, other.m_end);
    std::swap(m_bytes, other.m_bytes);
    std::swap(m_begin, other.m_begin);
    std::swap(m_trimmedBytes, other.m_trimmedBytes);
    m_blocks.swap(other.m_blocks);
}

void ShardLog::startAt(std::uint64_t position)
{
    SHARDSCOPE_CHECK(m_end == 0);
    m_begin = m_end = position;
}

std::uint64_t ShardLog::firstBlock() const
{
    return (m_end + kBlockRecords - 1) / kBlockRecords - m_blocks.size();
}

LogBlock* ShardLog::blockOf(std::uint64_t position) const
{
    return m_blocks[position / kBlockRecords - firstBlock()];
}

const RecordMeta& ShardLog::at(std::uint64_t position) const
{
    return blockOf(position)->records[position % kBlockRecords];
}

void ShardLog::openBlock()
{
    LogBlock* block = takeBlock();
    const std::size_t used = m_end % kBlockRecords;
    if (used == 0 || m_blocks.empty()) { // the latter: it starts within a block
        block->bytesBefore = m_bytes;
        m_blocks.push_back(block);
    } else {
        // A copy appends for the first time: the shared block stays with the original.
        LogBlock* shared = m_blocks.back();
        std::copy_n(shared->records.begin(), used, block->records.begin());
        block->bytesBefore = shared->bytesBefore;
        m_blocks.back() = block;
        dropBlock(shared);
    }
    m_write = block->records.data() + used;
}

std::span<const RecordMeta> ShardLog::from(std::uint64_t position) const
{
    SHARDSCOPE_CHECK(m_begin <= position && position <= m_end);
    if (position == m_end)
        return {};
    const std::uint64_t inBlock = position % kBlockRecords;
    return {blockOf(position)->records.data() + inBlock,
            std::min(kBlockRecords - inBlock, m_end - position)};
}

std::uint64_t ShardLog::firstAt(std::int64_t arrivalMs) const
{
    if (empty() || at(m_begin).arrivalMs >= arrivalMs)
        return m_begin;
    // Trimming asks for times near the beginning: steps that double, then halving between the last
    // two. `before` arrived earlier than asked for, `after` did not or is the end.
    std::uint64_t before = m_begin;
    std::uint64_t after = m_end;
    for (std::uint64_t step = 1; before + step < m_end; step *= 2) {
        if (at(before + step).arrivalMs >= arrivalMs) {
            after = before + step;
            break;
        }
        before += step;
    }
    while (after - before > 1) {
        const std::uint64_t middle = before + (after - before) / 2;
        (at(middle).arrivalMs < arrivalMs ? before : after) = middle;
    }
    return after;
}

ShardLog::Trimmed ShardLog::trimTo(std::uint64_t position, std::uint64_t bytesBefore)
{
    const Trimmed trimmed {position - m_begin, bytesBefore - m_trimmedBytes};
    const std::uint64_t first = firstBlock();
    const std::uint64_t dead = position / kBlockRecords - first;
    for (std::uint64_t i = m_begin / kBlockRecords - first; i < dead; ++i)
        dropBlock(std::exchange(m_blocks[i], nullptr));
    m_begin = position;
    m_trimmedBytes = bytesBefore;
    if (!m_blocks.empty() && dead > m_blocks.size() / 2)
        m_blocks.erase(m_blocks.begin(), m_blocks.begin() + static_cast<std::ptrdiff_t>(dead));
    return trimmed;
}

ShardLog::Trimmed ShardLog::trimBlocksBefore(std::int64_t arrivalMs)
{
    std::uint64_t position = m_begin;
    std::uint64_t bytesBefore = m_trimmedBytes;
    for (;;) {
        const std::uint64_t next = position - position % kBlockRecords + kBlockRecords;
        if (next > m_end || at(next - 1).arrivalMs >= arrivalMs)
            break;
        position = next;
        bytesBefore = position == m_end ? m_bytes : blockOf(position)->bytesBefore;
    }
    return trimTo(position, bytesBefore);
}

ShardLog::Trimmed ShardLog::trimBefore(std::int64_t arrivalMs)
{
    // Whole blocks by a look at their ends; the rest in one walk, which reads every record once in
    // its life.
    const Trimmed blocks = trimBlocksBefore(arrivalMs);
    std::uint64_t position = m_begin;
    std::uint64_t bytesBefore = m_trimmedBytes;
    for (const RecordMeta& meta : from(position)) {
        if (meta.arrivalMs >= arrivalMs)
            break;
        ++position;
        bytesBefore += meta.bytes;
    }
    const Trimmed rest = trimTo(position, bytesBefore);
    return {blocks.records + rest.records, blocks.bytes + rest.bytes};
}

void ShardLog::listFullBlocks(std::vector<FullBlock>& out, std::int64_t untilMs) const
{
    // The ends lie far apart; asked for ahead, they come many at a time.
    constexpr std::size_t ahead = 16;
    const std::uint64_t first = firstBlock();
    const std::size_t full = m_end / kBlockRecords - first;
    for (std::size_t i = m_begin / kBlockRecords - first; i < full; ++i) {
        if (i + ahead < full)
            __builtin_prefetch(&m_blocks[i + ahead]->records.back());
        const std::int64_t newestMs = m_blocks[i]->records.back().arrivalMs;
        if (newestMs > untilMs)
            break;
        const std::uint64_t next = (first + i + 1) * kBlockRecords;
        out.push_back({newestMs, std::min<std::uint64_t>(kBlockRecords, next - m_begin)});
    }
}

std::size_t ShardLog::memory() const
{
    const std::uint64_t dead = m_blocks.empty() ? 0 : m_begin / kBlockRecords - firstBlock();
    return (m_blocks.size() - dead) * sizeof(LogBlock) + m_blocks.capacity() * sizeof(LogBlock*);
}

} // namespace shardscope
