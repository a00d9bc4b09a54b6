#include <algorithm>

#include "core/engine/service.h"

namespace shardscope {

void Service::runPolicy(Stream& stream, SimTime minuteEnd)
{
    if (!stream.m_policy || stream.m_open.empty() || stream.m_minutes.empty())
        return;
    ScalingPolicy& policy = *stream.m_policy;
    const auto open = static_cast<std::int64_t>(stream.m_open.size());
    const std::optional<std::int64_t> wish = policy.decide(stream.m_minutes);
    if (policy.byHand) {
        scaleByHand(stream, minuteEnd);
        return;
    }
    if (!wish || !stream.active())
        return;
    const auto done = act(UpdateShardCount {stream.name(), *wish}, minuteEnd);
    if (done) {
        policy.acted(open, *wish, minuteEnd);
        return;
    }
    if (policy.spec().design == ScalingPolicySpec::Design::ScalingUtils
        && done.error().code == ErrorCode::LimitExceeded) {
        policy.byHand = wish;
        policy.acted(open, *wish, minuteEnd);
        scaleByHand(stream, minuteEnd);
        return;
    }
    stream.note(minuteEnd, EventKind::Refused, {}, "Auto-scaling: " + done.error().message);
}

/// One split of the widest shard or one merge of the narrowest neighbours a minute, until the count
/// is reached: what scaling-utils does when UpdateShardCount is used up.
void Service::scaleByHand(Stream& stream, SimTime now)
{
    std::optional<std::int64_t>& goal = stream.m_policy->byHand;
    const auto open = static_cast<std::int64_t>(stream.m_open.size());
    if (open == *goal) {
        goal.reset();
        return;
    }
    if (!stream.active())
        return;
    const ShardSlot next {static_cast<std::uint32_t>(stream.m_shards.size())};
    Result<void> done;
    if (*goal > open) {
        const ReshardPlan plan = planHalving(stream.m_open, next, open + 1);
        if (plan.steps.empty()) {
            goal.reset();
            return;
        }
        const ReshardStep& step = plan.steps.front();
        done = act(SplitShard {stream.name(), shardIdText(step.shard), toDecimal(step.cut)}, now);
    } else {
        const ReshardStep step = planJoining(stream.m_open, next, open - 1).steps.front();
        done = act(MergeShards {stream.name(), shardIdText(step.shard), shardIdText(step.upper)},
                   now);
    }
    if (!done) {
        goal.reset();
        stream.note(now, EventKind::Refused, {}, "Auto-scaling: " + done.error().message);
    }
}

} // namespace shardscope
