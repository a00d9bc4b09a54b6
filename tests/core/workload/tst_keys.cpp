#include <QJsonDocument>
#include <QTest>

#include <cmath>
#include <map>

#include "world.h"

using namespace shardscope;
using namespace shardscope::test;

namespace {

std::map<std::string, int> keysOf(const World& world, std::uint64_t count)
{
    std::map<std::string, int> keys;
    for (std::uint64_t n = 0; n < count; ++n)
        ++keys[world.producer.partitionKey(n)];
    return keys;
}

/// Whether `seen` of `all` is within five standard deviations of the chance `p`.
bool near(int seen, double all, double p)
{
    return std::abs(seen - all * p) <= 5 * std::sqrt(all * p * (1 - p));
}

} // namespace

class KeysTest : public QObject {
    Q_OBJECT

    static constexpr int kRecords = 40'000;

private slots:
    void theHottestKeysOfAZipfHaveTheirShare_data()
    {
        QTest::addColumn<double>("exponent");
        QTest::addColumn<qlonglong>("count");
        QTest::newRow("web users") << 0.8 << 10'000LL;
        QTest::newRow("exponent one") << 1.0 << 1000LL;
        QTest::newRow("steep") << 1.5 << 100LL;
        QTest::newRow("exponent nought is even") << 0.0 << 20LL;
        QTest::newRow("beyond the table") << 1.1 << 3'000'000LL;
    }
    void theHottestKeysOfAZipfHaveTheirShare()
    {
        QFETCH(double, exponent);
        QFETCH(qlonglong, count);
        ProducerSpec spec = plainSpec(kRecords);
        spec.keys.shape = KeySpec::Shape::Zipf;
        spec.keys.prefix = "u";
        spec.keys.count = count;
        spec.keys.exponent = exponent;
        World world(spec, 17);
        world.run(1000);
        double sum = 0;
        for (qlonglong k = 1; k <= count; ++k)
            sum += std::pow(double(k), -exponent);
        auto keys = keysOf(world, kRecords);
        for (const int rank : {1, 2, 5, 20}) {
            const double share = std::pow(rank, -exponent) / sum;
            const int seen = keys[std::string("u").append(std::to_string(rank - 1))];
            QVERIFY2(near(seen, kRecords, share),
                     qPrintable(QStringLiteral("seed 17, rank %1: %2 seen, %3 expected")
                                    .arg(rank)
                                    .arg(seen)
                                    .arg(share * kRecords)));
        }
    }

    void uniformKeysAreEvenAndComplete()
    {
        ProducerSpec spec = plainSpec(kRecords);
        spec.keys.count = 50;
        World world(spec, 23);
        world.run(1000);
        const auto keys = keysOf(world, kRecords);
        QCOMPARE(keys.size(), std::size_t(50));
        for (const auto& [key, seen] : keys)
            QVERIFY2(near(seen, kRecords, 0.02),
                     qPrintable(QStringLiteral("seed 23: %1 of %2").arg(seen).arg(key.c_str())));
    }

    void aHotKeyHasItsShareAndSaltSpreadsIt_data()
    {
        QTest::addColumn<qlonglong>("salt");
        QTest::newRow("unsalted") << 1LL;
        QTest::newRow("salted over eight keys") << 8LL;
    }
    void aHotKeyHasItsShareAndSaltSpreadsIt()
    {
        QFETCH(qlonglong, salt);
        ProducerSpec spec = plainSpec(kRecords);
        spec.keys.shape = KeySpec::Shape::HotShare;
        spec.keys.hotKey = "hot";
        spec.keys.hotShare = 0.4;
        spec.keys.count = 500;
        spec.keys.salt = salt;
        World world(spec, 29);
        world.run(1000);
        auto keys = keysOf(world, kRecords);
        for (qlonglong i = 0; i < salt; ++i) {
            const std::string key
                = salt == 1 ? "hot" : std::string("hot#").append(std::to_string(i));
            QVERIFY2(
                near(keys[key], kRecords, 0.4 / double(salt)),
                qPrintable(QStringLiteral("seed 29: %1 of %2").arg(keys[key]).arg(key.c_str())));
            keys.erase(key);
        }
        QCOMPARE(keys.size(), std::size_t(500));
    }

