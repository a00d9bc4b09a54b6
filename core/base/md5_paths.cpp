#include <array>
#include <cstdlib>

#include "core/base/check.h"
#include "core/base/md5.h"
#include "core/base/md5_steps.h"

namespace shardscope {

std::span<const Md5Path> md5Paths()
{
    static constexpr std::array<Md5Path, 1> all {Md5Path::Scalar};
    return all;
}

void md5Batch(Md5Path path, const KeyBatch& keys, std::uint64_t* high, std::uint64_t* low)
{
    SHARDSCOPE_CHECK(path == Md5Path::Scalar);
    md5detail::batchScalar(keys, high, low);
}

void md5Batch(const KeyBatch& keys, std::uint64_t* high, std::uint64_t* low)
{
    md5Batch(md5Paths().back(), keys, high, low);
}

} // namespace shardscope
