#include "core/engine/sequence_number.h"

#include <algorithm>
#include <array>

#include "core/base/hash_key.h"

namespace shardscope {

namespace {

constexpr std::size_t kDigits = 56;
/// 2477-12-31T23:59:59Z: the service takes no later time (facts/kinesis-api.md 2.2).
constexpr std::int64_t kLastSecond = 16'031'001'599;
constexpr std::uint64_t kVersion = 2;
constexpr std::uint64_t kLead = 2;

/// The number in binary: words[0] is the lowest 64 bits. Hexadecimal digit i of the layout lies
/// at bit 4·(46−i).
using Words = std::array<std::uint64_t, 3>;

Words pack(const SequenceNumber& n)
{
    const auto created = static_cast<std::uint64_t>(n.shardCreatedAt);
    const auto recorded = static_cast<std::uint64_t>(n.recordAt);
    const std::uint64_t shard = n.shard.value;
    return {kVersion | shard << 4 | recorded << 36, recorded >> 28 | n.counter << 16,
            n.counter >> 48 | (shard & 0xf) << 16 | created << 20 | kLead << 56};
}

/// Divides in place and returns the remainder.
std::uint64_t divide(Words& words, std::uint64_t by)
{
    U128 rest = 0;
    for (std::size_t i = words.size(); i-- > 0;) {
        const U128 part = rest << 64 | words[i];
        words[i] = static_cast<std::uint64_t>(part / by);
        rest = part % by;
    }
    return static_cast<std::uint64_t>(rest);
}

void multiplyAdd(Words& words, std::uint64_t by, std::uint64_t plus)
{
    U128 carry = plus;
    for (auto& word : words) {
        carry += U128 {word} * by;
        word = static_cast<std::uint64_t>(carry);
        carry >>= 64;
    }
}

constexpr std::uint64_t kTenTo18 = 1'000'000'000'000'000'000;

} // namespace

std::string SequenceNumber::text() const
{
    std::string digits(kDigits, '0');
    Words words = pack(*this);
    // 56 digits = 2 + 3 · 18, taken from the right.
    std::size_t at = kDigits;
    while (at > 0) {
        std::uint64_t part = divide(words, kTenTo18);
        for (std::size_t i = 0; i < 18 && at > 0; ++i, part /= 10)
            digits[--at] = static_cast<char>('0' + part % 10);
    }
    return digits;
}

Result<SequenceNumber> SequenceNumber::parse(std::string_view text)
{
    const auto refuse = [&](const char* why) {
        return fail(ErrorCode::InvalidArgument,
                    "sequence number \"" + std::string(text.substr(0, 64))
                        + "\" is invalid: " + why);
    };
    if (text.size() != kDigits
        || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return refuse("it has 56 decimal digits");
    Words words {};
    for (std::size_t at = 0; at < kDigits; at += 14) {
        std::uint64_t part = 0;
        for (const char c : text.substr(at, 14))
            part = part * 10 + static_cast<unsigned>(c - '0');
        multiplyAdd(words, 100'000'000'000'000, part);
    }
    SequenceNumber n;
    n.shard = ShardSlot {static_cast<std::uint32_t>(words[0] >> 4)};
    n.recordAt = static_cast<std::int64_t>((words[1] & 0xff) << 28 | words[0] >> 36);
    n.counter = words[2] << 48 | words[1] >> 16;
    n.shardCreatedAt = static_cast<std::int64_t>(words[2] >> 20 & 0xf'ffff'ffff);
    if (words[2] >> 56 != kLead)
        return refuse("its leading hexadecimal digit is 2");
    if ((words[0] & 0xf) != kVersion)
        return refuse("only version 2 is known");
    if (n.counter > kLastCounter)
        return refuse("its counter is at most 0x7fffffffffffffff");
    if ((words[2] >> 16 & 0xf) != (n.shard.value & 0xf) || (words[1] >> 8 & 0xff) != 0)
        return refuse("its parts contradict each other");
    if (n.recordAt > kLastSecond || n.shardCreatedAt > kLastSecond)
        return refuse("its time lies beyond the year 2477");
    return n;
}

} // namespace shardscope
