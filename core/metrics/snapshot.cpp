#include "core/metrics/snapshot.h"

#include <algorithm>

#include "core/engine/limits.h"

namespace shardscope {

double ShardRates::percentOfLimit() const
{
    const double bytes = offeredBytes() / static_cast<double>(limits::kShardWriteBytes);
    const double records = offeredRecords() / static_cast<double>(limits::kShardWriteRecords);
    return 100.0 * std::max(bytes, records);
}

double ShardRates::readPercentOfLimit() const
{
    const double bytes = outBytes / static_cast<double>(limits::kShardReadBytes);
    const double calls = readCalls / static_cast<double>(limits::kShardReadCalls);
    return 100.0 * std::max(bytes, calls);
}

double ProducerRow::amplification() const
{
    return firstTries > 0 ? static_cast<double>(attempts()) / static_cast<double>(firstTries) : 1.0;
}

const ShardRow* Snapshot::find(ShardSlot slot) const
{
    const auto row = std::find_if(shards.begin(), shards.end(),
                                  [&](const ShardRow& r) { return r.slot == slot; });
    return row != shards.end() ? &*row : nullptr;
}

} // namespace shardscope
