#pragma once

#include <functional>
#include <memory>

#include "core/base/result.h"
#include "core/engine/api.h"
#include "core/engine/subscription.h"

namespace shardscope::endpoint {

/// The service behind the endpoint, handed in from above (the runtime). Both functions may be
/// called on any thread; false says that too much waits already: answer "busy", `reply` is not
/// called. `reply` runs on whichever thread works for the service (often the caller's own, before
/// the call returns): hop home with Exchange::post and do no more there.
struct Backend {
    using Reply = std::function<void(Result<ApiAnswer>)>;

    std::function<bool(ApiRequest request, Reply reply)> submit;
    /// SubscribeToShard. After a good answer the events go to `sink`.
    std::function<bool(SubscribeToShard request, std::shared_ptr<SubscriptionSink> sink,
                       Reply reply)>
        subscribe;
};

} // namespace shardscope::endpoint
