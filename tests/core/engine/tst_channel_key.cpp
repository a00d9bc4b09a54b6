#include <QTest>

#include "core/engine/channel_key.h"

using namespace shardscope;

namespace {

const SimTime kAt = SimTime::fromSeconds(1'784'557'859); // 2026-07-20T14:30:59Z

ChannelDescription channel(const std::string& keyTemplate, const std::string& compression = "GZIP")
{
    return {.channelId = "abc123def456",
            .spec = {.channelName = "my-channel",
                     .streamName = "my-stream",
                     .compression = compression,
                     .outputKeyTemplate = keyTemplate},
            .createdAt = kAt};
}

} // namespace

class ChannelKeyTest : public QObject {
    Q_OBJECT

private slots:
    void variablesBecomeTheChannelAndTheTime()
    {
        QCOMPARE(objectKey(channel(""), kAt, "s1"),
                 std::string("kinesis-channel/my-channel/abc123def456/2026/07/20/14/"
                             "my-channel-abc123def456-2026-07-20-14-30-s1.gz"));
        QCOMPARE(objectKey(channel("", "ZSTD"), kAt, "s1").substr(94), std::string("-s1.zst"));
        QCOMPARE(objectKey(channel("", "NONE"), kAt, "s1").substr(94), std::string("-s1"));
        QCOMPARE(objectKey(channel("data/stream=!{stream-name}/!{yyyy}-!{MM}-!{dd}/!{HH}!{mm}"
                                   "!{extension:.json}",
                                   "NONE"),
                           kAt, "s2"),
                 std::string("data/stream=my-stream/2026-07-20/1430-s2.json"));
        QCOMPARE(objectKey(channel("!{yy}"), kAt, "s3"), std::string("26-s3"));
        ChannelDescription dead = channel("");
        const std::string tail = "my-channel/abc123def456/2026/07/20/14/"
                                 "my-channel-abc123def456-2026-07-20-14-30-s4.json";
        QCOMPARE(errorKey(dead, kAt, "s4"), "kinesis-channel-errors/" + tail);
        dead.spec.errorOutputPrefix = "bad/";
        QCOMPARE(errorKey(dead, kAt, "s4"), "bad/" + tail);
    }

    void templatesAreChecked_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("compression");
        QTest::addColumn<bool>("valid");
        const auto row = [](const char* name, const QString& text, bool valid,
                            const char* compression = "GZIP") {
            QTest::newRow(name) << text << compression << valid;
        };
        // The Developer Guide's own.
        row("the default", "", true);
        row("variables and one extension",
            "!{channel-name}/!{yyyy}/!{MM}/!{dd}/!{HH}/records!{extension}", true);
        row("a literal extension", "data/stream=!{stream-name}/!{HH}!{mm}!{extension:.json}", true);
        row("minimal", "!{channel-name}/!{channel-id}", true, "NONE");
        row("a slash first", "/data/!{channel-name}!{extension}", false);
        row("a way up", "data/../!{channel-name}!{extension}", false);
        row("two slashes", "data//!{channel-name}!{extension}", false);
        row("an extension inside", "!{channel-name}!{extension}/!{yyyy}", false);
        row("an unknown variable", "data/!{partition-id}!{extension}", false);
        row("gzip without an extension", "data/!{channel-name}", false);
        row("an open variable", "data/!{channel-name}/!{yyyy", false, "NONE");
        // And what else a person may try.
        row("two extensions", "a!{extension}!{extension}", false);
        row("a way up alone", "..", false, "NONE");
        row("a part that is a period", "a/./b", false, "NONE");
        row("a period last", "a/.", false, "NONE");
        row("a period in front of a name", "a/.b", true, "NONE");
        row("an extension in upper case", "a!{extension:.JSON}", false);
        row("an extension without a period", "a!{extension:json}", false);
        row("an extension that is a period", "a!{extension:.}", false);
        row("an extension that leads up", "a!{extension:..a}", false);
        row("a way up by a literal and an extension", "a/.!{extension:.a}", false);
        row("a backslash", "a\\b", false, "NONE");
        row("a space", "a b", false, "NONE");
        row("a line's end", "a\nb", false, "NONE");
        row("a zero", QString("a") + QChar(0) + "b", false, "NONE");
        row("a letter with an accent", QString::fromUtf8("\xc3\xa9"), false, "NONE");
        row("the longest", QString(986, QLatin1Char('a')), true, "NONE");
        row("one too long", QString(987, QLatin1Char('a')), false, "NONE");
    }
    void templatesAreChecked()
    {
        QFETCH(QString, text);
        QFETCH(QString, compression);
        QFETCH(bool, valid);
        const auto checked
            = checkObjectKeys(channel(text.toStdString(), compression.toStdString()));
        QCOMPARE(checked.has_value(), valid);
        if (!valid)
            QVERIFY2(checked.error().code == ErrorCode::InvalidArgument
                         && checked.error().message.rfind("OutputKeyTemplate ", 0) == 0,
                     checked.error().message.c_str());
    }

    void namesCannotLeadOutEither()
    {
        ChannelDescription up = channel("", "NONE");
        up.spec.channelName = "..";
        QVERIFY(!checkObjectKeys(up));
        ChannelDescription here = channel("a/!{stream-name}/b", "NONE");
        here.spec.streamName = std::string(1, '.');
        QVERIFY(!checkObjectKeys(here));
        for (const char* prefix : {"../../", "/etc/", "a//", "./"}) {
            ChannelDescription errors = channel("", "NONE");
            errors.spec.errorOutputPrefix = prefix;
            const auto checked = checkObjectKeys(errors);
            QVERIFY(!checked && checked.error().message.rfind("ErrorOutputPrefix ", 0) == 0);
        }
    }
};

QTEST_APPLESS_MAIN(ChannelKeyTest)
#include "tst_channel_key.moc"
