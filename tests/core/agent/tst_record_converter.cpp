#include <QTest>

#include "core/agent/record_converter.h"

using namespace shardscope;

/// What dataProcessingOptions make of a record.
class RecordConverterTest : public QObject {
    Q_OBJECT

    using Kind = DataProcessing::Kind;
    using Format = DataProcessing::LogFormat;
    static QString made(const std::vector<DataProcessing>& steps, const char* data)
    {
        const auto text = RecordConverter(steps).convert(data, kDefaultStart);
        return QString::fromStdString(text ? *text : text.error().message);
    }
    static DataProcessing log(Format format) { return {.kind = Kind::LogToJson, .format = format}; }

private slots:
    void csvBecomesAnObjectInTheOrderOfTheNames()
    {
        const DataProcessing step {.kind = Kind::CsvToJson, .fieldNames = {"b", "a", "c"}};
        QCOMPARE(made({step}, "1,\"x, \"\"y\"\"\"\n"),
                 QStringLiteral("{\"b\":\"1\",\"a\":\"x, \\\"y\\\"\",\"c\":null}\n"));
    }
    void logsOfEveryFormatAreRead_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("json");
        const auto row = [](const char* name, Format format, const char* line, const char* json) {
            QTest::newRow(name) << static_cast<int>(format) << QByteArray(line)
                                << QString::fromUtf8(json) + '\n';
        };
        row("common", Format::CommonApache,
            "10.0.0.1 - ann [10/Oct/2026:13:55:36 +0000] \"GET /a HTTP/1.0\" 200 2326\n",
            "{\"host\":\"10.0.0.1\",\"ident\":null,\"authuser\":\"ann\",\"datetime\":"
            "\"10/Oct/2026:13:55:36 +0000\",\"request\":\"GET /a HTTP/1.0\",\"response\":\"200\","
            "\"bytes\":\"2326\"}");
        row("combined", Format::CombinedApache,
            "h - - [t] \"GET /\\\"a HTTP/1.0\" 404 - \"http://b/\" \"Mozilla (c)\"\n",
            "{\"host\":\"h\",\"ident\":null,\"authuser\":null,\"datetime\":\"t\",\"request\":"
            "\"GET /\\\\\\\"a HTTP/1.0\",\"response\":\"404\",\"bytes\":null,\"referer\":"
            "\"http://b/\",\"agent\":\"Mozilla (c)\"}");
        row("error", Format::ApacheError,
            "[Fri Sep 09 10:42:29.902022 2026] [core:error] [pid 35708:tid 432] [client 1.2.3.4] "
            "not there\n",
            "{\"timestamp\":\"Fri Sep 09 10:42:29.902022 2026\",\"module\":\"core\",\"severity\":"
            "\"error\",\"processid\":\"35708\",\"threadid\":\"432\",\"client\":\"1.2.3.4\","
            "\"message\":\"not there\"}");
        row("syslog", Format::Syslog, "Mar  2 12:00:08 web rcd[308]: Loaded: 12\n",
            "{\"timestamp\":\"Mar  2 12:00:08\",\"hostname\":\"web\",\"program\":\"rcd\","
            "\"processid\":\"308\",\"message\":\"Loaded: 12\"}");
        row("rfc3339", Format::Rfc3339Syslog, "2026-03-02T12:00:08Z web cron: run\n",
            "{\"timestamp\":\"2026-03-02T12:00:08Z\",\"hostname\":\"web\",\"program\":\"cron\","
            "\"processid\":null,\"message\":\"run\"}");
    }
    void logsOfEveryFormatAreRead()
    {
        QFETCH(int, format);
        QFETCH(QByteArray, line);
        QFETCH(QString, json);
        QCOMPARE(made({log(static_cast<Format>(format))}, line.constData()), json);
    }
    void aLineOfAnotherFormIsRefused()
    {
        QVERIFY(made({log(Format::CommonApache)}, "nothing of the kind\n")
                    .contains(QStringLiteral("does not have the form")));
    }
    void onesOwnPatternNamesItsGroups()
    {
        const DataProcessing step {.kind = Kind::LogToJson,
                                   .matchPattern = "(\\w+)=(\\d+)",
                                   .fieldNames = {"name", "value"}};
        QCOMPARE(made({step}, "load=7\n"), QStringLiteral("{\"name\":\"load\",\"value\":\"7\"}\n"));
        QVERIFY(made({step}, "load=7 and more\n").contains(QStringLiteral("does not have")));
    }
    void stepsFollowEachOther()
    {
        const DataProcessing metadata {
            .kind = Kind::AddMetadata, .metadata = "{\"host\": \"a\"}", .timestamp = true};
        QCOMPARE(made({{.kind = Kind::SingleLine}, metadata}, "one\n  two\n"),
                 QStringLiteral("{\"metadata\":{\"host\": \"a\"},\"data\":\"onetwo\","
                                "\"ts\":\"2026-01-05T12:00:00.000Z\"}\n"));
        QCOMPARE(made({{.kind = Kind::AddBrackets}}, "\"a\": 1\n"), QStringLiteral("{\"a\": 1}\n"));
        const DataProcessing pretty {.kind = Kind::CsvToJson, .fieldNames = {"a"}, .pretty = true};
        QCOMPARE(made({pretty}, "1\n"), QStringLiteral("{\n  \"a\" : \"1\"\n}\n"));
    }
};

QTEST_APPLESS_MAIN(RecordConverterTest)
#include "tst_record_converter.moc"
