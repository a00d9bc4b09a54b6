#include "core/planner/cost.h"

#include <algorithm>

#include "core/base/units.h"

namespace shardscope {

namespace {

constexpr std::int64_t kPutUnit = 25_KiB;
constexpr std::int64_t kOnDemandUnit = 1_KiB;
/// The commitment in each direction. Source: facts/scaling-and-pricing.md 3.
constexpr double kCommittedBytesPerHour = 25.0 * 1048576.0 * 3600.0;

constexpr double gib(double bytes)
{
    return bytes / 1073741824.0;
}

void add(Bill& bill, const char* item, const char* unit, double quantity,
         const std::optional<double>& price)
{
    if (quantity != 0)
        bill.push_back({item, unit, quantity, price});
}

} // namespace

Usage& Usage::operator+=(const Usage& o)
{
    shardHours += o.shardHours;
    putUnits += o.putUnits;
    onDemandStreamHours += o.onDemandStreamHours;
    onDemandInBytes += o.onDemandInBytes;
    outBytes += o.outBytes;
    extendedRetentionShardHours += o.extendedRetentionShardHours;
    extendedGbMonths += o.extendedGbMonths;
    longTermGbMonths += o.longTermGbMonths;
    longTermReadBytes += o.longTermReadBytes;
    fanOutConsumerShardHours += o.fanOutConsumerShardHours;
    fanOutBytes += o.fanOutBytes;
    commitmentHours += o.commitmentHours;
    return *this;
}

std::int64_t putUnits(std::int64_t recordBytes)
{
    return std::max<std::int64_t>(1, (recordBytes + kPutUnit - 1) / kPutUnit);
}

std::int64_t onDemandBilledBytes(std::int64_t recordBytes)
{
    return (recordBytes + kOnDemandUnit - 1) / kOnDemandUnit * kOnDemandUnit;
}

Bill provisionedBill(const Usage& usage, const RegionPrices& prices)
{
    Bill bill;
    add(bill, "Shards", "shard-hour", usage.shardHours, prices.shardHour);
    add(bill, "PUT payload units", "million", usage.putUnits / 1e6, prices.putMillionUnits);
    add(bill, "Extended retention", "shard-hour", usage.extendedRetentionShardHours,
        prices.extendedRetentionShardHour);
    add(bill, "Long-term retention", "GB-month", usage.longTermGbMonths,
        prices.longTermRetentionGbMonth);
    add(bill, "Long-term retrieval", "GB", gib(usage.longTermReadBytes),
        prices.longTermRetrievalGb);
    add(bill, "Fan-out consumers", "consumer-shard-hour", usage.fanOutConsumerShardHours,
        prices.fanOutConsumerShardHour);
    add(bill, "Fan-out data", "GB", gib(usage.fanOutBytes), prices.fanOutGb);
    return bill;
}

Bill onDemandBill(const Usage& usage, const RegionPrices& prices, OnDemandPlan plan)
{
    Bill bill;
    if (plan == OnDemandPlan::Standard) {
        add(bill, "Stream", "stream-hour", usage.onDemandStreamHours, prices.onDemandStreamHour);
        add(bill, "Data in", "GB", gib(usage.onDemandInBytes), prices.onDemandInGb);
        add(bill, "Data out", "GB", gib(usage.outBytes), prices.onDemandOutGb);
        add(bill, "Data out, fan-out", "GB", gib(usage.fanOutBytes), prices.onDemandFanOutGb);
        add(bill, "Extended retention", "GB-month", usage.extendedGbMonths,
            prices.onDemandExtendedGbMonth);
    } else {
        const double committed = usage.commitmentHours * kCommittedBytesPerHour;
        add(bill, "Data in", "GB", gib(usage.onDemandInBytes), prices.advantageInGb);
        add(bill, "Committed and not put", "GB",
            gib(std::max(0.0, committed - usage.onDemandInBytes)), prices.advantageInGb);
        add(bill, "Data out", "GB", gib(usage.outBytes), prices.advantageOutGb);
        add(bill, "Data out, fan-out", "GB", gib(usage.fanOutBytes), prices.advantageFanOutGb);
        // Both ways of retrieval count towards the commitment; the shortfall costs what shared
        // reads do.
        add(bill, "Committed and not read", "GB",
            gib(std::max(0.0, committed - usage.outBytes - usage.fanOutBytes)),
            prices.advantageOutGb);
        add(bill, "Extended retention", "GB-month", usage.extendedGbMonths,
            prices.advantageExtendedGbMonth);
    }
    // Whether Advantage lowers it is not known; it is taken as it is in Standard.
    add(bill, "Long-term retention", "GB-month", usage.longTermGbMonths,
        prices.onDemandLongTermGbMonth);
    return bill;
}

std::optional<double> totalOf(const Bill& bill)
{
    double sum = 0;
    for (const CostLine& line : bill) {
        const std::optional<double> usd = line.usd();
        if (!usd)
            return std::nullopt;
        sum += *usd;
    }
    return sum;
}

std::optional<double> provisionedCost(const Usage& usage, const RegionPrices& prices)
{
    return totalOf(provisionedBill(usage, prices));
}

std::optional<double> onDemandCost(const Usage& usage, const RegionPrices& prices,
                                   OnDemandPlan plan)
{
    return totalOf(onDemandBill(usage, prices, plan));
}

} // namespace shardscope
