#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/offer.h"
#include "core/workload/key_distribution.h"
#include "core/workload/size_distribution.h"
#include "core/workload/trace_reader.h"
#include "core/workload/traffic_shape.h"

namespace shardscope {

/// The independent streams of chance of one producer. They follow from the run's seed and the
/// producer's slot alone and outlive every change of its spec.
struct Draws {
    Draws(std::uint64_t seed, ProducerSlot slot);
    CounterRng key, salt, size, payload, arrival, retry;
};

/// What a spec makes of record numbers. Shared by all segments that run under the same spec.
struct Era {
    Era(const ProducerSpec& spec, const Draws& draws, std::shared_ptr<const KeyDistribution> keys,
        std::shared_ptr<const Trace> trace);
    ProducerSpec spec;
    Draws draws;
    std::shared_ptr<const KeyDistribution> keys;
    SizeDistribution size;
    std::shared_ptr<const Trace> trace; ///< null unless the spec replays one
};

/// Working memory for filling rows; one per lane.
struct FillScratch {
    std::string text;
    std::vector<std::uint32_t> offset;
};

/// Finds the milliseconds in which ascending records arrived.
struct ArrivalWalk {
    std::int64_t ms = 0; ///< the current one
    std::uint64_t end = 0; ///< the shape's count after it
};

/// An unbroken run of record numbers made under one spec: from a start, a change or a resume to the
/// next change or pause. Record n is the shape's arrival number n - first + skipped. Immutable, so
/// any record ever stored can be made again from its number.
class Segment {
public:
    Segment(std::shared_ptr<const Era> era, const TrafficShape& shape, std::uint64_t first,
            std::int64_t beginMs, std::uint32_t lanes);

    [[nodiscard]] const Era& era() const { return *m_era; }
    [[nodiscard]] std::shared_ptr<const Era> sharedEra() const { return m_era; }
    [[nodiscard]] const TrafficShape& shape() const { return m_shape; }
    [[nodiscard]] std::uint64_t first() const { return m_first; }
    [[nodiscard]] std::int64_t beginMs() const { return m_beginMs; }
    [[nodiscard]] std::uint32_t lanes() const { return m_lanes; }

    /// Records made in this segment before the millisecond `ms` when `counted` were made before
    /// `ms - 1`; without chance in the arrivals it does not need `counted`.
    [[nodiscard]] std::uint64_t madeBefore(std::int64_t ms, std::uint64_t counted) const;
    /// The walk at `ms`, before which `made` records of this segment were made.
    [[nodiscard]] ArrivalWalk walkFrom(std::int64_t ms, std::uint64_t made) const;
    /// When record `number` arrived. `number` must not lie before the walk.
    [[nodiscard]] std::int64_t arrival(std::uint64_t number, ArrivalWalk& walk) const;
    /// As above for any number, by search. Poisson arrivals are counted up from `marks`, which hold
    /// the records made before each kMarkMs from the beginning on.
    [[nodiscard]] std::int64_t arrival(std::uint64_t number,
                                       const std::vector<std::uint64_t>& marks) const;
    static constexpr std::int64_t kMarkMs = 1'000;

    [[nodiscard]] std::uint32_t dataBytes(std::uint64_t number) const;
    [[nodiscard]] std::string key(std::uint64_t number, std::int64_t arrivalMs) const;
    /// Data and key together, without making the key where its length is known.
    [[nodiscard]] std::uint32_t recordBytes(std::uint64_t number) const;
    /// No record of this segment is larger.
    [[nodiscard]] std::uint64_t largestRecord() const { return m_largest; }
    [[nodiscard]] std::string data(std::uint64_t number, std::string_view key,
                                   std::int64_t arrivalMs) const;

    /// Appends `count` rows of first tries: records from, from + stride, …
    void fill(std::uint64_t from, std::uint32_t stride, std::uint32_t count, ArrivalWalk walk,
              FillScratch& scratch, OfferBatch& out) const;

private:
    [[nodiscard]] std::uint64_t arrivalNumber(std::uint64_t number) const
    {
        return number - m_first + m_skipped;
    }
    /// A second of Poisson arrivals, counted out.
    struct CountedSecond {
        std::uint64_t segment = 0; ///< its m_id; 0: none
        std::int64_t ms = 0; ///< its first
        std::array<std::uint64_t, kMarkMs> ends {}; ///< the shape's count after each millisecond
    };
    static constexpr std::size_t kSecondsKept = 8;
    [[nodiscard]] const CountedSecond& countedFrom(std::int64_t ms, std::uint64_t made) const;
    [[nodiscard]] std::uint64_t shapeBefore(std::int64_t ms) const;
    [[nodiscard]] std::uint64_t keyId(std::uint64_t number) const;
    void fillFromTable(std::uint64_t from, std::uint32_t stride, std::uint32_t count,
                       std::size_t row, OfferBatch& out) const;
    void fillFromText(std::uint64_t from, std::uint32_t stride, std::uint32_t count,
                      ArrivalWalk walk, FillScratch& scratch, std::size_t row,
                      OfferBatch& out) const;

    std::uint64_t m_id; ///< the same for copies, which are the same run of records
    std::shared_ptr<const Era> m_era;
    TrafficShape m_shape;
    std::uint64_t m_first, m_skipped = 0, m_largest = 0;
    std::int64_t m_beginMs;
    std::uint32_t m_lanes;
};

} // namespace shardscope
