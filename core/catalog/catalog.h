#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/state.h"

namespace shardscope {

/// Everything of a service that must survive a restart, but its records and its keys, in
/// `FOLDER/catalog.sqlite`: real tables (schema.h), prepared statements, write-ahead log and
/// synchronous=FULL, so that what save() wrote is there after a power cut. SQLite, because this is
/// small, changes rarely and in many places at once, and people can look into it with `sqlite3`.
/// A stream's rows that did not change are not written again.
///
/// Measured with two busy cores and a virtual disk (ext4): 124 transactions/s, each a change of one
/// stream and its fsync, at 0.5 ms of processor time; 130 ms for a new stream of 10,000 shards, 20
/// ms for a change in one of them; 65 ms to load that stream and a hundred others.
///
/// One thread at a time. Errors are sentences with the file's name: Io (the disk is full or
/// failing), BadInput (damaged, of a newer version, or in use by another process).
class Catalog {
public:
    struct Options {
        std::string folder; ///< there already
        std::int64_t pagesMost = 0; ///< of 4 KiB; 0: as many as the disk takes
    };
    /// Makes the file when there is none.
    [[nodiscard]] static Result<std::unique_ptr<Catalog>> open(Options options);
    ~Catalog();
    Catalog(const Catalog&) = delete;
    Catalog& operator=(const Catalog&) = delete;

    /// What was saved, checked; of a new catalog a service without streams.
    [[nodiscard]] Result<ServiceState> load();

    struct Changes {
        const AccountState* account = nullptr; ///< null: as it was
        std::vector<StreamState> streams; ///< new or changed
        std::vector<StreamSlot> removed; ///< unknown ones are no error
        /// Of channels that the catalog has, or `account` brings.
        DeliveredPositions delivered;
    };
    /// All or nothing, durable when it returns.
    [[nodiscard]] Result<void> save(const Changes& changes);

private:
    class Writer;
    struct Parts;
    explicit Catalog(std::unique_ptr<Parts> parts);
    [[nodiscard]] Error named(Error error) const;

    std::unique_ptr<Parts> m_parts;
};

} // namespace shardscope
