#include <vector>

#include "core/base/check.h"
#include "core/planner/flow_kernel.h"

namespace shardscope::flow {

std::span<const Path> paths()
{
    static const std::vector<Path> found = [] {
        std::vector<Path> all {Path::Plain};
#if defined(__x86_64__) && defined(__GNUC__)
        if (__builtin_cpu_supports("avx2"))
            all.push_back(Path::Avx2);
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
            all.push_back(Path::Avx512);
#endif
        return all;
    }();
    return found;
}

void run(Path path, Block& block, std::span<const Second> seconds, const Terms& terms,
         float* attempts, float* refused)
{
    switch (path) {
    case Path::Plain:
        return paths_detail::runPlain(block, seconds, terms, attempts, refused);
#if defined(__x86_64__) && defined(__GNUC__)
    case Path::Avx2:
        return paths_detail::runAvx2(block, seconds, terms, attempts, refused);
    case Path::Avx512:
        return paths_detail::runAvx512(block, seconds, terms, attempts, refused);
#else
    default:
        break;
#endif
    }
    SHARDSCOPE_CHECK(false);
}

void run(Block& block, std::span<const Second> seconds, const Terms& terms, float* attempts,
         float* refused)
{
    static const Path fastest = paths().back();
    run(fastest, block, seconds, terms, attempts, refused);
}

} // namespace shardscope::flow
