#include <QTest>

#include "core/clock/sim_time.h"

using namespace shardscope;

class SimTimeTest : public QObject {
    Q_OBJECT

private slots:
    void readsDurations_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("micros");
        QTest::newRow("milliseconds") << "250ms" << qint64 {250'000};
        QTest::newRow("seconds") << "30s" << qint64 {30'000'000};
        QTest::newRow("minutes") << "5m" << qint64 {300'000'000};
        QTest::newRow("hours") << "2h" << qint64 {7'200'000'000};
        QTest::newRow("days") << "30d" << qint64 {2'592'000'000'000};
        QTest::newRow("a fraction") << "1.5s" << qint64 {1'500'000};
        QTest::newRow("one microsecond") << "0.001ms" << qint64 {1};
        QTest::newRow("nothing") << "0s" << qint64 {0};
        QTest::newRow("the longest") << "9223372036854775.807ms" << qint64 {INT64_MAX};
    }
    void readsDurations()
    {
        QFETCH(QString, text);
        QFETCH(qint64, micros);
        const auto d = parseDuration(text.toStdString());
        QVERIFY2(d, d ? "" : d.error().message.c_str());
        QCOMPARE(d->inMicros(), micros);
        QCOMPARE(parseDuration(toText(*d))->inMicros(), micros);
    }

    void refusesOtherDurations_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "s", "5", "5 s", "-5s", "+5s", "5.s", ".5s", "1.2.3s", "5S",
                                 "5sec", "5us", "0.0001ms", "1e3s", "9223372036854775.808ms",
                                 "106751992d", "99999999999999999999999999999999999999999s"})
            QTest::newRow(*text == '\0' ? "nothing" : text) << QString::fromLatin1(text);
    }
    void refusesOtherDurations()
    {
        QFETCH(QString, text);
        const auto d = parseDuration(text.toStdString());
        QVERIFY(!d);
        QCOMPARE(d.error().code, ErrorCode::BadInput);
        QVERIFY(QString::fromStdString(d.error().message).contains(text));
    }

    void writesTheLargestWholeUnit_data()
    {
        QTest::addColumn<qint64>("micros");
        QTest::addColumn<QString>("text");
        QTest::newRow("no time") << qint64 {0} << "0s";
        QTest::newRow("a second and a half") << qint64 {1'500'000} << "1500ms";
        QTest::newRow("90 seconds") << qint64 {90'000'000} << "90s";
        QTest::newRow("a minute") << qint64 {60'000'000} << "1m";
        QTest::newRow("two hours") << qint64 {7'200'000'000} << "2h";
        QTest::newRow("a day") << qint64 {86'400'000'000} << "1d";
        QTest::newRow("36 hours") << qint64 {129'600'000'000} << "36h";
        QTest::newRow("below a millisecond") << qint64 {250} << "0.25ms";
        QTest::newRow("a millisecond and a bit") << qint64 {1'001} << "1.001ms";
        QTest::newRow("before now") << qint64 {-1'500} << "-1.5ms";
    }
    void writesTheLargestWholeUnit()
    {
        QFETCH(qint64, micros);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(toText(SimDuration::micros(micros))), text);
    }

    void writesAndReadsMoments_data()
    {
        QTest::addColumn<qint64>("millis");
        QTest::addColumn<QString>("text");
        QTest::newRow("the beginning") << qint64 {0} << "1970-01-01T00:00:00.000Z";
        QTest::newRow("where runs begin") << qint64 {kDefaultStart.inMillis()} << "2026-01-05T12:00:00.000Z";
        QTest::newRow("a leap day") << qint64 {1'709'208'000'123} << "2024-02-29T12:00:00.123Z";
        QTest::newRow("a leap day of a century")
            << qint64 {951'782'400'000} << "2000-02-29T00:00:00.000Z";
        QTest::newRow("the last moment of a year")
            << qint64 {1'767'225'599'999} << "2025-12-31T23:59:59.999Z";
        QTest::newRow("before the beginning") << qint64 {-1} << "1969-12-31T23:59:59.999Z";
    }
    void writesAndReadsMoments()
    {
        QFETCH(qint64, millis);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(toIso(SimTime::fromMillis(millis))), text);
        const auto read = parseIso(text.toStdString());
        QVERIFY(read);
        QCOMPARE(read->inMillis(), millis);
    }

    void readsMomentsWithoutMilliseconds()
    {
        QCOMPARE(parseIso("2026-01-05T12:00:00Z")->inMillis(), kDefaultStart.inMillis());
    }

    void everyDayOfFourHundredYearsComesBack()
    {
        for (qint64 day = -200 * 365; day < 200 * 366; ++day) {
            const SimTime t = SimTime::fromSeconds(day * 86'400);
            QCOMPARE(parseIso(toIso(t))->inMicros(), t.inMicros());
        }
    }

    void refusesOtherMoments_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"", "2026-01-05", "2026-01-05T12:00:00", "2026-01-05 12:00:00Z",
              "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
              "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z",
              "2026-01-05T24:00:00Z", "2026-01-05T12:60:00Z", "2026-01-05T12:00:60Z",
              "2026-01-05T12:00:00.5Z", "2026-01-05T12:00:00+01:00", "26-01-05T12:00:00Z",
              "2026-1-05T12:00:000Z", "2026-01-05T12:00:00.0000Z"})
            QTest::newRow(*text == '\0' ? "nothing" : text) << QString::fromLatin1(text);
    }
    void refusesOtherMoments()
    {
        QFETCH(QString, text);
        const auto t = parseIso(text.toStdString());
        QVERIFY(!t);
        QCOMPARE(t.error().code, ErrorCode::BadInput);
        QVERIFY(QString::fromStdString(t.error().message).contains(text));
    }
};

QTEST_APPLESS_MAIN(SimTimeTest)
#include "tst_sim_time.moc"
