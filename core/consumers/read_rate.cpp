#include "core/consumers/read_rate.h"

namespace shardscope {

ReadMeter::Taken& ReadMeter::takenAt(SimTime now)
{
    const std::int64_t span = now.inMicros() / kReadRateOver.inMicros();
    if (span != m_span) {
        m_before = span == m_span + 1 ? m_taken : Taken {};
        m_taken = {};
        m_span = span;
    }
    return m_taken;
}

ReadRate ReadMeter::rate(SimTime now) const
{
    const std::int64_t behind = now.inMicros() / kReadRateOver.inMicros() - m_span;
    const Taken taken = behind == 0 ? m_taken : Taken {};
    const Taken before = behind == 0 ? m_before : behind == 1 ? m_taken : Taken {};
    // As if what the span before took had come evenly: the mean moves without a jump.
    const double part = 1
        - static_cast<double>(now.inMicros() % kReadRateOver.inMicros())
            / static_cast<double>(kReadRateOver.inMicros());
    const auto mean = [part](auto earlier, auto latest) {
        return (part * static_cast<double>(earlier) + static_cast<double>(latest))
            / kReadRateOver.inSeconds();
    };
    return {mean(before.bytes, taken.bytes), mean(before.calls, taken.calls),
            mean(before.refusedCalls, taken.refusedCalls)};
}

} // namespace shardscope
