#include "core/planner/flow_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/base/rng.h"
#include "core/engine/limits.h"
#include "core/workload/size_distribution.h"

namespace shardscope {
namespace {

constexpr int kMinute = 60;
constexpr std::size_t kLanes = flow::kLanes;
constexpr std::size_t kChunkBlocks = 8; ///< run as one task: 128 shards
constexpr double kDrawMost = 4.9; ///< no draw of the kernel lies further out
constexpr auto kRecords = static_cast<double>(limits::kShardWriteRecords);
constexpr auto kBytes = static_cast<double>(limits::kShardWriteBytes);

/// Seconds that pass on average until a refused record is tried for the `tries`-th time again.
double meanDelaySeconds(const RetryProfile& retry, int tries)
{
    return static_cast<double>(retry.delayMs(tries, 0, 0.5)) / 1'000;
}

} // namespace

FlowMinute& FlowMinute::operator+=(const FlowMinute& later)
{
    attempts += later.attempts;
    refused += later.refused;
    lost += later.lost;
    accepted += later.accepted;
    acceptedBytes += later.acceptedBytes;
    peakPercent = std::max(peakPercent, later.peakPercent);
    if (later.worstRefused > worstRefused) {
        worstSecond = later.worstSecond;
        worstRefused = later.worstRefused;
        worstAttempts = later.worstAttempts;
    }
    busiestLoad = std::max(busiestLoad, later.busiestLoad);
    maxAgeSeconds = std::max(maxAgeSeconds, later.maxAgeSeconds);
    readPercent = std::max(readPercent, later.readPercent);
    return *this;
}

/// What a task adds up over its blocks.
struct FlowShards::Chunk {
    std::array<float, kMinute> attempts {}, refused {};
};

FlowShards::FlowShards(const Demand& demand, const RetryProfile& retry, const FlowReaders& readers,
                       std::uint64_t seed, WorkerPool* pool)
    : m_demand(&demand)
    , m_readers(readers)
    , m_pool(pool)
    , m_seed(static_cast<std::uint32_t>(mix64(seed)))
    , m_seconds(kMinute)
{
    m_terms.classes = static_cast<int>(demand.sizes.classes.size());
    for (std::size_t c = 0; c < demand.sizes.classes.size(); ++c) {
        const RecordSizes::Class& size = demand.sizes.classes[c];
        m_terms.sizes[c]
            = {static_cast<float>(size.share), static_cast<float>(std::sqrt(size.share)),
               static_cast<float>(size.size)};
    }
    flow::solveReaches(m_terms);
    const std::int64_t again = std::min<std::int64_t>(retry.attempts - 1, flow::kPools);
    m_terms.pools = static_cast<int>(std::max<std::int64_t>(again, 0));
    for (int k = 0; k < m_terms.pools; ++k)
        m_terms.release[static_cast<std::size_t>(k)]
            = static_cast<float>(1 / std::max(1.0, flow::kTicks * meanDelaySeconds(retry, k + 1)));
}

void FlowShards::reshape(std::vector<double> weights)
{
    std::array<std::array<double, flow::kClasses>, flow::kPools> waiting {};
    bool any = false;
    double lag = 0, fanOutLag = 0;
    for (std::size_t i = 0; i < m_weights.size(); ++i) {
        for (std::size_t k = 0; k < flow::kPools; ++k)
            for (std::size_t c = 0; c < flow::kClasses; ++c) {
                waiting[k][c] += static_cast<double>(m_blocks[i / kLanes].pool[k][c][i % kLanes]);
                any = any || waiting[k][c] > 0;
            }
        lag += m_backlog[i];
        fanOutLag += m_fanOutBacklog[i];
    }
    m_weights = std::move(weights);
    const std::size_t count = m_weights.size();
    const double heaviest = *std::max_element(m_weights.begin(), m_weights.end());
    const auto alike = static_cast<double>(std::count_if(
        m_weights.begin(), m_weights.end(), [heaviest](double w) { return w >= 0.97 * heaviest; }));
    // The highest of as many draws as there are seconds and shards like the heaviest, over an hour.
    const auto farOf = [this, alike](int seconds) {
        const auto minutes = static_cast<double>(std::min<std::size_t>(60, m_demand->minutes()));
        const double draws = std::max(2.0, seconds * alike * minutes);
        return normalQuantile((draws - 0.375) / (draws + 0.25));
    };
    m_burstFar = farOf(m_demand->burstSeconds);
    m_calmFar = farOf(kMinute - m_demand->burstSeconds);
    const std::size_t blocks = (count + kLanes - 1) / kLanes;
    m_blocks.assign(blocks, {});
    m_blockHeaviest.assign(blocks, 0);
    m_ran.assign(blocks, 0);
    m_waiting.assign(blocks, any ? 1 : 0);
    m_backlog.assign(count, 0);
    m_fanOutBacklog.assign(count, 0);
    for (std::size_t b = 0; b < blocks; ++b) {
        m_blocks[b].first = static_cast<std::uint32_t>(b * kLanes);
        m_blocks[b].recordTokens.fill(m_terms.recordRate);
        m_blocks[b].byteTokens.fill(m_terms.byteRate);
    }
    for (std::size_t i = 0; i < count; ++i) {
        flow::Block& block = m_blocks[i / kLanes];
        const auto weight = static_cast<float>(m_weights[i]);
        block.weight[i % kLanes] = weight;
        block.rootWeight[i % kLanes] = std::sqrt(weight);
        m_blockHeaviest[i / kLanes] = std::max(m_blockHeaviest[i / kLanes], weight);
        for (std::size_t k = 0; k < flow::kPools; ++k)
            for (std::size_t c = 0; c < flow::kClasses; ++c)
                block.pool[k][c][i % kLanes] = static_cast<float>(waiting[k][c] * m_weights[i]);
        m_backlog[i] = lag * m_weights[i];
        m_fanOutBacklog[i] = fanOutLag * m_weights[i];
    }
}

void FlowShards::prepare(std::size_t minute)
{
    m_rate = static_cast<double>(m_demand->records[minute]);
    const double bytes = static_cast<double>(m_demand->bytes[minute]);
    m_bytesPerRecord = m_rate > 0 ? bytes / m_rate : m_demand->sizes.mean;
    m_terms.bytesPerRecord = static_cast<float>(m_bytesPerRecord);
    m_burst = m_demand->burstRate(m_rate);
    m_calm = m_demand->calmRate(m_rate);
    m_burstFrom = static_cast<std::size_t>(m_demand->burstBegins(minute));
    m_burstTo = m_burstFrom + static_cast<std::size_t>(m_demand->burstSeconds);
}

/// First tries of the whole stream in the seconds that are run.
double FlowShards::records() const
{
    const std::size_t begin = std::clamp(m_burstFrom, m_from, m_to);
    const std::size_t end = std::clamp(m_burstTo, m_from, m_to);
    const auto burst = static_cast<double>(end - begin);
    return m_burst * burst + m_calm * (static_cast<double>(m_to - m_from) - burst);
}

/// The seconds themselves, for minutes that are looked into.
void FlowShards::prepareSeconds(std::size_t minute)
{
    const CounterRng rng(m_seed, minute);
    const float burst = std::sqrt(static_cast<float>(m_burst) / flow::kTicks);
    const float calm = std::sqrt(static_cast<float>(m_calm) / flow::kTicks);
    for (std::size_t s = 0; s < kMinute; ++s) {
        const bool inBurst = s >= m_burstFrom && s < m_burstTo;
        const auto rate = static_cast<float>(inBurst ? m_burst : m_calm);
        m_seconds[s] = {rate, inBurst ? burst : calm, static_cast<std::uint32_t>(rng.bits(s))};
    }
}

/// Whether no shard of the block can meet a limit at `rate`, whatever is drawn.
bool FlowShards::safe(std::size_t block, double rate) const
{
    const double mean = rate * static_cast<double>(m_blockHeaviest[block]);
    const double noise = kDrawMost * std::sqrt(mean);
    return mean + noise <= kRecords
        && (mean + noise * (1 + m_demand->sizes.variation)) * m_bytesPerRecord <= kBytes;
}

/// Seconds in which nothing can be refused, in one go: what arrives is taken, buckets fill up.
void FlowShards::passCalm(flow::Block& block, double seconds, bool count)
{
    const auto rate = static_cast<float>(m_calm), span = static_cast<float>(seconds);
    for (std::size_t l = 0; l < kLanes; ++l) {
        const float records = rate * block.weight[l];
        block.recordTokens[l] = std::min(
            m_terms.recordRate, block.recordTokens[l] + span * (m_terms.recordRate - records));
        block.byteTokens[l] = std::min(
            m_terms.byteRate,
            block.byteTokens[l] + span * (m_terms.byteRate - records * m_terms.bytesPerRecord));
        if (count) {
            block.attempts[l] += span * records;
            block.accepted[l] += span * records;
        }
    }
}

/// The busiest second of shards that meet no limit, `far` deviations from the mean.
double FlowShards::quietPeak(double weight, double rate, double far) const
{
    const double mean = rate * weight;
    if (mean <= 0)
        return 0;
    const double root = std::sqrt(mean);
    // Few records, and a few large ones among them, lie further above the mean than below it:
    // skewness of a compound Poisson sum, by Cornish and Fisher.
    const double size = 1 + m_demand->sizes.variation * m_demand->sizes.variation;
    const auto highest = [&](double skew) { return far + skew / root * (far * far - 1) / 6; };
    return std::max((mean + highest(1) * root) / kRecords,
                    (mean + highest(size * std::sqrt(size)) * root * std::sqrt(size))
                        * m_bytesPerRecord / kBytes);
}

/// Finds out whether records of the block still wait for another attempt. Hundredths of one are
/// what is left over from dividing; nobody sends those.
void FlowShards::runWaiting(std::size_t b)
{
    flow::Block& block = m_blocks[b];
    float waiting = 0;
    for (int k = 0; k < m_terms.pools; ++k)
        for (const auto& row : block.pool[static_cast<std::size_t>(k)])
            for (const float w : row)
                waiting += w;
    m_waiting[b] = waiting > 0.05F * kLanes ? 1 : 0;
    if (m_waiting[b] == 0)
        block.pool = {};
}

/// Second by second where a limit may be met or records wait, in one go elsewhere.
void FlowShards::runBlock(std::size_t b, Chunk& chunk)
{
    flow::Block& block = m_blocks[b];
    block.attempts.fill(0);
    block.refused.fill(0);
    block.lost.fill(0);
    block.accepted.fill(0);
    block.peak.fill(0);
    const bool burstSafe = safe(b, m_burst), calmSafe = safe(b, m_calm);
    float weight = 0;
    for (const float w : block.weight)
        weight += w;
    constexpr std::size_t kAgain = 3; ///< seconds until waiting records are looked at again
    std::size_t s = m_from;
    while (s < m_to) {
        const bool inBurst = s >= m_burstFrom && s < m_burstTo;
        const std::size_t end = std::min(m_to,
                                         s < m_burstFrom ? m_burstFrom
                                             : inBurst   ? m_burstTo
                                                         : m_to);
        if (m_waiting[b] == 0 && (inBurst ? burstSafe : calmSafe) && !inBurst) {
            passCalm(block, static_cast<double>(end - s), true);
            for (std::size_t k = s; k < end; ++k)
                chunk.attempts[k] += static_cast<float>(m_calm) * weight;
            s = end;
            continue;
        }
        const std::size_t to = (inBurst ? burstSafe : calmSafe) ? std::min(end, s + kAgain) : end;
        flow::run(block, std::span(m_seconds).subspan(s, to - s), m_terms,
                  chunk.attempts.data() + s, chunk.refused.data() + s);
        runWaiting(b);
        s = to;
    }
}

FlowMinute FlowShards::runMinute(std::size_t minute, std::size_t from, std::size_t to)
{
    prepare(minute);
    m_from = from;
    m_to = to;
    const auto seconds = static_cast<double>(to - from);
    FlowMinute out;
    const std::size_t blocks = m_blocks.size();
    double quietWeight = 0, quietHeaviest = 0;
    std::size_t busy = 0;
    for (std::size_t b = 0; b < blocks; ++b) {
        m_ran[b] = m_waiting[b] == 0 && safe(b, std::max(m_burst, m_calm)) ? 0 : 1;
        busy += m_ran[b];
        if (m_ran[b] != 0)
            continue;
        const std::size_t end = std::min(m_weights.size(), (b + 1) * kLanes);
        for (std::size_t i = b * kLanes; i < end; ++i)
            quietWeight += m_weights[i];
        quietHeaviest = std::max(quietHeaviest, static_cast<double>(m_blockHeaviest[b]));
        passCalm(m_blocks[b], seconds, false);
    }
    out.attempts = out.accepted = records() * quietWeight;
    if (quietHeaviest > 0) {
        out.peakPercent = 100
            * std::max(quietPeak(quietHeaviest, m_burst, m_burstFar),
                       quietPeak(quietHeaviest, m_calm, m_calmFar));
        out.busiestLoad
            = m_rate * quietHeaviest * std::max(1 / kRecords, m_bytesPerRecord / kBytes);
    }
    if (busy > 0) {
        prepareSeconds(minute);
        const std::size_t tasks = (blocks + kChunkBlocks - 1) / kChunkBlocks;
        std::vector<Chunk> chunks(tasks);
        const auto task = [&](int t) {
            Chunk& chunk = chunks[static_cast<std::size_t>(t)];
            const std::size_t first = static_cast<std::size_t>(t) * kChunkBlocks;
            for (std::size_t b = first; b < std::min(blocks, first + kChunkBlocks); ++b)
                if (m_ran[b] != 0)
                    runBlock(b, chunk);
        };
        if (m_pool != nullptr && busy > kChunkBlocks)
            m_pool->run(static_cast<int>(tasks), task);
        else
            for (std::size_t t = 0; t < tasks; ++t)
                task(static_cast<int>(t));
        for (std::size_t s = from; s < to; ++s) {
            double attempts = static_cast<double>(m_seconds[s].records) * quietWeight, refused = 0;
            for (const Chunk& chunk : chunks) {
                attempts += static_cast<double>(chunk.attempts[s]);
                refused += static_cast<double>(chunk.refused[s]);
            }
            if (refused > out.worstRefused) {
                out.worstSecond = static_cast<int>(s);
                out.worstRefused = refused;
                out.worstAttempts = attempts;
            }
        }
        for (std::size_t b = 0; b < blocks; ++b) {
            if (m_ran[b] == 0)
                continue;
            const flow::Block& block = m_blocks[b];
            for (std::size_t l = 0; l < kLanes; ++l) {
                out.attempts += static_cast<double>(block.attempts[l]);
                out.refused += static_cast<double>(block.refused[l]);
                out.lost += static_cast<double>(block.lost[l]);
                out.accepted += static_cast<double>(block.accepted[l]);
                out.peakPercent
                    = std::max(out.peakPercent, 100 * static_cast<double>(block.peak[l]));
                out.busiestLoad = std::max(out.busiestLoad,
                                           static_cast<double>(block.accepted[l]) / seconds
                                               * std::max(1 / kRecords, m_bytesPerRecord / kBytes));
            }
        }
    }
    out.acceptedBytes = out.accepted * m_bytesPerRecord;
    read(out);
    return out;
}

double FlowShards::load(std::size_t i) const
{
    const double records = m_ran[i / kLanes] != 0
        ? static_cast<double>(m_blocks[i / kLanes].accepted[i % kLanes])
            / static_cast<double>(m_to - m_from)
        : m_rate * m_weights[i];
    return records * std::max(1 / kRecords, m_bytesPerRecord / kBytes);
}

/// Readers take what came in a minute, as far as their limits go; the rest waits for the next.
void FlowShards::read(FlowMinute& out)
{
    const auto limit = static_cast<double>(limits::kShardReadBytes);
    const auto seconds = static_cast<double>(m_to - m_from);
    const double perLoad = std::max(1 / kRecords, m_bytesPerRecord / kBytes);
    const double busiest = out.busiestLoad / perLoad; // records/s of the busiest shard
    const double shared = m_readers.shared;
    out.readPercent = 100 * shared * busiest * m_bytesPerRecord / limit;
    if (shared > 0 && m_readers.readsPerSecond > 0)
        out.maxAgeSeconds = 1 / m_readers.readsPerSecond;
    const double work = m_readers.recordsPerSecond > 0
        ? m_readers.recordsPerSecond * m_bytesPerRecord
        : limit * 1'000;
    const double calls
        = std::min(m_readers.readsPerSecond,
                   static_cast<double>(limits::kShardReadCalls) / std::max(1.0, shared));
    // Of one shared reader, bytes/s: its part of the shard, what its calls can carry, its own work.
    const double sharedRate = std::min(
        {limit / std::max(1.0, shared),
         calls
             * std::min(static_cast<double>(limits::kGetRecordsBytes),
                        static_cast<double>(limits::kGetRecordsRecords) * m_bytesPerRecord),
         work});
    const double fanOutRate = std::min(limit, work);
    const double arriving = busiest * m_bytesPerRecord;
    const bool sharedBusy = shared > 0 && arriving > sharedRate;
    const bool fanOutBusy = m_readers.fanOut > 0 && arriving > fanOutRate;
    const double oldestMost = std::exchange(m_oldest, 0) + seconds;
    if (!m_lagging && !sharedBusy && !fanOutBusy)
        return;
    m_lagging = false;
    for (std::size_t i = 0; i < m_weights.size(); ++i) {
        const double in = load(i) / perLoad * m_bytesPerRecord;
        const auto age = [&](double& backlog, double rate) {
            backlog = std::max(0.0, backlog + seconds * (in - rate));
            if (backlog <= 0)
                return 0.0;
            m_lagging = true;
            // The oldest byte came when as much came since as still waits.
            return std::min(backlog / std::max(in, 1.0), oldestMost);
        };
        double oldest = 0;
        if (shared > 0)
            oldest = age(m_backlog[i], sharedRate);
        if (m_readers.fanOut > 0)
            oldest = std::max(oldest, age(m_fanOutBacklog[i], fanOutRate));
        m_oldest = std::max(m_oldest, oldest);
    }
    out.maxAgeSeconds = std::max(out.maxAgeSeconds, m_oldest);
}

} // namespace shardscope
