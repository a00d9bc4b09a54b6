#include <QTest>

#include "core/base/rng.h"
#include "core/engine/requests.h"
#include "core/engine/sequence_number.h"

using namespace shardscope;

namespace {

/// The number in hexadecimal, by schoolbook division of its decimal digits.
std::string hexOf(std::string decimal)
{
    std::string hex;
    while (!decimal.empty()) {
        unsigned rest = 0;
        std::string quotient;
        for (const char c : decimal) {
            rest = rest * 10 + static_cast<unsigned>(c - '0');
            if (!quotient.empty() || rest / 16 != 0)
                quotient += static_cast<char>('0' + rest / 16);
            rest %= 16;
        }
        hex.insert(hex.begin(), "0123456789abcdef"[rest]);
        decimal = quotient;
    }
    return hex;
}

std::string decimalOf(const std::string& hex)
{
    std::string decimal = "0";
    for (const char c : hex) {
        unsigned carry = static_cast<unsigned>(std::string("0123456789abcdef").find(c));
        for (std::size_t i = decimal.size(); i-- > 0;) {
            carry += static_cast<unsigned>(decimal[i] - '0') * 16;
            decimal[i] = static_cast<char>('0' + carry % 10);
            carry /= 10;
        }
        for (; carry != 0; carry /= 10)
            decimal.insert(decimal.begin(), static_cast<char>('0' + carry % 10));
    }
    return decimal;
}

const SequenceNumber kExample {0x065a1b2c3, ShardSlot {0xc04}, 0x123456789abcdef0, 0x065f00112};
//                             2    created      nibble  counter          00   recorded    shard
//                             version
const std::string kExampleHex = "2"
                                "065a1b2c3"
                                "4"
                                "123456789abcdef0"
                                "00"
                                "065f00112"
                                "00000c04"
                                "2";

} // namespace

class SequenceNumberTest : public QObject {
    Q_OBJECT

private slots:
    void laysItsPartsOutAsTheServiceDoes()
    {
        QCOMPARE(kExampleHex.size(), 47U);
        QCOMPARE(hexOf(kExample.text()), kExampleHex);
        QCOMPARE(kExample.text().size(), 56U);
    }

    void readsWhatItWrites_data()
    {
        QTest::addColumn<qint64>("created");
        QTest::addColumn<quint32>("shard");
        QTest::addColumn<quint64>("counter");
        QTest::addColumn<qint64>("recorded");
        const qint64 now = 1'767'614'400;
        QTest::newRow("a shard's start") << now << 0U << quint64 {0} << now;
        QTest::newRow("its first record") << now << 0U << quint64 {1} << now;
        QTest::newRow("its end") << now << 0U << quint64 {SequenceNumber::kLastCounter} << now;
        QTest::newRow("a shard above 16") << now << 12'345U << quint64 {77} << now + 3'600;
        QTest::newRow("the greatest shard number") << now << 0xffff'ffffU << quint64 {1} << now;
        QTest::newRow("the beginning of time") << qint64 {0} << 1U << quint64 {1} << qint64 {0};
        QTest::newRow("the end of time")
            << qint64 {16'031'001'599} << 1U << quint64 {1} << qint64 {16'031'001'599};
    }
    void readsWhatItWrites()
    {
        QFETCH(qint64, created);
        QFETCH(quint32, shard);
        QFETCH(quint64, counter);
        QFETCH(qint64, recorded);
        const SequenceNumber n {created, ShardSlot {shard}, counter, recorded};
        const std::string text = n.text();
        QCOMPARE(text.size(), 56U);
        const auto read = SequenceNumber::parse(text);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(*read == n);
    }

