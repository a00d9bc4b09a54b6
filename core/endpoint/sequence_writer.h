#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/engine/sequence_number.h"

namespace shardscope::endpoint {

/// Writes many sequence numbers of few shards: the numbers of a batch or a page differ from the
/// shard's last one in their counter alone, so only the digits that change are made anew.
class SequenceWriter {
public:
    static constexpr std::size_t kDigits = 56;

    /// The same text as number.text(). Good until the next call.
    [[nodiscard]] std::string_view text(const SequenceNumber& number);

private:
    static constexpr std::size_t kRemembered = 16;
    static constexpr std::size_t kLimbs = 7; ///< of nine digits, the highest last
    struct Last {
        SequenceNumber number;
        std::array<std::uint32_t, kLimbs> limbs {};
        std::array<char, kLimbs * 9> digits {}; ///< the number stands at the end
        bool used = false;
    };
    static void begin(Last& last, const SequenceNumber& number);
    static void advance(Last& last, const SequenceNumber& number);

    std::array<Last, kRemembered> m_last {};
};

} // namespace shardscope::endpoint
