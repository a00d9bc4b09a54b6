#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/engine/sequence_number.h"

namespace shardscope::endpoint {

/// Writes many sequence numbers: those of a batch or a page differ in little but shard and counter,
/// whose places are added to what the others have in common, and only digits that changed since the
/// last number are made anew. On one Zen 4 core some FIGURE ns a number; SequenceNumber::text()
/// takes 150 ns.
class SequenceWriter {
public:
    static constexpr std::size_t kDigits = 56;

    /// The same text as number.text(). Good until the next call.
    [[nodiscard]] std::string_view text(const SequenceNumber& number);

private:
    static constexpr std::size_t kLimbs = kDigits / 8; ///< of eight, the highest last
    using Limbs = std::array<std::uint32_t, kLimbs>;
    /// What numbers of the same seconds have in common: theirs for shard and counter 0.
    struct Seconds {
        std::int64_t shardCreatedAt = -1, recordAt = -1;
        Limbs limbs {};
    };
    [[nodiscard]] const Limbs& common(const SequenceNumber& number);

    std::array<Seconds, 16> m_seconds {};
    std::array<char, kDigits> m_digits {};
};

} // namespace shardscope::endpoint
