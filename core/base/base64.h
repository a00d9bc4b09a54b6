#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Base64 with the standard alphabet, as blobs travel in JSON. Many characters at a time where the
/// processor can; every path gives the same answers.
namespace shardscope {

/// Characters that so many bytes become, padding included.
[[nodiscard]] constexpr std::size_t base64Chars(std::size_t bytes)
{
    return (bytes + 2) / 3 * 4;
}
/// Room that decoding needs: paths write whole registers.
[[nodiscard]] constexpr std::size_t base64Room(std::size_t chars)
{
    return chars / 4 * 3 + 64;
}

void appendBase64(std::string& out, std::string_view bytes);

/// What was decoded, and from how much.
struct Base64Run {
    std::size_t chars = 0, bytes = 0;
};
/// Decodes groups of four letters from the text's begin up to the first that is not four letters of
/// the alphabet. `out` has base64Room(text.size()) bytes.
[[nodiscard]] Base64Run decodeBase64Letters(std::string_view text, char* out);
/// As above, and a padded group after it if there is one.
[[nodiscard]] Base64Run decodeBase64Run(std::string_view text, char* out);
/// The whole text, or nothing when it is not base64: wrong length, foreign characters, padding
/// where none belongs, bits set behind the last byte. Answers the number of bytes.
[[nodiscard]] std::optional<std::size_t> decodeBase64(std::string_view text, char* out);

enum class Base64Path { Scalar, Avx2, Avx512 };
/// The paths this machine can run, the preferred one last.
[[nodiscard]] std::span<const Base64Path> base64Paths();
/// By a named path: for tests and benchmarks. The path must be one of base64Paths().
[[nodiscard]] Base64Run decodeBase64Letters(Base64Path path, std::string_view text, char* out);
void encodeBase64(Base64Path path, std::string_view bytes, char* out);

} // namespace shardscope
