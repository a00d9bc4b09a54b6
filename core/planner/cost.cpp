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

/// A bill that knows whether every price it needed was there.
class Bill {
public:
    void add(double amount, const std::optional<double>& price)
    {
        if (amount == 0)
            return;
        m_complete = m_complete && price.has_value();
        m_usd += amount * price.value_or(0);
    }
    [[nodiscard]] std::optional<double> total() const
    {
        return m_complete ? std::optional(m_usd) : std::nullopt;
    }

private:
    double m_usd = 0;
    bool m_complete = true;
};

} // namespace

Usage& Usage::operator+=(const Usage& o)
{
    shardHours += o.shardHours;
    putUnits += o.putUnits;
    onDemandStreamHours += o.onDemandStreamHours;
    onDemandInBytes += o.onDemandInBytes;
    outBytes += o.outBytes;
    extendedRetentionShardHours += o.extendedRetentionShardHours;
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

std::optional<double> provisionedCost(const Usage& usage, const RegionPrices& prices)
{
    Bill bill;
    bill.add(usage.shardHours, prices.shardHour);
    bill.add(usage.putUnits / 1e6, prices.putMillionUnits);
    bill.add(usage.extendedRetentionShardHours, prices.extendedRetentionShardHour);
    bill.add(usage.fanOutConsumerShardHours, prices.fanOutConsumerShardHour);
    bill.add(gib(usage.fanOutBytes), prices.fanOutGb);
    return bill.total();
}

std::optional<double> onDemandCost(const Usage& usage, const RegionPrices& prices,
                                   OnDemandPlan plan)
{
    Bill bill;
    if (plan == OnDemandPlan::Standard) {
        bill.add(usage.onDemandStreamHours, prices.onDemandStreamHour);
        bill.add(gib(usage.onDemandInBytes), prices.onDemandInGb);
        bill.add(gib(usage.outBytes), prices.onDemandOutGb);
        bill.add(gib(usage.fanOutBytes), prices.onDemandFanOutGb);
        return bill.total();
    }
    const double committed = usage.commitmentHours * kCommittedBytesPerHour;
    bill.add(gib(std::max(usage.onDemandInBytes, committed)), prices.advantageInGb);
    bill.add(gib(usage.outBytes), prices.advantageOutGb);
    bill.add(gib(usage.fanOutBytes), prices.advantageFanOutGb);
    // Both ways of retrieval count towards the commitment; the shortfall costs what shared reads
    // do.
    const double shortfall = committed - usage.outBytes - usage.fanOutBytes;
    bill.add(gib(std::max(0.0, shortfall)), prices.advantageOutGb);
    return bill.total();
}

} // namespace shardscope
