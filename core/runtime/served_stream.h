#pragma once

#include <cstdint>
#include <vector>

#include "core/engine/requests.h"
#include "core/engine/stream.h"
#include "core/runtime/attached_readers.h"
#include "core/runtime/served_readers.h"
#include "core/runtime/stream_book.h"

namespace shardscope {

/// What is measured of one stream of a local service. Its history is kept while records move, for
/// as long as there is memory for it; until then it costs next to nothing.
class ServedStream {
public:
    ServedStream(Stream& stream, const RegionPrices& prices, SimTime now);

    [[nodiscard]] Stream& stream() const { return *m_stream; }
    [[nodiscard]] StreamBook& book() { return m_book; }
    [[nodiscard]] const StreamBook& book() const { return m_book; }
    [[nodiscard]] SimTime busyAt() const { return m_busyAt; } ///< when a counter last moved
    [[nodiscard]] bool hasHistory() const { return m_recording; }
    /// Whether its history goes on: records moved within the last minute, or it is `watched`.
    [[nodiscard]] bool keepsHistory(SimTime now, bool watched) const;

    /// Looks at the counters; true when they have moved since the last time.
    [[nodiscard]] bool moved(SimTime now);
    /// Begins its history, or gives it another share of memory.
    void allot(Bytes budget);
    void dropHistory(SimTime now);
    /// Closes the bucket that ends at `end`. There is a history. `attached`: readers of ours.
    void closeBucket(SimTime end, const AttachedReaders& attached);

    /// A put that was carried out; `numbers` as in PutRecordsResult.
    void notePut(const RecordBatch& batch, const std::vector<SequenceNumber>& numbers, SimTime now);
    /// Who reads it.
    [[nodiscard]] ServedReaders& readers() { return m_readers; }
    [[nodiscard]] const ServedReaders& readers() const { return m_readers; }
    /// Records offered by those puts, counted apart from the shards' own counts.
    [[nodiscard]] Volume offered() const { return m_offered; }

    /// The last full second; zero when nothing moves.
    [[nodiscard]] StreamSample lastSecond(SimTime now) const;
    /// Of its open shards in the last full second.
    [[nodiscard]] double hottestPercentOfLimit(SimTime now) const;

private:
    [[nodiscard]] bool quiet(SimTime now) const;
    [[nodiscard]] std::uint64_t counted() const;

    Stream* m_stream;
    StreamBook m_book;
    bool m_recording = false;
    std::uint64_t m_counted = 0; ///< sum of all counters when last looked at
    SimTime m_busyAt;
    Volume m_offered;
    ServedReaders m_readers;
};

} // namespace shardscope
