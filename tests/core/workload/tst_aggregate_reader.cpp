#include <QTest>

#include "core/base/md5.h"
#include "core/base/rng.h"
#include "core/workload/aggregate.h"
#include "core/storage/aggregate_reader.h"

namespace shardscope {

namespace {

std::string framed(const std::string& message)
{
    const HashKey digest = md5(message);
    std::string whole = "\xF3\x89\x9A\xC2" + message;
    for (const std::uint64_t word : {digest.high(), digest.low()})
        for (int shift = 56; shift >= 0; shift -= 8)
            whole += static_cast<char>((word >> shift) & 0xff);
    return whole;
}

} // namespace

class AggregateReaderTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsBuiltIsOpened()
    {
        const std::vector<UserRecord> records {
            {"eu", "one"}, {"us", ""}, {"eu", std::string(300, 'x')}};
        const std::string built = buildAggregate(records);
        QVERIFY(looksAggregated(built));
        const auto opened = readAggregate(built, 100);
        QVERIFY(opened.has_value());
        QCOMPARE(opened->size(), records.size());
        for (std::size_t i = 0; i < records.size(); ++i) {
            QCOMPARE((*opened)[i].key, std::string_view(records[i].key));
            QCOMPARE((*opened)[i].data, std::string_view(records[i].data));
        }
        QCOMPARE(readAggregate(built, 1)->size(), std::size_t {1});
    }

    void explicitHashKeysAndUnknownFieldsAreRead()
    {
        // key "k"; hash key "42"; field 9 that nobody knows; record { 0, 0, "d", tag }
        const std::string message = std::string("\x0a\x01k\x12\x02"
                                                "42\x4a\x01?\x1a\x0b",
                                                12)
            + std::string("\x08\x00\x10\x00\x1a\x01"
                          "d\x22\x02\x0a\x00",
                          11);
        const std::string whole = framed(message);
        const auto opened = readAggregate(whole, 10);
        QVERIFY(opened.has_value());
        QCOMPARE(opened->size(), std::size_t {1});
        QCOMPARE(opened->front().key, std::string_view("k"));
        QCOMPARE(opened->front().explicitHashKey, std::string_view("42"));
        QCOMPARE(opened->front().data, std::string_view("d"));
    }

    void whatDoesNotFitIsNoAggregate_data()
    {
        QTest::addColumn<QByteArray>("data");
        const auto row = [](const char* name, const std::string& data) {
            QTest::newRow(name) << QByteArray::fromStdString(data);
        };
        const std::vector<UserRecord> one {{"k", "data"}};
        std::string built = buildAggregate(one);
        row("nothing", "");
        row("the magic alone", built.substr(0, 4));
        row("one byte short", built.substr(0, built.size() - 1));
        built[8] = static_cast<char>(built[8] ^ 1);
        row("a flipped bit", built);
        row("a length beyond the end", framed("\x0a\x7fk"));
        row("a varint without an end", framed(std::string(12, '\xff')));
        row("a key that is not in the table",
            framed(std::string("\x1a\x05\x08\x01\x1a\x01"
                               "d",
                               7)));
        row("a record without a key",
            framed("\x1a\x03\x1a\x01"
                   "d"));
        row("a group, which protobuf gave up", framed("\x0b"));
    }
    void whatDoesNotFitIsNoAggregate()
    {
        QFETCH(QByteArray, data);
        QVERIFY(!readAggregate(
            std::string_view(data.constData(), static_cast<std::size_t>(data.size())), 100));
    }

    void randomMessagesDoNoHarm()
    {
        const std::uint64_t seed = 20'261'123;
        qInfo("seed %llu", static_cast<unsigned long long>(seed));
        const CounterRng rng(seed, 0);
        std::uint64_t drawn = 0;
        for (int round = 0; round < 5'000; ++round) {
            std::string message;
            const std::uint64_t size = rng.below(drawn++, 60);
            for (std::uint64_t i = 0; i < size; ++i)
                message += static_cast<char>(rng.below(drawn++, round % 2 == 0 ? 256 : 32));
            (void)readAggregate(framed(message), 5);
        }
    }
};

} // namespace shardscope

QTEST_APPLESS_MAIN(shardscope::AggregateReaderTest)
#include "tst_aggregate_reader.moc"
