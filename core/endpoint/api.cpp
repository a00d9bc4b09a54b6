#include "core/endpoint/api.h"

#include "core/endpoint/call.h"

namespace shardscope::endpoint {

struct Api::Impl {
    explicit Impl(Options options)
        : core(std::move(options))
    {
    }
    ApiCore core;
};

Api::Api(Options options)
    : m_impl(std::make_shared<Impl>(std::move(options)))
{
}

Api::~Api() = default;

Handler Api::handler() const
{
    // The calls share the core and with it the whole.
    std::shared_ptr<const ApiCore> core(m_impl, &m_impl->core);
    return [core](std::shared_ptr<const HttpRequest> request, std::shared_ptr<Exchange> exchange) {
        std::make_shared<Call>(core, std::move(request), std::move(exchange))->run();
    };
}

std::shared_ptr<const TrafficReport> Api::traffic() const
{
    return m_impl->core.traffic.report();
}

} // namespace shardscope::endpoint
