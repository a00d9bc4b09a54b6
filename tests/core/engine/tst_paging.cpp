#include <QTest>

#include "core/engine/limits.h"
#include "core/engine/paging.h"

using namespace shardscope;

namespace {

using Listing = PageToken::Listing;

PageToken token()
{
    return {.listing = Listing::Shards,
            .issuedAt = kDefaultStart,
            .stream = "a-b_c.9",
            .streamCreatedAt = kDefaultStart - SimDuration::micros(1),
            .after = "shardId-000000000007",
            .filter
            = ShardFilter {.type = ShardFilter::Type::FromTimestamp, .timestamp = kDefaultStart}};
}

std::optional<ErrorCode> codeOf(const std::string& text, Listing listing, SimTime now)
{
    const auto parsed = PageToken::parse(text, listing, now);
    return parsed ? std::nullopt : std::optional(parsed.error().code);
}

} // namespace

class PagingTest : public QObject {
    Q_OBJECT

private slots:
    void aTokenCarriesEverything()
    {
        const auto parsed = PageToken::parse(token().text(), Listing::Shards, kDefaultStart);
        QVERIFY(parsed);
        QCOMPARE(parsed->stream, token().stream);
        QCOMPARE(parsed->streamCreatedAt, token().streamCreatedAt);
        QCOMPARE(parsed->after, token().after);
        QVERIFY(parsed->filter->type == ShardFilter::Type::FromTimestamp);
        QCOMPARE(parsed->filter->timestamp, token().filter->timestamp);
    }

    void whatIsNotGivenStaysAway()
    {
        const PageToken bare {.listing = Listing::Streams, .issuedAt = kDefaultStart};
        const auto parsed = PageToken::parse(bare.text(), Listing::Streams, kDefaultStart);
        QVERIFY(parsed);
        QVERIFY(parsed->stream.empty() && parsed->after.empty() && !parsed->filter);
    }

    void itLives300Seconds()
    {
        const std::string text = token().text();
        const SimTime last = kDefaultStart + limits::kPageTokenLifetime;
        QVERIFY(!codeOf(text, Listing::Shards, last));
        QCOMPARE(codeOf(text, Listing::Shards, last + SimDuration::micros(1)),
                 std::optional(ErrorCode::ExpiredNextToken));
    }

    void itBelongsToItsListing()
    {
        QCOMPARE(codeOf(token().text(), Listing::Streams, kDefaultStart),
                 std::optional(ErrorCode::InvalidArgument));
    }

    void oneFromTheFutureIsInvalid()
    {
        QCOMPARE(codeOf(token().text(), Listing::Shards, kDefaultStart - SimDuration::micros(1)),
                 std::optional(ErrorCode::InvalidArgument));
    }

    void whatNobodyWroteIsInvalid_data()
    {
        QTest::addColumn<QString>("text");
        const QString good = QString::fromStdString(token().text());
        QTest::newRow("nothing") << "";
        QTest::newRow("words") << "not a token";
        QTest::newRow("half a byte") << "a";
        QTest::newRow("one digit less") << good.chopped(1);
        QTest::newRow("one byte less") << good.chopped(2);
        QTest::newRow("one byte more") << good + "30";
        QTest::newRow("another first digit") << "32" + good.mid(2);
        QTest::newRow("upper case") << good.toUpper();
        QTest::newRow("very long") << QString(1'048'576, QLatin1Char('0'));
        QTest::newRow("only separators") << QString("7c").repeated(7);
        QTest::newRow("one separator more") << QString("7c").repeated(8);
    }
    void whatNobodyWroteIsInvalid()
    {
        QFETCH(QString, text);
        QCOMPARE(codeOf(text.toStdString(), Listing::Shards, kDefaultStart),
                 std::optional(ErrorCode::InvalidArgument));
    }
};

QTEST_APPLESS_MAIN(PagingTest)
#include "tst_paging.moc"
