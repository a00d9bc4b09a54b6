#include <QTest>

#include <optional>

#include "core/runtime/conductor.h"

using namespace shardscope;

namespace {

/// Calm for ten seconds, then one hot key of twice what a shard takes.
Scenario calmThenHot()
{
    Scenario s;
    s.name = "calm then hot";
    s.history = SimDuration::seconds(2);
    s.stream.shards = 2;
    s.speed = 10;
    ProducerSpec producer;
    producer.name = "phones";
    producer.rate.recordsPerSecond = 100;
    producer.rate.curve = RateSpec::Curve::Steps;
    producer.rate.steps = {{.at = SimDuration::seconds(10), .factor = 20}};
    producer.keys.shape = KeySpec::Shape::Constant;
    producer.keys.prefix = "hot";
    producer.client.retry = ClientSpec::Retry::None;
    s.producers.push_back(producer);
    ConsumerSpec consumer;
    consumer.name = "c";
    s.consumers.push_back(consumer);
    return s;
}

Act split(int shard)
{
    return ControlRequest {
        SplitShard {.streamName = {},
                    .shardToSplit = shardIdText(ShardSlot(static_cast<std::uint32_t>(shard))),
                    .newStartingHashKey = {}}};
}

/// A conductor on a clock that moves only when told, or a little with every look at it.
struct Bench {
    double wall = 1'000;
    double perLook = 0;
    std::vector<std::shared_ptr<const Snapshot>> published;
    Conductor conductor;

    Bench()
        : conductor({.threads = 1,
                     .wallClock = [this] { return wall += perLook; },
                     .prices = PriceBook {},
                     .publish = [this](auto s) { published.push_back(std::move(s)); }})
    {
    }
    [[nodiscard]] const Snapshot& now() const { return *published.back(); }
    [[nodiscard]] SimDuration elapsed() const { return now().clock.now - now().clock.start; }

    void submit(Command command, std::optional<Result<void>>* answer)
    {
        std::vector<Message> messages;
        messages.emplace_back(
            Order {std::move(command), [answer](Result<void> r) { *answer = std::move(r); }});
        conductor.turn(std::move(messages));
    }
    /// Turns until the answer is there.
    Result<void> order(Command command)
    {
        std::optional<Result<void>> answer;
        submit(std::move(command), &answer);
        for (int turns = 0; !answer && turns < 100'000; ++turns)
            conductor.turn({});
        return answer ? *answer : fail(ErrorCode::InternalFailure, "no answer came");
    }
    void turns(int count, double wallEach)
    {
        for (int i = 0; i < count; ++i) {
            wall += wallEach;
            conductor.turn({});
        }
    }
    bool turnUntilPaused()
    {
        for (int i = 0; i < 10'000 && !now().clock.paused; ++i)
            turns(1, 0.05);
        return now().clock.paused;
    }
};

bool sameFigures(const Snapshot& a, const Snapshot& b)
{
    return a.clock.now == b.clock.now && a.offered == b.offered && a.accepted == b.accepted
        && a.refused == b.refused && a.read == b.read && a.shards.size() == b.shards.size();
}

} // namespace

class ConductorTest : public QObject {
    Q_OBJECT

private slots:
    void nothingCanBeDoneBeforeALoad()
    {
        Bench bench;
        for (const Command& command : {Command {Play {}}, Command {StepBack {}}, Command {Redo {}},
                                       Command {Do {Note {}}}}) {
            const auto done = bench.order(command);
            QVERIFY(!done.has_value());
            QCOMPARE(done.error().code, ErrorCode::ResourceNotFound);
        }
        QVERIFY(bench.published.empty());
    }

