#include "app/bench/scratch.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "core/base/check.h"

namespace shardscope {

Scratch::Scratch()
{
    std::error_code error;
    m_path = (std::filesystem::temp_directory_path(error) / "shardscope-bench-XXXXXX").string();
    SHARDSCOPE_CHECK(!error && ::mkdtemp(m_path.data()) != nullptr);
}

Scratch::~Scratch()
{
    std::error_code error;
    std::filesystem::remove_all(m_path, error);
}

} // namespace shardscope
