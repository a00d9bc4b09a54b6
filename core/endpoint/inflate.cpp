#include "core/endpoint/inflate.h"

#include <algorithm>
#include <zlib.h>

namespace shardscope::endpoint {
namespace {

constexpr int kGzipOnly = 16; // added to the window's bits

/// Frees zlib's state on every way out.
struct Stream {
    z_stream z {};
    bool ready = false;
    Stream() { ready = inflateInit2(&z, MAX_WBITS + kGzipOnly) == Z_OK; }
    ~Stream()
    {
        if (ready)
            inflateEnd(&z);
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
};

} // namespace

std::string gzipOf(std::string_view text)
{
    constexpr int kUsualMemory = 8;
    z_stream z {};
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzipOnly, kUsualMemory,
                     Z_DEFAULT_STRATEGY)
        != Z_OK)
        return {};
    std::string out(deflateBound(&z, static_cast<uLong>(text.size())), '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z.avail_in = static_cast<uInt>(text.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH); // into as much room as it can need: one call does it
    out.resize(out.size() - z.avail_out);
    deflateEnd(&z);
    return out;
}

Inflated inflateSome(std::string_view body, std::size_t most)
{
    constexpr std::size_t kStep = 64 * 1024;
    Stream stream;
    Inflated made;
    if (!stream.ready)
        return made;
    stream.z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
    stream.z.avail_in = static_cast<uInt>(body.size());
    int state = Z_OK;
    while (state == Z_OK && made.bytes.size() < most) {
        const std::size_t from = made.bytes.size();
        made.bytes.resize(std::min(most, from + kStep));
        stream.z.next_out = reinterpret_cast<Bytef*>(made.bytes.data() + from);
        stream.z.avail_out = static_cast<uInt>(made.bytes.size() - from);
        state = inflate(&stream.z, Z_NO_FLUSH);
        made.bytes.resize(made.bytes.size() - stream.z.avail_out);
    }
    if (state == Z_STREAM_END && stream.z.avail_in == 0)
        made.end = Inflated::End::Whole;
    else if (state == Z_OK)
        made.end = Inflated::End::Cut;
    return made;
}

Result<std::string> inflateGzip(std::string_view body, std::size_t most)
{
    Inflated made = inflateSome(body, most);
    if (made.end == Inflated::End::Cut)
        return fail(ErrorCode::BadInput, "the body is too large once inflated");
    if (made.end == Inflated::End::Damaged)
        return fail(ErrorCode::BadInput, "the body is no whole gzip file");
    return std::move(made.bytes);
}

} // namespace shardscope::endpoint
