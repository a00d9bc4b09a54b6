#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace shardscope {

/// What an O_DIRECT write wants its memory, place and length to be multiples of.
inline constexpr std::size_t kDiskPage = 4096;

/// An open file. All errors are Io, with the path and the system's words. May be written by one
/// thread while another reads other bytes of it.
class File {
public:
    virtual ~File() = default;

    /// Reads up to to.size() bytes and says how many; fewer only at the end, or by interruption.
    [[nodiscard]] virtual Result<std::size_t> read(std::uint64_t offset, std::span<char> to) = 0;
    /// Writes some of `bytes` and says how many.
    [[nodiscard]] virtual Result<std::size_t> write(std::uint64_t offset,
                                                    std::span<const char> bytes)
        = 0;
    /// Makes the file `size` bytes long and asks for the room; where that is not possible, the file
    /// grows as it is written.
    [[nodiscard]] virtual Result<void> allocate(std::uint64_t size) = 0;
    [[nodiscard]] virtual Result<void> truncate(std::uint64_t size) = 0;
    /// Returns once what was written will survive a power cut. After an error, nothing is known of
    /// what was written since the last success.
    [[nodiscard]] virtual Result<void> sync() = 0;
    [[nodiscard]] virtual Result<std::uint64_t> size() = 0;
    /// Says what will be read soon, so that it can be fetched meanwhile.
    virtual void willRead(std::uint64_t /*offset*/, std::uint64_t /*bytes*/) { }

    /// Reads until `to` is full or the file ends, and says how much that was.
    [[nodiscard]] Result<std::size_t> readFully(std::uint64_t offset, std::span<char> to);
    [[nodiscard]] Result<void> writeFully(std::uint64_t offset, std::span<const char> bytes);
};

/// Held as long as it lives; the system lets go of it with the process, however that ends.
class FileLock {
public:
    virtual ~FileLock() = default;
};

/// The part of the operating system that the store needs; a second one in tests has faults. Paths
/// are absolute or relative to the working folder. Errors are Io unless said otherwise.
/// **Thread-safe.**
class FileSystem {
public:
    virtual ~FileSystem() = default;

    enum class Access {
        Read,
        Write, ///< makes the file when it is not there
        /// The same, past the system's cache where the file system can: memory, offset and size of
        /// every write are multiples of kDiskPage.
        WriteDirect,
    };
    [[nodiscard]] virtual Result<std::unique_ptr<File>> open(const std::string& path, Access access)
        = 0;
    /// Names in `folder`, sorted; none when it is not there.
    [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::string& folder) = 0;
    /// Makes `folder` and those above it that are not there.
    [[nodiscard]] virtual Result<void> makeFolder(const std::string& folder) = 0;
    /// Removes a file or an empty folder; done when it is not there.
    [[nodiscard]] virtual Result<void> remove(const std::string& path) = 0;
    [[nodiscard]] virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    /// Returns once the names in `folder` will survive a power cut.
    [[nodiscard]] virtual Result<void> syncFolder(const std::string& folder) = 0;
    /// Takes the lock file `path`, which names the process that holds it. Errors: BadInput when
    /// another process has it (or this one, once more).
    [[nodiscard]] virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path) = 0;
};

/// The operating system's.
[[nodiscard]] FileSystem& realFiles();

} // namespace shardscope
