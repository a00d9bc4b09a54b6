#include "core/base/hash_key.h"

#include <algorithm>
#include <array>

#include "core/base/check.h"

namespace shardscope {

HashKeyRange evenRange(std::uint32_t i, std::uint32_t count)
{
    SHARDSCOPE_CHECK(i < count);
    if (count == 1)
        return {};
    // floor(2^128 / count) without the 129th bit: 2^128 = (2^128 - 1) + 1.
    const U128 all = HashKey::max().value;
    const U128 width = all / count + (all % count + 1 == count ? 1 : 0);
    const U128 start = width * i;
    return {{start}, i + 1 == count ? HashKey::max() : HashKey {start + (width - 1)}};
}

std::string toDecimal(HashKey k)
{
    std::array<char, 39> digits {};
    auto at = digits.end();
    U128 rest = k.value;
    do {
        *--at = static_cast<char>('0' + static_cast<int>(rest % 10));
        rest /= 10;
    } while (rest != 0);
    return {at, digits.end()};
}

std::string toHex(HashKey k)
{
    std::string text(32, '0');
    for (std::size_t i = 0; i < text.size(); ++i)
        text[31 - i] = "0123456789abcdef"[static_cast<unsigned>(k.value >> (4 * i)) & 0xf];
    return text;
}

Result<HashKey> parseHashKey(std::string_view text)
{
    const auto refuse = [&] {
        return fail(ErrorCode::InvalidArgument,
                    "a hash key is a whole number from 0 to "
                    "340282366920938463463374607431768211455 without sign or leading zeros, not \""
                        + std::string(text.substr(0, 64)) + "\"");
    };
    const bool digits
        = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (text.empty() || text.size() > 39 || !digits || (text.size() > 1 && text[0] == '0'))
        return refuse();
    U128 value = 0;
    for (const char c : text) {
        const auto digit = static_cast<unsigned>(c - '0');
        if (value > (HashKey::max().value - digit) / 10)
            return refuse();
        value = value * 10 + digit;
    }
    return HashKey {value};
}

} // namespace shardscope
