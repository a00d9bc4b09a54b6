#pragma once

#include <boost/container/vector.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/hash_key.h"
#include "core/engine/sequence_number.h"

namespace shardscope {

/// Bytes that are not set to zero before they are written.
using ByteVector = boost::container::vector<char>;

/// Records on their way in, in columns: one buffer of keys and data, one row a record. Built by the
/// wire straight from base64, or with add().
struct RecordBatch {
    struct Row {
        std::uint32_t keyAt = 0, dataAt = 0; ///< into `bytes`
        std::uint32_t dataBytes = 0;
        std::uint16_t keyBytes = 0;
        bool placed = false; ///< `hash` comes from an explicit hash key
        bool keyless = false; ///< no partition key was given (AUTO distribution)
        HashKey hash; ///< where the record goes; see hashKeys()
    };
    ByteVector bytes;
    std::vector<Row> rows;

    void add(std::string_view key, std::string_view data, std::optional<HashKey> place = {});
    /// MD5 of the partition key into `hash` of every row that is not placed; many at a time.
    /// Whoever builds a batch calls it, on its own thread, before the batch goes to the service.
    void hashKeys();
    [[nodiscard]] std::string_view key(std::size_t row) const;
    [[nodiscard]] std::string_view data(std::size_t row) const;
};

/// Records on their way out: what GetRecords and subscriptions answer.
struct RecordPage {
    struct Row {
        SequenceNumber number;
        std::int64_t arrivalMs = 0; ///< ApproximateArrivalTimestamp
        std::uint32_t keyAt = 0, dataAt = 0; ///< into `bytes`
        std::uint32_t dataBytes = 0;
        std::uint16_t keyBytes = 0;
        bool keyless = false; ///< no PartitionKey is answered
        bool encrypted = false; ///< EncryptionType KMS
    };
    ByteVector bytes;
    std::vector<Row> rows;
    /// All payloads here lie before this place of their stream's log; 0: none comes from there.
    std::uint64_t logEnd = 0;

    [[nodiscard]] std::string_view key(std::size_t row) const;
    [[nodiscard]] std::string_view data(std::size_t row) const;
};

} // namespace shardscope
