#include "core/consumers/analytics_spec.h"

namespace shardscope {
namespace {

struct ReadyMade {
    const char* keyBy;
    const char* value;
    AnalyticsSpec::Aggregate aggregate;
    AnalyticsSpec::Window window;
    SimDuration size, slide, gap;
};

/// facts/clients.md 6.4.
ReadyMade readyMade(AnalyticsSpec::Query query)
{
    using A = AnalyticsSpec::Aggregate;
    using W = AnalyticsSpec::Window;
    using Q = AnalyticsSpec::Query;
    const SimDuration minute = SimDuration::minutes(1);
    switch (query) {
    case Q::DeviceAverage:
        return {"device", "temperature", A::Average, W::Tumbling, SimDuration::seconds(10), {}, {}};
    case Q::MissingHeartbeat:
        return {"device", "", A::Count, W::Session, {}, {}, SimDuration::seconds(30)};
    case Q::Sessions:
        return {"user", "", A::Count, W::Session, {}, {}, SimDuration::minutes(30)};
    case Q::Funnel:
        return {"event", "", A::Count, W::Sliding, SimDuration::hours(1), minute * 5, {}};
    case Q::TopPages:
        return {"page", "", A::TopK, W::Tumbling, minute, {}, {}};
    case Q::ErrorRate:
        return {"host", "status", A::Share, W::Tumbling, minute, {}, {}};
    case Q::Own:
        break;
    }
    return {"", "", A::Count, W::Tumbling, minute, {}, SimDuration::seconds(30)};
}

} // namespace

AnalyticsSpec resolved(AnalyticsSpec spec)
{
    const ReadyMade ready = readyMade(spec.query);
    if (spec.query != AnalyticsSpec::Query::Own) {
        spec.keyBy = ready.keyBy;
        spec.value = ready.value;
        spec.aggregate = ready.aggregate;
        spec.window = ready.window;
        spec.timeField = "ts";
        if (spec.query == AnalyticsSpec::Query::ErrorRate)
            spec.threshold = 500;
    }
    const SimDuration none;
    if (spec.size == none)
        spec.size = ready.size == none ? SimDuration::minutes(1) : ready.size;
    if (spec.slide == none)
        spec.slide = ready.slide == none ? spec.size : ready.slide;
    if (spec.gap == none)
        spec.gap = ready.gap == none ? SimDuration::seconds(30) : ready.gap;
    return spec;
}

} // namespace shardscope
