#pragma once

#include "core/consumers/event_filter.h"
#include "core/consumers/lambda_spec.h"

namespace shardscope::scenario_format {

template <typename Io> void fields(Io& io, LambdaSpec::Model& s)
{
    io.duration("duration", s.duration, {}, SimDuration::minutes(15));
    io.duration("perRecord", s.perRecord, {}, SimDuration::minutes(15));
    io.number("spread", s.spread, 0, 3);
    io.number("errorShare", s.errorShare, 0, 1);
    io.number("poisonShare", s.poisonShare, 0, 1);
}

/// The fields of a Lambda event source mapping; see scenario_fields.h.
template <typename Io> void fields(Io& io, LambdaSpec& s)
{
    io.integer("batchSize", s.batchSize, 1, 10'000);
    io.duration("batchingWindow", s.batchingWindow, {}, SimDuration::seconds(300));
    io.integer("parallelizationFactor", s.parallelizationFactor, 1, 10);
    io.integer("maximumRetryAttempts", s.maximumRetryAttempts, -1, 10'000);
    io.duration("maximumRecordAge", s.maximumRecordAge, {}, SimDuration::days(7));
    io.flag("bisectOnError", s.bisectOnError);
    io.flag("reportBatchItemFailures", s.reportBatchItemFailures);
    io.duration("tumblingWindow", s.tumblingWindow, {}, SimDuration::seconds(900));
    io.texts("filters", s.filters, EventFilter::kPatternsMost, EventFilter::kPatternMost);
    io.flag("fanOut", s.fanOut);
    io.integer("concurrency", s.concurrency, 1, 1'000'000);
    io.text("onFailure", s.onFailure, 0, 1'000);
    io.text("function", s.function, 0, 10'000);
    io.duration("timeout", s.timeout, SimDuration::seconds(1), SimDuration::minutes(15));
    io.object("model", s.model);
    io.check(s.tumblingWindow.inMicros() % 1'000'000 == 0, "tumblingWindow",
             "must be whole seconds");
    io.check(s.maximumRecordAge == SimDuration {} || s.maximumRecordAge >= SimDuration::seconds(60),
             "maximumRecordAge", "must be at least 60s, or 0s for as long as records are kept");
}

} // namespace shardscope::scenario_format
