#include "core/storage/file_system.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shardscope {

namespace {

tl::unexpected<Error> refused(const char* what, const std::string& path, int error)
{
    return fail(ErrorCode::Io,
                std::string("cannot ") + what + ' ' + path + ": " + std::strerror(error));
}

/// Repeats a system call that a signal interrupted.
template <typename Call> auto untilDone(Call call)
{
    auto result = call();
    while (result < 0 && errno == EINTR)
        result = call();
    return result;
}

class RealFile final : public File {
public:
    RealFile(int descriptor, std::string path)
        : m_descriptor(descriptor)
        , m_path(std::move(path))
    {
    }
    ~RealFile() override { ::close(m_descriptor); }
    RealFile(const RealFile&) = delete;
    RealFile& operator=(const RealFile&) = delete;

    Result<std::size_t> read(std::uint64_t offset, std::span<char> to) override
    {
        const ssize_t count = untilDone([&] {
            return ::pread(m_descriptor, to.data(), to.size(), static_cast<off_t>(offset));
        });
        if (count < 0)
            return refused("read", m_path, errno);
        return static_cast<std::size_t>(count);
    }
    Result<std::size_t> write(std::uint64_t offset, std::span<const char> bytes) override
    {
        const ssize_t count = untilDone([&] {
            return ::pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        });
        if (count <= 0)
            return refused("write", m_path, count < 0 ? errno : ENOSPC);
        return static_cast<std::size_t>(count);
    }
    Result<void> allocate(std::uint64_t size) override
    {
        if (untilDone([&] { return ::fallocate(m_descriptor, 0, 0, static_cast<off_t>(size)); })
                == 0
            || errno == EOPNOTSUPP)
            return {};
        return refused("make room in", m_path, errno);
    }
    Result<void> truncate(std::uint64_t size) override
    {
        if (untilDone([&] { return ::ftruncate(m_descriptor, static_cast<off_t>(size)); }) == 0)
            return {};
        return refused("cut", m_path, errno);
    }
    Result<void> sync() override
    {
        if (::fdatasync(m_descriptor) == 0)
            return {};
        return refused("sync", m_path, errno);
    }
    Result<std::uint64_t> size() override
    {
        struct stat about { };
        if (::fstat(m_descriptor, &about) != 0)
            return refused("look at", m_path, errno);
        return static_cast<std::uint64_t>(about.st_size);
    }
    void willRead(std::uint64_t offset, std::uint64_t bytes) override
    {
        ::posix_fadvise(m_descriptor, static_cast<off_t>(offset), static_cast<off_t>(bytes),
                        POSIX_FADV_WILLNEED);
    }

private:
    int m_descriptor;
    std::string m_path;
};

class RealLock final : public FileLock {
public:
    explicit RealLock(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    ~RealLock() override { ::close(m_descriptor); }
    RealLock(const RealLock&) = delete;
    RealLock& operator=(const RealLock&) = delete;

private:
    int m_descriptor;
};

constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kFolderOwnerOnly = 0700;

int openWith(const std::string& path, int flags)
{
    return untilDone([&] { return ::open(path.c_str(), flags | O_CLOEXEC, kOwnerOnly); });
}

class RealFiles final : public FileSystem {
public:
    Result<std::unique_ptr<File>> open(const std::string& path, Access access) override
    {
        const int flags = access == Access::Read ? O_RDONLY : O_RDWR | O_CREAT;
        int descriptor = -1;
        if (access == Access::WriteDirect)
            descriptor = openWith(path, flags | O_DIRECT);
        // Not every file system can go past the cache; EINVAL says so.
        if (descriptor < 0 && (access != Access::WriteDirect || errno == EINVAL))
            descriptor = openWith(path, flags);
        if (descriptor < 0)
            return refused("open", path, errno);
        return std::make_unique<RealFile>(descriptor, path);
    }
    Result<std::vector<std::string>> list(const std::string& folder) override
    {
        DIR* entries = ::opendir(folder.c_str());
        if (entries == nullptr && errno != ENOENT)
            return refused("list", folder, errno);
        std::vector<std::string> names;
        if (entries == nullptr)
            return names;
        while (const dirent* entry = ::readdir(entries)) {
            const std::string name = static_cast<const char*>(entry->d_name);
            if (name != "." && name != "..")
                names.push_back(name);
        }
        ::closedir(entries);
        std::sort(names.begin(), names.end());
        return names;
    }
    Result<void> makeFolder(const std::string& folder) override
    {
        for (std::size_t slash = folder.find('/', 1);; slash = folder.find('/', slash + 1)) {
            const std::string part = folder.substr(0, slash);
            if (::mkdir(part.c_str(), kFolderOwnerOnly) != 0 && errno != EEXIST)
                return refused("make the folder", part, errno);
            if (slash == std::string::npos)
                return {};
        }
    }
    Result<void> remove(const std::string& path) override
    {
        if (::unlink(path.c_str()) == 0 || errno == ENOENT)
            return {};
        if (errno == EISDIR && ::rmdir(path.c_str()) == 0)
            return {};
        return refused("remove", path, errno);
    }
    Result<void> rename(const std::string& from, const std::string& to) override
    {
        if (::rename(from.c_str(), to.c_str()) == 0)
            return {};
        return refused("rename", from, errno);
    }
    Result<void> syncFolder(const std::string& folder) override
    {
        const int descriptor = openWith(folder, O_RDONLY | O_DIRECTORY);
        if (descriptor < 0)
            return refused("open", folder, errno);
        const bool synced = ::fsync(descriptor) == 0;
        const int error = errno;
        ::close(descriptor);
        if (synced)
            return {};
        return refused("sync", folder, error);
    }
    Result<std::unique_ptr<FileLock>> lock(const std::string& path) override
    {
        const int descriptor = openWith(path, O_RDWR | O_CREAT);
        if (descriptor < 0)
            return refused("open", path, errno);
        auto held = std::make_unique<RealLock>(descriptor);
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK)
                return refused("lock", path, errno);
            std::array<char, 24> holder {};
            const ssize_t count = ::pread(descriptor, holder.data(), holder.size() - 1, 0);
            std::string process(holder.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
            while (!process.empty() && process.back() == '\n')
                process.pop_back();
            return fail(ErrorCode::BadInput,
                        path + " is held by process " + (process.empty() ? "?" : process));
        }
        const std::string process = std::to_string(::getpid()) + '\n';
        if (::ftruncate(descriptor, 0) != 0
            || ::pwrite(descriptor, process.data(), process.size(), 0) < 0)
            return refused("write", path, errno);
        return held;
    }
};

} // namespace

Result<std::size_t> File::readFully(std::uint64_t offset, std::span<char> to)
{
    std::size_t done = 0;
    while (done < to.size()) {
        const auto count = read(offset + done, to.subspan(done));
        if (!count)
            return count;
        if (*count == 0)
            break;
        done += *count;
    }
    return done;
}

Result<void> File::writeFully(std::uint64_t offset, std::span<const char> bytes)
{
    while (!bytes.empty()) {
        const auto count = write(offset, bytes);
        if (!count)
            return tl::unexpected(count.error());
        // Past the cache, the next part must begin on a page again.
        const std::size_t whole = *count / kDiskPage * kDiskPage;
        const std::size_t done = whole > 0 ? whole : *count;
        offset += done;
        bytes = bytes.subspan(done);
    }
    return {};
}

FileSystem& realFiles()
{
    static RealFiles files;
    return files;
}

} // namespace shardscope
