#include <QTest>

#include "core/base/budgets.h"
#include "core/runtime/timeline.h"

using namespace shardscope;

namespace {

/// Two shards; one producer that overloads one of them a little, so digests hold refusals too.
Scenario busyScenario(std::uint64_t seed)
{
    Scenario s;
    s.name = "busy";
    s.seed = seed;
    s.stream.shards = 2;
    ProducerSpec producer;
    producer.name = "p";
    producer.rate.recordsPerSecond = 1'500;
    producer.keys.shape = KeySpec::Shape::HotShare;
    producer.keys.hotKey = "hot";
    producer.keys.hotShare = 0.8;
    s.producers.push_back(producer);
    ConsumerSpec consumer;
    consumer.name = "c";
    s.consumers.push_back(consumer);
    return s;
}

Timeline timelineOf(const Scenario& scenario)
{
    auto simulation = Simulation::create(scenario, {});
    if (!simulation)
        qFatal("%s", simulation.error().message.c_str());
    return Timeline(std::move(*simulation));
}

void advance(Timeline& line, SimDuration by, WorkerPool& pool, double* wall = nullptr)
{
    const SimTime until = line.now().now() + by;
    while (line.now().now() < until) {
        line.step(pool);
        if (wall != nullptr)
            line.considerCheckpoint(*wall += 0.01);
    }
}

Act pause(bool paused)
{
    return PauseProducer {"p", paused};
}

} // namespace

