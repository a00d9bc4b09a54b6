#include "core/base/base64.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "core/base/check.h"
#include "core/base/base64_paths.h"

namespace shardscope {
namespace {

using namespace base64detail;

bool runsOn(Base64Path path)
{
#if SHARDSCOPE_BASE64_X86
    // Asks the operating system too: it must save the wide registers.
    if (path == Base64Path::Avx512)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512vbmi");
    if (path == Base64Path::Avx2)
        return __builtin_cpu_supports("avx2");
#endif
    return path == Base64Path::Scalar;
}

struct Path {
    Base64Run (*decode)(const char* text, std::size_t size, char* out);
    /// Encodes a multiple of three bytes and says how many.
    std::size_t (*encode)(const char* bytes, std::size_t size, char* out);
};

Path pathOf(Base64Path path)
{
#if SHARDSCOPE_BASE64_X86
    if (path == Base64Path::Avx512)
        return {decodeAvx512, encodeAvx512};
    if (path == Base64Path::Avx2)
        return {decodeAvx2, encodeAvx2};
#endif
    return {decodeScalar, encodeScalar};
}

const Path& best()
{
    static const Path path = pathOf(base64Paths().back());
    return path;
}

void encodeWhole(const Path& path, std::string_view bytes, char* out)
{
    std::size_t done = path.encode(bytes.data(), bytes.size(), out);
    out += done / 3 * 4;
    const std::size_t groups = encodeScalar(bytes.data() + done, bytes.size() - done, out);
    done += groups;
    out += groups / 3 * 4;
    const std::size_t rest = bytes.size() - done;
    if (rest == 0)
        return;
    const auto byte = [&](std::size_t i) {
        return i < rest ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[done + i]))
                        : 0U;
    };
    const std::uint32_t bits = byte(0) << 16 | byte(1) << 8;
    out[0] = kLetters[bits >> 18];
    out[1] = kLetters[bits >> 12 & 63];
    out[2] = rest == 2 ? kLetters[bits >> 6 & 63] : '=';
    out[3] = '=';
}

/// The last group, `xx==` or `xxx=`: how many bytes it holds, 0 when it is none.
std::size_t decodePadded(const char* text, char* out)
{
    const std::uint8_t a = kValues[static_cast<unsigned char>(text[0])];
    const std::uint8_t b = kValues[static_cast<unsigned char>(text[1])];
    if (a > 63 || b > 63 || text[3] != '=')
        return 0;
    out[0] = static_cast<char>(a << 2 | b >> 4);
    if (text[2] == '=')
        return (b & 15) == 0 ? 1 : 0;
    const std::uint8_t c = kValues[static_cast<unsigned char>(text[2])];
    if (c > 63 || (c & 3) != 0)
        return 0;
    out[1] = static_cast<char>(b << 4 | c >> 2);
    return 2;
}

} // namespace

namespace base64detail {

Base64Run decodeScalar(const char* text, std::size_t size, char* out)
{
    Base64Run run;
    for (; run.chars + 4 <= size; run.chars += 4, run.bytes += 3) {
        const auto value = [&](std::size_t i) {
            return std::uint32_t {kValues[static_cast<unsigned char>(text[run.chars + i])]};
        };
        const std::uint32_t a = value(0), b = value(1), c = value(2), d = value(3);
        if ((a | b | c | d) > 63)
            break;
        const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        out[run.bytes] = static_cast<char>(bits >> 16);
        out[run.bytes + 1] = static_cast<char>(bits >> 8);
        out[run.bytes + 2] = static_cast<char>(bits);
    }
    return run;
}

std::size_t encodeScalar(const char* bytes, std::size_t size, char* out)
{
    std::size_t done = 0;
    for (; done + 3 <= size; done += 3, out += 4) {
        const auto byte = [&](std::size_t i) {
            return std::uint32_t {static_cast<unsigned char>(bytes[done + i])};
        };
        const std::uint32_t bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        out[0] = kLetters[bits >> 18];
        out[1] = kLetters[bits >> 12 & 63];
        out[2] = kLetters[bits >> 6 & 63];
        out[3] = kLetters[bits & 63];
    }
    return done;
}

} // namespace base64detail

std::span<const Base64Path> base64Paths()
{
    static const std::vector<Base64Path> paths = [] {
        std::vector<Base64Path> found;
        for (const Base64Path path : {Base64Path::Scalar, Base64Path::Avx2, Base64Path::Avx512})
            if (runsOn(path))
                found.push_back(path);
        return found;
    }();
    return paths;
}

void appendBase64(std::string& out, std::string_view bytes)
{
    const std::size_t from = out.size();
    out.resize(from + base64Chars(bytes.size()));
    encodeWhole(best(), bytes, out.data() + from);
}

Base64Run decodeBase64Letters(std::string_view text, char* out)
{
    return best().decode(text.data(), text.size(), out);
}

Base64Run decodeBase64Run(std::string_view text, char* out)
{
    Base64Run run = decodeBase64Letters(text, out);
    if (run.chars + 4 > text.size())
        return run;
    if (const std::size_t last = decodePadded(text.data() + run.chars, out + run.bytes)) {
        run.chars += 4;
        run.bytes += last;
    }
    return run;
}

std::optional<std::size_t> decodeBase64(std::string_view text, char* out)
{
    const Base64Run run = decodeBase64Run(text, out);
    return run.chars == text.size() ? std::optional(run.bytes) : std::nullopt;
}

Base64Run decodeBase64Letters(Base64Path path, std::string_view text, char* out)
{
    SHARDSCOPE_CHECK(runsOn(path));
    return pathOf(path).decode(text.data(), text.size(), out);
}

void encodeBase64(Base64Path path, std::string_view bytes, char* out)
{
    SHARDSCOPE_CHECK(runsOn(path));
    encodeWhole(pathOf(path), bytes, out);
}

} // namespace shardscope
