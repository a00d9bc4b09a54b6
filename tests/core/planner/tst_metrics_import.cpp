#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <numeric>

#include "core/planner/metrics_import.h"

using namespace shardscope;

namespace {

std::string quoted(const std::string& text)
{
    return '"' + text + '"';
}

std::string listOf(const std::vector<std::string>& items)
{
    std::string text = "[";
    for (const std::string& item : items)
        text += (text.size() > 1 ? ", " : "") + item;
    return text + ']';
}

/// A result of get-metric-data; a time that is no number is quoted.
std::string result(const std::string& label, const std::vector<std::string>& times,
                   const std::vector<std::string>& values, const std::string& more = {},
                   const std::string& id = "m1")
{
    std::vector<std::string> stamps;
    for (const std::string& time : times)
        stamps.push_back(time.find('-') == std::string::npos ? time : quoted(time));
    return "{\"Id\": " + quoted(id) + ", \"Label\": " + quoted(label)
        + ", \"Timestamps\": " + listOf(stamps) + ", \"Values\": " + listOf(values)
        + (more.empty() ? ", \"StatusCode\": \"Complete\"" : ", " + more) + "}";
}

std::string answer(const std::vector<std::string>& results, const std::string& more = {})
{
    return "{\"MetricDataResults\": " + listOf(results) + (more.empty() ? "" : ", " + more) + "}";
}

std::string statistics(const std::string& label, const std::vector<std::string>& points)
{
    return "{\"Label\": " + quoted(label) + ", \"Datapoints\": " + listOf(points) + "}";
}

std::string point(const std::string& time, const std::string& statistic, const std::string& value)
{
    return "{\"Timestamp\": " + quoted(time) + ", " + quoted(statistic) + ": " + value
        + ", \"Unit\": \"Bytes\"}";
}

/// Two minutes of bytes and records, newest first.
std::string twoMinutes()
{
    return answer(
        {result("IncomingBytes", {"2026-11-01T10:06:00+00:00", "2026-11-01T10:05:00+00:00"},
                {"600", "500.0"}),
         result("IncomingRecords", {"2026-11-01T10:06:00Z", "2026-11-01T10:05:00Z"}, {"6", "5"})});
}

Result<std::vector<MeasuredStream>> parsed(const std::vector<std::string>& texts,
                                           MetricsFile file = {})
{
    std::vector<MetricsText> all;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        file.path = "dir/" + std::string(1, static_cast<char>('a' + i)) + ".txt";
        all.push_back({file, texts[i]});
    }
    return parseMetrics(all);
}

/// The one stream of texts that can be read.
MeasuredStream streamOf(const std::vector<std::string>& texts, const MetricsFile& file = {})
{
    auto streams = parsed(texts, file);
    if (!streams)
        qCritical("%s", streams.error().message.c_str());
    if (!streams || streams->size() != 1)
        return {};
    return streams->front();
}

std::string errorOf(const std::vector<std::string>& texts, const MetricsFile& file = {})
{
    const auto streams = parsed(texts, file);
    return streams ? "read without an error" : streams.error().message;
}

bool notes(const MeasuredStream& stream, const std::string& part)
{
    for (const std::string& note : stream.notes)
        if (note.find(part) != std::string::npos)
            return true;
    for (const std::string& note : stream.notes)
        qInfo("note: %s", note.c_str());
    return false;
}

std::string at(const MeasuredStream& stream)
{
    return toIso(stream.start);
}

using Amounts = std::vector<double>;
const char* const kTenFive = "2026-11-01T10:05:00Z";
const char* const kTenSix = "2026-11-01T10:06:00Z";

} // namespace

