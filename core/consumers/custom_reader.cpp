#include "core/consumers/custom_reader.h"

#include <algorithm>

namespace shardscope {
namespace {

FeedPace paceOf(const ConsumerSpec& spec)
{
    FeedPace pace;
    if (spec.kind == ConsumerKind::FanOut)
        pace.way = FeedPace::Way::FanOut;
    const SimDuration period
        = SimDuration::fromSeconds(1 / std::clamp(spec.readsPerSecond, 0.01, 100.0));
    pace.afterNothing = pace.afterRecords = pace.whenBehind = period;
    pace.recordsPerCall = spec.recordsPerCall;
    return pace;
}

} // namespace

CustomReader::CustomReader(ConsumerSlot slot, const ConsumerSpec& spec, std::uint64_t seed,
                           SimTime runStart)
    : Reader(slot, spec, seed, runStart, paceOf(spec))
{
}

std::unique_ptr<Reader> CustomReader::clone() const
{
    return std::make_unique<CustomReader>(*this);
}

void CustomReader::change(const ConsumerSpec& spec, SimTime now)
{
    Reader::change(spec, now);
    m_feed.setPace(paceOf(m_spec), now);
}

bool CustomReader::ready(ShardSlot /*shard*/, SimTime /*now*/)
{
    return true; // what is in hand is waited for by take()
}

SimTime CustomReader::take(const Fetched& fetched)
{
    countFetched(fetched);
    processed(fetched.shard, fetched.next);
    if (fetched.atEnd)
        m_progress.finish(stream(), fetched.shard);
    if (m_spec.recordsPerSecond <= 0)
        return fetched.now;
    const auto taken = static_cast<double>(fetched.next - fetched.first);
    return fetched.now + SimDuration::fromSeconds(taken / m_spec.recordsPerSecond);
}

} // namespace shardscope
