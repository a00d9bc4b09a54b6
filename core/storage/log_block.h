#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/storage/record_meta.h"

namespace shardscope {

/// A piece of a shard's log. Records are written once and never changed, so every log that holds
/// the block may read the records it knows of; only the log that began the block appends to it.
struct alignas(64) LogBlock {
    static constexpr std::size_t kRecords = 128; ///< 4 KiB

    std::array<RecordMeta, kRecords> records;
    std::uint64_t bytesBefore = 0; ///< data + keys of all records of the shard before this block
    std::atomic<std::uint32_t> holders {0};
    LogBlock* nextFree = nullptr;
};

/// Blocks come from slabs of 2 MiB, so that the system maps large pages, and go back to a free list
/// that is never given up: a run whose retention keeps pace with its arrivals allocates nothing.
/// **Thread-safe.** Each thread keeps some free blocks of its own and exchanges them in groups.
[[nodiscard]] LogBlock* takeBlock(); ///< held once; its records are undefined
void holdBlock(LogBlock* block);
void dropBlock(LogBlock* block); ///< frees it when nobody else holds it

/// Bytes of all slabs of the process.
[[nodiscard]] std::size_t blockMemory();

} // namespace shardscope
