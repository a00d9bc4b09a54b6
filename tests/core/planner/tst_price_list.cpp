#include <QTemporaryDir>
#include <QTest>

#include <fstream>

#include "core/planner/price_list.h"
#include "tests/support/source_folder.h"

using namespace shardscope;

namespace {

struct Line {
    std::string usageType, price;
    std::string region = "us-east-1";
    std::string family = "Kinesis Streams";
    std::string location; ///< instead of the region
};

std::string field(const std::string& name, const std::string& value)
{
    return '"' + name + "\": \"" + value + '"';
}

std::string product(const Line& line)
{
    return "{" + (line.family.empty() ? "" : field("productFamily", line.family) + ", ")
        + "\"attributes\": {"
        + (line.location.empty() ? field("regionCode", line.region)
                                 : field("location", line.location))
        + ", " + field("usagetype", line.usageType) + "}, " + field("sku", "S") + "}";
}

std::string rate(const std::string& code, const std::string& from, const std::string& price)
{
    return '"' + code + "\": {" + field("beginRange", from) + ", " + field("unit", "Hours")
        + ", \"pricePerUnit\": {" + field("USD", price) + "}}";
}

std::string term(const std::string& rates)
{
    return "{\"S.T\": {\"priceDimensions\": {" + rates + "}}}";
}

std::string escaped(const std::string& text)
{
    std::string out;
    for (const char c : text)
        out += c == '"' ? std::string("\\\"") : std::string(1, c);
    return out;
}

std::string item(const Line& line, const std::string& rates,
                 const std::string& service = "AmazonKinesis")
{
    return "{\"product\": " + product(line) + ", " + field("serviceCode", service)
        + ", \"terms\": {\"OnDemand\": " + term(rates) + "}, "
        + field("publicationDate", "2026-10-31T17:04:05Z") + "}";
}

std::string listOf(const std::vector<std::string>& items)
{
    std::string text = "{\"PriceList\": [";
    for (std::size_t i = 0; i < items.size(); ++i)
        text += (i > 0 ? ", \"" : "\"") + escaped(items[i]) + '"';
    return text + "], \"FormatVersion\": \"aws_v1\"}";
}

/// What get-products answers.
std::string answer(const std::vector<Line>& lines)
{
    std::vector<std::string> items;
    for (const Line& line : lines)
        items.push_back(item(line, rate("R", "0", line.price)));
    return listOf(items);
}

/// The bulk offer file.
std::string offer(const std::vector<Line>& lines, const std::string& code = "AmazonKinesis")
{
    std::string products, terms;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string sku = (i > 0 ? ", \"" : "\"") + ("SKU" + std::to_string(i)) + "\": ";
        products += sku + product(lines[i]);
        terms += sku + term(rate("R", "0", lines[i].price));
    }
    return "{" + field("offerCode", code) + ", " + field("publicationDate", "2026-10-31T17:04:05Z")
        + ", \"products\": {" + products + "}, \"terms\": {\"OnDemand\": {" + terms + "}}}";
}

std::vector<Line> tokyo()
{
    return {{"APN1-Storage-ShardHour", "0.0195000000", "ap-northeast-1"},
            {"APN1-PutRequestPayloadUnits", "0.0000000215", "ap-northeast-1"},
            {"APN1-OnDemand-BilledOutgoingBytes", "0.0520000000", "ap-northeast-1"},
            {"APN1-Advantage-BilledOutgoingBytes", "0.0208000000", "ap-northeast-1"},
            {"APN1-OnDemand-Advantage-BilledIncomingBytes", "0.0416000000", "ap-northeast-1"},
            {"APN1-OnDemand-BilledIncomingBytes", "0.1040000000", "ap-northeast-1"},
            {"PutRequestPayloadUnits", "0.0000000140"},
            {"ReadBytes", "0.0130000000"}};
}

std::string errorOf(const std::string& text)
{
    const auto book = importPriceList(text, "p.json");
    return book ? "read without an error" : book.error().message;
}

} // namespace

class PriceListTest : public QObject {
    Q_OBJECT

private slots:
    void readsBothKindsOfList()
    {
        for (const std::string& text : {answer(tokyo()), offer(tokyo())}) {
            const auto book = importPriceList(text, "p.json");
            QVERIFY2(book.has_value(), book ? "" : book.error().message.c_str());
            QCOMPARE(book->date, std::string("2026-10-31"));
            QCOMPARE(book->regions.size(), std::size_t {2});
            const RegionPrices& far = book->regions.at("ap-northeast-1");
            QCOMPARE(far.shardHour, std::optional(0.0195));
            QCOMPARE(far.putMillionUnits, std::optional(0.0215));
            // Advantage stands beside On-demand, whichever comes last.
            QCOMPARE(far.onDemandOutGb, std::optional(0.052));
            QCOMPARE(far.advantageOutGb, std::optional(0.0208));
            QCOMPARE(far.onDemandInGb, std::optional(0.104));
            QCOMPARE(far.advantageInGb, std::optional(0.0416));
            QVERIFY(!far.fanOutGb.has_value());
            QCOMPARE(book->regions.at("us-east-1").putMillionUnits, std::optional(0.014));
            QCOMPARE(book->regions.at("us-east-1").fanOutGb, std::optional(0.013));
        }
    }

