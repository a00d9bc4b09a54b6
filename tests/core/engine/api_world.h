#pragma once

#include "tests/core/engine/service_world.h"

namespace shardscope::testing {

/// A service world that is asked through its one door.
struct ApiWorld : ServiceWorld {
    using ServiceWorld::ServiceWorld;

    Result<ApiAnswer> handle(const ApiRequest& request) { return service.handle(request, now); }
    /// The answer, which must be an `Answer`.
    template <typename Answer> Answer ask(const ApiRequest& request)
    {
        auto answer = handle(request);
        if (!answer)
            qFatal("%s", answer.error().message.c_str());
        return std::get<Answer>(std::move(*answer));
    }
    /// Why it is refused, or none.
    std::optional<ErrorCode> codeOf(const ApiRequest& request)
    {
        const auto answer = handle(request);
        return answer ? std::nullopt : std::optional(answer.error().code);
    }
    /// The sentence it is refused with, or nothing.
    std::string textOf(const ApiRequest& request)
    {
        const auto answer = handle(request);
        return answer ? std::string() : answer.error().message;
    }
};

/// As quickOptions(), without rates of calls.
inline ServiceOptions unhurriedOptions()
{
    ServiceOptions options = quickOptions();
    options.throttling.control = false;
    return options;
}

inline const std::optional<ErrorCode> kFine;

} // namespace shardscope::testing
