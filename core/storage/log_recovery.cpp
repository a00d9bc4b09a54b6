#include "core/storage/log_recovery.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace shardscope {

namespace {

/// Some blocks at once, in the second-level cache or near it.
constexpr std::size_t kPartBytes = std::size_t {1} << 20;

bool allZeros(std::span<const char> bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\0'; });
}

} // namespace

void BlockKeys::add(const std::shared_ptr<const DataKey>& key)
{
    m_ciphers.insert_or_assign(rawKeyId(key->id), BlockCipher(key));
}

BlockCipher* BlockKeys::cipher(const std::array<std::uint8_t, 16>& keyId)
{
    auto known = m_ciphers.find(keyId);
    if (known == m_ciphers.end()) {
        const auto key = m_find ? m_find(hexKeyId(keyId)) : nullptr;
        known = m_ciphers.emplace(keyId, std::nullopt).first;
        if (key)
            known->second.emplace(key);
    }
    return known->second ? &*known->second : nullptr;
}

std::optional<std::span<const char>> plainOf(const BlockWalk::Block& block, BlockKeys& keys,
                                             std::vector<char>& scratch)
{
    if (!block.bodySound)
        return {};
    if (block.head.encrypted == 0)
        return block.body;
    BlockCipher* cipher = keys.cipher(block.head.keyId);
    scratch.resize(block.head.plainBytes);
    if (cipher == nullptr || !cipher->open(block.head, block.body, scratch))
        return {};
    return scratch;
}

LogRecovery::LogRecovery(Options options, Found found)
    : m_options(std::move(options))
    , m_found(std::move(found))
{
}

Result<LogRecovery::Outcome> LogRecovery::run()
{
    const auto names = m_options.files->list(m_options.folder);
    if (!names)
        return tl::unexpected(names.error());
    for (const std::string& name : *names)
        if (std::uint64_t first = 0; parseSegmentName(name, first))
            m_firsts.push_back(first);
    if (!m_firsts.empty())
        m_next = m_firsts.front();
    for (std::size_t i = 0; i < m_firsts.size(); ++i) {
        const auto goes = readSegment(i);
        if (!goes)
            return tl::unexpected(goes.error());
        if (*goes == Goes::NoFurther)
            break;
    }
    if (auto ok = syncNewest(); !ok)
        return tl::unexpected(ok.error());
    reportMissingKeys();
    m_outcome.end = m_next;
    return std::move(m_outcome);
}

std::string LogRecovery::pathOf(std::size_t segment) const
{
    return m_options.folder + '/' + segmentName(m_firsts[segment]);
}

std::uint64_t LogRecovery::limitOf(std::size_t segment) const
{
    return segment + 1 < m_firsts.size() ? m_firsts[segment + 1] : UINT64_MAX;
}

Result<LogRecovery::Opened> LogRecovery::openSegment(std::size_t segment) const
{
    auto file = m_options.files->open(pathOf(segment), FileSystem::Access::Read);
    if (!file)
        return tl::unexpected(file.error());
    const auto bytes = (*file)->size();
    if (!bytes)
        return tl::unexpected(bytes.error());
    Opened opened {.file = std::move(*file), .bytes = *bytes};
    SegmentHead head {};
    std::array<char, sizeof head> raw {};
    const auto read = opened.file->readFully(0, raw);
    std::memcpy(&head, raw.data(), sizeof head);
    opened.headSound = read && isSound(head) && head.stream == m_options.stream
        && head.first == m_firsts[segment];
    opened.headEmpty = read && allZeros(raw);
    opened.marker = head.marker;
    return opened;
}

Result<LogRecovery::Goes> LogRecovery::readSegment(std::size_t segment)
{
    auto opened = openSegment(segment);
    if (!opened)
        return tl::unexpected(opened.error());
    if (!opened->headSound)
        return withoutHead(segment, *opened);
    FileWindow window(*opened->file, opened->bytes, kPartBytes);
    BlockWalk walk(window, opened->marker, sizeof(SegmentHead));
    for (;;) {
        const std::uint64_t expected = walk.offset();
        const auto block = walk.next();
        if (!block || block->head.first >= limitOf(segment))
            return endOfSegment(segment, *opened, expected);
        // Where the sum fits and the place does not, the file is not what we wrote: a hole.
        if (block->head.first < m_next)
            continue;
        // A hole may end the log, and then nothing of this block is heard.
        const std::uint64_t until = block->bodySound ? block->head.first : block->head.end();
        if (until > m_next) {
            const auto goes = hole(segment, expected, until);
            if (!goes || *goes == Goes::NoFurther)
                return goes;
        }
        if (block->bodySound)
            accept(segment, opened->marker, *block);
    }
}

/// The sums cannot be checked: the marker that begins each block is not known.
Result<LogRecovery::Goes> LogRecovery::withoutHead(std::size_t segment, const Opened& opened)
{
    if (isNewest(segment) && opened.headEmpty) {
        // The head is written with the first commit, which did not come to its end.
        if (auto ok = cut(segment, 0); !ok)
            return tl::unexpected(ok.error());
        return Goes::NoFurther;
    }
    report(StoreFinding::Kind::DamagedBlock, segment, 0,
           "the head of the file is damaged, so none of its records can be read");
    // A segment holds fewer plain bytes than it is long: places beyond are free.
    m_next
        = isNewest(segment) ? std::max(m_next, m_firsts[segment] + opened.bytes) : limitOf(segment);
    return Goes::On;
}

