#include <QTest>

#include "core/base/hash_key.h"
#include "core/base/rng.h"

using namespace shardscope;

class HashKeyTest : public QObject {
    Q_OBJECT

private slots:
    void readsWhatItWrites_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("the least key") << "0";
        QTest::newRow("one digit") << "7";
        QTest::newRow("the last key of the lower words") << "18446744073709551615";
        QTest::newRow("the first key above them") << "18446744073709551616";
        QTest::newRow("the middle") << "170141183460469231731687303715884105728";
        QTest::newRow("the greatest key") << "340282366920938463463374607431768211455";
    }
    void readsWhatItWrites()
    {
        QFETCH(QString, text);
        const auto key = parseHashKey(text.toStdString());
        QVERIFY(key);
        QCOMPARE(QString::fromStdString(toDecimal(*key)), text);
    }

    void refusesWhatIsNoHashKey_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << "";
        QTest::newRow("one above the greatest key") << "340282366920938463463374607431768211456";
        QTest::newRow("39 nines") << QString(39, QLatin1Char('9'));
        QTest::newRow("40 digits") << "1" + QString(39, QLatin1Char('0'));
        QTest::newRow("a leading zero") << "01";
        QTest::newRow("a sign") << "-1";
        QTest::newRow("a plus") << "+1";
        QTest::newRow("a blank") << "1 ";
        QTest::newRow("hexadecimal") << "ff";
    }
    void refusesWhatIsNoHashKey()
    {
        QFETCH(QString, text);
        const auto key = parseHashKey(text.toStdString());
        QVERIFY(!key);
        QCOMPARE(key.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!key.error().message.empty());
    }

    void writes32HexadecimalDigits()
    {
        QCOMPARE(toHex(HashKey {}), std::string(32, '0'));
        QCOMPARE(toHex(HashKey::max()), std::string(32, 'f'));
        QCOMPARE(toHex(HashKey::fromWords(0x0123456789abcdefULL, 0xfedcba9876543210ULL)),
                 std::string("0123456789abcdeffedcba9876543210"));
    }

    void threeShardsStartWhereTheServiceStartsThem()
    {
        QCOMPARE(toDecimal(evenRange(0, 3).start), std::string("0"));
        QCOMPARE(toDecimal(evenRange(1, 3).start),
                 std::string("113427455640312821154458202477256070485"));
        QCOMPARE(toDecimal(evenRange(2, 3).start),
                 std::string("226854911280625642308916404954512140970"));
        QCOMPARE(evenRange(2, 3).end, HashKey::max());
    }

    void evenRangesTileTheSpace_data()
    {
        QTest::addColumn<quint32>("count");
        for (const quint32 count : {1U, 2U, 3U, 4U, 5U, 7U, 64U, 1000U, 10'240U})
            QTest::addRow("%u shards", count) << count;
    }
    void evenRangesTileTheSpace()
    {
        QFETCH(quint32, count);
        QCOMPARE(evenRange(0, count).start, HashKey {});
        QCOMPARE(evenRange(count - 1, count).end, HashKey::max());
        const U128 width = evenRange(0, count).end.value + (count == 1 ? 0 : 1);
        for (quint32 i = 1; i < count; ++i) {
            QVERIFY(evenRange(i - 1, count).end.value + 1 == evenRange(i, count).start.value);
            if (i + 1 < count)
                QVERIFY(evenRange(i, count).end.value - evenRange(i, count).start.value + 1
                        == width);
        }
        // No wider range would fit `count` times: width = floor(2^128 / count).
        if (count > 1) {
            const HashKeyRange last = evenRange(count - 1, count);
            QVERIFY(last.end.value - last.start.value + 1 - width < count);
        }
    }

    void splitsInTheMiddle()
    {
        const HashKeyRange all;
        QCOMPARE(toDecimal(all.middle()), std::string("170141183460469231731687303715884105728"));
        const HashKeyRange two {HashKey {10}, HashKey {11}};
        QCOMPARE(two.middle(), HashKey {11});
    }
};

QTEST_APPLESS_MAIN(HashKeyTest)
#include "tst_hash_key.moc"
