#pragma once

#include <array>
#include <cstdint>
#include <span>

/// The flow model's inner loop: sixteen shards side by side, second by second. Shards hold amounts,
/// not records: what arrives in a second, what both buckets let through, what comes back. Every
/// path below does the same operations in the same order, so a month is the same on any machine.
namespace shardscope::flow {

inline constexpr int kLanes = 16;
inline constexpr int kPools = 4; ///< of records that wait for their second, third, … attempt
inline constexpr int kClasses = 5; ///< of sizes, from the many small to the few large records
inline constexpr int kTicks = 2; ///< of a second: what is refused may come back in the same one

/// Sixteen shards. Amounts are records unless a name says bytes.
struct alignas(64) Block {
    using Row = std::array<float, kLanes>;
    Row weight {}, rootWeight {}; ///< share of the stream's records, and its square root
    Row recordTokens {}, byteTokens {}; ///< what each bucket holds
    std::array<std::array<Row, kClasses>, kPools> pool {};
    // Added up by run(), for who calls it to take and clear.
    Row attempts {}, refused {}, lost {}, accepted {};
    Row peak {}; ///< largest second so far, offered, in shares of the binding limit
    std::uint32_t first = 0; ///< number of its first shard, for the draws
};

inline constexpr int kReaches = 64;

/// What the whole stream is asked to take in one second.
struct Second {
    float records = 0; ///< first tries
    float rootTick = 0; ///< the square root of a tick's part of them
    std::uint32_t draw = 0; ///< this second's part of every draw
};

/// Records of one range of sizes.
struct SizeClass {
    float share = 1, rootShare = 1; ///< of the records, and its square root
    float bytes = 1; ///< of one, in mean records
};

/// What holds for all seconds of a run(). Arrivals are independent of each other (Poisson).
struct Terms {
    float bytesPerRecord = 1'024; ///< mean
    int classes = 1; ///< 1 when all records are alike, else kClasses
    std::array<SizeClass, kClasses> sizes {};
    int pools = 2; ///< attempts after the first one, 0 … kPools
    std::array<float, kPools> release {}; ///< share of a pool that tries again in a tick
    /// One over the size up to which records mostly get through an empty byte bucket, in mean
    /// records, by the share of the bytes that passes: 0, 1 / kReaches, … 1. See reachesOf().
    std::array<float, kReaches + 1> inverseReach {};
    float recordRate = 1'000, byteRate = 1'048'576; ///< a second; both buckets hold as much
};

/// Fills inverseReach for the sizes of `terms`.
void solveReaches(Terms& terms);

/// Runs `block` through `seconds`; adds what the block tried and was refused in each of them.
void run(Block& block, std::span<const Second> seconds, const Terms& terms, float* attempts,
         float* refused);

/// The paths that this machine can run, the fastest last; run() takes that one.
enum class Path { Plain, Avx2, Avx512 };
[[nodiscard]] std::span<const Path> paths();
void run(Path path, Block& block, std::span<const Second> seconds, const Terms& terms,
         float* attempts, float* refused);

namespace paths_detail {
using Run = void(Block&, std::span<const Second>, const Terms&, float*, float*);
Run runPlain, runAvx2, runAvx512;
} // namespace paths_detail

} // namespace shardscope::flow
