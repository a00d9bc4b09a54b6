#include "core/endpoint/sequence_writer.h"

#include <bit>
#include <charconv>
#include <cstring>
#include <string>

namespace shardscope::endpoint {
namespace {

constexpr std::uint64_t kLimb = 100'000'000;

/// 2^power in limbs of eight digits, the highest last.
constexpr std::array<std::uint64_t, 6> limbsOf(int power)
{
    std::array<std::uint64_t, 6> limbs {1};
    for (; power > 0; --power) {
        std::uint64_t carry = 0;
        for (std::uint64_t& limb : limbs) {
            carry += 2 * limb;
            limb = carry % kLimb;
            carry /= kLimb;
        }
    }
    return limbs;
}

// The places of SequenceNumber's layout. The counter is added in halves, so that no product
// overflows; the shard stands there twice, its low nibble a second time.
constexpr auto kCounterLow = limbsOf(80), kCounterHigh = limbsOf(112);
constexpr std::uint64_t kShardPlace = 16;
constexpr auto kShardNibble = limbsOf(144);

/// All digits at once, in the lanes of one word: four digits each, then two, then one.
void writeEight(char* at, std::uint32_t value)
{
    std::uint64_t lanes = value / 10'000 | std::uint64_t {value % 10'000} << 32;
    const std::uint64_t hundreds = lanes * 10'486 >> 20 & 0x0000'007f'0000'007f;
    lanes = hundreds | (lanes - 100 * hundreds) << 16;
    const std::uint64_t tens = lanes * 103 >> 10 & 0x000f'000f'000f'000f;
    lanes = (tens | (lanes - 10 * tens) << 8) + 0x3030'3030'3030'3030;
    static_assert(std::endian::native == std::endian::little);
    std::memcpy(at, &lanes, sizeof lanes);
}

} // namespace

const SequenceWriter::Limbs& SequenceWriter::common(const SequenceNumber& number)
{
    const auto place = static_cast<std::size_t>(number.shardCreatedAt + number.recordAt);
    Seconds& seconds = m_seconds[place % m_seconds.size()];
    if (seconds.shardCreatedAt == number.shardCreatedAt && seconds.recordAt == number.recordAt)
        return seconds.limbs;
    const SequenceNumber zero {
        .shardCreatedAt = number.shardCreatedAt, .shard = {}, .recordAt = number.recordAt};
    const std::string text = zero.text();
    for (std::size_t i = 0; i < kLimbs; ++i)
        std::from_chars(text.data() + 8 * (kLimbs - 1 - i), text.data() + 8 * (kLimbs - i),
                        seconds.limbs[i]);
    seconds.shardCreatedAt = number.shardCreatedAt;
    seconds.recordAt = number.recordAt;
    return seconds.limbs;
}

std::string_view SequenceWriter::text(const SequenceNumber& number)
{
    const Limbs& base = common(number);
    const std::uint64_t low = number.counter & UINT32_MAX, high = number.counter >> 32;
    const std::uint64_t nibble = number.shard.value & 0xf;
    std::uint64_t carry = std::uint64_t {number.shard.value} * kShardPlace;
    for (std::size_t i = 0; i < kLimbs; ++i) {
        carry += base[i];
        if (i < kCounterLow.size())
            carry += low * kCounterLow[i] + high * kCounterHigh[i] + nibble * kShardNibble[i];
        writeEight(m_digits.data() + 8 * (kLimbs - 1 - i),
                   static_cast<std::uint32_t>(carry % kLimb));
        carry /= kLimb;
    }
    return {m_digits.data(), kDigits};
}

} // namespace shardscope::endpoint
