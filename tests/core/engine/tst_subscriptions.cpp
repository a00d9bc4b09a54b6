#include <QTest>

#include <algorithm>

#include "core/base/budgets.h"
#include "core/engine/limits.h"
#include "core/storage/key_ring.h"
#include "tests/core/engine/service_world.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

const std::string kReader = "reader";

class Listener : public SubscriptionSink {
public:
    std::vector<SubscribeToShardEvent> events;
    bool ended = false, there = true;
    std::optional<Error> why;
    std::int64_t waiting = 0;

    bool event(SubscribeToShardEvent event) override
    {
        events.push_back(std::move(event));
        return there;
    }
    void end(std::optional<Error> error) override
    {
        ended = true;
        why = std::move(error);
    }
    [[nodiscard]] std::int64_t unsent() const override { return waiting; }

    /// The data of all records so far, one behind the other.
    [[nodiscard]] std::string data() const
    {
        std::string all;
        for (const SubscribeToShardEvent& e : events)
            for (std::size_t i = 0; i < e.records.rows.size(); ++i)
                all += e.records.data(i);
        return all;
    }
    [[nodiscard]] Bytes bytes() const
    {
        Bytes sum = 0;
        for (const SubscribeToShardEvent& e : events)
            for (const RecordPage::Row& row : e.records.rows)
                sum += Bytes {row.dataBytes} + row.keyBytes;
        return sum;
    }
};

/// One stream with a registered consumer.
struct FanOutWorld : ServiceWorld {
    explicit FanOutWorld(std::int64_t shards = 1, const ServiceOptions& options = quickOptions(),
                         std::int64_t maxKiB = 1'024)
        : ServiceWorld({.streamName = kName, .shardCount = shards, .maxRecordSizeKiB = maxKiB},
                       options)
    {
        const auto registered = control(RegisterStreamConsumer {kName, kReader});
        if (!registered)
            qFatal("%s", registered.error().message.c_str());
        wait(SimDuration::seconds(2));
    }
    static SubscribeToShard request(IteratorType type = IteratorType::Latest)
    {
        return {.streamName = kName, .consumerName = kReader, .shardId = "0", .type = type};
    }
    std::shared_ptr<Listener> subscribe(const SubscribeToShard& request)
    {
        auto listener = std::make_shared<Listener>();
        const auto opened = service.subscribe(request, listener, now);
        if (!opened)
            listener->why = opened.error();
        service.advance(now);
        return listener;
    }
    std::optional<ErrorCode> refusal(const SubscribeToShard& request)
    {
        const auto opened = service.subscribe(request, std::make_shared<Listener>(), now);
        return opened ? std::nullopt : std::optional(opened.error().code);
    }
    SequenceNumber put(std::string_view data)
    {
        const auto done = service.putRecord({kName, batch({{"k", data, HashKey {}}})}, now);
        return done ? done->number : SequenceNumber {};
    }
    void deliver() { service.advance(now); }
};

ServiceOptions unlimitedWrites()
{
    ServiceOptions options = quickOptions();
    options.throttling.write = false;
    return options;
}

} // namespace

class SubscriptionsTest : public QObject {
    Q_OBJECT

private slots:
    void aRecordGoesOutAsItArrives()
    {
        FanOutWorld w;
        const auto listener = w.subscribe(FanOutWorld::request());
        QVERIFY(listener->events.empty() && !w.service.subscriptionsDue(w.now));
        w.wait(SimDuration::millis(300));
        const SequenceNumber number = w.put("hello");
        QVERIFY(w.service.subscriptionsDue(w.now));
        QCOMPARE(w.service.nextDue(), std::optional(w.now));
        w.deliver();
        QCOMPARE(listener->events.size(), std::size_t {1});
        const SubscribeToShardEvent& event = listener->events[0];
        QCOMPARE(listener->data(), std::string("hello"));
        QCOMPARE(event.records.rows[0].number, number);
        QCOMPARE(event.continuation, std::optional(number));
        QCOMPARE(event.millisBehindLatest, std::int64_t {0});
        QVERIFY(event.childShards.empty() && !listener->ended);
        QVERIFY(!w.service.subscriptionsDue(w.now));
        const Shard& shard = w.stream().shards()[0];
        QCOMPARE(shard.fanOutRecords, std::uint64_t {1});
        QCOMPARE(shard.fanOutBytes, std::uint64_t {6});
        QCOMPARE(shard.outBytes, std::uint64_t {0}); // polling readers' alone
        const FanOutCounters counters = w.service.fanOutCounters(w.stream().slot(), kReader);
        QCOMPARE(counters.subscribed, std::uint64_t {1});
        QCOMPARE(counters.events, std::uint64_t {1});
        QCOMPARE(counters.bytes, std::uint64_t {6});
    }

