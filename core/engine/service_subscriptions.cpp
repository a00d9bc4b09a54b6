#include <algorithm>
#include <string>
#include <utility>

#include "core/engine/constraints.h"
#include "core/engine/limits.h"
#include "core/engine/sequence_number.h"
#include "core/engine/service.h"

/// Enhanced fan-out: a consumer's subscriptions, to which records are pushed (API 2.6).
namespace shardscope {
namespace {

/// `account:stream:shard:consumer`, as the service names a subscription.
std::string nameOf(const std::string& account, const std::string& stream,
                   const SubscriptionKey& key)
{
    return account + ":" + stream + ":" + shardIdText(key.shard) + ":" + key.consumer;
}

} // namespace

Error Service::alreadySubscribed(const Stream& stream, const SubscriptionKey& key) const
{
    return {ErrorCode::ResourceInUse,
            "Another active subscription exists for this consumer: "
                + nameOf(m_options.accountId, stream.name(), key)};
}

Result<SubscriptionKey> Service::subscriptionKey(const SubscribeToShard& request)
{
    if (auto ok = constraints::name("shardId", request.shardId); !ok)
        return tl::unexpected(std::move(ok.error()));
    const auto found = readable(request.streamName);
    if (!found)
        return tl::unexpected(found.error());
    Stream& stream = **found;
    const auto consumer = consumerOf(stream, request.consumerName, request.consumerCreatedAt);
    if (!consumer)
        return tl::unexpected(consumer.error());
    if (auto ok = permit(stream, **consumer, "SubscribeToShard"); !ok)
        return tl::unexpected(std::move(ok.error()));
    const SimTime createdAt = (*consumer)->createdAt;
    if ((*consumer)->creating || (*consumer)->deleting)
        return fail(ErrorCode::ResourceInUse,
                    "Consumer " + request.consumerName + " with creation timestamp "
                        + std::to_string(createdAt.inSeconds()) + " under stream: " + stream.name()
                        + " , account " + m_options.accountId + " is not in ACTIVE status.");
    const auto shard = readableShard(stream, request.shardId);
    if (!shard)
        return tl::unexpected(shard.error());
    return SubscriptionKey {stream.m_slot, request.consumerName, createdAt, *shard};
}

Result<void> Service::admitSubscription(const SubscriptionKey& key, SimTime now)
{
    const Stream& stream = m_streams[key.stream.index()];
    const auto verdict = m_subscriptions.call(
        key, now, m_options.throttling.read && m_options.account.callRateFactor.has_value());
    if (verdict == Subscriptions::Verdict::MayOpen)
        return {};
    ++m_subscriptions.counters(key.stream, key.consumer).rateExceeded;
    if (verdict == Subscriptions::Verdict::TooSoon)
        return tl::unexpected(alreadySubscribed(stream, key));
    return fail(ErrorCode::LimitExceeded,
                "Rate exceeded for SubscribeToShard by consumer "
                    + nameOf(m_options.accountId, stream.name(), key) + ".");
}

Result<SubscribeToShardResult> Service::subscribe(const SubscribeToShard& request,
                                                  std::shared_ptr<SubscriptionSink> sink,
                                                  SimTime now)
{
    completeDue(now);
    const auto key = subscriptionKey(request);
    if (!key)
        return tl::unexpected(key.error());
    const StartingPosition start {"SubscribeToShard", request.type, request.sequenceNumber,
                                  request.timestamp};
    if (auto ok = checkStart(start); !ok)
        return tl::unexpected(std::move(ok.error()));
    const Stream& stream = m_streams[key->stream.index()];
    const auto position = startPosition(stream, key->shard, start, now);
    if (!position)
        return tl::unexpected(position.error());
    if (request.dryRun)
        return dryRunPassed();
    if (auto ok = admitSubscription(*key, now); !ok)
        return tl::unexpected(std::move(ok.error()));
    if (const Subscription* older = m_subscriptions.find(*key)) {
        older->sink->end(alreadySubscribed(stream, *key));
        m_subscriptions.close(older->id);
    }
    return SubscribeToShardResult {m_subscriptions.open(*key, *position, std::move(sink), now).id};
}

/// Why a subscription cannot go on, or none.
std::optional<Error> Service::brokenOff(const Subscription& s)
{
    Stream& stream = m_streams[s.key.stream.index()];
    if (stream.m_gone || stream.m_summary.status == StreamStatus::Deleting)
        return Error {ErrorCode::ResourceNotFound, "Stream " + under(stream) + " not found."};
    const auto consumer = consumerOf(stream, s.key.consumer, s.key.consumerCreatedAt.inSeconds());
    if (!consumer)
        return consumer.error();
    if ((*consumer)->deleting)
        return Error {ErrorCode::ResourceNotFound,
                      "Consumer " + s.key.consumer + " of stream " + under(stream)
                          + " is being deregistered."};
    return {};
}

/// Records from `position` on that fit an event and `room`; one record always fits when `whole`.
Service::PageSpan Service::eventSpan(const ShardLog& log, std::uint64_t position, Bytes room,
                                     bool whole)
{
    PageSpan span {position, position, 0};
    const auto most
        = static_cast<std::uint64_t>(std::clamp(room, Bytes {0}, budgets::kSubscriptionEventBytes));
    while (span.next < log.end()) {
        const RecordMeta& meta = log.from(span.next).front();
        const bool fits = span.bytes + meta.bytes <= most;
        const bool alone = span.next == span.first && (whole || Bytes {meta.bytes} <= room);
        if (!fits && !alone)
            break;
        span.bytes += meta.bytes;
        ++span.next;
        if (!fits || span.next - span.first == budgets::kSubscriptionEventRecords)
            break;
    }
    return span;
}

/// Makes and hands over one event. False when the subscriber has gone.
bool Service::pushEvent(Subscription& s, const PageSpan& span, RecordPage records, SimTime now)
{
    Stream& stream = m_streams[s.key.stream.index()];
    Shard& row = stream.m_shards[s.key.shard.index()];
    const ShardLog& log = stream.m_columns.logs[s.key.shard.index()];
    const std::uint64_t count = span.next - span.first;
    SubscribeToShardEvent event;
    event.records = std::move(records);
    if (span.next < log.end())
        event.millisBehindLatest
            = std::max<std::int64_t>(0, now.inMillis() - log.from(span.next).front().arrivalMs);
    const bool last = row.state != ShardState::Open && span.next == log.end();
    if (last) {
        event.childShards = childrenOf(stream, s.key.shard);
    } else {
        // Without records it is the number of nothing: behind the last one, before the next.
        const std::int64_t at
            = count > 0 ? log.from(span.next - 1).front().arrivalMs / 1'000 : now.inSeconds();
        event.continuation = {row.openedAt.inSeconds(), s.key.shard, span.next, at};
    }
    s.position = span.next;
    s.heartbeatAt = now + limits::kSubscriptionHeartbeat;
    if (count > 0)
        s.gathersUntil = now + SimDuration::millis(budgets::kSubscriptionGatherMs);
    s.pace.book(static_cast<Bytes>(span.bytes), now);
    row.fanOutRecords += count;
    row.fanOutBytes += span.bytes;
    FanOutCounters& counters = m_subscriptions.counters(s.key.stream, s.key.consumer);
    ++counters.events;
    counters.records += count;
    counters.bytes += span.bytes;
    counters.millisBehindLatest = event.millisBehindLatest;
    return s.sink->event(std::move(event));
}

/// Pushes what may go now and says when to look again; none when the subscription is over.
std::optional<SimTime> Service::serve(Subscription& s, SimTime now)
{
    const auto over = [&](std::optional<Error> why) {
        s.sink->end(std::move(why));
        return std::optional<SimTime>();
    };
    if (auto why = brokenOff(s))
        return over(std::move(why));
    if (now >= s.endsAt)
        return over({});
    const Stream& stream = m_streams[s.key.stream.index()];
    const ShardLog& log = stream.m_columns.logs[s.key.shard.index()];
    const bool limited = m_options.throttling.read;
    s.waitsForRecords = false;
    for (Bytes pushed = 0;;) {
        if (s.sink->unsent() > budgets::kSubscriptionUnsent)
            return std::min(now + SimDuration::millis(budgets::kSubscriptionRetryMs), s.endsAt);
        s.position = std::max(s.position, log.begin());
        const bool closed = stream.m_shards[s.key.shard.index()].state != ShardState::Open;
        const bool more = s.position < log.end();
        if (!more && !closed && now < s.heartbeatAt)
            break;
        const Bytes room = limited ? s.pace.room(now) : budgets::kSubscriptionEventBytes;
        const PageSpan span = eventSpan(log, s.position, room, !limited || s.pace.idle());
        if (more && span.next == span.first && now < s.heartbeatAt)
            return std::min({s.pace.moreAt(), s.heartbeatAt, s.endsAt});
        RecordPage records = page(stream, s.key.shard, span);
        if (auto ok = allowReading(stream, records, now); !ok)
            return over(std::move(ok.error()));
        if (!pushEvent(s, span, std::move(records), now))
            return {};
        if (closed && s.position == log.end())
            return over({});
        pushed += static_cast<Bytes>(span.bytes);
        // Without a pace one subscriber must not keep the others waiting.
        if (!limited && pushed >= limits::kShardReadBytes)
            return now + SimDuration::millis(1);
    }
    s.waitsForRecords = true;
    return std::min(s.heartbeatAt, s.endsAt);
}

void Service::serveSubscriptions(SimTime now)
{
    while (Subscription* s = m_subscriptions.due(now)) {
        if (const auto next = serve(*s, now))
            m_subscriptions.schedule(*s, *next);
        else
            m_subscriptions.close(s->id);
    }
}

bool Service::subscriptionsDue(SimTime now) const
{
    const auto next = m_subscriptions.nextDue();
    return next && *next <= now;
}

void Service::wakeSubscribers(const Stream& stream, SimTime now)
{
    if (!m_subscriptions.watched(stream.m_slot))
        return;
    for (const Shard& shard : stream.m_shards)
        m_subscriptions.wake(stream.m_slot, shard.slot, now);
}

/// Whoever waits for records of a shard that has just taken one is due.
void Service::wakeReaders(const Stream& stream, std::span<const SequenceNumber> put, SimTime now)
{
    if (!m_subscriptions.watched(stream.m_slot))
        return;
    for (const SequenceNumber& number : put) {
        if (number.counter != 0)
            m_subscriptions.wake(stream.m_slot, number.shard, now);
    }
}

FanOutCounters Service::fanOutCounters(StreamSlot stream, const std::string& consumer)
{
    return m_subscriptions.counters(stream, consumer);
}

std::size_t Service::openSubscriptions() const
{
    return m_subscriptions.size();
}

} // namespace shardscope
