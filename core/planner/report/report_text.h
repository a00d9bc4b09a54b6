#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/planner/plan.h"

/// How plans become words and figures, in every report alike. C locale; thousands are parted by
/// commas.
namespace shardscope::report {

[[nodiscard]] std::string grouped(double value, int decimals = 0); ///< 12,345.6
[[nodiscard]] std::string usd(const std::optional<double>& value); ///< `$1,035`; `no price`
[[nodiscard]] std::string percent(double percent); ///< `0.03 %`, `12 %`
[[nodiscard]] std::string mibps(double bytesPerSecond); ///< `12.4 MiB/s`
[[nodiscard]] std::string recordsPerSecond(double value);
[[nodiscard]] std::string age(double seconds); ///< `1 s`, `4 min`, `2.5 h`
[[nodiscard]] std::string shards(const PlanOption& option); ///< `21`, `5 to 21`
[[nodiscard]] std::string moment(SimTime t); ///< `2026-01-09 20:14 UTC`
/// The answer in one sentence.
[[nodiscard]] std::string headline(const StreamPlan& stream, double targetRefused);
/// "Binding limit: Write bytes, 67 % of a shard in the busiest minute."
[[nodiscard]] std::string bindingSentence(const StreamPlan& stream);
/// `weekdays from 06:00: 9; …`
[[nodiscard]] std::string scheduleText(const PlanOption& option);
/// Prices, seed, and that this is a simulation.
[[nodiscard]] std::string provenance(const PlanResult& result);
/// The option that a report shows in detail: the cheapest that meets the target, or the first.
[[nodiscard]] const PlanOption* chosen(const StreamPlan& stream);

} // namespace shardscope::report
