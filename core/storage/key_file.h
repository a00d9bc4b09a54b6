#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "core/storage/master_key.h"

namespace shardscope {

/// The file of a KeyRing, mode 0600. It is JSON (UTF-8):
///
///     { "shardscopeKeys": 1,                                  the format's version
///       "keys": [ { "id": UUID, "description": text, "state": "Enabled" | "Disabled" |
///                   "PendingDeletion", "awsManaged": bool, "createdAtMicros": int,
///                   "deletionAtMicros": int (with PendingDeletion only), "policy": text,
///                   "material": [64 hexadecimal digits, …] by version } … ],
///       "aliases": { "alias/…": UUID, … } }
///
/// It is replaced as a whole (a new file, made durable, then renamed), so a crash leaves the old or
/// the new one. What is read and written passes through memory that is wiped.
class KeyFile {
public:
    /// Reads `path`, or makes it, empty. Errors: Io; BadInput when others than its owner may read
    /// it, when it is no key file, is damaged, or is of a newer version.
    [[nodiscard]] static Result<KeyFile> open(std::string path, MasterKeys& keys);

    /// Errors: Io, and when another process has changed the file since: its keys would be lost.
    [[nodiscard]] Result<void> write(const MasterKeys& keys);

private:
    /// Tells a file from the one that replaced it.
    struct Identity {
        std::uint64_t device = 0, node = 0;
        std::int64_t changedSeconds = 0, changedNanos = 0;
        friend bool operator==(const Identity&, const Identity&) = default;
    };

    explicit KeyFile(std::string path)
        : m_path(std::move(path))
    {
    }
    [[nodiscard]] Result<void> read(MasterKeys& keys);
    [[nodiscard]] Result<void> replaceBy(const std::string& text);
    [[nodiscard]] static Identity identityOf(int file);

    std::string m_path;
    Identity m_known; ///< of the file as it was last read or written
};

} // namespace shardscope