Result<LogRecovery::Goes> LogRecovery::endOfSegment(std::size_t segment, Opened& opened,
                                                    std::uint64_t offset)
{
    if (!isNewest(segment))
        return m_next < limitOf(segment) ? hole(segment, offset, limitOf(segment))
                                         : Result<Goes>(Goes::On);
    FileWindow window(*opened.file, opened.bytes, kPartBytes);
    for (std::uint64_t at = offset; at < opened.bytes;) {
        const auto rest = window.atLeast(at, 1);
        if (!allZeros(rest)) {
            report(StoreFinding::Kind::TornTail, segment, offset,
                   "the last write did not come to its end; nobody was told that it had");
            break;
        }
        at += rest.size();
    }
    if (offset < opened.bytes)
        if (auto ok = cut(segment, offset); !ok)
            return tl::unexpected(ok.error());
    return Goes::NoFurther;
}

Result<LogRecovery::Goes> LogRecovery::hole(std::size_t segment, std::uint64_t offset,
                                            std::uint64_t until)
{
    const auto durable = isNewest(segment) ? wasDurable(segment, offset) : Result<bool>(true);
    if (!durable)
        return tl::unexpected(durable.error());
    if (*durable) {
        report(StoreFinding::Kind::DamagedBlock, segment, offset,
               std::to_string(until - m_next) + " bytes of records are damaged or missing");
        m_next = until;
        m_damagedNewest = isNewest(segment);
        return Goes::On;
    }
    report(StoreFinding::Kind::TornTail, segment, offset,
           "the last commit did not come to its end; nobody was told that it had");
    // What would be cut may be all that says of an earlier hole that it was durable. Left, it
    // counts for nothing once there is a younger segment.
    if (!m_damagedNewest)
        if (auto ok = cut(segment, offset); !ok)
            return tl::unexpected(ok.error());
    return Goes::NoFurther;
}

/// Whether a block behind `offset` says that what stands at m_next was durable.
Result<bool> LogRecovery::wasDurable(std::size_t segment, std::uint64_t offset) const
{
    const auto opened = openSegment(segment);
    if (!opened)
        return tl::unexpected(opened.error());
    FileWindow window(*opened->file, opened->bytes, kPartBytes);
    BlockWalk walk(window, opened->marker, offset);
    while (const auto block = walk.next())
        if (block->head.durable > m_next)
            return true;
    return false;
}

void LogRecovery::accept(std::size_t segment, std::uint64_t marker, const BlockWalk::Block& block)
{
    const BlockHead& head = block.head;
    m_next = head.end();
    m_outcome.table.add({m_firsts[segment], marker, head.first, head.end(), head.newestMs,
                         block.offset, block.offset + head.bytesInFile()});
    if (const auto plain = plainOf(block, *m_options.keys, m_scratch)) {
        if (!hear(head.first, *plain))
            report(StoreFinding::Kind::DamagedBlock, segment, block.offset,
                   "a block holds something other than whole records");
        return;
    }
    if (m_options.keys->cipher(head.keyId) == nullptr)
        m_missing.try_emplace(head.keyId, Missing {0, segment, block.offset}).first->second.records
            += head.records;
    else
        report(StoreFinding::Kind::DamagedBlock, segment, block.offset,
               std::to_string(head.records) + " records cannot be opened with their data key");
}

void LogRecovery::reportMissingKeys()
{
    for (const auto& [keyId, missing] : m_missing)
        report(StoreFinding::Kind::MissingKey, missing.segment, missing.offset,
               std::to_string(missing.records) + " records from here on need the data key "
                   + hexKeyId(keyId) + ", which is not there");
}

/// Tells of the records in `plain`; false when they do not fill it exactly.
bool LogRecovery::hear(std::uint64_t first, std::span<const char> plain)
{
    std::size_t at = 0;
    LogRecordHead record;
    while (at + sizeof record <= plain.size()) {
        std::memcpy(&record, plain.data() + at, sizeof record);
        const std::size_t bytes = sizeof record + record.keyBytes + record.dataBytes;
        if (bytes > plain.size() - at)
            return false;
        m_found(first + at, record);
        at += bytes;
    }
    return at == plain.size();
}

/// Ends the log at `offset` of `segment`, the newest.
Result<void> LogRecovery::cut(std::size_t segment, std::uint64_t offset)
{
    // A segment without a block would have the name of the next one.
    if (offset <= sizeof(SegmentHead)) {
        if (auto ok = m_options.files->remove(pathOf(segment)); !ok)
            return ok;
        m_firsts.pop_back();
        return m_options.files->syncFolder(m_options.folder);
    }
    auto file = m_options.files->open(pathOf(segment), FileSystem::Access::Write);
    if (!file)
        return tl::unexpected(file.error());
    if (auto ok = (*file)->truncate(offset); !ok)
        return ok;
    return m_options.files->syncFolder(m_options.folder);
}

/// What was found need not be durable: the process may have ended before it had synced. From now on
/// it counts as if it were.
Result<void> LogRecovery::syncNewest()
{
    if (m_firsts.empty())
        return {};
    auto file = m_options.files->open(pathOf(m_firsts.size() - 1), FileSystem::Access::Write);
    if (!file)
        return tl::unexpected(file.error());
    if (auto ok = (*file)->sync(); !ok)
        return ok;
    return m_options.files->syncFolder(m_options.folder);
}

void LogRecovery::report(StoreFinding::Kind kind, std::size_t segment, std::uint64_t offset,
                         const std::string& what)
{
    m_outcome.findings.push_back(
        {kind, pathOf(segment) + ", byte " + std::to_string(offset) + ": " + what + '.'});
}

} // namespace shardscope
