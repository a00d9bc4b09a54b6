#pragma once

#include <memory>

#include "core/endpoint/traffic.h"
#include "core/runtime/served_snapshot.h"
#include "tests/support/sample_snapshot.h"

/// What an endpoint publishes, made without running one: for tests of the Monitor.
namespace shardscope::sample {

struct ServedOptions {
    int streams = 5; ///< the first is `orders`, hot, with tags, consumers and a key
    bool store = false;
    bool board = true; ///< of `orders`
    int boardShards = 4;
    std::uint64_t revision = 1; ///< rates differ a little from one to the next
};

/// The same options give the same snapshot.
[[nodiscard]] std::shared_ptr<const ServedSnapshot> served(const ServedOptions& options = {});

/// Three clients, the operations they called and the errors they got.
[[nodiscard]] std::shared_ptr<const endpoint::TrafficReport> traffic();

} // namespace shardscope::sample
