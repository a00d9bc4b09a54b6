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
#include "core/storage/log_file.h"
#include "core/storage/record_log.h"
#include "core/storage/store_finding.h"

namespace shardscope {

class FileSystem;

/// The record logs of a data folder: `DIR/streams/<id>/<first place, 16 hex digits>.seg` (what is
/// in them: segment_format.h). Owns the writer thread, which makes everything appended durable in
/// groups: what is appended while a commit is under way goes with the next one, for all logs at
/// once. All members are for the engine thread, but for trouble().
///
/// Chosen by a prototype on the build machine (two cores, ext4 on a virtual disk that acknowledges
/// a sync in 0.1 to 0.2 ms; two runs each). A commit of one record, a write of its page past the
/// cache and one fdatasync: 0.13 to 0.15 ms (median of 300), against 0.13 to 0.16 of a buffered
/// append. Writes of 4 MiB with a sync every 32 MiB: 2.1 to 2.3 GB/s past the cache, as 8 MiB
/// without a sync (1.8 to 2.4). Room asked for ahead gained nothing; overwriting what was written
/// before would gain half as much again (3.5 GB/s).
///
/// This code on the same machine at rest, three runs of `bench`: store-append 1.65 to 1.75 GB/s,
/// 1.56 to 1.57 times raw O_DIRECT writes of 8 MiB without a sync and 1.11 to 1.16 times buffered
/// writes synced as often; encrypted 1.39 to 1.56 times the former. One record after the other
/// (store-commit): 4,900 to 6,900 a second, 1.07 to 1.11 times a bare write and fdatasync.
/// Recovery (store-recover): 3.1 to 3.2 GiB/s, 0.62 to 0.64 of reading the cached files.
///
/// Beside the streams there are `DIR/lock` (held as long as this lives; names the process) and
/// `DIR/VERSION`.
class LogFolder {
public:
    struct Options {
        std::string folder;
        FileSystem* files = nullptr; ///< null: the real one. Tests hand in one with faults.
        /// A commit begins this long after it was first asked for: 0 is at once, which waits least;
        /// more makes fewer, larger commits. Whoever waits for `done` loses nothing either way.
        SimDuration commitInterval;
        Bytes segmentBytes = 64_MiB;
    };
    /// Makes the folder when it is not there. Errors: Io (cannot be made, full), BadInput (another
    /// version; not empty and not ours; another process has it: the sentence names its process id).
    [[nodiscard]] static Result<std::unique_ptr<LogFolder>> open(Options options);
    /// Makes durable what is not yet, if the disk lets it.
    ~LogFolder();
    LogFolder(const LogFolder&) = delete;
    LogFolder& operator=(const LogFolder&) = delete;

    /// A new, empty log for the stream `id` (> 0; of one that was removed, waits until its files
    /// are gone). Errors: Io, BadInput (there is one).
    [[nodiscard]] Result<std::shared_ptr<LogFile>> create(std::uint64_t id);
    /// The streams of which there is a folder, in order: those that nobody knows any more are to be
    /// removed.
    [[nodiscard]] Result<std::vector<std::uint64_t>> streams() const;

    /// Hears each record that is still there, in the order of its place.
    using Found = LogRecovery::Found;
    /// Gives the key by its id, or null: then the blocks are kept but cannot be read.
    using KeyOf = BlockKeys::Find;
    struct Recovered {
        RecordLog log; ///< with its file; holds no memory yet
        std::vector<StoreFinding> findings;
    };
    /// Reads the log of stream `id` again: a torn tail is cut, a damaged block is reported and left
    /// out, the rest stays readable. Without a folder of that stream, the log is new. Errors: Io.
    [[nodiscard]] Result<Recovered> recover(std::uint64_t id, const KeyOf& keyOf,
                                            const Found& found);
    /// Deletes the stream's files, once nothing of it is being written. What its log is given from
    /// then on is not kept.
    void remove(std::uint64_t id);

    /// Calls `done` once all that was appended to every log before this call is durable, or with
    /// why it is not (Io: the disk is full or failing); the records stay, and the next commit tries
    /// again. On the writer thread; at once when nothing waits. Nothing is written before it is
    /// called.
    using Done = std::function<void(Result<void>)>;
    void commit(Done done);

    /// Set while the disk refuses writes; puts are refused with it. Cleared when writing succeeds
    /// again, which is tried every second. **Thread-safe.**
    [[nodiscard]] std::shared_ptr<const Error> trouble() const;

private:
    struct Parts;
    explicit LogFolder(std::unique_ptr<Parts> parts);
    [[nodiscard]] std::string folderOf(std::uint64_t id) const;
    [[nodiscard]] std::shared_ptr<LogFile> makeFile(std::uint64_t id, LogFile::Options options);

    std::unique_ptr<Parts> m_parts;
};

} // namespace shardscope