    void whatFollowsAtOnceGoesTogether()
    {
        FanOutWorld w;
        const auto listener = w.subscribe(FanOutWorld::request());
        w.put("a");
        w.deliver();
        w.put("b");
        w.deliver();
        w.put("c");
        w.wait(SimDuration::millis(budgets::kSubscriptionGatherMs - 1));
        QCOMPARE(listener->data(), std::string("a"));
        w.wait(SimDuration::millis(1));
        QCOMPARE(listener->data(), std::string("abc"));
        QCOMPARE(listener->events.size(), std::size_t {2});
        // After a pause nothing is waited for.
        w.wait(SimDuration::millis(budgets::kSubscriptionGatherMs));
        w.put("d");
        w.deliver();
        QCOMPARE(listener->events.size(), std::size_t {3});
    }

    void itBeginsWhereItIsToldTo()
    {
        FanOutWorld w;
        std::vector<SequenceNumber> numbers;
        for (const char* data : {"a", "b", "c"}) {
            numbers.push_back(w.put(data));
            w.wait(SimDuration::seconds(10));
        }
        const auto heard = [&](SubscribeToShard request) {
            const auto listener = w.subscribe(request);
            w.wait(SimDuration::seconds(6)); // or the next one would come too soon
            return listener->why ? listener->why->message : listener->data();
        };
        using T = IteratorType;
        QCOMPARE(heard(FanOutWorld::request(T::TrimHorizon)), std::string("abc"));
        QCOMPARE(heard(FanOutWorld::request(T::Latest)), std::string());
        SubscribeToShard at = FanOutWorld::request(T::AtSequenceNumber);
        at.sequenceNumber = numbers[1].text();
        QCOMPARE(heard(at), std::string("bc"));
        at.type = T::AfterSequenceNumber;
        QCOMPARE(heard(at), std::string("c"));
        SubscribeToShard since = FanOutWorld::request(T::AtTimestamp);
        since.timestamp = SimTime::fromSeconds(numbers[1].recordAt + 1);
        QCOMPARE(heard(since), std::string("c"));
        since.timestamp = w.now + SimDuration::seconds(1);
        QCOMPARE(w.refusal(since), std::optional(ErrorCode::InvalidArgument));
        at.sequenceNumber.reset();
        QCOMPARE(w.refusal(at), std::optional(ErrorCode::InvalidArgument));
    }

    void noSecondHoldsMoreThanItsShare()
    {
        FanOutWorld w(1, unlimitedWrites());
        const std::string data(99'999, 'd');
        for (int i = 0; i < 80; ++i)
            w.put(data);
        const auto listener = w.subscribe(FanOutWorld::request(IteratorType::TrimHorizon));
        std::vector<Bytes> sent {listener->bytes()}; // by millisecond
        for (int ms = 1; ms <= 4'000; ++ms) {
            w.wait(SimDuration::millis(1));
            sent.push_back(listener->bytes());
        }
        QCOMPARE(listener->bytes(), Bytes {8'000'000});
        for (std::size_t end = 0; end < sent.size(); ++end) {
            const Bytes before = end >= 1'000 ? sent[end - 1'000] : 0;
            QVERIFY(sent[end] - before <= limits::kShardReadBytes);
        }
        QVERIFY(sent[0] > 1'900'000); // what is free goes at once
        QCOMPARE(sent[999], sent[0]);
        for (const SubscribeToShardEvent& e : listener->events)
            QVERIFY(static_cast<Bytes>(e.records.bytes.size()) <= budgets::kSubscriptionEventBytes);
        QVERIFY(listener->events[0].millisBehindLatest == 0); // behind, but not by time
        QVERIFY(listener->events[25].millisBehindLatest > 0);
    }

