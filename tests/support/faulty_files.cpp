#include "tests/support/faulty_files.h"

#include <algorithm>
#include <cstring>

namespace shardscope {

namespace {

constexpr std::size_t kSector = 512;

std::string parentOf(const std::string& path)
{
    return path.substr(0, path.rfind('/'));
}

} // namespace

struct FaultyFiles::Inode {
    std::string now; ///< as programs see it
    std::string synced; ///< as it is on disk for sure
    std::set<std::uint64_t> dirty; ///< pages
    std::set<std::uint64_t> unreadable; ///< pages
};

class FaultyFile final : public File {
public:
    FaultyFile(FaultyFiles& files, std::string path, std::shared_ptr<FaultyFiles::Inode> inode,
               std::uint64_t boot)
        : m_files(files)
        , m_path(std::move(path))
        , m_inode(std::move(inode))
        , m_boot(boot)
    {
    }

    Result<std::size_t> read(std::uint64_t offset, std::span<char> to) override
    {
        const std::lock_guard lock(m_files.m_mutex);
        for (std::uint64_t page = offset / kDiskPage; page * kDiskPage < offset + to.size(); ++page)
            if (m_inode->unreadable.contains(page))
                return fail(ErrorCode::Io, "cannot read " + m_path + ": a bad page");
        const std::string& now = m_inode->now;
        if (offset >= now.size())
            return std::size_t {0};
        const std::size_t count = std::min<std::size_t>(to.size(), now.size() - offset);
        std::memcpy(to.data(), now.data() + offset, count);
        return count;
    }
    Result<std::size_t> write(std::uint64_t offset, std::span<const char> bytes) override
    {
        const std::lock_guard lock(m_files.m_mutex);
        bool shortened = false;
        const auto ok = step(shortened);
        if (shortened && bytes.size() > 1)
            bytes = bytes.first(1 + m_files.chance(bytes.size() - 1));
        else if (!ok)
            return tl::unexpected(ok.error());
        std::string& now = m_inode->now;
        if (offset + bytes.size() > now.size()) {
            if (m_files.used() + offset + bytes.size() - now.size() > m_files.m_room)
                return fail(ErrorCode::Io, "cannot write " + m_path + ": no space");
            now.resize(offset + bytes.size());
        }
        std::memcpy(now.data() + offset, bytes.data(), bytes.size());
        for (std::uint64_t page = offset / kDiskPage; page * kDiskPage < offset + bytes.size();
             ++page)
            m_inode->dirty.insert(page);
        if (!ok)
            return tl::unexpected(ok.error());
        return bytes.size();
    }
    Result<void> allocate(std::uint64_t size) override
    {
        const std::lock_guard lock(m_files.m_mutex);
        if (auto ok = step(); !ok)
            return ok;
        std::string& now = m_inode->now;
        if (size > now.size()) {
            if (m_files.used() + size - now.size() > m_files.m_room)
                return fail(ErrorCode::Io, "cannot make room in " + m_path + ": no space");
            now.resize(size);
        }
        return {};
    }
    Result<void> truncate(std::uint64_t size) override
    {
        const std::lock_guard lock(m_files.m_mutex);
        if (auto ok = step(); !ok)
            return ok;
        m_inode->now.resize(size);
        m_inode->dirty.insert(size / kDiskPage);
        return {};
    }
    Result<void> sync() override
    {
        std::unique_lock lock(m_files.m_mutex);
        m_files.m_syncsMayEnd.wait(lock, [this] { return !m_files.m_syncsHeld; });
        ++m_files.m_syncs;
        if (auto ok = step(); !ok) {
            // Nothing is known of what was written, and nobody will write it again by himself.
            m_inode->dirty.clear();
            return ok;
        }
        // Only what is dirty: pages of a sync that failed are lost though the next one succeeds.
        const std::string& now = m_inode->now;
        m_inode->synced.resize(now.size());
        for (const std::uint64_t page : m_inode->dirty)
            if (const std::size_t at = page * kDiskPage; at < now.size())
                std::memcpy(m_inode->synced.data() + at, now.data() + at,
                            std::min(kDiskPage, now.size() - at));
        m_inode->dirty.clear();
        return {};
    }
    Result<std::uint64_t> size() override
    {
        const std::lock_guard lock(m_files.m_mutex);
        return m_inode->now.size();
    }

private:
    Result<void> step(bool& shortened)
    {
        if (m_boot != m_files.m_boot)
            return fail(ErrorCode::Io, "cannot use " + m_path + ": opened before the power cut");
        return m_files.step(m_path, shortened);
    }
    Result<void> step()
    {
        bool shortened = false;
        return step(shortened);
    }

