#include "core/base/compression.h"

#include <zlib.h>
#include <zstd.h>

namespace shardscope {
namespace {

Result<std::string> gzip(const std::string& text)
{
    constexpr int kGzip = 16; // added to the window's bits
    constexpr int kMemory = 8; // zlib's own choice
    z_stream z {};
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzip, kMemory,
                     Z_DEFAULT_STRATEGY)
        != Z_OK)
        return fail(ErrorCode::Io, "gzip has no memory");
    std::string out(deflateBound(&z, text.size()), '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z.avail_in = static_cast<uInt>(text.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    const int state = deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    if (state != Z_STREAM_END)
        return fail(ErrorCode::Io, "gzip did not come to its end");
    return out;
}

Result<std::string> zstd(const std::string& text)
{
    std::string out(ZSTD_compressBound(text.size()), '\0');
    const std::size_t size
        = ZSTD_compress(out.data(), out.size(), text.data(), text.size(), ZSTD_CLEVEL_DEFAULT);
    if (ZSTD_isError(size) != 0)
        return fail(ErrorCode::Io, std::string("zstd: ") + ZSTD_getErrorName(size));
    out.resize(size);
    return out;
}

} // namespace

Result<std::string> compressed(std::string text, std::string_view compression)
{
    if (compression == "GZIP")
        return gzip(text);
    if (compression == "ZSTD")
        return zstd(text);
    return text;
}

} // namespace shardscope
