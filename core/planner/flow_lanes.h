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
/// How many of independent records arrive when `mean` are expected: a gamma distribution with that
/// mean and variance by Wilson and Hilferty's cube; for less than half a record one or none.
SHARDSCOPE_LANES_INLINE void arrive(Floats& count, const Floats& mean, const Floats& root, Words& h)
{
    Floats z;
    draw(z, h);
    const Floats zero {};
    // Skewness: a Poisson count's, up to twice that of few records, below which nothing is lost.
    const Floats safeRoot = root > 0.5F ? root : zero + 0.5F;
    const Floats few = 3.0F / (safeRoot * safeRoot);
    const Floats skew = (1.0F + (few < 1.0F ? few : zero + 1.0F)) / safeRoot;
    Floats cube = 1.0F + skew * z / 6.0F - skew * skew / 36.0F;
    most(cube, zero);
    const Floats many = mean + root * (2.0F / skew) * (cube * cube * cube - 1.0F);
    const Floats uniform = __builtin_convertvector(h >> 8, Floats) * 0x1p-24F;
    const Floats one = uniform < mean ? zero + 1.0F : zero;
    count = mean < 0.5F ? one : many;
    most(count, zero);
}
SHARDSCOPE_LANES_INLINE float sumOf(const Floats& v)
{
    Block::Row part;
    store(part, v);
    for (std::size_t width = kLanes / 2; width > 0; width /= 2)
        for (std::size_t i = 0; i < width; ++i)
            part[i] += part[i + width];
    return part[0];
}

/// With which chance a record of `size` gets through an empty byte bucket that fills while others
/// come: exp of minus (size / reach) squared, as a series. Within some hundredths of a bucket that
/// was simulated record by record, for log-normal sizes and up to five times the limit.
SHARDSCOPE_LANES_INLINE void chance(Floats& a, const Floats& inverseReach, float size)
{
    const Floats x = inverseReach * size;
    const Floats y = x * x;
    a = 1.0F / (1.0F + y * (1.0F + y * (0.5F + y * 0.16666667F)));
}

/// What both buckets hold and get in a tick.
struct Room {
    Floats recordTokens, recordTick, byteTokens, byteTick;
};

/// What becomes of a tick's records: until the binding bucket is empty all of them pass, which is
/// the share `full` of the tick; from then on the share `then` of each class.
template <std::size_t classes> struct Passage {
    Floats full, then[classes];
};

/// Lets through what there is room for and takes it away.
template <std::size_t classes>
SHARDSCOPE_LANES_INLINE void admit(Passage<classes>& passage, Room& room,
                                   const Floats (&tried)[classes], const Terms& terms)
{
    const Floats zero {};
    const Floats one = zero + 1.0F;
    Floats records = zero, bytes = zero;
    for (std::size_t c = 0; c < classes; ++c) {
        records += tried[c];
        bytes += tried[c] * (terms.sizes[c].bytes * terms.bytesPerRecord);
    }
    const Floats someRecords = records > zero ? records : one;
    const Floats someBytes = bytes > zero ? bytes : one;
    // Each bucket: how long what it holds lasts, and what it gives from then on.
    const Floats recordExcess = records - room.recordTick, byteExcess = bytes - room.byteTick;
    Floats recordsLast = room.recordTokens / (recordExcess > zero ? recordExcess : one);
    least(recordsLast, one);
    recordsLast = recordExcess > zero ? recordsLast : one;
    Floats bytesLast = room.byteTokens / (byteExcess > zero ? byteExcess : one);
    least(bytesLast, one);
    bytesLast = byteExcess > zero ? bytesLast : one;
    Floats recordsThen = room.recordTick / someRecords;
    least(recordsThen, one);
    Floats bytesThen = room.byteTick / someBytes;
    least(bytesThen, one);
    // The bucket that lets less through over the whole tick binds.
    const auto byBytes = bytesLast + (1.0F - bytesLast) * bytesThen
        < recordsLast + (1.0F - recordsLast) * recordsThen;
    passage.full = byBytes ? bytesLast : recordsLast;
    Floats takenRecords = zero, takenBytes = zero;
    if constexpr (classes == 1) {
        passage.then[0] = byBytes ? bytesThen : recordsThen;
        const Floats share = passage.full + (1.0F - passage.full) * passage.then[0];
        takenRecords = records * share;
        takenBytes = bytes * share;
    } else {
        // An empty byte bucket gives what is small the better chance.
        const Floats place = bytesThen * static_cast<float>(kReaches);
        Floats inverse;
        for (std::size_t l = 0; l < kLanes; ++l)
            inverse[l] = terms.inverseReach[static_cast<std::size_t>(place[l])];
        // Records that come again are larger than the mean: the reach grows with them.
        inverse *= someRecords * terms.bytesPerRecord / someBytes;
        Floats through[classes], throughBytes = zero, throughRecords = zero;
        for (std::size_t c = 0; c < classes; ++c) {
            chance(through[c], inverse, terms.sizes[c].bytes);
            throughBytes += through[c] * tried[c] * (terms.sizes[c].bytes * terms.bytesPerRecord);
        }
        const Floats exact = room.byteTick / (throughBytes > zero ? throughBytes : one);
        for (std::size_t c = 0; c < classes; ++c) {
            through[c] *= exact;
            least(through[c], one);
            throughRecords += through[c] * tried[c];
        }
        // Small records that slip by the byte bucket still meet the record bucket.
        Floats fits = room.recordTick / (throughRecords > zero ? throughRecords : one);
        least(fits, one);
        for (std::size_t c = 0; c < classes; ++c) {
            passage.then[c] = byBytes ? through[c] * fits : recordsThen;
            const Floats share = passage.full + (1.0F - passage.full) * passage.then[c];
            takenRecords += share * tried[c];
            takenBytes += share * tried[c] * (terms.sizes[c].bytes * terms.bytesPerRecord);
        }
    }
    room.recordTokens += room.recordTick - takenRecords;
    most(room.recordTokens, zero);
    room.byteTokens += room.byteTick - takenBytes;
    most(room.byteTokens, zero);
}

