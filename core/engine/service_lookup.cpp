#include "core/engine/constraints.h"
#include "core/engine/limits.h"
#include "core/engine/service.h"
#include "core/storage/key_ring.h"

namespace shardscope {
namespace {

const char* statusText(StreamStatus status)
{
    switch (status) {
    case StreamStatus::Creating:
        return "CREATING";
    case StreamStatus::Deleting:
        return "DELETING";
    case StreamStatus::Active:
        return "ACTIVE";
    case StreamStatus::Updating:
        return "UPDATING";
    }
    return "";
}

} // namespace

Result<const Stream*> Service::existing(std::string_view streamName) const
{
    if (auto ok = constraints::name("streamName", streamName); !ok)
        return tl::unexpected(ok.error());
    if (const Stream* stream = find(streamName))
        return stream;
    return fail(ErrorCode::ResourceNotFound,
                "Stream " + std::string(streamName) + " under account " + m_options.accountId
                    + " not found.");
}

Result<Stream*> Service::existing(std::string_view streamName)
{
    const auto stream = std::as_const(*this).existing(streamName);
    if (!stream)
        return tl::unexpected(stream.error());
    return const_cast<Stream*>(*stream);
}

Result<Stream*> Service::readable(std::string_view streamName)
{
    auto stream = existing(streamName);
    if (!stream)
        return stream;
    const StreamStatus status = (*stream)->m_summary.status;
    if (status == StreamStatus::Creating || status == StreamStatus::Deleting)
        return fail(ErrorCode::ResourceNotFound, "Stream " + under(**stream) + " not found.");
    return stream;
}

Result<Stream*> Service::called(Operation operation, std::string_view streamName, SimTime now)
{
    auto stream = existing(streamName);
    if (!stream)
        return stream;
    if (!m_rates.admit(operation, (*stream)->m_slot.value, 0, now, callRateFactor()))
        return fail(ErrorCode::LimitExceeded, "Rate exceeded for stream " + under(**stream) + ".");
    return stream;
}

Result<Stream*> Service::changeable(Operation operation, std::string_view streamName, SimTime now)
{
    auto stream = called(operation, streamName, now);
    if (!stream || (*stream)->active())
        return stream;
    return notActive(**stream);
}

Result<void> Service::admitCall(Operation operation, SimTime now)
{
    if (m_rates.admit(operation, 0, 0, now, callRateFactor()))
        return {};
    return fail(ErrorCode::LimitExceeded,
                std::string("Rate exceeded for ") + operationName(operation) + " under account "
                    + m_options.accountId + ".");
}

Result<void> Service::settled(const Stream& stream) const
{
    const StreamStatus status = stream.m_summary.status;
    if (status == StreamStatus::Creating || status == StreamStatus::Deleting)
        return notActive(stream);
    return {};
}

tl::unexpected<Error> Service::notActive(const Stream& stream) const
{
    return fail(ErrorCode::ResourceInUse,
                "Stream " + under(stream) + " not ACTIVE, instead in state "
                    + statusText(stream.m_summary.status));
}

/// Clients hand back what they were told, and some of them whole seconds of it.
Result<void> Service::sameCreation(const Stream& stream,
                                   const std::optional<SimTime>& createdAt) const
{
    if (!createdAt || createdAt->inSeconds() == stream.m_summary.createdAt.inSeconds())
        return {};
    return fail(ErrorCode::ResourceNotFound,
                "Stream " + under(stream) + " created at " + toIso(*createdAt)
                    + " not found: the one of that name was created at "
                    + toIso(stream.m_summary.createdAt) + ".");
}

Result<void> Service::allowKey(const std::string& keyId, SimTime now) const
{
    if (auto ok = constraints::length("keyId", keyId, 1, limits::kKeyIdChars); !ok)
        return ok;
    if (m_keys != nullptr) {
        if (const auto key = m_keys->usable(keyId, KeyRing::Purpose::GenerateDataKey, now); !key)
            return tl::unexpected(key.error());
        return {};
    }
    if (keyId == KeyRing::kOwnAlias || keyId.ends_with(":" + std::string(KeyRing::kOwnAlias)))
        return {};
    return fail(ErrorCode::KmsNotFound,
                "Key " + keyId + " is not found; only " + std::string(KeyRing::kOwnAlias)
                    + " is there.");
}

void Service::setKeyRing(KeyRing* keys)
{
    m_keys = keys;
}

Result<void> Service::allowWarmThroughput(StreamMode mode, std::int64_t mibps) const
{
    if (auto ok = constraints::range("warmThroughputMiBps", mibps, 0, INT32_MAX); !ok)
        return ok;
    if (mode != StreamMode::OnDemand)
        return fail(ErrorCode::Validation,
                    "Warm throughput needs an on-demand stream; this one is provisioned.");
    if (!advantage())
        return fail(ErrorCode::Validation,
                    "Warm throughput needs an account with the minimum throughput billing "
                    "commitment (On-demand Advantage) enabled.");
    if (mibps > limits::kWarmThroughputMost)
        return fail(ErrorCode::LimitExceeded,
                    "Warm throughput can be at most " + std::to_string(limits::kWarmThroughputMost)
                        + " MiB/s, not " + std::to_string(mibps) + ".");
    return {};
}

/// On-demand streams have a ceiling of their own and do not count (SCALE 1.1).
Result<void> Service::allowShards(std::int64_t more) const
{
    const std::optional<std::int64_t> quota
        = m_options.throttling.quotas ? m_options.account.shards : std::nullopt;
    std::int64_t current = 0;
    for (const Stream& stream : m_streams) {
        if (!stream.m_gone && stream.m_summary.mode == StreamMode::Provisioned)
            current += stream.shardsReserved();
    }
    if (quota && more > 0 && current + more > *quota)
        return fail(ErrorCode::LimitExceeded,
                    "This request would exceed the shard limit for the account "
                        + m_options.accountId + " in " + m_options.region
                        + ". Current shard count for the account: " + std::to_string(current)
                        + ". Limit: " + std::to_string(*quota)
                        + ". Number of additional shards that would have resulted from this "
                          "request: "
                        + std::to_string(more) + ".");
    return roomForShards(more);
}

Result<void> Service::roomForShards(std::int64_t more) const
{
    std::int64_t current = 0;
    for (const Stream& stream : m_streams)
        current += stream.m_gone ? 0 : stream.shardsReserved();
    if (more <= 0 || current + more <= budgets::kShardsMost)
        return {};
    return fail(ErrorCode::LimitExceeded,
                "Shardscope holds at most " + std::to_string(budgets::kShardsMost)
                    + " shards; there are " + std::to_string(current)
                    + ", and this request would add " + std::to_string(more) + ".");
}

Result<void> Service::allowOnDemandStream() const
{
    if (!m_options.account.onDemandStreams || !m_options.throttling.quotas)
        return {};
    std::int64_t count = 0;
    for (const Stream& stream : m_streams)
        count += !stream.m_gone && stream.m_summary.mode == StreamMode::OnDemand;
    if (count < *m_options.account.onDemandStreams)
        return {};
    return fail(ErrorCode::LimitExceeded,
                "Account " + m_options.accountId + " in " + m_options.region + " has "
                    + std::to_string(count) + " on-demand streams, its most.");
}

std::optional<double> Service::callRateFactor() const
{
    return m_options.throttling.control ? m_options.account.callRateFactor : std::nullopt;
}

tl::unexpected<Error> Service::dryRunPassed()
{
    return fail(ErrorCode::DryRunOperation,
                "Request would have succeeded, but the DryRun flag is set.");
}

std::string Service::under(const Stream& stream) const
{
    return stream.name() + " under account " + m_options.accountId;
}

} // namespace shardscope
