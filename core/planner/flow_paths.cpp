#include <algorithm>
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

void solveReaches(Terms& terms)
{
    const auto passing = [&terms](double inverse) {
        double through = 0, all = 0;
        for (int c = 0; c < terms.classes; ++c) {
            const SizeClass& size = terms.sizes[static_cast<std::size_t>(c)];
            const double bytes = static_cast<double>(size.share) * static_cast<double>(size.bytes);
            const double x = inverse * static_cast<double>(size.bytes), y = x * x;
            all += bytes;
            through += bytes / (1 + y * (1 + y * (0.5 + y / 6)));
        }
        return through / all;
    };
    for (int i = 0; i <= kReaches; ++i) {
        const double wanted = std::max(0.25, static_cast<double>(i)) / kReaches;
        double low = 0, high = 64;
        for (int k = 0; k < 50; ++k) {
            const double middle = (low + high) / 2;
            (passing(middle) > wanted ? low : high) = middle;
        }
        terms.inverseReach[static_cast<std::size_t>(i)] = static_cast<float>(low);
    }
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