    void oneKeyIsAlwaysTheSame()
    {
        ProducerSpec spec = plainSpec(100);
        spec.keys.shape = KeySpec::Shape::Constant;
        spec.keys.prefix = "only";
        World world(spec);
        world.run(1000);
        const auto keys = keysOf(world, 100);
        QCOMPARE(keys.size(), std::size_t(1));
        QCOMPARE(keys.begin()->first, std::string("only"));
    }

    void randomKeysNeverRepeatAndLookLikeUuids()
    {
        ProducerSpec spec = plainSpec(5000);
        spec.keys.shape = KeySpec::Shape::Random;
        World world(spec);
        world.run(1000);
        const auto keys = keysOf(world, 5000);
        QCOMPARE(keys.size(), std::size_t(5000));
        for (const auto& [key, seen] : keys) {
            QCOMPARE(key.size(), std::size_t(36));
            QCOMPARE(key[14], '4');
            QVERIFY(key[19] == '8' || key[19] == '9' || key[19] == 'a' || key[19] == 'b');
        }
    }

    void timestampKeysNameTheMillisecond()
    {
        ProducerSpec spec = plainSpec(500);
        spec.keys.shape = KeySpec::Shape::Timestamp;
        World world(spec);
        for (const SentRow& row : world.run(1000))
            QCOMPARE(world.producer.partitionKey(row.number), std::to_string(row.ms));
    }

    void sizesFollowTheirShape()
    {
        ProducerSpec spec = plainSpec(kRecords);
        spec.size = {SizeSpec::Shape::LogNormal, 200, 600};
        World world(spec, 31);
        std::vector<std::uint32_t> sizes;
        for (const SentRow& row : world.run(1000))
            sizes.push_back(row.bytes - row.keyBytes);
        std::sort(sizes.begin(), sizes.end());
        const auto at = [&](double p) { return double(sizes[std::size_t(p * kRecords)]); };
        QVERIFY2(std::abs(at(0.5) - 200) < 4, qPrintable(QString::number(at(0.5))));
        QVERIFY2(std::abs(at(0.99) - 600) < 30, qPrintable(QString::number(at(0.99))));
    }

    void payloadsAreJsonObjectsOfAnySize_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("telemetry") << int(ProducerKind::Iot);
        QTest::newRow("clicks") << int(ProducerKind::Clickstream);
        QTest::newRow("log lines") << int(ProducerKind::ServerLogs);
        QTest::newRow("custom") << int(ProducerKind::Custom);
    }
    void payloadsAreJsonObjectsOfAnySize()
    {
        QFETCH(int, kind);
        ProducerSpec spec = plainSpec(2000);
        spec.kind = static_cast<ProducerKind>(kind);
        spec.size = {SizeSpec::Shape::Uniform, 1000, 1000};
        spec.keys.prefix = "say \"hi\"\\";
        World world(spec, 37);
        for (const SentRow& row : world.run(1000)) {
            const std::string data = world.producer.data(row.number);
            QCOMPARE(data.size(), std::size_t(row.bytes - row.keyBytes));
            if (data.size() < 2)
                continue;
            QJsonParseError error {};
            const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(data), &error);
            QVERIFY2(document.isObject(), (error.errorString().toStdString() + data).c_str());
        }
    }

    void presetsAreSound_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<double>("meanBytes");
        QTest::newRow("iot") << int(ProducerKind::Iot) << 223.0;
        QTest::newRow("clickstream") << int(ProducerKind::Clickstream) << 1081.0;
        QTest::newRow("serverLogs") << int(ProducerKind::ServerLogs) << 284.0;
        QTest::newRow("custom") << int(ProducerKind::Custom) << 1024.0;
    }
    void presetsAreSound()
    {
        QFETCH(int, kind);
        QFETCH(double, meanBytes);
        const auto k = static_cast<ProducerKind>(kind);
        QCOMPARE(QString::fromLatin1(kindText(k)), QString::fromLatin1(QTest::currentDataTag()));
        ProducerSpec spec = producerPreset(k, "p");
        spec.client.linger = SimDuration::millis(50);
        spec.rate.recordsPerSecond = 20'000;
        World world(spec, 41);
        const auto rows = world.run(1000);
        QVERIFY(rows.size() > 5000);
        double bytes = 0;
        for (const SentRow& row : rows)
            bytes += row.bytes - row.keyBytes;
        const double mean = bytes / double(rows.size());
        QVERIFY2(std::abs(mean / meanBytes - 1) < 0.03, qPrintable(QString::number(mean)));
    }
};

QTEST_APPLESS_MAIN(KeysTest)
#include "tst_keys.moc"
