#include "ui/screens/plan/measured_run.h"

#include <algorithm>
#include <map>

namespace shardscope::ui {

std::shared_ptr<const MeasuredStream> measuredRun(const Snapshot& snapshot)
{
    auto stream = std::make_shared<MeasuredStream>();
    stream->name = snapshot.stream.summary.streamName;
    std::map<std::int64_t, StreamSample> minutes;
    std::map<std::uint32_t, MeasuredStream::Shard> shards;
    const auto take = [&](Resolution resolution) {
        for (const auto& block : snapshot.history.of(resolution))
            for (std::size_t row = 0; row < block->rows(); ++row) {
                StreamSample& sum = minutes[block->timeOf(row).inSeconds() / 60];
                sum.sum.add(block->totals[row].sum);
                for (std::size_t col = 0; col < block->shards.size(); ++col) {
                    const ShardSample& cell = block->cell(row, col);
                    MeasuredStream::Shard& shard = shards[block->shards[col].value];
                    shard.records += static_cast<double>(cell.offeredRecords());
                    shard.bytes += static_cast<double>(cell.offeredBytes());
                }
            }
    };
    take(Resolution::Minute);
    if (minutes.empty())
        take(Resolution::Second);
    if (minutes.empty())
        return nullptr;
    const std::int64_t first = minutes.begin()->first, last = minutes.rbegin()->first;
    stream->start = SimTime::fromSeconds(first * 60);
    const auto count = static_cast<std::size_t>(last - first + 1);
    stream->records.assign(count, 0);
    stream->bytes.assign(count, 0);
    stream->refusedRecords.assign(count, 0);
    for (const auto& [minute, sample] : minutes) {
        const auto i = static_cast<std::size_t>(minute - first);
        stream->records[i] = sample.sum.inRecords;
        stream->bytes[i] = static_cast<double>(sample.sum.inBytes);
        stream->refusedRecords[i]
            = static_cast<double>(sample.sum.offeredRecords() - sample.sum.inRecords);
    }
    // Open shards stand by hash range in the snapshot: that is their order in the key space.
    for (const ShardRow& row : snapshot.shards)
        if (const auto it = shards.find(row.slot.value);
            it != shards.end() && row.state == ShardState::Open) {
            it->second.shardId = shardIdText(row.slot);
            stream->shards.push_back(it->second);
        }
    stream->notes.push_back("Filled from the stream " + stream->name + " as it ran for "
                            + std::to_string(count) + (count == 1 ? " minute." : " minutes."));
    return stream;
}

} // namespace shardscope::ui
