#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/units.h"

namespace shardscope {

/// One user record inside an aggregate.
struct UserRecord {
    std::string key, data;
};

/// The Kinesis Producer Library's aggregated record: F3 89 9A C2, a protobuf message with a table
/// of distinct keys and the records, and the message's MD5. Source: facts/clients.md 2.2.
[[nodiscard]] std::string buildAggregate(std::span<const UserRecord> records);
/// Partition key under which aggregates are sent; the explicit hash key decides the shard.
inline constexpr std::string_view kAggregateKey = "a";

/// The exact size of an aggregate while it grows, from lengths and key hashes alone.
class AggregateSizer {
public:
    /// Bytes of the aggregate if a record were added now.
    [[nodiscard]] std::uint64_t sizeWith(std::uint64_t keyHash, std::uint32_t keyBytes,
                                         std::uint32_t dataBytes) const;
    void add(std::uint64_t keyHash, std::uint32_t keyBytes, std::uint32_t dataBytes);
    [[nodiscard]] std::uint64_t size() const;
    void clear();

private:
    struct Slot {
        std::uint64_t hash = 0;
        std::uint32_t round = 0; ///< occupied when equal to m_round
        std::uint32_t index = 0;
    };
    [[nodiscard]] std::size_t find(std::uint64_t hash) const;
    [[nodiscard]] std::uint64_t costAt(std::size_t slot, std::uint32_t keyBytes,
                                       std::uint32_t dataBytes) const;
    void grow();
    std::vector<Slot> m_slots = std::vector<Slot>(32);
    std::uint32_t m_round = 1, m_keys = 0;
    std::uint64_t m_message = 0;
};

/// Which user records lie in the aggregates that were accepted, so that they can be made again:
/// numbers as differences, one or two bytes each. The newest `budget` bytes are kept; copies share
/// full blocks.
class AggregateLog {
public:
    explicit AggregateLog(Bytes budget);
    void add(std::span<const std::uint64_t> numbers);
    /// Members of the aggregate that begins with `number`, or nothing.
    [[nodiscard]] std::vector<std::uint64_t> find(std::uint64_t number) const;
    /// Takes over what another remembers, as older than its own.
    void absorb(AggregateLog other);

private:
    struct Block {
        struct Entry {
            std::uint64_t number = 0;
            std::uint32_t offset = 0;
        };
        std::vector<Entry> entries; ///< ascending by number once the block is full
        std::vector<std::uint8_t> bytes;
    };
    void seal();
    void forget();
    Bytes m_budget;
    std::vector<std::shared_ptr<const Block>> m_full;
    Block m_open;
};

} // namespace shardscope
