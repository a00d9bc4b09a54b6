#include "core/agent/followed_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shardscope {
namespace {

FileFacts factsOf(const struct stat& found)
{
    return {.identity
            = {static_cast<std::uint64_t>(found.st_dev), static_cast<std::uint64_t>(found.st_ino)},
            .size = static_cast<std::int64_t>(found.st_size),
            .modifiedNs = static_cast<std::int64_t>(found.st_mtim.tv_sec) * 1'000'000'000
                + found.st_mtim.tv_nsec};
}

bool compressed(std::string_view name)
{
    return name.ends_with(".gz") || name.ends_with(".bz2") || name.ends_with(".zip");
}

} // namespace

std::string FileIdentity::text() const
{
    return "(dev=" + std::to_string(device) + ",ino=" + std::to_string(inode) + ')';
}

struct FollowedFile::Handle {
    int number;
    std::string path;

    Handle(int opened, std::string name)
        : number(opened)
        , path(std::move(name))
    {
    }
    ~Handle() { ::close(number); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    [[nodiscard]] tl::unexpected<Error> refused(const char* what) const
    {
        return fail(ErrorCode::Io, path + ": " + what + ": " + std::strerror(errno) + '.');
    }
};

Result<FollowedFile> FollowedFile::open(const std::string& path)
{
    const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (number < 0)
        return fail(ErrorCode::Io, path + " cannot be read: " + std::strerror(errno) + '.');
    FollowedFile file;
    file.m_handle = std::make_shared<const Handle>(number, path);
    const auto facts = file.facts();
    if (!facts)
        return tl::unexpected(facts.error());
    file.m_identity = facts->identity;
    return file;
}

Result<FileFacts> FollowedFile::facts() const
{
    struct stat found { };
    if (::fstat(m_handle->number, &found) != 0)
        return m_handle->refused("cannot be looked at");
    return factsOf(found);
}

Result<std::string> FollowedFile::read(std::int64_t offset, std::size_t most) const
{
    std::string bytes(most, '\0');
    std::size_t got = 0;
    while (got < most) {
        const ssize_t n = ::pread(m_handle->number, bytes.data() + got, most - got,
                                  static_cast<off_t>(offset) + static_cast<off_t>(got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return m_handle->refused("cannot be read");
        if (n == 0)
            break;
        got += static_cast<std::size_t>(n);
    }
    bytes.resize(got);
    return bytes;
}

Result<std::vector<FoundFile>> findFiles(const std::string& pattern)
{
    const std::size_t slash = pattern.rfind('/');
    const std::string folder = slash == pattern.npos ? "." : pattern.substr(0, slash + 1);
    const std::string name = slash == pattern.npos ? pattern : pattern.substr(slash + 1);
    std::vector<FoundFile> found;
    std::error_code wrong;
    std::filesystem::directory_iterator at(folder, wrong), end;
    for (; !wrong && at != end; at.increment(wrong)) {
        const std::string file = at->path().filename().string();
        struct stat facts { };
        if (compressed(file) || ::fnmatch(name.c_str(), file.c_str(), FNM_PERIOD) != 0
            || ::stat(at->path().c_str(), &facts) != 0 || !S_ISREG(facts.st_mode))
            continue;
        found.push_back({at->path().string(), factsOf(facts)});
    }
    if (wrong && wrong != std::errc::no_such_file_or_directory)
        return fail(ErrorCode::Io, folder + " cannot be listed: " + wrong.message() + '.');
    std::sort(found.begin(), found.end(), [](const FoundFile& a, const FoundFile& b) {
        return a.facts.modifiedNs != b.facts.modifiedNs ? a.facts.modifiedNs < b.facts.modifiedNs
                                                        : a.path > b.path;
    });
    return found;
}

} // namespace shardscope
