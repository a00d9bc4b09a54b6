#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace shardscope {

/// Prices of one Region in USD. A missing price is none, never zero. Units and sources:
/// facts/scaling-and-pricing.md 1.3 and 2.4.
struct RegionPrices {
    std::optional<double> shardHour;
    std::optional<double> putMillionUnits; ///< per million PUT payload units of 25 KB
    std::optional<double> extendedRetentionShardHour;
    std::optional<double> longTermRetentionGbMonth, longTermRetrievalGb;
    std::optional<double> fanOutConsumerShardHour, fanOutGb;
    std::optional<double> onDemandStreamHour, onDemandInGb, onDemandOutGb, onDemandFanOutGb;
    std::optional<double> onDemandExtendedGbMonth, onDemandLongTermGbMonth;
    std::optional<double> advantageInGb, advantageOutGb, advantageFanOutGb,
        advantageExtendedGbMonth;

    friend bool operator==(const RegionPrices&, const RegionPrices&) = default;
};

struct PriceBook {
    std::string date; ///< when the figures were read
    std::map<std::string, RegionPrices> regions;

    friend bool operator==(const PriceBook&, const PriceBook&) = default;
};

/// Reads resources/prices.json. Errors: BadInput with the field.
[[nodiscard]] Result<PriceBook> parsePriceBook(std::string_view json);
/// What parsePriceBook reads back to an equal value.
[[nodiscard]] std::string writePriceBook(const PriceBook& book);
/// `into` with every price that `from` has; the date is the later one.
[[nodiscard]] PriceBook merged(PriceBook into, const PriceBook& from);

} // namespace shardscope