/// exp(-x), x >= 0, within two hundredths.
SHARDSCOPE_LANES_INLINE void fade(Floats& y, const Floats& x)
{
    y = 1.0F / (1.0F + x * (1.0F + x * (0.5F + x * (0.16666667F + x * 0.041666667F))));
}

/// Who gets the places that are left when a bucket is empty. In each millisecond a client sends
/// what has waited longest first and what is new last; an empty record bucket has one place in it.
/// So the order decides where a shard gets several records a millisecond, and hardly where it gets
/// few. What was refused together comes again together, and calls that meet in one millisecond are
/// partly of one age: how much of the order is left was fitted to the record engine. `tried` holds
/// the groups in that order; `share` becomes the part of each that is taken.
template <std::size_t groups, std::size_t classes>
SHARDSCOPE_LANES_INLINE void favour(const Passage<classes>& passage,
                                    const Floats (&tried)[groups][classes],
                                    Floats (&share)[groups][classes])
{
    const Floats zero {};
    const Floats one = zero + 1.0F;
    Floats places[groups], records[groups], allPlaces = zero;
    for (std::size_t g = 0; g < groups; ++g) {
        places[g] = records[g] = zero;
        for (std::size_t c = 0; c < classes; ++c) {
            places[g] += tried[g][c] * passage.then[c];
            records[g] += tried[g][c];
        }
        allPlaces += places[g];
    }
    // In calls a millisecond that have a record for the shard.
    constexpr float kPerMs = static_cast<float>(kTicks) / 1'000;
    Floats together = records[groups - 1] * kPerMs;
    most(together, one);
    Floats calls[groups], allCalls = zero;
    for (std::size_t g = 0; g < groups; ++g) {
        calls[g] = records[g] * kPerMs;
        if (g + 1 < groups)
            calls[g] /= together;
        allCalls += calls[g];
    }
    Floats none;
    fade(none, allCalls);
    const Floats some = 1.0F - none;
    const Floats someCalls = some > 1e-6F ? some : one;
    // Of what comes again all together, without an order among it.
    constexpr float kOrder = 0.3F;
    Floats noneAgain;
    fade(noneAgain, allCalls - calls[groups - 1]);
    const Floats againPlaces = allPlaces - places[groups - 1];
    const Floats pooled
        = allPlaces * (1.0F - noneAgain) / someCalls / (againPlaces > zero ? againPlaces : one);
    Floats left = allPlaces, before = one, ahead = zero;
    for (std::size_t g = 0; g < groups; ++g) {
        ahead += calls[g];
        Floats after;
        fade(after, ahead);
        // That nobody ahead of this group came in the millisecond, but one of it.
        Floats wanted = kOrder * (allPlaces * (before - after) / someCalls)
            + (1.0F - kOrder) * pooled * places[g];
        before = after;
        if (g + 1 == groups)
            wanted = left;
        least(wanted, left);
        const Floats more = wanted / (places[g] > zero ? places[g] : one);
        for (std::size_t c = 0; c < classes; ++c) {
            Floats part = passage.then[c] * more;
            least(part, one);
            left -= part * tried[g][c];
            share[g][c] = passage.full + (1.0F - passage.full) * part;
        }
        most(left, zero);
    }
}