    FaultyFiles& m_files;
    std::string m_path;
    std::shared_ptr<FaultyFiles::Inode> m_inode;
    std::uint64_t m_boot;
};

class FaultyLock final : public FileLock {
public:
    FaultyLock(FaultyFiles& files, std::string path)
        : m_files(files)
        , m_path(std::move(path))
    {
    }
    ~FaultyLock() override
    {
        const std::lock_guard lock(m_files.m_mutex);
        m_files.m_locks.erase(m_path);
    }
    FaultyLock(const FaultyLock&) = delete;
    FaultyLock& operator=(const FaultyLock&) = delete;

private:
    FaultyFiles& m_files;
    std::string m_path;
};

std::uint64_t FaultyFiles::chance(std::uint64_t below)
{
    return CounterRng(m_seed, 0).below(m_draw++, below);
}

std::uint64_t FaultyFiles::used() const
{
    std::uint64_t bytes = 0;
    for (const auto& [path, inode] : m_names)
        bytes += inode->now.size();
    return bytes;
}

Result<void> FaultyFiles::step(const std::string& path, bool& shortened)
{
    ++m_operations;
    if (m_off)
        return fail(ErrorCode::Io, "cannot use " + path + ": the power is off");
    if (m_countdown == 0 || --m_countdown > 0)
        return {};
    shortened = m_fault != Fault::Eio;
    if (m_fault == Fault::ShortWrite)
        return {};
    m_off = m_fault == Fault::PowerCut;
    return fail(ErrorCode::Io, "cannot use " + path + ": a fault");
}

Result<void> FaultyFiles::step(const std::string& path)
{
    bool shortened = false;
    return step(path, shortened);
}

Result<std::unique_ptr<File>> FaultyFiles::open(const std::string& path, Access access)
{
    const std::lock_guard lock(m_mutex);
    auto known = m_names.find(path);
    if (known == m_names.end()) {
        if (access == Access::Read || !m_folders.contains(parentOf(path)))
            return fail(ErrorCode::Io, "cannot open " + path + ": there is none");
        if (auto ok = step(path); !ok)
            return tl::unexpected(ok.error());
        known = m_names.emplace(path, std::make_shared<Inode>()).first;
    }
    if (m_off)
        return fail(ErrorCode::Io, "cannot open " + path + ": the power is off");
    return std::make_unique<FaultyFile>(*this, path, known->second, m_boot);
}

Result<std::vector<std::string>> FaultyFiles::list(const std::string& folder)
{
    const std::lock_guard lock(m_mutex);
    std::set<std::string> names;
    const std::string prefix = folder + '/';
    const auto note = [&](const std::string& path) {
        if (path.starts_with(prefix) && path.find('/', prefix.size()) == std::string::npos)
            names.insert(path.substr(prefix.size()));
    };
    for (const auto& [path, inode] : m_names)
        note(path);
    for (const std::string& path : m_folders)
        note(path);
    return std::vector<std::string>(names.begin(), names.end());
}

Result<void> FaultyFiles::makeFolder(const std::string& folder)
{
    const std::lock_guard lock(m_mutex);
    if (m_off)
        return fail(ErrorCode::Io, "cannot make " + folder + ": the power is off");
    for (std::string path = folder; !path.empty(); path = parentOf(path))
        m_folders.insert(path);
    return {};
}

Result<void> FaultyFiles::remove(const std::string& path)
{
    const std::lock_guard lock(m_mutex);
    if (auto ok = step(path); !ok)
        return ok;
    m_names.erase(path);
    m_folders.erase(path);
    return {};
}

Result<void> FaultyFiles::rename(const std::string& from, const std::string& to)
{
    const std::lock_guard lock(m_mutex);
    if (auto ok = step(from); !ok)
        return ok;
    m_names[to] = m_names.at(from);
    m_names.erase(from);
    return {};
}

Result<void> FaultyFiles::syncFolder(const std::string& folder)
{
    const std::lock_guard lock(m_mutex);
    if (auto ok = step(folder); !ok)
        return ok;
    std::erase_if(m_syncedNames, [&](const auto& entry) {
        return parentOf(entry.first) == folder && !m_names.contains(entry.first);
    });
    for (const auto& [path, inode] : m_names)
        if (parentOf(path) == folder)
            m_syncedNames[path] = inode;
    return {};
}

Result<std::unique_ptr<FileLock>> FaultyFiles::lock(const std::string& path)
{
    const std::lock_guard lock(m_mutex);
    if (!m_locks.insert(path).second)
        return fail(ErrorCode::BadInput, path + " is held by process 1");
    return std::make_unique<FaultyLock>(*this, path);
}

void FaultyFiles::failAt(std::int64_t countdown, Fault fault, std::uint64_t seed)
{
    const std::lock_guard lock(m_mutex);
    m_countdown = countdown;
    m_fault = fault;
    m_seed = seed;
}

void FaultyFiles::holdSyncs()
{
    const std::lock_guard lock(m_mutex);
    m_syncsHeld = true;
}

void FaultyFiles::letSyncsEnd()
{
    const std::lock_guard lock(m_mutex);
    m_syncsHeld = false;
    m_syncsMayEnd.notify_all();
}

void FaultyFiles::setRoom(std::uint64_t bytes)
{
    const std::lock_guard lock(m_mutex);
    m_room = bytes;
}

bool FaultyFiles::isOff() const
{
    const std::lock_guard lock(m_mutex);
    return m_off;
}

void FaultyFiles::powerUp(std::uint64_t seed)
{
    const std::lock_guard lock(m_mutex);
    m_seed = seed;
    m_off = false;
    m_countdown = 0;
    ++m_boot;
    // A name that was not synced is there or is not, whether it came or went.
    for (const auto& [path, inode] : m_names)
        if (chance(2) == 0)
            m_syncedNames.emplace(path, inode);
    for (auto at = m_syncedNames.begin(); at != m_syncedNames.end();)
        at = !m_names.contains(at->first) && chance(2) == 0 ? m_syncedNames.erase(at) : ++at;
    m_names = m_syncedNames;
    for (const auto& [path, inode] : m_names) {
        std::string disk = inode->synced;
        if (chance(2) == 0)
            disk.resize(inode->now.size());
        for (const std::uint64_t page : inode->dirty)
            for (std::size_t at = page * kDiskPage, kept = chance(9);
                 at < std::min((page + 1) * kDiskPage, inode->now.size()); at += kSector) {
                // A page comes whole, not at all, or with its first sectors only.
                const std::size_t sector = at / kSector % (kDiskPage / kSector);
                const std::size_t size = std::min(kSector, inode->now.size() - at);
                if (sector < kept && at + size <= disk.size())
                    std::memcpy(disk.data() + at, inode->now.data() + at, size);
            }
        inode->now = inode->synced = disk;
        inode->dirty.clear();
    }
}

void FaultyFiles::damage(const std::string& path, std::uint64_t offset)
{
    const std::lock_guard lock(m_mutex);
    Inode& inode = *m_names.at(path);
    inode.now.at(offset) = static_cast<char>(inode.now.at(offset) ^ 0x40);
    inode.synced = inode.now;
}

void FaultyFiles::makeUnreadable(const std::string& path, std::uint64_t offset)
{
    const std::lock_guard lock(m_mutex);
    m_names.at(path)->unreadable.insert(offset / kDiskPage);
}

std::string FaultyFiles::content(const std::string& path) const
{
    const std::lock_guard lock(m_mutex);
    return m_names.at(path)->now;
}

void FaultyFiles::setContent(const std::string& path, const std::string& bytes)
{
    const std::lock_guard lock(m_mutex);
    auto& inode = m_names[path];
    if (!inode)
        inode = std::make_shared<Inode>();
    inode->now = inode->synced = bytes;
    m_syncedNames[path] = inode;
}

std::int64_t FaultyFiles::operations() const
{
    const std::lock_guard lock(m_mutex);
    return m_operations;
}

std::int64_t FaultyFiles::syncs() const
{
    const std::lock_guard lock(m_mutex);
    return m_syncs;
}

} // namespace shardscope
