#include <QTest>

#include <map>
#include <set>

#include "core/base/rng.h"
#include "core/consumers/query_engine.h"

using namespace shardscope;

namespace {

using Spec = AnalyticsSpec;

/// A query under test: elements one by one, watermarks at will.
struct Query {
    explicit Query(const Spec& spec)
        : job(resolved(spec))
        , engine(job)
    {
        engine.openInput(0, 0);
    }
    void add(std::int64_t ms, const std::string& key = "a", double value = 1,
             std::uint32_t input = 0)
    {
        QueryColumns columns;
        columns.ms = {ms};
        columns.key = {engine.keys().idOf(key)};
        columns.value = {value};
        engine.add(input, columns, clock);
    }
    /// Until the next watermark is out.
    void tick() { engine.advance(clock += QueryEngine::kWatermarkEveryMs); }
    [[nodiscard]] std::vector<AnalyticsResult> results() const { return engine.results().newest(); }
    [[nodiscard]] std::size_t fired() const { return results().size(); }

    Spec job;
    QueryEngine engine;
    std::int64_t clock = 0;
};

Spec tumbling(std::int64_t sizeMs, Spec::Aggregate aggregate = Spec::Aggregate::Count)
{
    Spec spec;
    spec.size = SimDuration::millis(sizeMs);
    spec.aggregate = aggregate;
    spec.value = std::string(aggregate == Spec::Aggregate::Count ? "" : "v");
    return spec;
}

std::string numbered(const char* what, int number)
{
    return std::string(what).append(std::to_string(number));
}

Spec session(std::int64_t gapMs)
{
    Spec spec;
    spec.window = Spec::Window::Session;
    spec.gap = SimDuration::millis(gapMs);
    return spec;
}

} // namespace

