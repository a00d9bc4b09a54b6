#include "core/consumers/order_check.h"

#include "core/base/rng.h"

namespace shardscope {

bool OrderCheck::note(ShardSlot shard, std::uint64_t position, const RecordMeta& meta)
{
    Seen& seen = m_seen[mix64(meta.hashHigh) % kKeys];
    bool good = true;
    if (seen.arrivalMs != INT64_MIN && seen.hashHigh == meta.hashHigh)
        good
            = meta.arrivalMs >= seen.arrivalMs && (shard != seen.shard || position > seen.position);
    seen = {meta.hashHigh, position, meta.arrivalMs, shard};
    return good;
}

void OrderCheck::forget(ShardSlot shard)
{
    for (Seen& seen : m_seen)
        if (seen.shard == shard)
            seen = {};
}

std::uint64_t OrderCheck::digest() const
{
    std::uint64_t h = 0;
    for (const Seen& seen : m_seen)
        h = mix64(h ^ seen.hashHigh ^ seen.position);
    return h;
}

} // namespace shardscope
