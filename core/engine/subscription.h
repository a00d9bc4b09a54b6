#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "core/base/result.h"
#include "core/engine/requests.h"

namespace shardscope {

/// How a subscription's events leave the engine. Implemented by whoever asked (the endpoint, a
/// simulated consumer). Called on the engine's thread; must not block.
class SubscriptionSink {
public:
    virtual ~SubscriptionSink() = default;
    /// One event. False when the subscriber has gone: the subscription ends.
    virtual bool event(SubscribeToShardEvent event) = 0;
    /// The end: after the shard's last event or five minutes (no error), taken over by another
    /// subscription (ResourceInUse), stream gone, key trouble.
    virtual void end(std::optional<Error> why) = 0;
    /// Bytes of events that the subscriber has not taken yet: no event is made while it is above
    /// budgets::kSubscriptionUnsent.
    [[nodiscard]] virtual std::int64_t unsent() const = 0;
};

} // namespace shardscope
