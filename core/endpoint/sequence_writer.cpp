#include "core/endpoint/sequence_writer.h"

#include <charconv>
#include <cstring>
#include <string>

#include "core/endpoint/digits.h"

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
static_assert(kCounterLow[4] == 0 && kCounterLow[5] == 0);

bool sameSeconds(const auto& common, const SequenceNumber& number)
{
    return common.recordAt == number.recordAt && common.shardCreatedAt == number.shardCreatedAt;
}

} // namespace

const SequenceWriter::Limbs& SequenceWriter::ofSeconds(const SequenceNumber& number)
{
    const auto place = static_cast<std::size_t>(number.shardCreatedAt + number.recordAt);
    Common& common = m_seconds[place % m_seconds.size()];
    if (sameSeconds(common, number))
        return common.limbs;
    common.shardCreatedAt = number.shardCreatedAt;
    common.recordAt = number.recordAt;
    const std::string text = SequenceNumber {number.shardCreatedAt, {}, 0, number.recordAt}.text();
    for (std::size_t i = 0; i < kLimbs; ++i)
        std::from_chars(text.data() + 8 * (kLimbs - 1 - i), text.data() + 8 * (kLimbs - i),
                        common.limbs[i]);
    return common.limbs;
}

void SequenceWriter::begin(OfShard& known, const SequenceNumber& number)
{
    const Limbs& seconds = ofSeconds(number);
    known.shard = number.shard;
    known.common.shardCreatedAt = number.shardCreatedAt;
    known.common.recordAt = number.recordAt;
    const std::uint64_t nibble = number.shard.value & 0xf;
    std::uint64_t carry = std::uint64_t {number.shard.value} * kShardPlace;
    for (std::size_t i = 0; i < kLimbs; ++i) {
        carry += seconds[i] + (i < kShardNibble.size() ? nibble * kShardNibble[i] : 0);
        known.common.limbs[i] = static_cast<std::uint32_t>(carry % kLimb);
        carry /= kLimb;
        if (i >= kLowLimbs)
            writeEightDigits(known.digits.data() + 8 * (kLimbs - 1 - i), known.common.limbs[i]);
    }
}

std::string_view SequenceWriter::text(const SequenceNumber& number)
{
    OfShard& known = m_shards[number.shard.value % m_shards.size()];
    if (known.shard != number.shard || !sameSeconds(known.common, number))
        begin(known, number);
    const Limbs& limbs = known.common.limbs;
    const std::uint64_t low = number.counter & UINT32_MAX, high = number.counter >> 32;
    std::uint64_t carry = 0;
    const auto write = [&](std::size_t i) {
        writeEightDigits(m_digits.data() + 8 * (kLimbs - 1 - i),
                         static_cast<std::uint32_t>(carry % kLimb));
        carry /= kLimb;
    };
    for (std::size_t i = 0; i < kLowLimbs; ++i) {
        carry += limbs[i] + low * kCounterLow[i] + high * kCounterHigh[i];
        write(i);
    }
    std::memcpy(m_digits.data(), known.digits.data(), kHighDigits);
    if (carry != 0 || high != 0) {
        for (std::size_t i = kLowLimbs; i < kLimbs; ++i) {
            carry += limbs[i] + (i < kCounterHigh.size() ? high * kCounterHigh[i] : 0);
            write(i);
        }
    }
    return {m_digits.data(), kDigits};
}

} // namespace shardscope::endpoint
