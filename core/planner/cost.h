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

    Usage& operator+=(const Usage& o);
};

/// USD of `usage` in provisioned mode and in on-demand mode (Standard or Advantage); none when a
/// price it needs is missing.
[[nodiscard]] std::optional<double> provisionedCost(const Usage& usage, const RegionPrices& prices);
[[nodiscard]] std::optional<double> onDemandCost(const Usage& usage, const RegionPrices& prices);

} // namespace shardscope
