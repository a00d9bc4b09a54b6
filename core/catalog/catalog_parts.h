#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/catalog/catalog.h"
#include "core/catalog/database.h"
#include "core/catalog/pending_row.h"

namespace shardscope {

/// A table of which a stream's (or a channel's) rows are replaced together.
struct RowsOf {
    Statement put, erase;
};

/// A stream as its rows are in the file.
struct SavedStream {
    StreamState state;
    std::vector<PendingRow> pending;
};

/// What a catalog works with: the open file, its statements, and what is in it.
struct Catalog::Parts {
    std::string path;
    Database database;
    Statement begin, commit, rollback;
    Statement putAccount, putStream, eraseStream, putShard, putPeak, erasePeak;
    Statement putChannel, eraseChannels, putChannelTag, putDelivered;
    RowsOf streamTags, consumers, pending, quotas, encryptionChanges, dataKeys;
    Statement putConsumerTag;
    std::map<StreamSlot, SavedStream> saved;

    [[nodiscard]] static Result<std::unique_ptr<Parts>> make(std::string path, Database database);
};

/// The four series of table `peaks`.
enum class PeakSeries : std::int64_t { BytesMinutes, BytesHours, LoadMinutes, LoadHours };
inline constexpr std::int64_t kPeakSeries = 4;
/// Works on const and other states alike.
template <typename State> auto& peakCells(State& state, std::int64_t series)
{
    switch (static_cast<PeakSeries>(series)) {
    case PeakSeries::BytesMinutes:
        return state.peakBytes.minutes;
    case PeakSeries::BytesHours:
        return state.peakBytes.hours;
    case PeakSeries::LoadMinutes:
        return state.peakLoad.minutes;
    default:
        return state.peakLoad.hours;
    }
}

} // namespace shardscope