class TimelineTest : public QObject {
    Q_OBJECT

private slots:
    void goingBackAndForthRestoresDigests_data()
    {
        QTest::addColumn<quint64>("seed");
        for (const quint64 seed : {1U, 2U, 3U})
            QTest::addRow("seed %d", static_cast<int>(seed)) << seed;
    }
    void goingBackAndForthRestoresDigests()
    {
        QFETCH(quint64, seed);
        WorkerPool pool(2);
        Timeline line = timelineOf(busyScenario(seed));
        double wall = 0;
        advance(line, SimDuration::millis(7'310), pool, &wall);
        const std::uint64_t early = line.now().digest();
        const SimTime earlyAt = line.now().now();
        advance(line, SimDuration::millis(13'700), pool, &wall);
        const std::uint64_t late = line.now().digest();
        const SimTime lateAt = line.now().now();
        QVERIFY(early != late);
        QVERIFY(line.momentsKept() > 2);

        line.goBack(earlyAt, pool);
        QVERIFY(line.now().now() == earlyAt);
        QCOMPARE(line.now().digest(), early);
        advance(line, lateAt - earlyAt, pool, &wall);
        QCOMPARE(line.now().digest(), late);
        line.goBack(line.now().start(), pool);
        QCOMPARE(line.now().digest(), timelineOf(busyScenario(seed)).now().digest());
    }

    void actsAreRepeatedOnTheWayAndTakenBackBehindIt()
    {
        WorkerPool pool(1);
        Timeline line = timelineOf(busyScenario(5));
        double wall = 0;
        advance(line, SimDuration::seconds(3), pool, &wall);
        QVERIFY(line.perform(pause(true)).has_value());
        advance(line, SimDuration::millis(4'500), pool, &wall);
        const std::uint64_t between = line.now().digest();
        const SimTime betweenAt = line.now().now();
        advance(line, SimDuration::millis(1'500), pool, &wall);
        QVERIFY(line.perform(pause(false)).has_value());
        const SimTime secondActAt = line.now().now();
        const std::uint64_t after = line.now().digest();
        advance(line, SimDuration::seconds(4), pool, &wall);
        QCOMPARE(line.acts()->size(), std::size_t {2});

        line.goBack(betweenAt, pool);
        QCOMPARE(line.now().digest(), between);
        QCOMPARE(line.acts()->size(), std::size_t {1});
        QVERIFY(line.redoAt() == secondActAt);
        QVERIFY(line.canUndo());

        advance(line, secondActAt - betweenAt, pool);
        QVERIFY(line.redo().has_value());
        QCOMPARE(line.now().digest(), after);
        QVERIFY(!line.redoAt().has_value());
    }

    void whatWasDoneAtTheVeryMomentStaysDone()
    {
        WorkerPool pool(1);
        Timeline line = timelineOf(busyScenario(5));
        advance(line, SimDuration::seconds(1), pool);
        const SimTime at = line.now().now();
        QVERIFY(line.perform(pause(true)).has_value());
        advance(line, SimDuration::seconds(1), pool);
        line.goBack(at, pool);
        QCOMPARE(line.acts()->size(), std::size_t {1});
        line.goBack(at - kSlice, pool);
        QCOMPARE(line.acts()->size(), std::size_t {0});
    }

    void undoReturnsToTheMomentAndRedoDoesItAgain()
    {
        WorkerPool pool(1);
        Timeline line = timelineOf(busyScenario(9));
        QVERIFY(!line.canUndo());
        advance(line, SimDuration::millis(1'230), pool);
        const SimTime at = line.now().now();
        const std::uint64_t before = line.now().digest();
        QVERIFY(line.perform(pause(true)).has_value());
        QCOMPARE(line.undoText(), actText(pause(true)));
        advance(line, SimDuration::seconds(2), pool);
        const std::uint64_t later = line.now().digest();

        line.undo(pool);
        QVERIFY(line.now().now() == at);
        QCOMPARE(line.now().digest(), before);
        QVERIFY(!line.canUndo());
        QCOMPARE(line.redoText(), actText(pause(true)));
        QVERIFY(line.redo().has_value());
        advance(line, SimDuration::seconds(2), pool);
        QCOMPARE(line.now().digest(), later);

        line.undo(pool);
        QVERIFY(line.perform(Note {"something else"}).has_value());
        QVERIFY(!line.redoAt().has_value()); // a new act forgets what was taken back
    }

    void aRefusedActChangesNothing()
    {
        WorkerPool pool(1);
        Timeline line = timelineOf(busyScenario(9));
        advance(line, SimDuration::seconds(1), pool);
        const std::uint64_t before = line.now().digest();
        QVERIFY(!line.perform(PauseProducer {"nobody", true}).has_value());
        QCOMPARE(line.now().digest(), before);
        QVERIFY(!line.canUndo());
        QVERIFY(line.acts()->empty());
    }

    void fiftyActsCanBeUndoneAndNoMore()
    {
        WorkerPool pool(1);
        Timeline line = timelineOf(busyScenario(2));
        for (int i = 0; i < 53; ++i) {
            QVERIFY(line.perform(Note {std::to_string(i)}).has_value());
            line.step(pool);
        }
        int undone = 0;
        for (; line.canUndo(); ++undone)
            line.undo(pool);
        QCOMPARE(undone, 50);
        QCOMPARE(line.acts()->size(), std::size_t {3});
        QVERIFY(line.now().now() == line.now().start() + kSlice * 3);
    }

    void theFirstFrameIsOneJumpAway()
    {
        WorkerPool pool(1);
        Timeline line = timelineOf(busyScenario(4));
        advance(line, SimDuration::seconds(6), pool);
        line.keepThisMoment();
        const SimTime frame = line.now().now();
        const std::uint64_t digest = line.now().digest();
        QVERIFY(line.perform(pause(true)).has_value());
        advance(line, SimDuration::seconds(3), pool);
        line.goToFirstFrame(pool);
        QVERIFY(line.now().now() == frame);
        QCOMPARE(line.now().digest(), digest);
        QVERIFY(line.acts()->empty());
        line.goToFirstFrame(pool); // and from there to the start
        QVERIFY(line.now().now() == line.now().start());
    }

    void aForkRepeatsTheActsByItself()
    {
        WorkerPool pool(1);
        Timeline line = timelineOf(busyScenario(6));
        advance(line, SimDuration::millis(1'500), pool);
        QVERIFY(line.perform(pause(true)).has_value());
        QVERIFY(line.perform(pause(false)).has_value()); // at one moment: the order counts
        QVERIFY(line.perform(pause(true)).has_value());
        advance(line, SimDuration::millis(1'500), pool);
        Simulation fork = line.forkBefore(line.now().start() + SimDuration::seconds(1),
                                          line.now().start() + SimDuration::seconds(2));
        QVERIFY(fork.now() <= line.now().start() + SimDuration::seconds(1));
        fork.advance(line.now().now(), pool);
        QCOMPARE(fork.digest(), line.now().digest());
    }

    void checkpointsStayBoundedAndDenseNearNow()
    {
        WorkerPool pool(1);
        Scenario quiet = busyScenario(1);
        quiet.producers.clear();
        quiet.consumers.clear();
        Timeline line = timelineOf(quiet);
        double wall = 0;
        for (int i = 0; i < 200; ++i) {
            advance(line, SimDuration::seconds(5), pool);
            line.considerCheckpoint(wall += 1);
        }
        QVERIFY(line.momentsKept() > 40);
        QVERIFY(line.momentsKept() <= std::size_t {budgets::kCheckpoints} + 1);
        // A second checkpoint within 250 ms of wall time is one too many.
        const std::size_t kept = line.momentsKept();
        line.goBack(line.now().now() - SimDuration::seconds(5), pool);
        QVERIFY(line.momentsKept() <= kept);
        advance(line, SimDuration::seconds(5), pool);
        const std::size_t before = line.momentsKept();
        line.considerCheckpoint(wall + 0.24);
        QCOMPARE(line.momentsKept(), before);
    }

    void memoryOfOldMomentsIsBounded()
    {
        WorkerPool pool(1);
        Scenario quiet = busyScenario(1);
        quiet.producers.clear();
        quiet.consumers.clear();
        Timeline line = timelineOf(quiet);
        double wall = 0;
        Bytes made = 0;
        for (int i = 0; i < 40; ++i) {
            advance(line, SimDuration::seconds(5), pool);
            made += 64_MiB; // all of it dropped again by the next moment but 64 MiB
            line.setFootprint({.held = 64_MiB, .made = made, .perFork = 1_MiB});
            line.considerCheckpoint(wall += 1);
        }
        QVERIFY2(line.momentsKept() <= 6, qPrintable(QString::number(line.momentsKept())));
        QVERIFY(line.momentsKept() >= 3); // the start, and the nearest ones
    }

    void thinningGivesUpWhatIsLeastMissed()
    {
        const auto at = [](std::int64_t s) { return kDefaultStart + SimDuration::seconds(s); };
        // Even spacing: the far past is the least missed, but its first moment stays.
        QCOMPARE(leastMissed({at(0), at(10), at(20), at(30), at(40)}, at(40)), std::size_t {1});
        // Two close together far off go before one alone near now.
        QCOMPARE(leastMissed({at(0), at(500), at(505), at(510), at(990), at(1'000)}, at(1'000)),
                 std::size_t {2});
        QCOMPARE(leastMissed({at(0), at(1), at(2)}, at(2)), std::size_t {1});
    }
};

QTEST_APPLESS_MAIN(TimelineTest)
#include "tst_timeline.moc"
