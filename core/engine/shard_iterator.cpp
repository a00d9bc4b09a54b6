#include "core/engine/shard_iterator.h"

#include <array>

#include "core/base/rng.h"

namespace shardscope {
namespace {

constexpr std::size_t kBytes = 48;
constexpr std::size_t kTextLength = kBytes / 3 * 4;
constexpr std::string_view kAlphabet
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

using Words = std::array<std::uint64_t, kBytes / 8>;

std::uint64_t checksum(const Words& words)
{
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i + 1 < words.size(); ++i)
        sum = mix64(sum ^ words[i]);
    return sum;
}

std::uint8_t byteOf(const Words& words, std::size_t i)
{
    return static_cast<std::uint8_t>(words[i / 8] >> (56 - 8 * (i % 8)));
}

tl::unexpected<Error> invalid()
{
    return fail(ErrorCode::InvalidArgument, "Invalid ShardIterator.");
}

} // namespace

std::string ShardIterator::text() const
{
    Words words {1,
                 (std::uint64_t {stream.value} << 32) | shard.value,
                 position,
                 static_cast<std::uint64_t>(issuedAt.inMicros()),
                 static_cast<std::uint64_t>(streamCreatedAt.inMicros()),
                 0};
    words.back() = checksum(words);
    std::string out;
    out.reserve(kTextLength);
    for (std::size_t i = 0; i < kBytes; i += 3) {
        const std::uint32_t three = std::uint32_t {byteOf(words, i)} << 16
            | std::uint32_t {byteOf(words, i + 1)} << 8 | byteOf(words, i + 2);
        for (int shift = 18; shift >= 0; shift -= 6)
            out += kAlphabet[(three >> shift) & 63U];
    }
    return out;
}

Result<ShardIterator> ShardIterator::parse(std::string_view text)
{
    if (text.size() != kTextLength)
        return invalid();
    Words words {};
    for (std::size_t i = 0; i < kTextLength; ++i) {
        const std::size_t six = kAlphabet.find(text[i]);
        if (six == std::string_view::npos)
            return invalid();
        // Bits fill the words from the front; a digit may lie across two of them.
        for (std::size_t bit = 0; bit < 6; ++bit) {
            const std::size_t at = i * 6 + bit;
            if ((six >> (5 - bit)) & 1U)
                words[at / 64] |= std::uint64_t {1} << (63 - at % 64);
        }
    }
    if (words[0] != 1 || words.back() != checksum(words))
        return invalid();
    ShardIterator it;
    it.stream = StreamSlot {static_cast<std::uint32_t>(words[1] >> 32)};
    it.shard = ShardSlot {static_cast<std::uint32_t>(words[1])};
    it.position = words[2];
    it.issuedAt = SimTime::fromMicros(static_cast<std::int64_t>(words[3]));
    it.streamCreatedAt = SimTime::fromMicros(static_cast<std::int64_t>(words[4]));
    return it;
}

} // namespace shardscope
