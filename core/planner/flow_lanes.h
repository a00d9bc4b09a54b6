#pragma once

#include <cstring>

#include "core/planner/flow_kernel.h"

/// run() for the instruction set that the including file is compiled for. Written in vectors of
/// sixteen, which the compiler breaks down to what there is.
namespace shardscope::flow {
namespace {

#define SHARDSCOPE_LANES_INLINE inline __attribute__((always_inline))

using Floats = float __attribute__((vector_size(64)));
using Words = std::uint32_t __attribute__((vector_size(64)));

SHARDSCOPE_LANES_INLINE void load(Floats& v, const Block::Row& row)
{
    std::memcpy(&v, row.data(), sizeof v);
}
SHARDSCOPE_LANES_INLINE void store(Block::Row& row, const Floats& v)
{
    std::memcpy(row.data(), &v, sizeof v);
}
SHARDSCOPE_LANES_INLINE void least(Floats& v, const Floats& other)
{
    v = v < other ? v : other;
}
SHARDSCOPE_LANES_INLINE void most(Floats& v, const Floats& other)
{
    v = v > other ? v : other;
}
SHARDSCOPE_LANES_INLINE void mix(Words& h)
{
    h ^= h >> 16;
    h *= 0x7feb352dU;
    h ^= h >> 15;
    h *= 0x846ca68bU;
    h ^= h >> 16;
}
SHARDSCOPE_LANES_INLINE void addBytes(Words& sum, const Words& h)
{
    const Words pairs = (h & 0x00ff00ffU) + ((h >> 8) & 0x00ff00ffU);
    sum += (pairs & 0xffffU) + (pairs >> 16);
}
/// A draw with mean 0 and deviation 1 from the state `h`: eight bytes added up, which is within a
/// hundredth of the normal distribution up to three deviations and ends at 4.9.
SHARDSCOPE_LANES_INLINE void draw(Floats& z, Words& h)
{
    Words sum {};
    mix(h);
    addBytes(sum, h);
    h += 0x9e3779b9U;
    mix(h);
    addBytes(sum, h);
    constexpr float kMean = 8 * 127.5F;
    constexpr float kDeviation = 209.0215F; // sqrt(8 (256^2 - 1) / 12)
    z = (__builtin_convertvector(sum, Floats) - kMean) / kDeviation;
}
SHARDSCOPE_LANES_INLINE float sumOf(const Floats& v)
{
    Block::Row part;
    store(part, v);
    for (int width = kLanes / 2; width > 0; width /= 2)
        for (int i = 0; i < width; ++i)
            part[static_cast<std::size_t>(i)] += part[static_cast<std::size_t>(i + width)];
    return part[0];
}

template <std::size_t pools>
SHARDSCOPE_LANES_INLINE void runLanes(Block& block, std::span<const Second> seconds,
                                      const Terms& terms, float* attemptsOut, float* refusedOut)
{
    Floats weight, rootWeight, recordTokens, byteTokens, attempts, refused, lost, accepted, peak;
    load(weight, block.weight);
    load(rootWeight, block.rootWeight);
    load(recordTokens, block.recordTokens);
    load(byteTokens, block.byteTokens);
    load(attempts, block.attempts);
    load(refused, block.refused);
    load(lost, block.lost);
    load(accepted, block.accepted);
    load(peak, block.peak);
    Floats pool[pools + 1];
    for (std::size_t k = 0; k < pools; ++k)
        load(pool[k], block.pool[k]);

    Words shard;
    for (std::uint32_t l = 0; l < kLanes; ++l)
        shard[l] = (block.first + l) * 0x9e3779b9U;
    const Floats zero {};
    const float bytes = terms.bytesPerRecord;
    const Floats recordRate = zero + terms.recordRate, byteRate = zero + terms.byteRate;
    for (std::size_t s = 0; s < seconds.size(); ++s) {
        const Second& second = seconds[s];
        Words h = shard ^ second.draw;
        Floats z;
        draw(z, h);
        const Floats root = rootWeight * (second.rootRecords * terms.noise);
        Floats fresh = weight * second.records + root * z;
        most(fresh, zero);
        Floats tried = fresh;
        Floats due[pools + 1];
        for (std::size_t k = 0; k < pools; ++k) {
            due[k] = pool[k] * terms.release[k];
            tried += due[k];
        }
        Floats triedBytes = tried * bytes;
        if (terms.variation > 0) {
            draw(z, h);
            triedBytes += root * z * (bytes * terms.variation);
            most(triedBytes, tried); // a record has a byte at least
        }
        const Floats recordRoom = recordTokens + recordRate;
        const Floats byteRoom = byteTokens + byteRate;
        // The share that both buckets let through.
        const Floats safeTried = tried > zero ? tried : zero + 1.0F;
        const Floats safeBytes = triedBytes > zero ? triedBytes : zero + 1.0F;
        Floats share = recordRoom / safeTried;
        least(share, byteRoom / safeBytes);
        least(share, zero + 1.0F);
        const Floats taken = tried * share;
        recordTokens = recordRoom - taken;
        least(recordTokens, recordRate);
        byteTokens = byteRoom - triedBytes * share;
        least(byteTokens, byteRate);
        const Floats refusing = 1.0F - share;
        const Floats refusedNow = tried * refusing;
        if constexpr (pools > 0) {
            lost += due[pools - 1] * refusing;
            for (std::size_t k = pools - 1; k > 0; --k)
                pool[k] += due[k - 1] * refusing - due[k];
            pool[0] += fresh * refusing - due[0];
        } else {
            lost += refusedNow;
        }
        attempts += tried;
        refused += refusedNow;
        accepted += taken;
        most(peak, tried / recordRate);
        most(peak, triedBytes / byteRate);
        attemptsOut[s] += sumOf(tried);
        refusedOut[s] += sumOf(refusedNow);
    }
    store(block.recordTokens, recordTokens);
    store(block.byteTokens, byteTokens);
    store(block.attempts, attempts);
    store(block.refused, refused);
    store(block.lost, lost);
    store(block.accepted, accepted);
    store(block.peak, peak);
    for (std::size_t k = 0; k < pools; ++k)
        store(block.pool[k], pool[k]);
}

SHARDSCOPE_LANES_INLINE void runHere(Block& block, std::span<const Second> seconds,
                                     const Terms& terms, float* attempts, float* refused)
{
    switch (terms.pools) {
    case 0:
        return runLanes<0>(block, seconds, terms, attempts, refused);
    case 1:
        return runLanes<1>(block, seconds, terms, attempts, refused);
    case 2:
        return runLanes<2>(block, seconds, terms, attempts, refused);
    case 3:
        return runLanes<3>(block, seconds, terms, attempts, refused);
    default:
        return runLanes<kPools>(block, seconds, terms, attempts, refused);
    }
}

} // namespace
} // namespace shardscope::flow
