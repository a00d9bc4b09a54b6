#pragma once

#include <cstdint>
#include <limits>

#include "core/workload/producer_spec.h"

namespace shardscope {

/// A client library's way to try again, in figures. Source: facts/clients.md 1.1, 2.3, 7.4.
struct RetryProfile {
    explicit RetryProfile(const ClientSpec& spec);

    static constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();
    std::int64_t attempts = 1; ///< with the first one
    double baseMs = 0;
    double capMs = 0; ///< 0: none
    bool agent = false; ///< full delay ± 30 % by failures so far, instead of a share of it
    bool expires = false; ///< gives up when the time to live has passed

    /// Milliseconds from the answer to the next try after `tries` of them (>= 1). `failures` is the
    /// agent's measure of how badly things go; `chance` is in [0, 1).
    [[nodiscard]] std::int64_t delayMs(std::int64_t tries, double failures, double chance) const;
};

} // namespace shardscope
