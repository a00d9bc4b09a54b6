#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/engine/sequence_number.h"

namespace shardscope::endpoint {

/// Writes many sequence numbers: those of one shard and second differ in their counter alone, whose
/// place is added to what they have in common. Good to keep: it remembers shards from batch to
/// batch.
class SequenceWriter {
public:
    static constexpr std::size_t kDigits = 56;

    /// The same text as number.text(). Good until the next call.
    [[nodiscard]] std::string_view text(const SequenceNumber& number);

private:
    static constexpr std::size_t kLimbs = kDigits / 8; ///< of eight digits, the highest last
    /// Below these the counters of a shard seldom carry into: 4 · 10^6 records would have to come.
    static constexpr std::size_t kLowLimbs = 4;
    static constexpr std::size_t kHighDigits = kDigits - 8 * kLowLimbs;
    using Limbs = std::array<std::uint32_t, kLimbs>;
    /// A number without what its maker adds to it.
    struct Common {
        std::int64_t shardCreatedAt = -1, recordAt = -1;
        Limbs limbs {};
    };
    struct OfShard {
        Common common; ///< with the shard, for counter 0
        ShardSlot shard;
        std::array<char, kHighDigits> digits {}; ///< of its higher limbs
    };
    [[nodiscard]] const Limbs& ofSeconds(const SequenceNumber& number);
    void begin(OfShard& known, const SequenceNumber& number);

    std::array<Common, 16> m_seconds {}; ///< for shard 0
    std::array<OfShard, 256> m_shards {};
    std::array<char, kDigits> m_digits {};
};

} // namespace shardscope::endpoint
