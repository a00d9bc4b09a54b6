#include <QTest>

#include <algorithm>
#include <map>

#include "core/base/rng.h"
#include "core/metrics/decimate.h"

using namespace shardscope;

namespace {

const SimTime kFrom = kDefaultStart;

SimTime at(double seconds)
{
    return kFrom + SimDuration::fromSeconds(seconds);
}

std::vector<CurveSample> noise(int count, std::uint64_t seed, SimDuration step)
{
    const CounterRng rng(seed, 0);
    std::vector<CurveSample> samples;
    for (int i = 0; i < count; ++i)
        samples.push_back({kFrom + step * i, step, rng.unit(static_cast<std::uint64_t>(i))});
    return samples;
}

} // namespace

class DecimateTest : public QObject {
    Q_OBJECT

private slots:
    void aSpikeOfOneBucketSurvives_data()
    {
        QTest::addColumn<int>("where");
        for (const int where : {0, 1, 4999, 9998, 9999})
            QTest::addRow("a spike in bucket %d of 10,000", where) << where;
    }
    void aSpikeOfOneBucketSurvives()
    {
        QFETCH(int, where);
        auto samples = noise(10'000, 7, SimDuration::millis(100));
        samples[static_cast<std::size_t>(where)].value = 1000;
        const auto pieces = decimate(samples, {kFrom, at(1000)}, 300);
        QCOMPARE(pieces.size(), std::size_t {1});
        const CurvePoint spike {samples[static_cast<std::size_t>(where)].at, 1000};
        QVERIFY(std::find(pieces[0].begin(), pieces[0].end(), spike) != pieces[0].end());
    }

    void eachColumnKeepsItsExtremesInOrderAndNoMore()
    {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const auto samples = noise(5'000, seed, SimDuration::millis(100));
            const int columns = 137;
            const TimeWindow window {kFrom, at(500)};
            std::map<int, std::pair<double, double>> extremes;
            const auto columnOf = [&](SimTime t) {
                return static_cast<int>((t - kFrom).inSeconds() / 500.0 * columns);
            };
            for (const CurveSample& s : samples) {
                const auto [entry, fresh] = extremes.try_emplace(columnOf(s.at), s.value, s.value);
                entry->second.first = std::min(entry->second.first, s.value);
                entry->second.second = std::max(entry->second.second, s.value);
            }
            const auto pieces = decimate(samples, window, columns);
            QCOMPARE(pieces.size(), std::size_t {1});
            std::map<int, std::vector<double>> kept;
            SimTime before;
            for (const CurvePoint& p : pieces[0]) {
                QVERIFY2(p.at > before, qPrintable(QStringLiteral("seed %1").arg(seed)));
                before = p.at;
                kept[columnOf(p.at)].push_back(p.value);
            }
            QCOMPARE(kept.size(), extremes.size());
            for (const auto& [column, values] : kept) {
                QVERIFY(values.size() <= 2);
                const auto [least, most] = std::minmax_element(values.begin(), values.end());
                QVERIFY2(*least == extremes[column].first && *most == extremes[column].second,
                         qPrintable(QStringLiteral("seed %1, column %2").arg(seed).arg(column)));
            }
        }
    }

    void fewSamplesAreKeptAsTheyAre()
    {
        const std::vector<CurveSample> samples {{at(0), SimDuration::seconds(1), 3},
                                                {at(1), SimDuration::seconds(1), 1},
                                                {at(2), SimDuration::seconds(1), 2}};
        const auto pieces = decimate(samples, {kFrom, at(3)}, 300);
        const std::vector<CurvePiece> expected {{{at(0), 3}, {at(1), 1}, {at(2), 2}}};
        QVERIFY(pieces == expected);
    }

    void gapsStayGaps()
    {
        const SimDuration second = SimDuration::seconds(1);
        const std::vector<CurveSample> samples {
            {at(0), second, 1}, {at(1), second, 2}, {at(5), second, 3}, {at(6), second, 4}};
        const auto pieces = decimate(samples, {kFrom, at(10)}, 10);
        QCOMPARE(pieces.size(), std::size_t {2});
        QVERIFY((pieces[0] == CurvePiece {{at(0), 1}, {at(1), 2}}));
        QVERIFY((pieces[1] == CurvePiece {{at(5), 3}, {at(6), 4}}));
        const auto levels = stepCurve(samples);
        QCOMPARE(levels.size(), std::size_t {2});
        QVERIFY((levels[0] == CurvePiece {{at(0), 1}, {at(1), 1}, {at(1), 2}, {at(2), 2}}));
        QVERIFY((levels[1] == CurvePiece {{at(5), 3}, {at(6), 3}, {at(6), 4}, {at(7), 4}}));
    }

    void theWindowIsHalfOpen()
    {
        const auto samples = noise(10, 3, SimDuration::seconds(1));
        const auto pieces = decimate(samples, {at(2), at(5)}, 100);
        QCOMPARE(pieces.size(), std::size_t {1});
        QCOMPARE(pieces[0].size(), std::size_t {3});
        QVERIFY(pieces[0].front().at == at(2));
        QVERIFY(pieces[0].back().at == at(4));
        QVERIFY(decimate(samples, {at(20), at(30)}, 100).empty());
        QVERIFY(decimate({}, {at(0), at(1)}, 100).empty());
    }

    void cloudWatchHidesTheSpikeInItsMinute()
    {
        // 12:00:00 is a full minute. One second of 6,000 among sixty empty ones.
        std::vector<CurveSample> sums;
        for (int s = 0; s < 150; ++s)
            sums.push_back({at(s), SimDuration::seconds(1), s == 30 ? 6'000.0 : 0.0});
        const auto means = cloudWatchLens(sums);
        QCOMPARE(means.size(), std::size_t {2}); // the third minute is not over
        QVERIFY((means[0] == CurveSample {at(0), SimDuration::minutes(1), 100}));
        QVERIFY((means[1] == CurveSample {at(60), SimDuration::minutes(1), 0}));
        QCOMPARE(cloudWatchLens(std::span(sums).first(59)).size(), std::size_t {0});
        QCOMPARE(cloudWatchLens(std::span(sums).first(60)).size(), std::size_t {1});
        sums.erase(sums.begin() + 10); // a minute with a hole says nothing
        QCOMPARE(cloudWatchLens(sums).size(), std::size_t {1});
    }

    void theLensTakesMinutesAsTheyAre()
    {
        const std::vector<CurveSample> sums {{at(0), SimDuration::minutes(1), 120},
                                             {at(120), SimDuration::minutes(1), 60}};
        const auto means = cloudWatchLens(sums);
        QCOMPARE(means.size(), std::size_t {2});
        QCOMPARE(means[0].value, 2.0);
        QCOMPARE(means[1].value, 1.0);
        QCOMPARE(stepCurve(means).size(), std::size_t {2});
    }
};

QTEST_APPLESS_MAIN(DecimateTest)
#include "tst_decimate.moc"
