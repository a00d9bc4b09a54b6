#include <QFile>
#include <QTest>

#include "core/planner/price_book.h"
#include "tests/support/source_folder.h"

using namespace shardscope;

class PriceBookTest : public QObject {
    Q_OBJECT

private slots:
    void readsTheBundledPrices()
    {
        QFile file(inSources("resources/prices.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto book = parsePriceBook(file.readAll().toStdString());
        QVERIFY2(book.has_value(), book ? "" : book.error().message.c_str());
        QCOMPARE(book->date, std::string("2026-11-23"));
        QCOMPARE(book->regions.size(), std::size_t {3});
        const RegionPrices& virginia = book->regions.at("us-east-1");
        QCOMPARE(virginia.shardHour, std::optional(0.015));
        QCOMPARE(virginia.advantageExtendedGbMonth, std::optional(0.023));
        const RegionPrices& tokyo = book->regions.at("ap-northeast-1");
        QCOMPARE(tokyo.putMillionUnits, std::optional(0.0215));
        QCOMPARE(tokyo.advantageOutGb, std::optional(0.0208));
    }

    void aPriceNobodyPrintedIsMissingAndNotZero()
    {
        const auto book = parsePriceBook(
            R"({"date": "2026-01-01", "regions": {"a": {"shardHour": 0, "fanOutGb": 0.5}}})");
        QVERIFY(book.has_value());
        QCOMPARE(book->regions.at("a").shardHour, std::optional(0.0));
        QCOMPARE(book->regions.at("a").fanOutGb, std::optional(0.5));
        QVERIFY(!book->regions.at("a").onDemandInGb.has_value());
    }

    void badInputNamesItsPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("place");
        QTest::newRow("text that is not JSON") << QByteArray("{\"date\": ") << QByteArray("byte");
        QTest::newRow("a list instead of an object") << QByteArray("[]") << QByteArray("object");
        QTest::newRow("no date") << QByteArray(R"({"regions": {"a": {}}})") << QByteArray("date");
        QTest::newRow("no Region")
            << QByteArray(R"({"date": "d", "regions": {}})") << QByteArray("regions");
        QTest::newRow("an unknown field at the top")
            << QByteArray(R"({"date": "d", "regions": {"a": {}}, "x": 1})") << QByteArray("x");
        QTest::newRow("a Region that is a number")
            << QByteArray(R"({"date": "d", "regions": {"a": 1}})") << QByteArray("regions.a");
        QTest::newRow("a price that does not exist")
            << QByteArray(R"({"date": "d", "regions": {"a": {"shardDay": 1}}})")
            << QByteArray("regions.a.shardDay");
        QTest::newRow("a price below zero")
            << QByteArray(R"({"date": "d", "regions": {"a": {"shardHour": -0.01}}})")
            << QByteArray("regions.a.shardHour");
        QTest::newRow("a price in words")
            << QByteArray(R"({"date": "d", "regions": {"a": {"shardHour": "0.015"}}})")
            << QByteArray("regions.a.shardHour");
    }
    void badInputNamesItsPlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, place);
        const auto book = parsePriceBook(text.toStdString());
        QVERIFY(!book.has_value());
        QCOMPARE(book.error().code, ErrorCode::BadInput);
        QVERIFY2(QByteArray::fromStdString(book.error().message).contains(place),
                 book.error().message.c_str());
    }
};

QTEST_APPLESS_MAIN(PriceBookTest)
#include "tst_price_book.moc"
