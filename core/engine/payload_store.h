#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "core/base/units.h"

namespace shardscope {

/// Data and partition keys of records from real clients, in order of arrival; a record's place
/// never changes. Copies share all full chunks.
class PayloadStore {
public:
    struct Payload {
        std::string partitionKey, data;
        std::int64_t arrivalMs = 0;
    };

    /// Where the next one will be.
    [[nodiscard]] std::uint64_t next() const
    {
        return m_begin + m_sealed.size() * kChunk + m_open.size();
    }
    /// Keeps one more, at next().
    void append(Payload payload);
    /// Null when it was trimmed.
    [[nodiscard]] const Payload* at(std::uint64_t position) const;
    /// Drops what arrived before `arrivalMs`, to the chunk.
    void trimBefore(std::int64_t arrivalMs);
    /// Memory that trimBefore(arrivalMs) would leave.
    [[nodiscard]] Bytes memoryAfterTrim(std::int64_t arrivalMs) const;
    [[nodiscard]] Bytes memory() const { return m_memory; }
    [[nodiscard]] bool empty() const { return m_sealed.empty() && m_open.empty(); }

private:
    /// Small, so that trimming to the chunk is nearly trimming to the record.
    static constexpr std::size_t kChunk = 64;
    struct Chunk {
        std::vector<Payload> payloads;
        Bytes memory = 0;
    };

    std::deque<std::shared_ptr<const Chunk>> m_sealed;
    std::vector<Payload> m_open;
    Bytes m_openMemory = 0;
    Bytes m_memory = 0;
    std::uint64_t m_begin = 0; ///< position of the first payload of m_sealed (or of m_open)
};

} // namespace shardscope
