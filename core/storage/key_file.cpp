#include "core/storage/key_file.h"

#include <openssl/crypto.h>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "core/storage/key_json.h"

namespace shardscope {
namespace {

/// Of a file that is still taken for a key file: a thousand keys with the longest policies.
constexpr off_t kBytesMost = 64 << 20;
constexpr mode_t kOwnerOnly = 0600;

/// An open file; closed on destruction.
struct OpenFile {
    int fd = -1;

    explicit OpenFile(int opened)
        : fd(opened)
    {
    }
    ~OpenFile()
    {
        if (fd >= 0)
            ::close(fd);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
};

/// A text with key material.
struct SecretText {
    std::string text;

    ~SecretText() { OPENSSL_cleanse(text.data(), text.size()); }
};

/// What errno says; asked at once.
tl::unexpected<Error> ioError(const std::string& path, const char* act)
{
    return fail(ErrorCode::Io,
                "Key file " + path + " cannot be " + act + ": "
                    + std::error_code(errno, std::generic_category()).message() + ".");
}

bool readAll(int file, std::string& into)
{
    for (std::size_t at = 0; at < into.size();) {
        const ssize_t got = ::read(file, into.data() + at, into.size() - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += static_cast<std::size_t>(got);
    }
    return true;
}

bool writeAll(int file, const std::string& text)
{
    for (std::size_t at = 0; at < text.size();) {
        const ssize_t put = ::write(file, text.data() + at, text.size() - at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        at += static_cast<std::size_t>(put);
    }
    return true;
}

std::string folderOf(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

bool syncFolder(const std::string& path)
{
    const OpenFile folder(::open(folderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return folder.fd >= 0 && ::fsync(folder.fd) == 0;
}

Result<void> checkOwner(const std::string& path, const struct stat& found)
{
    if (!S_ISREG(found.st_mode) || found.st_size > kBytesMost)
        return fail(ErrorCode::BadInput, path + " is no key file.");
    if (found.st_uid != ::geteuid())
        return fail(ErrorCode::BadInput,
                    "Key file " + path + " belongs to somebody else; it must be this user's own.");
    if ((found.st_mode & 077) != 0)
        return fail(ErrorCode::BadInput,
                    "Key file " + path
                        + " is open to others than its owner; `chmod 600` makes it usable.");
    return {};
}

} // namespace

KeyFile::Identity KeyFile::identityOf(int file)
{
    struct stat found { };
    if (::fstat(file, &found) != 0)
        return {};
    return {found.st_dev, found.st_ino, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
}

Result<KeyFile> KeyFile::open(std::string path, MasterKeys& keys)
{
    KeyFile file(std::move(path));
    if (auto ok = file.read(keys); !ok)
        return tl::unexpected(ok.error());
    return file;
}

Result<void> KeyFile::read(MasterKeys& keys)
{
    const OpenFile file(::open(m_path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.fd < 0 && errno == ENOENT) {
        keys = {};
        return replaceBy(keysToJson(keys));
    }
    struct stat found { };
    if (file.fd < 0 || ::fstat(file.fd, &found) != 0)
        return ioError(m_path, "opened");
    if (auto ok = checkOwner(m_path, found); !ok)
        return ok;
    SecretText secret;
    secret.text.reserve(static_cast<std::size_t>(found.st_size) + kJsonPadding);
    secret.text.resize(static_cast<std::size_t>(found.st_size));
    if (!readAll(file.fd, secret.text))
        return ioError(m_path, "read");
    auto read = keysFromJson(secret.text);
    if (!read)
        return fail(ErrorCode::BadInput,
                    "Key file " + m_path + " cannot be used: " + read.error().message + ".");
    keys = std::move(*read);
    m_known = identityOf(file.fd);
    return {};
}

Result<void> KeyFile::write(const MasterKeys& keys)
{
    const OpenFile now(::open(m_path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (now.fd < 0)
        return ioError(m_path, "opened");
    if (identityOf(now.fd) != m_known)
        return fail(ErrorCode::Io,
                    "Key file " + m_path
                        + " was changed by somebody else since it was read; it is left as it is.");
    SecretText secret {keysToJson(keys)};
    return replaceBy(secret.text);
}

Result<void> KeyFile::replaceBy(const std::string& text)
{
    const std::string fresh = m_path + ".new";
    ::unlink(fresh.c_str()); // of a process that ended in the middle
    const OpenFile file(
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly));
    if (file.fd < 0)
        return ioError(m_path, "made");
    if (::fchmod(file.fd, kOwnerOnly) != 0 || !writeAll(file.fd, text) || ::fsync(file.fd) != 0
        || ::rename(fresh.c_str(), m_path.c_str()) != 0) {
        auto error = ioError(m_path, "written");
        ::unlink(fresh.c_str());
        return error;
    }
    m_known = identityOf(file.fd);
    if (!syncFolder(m_path))
        return ioError(m_path, "made durable");
    return {};
}

} // namespace shardscope
