#include "core/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace shardscope {

void checkFailed(const char* condition, const char* file, int line)
{
    std::fprintf(stderr, "shardscope: broken invariant: %s (%s:%d)\n", condition, file, line);
    std::abort();
}

} // namespace shardscope