    void everyUsageTypeHasItsPrice_data()
    {
        QTest::addColumn<QByteArray>("prefix");
        QTest::newRow("Virginia, without a prefix") << QByteArray();
        QTest::newRow("Ireland") << QByteArray("EU-");
        QTest::newRow("Frankfurt") << QByteArray("EUC1-");
    }
    void everyUsageTypeHasItsPrice()
    {
        QFETCH(QByteArray, prefix);
        const std::vector<std::pair<const char*, std::optional<double> RegionPrices::*>> all {
            {"Storage-ShardHour", &RegionPrices::shardHour},
            {"Extended-ShardHour", &RegionPrices::extendedRetentionShardHour},
            {"LongTermRetention-ByteHrs", &RegionPrices::longTermRetentionGbMonth},
            {"LongTermRetention-ReadBytes", &RegionPrices::longTermRetrievalGb},
            {"EnhancedFanoutHour", &RegionPrices::fanOutConsumerShardHour},
            {"ReadBytes", &RegionPrices::fanOutGb},
            {"OnDemand-StreamHour", &RegionPrices::onDemandStreamHour},
            {"OnDemand-BilledIncomingBytes", &RegionPrices::onDemandInGb},
            {"OnDemand-BilledOutgoingBytes", &RegionPrices::onDemandOutGb},
            {"OnDemand-BilledOutgoingEFOBytes", &RegionPrices::onDemandFanOutGb},
            {"OnDemand-ExtendedRetention-ByteHrs", &RegionPrices::onDemandExtendedGbMonth},
            {"OnDemand-LongTermRetention-ByteHrs", &RegionPrices::onDemandLongTermGbMonth},
            {"Advantage-BilledIncomingBytes", &RegionPrices::advantageInGb},
            {"Advantage-BilledOutgoingBytes", &RegionPrices::advantageOutGb},
            {"Advantage-BilledOutgoingEFOBytes", &RegionPrices::advantageFanOutGb},
            {"Advantage-ExtendedRetention-ByteHrs", &RegionPrices::advantageExtendedGbMonth}};
        std::vector<Line> lines;
        for (std::size_t i = 0; i < all.size(); ++i)
            lines.push_back({prefix.toStdString() + all[i].first, "0." + std::to_string(i + 10)});
        const auto book = importPriceList(answer(lines), "p.json");
        QVERIFY(book.has_value());
        for (std::size_t i = 0; i < all.size(); ++i)
            QCOMPARE(book->regions.at("us-east-1").*all[i].second,
                     std::optional(static_cast<double>(i + 10) / 100));
    }

    void otherLinesArePassedOver()
    {
        const auto book
            = importPriceList(answer({{"ReadBytes", "0.013", "us-east-1", ""},
                                      {"ReadBytes", "9", "us-east-1", "Kinesis Analytics"},
                                      {"EU-EU-ReadBytes", "9"}, // a prefix goes once
                                      {"EUROPE-ReadBytes", "9"},
                                      {"Advantage-StreamHour", "9"},
                                      {"Data-ReadBytes", "9"}}),
                              "p.json");
        QVERIFY(book.has_value());
        RegionPrices expected;
        expected.fanOutGb = 0.013;
        QCOMPARE(book->regions.size(), std::size_t {1});
        QVERIFY(book->regions.at("us-east-1") == expected);
    }

    void theFirstTierCounts()
    {
        const auto book = importPriceList(
            listOf({item({"ReadBytes", ""},
                         rate("B", "1024", "0.01") + ", " + rate("A", "0", "0.02"))}),
            "p.json");
        QVERIFY(book.has_value());
        QCOMPARE(book->regions.at("us-east-1").fanOutGb, std::optional(0.02));
    }

    void aLocationStandsForItsRegion()
    {
        Line line {"ReadBytes", "0.02"};
        line.location = "EU (Frankfurt)";
        const auto book = importPriceList(answer({line}), "p.json");
        QVERIFY(book.has_value());
        QVERIFY(book->regions.contains("eu-central-1"));
        line.location = "The Moon";
        QVERIFY(errorOf(answer({line})).find("location \"The Moon\"") != std::string::npos);
    }

