#include <QTemporaryDir>
#include <QTest>

#include <fstream>

#include "core/workload/trace_reader.h"
#include "world.h"

using namespace shardscope;
using namespace shardscope::test;

class TraceTest : public QObject {
    Q_OBJECT

private slots:
    void readsTheFormsOfALine_data()
    {
        QTest::addColumn<QByteArray>("csv");
        QTest::addColumn<QList<qlonglong>>("us");
        QTest::newRow("seconds") << QByteArray("0,a,1\n1.5,b,2\n")
                                 << QList<qlonglong> {0, 1'500'000};
        QTest::newRow("a header") << QByteArray("time,key,size\n0,a,1\n0.25,b,2")
                                  << QList<qlonglong> {0, 250'000};
        QTest::newRow("milliseconds")
            << QByteArray("100ms;a;1\r\n350ms;b;2\r\n") << QList<qlonglong> {0, 250'000};
        QTest::newRow("moments, tabs")
            << QByteArray("2026-01-05T12:00:00Z\ta\t1\n2026-01-05T12:00:02.125Z\tb\t2\n")
            << QList<qlonglong> {0, 2'125'000};
        QTest::newRow("out of order")
            << QByteArray("7,b,2\n3,a,1\n") << QList<qlonglong> {0, 4'000'000};
        QTest::newRow("quotes, blanks, empty lines")
            << QByteArray("\n0, \"a\" , 1\n\n\"1\",b,2\n") << QList<qlonglong> {0, 1'000'000};
        QTest::newRow("a byte order mark") << QByteArray("\xef\xbb\xbf"
                                                         "0,a,1\n2,b,2\n")
                                           << QList<qlonglong> {0, 2'000'000};
    }
    void readsTheFormsOfALine()
    {
        QFETCH(QByteArray, csv);
        QFETCH(QList<qlonglong>, us);
        const auto trace = parseTrace(csv.toStdString(), "t.csv");
        QVERIFY2(trace.has_value(), trace ? "" : trace.error().message.c_str());
        QCOMPARE(qsizetype(trace->size()), us.size());
        for (qsizetype i = 0; i < us.size(); ++i) {
            const auto row = static_cast<std::size_t>(i);
            QCOMPARE(qlonglong(trace->us[row]), us[i]);
            QCOMPARE(trace->keys[trace->key[row]], std::string(i == 0 ? "a" : "b"));
            QCOMPARE(trace->bytes[row], std::uint32_t(i + 1));
        }
    }

    void separatorsAndQuotesInsideAKeySurvive()
    {
        const auto trace = parseTrace("0,\"a,\"\"b\"\"\",5", "t.csv");
        QVERIFY(trace.has_value());
        QCOMPARE(trace->keys[0], std::string("a,\"b\""));
    }

    void badLinesAreRefusedWithTheirPlace_data()
    {
        QTest::addColumn<QByteArray>("csv");
        QTest::addColumn<QString>("start");
        const auto row = [](const char* name, const QByteArray& csv, const char* start) {
            QTest::newRow(name) << csv << QString::fromLatin1(start);
        };
        row("two fields", "0,a,1\n1,b\n", "t.csv:2: found");
        row("four fields", "0,a,1,9\n", "t.csv:1: found");
        row("an unreadable time", "0,a,1\n\nsoon,b,2\n", "t.csv:3: time \"soon\"");
        row("a negative time", "-1,a,1\n", "t.csv:1: time \"-1\"");
        row("no time at all", "0,a,1\n,b,2\n", "t.csv:2: time \"\"");
        row("time without end", "inf,a,1\n0,b,1\ninf,b,1", "t.csv:3: time \"inf\"");
        row("an empty key", "0,,1\n", "t.csv:1: key has 0");
        row("a key of 257", "0," + QByteArray(257, 'k') + ",1\n", "t.csv:1: key has 257");
        row("a size of letters", "0,a,big\n", "t.csv:1: size \"big\"");
        row("a negative size", "0,a,-1\n", "t.csv:1: size \"-1\"");
        row("a byte more than a record holds", "0,a,10485761\n", "t.csv:1: size");
        row("an open quote", "0,\"a,1\n", "t.csv:1: found");
        row("nothing", "", "t.csv: holds no record");
        row("only a header", "time,key,size\n", "t.csv: holds no record");
    }
    void badLinesAreRefusedWithTheirPlace()
    {
        QFETCH(QByteArray, csv);
        QFETCH(QString, start);
        const auto trace = parseTrace(csv.toStdString(), "t.csv");
        QVERIFY(!trace.has_value());
        QCOMPARE(trace.error().code, ErrorCode::BadInput);
        QVERIFY2(QString::fromStdString(trace.error().message).startsWith(start),
                 trace.error().message.c_str());
        QVERIFY2(trace.error().message.find("would be right") != std::string::npos,
                 trace.error().message.c_str());
    }

    void limitsAreTakenFromBothSides()
    {
        const QByteArray longest = "0," + QByteArray(256, 'k') + ",10485760\n";
        QVERIFY(parseTrace(longest.toStdString(), "t.csv").has_value());
        QVERIFY(parseTrace("0,a,0\n", "t.csv").has_value());
    }

    void aReplayKeepsTimesKeysAndSizes_data()
    {
        QTest::addColumn<double>("speed");
        QTest::newRow("as it was") << 1.0;
        QTest::newRow("four times as fast") << 4.0;
        QTest::newRow("at half speed") << 0.5;
    }
    void aReplayKeepsTimesKeysAndSizes()
    {
        QFETCH(double, speed);
        QTemporaryDir folder;
        ProducerSpec spec = plainSpec(0);
        spec.kind = ProducerKind::Trace;
        spec.tracePath = folder.filePath("t.csv").toStdString();
        spec.traceSpeed = speed;
        std::ofstream(spec.tracePath) << "0,a,10\n0.2,b,2000\n0.2,a,0\n1,c,7\n";
        World world(spec);
        const auto rows = world.run(3000);
        QCOMPARE(rows.size(), std::size_t(4));
        const std::array<double, 4> ms {0, 200, 200, 1000};
        const std::array<std::string, 4> keys {"a", "b", "a", "c"};
        const std::array<std::size_t, 4> sizes {10, 2000, 0, 7};
        for (std::size_t i = 0; i < 4; ++i) {
            QCOMPARE(double(rows[i].ms - kDefaultStart.inMillis()), ms[i] / speed);
            QCOMPARE(world.producer.partitionKey(rows[i].number), keys[i]);
            QCOMPARE(md5(keys[i]).high(), rows[i].high);
            QCOMPARE(world.producer.data(rows[i].number).size(), sizes[i]);
            QCOMPARE(std::size_t(rows[i].bytes), sizes[i] + 1);
        }
        QCOMPARE(world.producer.counts().userRecords, std::int64_t(4));
    }
};

QTEST_APPLESS_MAIN(TraceTest)
#include "tst_trace.moc"
