#include <QTest>

#include <map>

#include "world.h"

using namespace shardscope;
using namespace shardscope::test;

class ProducerTest : public QObject {
    Q_OBJECT

private slots:
    void makesTheRateExactlyInEverySecond_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<int>("spread");
        QTest::addColumn<qlonglong>("perSecond");
        using S = RateSpec::Spread;
        QTest::newRow("1,200/s evenly") << 1200.0 << int(S::Even) << 1200LL;
        QTest::newRow("1/s evenly") << 1.0 << int(S::Even) << 1LL;
        QTest::newRow("777/s at the second's start") << 777.0 << int(S::Aligned) << 777LL;
        QTest::newRow("777/s in bursts") << 777.0 << int(S::MicroBursts) << 777LL;
        QTest::newRow("nothing") << 0.0 << int(S::Even) << 0LL;
    }
    void makesTheRateExactlyInEverySecond()
    {
        QFETCH(double, rate);
        QFETCH(int, spread);
        QFETCH(qlonglong, perSecond);
        ProducerSpec spec = plainSpec(rate);
        spec.rate.spread = static_cast<RateSpec::Spread>(spread);
        World world(spec);
        for (int second = 0; second < 5; ++second)
            QCOMPARE(qlonglong(world.run(1000).size()), perSecond);
        QCOMPARE(world.producer.counts().accepted, std::int64_t(5 * perSecond));
    }

    void fractionsOfARecordAddUp()
    {
        World world(plainSpec(0.3));
        QCOMPARE(world.run(100'000).size(), std::size_t(30));
    }

    void numbersRunFromZeroWithoutGap()
    {
        World world(plainSpec(2500));
        const auto rows = world.run(2000);
        QCOMPARE(rows.size(), std::size_t(5000));
        for (std::size_t i = 0; i < rows.size(); ++i)
            QCOMPARE(rows[i].number, std::uint64_t(i));
    }

    void burstsKeepToTheirWidth()
    {
        ProducerSpec spec = plainSpec(1000);
        spec.rate.spread = RateSpec::Spread::MicroBursts;
        spec.rate.burstWidth = SimDuration::millis(50);
        World world(spec);
        for (const SentRow& row : world.run(3000))
            QVERIFY2(row.ms % 1000 < 50, qPrintable(QString::number(row.ms % 1000)));
    }

    void alignedRecordsArriveTogether()
    {
        ProducerSpec spec = plainSpec(1000);
        spec.rate.spread = RateSpec::Spread::Aligned;
        spec.rate.period = SimDuration::seconds(5);
        World world(spec);
        std::map<std::int64_t, int> at;
        for (const SentRow& row : world.run(10'000))
            ++at[row.ms];
        QCOMPARE(at.size(), std::size_t(2));
        for (const auto& [ms, count] : at) {
            QCOMPARE(ms % 5000, std::int64_t(0));
            QCOMPARE(count, 5000);
        }
    }

    void poissonArrivalsHaveTheirMeanAndVariance_data()
    {
        QTest::addColumn<double>("rate");
        QTest::newRow("3 in ten milliseconds") << 300.0;
        QTest::newRow("100 a millisecond") << 100'000.0;
    }
    void poissonArrivalsHaveTheirMeanAndVariance()
    {
        QFETCH(double, rate);
        ProducerSpec spec = plainSpec(rate);
        spec.rate.spread = RateSpec::Spread::Poisson;
        World world(spec, 7);
        const int slices = 2000;
        double sum = 0, squares = 0;
        for (int i = 0; i < slices; ++i) {
            const auto n = double(world.run(10).size());
            sum += n;
            squares += n * n;
        }
        const double mean = sum / slices, variance = squares / slices - mean * mean;
        const double expected = rate / 100;
        QVERIFY2(std::abs(mean - expected) < 5 * std::sqrt(expected / slices),
                 qPrintable(QStringLiteral("seed 7: mean %1, not %2").arg(mean).arg(expected)));
        QVERIFY2(std::abs(variance / expected - 1) < 0.16,
                 qPrintable(QStringLiteral("seed 7: variance %1 of %2").arg(variance).arg(mean)));
    }

    void everyOfferedRecordIsMadeAgainFromItsNumber_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("shape");
        QTest::addColumn<int>("size");
        QTest::addColumn<qlonglong>("count");
        QTest::addColumn<int>("spread");
        using K = KeySpec::Shape;
        using Z = SizeSpec::Shape;
        const auto row = [](const char* name, ProducerKind kind, K shape, Z size, qlonglong count,
                            RateSpec::Spread spread = RateSpec::Spread::Even) {
            QTest::newRow(name) << int(kind) << int(shape) << int(size) << count << int(spread);
        };
        row("one key, one size", ProducerKind::Custom, K::Constant, Z::Fixed, 1);
        row("a thousand devices", ProducerKind::Iot, K::Uniform, Z::LogNormal, 1000);
        row("two million devices", ProducerKind::Iot, K::Uniform, Z::LogNormal, 2'000'000);
        row("skewed users", ProducerKind::Clickstream, K::Zipf, Z::LogNormal, 100'000);
        row("skewed users beyond the table", ProducerKind::Clickstream, K::Zipf, Z::Uniform,
            5'000'000);
        row("a hot key", ProducerKind::ServerLogs, K::HotShare, Z::Uniform, 50);
        row("a key for each", ProducerKind::ServerLogs, K::Random, Z::Fixed, 1);
        row("the moment as key", ProducerKind::Custom, K::Timestamp, Z::Fixed, 1);
        row("the moment as key, by chance", ProducerKind::Custom, K::Timestamp, Z::Fixed, 1,
            RateSpec::Spread::Poisson);
    }
    void everyOfferedRecordIsMadeAgainFromItsNumber()
    {
        QFETCH(int, kind);
        QFETCH(int, shape);
        QFETCH(int, size);
        QFETCH(qlonglong, count);
        QFETCH(int, spread);
        ProducerSpec spec = plainSpec(400);
        spec.kind = static_cast<ProducerKind>(kind);
        spec.keys.shape = static_cast<KeySpec::Shape>(shape);
        spec.keys.count = count;
        spec.keys.hotKey = "hot";
        spec.keys.hotShare = 0.4;
        spec.keys.salt = 3;
        spec.size.shape = static_cast<SizeSpec::Shape>(size);
        spec.size.bytes = 300;
        spec.size.spread = spec.size.shape == SizeSpec::Shape::LogNormal ? 900 : 300;
        spec.rate.spread = static_cast<RateSpec::Spread>(spread);
        spec.client.linger = SimDuration::millis(70);
        World world(spec, 3);
        const auto rows = world.run(2000);
        QVERIFY(rows.size() > 600);
        for (const SentRow& row : rows) {
            const std::string key = world.producer.partitionKey(row.number);
            QCOMPARE(key.size(), std::size_t(row.keyBytes));
            const HashKey hash = md5(key);
            QCOMPARE(hash.high(), row.high);
            QCOMPARE(hash.low(), row.low);
            QCOMPARE(world.producer.data(row.number).size(), std::size_t(row.bytes - row.keyBytes));
        }
    }

    void lanesDoNotMindTheirOrder()
    {
        ProducerSpec spec = plainSpec(3'200'000);
        spec.rate.spread = RateSpec::Spread::Poisson;
        World forward(spec, 5), backward(spec, 5);
        backward.reverseLanes = true;
        QCOMPARE(forward.producer.lanes(), 4);
        const auto a = forward.run(50), b = backward.run(50);
        QCOMPARE(a.size(), b.size());
        std::vector<bool> seen(a.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
            QCOMPARE(a[i].number, b[i].number);
            QCOMPARE(a[i].high, b[i].high);
            QVERIFY(a[i].number < seen.size() && !seen[a[i].number]);
            seen[a[i].number] = true;
        }
        QCOMPARE(forward.producer.digest(), backward.producer.digest());
    }

    void sameSeedSameRunOtherSeedOtherRun()
    {
        ProducerSpec spec = plainSpec(2000);
        spec.rate.spread = RateSpec::Spread::Poisson;
        spec.size = {SizeSpec::Shape::LogNormal, 200, 600};
        const auto refuseSome = [](const SentRow& row) { return row.high % 3 != 0; };
        World a(spec, 11), b(spec, 11), c(spec, 12);
        a.run(3000, refuseSome);
        b.run(3000, refuseSome);
        c.run(3000, refuseSome);
        QCOMPARE(a.producer.digest(), b.producer.digest());
        QVERIFY(a.producer.digest() != c.producer.digest());
        QCOMPARE(QString::fromStdString(broken(a.producer.counts())), QString());
    }

    void aCopyGoesItsOwnWay()
    {
        World world(plainSpec(1000));
        world.run(500);
        Producer copy = world.producer;
        QCOMPARE(copy.digest(), world.producer.digest());
        world.run(500);
        QVERIFY(copy.digest() != world.producer.digest());
        QCOMPARE(copy.counts().accepted, std::int64_t(500));
        std::swap(copy, world.producer);
        world.now = kDefaultStart + SimDuration::millis(500);
        world.run(500);
        QCOMPARE(copy.digest(), world.producer.digest());
    }

    void recordsMadeBeforeAChangeStayWhatTheyWere()
    {
        ProducerSpec spec = plainSpec(1000);
        World world(spec);
        const auto before = world.run(1000);
        spec.keys.prefix = "other-";
        spec.keys.shape = KeySpec::Shape::Zipf;
        spec.size.bytes = 250;
        spec.rate.recordsPerSecond = 2'500'000;
        QVERIFY(world.producer.change(spec, world.now).has_value());
        QCOMPARE(world.producer.lanes(), 3);
        auto rows = world.run(20);
        QCOMPARE(rows.size(), std::size_t(50'000));
        QCOMPARE(rows.front().number, std::uint64_t(1000));
        QVERIFY(world.producer.partitionKey(1000).starts_with("other-"));
        rows.resize(200);
        rows.insert(rows.end(), before.begin(), before.end());
        for (const SentRow& row : rows) {
            const std::string key = world.producer.partitionKey(row.number);
            QCOMPARE(md5(key).high(), row.high);
            QCOMPARE(key.size() + world.producer.data(row.number).size(), std::size_t(row.bytes));
        }
    }

    void aPauseMakesNothingAndNumbersGoOn()
    {
        World world(plainSpec(1000));
        world.run(1000);
        world.producer.setPaused(true, world.now);
        QCOMPARE(world.run(3000).size(), std::size_t(0));
        world.producer.setPaused(false, world.now);
        const auto rows = world.run(1000);
        QCOMPARE(rows.size(), std::size_t(1000));
        QCOMPARE(rows.front().number, std::uint64_t(1000));
        QCOMPARE(rows.front().ms, kDefaultStart.inMillis() + 4000);
    }

    void aShareOfRecordsSaysItWasMadeEarlier()
    {
        ProducerSpec spec = plainSpec(1000);
        spec.kind = ProducerKind::Iot;
        spec.size = {SizeSpec::Shape::Fixed, 200, 0};
        World punctual(spec);
        spec.lateShare = 0.25;
        spec.lateBy = SimDuration::seconds(10);
        World late(spec);
        const auto madeAt = [](const World& world, std::uint64_t number) {
            const std::string data = world.producer.data(number);
            const auto time = parseIso(data.substr(data.find("\"ts\":") + 6, 24));
            return time ? time->inMillis() : 0;
        };
        int count = 0;
        std::int64_t most = 0;
        punctual.run(4000);
        for (const SentRow& row : late.run(4000)) {
            const std::int64_t by = madeAt(punctual, row.number) - madeAt(late, row.number);
            QVERIFY(by >= 0 && by <= 10'000);
            count += by > 0 ? 1 : 0;
            most = std::max(most, by);
        }
        QVERIFY2(count > 900 && count < 1100, qPrintable(QString::number(count)));
        QVERIFY(most > 9'900);
    }

    void specsOutOfRangeAreRefusedWithTheField_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("words");
        QTest::newRow("a negative rate") << 0 << QStringLiteral("rate is -1");
        QTest::newRow("no keys") << 1 << QStringLiteral("number of keys is 0");
        QTest::newRow("501 records a call") << 2 << QStringLiteral("records per call is 501");
        QTest::newRow("an empty name") << 3 << QStringLiteral("has no name");
        QTest::newRow("a hot share above 1") << 4 << QStringLiteral("hot key's share is 1.5");
        QTest::newRow("a missing trace") << 5 << QStringLiteral("no-such-file.csv");
    }
    void specsOutOfRangeAreRefusedWithTheField()
    {
        QFETCH(int, which);
        QFETCH(QString, words);
        ProducerSpec spec = plainSpec(100);
        if (which == 0)
            spec.rate.recordsPerSecond = -1;
        else if (which == 1)
            spec.keys.count = 0;
        else if (which == 2)
            spec.client.batchRecords = 501;
        else if (which == 3)
            spec.name.clear();
        else if (which == 4) {
            spec.keys = {};
            spec.keys.shape = KeySpec::Shape::HotShare;
            spec.keys.hotKey = "h";
            spec.keys.hotShare = 1.5;
        } else {
            spec.kind = ProducerKind::Trace;
            spec.tracePath = "no-such-file.csv";
        }
        const auto made = Producer::create(ProducerSlot(0), spec, 1, kDefaultStart);
        QVERIFY(!made.has_value());
        QVERIFY2(made.error().message.find(words.toStdString()) != std::string::npos,
                 made.error().message.c_str());
        QVERIFY2(made.error().message.find("would be right") != std::string::npos,
                 made.error().message.c_str());
    }
};

QTEST_APPLESS_MAIN(ProducerTest)
#include "tst_producer.moc"
