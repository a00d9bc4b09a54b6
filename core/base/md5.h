#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/hash_key.h"

namespace shardscope {

/// MD5 of a partition key's UTF-8 bytes, read as a big-endian 128-bit number: where the key lies in
/// the hash key space. Any length.
[[nodiscard]] HashKey md5(std::string_view key);

/// Keys in one buffer: key i is text[offset[i] … offset[i+1]). For the SIMD paths 64 readable bytes
/// must follow the last key (their value does not matter).
struct KeyBatch {
    const char* text = nullptr;
    std::span<const std::uint32_t> offset; ///< one more than there are keys

    [[nodiscard]] std::size_t size() const { return offset.empty() ? 0 : offset.size() - 1; }
};

/// MD5 of many keys at once, into the upper and lower halves of their hash keys. Uses the widest
/// path the machine has; keys above 55 bytes go the scalar way.
void md5Batch(const KeyBatch& keys, std::uint64_t* high, std::uint64_t* low);

enum class Md5Path { Scalar, Avx2, Avx512 };
/// The paths this machine can run, the preferred one last.
[[nodiscard]] std::span<const Md5Path> md5Paths();
/// As md5Batch, by a named path: for tests and benchmarks. The path must be one of md5Paths().
void md5Batch(Md5Path path, const KeyBatch& keys, std::uint64_t* high, std::uint64_t* low);

} // namespace shardscope