template <std::size_t pools, std::size_t classes>
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
    Floats pool[pools + 1][classes];
    for (std::size_t k = 0; k < pools; ++k)
        for (std::size_t c = 0; c < classes; ++c)
            load(pool[k][c], block.pool[k][c]);

    Words shard;
    for (std::uint32_t l = 0; l < kLanes; ++l)
        shard[l] = (block.first + l) * 0x9e3779b9U;
    const Floats zero {};
    const Floats recordRate = zero + terms.recordRate, byteRate = zero + terms.byteRate;
    for (std::size_t s = 0; s < seconds.size(); ++s) {
        const Second& second = seconds[s];
        Words h = shard ^ second.draw;
        Floats secondTried = zero, secondBytes = zero, secondRefused = zero;
        for (int tick = 0; tick < kTicks; ++tick) {
            Room room {recordTokens, recordRate / static_cast<float>(kTicks), byteTokens,
                       byteRate / static_cast<float>(kTicks)};
            const Floats mean = weight * (second.records / static_cast<float>(kTicks));
            const Floats root = rootWeight * second.rootTick;
            // In the order of sending: what has been tried most often, …, what is fresh.
            Floats group[pools + 1][classes], share[pools + 1][classes], tried[classes];
            for (std::size_t c = 0; c < classes; ++c) {
                const SizeClass& size = terms.sizes[c];
                arrive(group[pools][c], mean * size.share, root * size.rootShare, h);
                tried[c] = group[pools][c];
                for (std::size_t k = 0; k < pools; ++k) {
                    group[pools - 1 - k][c] = pool[k][c] * terms.release[k];
                    tried[c] += group[pools - 1 - k][c];
                }
                secondTried += tried[c];
                secondBytes += tried[c] * (size.bytes * terms.bytesPerRecord);
            }
            Passage<classes> passage;
            admit(passage, room, tried, terms);
            favour(passage, group, share);
            recordTokens = room.recordTokens;
            least(recordTokens, recordRate);
            byteTokens = room.byteTokens;
            least(byteTokens, byteRate);
            for (std::size_t c = 0; c < classes; ++c) {
                Floats refusedOf[pools + 1];
                for (std::size_t g = 0; g <= pools; ++g) {
                    refusedOf[g] = group[g][c] * (1.0F - share[g][c]);
                    accepted += group[g][c] - refusedOf[g];
                    secondRefused += refusedOf[g];
                }
                // What was refused waits for its next attempt, or is given up after the last one.
                lost += refusedOf[0];
                for (std::size_t k = 0; k < pools; ++k)
                    pool[k][c] += refusedOf[pools - k] - group[pools - 1 - k][c];
            }
        }
        attempts += secondTried;
        refused += secondRefused;
        most(peak, secondTried / recordRate);
        most(peak, secondBytes / byteRate);
        attemptsOut[s] += sumOf(secondTried);
        refusedOut[s] += sumOf(secondRefused);
    }
    store(block.recordTokens, recordTokens);
    store(block.byteTokens, byteTokens);
    store(block.attempts, attempts);
    store(block.refused, refused);
    store(block.lost, lost);
    store(block.accepted, accepted);
    store(block.peak, peak);
    for (std::size_t k = 0; k < pools; ++k)
        for (std::size_t c = 0; c < classes; ++c)
            store(block.pool[k][c], pool[k][c]);
}

template <std::size_t pools>
SHARDSCOPE_LANES_INLINE void runClasses(Block& block, std::span<const Second> seconds,
                                        const Terms& terms, float* attempts, float* refused)
{
    if (terms.classes == 1)
        runLanes<pools, 1>(block, seconds, terms, attempts, refused);
    else
        runLanes<pools, kClasses>(block, seconds, terms, attempts, refused);
}

SHARDSCOPE_LANES_INLINE void runHere(Block& block, std::span<const Second> seconds,
                                     const Terms& terms, float* attempts, float* refused)
{
    switch (terms.pools) {
    case 0:
        return runClasses<0>(block, seconds, terms, attempts, refused);
    case 1:
        return runClasses<1>(block, seconds, terms, attempts, refused);
    case 2:
        return runClasses<2>(block, seconds, terms, attempts, refused);
    case 3:
        return runClasses<3>(block, seconds, terms, attempts, refused);
    default:
        return runClasses<kPools>(block, seconds, terms, attempts, refused);
    }
}

} // namespace
} // namespace shardscope::flow
