#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/clock/sim_time.h"
#include "core/storage/data_key.h"
#include "core/storage/record_log.h"

namespace shardscope {

class FileSystem;

/// One stream's segment files: the disk half of a RecordLog. Made by LogFolder only.
class LogFile {
public:
    virtual ~LogFile() = default;
    /// Blocks written from now on are encrypted with `key` (null: plain). What was written stays as
    /// it is. Called on the engine thread, between two appends.
    virtual void encryptWith(std::shared_ptr<const DataKey> key) = 0;
    [[nodiscard]] virtual Bytes bytesOnDisk() const = 0;
    [[nodiscard]] virtual std::int64_t segments() const = 0;
};

/// A finding of recovery, for people: one sentence with file and place.
struct StoreFinding {
    enum class Kind { TornTail, DamagedBlock, MissingKey } kind {};
    std::string text;
};

/// The record logs of a data folder: `DIR/streams/<id>/<first place, 16 hex digits>.seg`. Owns the
/// writer thread, which makes everything appended durable in groups: what is appended while a
/// commit is under way goes with the next one, for all logs at once.
class LogFolder {
public:
    struct Options {
        std::string folder;
        FileSystem* files = nullptr; ///< null: the real one. Tests hand in one with faults.
        /// A commit begins this long after the first append it holds: 0 is at once, which loses
        /// nothing and waits least; more makes fewer, larger commits.
        SimDuration commitInterval;
        Bytes segmentBytes = 64_MiB;
    };
    /// Errors: Io (cannot be made, full, not ours), BadInput (another version; another process has
    /// it: the sentence names its process id).
    [[nodiscard]] static Result<std::unique_ptr<LogFolder>> open(Options options);
    virtual ~LogFolder() = default;

    /// A new, empty log for the stream `id` (> 0, never used before).
    [[nodiscard]] virtual Result<std::shared_ptr<LogFile>> create(std::uint64_t id) = 0;

    /// Hears each record that is still there, in the order of its place. `payload` is not kept.
    using Found = std::function<void(std::uint64_t place, const LogRecordHead& head)>;
    /// Gives the key by its id, or null: then the blocks are kept but cannot be read.
    using KeyOf = std::function<std::shared_ptr<const DataKey>(const std::string& dataKeyId)>;
    struct Recovered {
        RecordLog log; ///< with its file
        std::vector<StoreFinding> findings;
    };
    /// Reads the log of stream `id` again: a torn tail is cut, a damaged block is reported and left
    /// out, the rest stays readable.
    [[nodiscard]] virtual Result<Recovered> recover(std::uint64_t id, const KeyOf& keyOf,
                                                    const Found& found)
        = 0;
    /// Deletes the stream's files, once nothing of it is being written.
    virtual void remove(std::uint64_t id) = 0;

    /// Calls `done` once all that was appended to every log before this call is durable, or with
    /// why it is not (Io: the disk is full or failing). On the writer thread; at once when nothing
    /// waits.
    using Done = std::function<void(Result<void>)>;
    virtual void commit(Done done) = 0;

    /// Set while the disk refuses writes; puts are refused with it. Cleared when writing succeeds
    /// again, which is tried every second. **Thread-safe.**
    [[nodiscard]] virtual std::shared_ptr<const Error> trouble() const = 0;
};

} // namespace shardscope