class MetricsImportTest : public QObject {
    Q_OBJECT

private slots:
    void readsMetricDataInAnyOrder()
    {
        const MeasuredStream stream = streamOf({twoMinutes()});
        QCOMPARE(stream.name, std::string("stream"));
        QCOMPARE(at(stream), std::string("2026-11-01T10:05:00.000Z"));
        QCOMPARE(stream.bytes, (Amounts {500, 600}));
        QCOMPARE(stream.records, (Amounts {5, 6}));
        QVERIFY(stream.refusedRecords.empty() && stream.readBytes.empty() && stream.shards.empty());
        QCOMPARE(stream.notes, std::vector<std::string> {"Each point covers 1m."});
    }

    void readsEveryFormOfTime_data()
    {
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<QByteArray>("second");
        QTest::newRow("an hour east")
            << QByteArray("2026-11-01T11:05:00+01:00") << QByteArray("2026-11-01T10:06:00Z");
        QTest::newRow("half an hour west")
            << QByteArray("2026-11-01T09:35:00-0030") << QByteArray("2026-11-01T10:06:00.250Z");
        QTest::newRow("seconds since 1970")
            << QByteArray("1793527500") << QByteArray("1793527560.0");
        QTest::newRow("milliseconds since 1970")
            << QByteArray("1793527500000") << QByteArray("1793527560000");
    }
    void readsEveryFormOfTime()
    {
        QFETCH(QByteArray, first);
        QFETCH(QByteArray, second);
        const std::vector<std::string> times {first.toStdString(), second.toStdString()};
        const MeasuredStream stream
            = streamOf({answer({result("IncomingBytes", times, {"1", "2"}),
                                result("IncomingRecords", times, {"1", "2"})})});
        QCOMPARE(at(stream), std::string("2026-11-01T10:05:00.000Z"));
        QCOMPARE(stream.bytes, (Amounts {1, 2}));
    }

    void pagesAndMetricsMayLieInDifferentFiles()
    {
        const MeasuredStream stream = streamOf(
            {answer({result("IncomingBytes", {kTenSix}, {"6"}, {}, "in")}, "\"NextToken\": \"x\""),
             answer({result("IncomingBytes", {kTenFive}, {"5"}, {}, "in")}),
             answer({result("custom text", {kTenFive, kTenSix}, {"1", "2"}, {}, "in_records")})});
        QCOMPARE(stream.bytes, (Amounts {5, 6}));
        QCOMPARE(stream.records, (Amounts {1, 2}));
        const MeasuredStream cut = streamOf({twoMinutes().insert(1, "\"NextToken\": \"x\", ")});
        QVERIFY(notes(cut, "NextToken"));
    }

    void shardsAreAddedUpWithoutTheStream()
    {
        const std::vector<std::string> times {kTenFive, kTenSix};
        const std::vector<std::string> shards {
            result("IncomingBytes shardId-000000000001", times, {"10", "20"}),
            result("anything", times, {"1", "2"}, {}, "in_records_000000000001"),
            result("orders IncomingBytes shardId-000000000000", times, {"100", "200"}),
            result("x", times, {"3", "4"}, {}, "in_records_shardId_0")};
        // The label names the stream for one of them alone.
        QVERIFY(errorOf({answer(shards)}).find("IncomingRecords") != std::string::npos);
        MetricsFile named;
        named.stream = "orders";
        const MeasuredStream stream = streamOf({answer(shards)}, named);
        QCOMPARE(stream.name, std::string("orders"));
        QCOMPARE(stream.bytes, (Amounts {110, 220}));
        QCOMPARE(stream.records, (Amounts {4, 6}));
        QCOMPARE(stream.shards.size(), std::size_t {2});
        QCOMPARE(stream.shards[0].shardId, std::string("shardId-000000000000"));
        QCOMPARE(stream.shards[0].bytes, 300.0);
        QCOMPARE(stream.shards[0].records, 7.0);
        QCOMPARE(stream.shards[1].bytes, 30.0);
        const MeasuredStream both
            = streamOf({answer(shards),
                        answer({result("IncomingBytes", times, {"110", "440"}),
                                result("IncomingRecords", times, {"4", "6"})})},
                       named);
        QCOMPARE(both.bytes, (Amounts {110, 440}));
        QVERIFY(notes(both, "The shards' bytes add up to 60 % of the stream's"));
    }