class QueryTest : public QObject {
    Q_OBJECT

private slots:
    void startOfAWindow_data()
    {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<qint64>("start");
        QTest::newRow("its first") << qint64(10'000) << qint64(10'000);
        QTest::newRow("its last") << qint64(19'999) << qint64(10'000);
        QTest::newRow("the next one's first") << qint64(20'000) << qint64(20'000);
        QTest::newRow("zero") << qint64(0) << qint64(0);
        QTest::newRow("just before 1970") << qint64(-1) << qint64(-10'000);
        QTest::newRow("on the border before 1970") << qint64(-10'000) << qint64(-10'000);
        QTest::newRow("behind it") << qint64(-10'001) << qint64(-20'000);
    }
    void startOfAWindow()
    {
        QFETCH(qint64, ms);
        QFETCH(qint64, start);
        QCOMPARE(windowStart(ms, 10'000), std::int64_t(start));
    }

    void firesWhenTheWatermarkIsAtItsLastMillisecond()
    {
        Spec spec = tumbling(1000);
        spec.outOfOrderness = SimDuration::millis(50);
        Query query(spec);
        query.add(10);
        query.add(1049); // watermark 1049 - 50 - 1 = 998
        query.tick();
        QCOMPARE(query.engine.watermarkMs(), std::int64_t(998));
        QCOMPARE(query.fired(), std::size_t(0));
        query.add(1050); // 999 = end - 1
        query.tick();
        QCOMPARE(query.fired(), std::size_t(1));
        QCOMPARE(query.results()[0].window, (QueryWindow {0, 1000}));
        QCOMPARE(query.results()[0].records, std::int64_t(1));
    }

    void firesBefore1970()
    {
        Query query(tumbling(1000));
        query.add(-1500);
        query.add(-1001);
        query.tick();
        QCOMPARE(query.fired(), std::size_t(0)); // watermark -1002, the window ends at -1000
        query.add(-1000);
        query.tick();
        QCOMPARE(query.fired(), std::size_t(1));
        QCOMPARE(query.results()[0].window, (QueryWindow {-2000, -1000}));
        QCOMPARE(query.results()[0].records, std::int64_t(2));
    }

    void watermarksGoOutEvery200ms()
    {
        Query query(tumbling(1000));
        query.engine.advance(0);
        query.add(500);
        query.engine.advance(199);
        QCOMPARE(query.engine.watermarkMs(), kNoWatermark);
        query.engine.advance(200);
        QCOMPARE(query.engine.watermarkMs(), std::int64_t(499));
    }

    void lateElementsAreDroppedAndCounted()
    {
        Query query(tumbling(1000));
        query.add(5);
        query.add(999); // watermark 998
        query.tick();
        query.add(7); // out of order, and not late
        QCOMPARE(query.engine.lateDropped(), std::int64_t(0));
        query.add(1000);
        query.tick();
        QCOMPARE(query.fired(), std::size_t(1));
        QCOMPARE(query.results()[0].records, std::int64_t(3));
        query.add(999);
        QCOMPARE(query.engine.lateDropped(), std::int64_t(1));
        query.add(1000);
        QCOMPARE(query.engine.lateDropped(), std::int64_t(1));
        QCOMPARE(query.fired(), std::size_t(1));
    }

    void allowedLatenessFiresAgainUntilItsEnd()
    {
        Spec spec = tumbling(1000);
        spec.allowedLateness = SimDuration::millis(500);
        Query query(spec);
        query.add(5);
        query.add(1499); // watermark 1498: the window is gone at 999 + 500
        query.tick();
        QCOMPARE(query.fired(), std::size_t(1));
        query.add(6, "a");
        QCOMPARE(query.fired(), std::size_t(2));
        QCOMPARE(query.results()[1].records, std::int64_t(2));
        QVERIFY(query.results()[1].again);
        QCOMPARE(query.engine.lateDropped(), std::int64_t(0));
        query.add(1500); // watermark 1499
        query.tick();
        query.add(7);
        QCOMPARE(query.engine.lateDropped(), std::int64_t(1));
        QCOMPARE(query.fired(), std::size_t(2));
    }

    void slidingWindowsHoldAnElementSizeBySlideTimes()
    {
        Spec spec;
        spec.window = Spec::Window::Sliding;
        spec.size = SimDuration::millis(1000);
        spec.slide = SimDuration::millis(250);
        Query query(spec);
        query.add(1000);
        query.add(9000);
        query.tick();
        std::vector<std::int64_t> starts;
        for (const auto& result : query.results())
            starts.push_back(result.window.startMs);
        QCOMPARE(starts, (std::vector<std::int64_t> {250, 500, 750, 1000}));
    }

    void aSlidingElementIsLateWhenAllItsWindowsAreGone()
    {
        Spec spec;
        spec.window = Spec::Window::Sliding;
        spec.size = SimDuration::millis(1000);
        spec.slide = SimDuration::millis(500);
        Query query(spec);
        query.add(2000); // watermark 1999: windows to 2000 are gone, [1500, 2500) is not
        query.tick();
        query.add(1500);
        QCOMPARE(query.engine.lateDropped(), std::int64_t(0));
        query.add(1499);
        QCOMPARE(query.engine.lateDropped(), std::int64_t(1));
    }

    void sessionsThatTouchAreOne()
    {
        Query query(session(100));
        query.add(0);
        query.add(100); // touches [0, 100)
        query.add(301); // does not touch [0, 200)
        query.add(10'000);
        query.tick();
        QCOMPARE(query.fired(), std::size_t(2));
        QCOMPARE(query.results()[0].window, (QueryWindow {0, 200}));
        QCOMPARE(query.results()[0].records, std::int64_t(2));
        QCOMPARE(query.results()[1].window, (QueryWindow {301, 401}));
    }

    void anElementBetweenTwoSessionsJoinsThem()
    {
        Query query(session(100));
        query.add(0);
        query.add(150);
        QCOMPARE(query.engine.openWindows(), std::int64_t(2));
        query.add(75);
        QCOMPARE(query.engine.openWindows(), std::int64_t(1));
        query.add(75, "b");
        QCOMPARE(query.engine.openWindows(), std::int64_t(2));
        query.add(10'000);
        query.tick();
        QCOMPARE(query.results()[1].window, (QueryWindow {0, 250}));
        QCOMPARE(query.results()[1].records, std::int64_t(3));
        QCOMPARE(query.results()[0].key, std::string("b"));
    }

    void anElementThatMeetsALivingSessionIsNotLate()
    {
        Query query(session(100));
        query.add(200);
        query.add(240, "b");
        query.tick(); // watermark 239
        query.add(130); // [130, 230) alone would be gone
        QCOMPARE(query.engine.lateDropped(), std::int64_t(0));
        query.add(139, "c");
        QCOMPARE(query.engine.lateDropped(), std::int64_t(1));
        query.add(141, "c"); // ends at 241
        QCOMPARE(query.engine.lateDropped(), std::int64_t(1));
    }

    void theWatermarkIsTheLeastOfActiveInputs()
    {
        Spec spec = tumbling(1000);
        spec.idleness = SimDuration::millis(1000);
        Query query(spec);
        query.engine.openInput(1, 0);
        query.add(5000, "a", 1, 0);
        query.tick();
        QCOMPARE(query.engine.watermarkMs(), kNoWatermark); // input 1 has seen nothing
        query.add(700, "a", 1, 1);
        query.tick();
        QCOMPARE(query.engine.watermarkMs(), std::int64_t(699));
        for (int i = 0; i < 3; ++i) {
            query.add(6000 + i, "a", 1, 0);
            query.tick();
        }
        QCOMPARE(query.engine.watermarkMs(), std::int64_t(699)); // silent for 800 ms
        query.add(6100, "a", 1, 0);
        query.tick(); // for 1000 ms
        QVERIFY(query.engine.watermarks().isIdle(1));
        QCOMPARE(query.engine.watermarkMs(), std::int64_t(6099));
        // It wakes up behind: nothing goes back, and what it brings is late.
        query.add(800, "a", 1, 1);
        query.tick();
        QCOMPARE(query.engine.watermarkMs(), std::int64_t(6099));
        QCOMPARE(query.engine.lateDropped(), std::int64_t(1));
        // A shard that is read to its end holds nothing back.
        query.engine.closeInput(1);
        query.add(7000, "a", 1, 0);
        query.tick();
        QCOMPARE(query.engine.watermarkMs(), std::int64_t(6999));
    }

    void withoutIdlenessASilentInputHoldsEverythingBack()
    {
        Query query(tumbling(1000));
        query.engine.openInput(1, 0);
        query.add(5000);
        for (int i = 0; i < 1000; ++i)
            query.tick();
        QCOMPARE(query.engine.watermarkMs(), kNoWatermark);
        query.add(100, "a", 1, 1);
        query.engine.setSubtasksWithoutInput(1); // and so does a subtask without any
        query.tick();
        QCOMPARE(query.engine.watermarkMs(), kNoWatermark);
        query.engine.setSubtasksWithoutInput(0);
        query.tick();
        QCOMPARE(query.engine.watermarkMs(), std::int64_t(99));
    }

    void processingTimeFiresByTheClock()
    {
        Spec spec = tumbling(1000);
        spec.time = Spec::Time::Processing;
        Query query(spec);
        query.clock = 1500;
        query.add(-77); // its own time does not matter
        query.engine.advance(1998);
        QCOMPARE(query.fired(), std::size_t(0));
        query.engine.advance(1999);
        QCOMPARE(query.fired(), std::size_t(1));
        QCOMPARE(query.results()[0].window, (QueryWindow {1000, 2000}));
        QCOMPARE(query.engine.lateDropped(), std::int64_t(0));
    }

    void aggregates_data()
    {
        QTest::addColumn<int>("aggregate");
        QTest::addColumn<double>("percentile");
        QTest::addColumn<double>("value");
        using A = Spec::Aggregate;
        QTest::newRow("count") << int(A::Count) << 50.0 << 4.0;
        QTest::newRow("sum") << int(A::Sum) << 50.0 << 10.0;
        QTest::newRow("avg") << int(A::Average) << 50.0 << 2.5;
        QTest::newRow("min") << int(A::Minimum) << 50.0 << -5.0;
        QTest::newRow("max") << int(A::Maximum) << 50.0 << 9.0;
        QTest::newRow("p25") << int(A::Percentile) << 25.0 << -5.0;
        QTest::newRow("p26") << int(A::Percentile) << 26.0 << 2.0;
        QTest::newRow("p75") << int(A::Percentile) << 75.0 << 4.0;
        QTest::newRow("p100") << int(A::Percentile) << 100.0 << 9.0;
    }
    void aggregates()
    {
        QFETCH(int, aggregate);
        QFETCH(double, percentile);
        QFETCH(double, value);
        for (const bool sessions : {false, true}) {
            Spec spec = sessions ? session(1000) : tumbling(1000);
            spec.aggregate = static_cast<Spec::Aggregate>(aggregate);
            spec.value = std::string("v");
            spec.percentile = percentile;
            Query query(spec);
            for (const double v : {4.0, -5.0, 9.0, 2.0})
                query.add(1, "a", v);
            query.add(9000);
            query.tick();
            QCOMPARE(query.results()[0].value, value);
        }
    }

    void topKeysByCountOrBySum()
    {
        for (const bool bySum : {false, true}) {
            Spec spec = tumbling(1000, Spec::Aggregate::TopK);
            spec.k = 2;
            spec.value = std::string(bySum ? "bytes" : "");
            Query query(spec);
            for (int i = 0; i < 3; ++i)
                query.add(1, "often", 1);
            query.add(1, "big", 100);
            query.add(1, "also", 2);
            query.add(9000);
            query.tick();
            QCOMPARE(query.fired(), std::size_t(2));
            QCOMPARE(query.results()[0].key, std::string(bySum ? "big" : "often"));
            QCOMPARE(query.results()[1].key, std::string(bySum ? "often" : "also"));
            QCOMPARE(query.results()[0].value, bySum ? 100.0 : 3.0);
        }
    }

    void keysAreForgottenWithTheirWindows()
    {
        Query query(tumbling(1000));
        for (int i = 0; i < 1000; ++i)
            query.add(i, numbered("key-", i % 300));
        QCOMPARE(query.engine.stateKeys(), std::int64_t(300));
        QVERIFY(query.engine.stateBytes() > 300 * 40);
        query.add(5000, "other");
        query.tick();
        query.add(10, "late and never held");
        QCOMPARE(query.engine.stateKeys(), std::int64_t(1));
        QCOMPARE(query.engine.openWindows(), std::int64_t(1));
    }

    void resultsAreBounded()
    {
        Query query(tumbling(10));
        for (int i = 0; i < 1000; ++i) {
            query.add(i * 10);
            query.tick();
        }
        QCOMPARE(query.engine.results().windowsFired(), std::int64_t(999));
        QCOMPARE(query.fired(), QueryResults::kResultsKept);
        QCOMPARE(query.results().back().window.startMs, std::int64_t(9980));
        QCOMPARE(query.engine.results().totals().size(), QueryResults::kTotalsKept);
    }

    /// The same counts and sums as a loop over the same records that knows all of them.
    void equalsAPlainLoop_data()
    {
        QTest::addColumn<quint64>("seed");
        for (quint64 seed = 1; seed <= 12; ++seed)
            QTest::addRow("seed %llu", static_cast<unsigned long long>(seed)) << seed;
    }
    void equalsAPlainLoop()
    {
        QFETCH(quint64, seed);
        const CounterRng chance(seed, 1);
        const bool sessions = seed % 3 == 0;
        Spec spec = sessions ? session(40) : tumbling(100, Spec::Aggregate::Sum);
        spec.value = std::string("v");
        spec.aggregate = Spec::Aggregate::Sum;
        if (seed % 3 == 1) {
            spec.window = Spec::Window::Sliding;
            spec.slide = SimDuration::millis(25);
        }
        spec.outOfOrderness = SimDuration::millis(30);
        Query query(spec);
        struct Element {
            std::int64_t ms;
            std::string key;
            double value;
        };
        std::vector<Element> all;
        for (std::uint64_t i = 0; i < 900; ++i) {
            // Never more than the bound behind the newest: nothing is late.
            const auto ms = static_cast<std::int64_t>(i * 3 + chance.below(3 * i, 27)) - 1200;
            all.push_back({ms, numbered("k", static_cast<int>(chance.below(3 * i + 1, 7))),
                           static_cast<double>(chance.below(3 * i + 2, 50))});
        }
        std::map<std::tuple<std::int64_t, std::int64_t, std::string>, double> expected, got;
        if (sessions) {
            std::map<std::string, std::multimap<std::int64_t, double>> byKey;
            for (const Element& e : all)
                byKey[e.key].emplace(e.ms, e.value);
            for (const auto& [key, times] : byKey)
                for (auto it = times.begin(); it != times.end();) {
                    const std::int64_t start = it->first;
                    std::int64_t end = start;
                    double sum = 0;
                    for (; it != times.end() && (end == start || it->first <= end); ++it) {
                        end = it->first + 40;
                        sum += it->second;
                    }
                    expected[{start, end, key}] = sum;
                }
        } else {
            for (const Element& e : all)
                for (std::int64_t start = -2000; start < 4000; start += query.job.slide.inMillis())
                    if (start <= e.ms && e.ms < start + 100)
                        expected[{start, start + 100, e.key}] += e.value;
        }
        const auto collect = [&] {
            for (const auto& r : query.results())
                got[{r.window.startMs, r.window.endMs, r.key}] = r.value;
        };
        for (const Element& e : all) {
            query.add(e.ms, e.key, e.value);
            query.tick();
            collect();
        }
        query.add(1'000'000);
        query.tick();
        collect();
        QCOMPARE(query.engine.lateDropped(), std::int64_t(0));
        QVERIFY(got == expected);
    }
};

QTEST_APPLESS_MAIN(QueryTest)
#include "tst_query.moc"
