#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/base64.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define SHARDSCOPE_BASE64_X86 1
#else
#define SHARDSCOPE_BASE64_X86 0
#endif

/// The paths behind base64.h. Each decodes whole groups of letters from the begin until one is not,
/// and encodes as many whole groups of three bytes as it likes; the scalar path does the rest. To
/// be called only where the processor has what the name says.
namespace shardscope::base64detail {

inline constexpr char kLetters[]
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// A character's six bits; 0x80 for one that is no letter.
inline constexpr std::array<std::uint8_t, 256> kValues = [] {
    std::array<std::uint8_t, 256> values {};
    values.fill(0x80);
    for (std::uint8_t i = 0; i < 64; ++i)
        values[static_cast<unsigned char>(kLetters[i])] = i;
    return values;
}();

Base64Run decodeScalar(const char* text, std::size_t size, char* out);
Base64Run decodeAvx2(const char* text, std::size_t size, char* out);
Base64Run decodeAvx512(const char* text, std::size_t size, char* out);
std::size_t encodeScalar(const char* bytes, std::size_t size, char* out);
std::size_t encodeAvx2(const char* bytes, std::size_t size, char* out);
std::size_t encodeAvx512(const char* bytes, std::size_t size, char* out);

} // namespace shardscope::base64detail
