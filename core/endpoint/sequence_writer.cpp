#include "core/endpoint/sequence_writer.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace shardscope::endpoint {
namespace {

constexpr std::uint64_t kLimb = 1'000'000'000;
/// The counter's place is 2^80 (see SequenceNumber): 1,208,925,819,614,629,174,706,176, in limbs.
constexpr std::array<std::uint64_t, 3> kCounterPlace {174'706'176, 819'614'629, 1'208'925};

/// "00" to "99" in a row.
constexpr std::array<char, 200> kPairs = [] {
    std::array<char, 200> pairs {};
    for (std::size_t i = 0; i < 100; ++i) {
        pairs[2 * i] = static_cast<char>('0' + i / 10);
        pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return pairs;
}();

void writePair(char* at, std::uint32_t value)
{
    std::memcpy(at, kPairs.data() + 2 * value, 2);
}

/// The four parts do not wait for each other, as digit after digit would.
void writeNine(char* at, std::uint32_t value)
{
    const std::uint32_t high = value / 10'000, low = value % 10'000;
    at[0] = static_cast<char>('0' + high / 10'000);
    writePair(at + 1, high / 100 % 100);
    writePair(at + 3, high % 100);
    writePair(at + 5, low / 100);
    writePair(at + 7, low % 100);
}

/// Whether `number` can be reached from `last` by adding to the counter, without overflow.
bool follows(const SequenceNumber& last, const SequenceNumber& number)
{
    return number.shard == last.shard && number.recordAt == last.recordAt
        && number.shardCreatedAt == last.shardCreatedAt && number.counter >= last.counter
        && number.counter - last.counter <= UINT32_MAX;
}

} // namespace

void SequenceWriter::begin(Last& last, const SequenceNumber& number)
{
    const std::string text = number.text();
    last.digits.fill('0');
    std::copy(text.begin(), text.end(), last.digits.end() - kDigits);
    for (std::size_t i = 0; i < kLimbs; ++i) {
        std::uint32_t limb = 0;
        for (std::size_t d = 0; d < 9; ++d)
            limb = limb * 10
                + static_cast<std::uint32_t>(last.digits[(kLimbs - 1 - i) * 9 + d] - '0');
        last.limbs[i] = limb;
    }
    last.used = true;
}

void SequenceWriter::advance(Last& last, const SequenceNumber& number)
{
    const std::uint64_t more = number.counter - last.number.counter;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < kLimbs; ++i) {
        if (i >= kCounterPlace.size() && carry == 0)
            return;
        carry += last.limbs[i] + (i < kCounterPlace.size() ? more * kCounterPlace[i] : 0);
        last.limbs[i] = static_cast<std::uint32_t>(carry % kLimb);
        carry /= kLimb;
        writeNine(last.digits.data() + (kLimbs - 1 - i) * 9, last.limbs[i]);
    }
}

std::string_view SequenceWriter::text(const SequenceNumber& number)
{
    Last& last = m_last[number.shard.value % kRemembered];
    if (last.used && follows(last.number, number))
        advance(last, number);
    else
        begin(last, number);
    last.number = number;
    return {last.digits.data() + last.digits.size() - kDigits, kDigits};
}

} // namespace shardscope::endpoint