    void theFirstFrameComesWithItsHistory()
    {
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), true}).has_value());
        QCOMPARE(bench.published.size(), std::size_t {1}); // nothing was seen before
        QVERIFY(bench.elapsed() == SimDuration::seconds(2));
        QVERIFY(bench.now().clock.paused);
        QVERIFY(bench.now().accepted.records > 150);
        QVERIFY(!bench.now().history.of(Resolution::Ms100).empty());
        bench.turns(10, 0.1);
        QVERIFY(bench.elapsed() == SimDuration::seconds(2));
    }

    void aLongHistoryShowsItsProgress()
    {
        Bench bench;
        bench.perLook = 0.012; // the machine is so slow that a slice takes longer than a chunk
        QVERIFY(bench.order(Load {calmThenHot(), false}).has_value());
        QVERIFY(bench.published.size() > 2);
        QVERIFY(bench.published.front()->clock.now < bench.now().clock.now);
        QVERIFY(!bench.now().clock.paused);
    }

    void anotherLoadEndsTheFirst()
    {
        Bench bench;
        bench.perLook = 0.012;
        std::optional<Result<void>> first;
        bench.submit(Load {calmThenHot(), true}, &first);
        QVERIFY(!first.has_value());
        Scenario other = calmThenHot();
        other.name = "other";
        QVERIFY(bench.order(Load {other, true}).has_value());
        QVERIFY(first.has_value() && !first->has_value());
        QCOMPARE(bench.now().scenarioName, std::string("other"));
    }

    void aScenarioThatIsRefusedLeavesTheRunAlone()
    {
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), true}).has_value());
        Scenario bad = calmThenHot();
        bad.name = "bad";
        bad.stream.shards = 0;
        QVERIFY(!bench.order(Load {bad, true}).has_value());
        QCOMPARE(bench.now().scenarioName, std::string("calm then hot"));
        QVERIFY(bench.order(StepForward {true}).has_value());
    }

    void aRunFollowsTheClockAtItsSpeed()
    {
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), false}).has_value());
        bench.turns(10, 0.05);
        QVERIFY(bench.elapsed() == SimDuration::seconds(7));
        QVERIFY2(qAbs(bench.now().clock.speedReached - 10) < 0.5,
                 qPrintable(QString::number(bench.now().clock.speedReached)));
        bench.turns(1, 3'600); // the laptop was asleep for an hour: no jump
        QVERIFY(bench.elapsed() <= SimDuration::millis(9'500));
        QVERIFY(bench.order(Pause {}).has_value());
        const SimDuration stopped = bench.elapsed();
        bench.turns(10, 1);
        QVERIFY(bench.elapsed() == stopped);
        QVERIFY(bench.order(Play {}).has_value());
        bench.turns(1, 0.01);
        bench.turns(1, 0.04);
        QVERIFY(bench.elapsed() == stopped + SimDuration::millis(500));
    }

    void speedsOutsideTheirRangeAreRefused_data()
    {
        QTest::addColumn<double>("factor");
        QTest::addColumn<bool>("good");
        QTest::newRow("the slowest") << 0.1 << true;
        QTest::newRow("slower than the slowest") << 0.09 << false;
        QTest::newRow("the fastest") << 1'000.0 << true;
        QTest::newRow("faster than the fastest") << 1'000.1 << false;
        QTest::newRow("max") << 0.0 << true;
        QTest::newRow("backwards") << -1.0 << false;
        QTest::newRow("not a number") << qQNaN() << false;
    }
    void speedsOutsideTheirRangeAreRefused()
    {
        QFETCH(double, factor);
        QFETCH(bool, good);
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), true}).has_value());
        QCOMPARE(bench.order(SetSpeed {factor}).has_value(), good);
        QCOMPARE(bench.now().clock.speedAsked, good ? factor : 10.0);
    }

    void snapshotsComeNoMoreOftenThanTheEyeCanSee()
    {
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), false}).has_value());
        const std::size_t before = bench.published.size();
        bench.turns(100, 0.01); // one second
        const std::size_t seen = bench.published.size() - before;
        QVERIFY2(seen >= 24 && seen <= 31, qPrintable(QString::number(seen)));
        QVERIFY(bench.order(Pause {}).has_value());
        const std::size_t paused = bench.published.size();
        bench.turns(100, 0.01);
        QCOMPARE(bench.published.size(), paused); // nothing changes, nothing is said
    }

    void aStepGoesToTheNextSecondSliceOrEvent()
    {
        Scenario s = calmThenHot();
        s.acts.push_back({SimDuration::millis(4'005), Note {"here"}});
        Bench bench;
        QVERIFY(bench.order(Load {s, true}).has_value());
        QVERIFY(bench.order(StepForward {true}).has_value());
        QVERIFY(bench.elapsed() == SimDuration::seconds(3));
        QVERIFY(bench.order(StepForward {false}).has_value());
        // Events are handed out with the bucket of 100 ms in which they happen.
        QVERIFY(bench.elapsed() == SimDuration::millis(4'100));
        QVERIFY(!bench.now().events->empty());
        QCOMPARE(bench.now().events->back().text, std::string("here"));
        QVERIFY(bench.now().clock.paused);
        QVERIFY(bench.order(StepForward {true}).has_value());
        QVERIFY(bench.elapsed() == SimDuration::seconds(5));
    }

    void stepsBackEndWhereStepsForwardDid()
    {
        Scenario s = calmThenHot();
        s.acts.push_back({SimDuration::seconds(4), Note {"one"}});
        s.acts.push_back({SimDuration::seconds(6), Note {"two"}});
        Bench bench;
        QVERIFY(bench.order(Load {s, true}).has_value());
        QVERIFY(bench.order(StepForward {false}).has_value());
        const auto one = bench.published.back();
        QVERIFY(bench.order(StepForward {false}).has_value());
        const auto two = bench.published.back();
        QVERIFY(two->clock.now > one->clock.now);
        QVERIFY(bench.order(StepForward {true}).has_value());

        QVERIFY(bench.order(StepBack {false}).has_value());
        QVERIFY(sameFigures(bench.now(), *two));
        QVERIFY(bench.now().world > two->world);
        QVERIFY(bench.order(StepBack {false}).has_value());
        QVERIFY(sameFigures(bench.now(), *one));
        QVERIFY(bench.order(StepBack {true}).has_value());
        QVERIFY(bench.elapsed() == SimDuration::seconds(4));
        QVERIFY(bench.order(StepBack {true}).has_value());
        QVERIFY(bench.elapsed() == SimDuration::seconds(3));
        QVERIFY(bench.order(StepBack {false}).has_value());
        QVERIFY(bench.elapsed() == SimDuration {}); // into the history, to its start
        QVERIFY(bench.order(StepBack {true}).has_value());
        QVERIFY(bench.elapsed() == SimDuration {});
    }

    void theFirstFrameIsTheStart()
    {
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), true}).has_value());
        const auto first = bench.published.back();
        QVERIFY(bench.order(Do {PauseProducer {"phones", true}}).has_value());
        QVERIFY(bench.order(StepForward {true}).has_value());
        QVERIFY(bench.order(JumpToStart {}).has_value());
        QVERIFY(sameFigures(bench.now(), *first));
        QVERIFY(bench.now().acts->empty());
        QVERIFY(!bench.now().redoText.empty());
    }

    void undoAndRedoRestoreTheFigures()
    {
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), true}).has_value());
        QVERIFY(!bench.order(Undo {}).has_value());
        QVERIFY(!bench.order(Redo {}).has_value());
        QVERIFY(bench.order(StepForward {true}).has_value());
        const auto before = bench.published.back();
        const Act act = PauseProducer {"phones", true};
        QVERIFY(bench.order(Do {act}).has_value());
        QCOMPARE(bench.now().undoText, actText(act));
        QCOMPARE(bench.now().acts->size(), std::size_t {1});
        QVERIFY(bench.order(StepForward {true}).has_value());
        const auto after = bench.published.back();

        QVERIFY(bench.order(Undo {}).has_value());
        QVERIFY(sameFigures(bench.now(), *before));
        QVERIFY(bench.now().world > after->world);
        QCOMPARE(bench.now().redoText, actText(act));
        QVERIFY(bench.now().undoText.empty());
        QVERIFY(bench.order(Redo {}).has_value());
        QVERIFY(bench.order(StepForward {true}).has_value());
        QVERIFY(sameFigures(bench.now(), *after));
    }

    void redoAfterAStepBackReturnsToItsMoment()
    {
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), true}).has_value());
        QVERIFY(bench.order(StepForward {true}).has_value());
        QVERIFY(bench.order(StepForward {true}).has_value());
        QVERIFY(bench.order(Do {PauseProducer {"phones", true}}).has_value());
        const auto done = bench.published.back();
        QVERIFY(bench.order(StepBack {true}).has_value());
        QVERIFY(bench.order(StepBack {true}).has_value());
        QVERIFY(bench.now().acts->empty());
        QVERIFY(bench.order(Redo {}).has_value());
        QVERIFY(sameFigures(bench.now(), *done));
        QCOMPARE(bench.now().acts->size(), std::size_t {1});
    }

    void anActThatIsRefusedSaysWhy()
    {
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), true}).has_value());
        const auto done = bench.order(Do {PauseProducer {"nobody", true}});
        QVERIFY(!done.has_value());
        QVERIFY(!done.error().message.empty());
        QVERIFY(bench.now().undoText.empty());
    }

    void runUntilARefusalStopsAtItsSlice()
    {
        const Scenario s = calmThenHot();
        auto alone = Simulation::create(s, {});
        QVERIFY(alone.has_value());
        WorkerPool pool(1);
        while (alone->refusedSoFar() == 0)
            alone->advance(alone->now() + kSlice, pool);

        Bench bench;
        QVERIFY(bench.order(Load {s, true}).has_value());
        QVERIFY(bench.order(SetSpeed {1'000}).has_value());
        QVERIFY(bench.order(RunUntil {{.kind = RunCondition::Kind::NextRefusal}}).has_value());
        QVERIFY(!bench.now().clock.paused);
        QVERIFY(bench.turnUntilPaused());
        QVERIFY(bench.now().clock.now == alone->now());
        QVERIFY(bench.now().refused.records > 0);
        QVERIFY(bench.now().clock.until.kind == RunCondition::Kind::None);
    }

    void aRefusalOnAnotherShardDoesNotStopTheRun()
    {
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), true}).has_value());
        QVERIFY(bench.order(SetSpeed {0}).has_value());
        QVERIFY(bench.order(RunUntil {{.kind = RunCondition::Kind::NextRefusal}}).has_value());
        QVERIFY(bench.turnUntilPaused());
        const ShardSlot hot = bench.now().refusals->back().shard;
        const ShardSlot other(1 - hot.value);
        QVERIFY(bench.order(SetSpeed {100}).has_value());
        QVERIFY(
            bench.order(RunUntil {{.kind = RunCondition::Kind::NextRefusalOnShard, .shard = other}})
                .has_value());
        bench.turns(40, 0.05);
        QVERIFY(!bench.now().clock.paused);
        QVERIFY(
            bench.order(RunUntil {{.kind = RunCondition::Kind::NextRefusalOnShard, .shard = hot}})
                .has_value());
        QVERIFY(bench.turnUntilPaused());
    }

    void runUntilATime()
    {
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), true}).has_value());
        const SimTime at = bench.now().clock.start + SimDuration::millis(6'543);
        QVERIFY(bench.order(RunUntil {{.kind = RunCondition::Kind::Time, .time = at}}).has_value());
        QVERIFY(bench.turnUntilPaused());
        QVERIFY(bench.elapsed() == SimDuration::millis(6'550)); // the end of that slice
        QVERIFY(bench.order(RunUntil {{.kind = RunCondition::Kind::Time, .time = at}}).has_value());
        QVERIFY(bench.now().clock.paused); // it is there already
    }

    void runUntilAReshardIsDone()
    {
        Scenario s = calmThenHot();
        s.timings.reshard = SimDuration::seconds(3);
        Bench bench;
        QVERIFY(bench.order(Load {s, true}).has_value());
        QVERIFY(bench.order(Do {split(0)}).has_value());
        QVERIFY(bench.order(RunUntil {{.kind = RunCondition::Kind::ShardsActive}}).has_value());
        QVERIFY(!bench.now().clock.paused);
        QVERIFY(bench.turnUntilPaused());
        QCOMPARE(bench.now().stream.summary.openShardCount, std::int64_t {3});
        const SimDuration took = bench.elapsed() - SimDuration::seconds(2);
        QVERIFY(took >= SimDuration::seconds(3) && took <= SimDuration::millis(3'200));
    }

    void runUntilAReaderFallsBehindAndCatchesUp()
    {
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), true}).has_value());
        QVERIFY(bench.order(SetSpeed {100}).has_value());
        QVERIFY(bench.order(Do {PauseConsumer {"c", true}}).has_value());
        QVERIFY(bench
                    .order(RunUntil {
                        {.kind = RunCondition::Kind::AgeAbove, .age = SimDuration::seconds(5)}})
                    .has_value());
        QVERIFY(bench.turnUntilPaused());
        QVERIFY(bench.now().consumers[0].ageMs > 5'000);
        QVERIFY(bench.now().consumers[0].ageMs <= 5'200);
        QVERIFY(bench.order(Do {PauseConsumer {"c", false}}).has_value());
        QVERIFY(bench.order(RunUntil {{.kind = RunCondition::Kind::LagDrained}}).has_value());
        QVERIFY(!bench.now().clock.paused);
        QVERIFY(bench.turnUntilPaused());
        QVERIFY(bench.now().consumers[0].ageMs <= 2'000);
    }

    void runUntilSomethingHappens()
    {
        Scenario s = calmThenHot();
        s.acts.push_back({SimDuration::seconds(5), Note {"now"}});
        Bench bench;
        QVERIFY(bench.order(Load {s, true}).has_value());
        QVERIFY(bench.order(RunUntil {{.kind = RunCondition::Kind::NextEvent}}).has_value());
        QVERIFY(bench.turnUntilPaused());
        QVERIFY(bench.elapsed() >= SimDuration::seconds(5));
        QVERIFY(bench.elapsed() <= SimDuration::millis(5'100));
        QCOMPARE(bench.now().events->back().text, std::string("now"));
    }

    void theFirstRefusalSlowsTheRunDownForThreeSeconds()
    {
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), false}).has_value());
        for (int i = 0; i < 1'000 && !bench.now().clock.slowedAtEvent; ++i)
            bench.turns(1, 0.05);
        QVERIFY(bench.now().clock.slowedAtEvent);
        QVERIFY(bench.now().refused.records > 0);
        QCOMPARE(bench.now().clock.speedAsked, 10.0);
        const SimTime from = bench.now().clock.now;
        bench.turns(50, 0.05); // 2.5 s at 1×
        QVERIFY(bench.now().clock.slowedAtEvent);
        QVERIFY(bench.now().clock.now - from <= SimDuration::millis(2'510));
        bench.turns(12, 0.05);
        QVERIFY(!bench.now().clock.slowedAtEvent);
        const SimTime later = bench.now().clock.now;
        bench.turns(40, 0.05); // and ten times again, though records are refused all the time
        QVERIFY(!bench.now().clock.slowedAtEvent);
        QVERIFY(bench.now().clock.now - later >= SimDuration::seconds(19));
    }

    void aReshardSlowsTheRunDownOnceToo()
    {
        Scenario s = calmThenHot();
        s.timings.reshard = SimDuration::seconds(2);
        s.acts.push_back({SimDuration::seconds(4), split(0)});
        Bench bench;
        QVERIFY(bench.order(Load {s, false}).has_value());
        for (int i = 0; i < 100 && !bench.now().clock.slowedAtEvent; ++i)
            bench.turns(1, 0.05);
        QVERIFY(bench.now().clock.slowedAtEvent);
        QVERIFY(bench.elapsed() >= SimDuration::seconds(4));
        QVERIFY(bench.elapsed() <= SimDuration::millis(4'550));
    }

    void slowingDownCanBeSwitchedOff()
    {
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), true}).has_value());
        QVERIFY(bench.order(SetSlowDownAtEvents {false}).has_value());
        QVERIFY(bench.order(Play {}).has_value());
        for (int i = 0; i < 60; ++i) {
            bench.turns(1, 0.05);
            QVERIFY(!bench.now().clock.slowedAtEvent);
        }
        QVERIFY(bench.now().refused.records > 0);
    }

    void aRefusalIsExplainedWhileTheRunGoesOn()
    {
        Bench bench;
        QVERIFY(bench.order(Load {calmThenHot(), true}).has_value());
        QVERIFY(bench.order(SetSpeed {0}).has_value());
        QVERIFY(bench.order(RunUntil {{.kind = RunCondition::Kind::NextRefusal}}).has_value());
        QVERIFY(bench.turnUntilPaused());
        const Refusal refusal = bench.now().refusals->front();
        const auto before = bench.published.back();
        std::optional<Result<WhyCard>> card;
        const auto ask = [&](std::uint64_t id) {
            card.reset();
            std::vector<Message> messages;
            messages.emplace_back(
                WhyQuestion {id, [&card](Result<WhyCard> c) { card = std::move(c); }});
            bench.conductor.turn(std::move(messages));
            for (int i = 0; i < 1'000 && !card; ++i)
                bench.conductor.turn({});
        };
        ask(refusal.id);
        QVERIFY(card.has_value());
        QVERIFY2(card->has_value(), card->has_value() ? "" : card->error().message.c_str());
        QCOMPARE((*card)->refusal.id, refusal.id);
        QCOMPARE((*card)->key, std::string("hot"));
        QVERIFY((*card)->refusedInSecond > 0);
        QVERIFY(sameFigures(bench.now(), *before)); // the run was not touched
        ask(refusal.id + 1'000'000);
        QVERIFY(card.has_value() && !card->has_value());
        QCOMPARE(card->error().code, ErrorCode::ResourceNotFound);
    }
};

QTEST_APPLESS_MAIN(ConductorTest)
#include "tst_conductor.moc"
