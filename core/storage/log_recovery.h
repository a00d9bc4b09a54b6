#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/storage/block_cipher.h"
#include "core/storage/block_walk.h"
#include "core/storage/segment_table.h"
#include "core/storage/store_finding.h"

namespace shardscope {

/// Finds the key of a block by its id; a null key is known to be missing.
class BlockKeys {
public:
    using Find = std::function<std::shared_ptr<const DataKey>(const std::string& dataKeyId)>;

    explicit BlockKeys(Find find)
        : m_find(std::move(find))
    {
    }
    void add(const std::shared_ptr<const DataKey>& key);
    /// Null when there is no such key.
    [[nodiscard]] BlockCipher* cipher(const std::array<std::uint8_t, 16>& keyId);

private:
    Find m_find; ///< asked once for each id
    std::map<std::array<std::uint8_t, 16>, std::optional<BlockCipher>> m_ciphers;
};

/// The block's records, plain: its body, or `scratch`. None when they cannot be had.
[[nodiscard]] std::optional<std::span<const char>>
plainOf(const BlockWalk::Block& block, BlockKeys& keys, std::vector<char>& scratch);

/// Reads a log's segments, front to back.
///
/// A hole is a run of places that no sound block holds. In any segment but the newest it is damage:
/// it is reported and left out. In the newest it is so if a block behind it says that those places
/// were durable; else a power cut came in the middle of a commit of which nobody was told, and the
/// log ends there.
class LogRecovery {
public:
    using Found = std::function<void(std::uint64_t place, const LogRecordHead& head)>;
    struct Options {
        FileSystem* files = nullptr;
        std::string folder; ///< of the log
        std::uint64_t stream = 0;
        BlockKeys* keys = nullptr;
    };
    LogRecovery(Options options, Found found);

    struct Outcome {
        SegmentTable table;
        std::uint64_t end = 0; ///< place of the next record
        std::vector<StoreFinding> findings;
    };
    /// Errors: Io.
    [[nodiscard]] Result<Outcome> run();

private:
    struct Opened {
        std::unique_ptr<File> file;
        std::uint64_t bytes = 0;
        std::uint64_t marker = 0;
        bool headSound = false;
        bool headEmpty = false; ///< nothing was ever written, as far as one can see
    };
    enum class Goes { On, NoFurther };

    [[nodiscard]] std::string pathOf(std::size_t segment) const;
    [[nodiscard]] bool isNewest(std::size_t segment) const
    {
        return segment + 1 == m_firsts.size();
    }
    /// Place at which the segment's blocks stop counting.
    [[nodiscard]] std::uint64_t limitOf(std::size_t segment) const;
    [[nodiscard]] Result<Opened> openSegment(std::size_t segment) const;
    [[nodiscard]] Result<Goes> readSegment(std::size_t segment);
    [[nodiscard]] Result<Goes> withoutHead(std::size_t segment, const Opened& opened);
    [[nodiscard]] Result<Goes> endOfSegment(std::size_t segment, Opened& opened,
                                            std::uint64_t offset);
    [[nodiscard]] Result<Goes> hole(std::size_t segment, std::uint64_t offset, std::uint64_t until);
    void accept(std::size_t segment, std::uint64_t marker, const BlockWalk::Block& block);
    [[nodiscard]] bool hear(std::uint64_t first, std::span<const char> plain);
    [[nodiscard]] Result<bool> wasDurable(std::size_t segment, std::uint64_t offset) const;
    [[nodiscard]] Result<void> cut(std::size_t segment, std::uint64_t offset);
    [[nodiscard]] Result<void> syncNewest();
    void reportMissingKeys();
    void report(StoreFinding::Kind kind, std::size_t segment, std::uint64_t offset,
                const std::string& what);

    Options m_options;
    Found m_found;
    std::vector<std::uint64_t> m_firsts; ///< of the segments
    std::uint64_t m_next = 0; ///< place that the next block should hold
    bool m_damagedNewest = false; ///< a hole in the newest segment is damage
    Outcome m_outcome;
    std::vector<char> m_scratch;
    struct Missing {
        std::uint64_t records = 0;
        std::size_t segment = 0; ///< of the first one
        std::uint64_t offset = 0;
    };
    std::map<std::array<std::uint8_t, 16>, Missing> m_missing; ///< by the key's id
};

} // namespace shardscope
