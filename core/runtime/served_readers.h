#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/stream.h"
#include "core/metrics/snapshot.h"
#include "core/runtime/reader_pace.h"

namespace shardscope {

/// Who reads a served stream, as far as its service can tell: all who call GetRecords together,
/// for that call does not name its reader, and every registered consumer with a subscription.
class ServedReaders {
public:
    /// How all who call GetRecords are called together.
    static constexpr const char* kPollingName = "GetRecords";

    struct Read {
        std::uint64_t next = 0; ///< position in the shard behind what was read
        std::int64_t records = 0;
        Bytes bytes = 0;
        /// Of the newest record read; without one, how far behind the tip the reader stands.
        std::int64_t ageMs = 0;
    };
    void note(const std::string& reader, ShardSlot shard, const Read& read, SimTime now);
    void noteRefusal(const std::string& reader, ShardSlot shard, SimTime now);

    /// Once every 100 ms, at full seconds among them.
    void closeBucket(const Stream& stream, SimTime end);
    /// At the last closed bucket, by slot.
    [[nodiscard]] const std::array<ConsumerSample, kConsumersKept>& behind() const
    {
        return m_behind;
    }
    /// Largest age by shard slot at `now`; of a shard that nobody reads 0.
    [[nodiscard]] std::vector<std::int64_t> ages(SimTime now) const;
    [[nodiscard]] std::int64_t largestAge(SimTime now) const;
    /// Who has read within the last seconds; the others are marked as removed.
    [[nodiscard]] std::vector<ConsumerRow> rows(const Stream& stream, SimTime now) const;

private:
    struct Place {
        SimTime at; ///< of the newest read; the clock's beginning: never
        std::uint64_t next = 0;
        std::int64_t ageMs = 0;
        ReadMeter taken;
    };
    struct Reader {
        std::string name;
        std::vector<Place> places; ///< by shard slot
        ReaderPace::Counts counts;
        std::int64_t maxAgeMs = 0;
        ReaderPace pace;
    };
    [[nodiscard]] Reader& readerOf(const std::string& name);
    [[nodiscard]] static Place& placeOf(Reader& reader, ShardSlot shard);
    [[nodiscard]] static bool reads(const Place& place, SimTime now);
    [[nodiscard]] static std::int64_t lagOf(const Reader& reader, const Stream& stream,
                                            SimTime now);

    std::vector<Reader> m_readers; ///< by slot, in the order in which they came
    std::array<ConsumerSample, kConsumersKept> m_behind;
};

} // namespace shardscope
