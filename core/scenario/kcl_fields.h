#pragma once

#include "core/consumers/kcl_spec.h"
#include "core/engine/limits.h"

namespace shardscope::scenario_format {

template <typename Io> void fields(Io& io, KclSpec& s)
{
    io.choice("version", s.version);
    io.choice("retrieval", s.retrieval);
    io.integer("workers", s.workers, 1, 1'000);
    io.duration("failover", s.failover, SimDuration::seconds(1), SimDuration::hours(1));
    io.duration("idleBetweenReads", s.idleBetweenReads, {}, SimDuration::hours(1));
    io.integer("recordsPerCall", s.recordsPerCall, 1, limits::kGetRecordsRecords);
    io.duration("checkpointEvery", s.checkpointEvery, {}, SimDuration::days(1));
    io.integer("leasesToSteal", s.leasesToSteal, 1, 1'000);
    io.flag("gracefulHandoff", s.gracefulHandoff);
}

} // namespace shardscope::scenario_format
