#include "core/endpoint/inflate.h"

#include <algorithm>
#include <zlib.h>

namespace shardscope::endpoint {
namespace {

/// Frees zlib's state on every way out.
struct Stream {
    z_stream z {};
    bool ready = false;
    Stream()
    {
        constexpr int kGzipOnly = 16; // added to the window's bits
        ready = inflateInit2(&z, MAX_WBITS + kGzipOnly) == Z_OK;
    }
    ~Stream()
    {
        if (ready)
            inflateEnd(&z);
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
};

} // namespace

Result<std::string> inflateGzip(std::string_view body, std::size_t most)
{
    constexpr std::size_t kStep = 64 * 1024;
    Stream stream;
    if (!stream.ready)
        return fail(ErrorCode::Io, "zlib has no memory");
    stream.z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
    stream.z.avail_in = static_cast<uInt>(body.size());
    std::string out;
    int state = Z_OK;
    while (state == Z_OK) {
        const std::size_t from = out.size();
        if (from >= most)
            return fail(ErrorCode::BadInput, "the body is too large once inflated");
        out.resize(std::min(most, from + kStep));
        stream.z.next_out = reinterpret_cast<Bytef*>(out.data() + from);
        stream.z.avail_out = static_cast<uInt>(out.size() - from);
        state = inflate(&stream.z, Z_NO_FLUSH);
        out.resize(out.size() - stream.z.avail_out);
    }
    if (state != Z_STREAM_END || stream.z.avail_in != 0)
        return fail(ErrorCode::BadInput, "the body is no whole gzip file");
    return out;
}

} // namespace shardscope::endpoint
