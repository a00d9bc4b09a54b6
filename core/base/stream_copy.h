#pragma once

#include <cstddef>

namespace shardscope {

/// Copies like memcpy, but past the caches when there is enough of it: for bytes that nobody reads
/// soon. A store to a line that is not in the cache fetches the line first; a streaming store does
/// not, which leaves a core's whole write path to what is written (measured on Zen 4, 1 KiB records
/// into memory: 27 GB/s against 11 to 17 of memcpy). Another thread must not read `to` before this
/// one has called streamFence().
void streamCopy(char* to, const char* from, std::size_t size);

/// Makes the streaming stores of this thread visible before any store that follows.
void streamFence();

} // namespace shardscope