    void labelsTellStreamsApart()
    {
        const auto streams
            = parsed({answer({result("orders IncomingBytes", {kTenFive}, {"1"}),
                              result("clicks IncomingBytes", {kTenFive}, {"2"}),
                              result("clicks IncomingRecords", {kTenFive}, {"3"}),
                              result("orders IncomingRecords", {kTenFive}, {"4"})})});
        QVERIFY(streams.has_value());
        QCOMPARE(streams->size(), std::size_t {2});
        QCOMPARE(streams->at(0).name, std::string("orders"));
        QCOMPARE(streams->at(0).records, Amounts {4});
        QCOMPARE(streams->at(1).name, std::string("clicks"));
        QCOMPARE(streams->at(1).bytes, Amounts {2});
    }

    void readsRefusalsReadsAndAge()
    {
        const std::vector<std::string> times {kTenFive, kTenSix};
        const MeasuredStream stream
            = streamOf({twoMinutes(),
                        answer({result("WriteProvisionedThroughputExceeded", times, {"7", "0"}),
                                result("PutRecords.ThrottledRecords", times, {"6", "0"}),
                                result("GetRecords.Bytes", times, {"1000", "1200"}),
                                result("GetRecords.IteratorAgeMilliseconds", times, {"900", "80"}),
                                result("GetRecords.Success", times, {"1", "1"})})});
        QCOMPARE(stream.refusedRecords, (Amounts {7, 0}));
        QCOMPARE(stream.readBytes, (Amounts {1000, 1200}));
        QCOMPARE(stream.maxIteratorAgeMs, 900.0);
        QVERIFY(notes(stream, "Not used: GetRecords.Success, PutRecords.ThrottledRecords."));
    }

    void readsStatistics()
    {
        const MeasuredStream stream
            = streamOf({statistics("IncomingBytes",
                                   {point("2026-11-01T10:10:00Z", "Sum", "300.0"),
                                    point("2026-11-01T10:00:00Z", "Sum", "100"),
                                    point("2026-11-01T10:05:00Z", "Sum", "200")}),
                        statistics("IncomingRecords", {point("2026-11-01T10:00:00Z", "Sum", "5")}),
                        statistics("GetRecords.IteratorAgeMilliseconds",
                                   {point("2026-11-01T10:00:00Z", "Maximum", "42")})});
        QCOMPARE(stream.minutes(), std::size_t {15});
        QCOMPARE(stream.bytes[0], 20.0);
        QCOMPARE(stream.bytes[14], 60.0);
        QCOMPARE(std::accumulate(stream.bytes.begin(), stream.bytes.end(), 0.0), 600.0);
        QCOMPARE(stream.records[4], 1.0); // a lone point lasts as long as the others
        QCOMPARE(stream.records[5], 0.0);
        QCOMPARE(stream.maxIteratorAgeMs, 42.0);
        QVERIFY(notes(stream, "Each point covers 5m and is spread evenly"));
        QVERIFY(notes(stream, "10 minutes have bytes but no records"));
    }

    void thePeriodIsTheUsersOrTheMostCommonGap()
    {
        const std::string lone = answer({result("IncomingBytes", {kTenFive}, {"100"}),
                                         result("IncomingRecords", {kTenFive}, {"10"})});
        QCOMPARE(streamOf({lone}).bytes, Amounts {100});
        QVERIFY(notes(streamOf({lone}), "1m, which is assumed"));
        MetricsFile file;
        file.period = SimDuration::minutes(5);
        QCOMPARE(streamOf({lone}, file).bytes, (Amounts {20, 20, 20, 20, 20}));
        // Points closer than the period that is set.
        QVERIFY(errorOf({twoMinutes()}, file).find("overlapping periods") != std::string::npos);
        file.period = SimDuration::hours(25);
        QVERIFY(errorOf({lone}, file).find("1s to 1d") != std::string::npos);
        file.period = SimDuration::days(1);
        QCOMPARE(streamOf({lone}, file).minutes(), std::size_t {1440});
        file.period = SimDuration::millis(500);
        QVERIFY(errorOf({lone}, file).find("1s to 1d") != std::string::npos);
    }

