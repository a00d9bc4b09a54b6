#include <algorithm>

#include "core/engine/constraints.h"
#include "core/engine/limits.h"
#include "core/engine/service.h"

namespace shardscope {
namespace {

tl::unexpected<Error> needsOnDemand(const std::string& streamName)
{
    return fail(ErrorCode::InvalidArgument,
                "A record distribution strategy needs an on-demand stream; " + streamName
                    + " is provisioned.");
}

Error noMetrics()
{
    return constraints::refuse("shardLevelMetrics", "have length greater than or equal to 1")
        .error();
}

/// The words for too short were seen: github.com/aws/aws-cli/issues/2357.
Result<void> allowRetention(std::int64_t hours)
{
    const std::string requested
        = "Requested retention period (" + std::to_string(hours) + " hours)";
    if (hours < limits::kRetentionHoursLeast)
        return fail(ErrorCode::InvalidArgument,
                    "Minimum allowed retention period is "
                        + std::to_string(limits::kRetentionHoursLeast) + " hours. " + requested
                        + " is too short.");
    if (hours > limits::kRetentionHoursMost)
        return fail(ErrorCode::InvalidArgument,
                    "Maximum allowed retention period is "
                        + std::to_string(limits::kRetentionHoursMost) + " hours. " + requested
                        + " is too long.");
    return {};
}

std::string words(StreamMode mode)
{
    return mode == StreamMode::OnDemand ? "on-demand" : "provisioned";
}

} // namespace

Result<void> Service::act(const CreateStream& r, SimTime now)
{
    using Checked = Result<void>;
    const std::int64_t shards = r.shardCount.value_or(limits::kOnDemandShards);
    for (const Checked& ok :
         {constraints::name("streamName", r.streamName),
          r.mode == StreamMode::Provisioned && !r.shardCount
              ? constraints::refuse("shardCount", "not be null for a provisioned stream")
              : constraints::range("shardCount", shards, 1, INT32_MAX),
          constraints::range("maxRecordSizeInKiB",
                             r.maxRecordSizeKiB.value_or(limits::kMaxRecordDefault / 1_KiB),
                             limits::kMaxRecordDefault / 1_KiB, limits::kMaxRecordLargest / 1_KiB),
          r.warmThroughputMiBps ? allowWarmThroughput(r.mode, *r.warmThroughputMiBps) : Checked {},
          constraints::tags(r.tags)}) {
        if (!ok)
            return ok;
    }
    if (r.recordDistribution && r.mode != StreamMode::OnDemand)
        return needsOnDemand(r.streamName);
    if (auto ok = admitCall(Operation::CreateStream, now); !ok)
        return ok;
    if (find(r.streamName) != nullptr)
        return fail(ErrorCode::ResourceInUse,
                    "Stream " + r.streamName + " under account " + m_options.accountId
                        + " already exists.");
    const auto creating
        = std::count_if(m_streams.begin(), m_streams.end(), [](const Stream& stream) {
              return !stream.m_gone && stream.m_summary.status == StreamStatus::Creating;
          });
    if (m_options.throttling.quotas && creating >= limits::kStreamsCreating)
        return fail(ErrorCode::LimitExceeded,
                    "Account " + m_options.accountId + " has "
                        + std::to_string(limits::kStreamsCreating)
                        + " streams in CREATING, its most at once.");
    if (auto ok = r.mode == StreamMode::OnDemand ? allowOnDemandStream() : allowShards(shards); !ok)
        return ok;
    if (auto ok = roomForShards(r.warmThroughputMiBps.value_or(limits::kOnDemandShards)); !ok)
        return ok;

    const StreamSlot slot {static_cast<std::uint32_t>(m_streams.size())};
    m_streams.push_back(Stream(slot, r, m_options, now));
    m_streams.back().m_pending.emplace(onSlice(now + m_options.timings.create), change::Created {});
    m_slots.emplace(r.streamName, slot);
    noteDue(m_streams.back());
    return {};
}

Result<void> Service::act(const DeleteStream& r, SimTime now)
{
    const auto found = called(Operation::DeleteStream, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    if (stream.m_summary.status == StreamStatus::Deleting)
        return {};
    if (auto ok = withoutChannels(stream); !ok)
        return ok;
    if (!stream.m_fanOut.empty() && !r.enforceConsumerDeletion)
        return fail(ErrorCode::ResourceInUse,
                    "Stream " + under(stream)
                        + " has registered consumers; deregister them or enforce their deletion.");
    stream.m_pending.clear(); // whatever was under way ends here
    stream.m_summary.status = StreamStatus::Deleting;
    const SimTime gone = onSlice(now + m_options.timings.create);
    stream.m_pending.emplace(gone, change::Deleted {});
    noteDue(stream);
    for (auto& [id, channel] : m_channels) {
        if (channel.stream != stream.m_slot)
            continue; // what is left has failed, or is on its way out already
        channel.description.status = ChannelStatus::Deleting;
        channel.dueAt = std::min(gone, channel.dueAt.value_or(gone));
    }
    return {};
}

Result<void> Service::withoutChannels(const Stream& stream) const
{
    for (const auto& [id, channel] : m_channels) {
        const ChannelStatus status = channel.description.status;
        if (channel.stream == stream.m_slot && status != ChannelStatus::Failed
            && status != ChannelStatus::Deleting)
            return fail(ErrorCode::ResourceInUse,
                        "Stream " + under(stream) + " has the active channel "
                            + channel.description.spec.channelName + "; delete it first.");
    }
    return {};
}

Result<void> Service::act(const UpdateStreamMode& r, SimTime now)
{
    if (r.warmThroughputMiBps) {
        if (auto ok = allowWarmThroughput(r.mode, *r.warmThroughputMiBps); !ok)
            return ok;
    }
    const auto found = changeable(Operation::UpdateStreamMode, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    if (stream.m_summary.mode == r.mode)
        return fail(ErrorCode::InvalidArgument,
                    "Stream " + under(stream) + " is " + words(r.mode) + " already.");
    if (r.mode == StreamMode::Provisioned) {
        if (auto ok = withoutChannels(stream); !ok) // they deliver on-demand streams only
            return ok;
    }
    if (m_options.throttling.quotas && stream.modeSwitchesLeft(now) == 0)
        return fail(ErrorCode::LimitExceeded,
                    "Stream " + under(stream) + " has switched its mode "
                        + std::to_string(limits::kModeSwitchesPerDay)
                        + " times in the last 24 hours, its most.");
    if (auto ok = r.mode == StreamMode::OnDemand
            ? allowOnDemandStream()
            : allowShards(static_cast<std::int64_t>(stream.m_open.size()));
        !ok)
        return ok;
    stream.m_modeSwitches.note(now);
    stream.beginUpdate(change::ModeTaken {r.mode, r.warmThroughputMiBps}, m_options.timings.update,
                       now);
    if (stream.m_policy && r.mode == StreamMode::OnDemand)
        return attachPolicy(r.streamName, {}, now); // nothing left for it to do
    return {};
}

/// At once and without a pause; records that are there stay where they are (API 1.3).
Result<void> Service::act(const UpdateStreamRecordDistributionStrategy& r, SimTime now)
{
    const auto found
        = changeable(Operation::UpdateStreamRecordDistributionStrategy, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    if ((*found)->m_summary.mode != StreamMode::OnDemand)
        return needsOnDemand("stream " + under(**found));
    (*found)->m_summary.recordDistribution = r.strategy;
    return {};
}

Result<void> Service::act(const UpdateMaxRecordSize& r, SimTime now)
{
    if (auto ok
        = constraints::range("maxRecordSizeInKiB", r.maxRecordSizeKiB,
                             limits::kMaxRecordDefault / 1_KiB, limits::kMaxRecordLargest / 1_KiB);
        !ok)
        return ok;
    const auto found = changeable(Operation::UpdateMaxRecordSize, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    (*found)->beginUpdate(change::RecordSizeTaken {r.maxRecordSizeKiB}, m_options.timings.update,
                          now);
    return {};
}

Result<WarmThroughputResult> Service::act(const UpdateStreamWarmThroughput& r, SimTime now)
{
    const auto known = existing(r.streamName);
    if (!known)
        return tl::unexpected(known.error());
    if (auto ok = allowWarmThroughput((*known)->m_summary.mode, r.warmThroughputMiBps); !ok)
        return tl::unexpected(ok.error());
    const auto found = changeable(Operation::UpdateStreamWarmThroughput, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    const auto open = static_cast<std::int64_t>(stream.m_open.size());
    if (auto ok = roomForShards(r.warmThroughputMiBps - open); !ok)
        return tl::unexpected(ok.error());
    const std::int64_t before = stream.m_summary.warmThroughputTargetMiBps.value_or(0);
    stream.m_summary.warmThroughputTargetMiBps
        = r.warmThroughputMiBps == 0 ? std::nullopt : std::optional(r.warmThroughputMiBps);
    if (r.warmThroughputMiBps > before)
        stream.warmUp(now);
    else
        stream.coolDown(now, r.warmThroughputMiBps);
    return WarmThroughputResult {r.warmThroughputMiBps,
                                 stream.m_summary.warmThroughputCurrentMiBps.value_or(0)};
}

Result<void> Service::changeRetention(Stream& stream, std::int64_t hours, SimTime now)
{
    stream.m_summary.retentionHours = hours;
    stream.m_nextTrim = now;
    stream.note(now, EventKind::RetentionChanged, {},
                "Records are kept for " + std::to_string(hours) + " hours now.");
    return {};
}

Result<void> Service::act(const IncreaseStreamRetentionPeriod& r, SimTime now)
{
    const auto found = changeable(Operation::IncreaseStreamRetentionPeriod, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    const std::int64_t current = (*found)->m_summary.retentionHours;
    if (auto ok = allowRetention(r.hours); !ok)
        return ok;
    if (r.hours < current)
        return fail(ErrorCode::InvalidArgument,
                    "Requested retention period (" + std::to_string(r.hours) + " hours) for stream "
                        + (*found)->name() + " can not be shorter than existing retention period ("
                        + std::to_string(current) + " hours). Use DecreaseRetentionPeriod API.");
    return changeRetention(**found, r.hours, now);
}

Result<void> Service::act(const DecreaseStreamRetentionPeriod& r, SimTime now)
{
    const auto found = changeable(Operation::DecreaseStreamRetentionPeriod, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    const std::int64_t current = (*found)->m_summary.retentionHours;
    if (auto ok = allowRetention(r.hours); !ok)
        return ok;
    if (r.hours > current)
        return fail(ErrorCode::InvalidArgument,
                    "Requested retention period (" + std::to_string(r.hours) + " hours) for stream "
                        + (*found)->name() + " can not be longer than existing retention period ("
                        + std::to_string(current) + " hours). Use IncreaseRetentionPeriod API.");
    return changeRetention(**found, r.hours, now);
}

Result<void> Service::act(const StartStreamEncryption& r, SimTime now)
{
    if (auto ok = constraints::length("keyId", r.keyId, 1, limits::kKeyIdChars); !ok)
        return ok;
    const auto found = changeable(Operation::StartStreamEncryption, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    if (auto ok = allowKey(r.keyId, now); !ok)
        return ok;
    if (m_options.throttling.quotas
        && stream.m_encryptionStarts.left(limits::kEncryptionCallsPerDay, now) == 0)
        return fail(ErrorCode::LimitExceeded,
                    "Encryption of stream " + under(stream)
                        + " was started 25 times in the last 24 hours, its most.");
    if (auto ok = giveDataKey(stream, r.keyId, now); !ok)
        return ok;
    stream.m_encryptionStarts.note(now);
    stream.beginUpdate(change::EncryptionTaken {EncryptionType::Kms, r.keyId},
                       m_options.timings.update, now);
    return {};
}

/// The key is not looked at: a stream must be able to leave one that is gone.
Result<void> Service::act(const StopStreamEncryption& r, SimTime now)
{
    if (auto ok = constraints::length("keyId", r.keyId, 1, limits::kKeyIdChars); !ok)
        return ok;
    const auto found = changeable(Operation::StopStreamEncryption, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    if (m_options.throttling.quotas
        && stream.m_encryptionStops.left(limits::kEncryptionCallsPerDay, now) == 0)
        return fail(ErrorCode::LimitExceeded,
                    "Encryption of stream " + under(stream)
                        + " was stopped 25 times in the last 24 hours, its most.");
    stream.m_encryptionStops.note(now);
    stream.beginUpdate(change::EncryptionTaken {EncryptionType::None, {}}, m_options.timings.update,
                       now);
    return {};
}

EnhancedMonitoringResult Service::changeMonitoring(Stream& stream,
                                                   std::set<ShardLevelMetric> metrics, SimTime now)
{
    EnhancedMonitoringResult result {stream.m_summary.enhancedMonitoring, metrics};
    stream.m_summary.enhancedMonitoring = std::move(metrics);
    stream.note(now, EventKind::MonitoringChanged, {},
                std::to_string(result.after.size()) + " of 7 shard metrics are on now.");
    return result;
}

Result<EnhancedMonitoringResult> Service::act(const EnableEnhancedMonitoring& r, SimTime now)
{
    if (r.metrics.empty())
        return tl::unexpected(noMetrics());
    const auto found = changeable(Operation::EnableEnhancedMonitoring, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    std::set<ShardLevelMetric> on = (*found)->m_summary.enhancedMonitoring;
    on.insert(r.metrics.begin(), r.metrics.end());
    return changeMonitoring(**found, std::move(on), now);
}

Result<EnhancedMonitoringResult> Service::act(const DisableEnhancedMonitoring& r, SimTime now)
{
    if (r.metrics.empty())
        return tl::unexpected(noMetrics());
    const auto found = changeable(Operation::DisableEnhancedMonitoring, r.streamName, now);
    if (!found)
        return tl::unexpected(found.error());
    std::set<ShardLevelMetric> on = (*found)->m_summary.enhancedMonitoring;
    for (const ShardLevelMetric metric : r.metrics)
        on.erase(metric);
    return changeMonitoring(**found, std::move(on), now);
}

} // namespace shardscope
