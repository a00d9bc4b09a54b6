#pragma once

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
    double extendedRetentionShardHours = 0; ///< retention above 24 h, up to 7 d
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

/// USD of `usage` in provisioned mode and in on-demand mode; none when a price it needs is missing.
/// Advantage bills no stream-hours, and at least 25 MiB/s each way in `commitmentHours`. A GB is
/// read as GiB, as everywhere in this program.
[[nodiscard]] std::optional<double> provisionedCost(const Usage& usage, const RegionPrices& prices);
[[nodiscard]] std::optional<double> onDemandCost(const Usage& usage, const RegionPrices& prices,
                                                 OnDemandPlan plan = OnDemandPlan::Standard);

} // namespace shardscope