    void mixedPeriodsAndGapsAreNoted()
    {
        const std::vector<std::string> old {"2026-11-01T09:00:00Z", "2026-11-01T09:05:00Z"};
        const MeasuredStream stream
            = streamOf({answer({result("IncomingBytes", old, {"5", "10"}),
                                result("IncomingRecords", old, {"5", "5"})}),
                        twoMinutes()});
        QCOMPARE(stream.minutes(), std::size_t {67});
        QCOMPARE(stream.bytes[0], 1.0);
        QCOMPARE(stream.bytes[9], 2.0);
        QCOMPARE(stream.bytes[10], 0.0);
        QCOMPARE(stream.bytes[65], 500.0);
        QVERIFY(notes(stream, "mixed periods, 1m (4 points) and 5m (4 points)"));
        QVERIFY(notes(stream,
                      "55 minutes of 67 had no point and count as zero; the longest gap is "
                      "55m from 2026-11-01T09:10Z."));
    }

    void whatCloudWatchSaysIsPassedOn()
    {
        const std::string partial
            = "\"StatusCode\": \"PartialData\", \"Messages\": "
              "[{\"Code\": \"ArithmeticError\", \"Value\": \"Divided by zero.\"}]";
        const MeasuredStream stream
            = streamOf({answer({result("IncomingBytes", {kTenFive}, {"1"}, partial),
                                result("IncomingRecords", {kTenFive}, {"1"})},
                               "\"Messages\": [{\"Code\": \"MaxMetricsExceeded\", \"Value\": "
                               "\"Too many\"}]")});
        QVERIFY(notes(stream, "IncomingBytes has the status PartialData"));
        QVERIFY(notes(stream, "ArithmeticError, Divided by zero."));
        QVERIFY(notes(stream, "CloudWatch says: MaxMetricsExceeded, Too many."));
    }

    void theSamePointTwiceIsFineUnlessItDiffers()
    {
        QCOMPARE(streamOf({twoMinutes(), twoMinutes()}).bytes, (Amounts {500, 600}));
        const std::string other = answer({result("IncomingBytes", {kTenSix}, {"601"})});
        const std::string error = errorOf({twoMinutes(), other});
        QVERIFY2(error.find("overlapping periods: IncomingBytes is there twice for "
                            "2026-11-01T10:06Z, 600 in a.txt and 601 in b.txt")
                     != std::string::npos,
                 error.c_str());
    }

