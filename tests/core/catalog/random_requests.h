#pragma once

#include <string>
#include <vector>

#include "core/engine/service.h"
#include "random_state.h"

/// Requests that change things, drawn at random, so that each has a fair chance to be accepted.
namespace shardscope::testing {

class RandomRequests {
public:
    explicit RandomRequests(Draw& draw)
        : m_draw(draw)
    {
    }

    [[nodiscard]] ApiRequest next(const Service& service)
    {
        const std::string stream = "s" + std::to_string(m_draw.below(4));
        switch (m_draw.below(21)) {
        case 0:
        case 1:
            return create(stream);
        case 2:
            return DeleteStream {stream, m_draw.below(4) > 0};
        case 3:
            return UpdateStreamMode {stream, m_draw.any<StreamMode>(), {}};
        case 4:
            return UpdateMaxRecordSize {stream, 1'024 + m_draw.below(5'000)};
        case 5:
            return IncreaseStreamRetentionPeriod {stream, 24 + m_draw.below(100)};
        case 6:
            return DecreaseStreamRetentionPeriod {stream, 24 + m_draw.below(50)};
        case 7:
            return StartStreamEncryption {stream, "alias/aws/kinesis"};
        case 8:
            return StopStreamEncryption {stream, "alias/aws/kinesis"};
        case 9:
            return EnableEnhancedMonitoring {stream, {ShardLevelMetric::IncomingBytes}};
        case 10:
            return DisableEnhancedMonitoring {stream, {ShardLevelMetric::IncomingBytes}};
        case 11:
            return UpdateAccountSettings {m_draw.flip()};
        case 12:
        case 13:
            return split(service, stream);
        case 14:
            return merge(service, stream);
        case 15:
            return UpdateShardCount {.streamName = stream, .targetShardCount = 1 + m_draw.below(8)};
        case 16:
            return RegisterStreamConsumer {stream, consumer(), m_draw.tags()};
        case 17:
            return DeregisterStreamConsumer {stream, consumer(), 0};
        case 18:
            return tagging(stream);
        case 19:
            return policy(stream);
        default:
            return channel(stream);
        }
    }

private:
    std::string consumer() { return "c" + std::to_string(m_draw.below(3)); }

    ApiRequest create(const std::string& name)
    {
        CreateStream request {.streamName = name, .mode = m_draw.any<StreamMode>()};
        if (request.mode == StreamMode::Provisioned)
            request.shardCount = 1 + m_draw.below(4);
        request.tags = {{"made", std::to_string(m_draw.below(9))}};
        return request;
    }

    /// Of the open shards, any one.
    std::optional<ShardMap::Entry> open(const Service& service, const std::string& name,
                                        std::int64_t leaving = 0)
    {
        const Stream* stream = service.find(name);
        const auto count
            = stream == nullptr ? 0 : static_cast<std::int64_t>(stream->map().open().size());
        m_at = count > leaving ? m_draw.below(count - leaving) : 0;
        if (count <= leaving)
            return std::nullopt;
        return stream->map().open()[static_cast<std::size_t>(m_at)];
    }

    ApiRequest split(const Service& service, const std::string& name)
    {
        const auto shard = open(service, name);
        if (!shard)
            return SplitShard {.streamName = name};
        return SplitShard {.streamName = name,
                           .shardToSplit = shardIdText(shard->slot),
                           .newStartingHashKey = toDecimal(shard->range.middle())};
    }

    ApiRequest merge(const Service& service, const std::string& name)
    {
        const auto lower = open(service, name, 1);
        if (!lower)
            return MergeShards {.streamName = name};
        const auto& upper = service.find(name)->map().open()[static_cast<std::size_t>(m_at) + 1];
        return MergeShards {.streamName = name,
                            .shardToMerge = shardIdText(lower->slot),
                            .adjacentShardToMerge = shardIdText(upper.slot)};
    }

    ResourceRef resource(const std::string& stream)
    {
        if (m_draw.flip())
            return {.streamName = stream};
        return {
            .kind = ResourceRef::Kind::Consumer, .streamName = stream, .consumerName = consumer()};
    }

    ApiRequest tagging(const std::string& stream)
    {
        const std::string key = "k" + std::to_string(m_draw.below(4));
        if (m_draw.below(3) == 0)
            return RemoveTags {resource(stream), {key}, true};
        return AddTags {resource(stream), {{key, std::to_string(m_draw.below(100))}}, true};
    }

    ApiRequest policy(const std::string& stream)
    {
        const ResourceRef ref = resource(stream);
        if (m_draw.below(3) == 0)
            return DeleteResourcePolicy {ref};
        return PutResourcePolicy {
            ref,
            R"({"Statement":{"Effect":"Deny","Principal":{"AWS":"000000000000"},"Action":"kinesis:)"
                + std::string(ref.kind == ResourceRef::Kind::Stream ? "GetRecords"
                                                                    : "SubscribeToShard")
                + "\"}}"};
    }

    ApiRequest channel(const std::string& stream)
    {
        CreateChannel request;
        request.channel = {.channelName = "channel",
                           .serviceExecutionRoleArn = "arn:aws:iam::000000000000:role/deliver",
                           .streamName = stream,
                           .recordFormat = "JSON",
                           .s3Json = "{}",
                           .bucketArn = "arn:aws:s3:::my-bucket",
                           .compression = "NONE"};
        request.tags = m_draw.tags().empty() ? std::map<std::string, std::string> {}
                                             : std::map<std::string, std::string> {{"a", "b"}};
        return request;
    }

    Draw& m_draw;
    std::int64_t m_at = 0; ///< of what open() drew
};

} // namespace shardscope::testing
