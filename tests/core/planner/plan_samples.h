#pragma once

#include "core/planner/plan.h"

namespace shardscope {

/// us-east-1 as the facts have it.
inline RegionPrices virginia()
{
    RegionPrices p;
    p.shardHour = 0.015;
    p.putMillionUnits = 0.014;
    p.extendedRetentionShardHour = 0.020;
    p.longTermRetentionGbMonth = 0.023;
    p.longTermRetrievalGb = 0.021;
    p.fanOutConsumerShardHour = 0.015;
    p.fanOutGb = 0.013;
    p.onDemandStreamHour = 0.040;
    p.onDemandInGb = 0.080;
    p.onDemandOutGb = 0.040;
    p.onDemandFanOutGb = 0.050;
    p.onDemandExtendedGbMonth = 0.10;
    p.onDemandLongTermGbMonth = 0.023;
    p.advantageInGb = 0.032;
    p.advantageOutGb = 0.016;
    p.advantageFanOutGb = 0.016;
    p.advantageExtendedGbMonth = 0.023;
    return p;
}

/// Two days of one workload.
inline PlanRequest requestFor(const PlanWorkload& workload)
{
    PlanRequest request;
    request.streams = {{workload, nullptr}};
    request.prices = virginia();
    request.priceDate = "2026-11-23";
    request.days = 2;
    request.samples = 20;
    return request;
}

/// An even load without bursts or skew.
inline PlanWorkload evenLoad(double recordsPerSecond, double bytes)
{
    PlanWorkload w;
    w.recordsPerSecond = recordsPerSecond;
    w.recordBytes = bytes;
    w.curve = DayCurve::Constant;
    w.peakFactor = 1;
    w.burstFactor = 1;
    w.headroomPercent = 0;
    return w;
}

} // namespace shardscope
