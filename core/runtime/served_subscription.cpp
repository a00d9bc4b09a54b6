#include <optional>
#include <utility>

#include "core/runtime/served_world.h"

/// SubscribeToShard on a served world, and what is counted of its events.
namespace shardscope {

/// Counts a subscription's events on their way out.
class ServedWorld::Sink : public SubscriptionSink {
public:
    Sink(ServedWorld& world, const SubscribeToShard& request, StreamSlot stream, ShardSlot shard,
         std::shared_ptr<SubscriptionSink> next)
        : m_world(world)
        , m_consumer(request.consumerName)
        , m_stream(stream)
        , m_shard(shard)
        , m_sink(std::move(next))
    {
        ++m_world.m_subscriptions[m_stream];
    }
    bool event(SubscribeToShardEvent event) override
    {
        if (const auto at = m_world.m_streams.find(m_stream); at != m_world.m_streams.end())
            note(at->second, event);
        const bool taken = m_sink->event(std::move(event));
        if (!taken)
            close();
        return taken;
    }
    void end(std::optional<Error> why) override
    {
        close();
        m_sink->end(std::move(why));
    }
    [[nodiscard]] std::int64_t unsent() const override { return m_sink->unsent(); }

private:
    void note(ServedStream& served, const SubscribeToShardEvent& event)
    {
        const auto& rows = event.records.rows;
        // Numbers count from 1, positions from 0: the number read last is the position of the next.
        if (!rows.empty())
            m_next = rows.back().number.counter;
        m_world.m_calls.noteEvent(served.stream(), m_consumer, m_shard, event);
        served.readers().note(m_consumer, m_shard,
                              {.next = m_next.value_or(served.stream().latest(m_shard)),
                               .records = static_cast<std::int64_t>(rows.size()),
                               .bytes = static_cast<Bytes>(event.records.bytes.size()),
                               .ageMs = rows.empty()
                                   ? event.millisBehindLatest
                                   : m_world.m_now.inMillis() - rows.back().arrivalMs},
                              m_world.m_now);
    }
    void close()
    {
        if (!std::exchange(m_closed, true))
            --m_world.m_subscriptions[m_stream];
    }

    ServedWorld& m_world;
    const std::string m_consumer;
    const StreamSlot m_stream;
    const ShardSlot m_shard;
    const std::shared_ptr<SubscriptionSink> m_sink;
    std::optional<std::uint64_t> m_next; ///< position; none before the first record
    bool m_closed = false;
};

Result<ApiAnswer> ServedWorld::subscribe(const SubscribeToShard& request,
                                         std::shared_ptr<SubscriptionSink> sink)
{
    m_trafficAt = m_now;
    Stream* stream = m_service.find(request.streamName);
    const auto shard = parseShardId(request.shardId);
    if (m_store != nullptr)
        sink = m_store->hold(std::move(sink));
    if (stream != nullptr && shard)
        sink = std::make_shared<Sink>(*this, request, stream->slot(), *shard, std::move(sink));
    auto opened = m_service.subscribe(request, std::move(sink), m_now);
    Result<ApiAnswer> answer = fail(ErrorCode::InternalFailure, {});
    if (opened)
        answer = ApiAnswer {std::move(*opened)};
    else
        answer = tl::unexpected(std::move(opened.error()));
    if (stream != nullptr)
        m_calls.note(*stream, request, answer);
    m_advanceAt = m_now;
    return answer;
}

} // namespace shardscope