    void risesWithEveryRecordOfAShard()
    {
        std::string before;
        for (quint64 i = 0; i < 2'000; ++i) {
            const SequenceNumber n {1'767'614'400, ShardSlot {17}, i,
                                    1'767'614'400 + static_cast<std::int64_t>(i / 100)};
            const std::string text = n.text();
            // All have 56 digits, so the order of the texts is the order of the numbers.
            QVERIFY(before < text);
            before = text;
        }
        const SequenceNumber end {1'767'614'400, ShardSlot {17}, SequenceNumber::kLastCounter, 0};
        QVERIFY(before < end.text());
    }

    void randomNumbersComeBack()
    {
        for (quint64 i = 0; i < 5'000; ++i) {
            const CounterRng rng(99, i);
            const SequenceNumber n {static_cast<std::int64_t>(rng.below(0, 16'031'001'600)),
                                    ShardSlot {static_cast<std::uint32_t>(rng.bits(1))},
                                    rng.bits(2) >> 1,
                                    static_cast<std::int64_t>(rng.below(3, 16'031'001'600))};
            const auto read = SequenceNumber::parse(n.text());
            QVERIFY2(read && *read == n, qPrintable(QStringLiteral("draw %1 of seed 99").arg(i)));
        }
    }

    void refusesOtherTexts_data()
    {
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, const std::string& text) {
            QTest::newRow(name) << QString::fromStdString(text);
        };
        const auto hex = [&](const char* name, std::size_t digit, const char* with) {
            std::string changed = kExampleHex;
            changed.replace(digit, std::string(with).size(), with);
            row(name, decimalOf(changed));
        };
        row("nothing", "");
        row("a small number", "1");
        row("55 digits", kExample.text().substr(1));
        row("57 digits", std::string(1, '0').append(kExample.text()));
        row("a letter within", "4964x" + kExample.text().substr(5));
        row("a sign", std::string(1, '-').append(kExample.text(), 1));
        row("all nines", std::string(56, '9'));
        hex("version 1", 46, "1");
        hex("version 3", 46, "3");
        hex("a lead of 1", 0, "1");
        hex("a counter above 7fff…", 11, "8000000000000000");
        hex("another shard's nibble", 10, "5");
        hex("something between counter and time", 27, "01");
        hex("recorded after 2477", 29, "3bb85ac00");
        hex("created after 2477", 1, "3bb85ac00");
    }
    void refusesOtherTexts()
    {
        QFETCH(QString, text);
        const auto n = SequenceNumber::parse(text.toStdString());
        QVERIFY(!n);
        QCOMPARE(n.error().code, ErrorCode::InvalidArgument);
        QVERIFY(QString::fromStdString(n.error().message).contains(text.left(64)));
    }
    void theExampleItselfIsRead()
    {
        QCOMPARE(decimalOf(kExampleHex), kExample.text());
        const auto read = SequenceNumber::parse(kExample.text());
        QVERIFY(read && *read == kExample);
    }

    void namesShards()
    {
        QCOMPARE(shardIdText(ShardSlot {0}), std::string("shardId-000000000000"));
        QCOMPARE(shardIdText(ShardSlot {7}), std::string("shardId-000000000007"));
        QCOMPARE(shardIdText(ShardSlot {2'147'483'647}), std::string("shardId-002147483647"));
    }

    void readsShardIds_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("slot"); // −1: refused
        QTest::newRow("the full form") << "shardId-000000000007" << qint64 {7};
        QTest::newRow("a number") << "0" << qint64 {0};
        QTest::newRow("a short form") << "shardId-0" << qint64 {0};
        QTest::newRow("another word") << "x-12" << qint64 {12};
        QTest::newRow("the greatest") << "shardId-002147483647" << qint64 {2'147'483'647};
        QTest::newRow("one above the greatest") << "shardId-002147483648" << qint64 {-1};
        QTest::newRow("far above") << "shardId-99999999999999999999999999" << qint64 {-1};
        QTest::newRow("nothing") << "" << qint64 {-1};
        QTest::newRow("no number") << "shardId-" << qint64 {-1};
        QTest::newRow("a word") << "shardId" << qint64 {-1};
        QTest::newRow("a letter behind") << "shardId-7a" << qint64 {-1};
    }
    void readsShardIds()
    {
        QFETCH(QString, text);
        QFETCH(qint64, slot);
        const auto read = parseShardId(text.toStdString());
        if (slot < 0) {
            QVERIFY(!read);
            QCOMPARE(read.error().code, ErrorCode::ResourceNotFound);
        } else {
            QVERIFY(read);
            QCOMPARE(qint64 {read->value}, slot);
        }
    }
};

QTEST_APPLESS_MAIN(SequenceNumberTest)
#include "tst_sequence_number.moc"
