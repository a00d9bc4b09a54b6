#pragma once

#include "core/consumers/analytics_spec.h"
#include "core/scenario/words.h"

namespace shardscope::scenario_format {

/// The fields of a stream-analytics reader; see scenario_fields.h.
template <typename Io> void fields(Io& io, AnalyticsSpec& s)
{
    const SimDuration day = SimDuration::days(1);
    io.choice("query", s.query);
    io.text("keyBy", s.keyBy, 0, 100);
    io.text("value", s.value, 0, 100);
    io.choice("aggregate", s.aggregate);
    io.number("percentile", s.percentile, 0.001, 100);
    io.number("threshold", s.threshold, -1e15, 1e15);
    io.integer("k", s.k, 1, 1000);
    io.choice("window", s.window);
    io.duration("size", s.size, {}, day * 7);
    io.duration("slide", s.slide, {}, day * 7);
    io.duration("gap", s.gap, {}, day);
    io.choice("time", s.time);
    io.text("timeField", s.timeField, 0, 100);
    io.duration("outOfOrderness", s.outOfOrderness, {}, day);
    io.duration("idleness", s.idleness, {}, day);
    io.duration("allowedLateness", s.allowedLateness, {}, day);
    io.integer("parallelism", s.parallelism, 1, 256);
    io.duration("checkpointInterval", s.checkpointInterval, SimDuration::seconds(1), day);
    io.flag("fanOut", s.fanOut);
    using A = AnalyticsSpec::Aggregate;
    io.check(s.query != AnalyticsSpec::Query::Own || s.aggregate == A::Count
                 || s.aggregate == A::TopK || !s.value.empty(),
             "value", "must name a field with a number for this aggregate");
    io.check(s.aggregate != A::TopK || s.window != AnalyticsSpec::Window::Session, "aggregate",
             "must not be topK with session windows: each key has sessions of its own");
    const AnalyticsSpec job = resolved(s);
    io.check(job.size <= job.slide * 1000, "slide",
             "must be at least a thousandth of size: so many windows hold each record");
}

} // namespace shardscope::scenario_format