    void aRecordLargerThanASecondsShareRestsUntilItIsPaid()
    {
        FanOutWorld w(1, unlimitedWrites(), 10'240);
        w.put(std::string(static_cast<std::size_t>(10_MiB) - 1, 'L'));
        w.put("next");
        const auto listener = w.subscribe(FanOutWorld::request(IteratorType::TrimHorizon));
        QCOMPARE(listener->bytes(), Bytes {10_MiB});
        w.wait(SimDuration::millis(4'999));
        QCOMPARE(listener->bytes(), Bytes {10_MiB});
        w.wait(SimDuration::millis(1));
        QCOMPARE(listener->bytes(), 10_MiB + 5);
    }

    void withoutReadLimitsEverythingGoesAtOnce()
    {
        ServiceOptions options = unlimitedWrites();
        options.throttling.read = false;
        FanOutWorld w(1, options);
        for (int i = 0; i < 60; ++i)
            w.put(std::string(99'999, 'd'));
        const auto listener = w.subscribe(FanOutWorld::request(IteratorType::TrimHorizon));
        for (int ms = 0; ms < 3; ++ms)
            w.wait(SimDuration::millis(1));
        QCOMPARE(listener->bytes(), Bytes {6'000'000});
        QCOMPARE(w.refusal(FanOutWorld::request()), std::nullopt);
    }

    void anIdleSubscriptionIsKeptAlive()
    {
        FanOutWorld w;
        const SequenceNumber first = w.put("a");
        const auto listener = w.subscribe(FanOutWorld::request(IteratorType::TrimHorizon));
        w.wait(limits::kSubscriptionHeartbeat - SimDuration::millis(1));
        QCOMPARE(listener->events.size(), std::size_t {1});
        w.wait(SimDuration::millis(1));
        QCOMPARE(listener->events.size(), std::size_t {2});
        const SubscribeToShardEvent beat = listener->events[1];
        QVERIFY(beat.records.rows.empty());
        QVERIFY(beat.continuation->text() > first.text()); // it has moved on
        const SequenceNumber second = w.put("b");
        QVERIFY(beat.continuation->text() < second.text());
        w.deliver();
        for (const IteratorType type :
             {IteratorType::AtSequenceNumber, IteratorType::AfterSequenceNumber}) {
            w.wait(SimDuration::seconds(6));
            SubscribeToShard again = FanOutWorld::request(type);
            again.sequenceNumber = beat.continuation->text();
            const auto resumed = w.subscribe(again);
            QVERIFY2(!resumed->why, resumed->why ? resumed->why->message.c_str() : "");
            QCOMPARE(resumed->data(), std::string("b"));
        }
    }

    void itLivesFiveMinutes()
    {
        FanOutWorld w;
        const auto listener = w.subscribe(FanOutWorld::request());
        w.wait(limits::kSubscriptionLife - SimDuration::millis(1));
        QVERIFY(!listener->ended);
        w.wait(SimDuration::millis(1));
        QVERIFY(listener->ended && !listener->why);
        QCOMPARE(w.service.openSubscriptions(), std::size_t {0});
    }

    void aNewerOneTakesOverAfterFiveSeconds()
    {
        FanOutWorld w(2);
        const auto older = w.subscribe(FanOutWorld::request());
        w.wait(SimDuration::millis(999));
        QCOMPARE(w.refusal(FanOutWorld::request()), std::optional(ErrorCode::LimitExceeded));
        w.wait(SimDuration::millis(1));
        const auto soon = w.service.subscribe(FanOutWorld::request(), older, w.now);
        QCOMPARE(soon.error().code, ErrorCode::ResourceInUse);
        QCOMPARE(soon.error().message,
                 std::string("Another active subscription exists for this consumer: "
                             "000000000000:orders:shardId-000000000000:reader"));
        SubscribeToShard other = FanOutWorld::request();
        other.shardId = "1";
        QCOMPARE(w.refusal(other), std::nullopt); // each shard for itself
        w.wait(SimDuration::millis(3'999));
        QCOMPARE(w.refusal(FanOutWorld::request()), std::optional(ErrorCode::ResourceInUse));
        QVERIFY(!older->ended);
        w.wait(SimDuration::seconds(1));
        const auto newer = w.subscribe(FanOutWorld::request());
        QVERIFY(!newer->why);
        QVERIFY(older->ended);
        QCOMPARE(older->why, std::optional(soon.error()));
        w.put("x");
        w.deliver();
        QCOMPARE(newer->data(), std::string("x"));
        QCOMPARE(older->data(), std::string());
        QCOMPARE(w.service.fanOutCounters(w.stream().slot(), kReader).rateExceeded,
                 std::uint64_t {3});
    }

    void onlyActiveConsumersMaySubscribe()
    {
        FanOutWorld w;
        QVERIFY(w.control(RegisterStreamConsumer {kName, "late"}));
        SubscribeToShard request = FanOutWorld::request();
        request.consumerName = "late";
        const auto creating = w.service.subscribe(request, std::make_shared<Listener>(), w.now);
        QCOMPARE(creating.error().code, ErrorCode::ResourceInUse);
        QCOMPARE(creating.error().message,
                 "Consumer late with creation timestamp " + std::to_string(w.now.inSeconds())
                     + " under stream: orders , account 000000000000 is not in ACTIVE status.");
        request.consumerName = "nobody";
        QCOMPARE(w.refusal(request), std::optional(ErrorCode::ResourceNotFound));
        request = FanOutWorld::request();
        request.consumerCreatedAt = 17;
        QCOMPARE(w.refusal(request), std::optional(ErrorCode::ResourceNotFound));
        request = FanOutWorld::request();
        request.shardId = "9";
        QCOMPARE(w.refusal(request), std::optional(ErrorCode::ResourceNotFound));
        request = FanOutWorld::request();
        request.dryRun = true;
        QCOMPARE(w.refusal(request), std::optional(ErrorCode::DryRunOperation));
        QCOMPARE(w.service.openSubscriptions(), std::size_t {0});
    }

    void theEndOfAShardIsItsLastEvent()
    {
        FanOutWorld w;
        w.put("last");
        const auto listener = w.subscribe(FanOutWorld::request(IteratorType::TrimHorizon));
        QVERIFY(w.control(SplitShard {kName, "0", "170141183460469231731687303715884105728"}));
        w.wait(SimDuration::seconds(2));
        QCOMPARE(listener->data(), std::string("last"));
        const SubscribeToShardEvent& end = listener->events.back();
        QVERIFY(!end.continuation);
        QCOMPARE(end.childShards.size(), std::size_t {2});
        QCOMPARE(end.childShards[1].shardId, std::string("shardId-000000000002"));
        QVERIFY(listener->ended && !listener->why);

        // LATEST on the closed shard finds its children too.
        w.wait(SimDuration::seconds(5));
        const auto latest = w.subscribe(FanOutWorld::request());
        QCOMPARE(latest->events.size(), std::size_t {1});
        QCOMPARE(latest->events[0].childShards.size(), std::size_t {2});
        QVERIFY(latest->ended && !latest->why);
    }

    void whatIsDeletedEndsItsSubscriptions()
    {
        FanOutWorld w;
        const auto first = w.subscribe(FanOutWorld::request());
        QVERIFY(w.control(DeregisterStreamConsumer {kName, kReader}));
        w.wait(SimDuration::seconds(2));
        QVERIFY(first->ended);
        QCOMPARE(first->why->code, ErrorCode::ResourceNotFound);

        FanOutWorld v;
        const auto second = v.subscribe(FanOutWorld::request());
        QVERIFY(v.control(DeleteStream {kName, true}));
        v.wait(SimDuration::seconds(2));
        QVERIFY(second->ended);
        QCOMPARE(second->why->code, ErrorCode::ResourceNotFound);
    }

    void keyTroubleComesInsideTheStream()
    {
        FanOutWorld w;
        KeyRing keys {KeyRing::Options {}};
        w.service.setKeyRing(&keys);
        const auto key = keys.create("for tests", "", w.now);
        QVERIFY(key);
        const std::string id = (*key)->id;
        w.put("plain");
        QVERIFY(w.control(StartStreamEncryption {kName, id}));
        w.wait(SimDuration::seconds(2));
        w.put("sealed");
        QVERIFY(keys.setEnabled(id, false));
        const auto listener = w.subscribe(FanOutWorld::request(IteratorType::TrimHorizon));
        QVERIFY(listener->ended);
        QCOMPARE(listener->why->code, ErrorCode::KmsDisabled);
        QVERIFY(listener->events.empty());
        QCOMPARE(w.service.putRecord({kName, batch({{"k"}})}, w.now).error().code,
                 ErrorCode::KmsDisabled);
        QVERIFY(keys.setEnabled(id, true));
        w.wait(SimDuration::seconds(5));
        QCOMPARE(w.subscribe(FanOutWorld::request(IteratorType::TrimHorizon))->data(),
                 std::string("plainsealed"));
    }

    void aSlowSubscriberIsWaitedFor()
    {
        FanOutWorld w;
        const auto listener = w.subscribe(FanOutWorld::request());
        listener->waiting = budgets::kSubscriptionUnsent + 1;
        w.put("a");
        w.wait(SimDuration::seconds(20));
        QVERIFY(listener->events.empty() && !listener->ended);
        listener->waiting = budgets::kSubscriptionUnsent;
        w.wait(SimDuration::millis(budgets::kSubscriptionRetryMs));
        QCOMPARE(listener->data(), std::string("a"));
    }

    void aSubscriberThatHasGoneIsForgotten()
    {
        FanOutWorld w;
        const auto listener = w.subscribe(FanOutWorld::request());
        listener->there = false;
        w.put("a");
        w.deliver();
        QCOMPARE(w.service.openSubscriptions(), std::size_t {0});
        QVERIFY(!listener->ended); // nobody hears it
    }

    void aCopyOfTheServiceHasNoSubscriptions()
    {
        FanOutWorld w;
        const auto listener = w.subscribe(FanOutWorld::request());
        Service copy = w.service;
        QCOMPARE(copy.openSubscriptions(), std::size_t {0});
        QVERIFY(copy.putRecord({kName, batch({{"k"}})}, w.now));
        copy.advance(w.now);
        QVERIFY(listener->events.empty());
        w.put("mine");
        w.deliver();
        QCOMPARE(listener->data(), std::string("mine"));
    }
};

QTEST_APPLESS_MAIN(SubscriptionsTest)
#include "tst_subscriptions.moc"
