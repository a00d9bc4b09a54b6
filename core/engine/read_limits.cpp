#include "core/engine/read_limits.h"

#include <algorithm>

#include "core/engine/limits.h"

namespace shardscope {
namespace {

constexpr SimDuration kCallCost = SimDuration::micros(1'000'000 / limits::kShardReadCalls);
constexpr SimDuration kCallBurst = SimDuration::seconds(1);
constexpr SimDuration kFullAnswerWait = SimDuration::seconds(5);
// A full answer and the bytes rule say the same thing in two ways.
static_assert(kFullAnswerWait.inMicros() / 1'000'000 * limits::kShardReadBytes
              == limits::kGetRecordsBytes);

} // namespace

ReadVerdict askToRead(Shard& shard, SimTime now)
{
    ReadVerdict verdict;
    const auto refuse = [&](Rule rule, SimTime until) {
        if (!verdict.refused || until >= verdict.wouldPassAt)
            verdict = {rule, until};
    };
    const SimTime callsFullAt = std::max(shard.readCallsFullAt, now);
    if (callsFullAt + kCallCost - now > kCallBurst)
        refuse(Rule::R2ReadCalls, callsFullAt + kCallCost - kCallBurst);
    // Inside a slice readers have no order in time, so a debt shorter than one slice is no debt:
    // else two readers of a few bytes could never meet in the same moment.
    if (shard.readBytesFreeAt - now >= kSlice)
        refuse(Rule::R1ReadBytes, shard.readBytesFreeAt);
    if (shard.waitUntil > now)
        refuse(Rule::R3ReadWait, shard.waitUntil);

    if (!verdict.refused) {
        shard.readCallsFullAt = callsFullAt + kCallCost;
        return verdict;
    }
    switch (*verdict.refused) {
    case Rule::R1ReadBytes:
        ++shard.refusedReadBytes;
        break;
    case Rule::R2ReadCalls:
        ++shard.refusedReadCalls;
        break;
    default:
        ++shard.refusedReadWait;
        break;
    }
    return verdict;
}

void bookAnswer(Shard& shard, Bytes bytes, bool full, SimTime now)
{
    shard.readBytesFreeAt = std::max(shard.readBytesFreeAt, now)
        + SimDuration::micros(bytes * 1'000'000 / limits::kShardReadBytes);
    if (full)
        shard.waitUntil = now + kFullAnswerWait;
}

} // namespace shardscope