    void badListsNameThePlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("part");
        const auto row = [](const char* name, const std::string& text, const char* part) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(part);
        };
        row("no JSON", "price,1", "p.json: is not JSON");
        row("a list", "[]", "must be one object");
        row("another object", "{\"a\": 1}", "p.json: is JSON of another kind");
        row("another service", listOf({item({"BoxUsage", ""}, rate("R", "0", "1"), "AmazonEC2")}),
            "is the price list of AmazonEC2; that of AmazonKinesis");
        row("another service's offer", offer({{"BoxUsage", "1"}}, "AmazonEC2"),
            "is the price list of AmazonEC2");
        row("no line of the service", answer({{"BoxUsage", "1"}}),
            "has no price of Kinesis Data Streams but BoxUsage");
        row("an empty list", answer({}), "has no price of Kinesis Data Streams;");
        row("a price in words", answer({{"ReadBytes", "cheap"}}),
            "ReadBytes of us-east-1 has the price \"cheap\"");
        row("a negative price", answer({{"ReadBytes", "-1"}}), "has the price \"-1\"");
        row("two prices", answer({{"ReadBytes", "0.1"}, {"USE1-ReadBytes", "0.2"}}),
            "USE1-ReadBytes of us-east-1 is there twice, for 0.1 and for 0.2 USD");
        row("no term", listOf({item({"ReadBytes", ""}, "")}),
            "ReadBytes of us-east-1 has no price");
        row("an item that is no JSON", listOf({"{\"product\""}), "item 1 is no JSON text");
        row("an item without a product", listOf({"{}"}), "item 1 has no product");
    }
    void badListsNameThePlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, part);
        const std::string error = errorOf(text.toStdString());
        QVERIFY2(error.find(part.toStdString()) != std::string::npos, error.c_str());
    }

    void theSamePriceTwiceIsFine()
    {
        QCOMPARE(errorOf(answer({{"ReadBytes", "0.1"}, {"ReadBytes", "0.10"}})),
                 std::string("read without an error"));
    }

    void aBookIsReadBackAsItWasWritten()
    {
        for (const std::string& text : {answer(tokyo()), offer({{"ReadBytes", "0.1"}})}) {
            const auto book = importPriceList(text, "p.json");
            const auto back = parsePriceBook(writePriceBook(*book));
            QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
            QVERIFY(*back == *book);
        }
    }

    void mergedPricesAreTheNewOnesAndTheRest()
    {
        PriceBook ours;
        ours.date = "2026-11-23";
        ours.regions["us-east-1"].shardHour = 0.015;
        ours.regions["us-east-1"].fanOutGb = 0.5;
        ours.regions["us-east-2"].shardHour = 0.025;
        const PriceBook both = merged(ours, *importPriceList(answer(tokyo()), "p.json"));
        QCOMPARE(both.date, std::string("2026-11-23"));
        QCOMPARE(both.regions.size(), std::size_t {3});
        QCOMPARE(both.regions.at("us-east-1").shardHour, std::optional(0.015));
        QCOMPARE(both.regions.at("us-east-1").fanOutGb, std::optional(0.013));
        QCOMPARE(both.regions.at("us-east-2").shardHour, std::optional(0.025));
        QCOMPARE(both.regions.at("ap-northeast-1").shardHour, std::optional(0.0195));
    }

    void aFileMayBeEitherKind()
    {
        const auto ours = readPriceFile(inSources("resources/prices.json").toStdString());
        QVERIFY2(ours.has_value(), ours ? "" : ours.error().message.c_str());
        QCOMPARE(ours->regions.size(), std::size_t {3});
        QTemporaryDir folder;
        const std::string path = folder.filePath("p.json").toStdString();
        std::ofstream(path) << answer(tokyo());
        QCOMPARE(readPriceFile(path)->regions.size(), std::size_t {2});
        std::ofstream(path) << "{\"date\": \"d\", \"regions\": {\"a\": {\"x\": 1}}}";
        QVERIFY(readPriceFile(path).error().message.find("p.json: price book: regions.a.x")
                != std::string::npos);
        std::ofstream(path) << "{}";
        QVERIFY(readPriceFile(path).error().message.find("another kind") != std::string::npos);
        QCOMPARE(readPriceFile(path + ".none").error().code, ErrorCode::Io);
        QCOMPARE(readPriceFile(folder.path().toStdString()).error().code, ErrorCode::Io);
    }
};

QTEST_APPLESS_MAIN(PriceListTest)
#include "tst_price_list.moc"
