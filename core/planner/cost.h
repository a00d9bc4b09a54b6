#pragma once

#include <boost/container/static_vector.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/planner/price_book.h"

namespace shardscope {

/// What a stream used, in the units that are billed. Rounding is per record, so it is counted as it
/// happens. Sources: facts/scaling-and-pricing.md 1.3 and 2.4.
struct Usage {
    double shardHours = 0;
    double putUnits = 0; ///< each started 25 KiB of one record
    double onDemandStreamHours = 0;
    double onDemandInBytes = 0; ///< each record rounded up to 1 KiB
    double outBytes = 0; ///< GetRecords
    double extendedRetentionShardHours = 0; ///< retention above 24 h; provisioned
    double extendedGbMonths = 0; ///< stored between 24 h and 7 d; on-demand
    double longTermGbMonths = 0; ///< stored beyond 7 d
    double longTermReadBytes = 0; ///< read of what is older than 7 d; provisioned
    double fanOutConsumerShardHours = 0;
    double fanOutBytes = 0;
    /// Hours in which the account was held to its minimum throughput billing commitment. Only
    /// On-demand Advantage bills them.
    double commitmentHours = 0;

    Usage& operator+=(const Usage& o);
};

/// PUT payload units of one record: each started 25 KiB of data + key; at least one.
[[nodiscard]] std::int64_t putUnits(std::int64_t recordBytes);
/// Bytes that on-demand mode bills for one record: rounded up to whole KiB.
[[nodiscard]] std::int64_t onDemandBilledBytes(std::int64_t recordBytes);

enum class OnDemandPlan { Standard, Advantage };

/// One line of a bill.
struct CostLine {
    const char* item = ""; ///< what it is for
    const char* unit = ""; ///< of the quantity: what the price is for
    double quantity = 0;
    std::optional<double> price; ///< USD a unit; none: the price book does not have it

    [[nodiscard]] std::optional<double> usd() const
    {
        return price ? std::optional(quantity * *price) : std::nullopt;
    }
};
using Bill = boost::container::static_vector<CostLine, 8>;
/// What `usage` is billed for in provisioned mode and in on-demand mode; nothing is not listed.
[[nodiscard]] Bill provisionedBill(const Usage& usage, const RegionPrices& prices);
[[nodiscard]] Bill onDemandBill(const Usage& usage, const RegionPrices& prices,
                                OnDemandPlan plan = OnDemandPlan::Standard);
/// Its sum; none when the price of a line is missing.
[[nodiscard]] std::optional<double> totalOf(const Bill& bill);

/// USD of `usage` in provisioned mode and in on-demand mode; none when a price it needs is missing.
/// Advantage bills no stream-hours, and at least 25 MiB/s each way in `commitmentHours`. A GB is
/// read as GiB, as everywhere in this program.
[[nodiscard]] std::optional<double> provisionedCost(const Usage& usage, const RegionPrices& prices);
[[nodiscard]] std::optional<double> onDemandCost(const Usage& usage, const RegionPrices& prices,
                                                 OnDemandPlan plan = OnDemandPlan::Standard);

} // namespace shardscope
