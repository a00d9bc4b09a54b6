#include "core/runtime/reader_pace.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace shardscope {
namespace {

/// Seconds from which a trend is read.
constexpr std::size_t kLagSeconds = 20;
/// A trend must move at least this many records: below it is the ebb and flow of single reads.
constexpr std::int64_t kTrendRecords = 50;

/// Readers gulp, at no exact step, so a lag goes up and down all the time. It has a trend when from
/// the earlier half of the seconds kept to the later it has moved, on average, by more than any
/// single gulp.
Trend trendOf(const std::vector<std::int64_t>& lag)
{
    if (lag.size() < 4)
        return Trend::Steady;
    std::int64_t gulp = kTrendRecords;
    for (std::size_t i = 1; i < lag.size(); ++i)
        gulp = std::max(gulp, std::abs(lag[i] - lag[i - 1]));
    const auto half = static_cast<std::ptrdiff_t>(lag.size() / 2);
    const std::int64_t before = std::accumulate(lag.begin(), lag.begin() + half, std::int64_t {0});
    const std::int64_t after = std::accumulate(lag.end() - half, lag.end(), std::int64_t {0});
    if (std::abs(after - before) <= gulp * half)
        return Trend::Steady;
    return after > before ? Trend::Growing : Trend::Draining;
}

} // namespace

void ReaderPace::closeSecond(const Counts& sofar, std::int64_t lagRecords)
{
    m_records.close(sofar.records);
    m_bytes.close(sofar.bytes);
    m_calls.close(sofar.calls);
    m_refusedCalls.close(sofar.refusedCalls);
    if (m_lag.size() == kLagSeconds)
        m_lag.erase(m_lag.begin());
    m_lag.push_back(lagRecords);
}

void ReaderPace::fill(ConsumerRow& row, SimDuration retention) const
{
    row.recordsPerSecond = m_records.rate();
    row.bytesPerSecond = m_bytes.rate();
    row.callsPerSecond = m_calls.rate();
    row.refusedCallsPerSecond = m_refusedCalls.rate();
    row.trend = trendOf(m_lag);
    if (row.trend == Trend::Steady || m_lag.size() < 2)
        return;
    const double seconds = static_cast<double>(m_lag.size() - 1);
    const double perSecond = static_cast<double>(m_lag.back() - m_lag.front()) / seconds;
    if (row.trend == Trend::Draining && perSecond < 0)
        row.timeToDrain
            = SimDuration::fromSeconds(static_cast<double>(row.lagRecords) / -perSecond);
    if (row.trend == Trend::Growing && row.lagRecords > 0 && row.ageMs > 0) {
        // Age grows by the part of each second that the reader falls behind.
        const double ageSeconds = static_cast<double>(row.ageMs) / 1e3;
        const double ageGrowth
            = std::min(1.0, perSecond * ageSeconds / static_cast<double>(row.lagRecords));
        if (ageGrowth > 0 && retention.inSeconds() > ageSeconds)
            row.timeToDataLoss
                = SimDuration::fromSeconds((retention.inSeconds() - ageSeconds) / ageGrowth);
    }
}

} // namespace shardscope
