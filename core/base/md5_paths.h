#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__x86_64__) && defined(__GNUC__)
#define SHARDSCOPE_MD5_X86 1
#else
#define SHARDSCOPE_MD5_X86 0
#endif

/// The multi-buffer paths behind md5Batch(). Each hashes the keys of at most 55 bytes and leaves
/// nonsense for longer ones; the answer says whether there are any. 64 readable bytes must follow
/// the last key. To be called only where the processor has what the name says.
namespace shardscope::md5detail {

bool batchAvx2(const char* text, const std::uint32_t* offset, std::size_t size, std::uint64_t* high,
               std::uint64_t* low);
bool batchAvx512(const char* text, const std::uint32_t* offset, std::size_t size,
                 std::uint64_t* high, std::uint64_t* low);

} // namespace shardscope::md5detail
