#include "core/workload/retry_profile.h"

#include <algorithm>
#include <cmath>

namespace shardscope {

RetryProfile::RetryProfile(const ClientSpec& spec)
{
    switch (spec.retry) {
    case ClientSpec::Retry::None:
        break;
    case ClientSpec::Retry::Immediate:
        attempts = kForever;
        break;
    case ClientSpec::Retry::Legacy:
        attempts = 5;
        baseMs = 1000;
        break;
    case ClientSpec::Retry::Standard2025:
        attempts = 3;
        baseMs = 500;
        capMs = 20'000;
        break;
    case ClientSpec::Retry::Standard2026:
        attempts = 3;
        baseMs = 1000;
        capMs = 20'000;
        break;
    case ClientSpec::Retry::Agent:
        attempts = kForever;
        baseMs = 100;
        capMs = 10'000;
        agent = true;
        break;
    case ClientSpec::Retry::Kpl:
        attempts = kForever;
        expires = true;
        break;
    }
    if (spec.attemptsMost > 0 && spec.retry != ClientSpec::Retry::None)
        attempts = spec.attemptsMost;
}

std::int64_t RetryProfile::delayMs(std::int64_t tries, double failures, double chance) const
{
    if (baseMs <= 0)
        return 0;
    const double power = agent ? failures : static_cast<double>(tries - 1);
    double delay = baseMs * std::exp2(std::min(power, 30.0));
    if (capMs > 0)
        delay = std::min(delay, capMs);
    delay *= agent ? 0.7 + 0.6 * chance : chance;
    return std::llround(delay);
}

} // namespace shardscope
