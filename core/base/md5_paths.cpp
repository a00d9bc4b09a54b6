#include "core/base/md5_paths.h"

#include <vector>

#include "core/base/check.h"
#include "core/base/md5.h"
#include "core/base/md5_steps.h"

namespace shardscope {

namespace {

bool runsOn(Md5Path path)
{
#if SHARDSCOPE_MD5_X86
    // Asks the operating system too: it must save the wide registers.
    if (path == Md5Path::Avx512)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    if (path == Md5Path::Avx2)
        return __builtin_cpu_supports("avx2");
#endif
    return path == Md5Path::Scalar;
}

void hashOne(const KeyBatch& keys, std::size_t i, std::uint64_t* high, std::uint64_t* low)
{
    const HashKey k = md5({keys.text + keys.offset[i], keys.offset[i + 1] - keys.offset[i]});
    high[i] = k.high();
    low[i] = k.low();
}

} // namespace

std::span<const Md5Path> md5Paths()
{
    static const std::vector<Md5Path> paths = [] {
        std::vector<Md5Path> found;
        for (const Md5Path path : {Md5Path::Scalar, Md5Path::Avx2, Md5Path::Avx512})
            if (runsOn(path))
                found.push_back(path);
        return found;
    }();
    return paths;
}

void md5Batch(Md5Path path, const KeyBatch& keys, std::uint64_t* high, std::uint64_t* low)
{
    SHARDSCOPE_CHECK(runsOn(path));
    const std::size_t size = keys.size();
    // One key alone is done sooner than a row of lanes.
    if (path == Md5Path::Scalar || size <= 1) {
        for (std::size_t i = 0; i < size; ++i)
            hashOne(keys, i, high, low);
        return;
    }
#if SHARDSCOPE_MD5_X86
    const auto batch = path == Md5Path::Avx512 ? md5detail::batchAvx512 : md5detail::batchAvx2;
    if (!batch(keys.text, keys.offset.data(), size, high, low))
        return;
    for (std::size_t i = 0; i < size; ++i)
        if (keys.offset[i + 1] - keys.offset[i] > md5detail::kOneBlock)
            hashOne(keys, i, high, low);
#endif
}

void md5Batch(const KeyBatch& keys, std::uint64_t* high, std::uint64_t* low)
{
    md5Batch(md5Paths().back(), keys, high, low);
}

} // namespace shardscope
