#include <QTest>

#include "core/engine/arn.h"

using namespace shardscope;

namespace {

constexpr ArnScope kScope {"123456789012", "eu-west-1"};
const std::string kHead = "arn:aws:kinesis:eu-west-1:123456789012:";

template <typename T> std::optional<ErrorCode> codeOf(const Result<T>& parsed)
{
    return parsed ? std::nullopt : std::optional(parsed.error().code);
}

} // namespace

class ArnTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrittenIsReadAgain()
    {
        QCOMPARE(streamArn(kScope, "orders"), kHead + "stream/orders");
        QCOMPARE(*parseStreamArn(streamArn(kScope, "orders"), kScope), std::string("orders"));

        const std::string consumer = consumerArn(kScope, "orders", "reader", 1'767'614'400);
        QCOMPARE(consumer, kHead + "stream/orders/consumer/reader:1767614400");
        const auto ref = parseConsumerArn(consumer, kScope);
        QVERIFY(ref);
        QVERIFY(ref->kind == ResourceRef::Kind::Consumer);
        QCOMPARE(ref->streamName, std::string("orders"));
        QCOMPARE(ref->consumerName, std::string("reader"));
        QCOMPARE(ref->consumerCreatedAt, std::int64_t {1'767'614'400});

        const std::string channel = channelArn(kScope, "c0ffee");
        QCOMPARE(channel, kHead + "channel/c0ffee");
        QCOMPARE(*parseChannelArn(channel, kScope), std::string("c0ffee"));
    }

    void aResourceIsAnyOfTheThree()
    {
        using Kind = ResourceRef::Kind;
        QVERIFY(parseResourceArn(kHead + "stream/s", kScope)->kind == Kind::Stream);
        QVERIFY(parseResourceArn(kHead + "stream/s/consumer/c:1", kScope)->kind == Kind::Consumer);
        QVERIFY(parseResourceArn(kHead + "channel/x", kScope)->kind == Kind::Channel);
        QVERIFY(parseResourceArn("arn:aws-cn:kinesis:eu-west-1:123456789012:stream/s", kScope));
    }

    void whatIsNoArnIsAValidationError_data()
    {
        QTest::addColumn<QString>("text");
        const QString head = QString::fromStdString(kHead);
        QTest::newRow("nothing") << "";
        QTest::newRow("a name") << "orders";
        QTest::newRow("too few parts") << "arn:aws:kinesis:eu-west-1:123456789012";
        QTest::newRow("another service") << "arn:aws:s3:eu-west-1:123456789012:stream/s";
        QTest::newRow("another scheme") << "urn:aws:kinesis:eu-west-1:123456789012:stream/s";
        QTest::newRow("another cloud") << "arn:gcp:kinesis:eu-west-1:123456789012:stream/s";
        QTest::newRow("11 digits") << "arn:aws:kinesis:eu-west-1:12345678901:stream/s";
        QTest::newRow("13 digits") << "arn:aws:kinesis:eu-west-1:1234567890123:stream/s";
        QTest::newRow("a letter in the account")
            << "arn:aws:kinesis:eu-west-1:12345678901a:stream/s";
        QTest::newRow("no resource") << head;
        QTest::newRow("no stream name") << head + "stream/";
        QTest::newRow("a space in the name") << head + "stream/a b";
        QTest::newRow("a slash in the name") << head + "stream/a/b";
        QTest::newRow("a name one too long") << head + "stream/" + QString(129, QLatin1Char('a'));
        QTest::newRow("a consumer without its time") << head + "stream/s/consumer/c";
        QTest::newRow("a consumer with an empty time") << head + "stream/s/consumer/c:";
        QTest::newRow("a consumer with a negative time") << head + "stream/s/consumer/c:-1";
        QTest::newRow("a consumer with too large a time")
            << head + "stream/s/consumer/c:99999999999999999999";
        QTest::newRow("a channel id one too long")
            << head + "channel/" + QString(65, QLatin1Char('a'));
        QTest::newRow("2,049 characters") << head + QString(2'049 - head.size(), QLatin1Char('a'));
    }
    void whatIsNoArnIsAValidationError()
    {
        QFETCH(QString, text);
        const auto parsed = parseResourceArn(text.toStdString(), kScope);
        QCOMPARE(codeOf(parsed), std::optional(ErrorCode::Validation));
        QVERIFY(parsed.error().message.starts_with(
            "1 validation error detected: Value at 'resourceARN' failed to satisfy constraint: "));
    }

    void everyMemberTakesItsOwnKind()
    {
        QCOMPARE(codeOf(parseStreamArn(kHead + "stream/s/consumer/c:1", kScope)),
                 std::optional(ErrorCode::Validation));
        QCOMPARE(codeOf(parseConsumerArn(kHead + "stream/s", kScope)),
                 std::optional(ErrorCode::Validation));
        QCOMPARE(codeOf(parseChannelArn(kHead + "stream/s", kScope)),
                 std::optional(ErrorCode::Validation));
    }

    void othersResourcesAreNotHere()
    {
        const auto account
            = parseStreamArn("arn:aws:kinesis:eu-west-1:999999999999:stream/s", kScope);
        QCOMPARE(codeOf(account), std::optional(ErrorCode::ResourceNotFound));
        QCOMPARE(account.error().message,
                 std::string("Stream s under account 999999999999 not found."));
        const auto region
            = parseStreamArn("arn:aws:kinesis:us-east-1:123456789012:stream/s", kScope);
        QCOMPARE(codeOf(region), std::optional(ErrorCode::ResourceNotFound));
        QVERIFY(region.error().message.find("Region us-east-1") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(ArnTest)
#include "tst_arn.moc"
