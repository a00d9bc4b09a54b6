#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace shardscope {

/// One file on disk, known by what stays when it is renamed.
struct FileIdentity {
    std::uint64_t device = 0, inode = 0;

    [[nodiscard]] std::string text() const; ///< `(dev=801,ino=12345)`
    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};
struct FileFacts {
    FileIdentity identity;
    std::int64_t size = 0; ///< bytes
    std::int64_t modifiedNs = 0; ///< since 1970
};

/// A file that somebody else writes, held open: it goes on being read when it is renamed or
/// removed.
class FollowedFile {
public:
    /// Errors: Io, with the path.
    [[nodiscard]] static Result<FollowedFile> open(const std::string& path);

    [[nodiscard]] const FileIdentity& identity() const { return m_identity; }
    /// Errors: Io.
    [[nodiscard]] Result<FileFacts> facts() const;
    /// Up to `most` bytes from `offset`; fewer at the end. Errors: Io.
    [[nodiscard]] Result<std::string> read(std::int64_t offset, std::size_t most) const;

private:
    struct Handle;
    std::shared_ptr<const Handle> m_handle;
    FileIdentity m_identity;
};

struct FoundFile {
    std::string path;
    FileFacts facts;
};
/// The plain files that a pattern `FOLDER/NAME` names, oldest first (of two of one age `log.1`
/// before `log`); compressed ones (.gz, .bz2, .zip) are left out. A folder that is not there has
/// none. Errors: Io, with the folder.
[[nodiscard]] Result<std::vector<FoundFile>> findFiles(const std::string& pattern);

} // namespace shardscope
