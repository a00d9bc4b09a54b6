#include "core/workload/client.h"

#include <algorithm>

#include "core/workload/client_kpl.h"
#include "core/workload/client_sdk.h"

namespace shardscope {

CallWindow::CallWindow(const ClientSpec& spec)
    : m_made(static_cast<std::size_t>(
        std::max<std::int64_t>(1, (spec.callTime.inMicros() + 999) / 1000)))
    , m_most(spec.inFlight)
{
}

std::unique_ptr<Client> Client::create(const ProducerSpec& spec, const Draws& draws)
{
    if (spec.client.api == ClientSpec::Api::Kpl)
        return std::make_unique<KplClient>(spec.client, draws.retry);
    return std::make_unique<SdkClient>(spec.client, draws.retry);
}

std::uint64_t Client::digest() const
{
    std::uint64_t h = 0;
    for (const std::int64_t n :
         {counts.firstTries, counts.retries, counts.accepted, counts.refused, counts.dropped,
          counts.waiting, counts.calls, counts.userRecords, counts.acceptedBytes})
        h = mix64(h ^ static_cast<std::uint64_t>(n));
    return h;
}

} // namespace shardscope