    void readsCsv_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("columns");
        QTest::newRow("commas and plain names")
            << QByteArray("time,bytes,records\n2026-11-01T10:05:00Z,500,5\n"
                          "2026-11-01T10:06:00Z,600,6\n")
            << QByteArray();
        QTest::newRow("semicolons, quotation marks and CRLF")
            << QByteArray("\"Date\";\"IncomingRecords\";\"IncomingBytes\"\r\n"
                          "\"2026/11/01 10:05:00\";5;\"500\"\r\n2026/11/01 10:06:00;6;600\r\n")
            << QByteArray();
        QTest::newRow("tabs, rows above and newest first")
            << QByteArray("My, graph\n\nFull label\tIncomingBytes\tIncomingRecords\nId\tm1\tm2\n"
                          "2026-11-01 10:06\t600\t6\n2026-11-01 10:05\t500\t5\n")
            << QByteArray();
        QTest::newRow("columns that the user names")
            << QByteArray("bytes,When,In,Count\n9,1793527500,500,5\n9,1793527560,600,6\n")
            << QByteArray("time=when,bytes=In,records=count");
        QTest::newRow("a stream by its shards")
            << QByteArray("timestamp,shard,bytes,records\n"
                          "2026-11-01T10:05:00Z,shardId-000000000001,400,3\n"
                          "2026-11-01T10:05:00Z,2,100,2\n2026-11-01T10:06:00Z,2,600,6\n")
            << QByteArray();
        QTest::newRow("a column for each shard")
            << QByteArray("Label,IncomingBytes shardId-000000000001,IncomingBytes "
                          "shardId-000000000002,IncomingRecords\n"
                          "2026-11-01T10:05:00Z,400,100,5\n2026-11-01T10:06:00Z,,600,6\n")
            << QByteArray();
        QTest::newRow("a row for each metric")
            << QByteArray("timeUtc,streamName,shardId,metric,statistic,unit,value\n"
                          "2026-11-01T10:05:00Z,s,,IncomingBytes,Sum,Bytes,500\n"
                          "2026-11-01T10:06:00Z,s,,IncomingBytes,Sum,Bytes,600\n"
                          "2026-11-01T10:05:00Z,s,,IncomingBytes,Average,Bytes,1\n"
                          "2026-11-01T10:05:00Z,s,,IncomingRecords,Sum,Count,5\n"
                          "2026-11-01T10:06:00Z,s,,IncomingRecords,Sum,Count,6\n")
            << QByteArray();
    }
    void readsCsv()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, columns);
        MetricsFile file;
        file.columns = columns.toStdString();
        const MeasuredStream stream = streamOf({text.toStdString()}, file);
        QCOMPARE(at(stream), std::string("2026-11-01T10:05:00.000Z"));
        QCOMPARE(stream.bytes, (Amounts {500, 600}));
        QCOMPARE(stream.records, (Amounts {5, 6}));
        QCOMPARE(notes(stream, "without a zone in a.txt were read as UTC"),
                 text.contains("2026/") || text.contains("11-01 "));
    }

    void readsTheFilesOfARun()
    {
        const std::string sample = "acceptedRecords,acceptedBytes,refusedByBytes,refusedByRecords,"
                                   "refusedBytes,readRecords,readBytes,readCalls,refusedReadCalls,"
                                   "iteratorAgeMs";
        std::string stream = "timeUtc,openShards," + sample + ",costProvisioned,costOnDemand\n";
        std::string shards = "timeUtc,shardId," + sample + '\n';
        for (int second = 0; second < 60; ++second) {
            const std::string time = "2026-01-05T12:00:" + std::string(second < 10 ? "0" : "")
                + std::to_string(second) + ".000Z,";
            stream += time + "2,3,300,1,2,99,1,50,1,0,7,0.1,0.2\n";
            shards += time + "shardId-000000000000,1,100,1,0,9,1,20,1,0,7\n";
            shards += time + "shardId-000000000001,2,200,0,2,90,0,30,1,0,6\n";
        }
        for (const auto& texts : {std::vector {stream, shards}, std::vector {shards}}) {
            const MeasuredStream read = streamOf(texts);
            QCOMPARE(at(read), std::string("2026-01-05T12:00:00.000Z"));
            QCOMPARE(read.bytes, Amounts {18'000});
            QCOMPARE(read.records, Amounts {180});
            QCOMPARE(read.refusedRecords, Amounts {180});
            QCOMPARE(read.readBytes, Amounts {3'000});
            QCOMPARE(read.maxIteratorAgeMs, 7.0);
            QCOMPARE(read.shards.size(), std::size_t {2});
            QCOMPARE(read.shards[1].bytes, 12'000.0);
            QVERIFY(notes(read, "1s and is summed up to minutes"));
        }
    }

    void countsATraceByTheMinute()
    {
        const MeasuredStream plain = streamOf({"time,key,size\n10,a,100\n69.9,bb,200\n70,a,300\n"});
        QCOMPARE(plain.start, kDefaultStart);
        QCOMPARE(plain.records, (Amounts {2, 1}));
        QCOMPARE(plain.bytes, (Amounts {303, 301}));
        QVERIFY(notes(plain, "have no date"));
        const MeasuredStream dated
            = streamOf({"2026-11-01T10:05:30Z,a,100\n2026-11-01T10:07:00Z,a,200\n"});
        QCOMPARE(at(dated), std::string("2026-11-01T10:05:00.000Z"));
        QCOMPARE(dated.records, (Amounts {1, 0, 1}));
    }

    void fourHundredDaysAreTheMost()
    {
        const auto days = [](const char* last) {
            const std::vector<std::string> times {"2025-01-01T00:00:00Z", last};
            return std::vector {answer({result("IncomingBytes", times, {"1", "2"}),
                                        result("IncomingRecords", times, {"1", "2"})})};
        };
        QCOMPARE(streamOf(days("2026-02-05T00:00:00Z")).minutes(), std::size_t {576'001});
        QVERIFY(errorOf(days("2026-02-05T00:01:00Z")).find("at most 400 days")
                != std::string::npos);
    }

    void badFilesNameThePlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("part");
        const auto row = [](const char* name, const std::string& text, const char* part) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(part);
        };
        row("nothing", " \n", "dir/a.txt: is empty");
        row("JSON of another kind", "{\"StreamNames\": []}", "dir/a.txt: is JSON of another kind");
        row("a list", "[1, 2]", "is JSON of another kind");
        row("cut JSON", twoMinutes().substr(0, 100), "is not whole JSON");
        row("JSON that breaks off inside", answer({"{\"Label\": \"IncomingBytes\" 5}"}),
            "is not whole JSON");
        row("two answers in one file", twoMinutes() + twoMinutes(), "one answer a file");
        row("no result", answer({}), "MetricDataResults is empty");
        row("UTF-16", "\xff\xfe{", "is UTF-16");
        row("another service", answer({result("CPUUtilization", {kTenFive}, {"1"})}),
            "holds CPUUtilization and no metric of Kinesis");
        row("another service's statistics",
            statistics("CPUUtilization", {point(kTenFive, "Average", "1")}),
            "holds CPUUtilization and no metric of Kinesis");
        row("a negative value", answer({result("IncomingBytes", {kTenFive, kTenSix}, {"1", "-2"})}),
            "result 1 (IncomingBytes), point 2: value is -2; 0 or more");
        row("a value that is no number", answer({result("IncomingBytes", {kTenFive}, {"null"})}),
            "point 1: value null is no number");
        row("a value too few", answer({result("IncomingBytes", {kTenFive, kTenSix}, {"1"})}),
            "result 1 (IncomingBytes) has 2 Timestamps and 1 Values");
        row("a time that cannot be read", answer({result("IncomingBytes", {"2026-13-01"}, {"1"})}),
            "result 1 (IncomingBytes), point 1: time \"2026-13-01\" cannot be read");
        row("a time before 1973", answer({result("IncomingBytes", {"60"}, {"1"})}),
            "time 60 cannot be read");
        row("the same time twice",
            answer({result("IncomingBytes", {kTenFive, kTenFive}, {"1", "2"})}),
            "overlapping periods");
        row("what is forbidden",
            answer({result("IncomingBytes", {}, {}, "\"StatusCode\": \"Forbidden\"")}),
            "the status Forbidden");
        row("what broke inside CloudWatch",
            answer({result("IncomingBytes", {}, {}, "\"StatusCode\": \"InternalError\"")}),
            "the status InternalError");
        row("bytes alone", answer({result("IncomingBytes", {kTenFive}, {"1"})}),
            "stream stream: IncomingRecords is not in the files");
        row("records alone", answer({result("IncomingRecords", {kTenFive}, {"1"})}),
            "IncomingBytes is not in the files");
        row("no points",
            answer({result("IncomingBytes", {}, {}), result("IncomingRecords", {}, {})}),
            "IncomingBytes has no point");
        row("an average, which is per call",
            statistics("IncomingBytes", {point(kTenFive, "Average", "1")}),
            "IncomingBytes needs its Sum in every point, for its Average is per call");
        row("an age without its maximum",
            statistics("GetRecords.IteratorAgeMilliseconds", {point(kTenFive, "Sum", "1")}),
            "--statistics Maximum");
        row("CSV without a time", "time,bytes,records\nsoon,1,2\n", "no row has a time");
        row("a CSV time that cannot be read", "time,bytes,records\n01.11.2026 10:05,1,2\n",
            "dir/a.txt:2: time \"01.11.2026 10:05\" cannot be read");
        row("a later CSV time that cannot be read",
            "time,bytes,records\n2026-11-01T10:05:00Z,1,2\nTotal,1,2\n",
            "dir/a.txt:3: time \"Total\" cannot be read");
        row("a negative cell", "time,bytes,records\n2026-11-01T10:05:00Z,1,-2\n",
            "dir/a.txt:2: records \"-2\" is negative");
        row("a decimal comma", "time;bytes;records\n2026-11-01T10:05:00Z;1,5;2\n",
            "bytes \"1,5\" is no number");
        row("columns without names", "2026-11-01T10:05:00Z,1,2\n", "the columns have no names");
        row("columns of something else", "time,temperature\n2026-11-01T10:05:00Z,1\n",
            "no column is named bytes or records");
        row("two columns of one metric",
            "time,bytes,IncomingBytes,records\n2026-11-01T10:05:00Z,1,2,3\n",
            "two columns are IncomingBytes");
        row("a shard that is none", "time,shard,bytes,records\n2026-11-01T10:05:00Z,x y,1,2\n",
            "dir/a.txt:2: shard \"x y\" cannot be read");
        row("a quotation mark left open", "time,bytes,records\n2026-11-01T10:05:00Z,\"1,2\n",
            "dir/a.txt:2: a quotation mark is never closed");
        row("a trace with a bad size", "time,key,size\n1,a,-5\n", "dir/a.txt:2: size");
    }
    void badFilesNameThePlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, part);
        const std::string error = errorOf({text.toStdString()});
        QVERIFY2(error.find(part.toStdString()) != std::string::npos, error.c_str());
    }

    void badColumnPicksNameTheWord()
    {
        const std::string csv = "When,In,Count\n2026-11-01T10:05:00Z,1,2\n";
        const auto error = [&](const char* columns) {
            MetricsFile file;
            file.columns = columns;
            return QString::fromStdString(errorOf({csv}, file));
        };
        QVERIFY(error("tine=When").contains("did you mean time?"));
        QVERIFY(error("time").contains("time needs the name of its column"));
        QVERIFY(error("time=When,bytes=In,records=Cuont").contains("did you mean Count?"));
        QVERIFY(error("time=When,bytes=In,records=Size").contains("has no column \"Size\""));
        QCOMPARE(error("time=When,bytes=In,records=Count"), QString("read without an error"));
    }

    void readsFilesAndSaysWhyNot()
    {
        QTemporaryDir folder;
        MetricsFile file;
        file.path = folder.filePath("m.json").toStdString();
        std::ofstream(file.path) << twoMinutes();
        const auto streams = readMetrics(std::vector {file});
        QVERIFY(streams.has_value());
        QCOMPARE(streams->front().bytes, (Amounts {500, 600}));
        for (const QString& path : {folder.filePath("none.json"), folder.path()}) {
            file.path = path.toStdString();
            const auto missing = readMetrics(std::vector {file});
            QVERIFY(!missing);
            QCOMPARE(missing.error().code, ErrorCode::Io);
            QVERIFY(missing.error().message.find("cannot be read (") != std::string::npos);
        }
        QVERIFY(!readMetrics({}));
    }
};

QTEST_APPLESS_MAIN(MetricsImportTest)
#include "tst_metrics_import.moc"
