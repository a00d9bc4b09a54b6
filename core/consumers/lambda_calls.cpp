#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/hash_key.h"
#include "core/base/md5.h"
#include "core/base/rng.h"
#include "core/consumers/lambda_reader.h"

namespace shardscope {
namespace {

/// Normally distributed, mean 0 and deviation 1: Box and Muller.
double normal(const CounterRng& chance, std::uint64_t index)
{
    const double u = 1 - chance.unit(2 * index), v = chance.unit(2 * index + 1);
    return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
}

} // namespace

/// A job's name: of whom, which one, and what it says, so that the same question in a world copied
/// from this one has the same answer, and another has another.
std::uint64_t LambdaReader::jobId(std::uint64_t number, std::string_view text) const
{
    const HashKey sum = md5(text);
    return mix64(mix64(number + (std::uint64_t {slot().value} << 48)) ^ sum.high()) ^ sum.low();
}

/// The event of the lane's first records.
std::string LambdaReader::eventOf(ShardSlot shard, const Lane& lane, std::size_t records) const
{
    const EventSource source = eventSource(service(), shard, sourceArn());
    const auto positions = positionsOf(lane, records);
    if (!lane.window)
        return lambdaEvent(service(), stream(), shard, source, positions);
    const Window& window = *lane.window;
    const WindowCall call {
        .beginMs = window.beginMs,
        .endMs = window.endMs,
        .state = window.state,
        .last = window.closing,
        .early = window.early,
    };
    return lambdaEvent(service(), stream(), shard, source, positions, &call);
}

void LambdaReader::invoke(ShardSlot shard, Lane& lane, SimTime now, Outside* outside)
{
    const LambdaSpec& lambda = m_spec.lambda;
    if (m_seen.concurrent >= lambda.concurrency) {
        ++m_seen.counts.throttles;
        lane.error
            = "Throttled: all " + std::to_string(lambda.concurrency) + " executions are taken.";
        ++lane.failures;
        rest(lane, now);
        return;
    }
    if (!lambda.function.empty() && outside == nullptr) {
        m_trouble = "Real functions are not allowed here: \"" + lambda.function
            + "\" is not called; --outside allows it.";
        ++lane.failures;
        rest(lane, now);
        return;
    }
    lane.phase = Lane::Phase::Running;
    lane.begunAt = now;
    lane.failed = lane.throttled = false;
    lane.passed = 0;
    ++m_invocations;
    ++m_seen.counts.invocations;
    m_seen.counts.mostConcurrent = std::max(m_seen.counts.mostConcurrent, ++m_seen.concurrent);
    if (lambda.function.empty()) {
        model(shard, lane, now);
        return;
    }
    FunctionCall call {lambda.function, eventOf(shard, lane, lane.calledWith()), lambda.timeout};
    lane.known = false;
    lane.job = jobId(m_invocations, call.event);
    outside->begin(lane.job, std::move(call));
}

bool LambdaReader::isPoison(ShardSlot shard, const Held& record) const
{
    return CounterRng::toUnit(mix64(mix64(record.position) ^ (std::uint64_t {shard.value} << 40)))
        < m_spec.lambda.model.poisonShare;
}

void LambdaReader::model(ShardSlot shard, Lane& lane, SimTime now)
{
    const LambdaSpec::Model& model = m_spec.lambda.model;
    const std::size_t records = lane.calledWith();
    const double spread = model.spread > 0
        ? std::exp(model.spread * normal(m_chance.fork(kDurations), m_invocations))
        : 1;
    const SimDuration took = SimDuration::fromSeconds(
        (model.duration + model.perRecord * static_cast<std::int64_t>(records)).inSeconds()
        * spread);
    if (model.errorShare > 0 && m_chance.fork(kErrors).unit(m_invocations) < model.errorShare) {
        lane.failed = true;
        lane.error = "The function failed.";
    }
    for (std::size_t i = 0; model.poisonShare > 0 && !lane.failed && i < records; ++i)
        if (isPoison(shard, lane.at(i))) {
            lane.failed = true;
            lane.error = "The function failed on a record it cannot take.";
            lane.passed = m_spec.lambda.reportBatchItemFailures ? i : 0;
        }
    if (took > m_spec.lambda.timeout) {
        lane.failed = true;
        lane.passed = 0;
        lane.error = "Task timed out after " + toText(m_spec.lambda.timeout) + ".";
    }
    lane.known = true;
    lane.until = now + std::min(took, m_spec.lambda.timeout);
}

void LambdaReader::askOutside(ShardSlot shard, Lane& lane, Outside& outside)
{
    const auto answer = outside.answer(lane.job);
    if (!answer)
        return;
    lane.known = true;
    lane.until = lane.begunAt + answer->took;
    const auto failed = [&](std::string why) {
        lane.failed = true;
        lane.error = std::move(why);
    };
    if (!answer->trouble.empty()) {
        lane.throttled = true;
        return failed(answer->trouble);
    }
    if (!answer->functionError.empty())
        return failed(functionErrorText(answer->payload));
    if (lane.window) {
        auto state = windowState(answer->payload);
        if (!state)
            return failed(state.error().message);
        lane.answered = std::move(*state);
    }
    if (!m_spec.lambda.reportBatchItemFailures)
        return;
    const auto positions = positionsOf(lane, lane.calledWith());
    ItemFailures told = itemFailures(answer->payload, shard, positions);
    if (told.kind == ItemFailures::Kind::All)
        failed(std::move(told.why));
    if (told.kind == ItemFailures::Kind::From) {
        failed("The function reported a failed record.");
        lane.passed = static_cast<std::size_t>(
            std::lower_bound(positions.begin(), positions.end(), told.position)
            - positions.begin());
    }
}

} // namespace shardscope
