#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/base/rng.h"
#include "core/storage/file_system.h"

namespace shardscope {

/// A file system in memory that fails as real ones do. What was written and not synced may be lost,
/// page by page and in part, when the power is cut; so may names of which the folder was not
/// synced. **Thread-safe.**
class FaultyFiles final : public FileSystem {
public:
    Result<std::unique_ptr<File>> open(const std::string& path, Access access) override;
    Result<std::vector<std::string>> list(const std::string& folder) override;
    Result<void> makeFolder(const std::string& folder) override;
    Result<void> remove(const std::string& path) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> syncFolder(const std::string& folder) override;
    Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;

    enum class Fault {
        Eio, ///< one operation fails
        ShortWrite, ///< one write writes a part only
        PowerCut, ///< the operation happens in part, and all that follow fail
    };
    /// Has the `countdown`-th operation from now (1: the next one) fail so. Reads do not count.
    void failAt(std::int64_t countdown, Fault fault, std::uint64_t seed);
    /// No more than `bytes` in all files; allocating and writing beyond fails.
    void setRoom(std::uint64_t bytes);
    /// Syncs of files take until letSyncsEnd(): a slow disk.
    void holdSyncs();
    void letSyncsEnd();
    /// Whether a power cut has come.
    [[nodiscard]] bool isOff() const;
    /// Power comes back: of what was not synced some is there, some is not, as `seed` has it.
    void powerUp(std::uint64_t seed);

    /// Changes a byte of a file, on disk.
    void damage(const std::string& path, std::uint64_t offset);
    /// All reads of that page fail.
    void makeUnreadable(const std::string& path, std::uint64_t offset);
    [[nodiscard]] std::string content(const std::string& path) const;
    void setContent(const std::string& path, const std::string& bytes);
    /// Operations that changed something, so far; and syncs of files.
    [[nodiscard]] std::int64_t operations() const;
    [[nodiscard]] std::int64_t syncs() const;

    struct Inode;

private:
    friend class FaultyFile;
    friend class FaultyLock;

    /// Counts an operation; an error, a short write or nothing comes of it.
    [[nodiscard]] Result<void> step(const std::string& path, bool& shortened);
    [[nodiscard]] Result<void> step(const std::string& path);
    [[nodiscard]] std::uint64_t used() const;
    [[nodiscard]] std::uint64_t chance(std::uint64_t below);

    mutable std::mutex m_mutex;
    std::condition_variable m_syncsMayEnd;
    bool m_syncsHeld = false;
    std::map<std::string, std::shared_ptr<Inode>> m_names; ///< as programs see them
    std::map<std::string, std::shared_ptr<Inode>> m_syncedNames; ///< as they are on disk
    std::set<std::string> m_folders;
    std::set<std::string> m_locks;
    std::uint64_t m_room = UINT64_MAX;
    std::int64_t m_countdown = 0;
    Fault m_fault {};
    bool m_off = false;
    std::uint64_t m_seed = 1;
    std::uint64_t m_draw = 0;
    std::int64_t m_operations = 0;
    std::int64_t m_syncs = 0;
    std::uint64_t m_boot = 0; ///< files opened before the power cut stay dead
};

} // namespace shardscope
