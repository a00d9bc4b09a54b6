#include <QTest>

#include <array>

#include "core/endpoint/wire_cbor.h"
#include "core/endpoint/wire_json.h"
#include "core/endpoint/wire_tree.h"
#include "tests/core/endpoint/api_fixture.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

std::shared_ptr<FakeExchange> post(ApiWorld& world, const std::string& type,
                                   const std::string& target, const std::string& body,
                                   const std::string& encoding = {})
{
    FakeRequest request(body);
    request.with("content-type", type).signedBy("monitoring");
    if (target.starts_with('/'))
        request.request->path = target;
    else if (!target.empty())
        request.with("x-amz-target", target);
    if (!encoding.empty())
        request.with("content-encoding", encoding);
    return world.send(request);
}

const std::string kForm = "application/x-www-form-urlencoded; charset=utf-8";
const std::string kJson10 = "application/x-amz-json-1.0";
const std::string kJson11 = "application/x-amz-json-1.1";
const std::string kGranite = "GraniteServiceVersion20100801.";

} // namespace

/// The two services beside the stream service: CloudWatch in three tongues, and KMS.
class ApiNeighboursTest : public QObject {
    Q_OBJECT

private slots:
    void metricsArePutInEveryTongue()
    {
        const std::string json
            = R"({"Namespace":"App","MetricData":[{"MetricName":"m","Dimensions":[{"Name":"d","Value":"v"}],"Timestamp":1767614400,"Value":2.5,"Unit":"Count"},{"MetricName":"n","StatisticValues":{"SampleCount":2,"Sum":5,"Minimum":1,"Maximum":4}},{"MetricName":"o","Values":[1,3],"Counts":[2,1]}]})";
        const std::string form
            = "Action=PutMetricData&Version=2010-08-01&Namespace=App&MetricData.member.1."
              "MetricName=m&"
              "MetricData.member.1.Dimensions.member.1.Name=d&MetricData.member.1.Dimensions."
              "member.1."
              "Value=v&"
              "MetricData.member.1.Timestamp=2026-01-05T12%3A00%3A00Z&MetricData.member.1.Value=2."
              "5&"
              "MetricData.member.1.Unit=Count&MetricData.member.2.MetricName=n&"
              "MetricData.member.2.StatisticValues.SampleCount=2&MetricData.member.2."
              "StatisticValues.Sum=5&"
              "MetricData.member.2.StatisticValues.Minimum=1&MetricData.member.2.StatisticValues."
              "Maximum=4&"
              "MetricData.member.3.MetricName=o&MetricData.member.3.Values.member.1=1&"
              "MetricData.member.3.Values.member.2=3&MetricData.member.3.Counts.member.1=2&"
              "MetricData.member.3.Counts.member.2=1";
        const std::string padded = json + std::string(HttpRequest::kPadding, '\0');
        std::string cbor;
        CborWriter writer(cbor, CborTime::Seconds);
        writeTree(writer, WireValue(*readJson(std::string_view(padded).substr(0, json.size()))));
        const std::vector<std::array<std::string, 3>> ways {
            {kJson10, kGranite + "PutMetricData", json},
            {kJson11, kGranite + "PutMetricData", json},
            {kForm, "", form},
            {"application/cbor", "/service/GraniteServiceVersion20100801/operation/PutMetricData",
             cbor}};
        for (const auto& [type, target, body] : ways) {
            ApiWorld world;
            world.answerWith = std::monostate {};
            const auto answered = post(world, type, target, body);
            QVERIFY2(answered->response.status == 200, answered->response.body.c_str());
            const auto& put = std::get<cloudwatch::PutMetricData>(*world.asked);
            QCOMPARE(put.metricNamespace, std::string("App"));
            QCOMPARE(put.data.size(), std::size_t {3});
            QCOMPARE(put.data[0].dimensions.at("d"), std::string("v"));
            QVERIFY(put.data[0].timestamp == kDefaultStart);
            QCOMPARE(put.data[0].statistics.sum, 2.5);
            QCOMPARE(put.data[0].unit, std::string("Count"));
            QCOMPARE(put.data[1].statistics.maximum, 4.0);
            QCOMPARE(put.data[2].statistics.sampleCount, 3.0);
            QCOMPARE(put.data[2].statistics.sum, 5.0);
        }
    }

    /// Clients write as many digits of a second as their clock has.
    void momentsAreReadAsClientsWriteThem_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("millis"); // after kDefaultStart; none of them is refused
        const auto row = [](const char* text, qint64 millis) {
            QTest::newRow(text) << QByteArray(text) << millis;
        };
        row("2026-01-05T12:00:00Z", 0);
        row("2026-01-05T12:00:00.5Z", 500);
        row("2026-01-05T12:00:00.123Z", 123);
        row("2026-01-05T12:00:00.123999Z", 123);
        row("2026-01-05T12:00:00.123456789Z", 123);
        row("2026-01-05T12:00:00+00:00", 0);
        row("2026-01-05T13:30:00.25+01:30", 250);
        row("2026-01-05T11:59:00-00:01", 0);
        row("2026-01-05T12:00:00", -1);
        row("2026-01-05T12:00:00.Z", -1);
        row("2026-01-05T12:00:00.5", -1);
        row("2026-01-05T12:00:00+1:00", -1);
        row("2026-01-05T12:00:00+24:00", -1);
        row("2026-01-05T12:00:00+01:60", -1);
        row("2026-02-29T12:00:00.5Z", -1);
    }
    void momentsAreReadAsClientsWriteThem()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, millis);
        ApiWorld world;
        world.answerWith = std::monostate {};
        const auto answered
            = post(world, kForm, "",
                   "Action=PutMetricData&Namespace=App&MetricData.member.1.MetricName=m&"
                   "MetricData.member.1.Value=1&MetricData.member.1.Timestamp="
                       + text.toPercentEncoding().toStdString());
        QCOMPARE(answered->response.status, millis < 0 ? 400 : 200);
        if (millis < 0)
            QCOMPARE(answered->header("x-amzn-ErrorType"), std::string("SerializationException"));
        else
            QVERIFY(std::get<cloudwatch::PutMetricData>(*world.asked).data[0].timestamp
                    == kDefaultStart + SimDuration::millis(millis));
    }

    void deflatedBodiesAreRead()
    {
        const QByteArray packed
            = QByteArray::fromHex("1f8b0800000000000203ab56f24bcc4d2d2e484c4e55b252722c2850d251f24d"
                                  "2d29ca4c76492c4954b28aae86"
                                  "7241ca802a7281f2618939a540b6616d6c2d000ff524373f000000");
        ApiWorld world;
        world.answerWith = std::monostate {};
        QCOMPARE(post(world, kJson10, kGranite + "PutMetricData", packed.toStdString(), "gzip")
                     ->response.status,
                 200);
        QCOMPARE(std::get<cloudwatch::PutMetricData>(*world.asked).metricNamespace,
                 std::string("App"));
        QCOMPARE(post(world, kJson10, kGranite + "PutMetricData", "{}", "gzip")
                     ->header("x-amzn-ErrorType"),
                 std::string("SerializationException"));
    }

    void statisticsAreAnsweredInXml()
    {
        ApiWorld world;
        cloudwatch::GetMetricStatisticsResult result;
        result.unit = "Count";
        result.datapoints.push_back({kDefaultStart, {4, 10, 1, 5}});
        world.answerWith = result;
        const auto answered = post(
            world, kForm, "",
            "Action=GetMetricStatistics&Version=2010-08-01&Namespace=AWS%2FKinesis&MetricName="
            "IncomingRecords&Dimensions.member.1.Name=StreamName&Dimensions.member.1.Value=orders&"
            "StartTime=2026-01-05T12%3A00%3A00Z&EndTime=2026-01-05T13%3A00%3A00Z&Period=60&"
            "Statistics.member.1=Average&Statistics.member.2=Sum");
        QCOMPARE(answered->header("Content-Type"), std::string("text/xml"));
        const std::string id = answered->header("x-amzn-RequestId");
        QCOMPARE(answered->response.body,
                 "<GetMetricStatisticsResponse "
                 "xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\">"
                 "<GetMetricStatisticsResult><Label>IncomingRecords</Label><Datapoints><member>"
                 "<Timestamp>2026-01-05T12:00:00.000Z</Timestamp><Average>2.5</Average>"
                 "<Sum>10</Sum><Unit>Count</Unit></member></Datapoints>"
                 "</GetMetricStatisticsResult><ResponseMetadata><RequestId>"
                     + id + "</RequestId></ResponseMetadata></GetMetricStatisticsResponse>");
        const auto& asked = std::get<cloudwatch::GetMetricStatistics>(*world.asked);
        QCOMPARE(asked.metric.dimensions.at("StreamName"), std::string("orders"));
        QVERIFY(asked.end - asked.start == SimDuration::hours(1));
    }

    void metricDataIsAnsweredInJson()
    {
        ApiWorld world;
        cloudwatch::GetMetricDataResult result;
        result.results.push_back({"q", "label", {{kDefaultStart, 1.5}}});
        world.answerWith = result;
        const auto answered = post(
            world, kJson10, kGranite + "GetMetricData",
            R"({"StartTime":1767614400,"EndTime":1767618000,"ScanBy":"TimestampAscending","MetricDataQueries":[{"Id":"q","MetricStat":{"Metric":{"Namespace":"AWS/Kinesis","MetricName":"IncomingBytes"},"Period":60,"Stat":"Sum"}}]})");
        QCOMPARE(
            answered->response.body,
            std::string(
                R"({"MetricDataResults":[{"Id":"q","Label":"label","Timestamps":[1767614400],"Values":[1.5],"StatusCode":"Complete"}]})"));
        const auto& asked = std::get<cloudwatch::GetMetricData>(*world.asked);
        QVERIFY(asked.ascending);
        QCOMPARE(asked.queries.at(0).label, std::string("IncomingBytes"));
        QVERIFY(asked.queries.at(0).statistic == cloudwatch::Statistic::Sum);
    }

    void metricsAreListed()
    {
        ApiWorld world;
        cloudwatch::ListMetricsResult result;
        result.metrics.push_back({"AWS/Kinesis", "IncomingBytes", {{"StreamName", "a<b"}}});
        world.answerWith = result;
        const auto answered = post(world, kForm, "", "Action=ListMetrics&Namespace=AWS%2FKinesis");
        QVERIFY2(answered->response.body.find(
                     "<ListMetricsResult><Metrics><member><Namespace>AWS/Kinesis</Namespace>"
                     "<MetricName>IncomingBytes</MetricName><Dimensions><member><Name>StreamName"
                     "</Name><Value>a&lt;b</Value></member></Dimensions></member></Metrics>"
                     "</ListMetricsResult>")
                     != std::string::npos,
                 answered->response.body.c_str());
    }

    void wrongQuestionsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("error");
        const auto row = [](const char* name, const std::string& type, const std::string& target,
                            const char* body, const char* error) {
            QTest::newRow(name) << QByteArray::fromStdString(type)
                                << QByteArray::fromStdString(target) << QByteArray(body)
                                << QByteArray(error);
        };
        row("a form without an action", kForm, "", "Version=2010-08-01", "InvalidAction");
        row("an unknown action", kForm, "", "Action=Fly", "InvalidAction");
        row("a broken form", kForm, "", "Action=%zz", "SerializationException");
        row("a word for a number", kForm, "",
            "Action=PutMetricData&Namespace=a&MetricData.member.1.MetricName=m&"
            "MetricData.member.1.Value=x",
            "SerializationException");
        row("no namespace", kForm, "", "Action=PutMetricData", "ValidationError");
        row("two values", kJson10, kGranite + "PutMetricData",
            R"({"Namespace":"a","MetricData":[{"MetricName":"m","Value":1,"Values":[1]}]})",
            "InvalidParameterValue");
        row("counts that do not fit", kJson10, kGranite + "PutMetricData",
            R"({"Namespace":"a","MetricData":[{"MetricName":"m","Values":[1],"Counts":[1,2]}]})",
            "InvalidParameterValue");
        row("an expression", kJson10, kGranite + "GetMetricData",
            R"({"StartTime":1,"EndTime":2,"MetricDataQueries":[{"Id":"a","Expression":"b+c"}]})",
            "InvalidParameterValue");
        row("a percentile", kJson10, kGranite + "GetMetricData",
            R"({"StartTime":1,"EndTime":2,"MetricDataQueries":[{"Id":"a","MetricStat":{"Metric":{},"Period":60,"Stat":"p99"}}]})",
            "InvalidParameterValue");
        row("an unknown operation", kJson10, kGranite + "Fly", "{}", "UnknownOperationException");
        row("an unknown operation of the other CBOR", "application/cbor",
            "/service/GraniteServiceVersion20100801/operation/Fly", "\xa0",
            "UnknownOperationException");
        row("a key without a name", kJson11, "TrentService.DescribeKey", "{}",
            "ValidationException");
    }
    void wrongQuestionsAreRefused()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, error);
        ApiWorld world;
        const auto answered
            = post(world, type.toStdString(), target.toStdString(), body.toStdString());
        QCOMPARE(answered->response.status, 400);
        QCOMPARE(QByteArray::fromStdString(answered->header("x-amzn-ErrorType")), error);
        if (type.startsWith("application/x-www"))
            QVERIFY(answered->response.body.find("<Code>" + error.toStdString() + "</Code>")
                    != std::string::npos);
    }

    void keysAreDescribed()
    {
        ApiWorld world;
        kms::KeyDescription key;
        key.keyId = "1234";
        key.createdAt = kDefaultStart;
        world.answerWith = key;
        const auto answered
            = post(world, kJson11, "TrentService.DescribeKey", R"({"KeyId":"alias/a"})");
        QCOMPARE(answered->response.status, 200);
        QVERIFY2(answered->response.body.starts_with(
                     R"({"KeyMetadata":{"AWSAccountId":"000000000000","KeyId":"1234",)"
                     R"("Arn":"arn:aws:kms:us-east-1:000000000000:key/1234",)"
                     R"("CreationDate":1767614400,"Enabled":true,)"),
                 answered->response.body.c_str());
        QCOMPARE(std::get<kms::DescribeKey>(*world.asked).key, std::string("alias/a"));
        post(world, kJson11, "TrentService.ScheduleKeyDeletion",
             R"({"KeyId":"1234","PendingWindowInDays":7})");
        QCOMPARE(std::get<kms::ScheduleKeyDeletion>(*world.asked).pendingWindowDays,
                 std::int64_t {7});
        world.answerWith = kms::ListAliasesResult {{{"alias/a", "1234"}}};
        QCOMPARE(
            post(world, kJson11, "TrentService.ListAliases", "{}")->response.body,
            std::string(
                R"({"Aliases":[{"AliasName":"alias/a","AliasArn":"arn:aws:kms:us-east-1:000000000000:alias/a","TargetKeyId":"1234"}],"Truncated":false})"));
        world.failWith = Error {ErrorCode::KmsNotFound, "No such key."};
        QCOMPARE(post(world, kJson11, "TrentService.EnableKey", R"({"KeyId":"x"})")->response.body,
                 std::string(R"({"__type":"NotFoundException","message":"No such key."})"));
    }
};

QTEST_APPLESS_MAIN(ApiNeighboursTest)
#include "tst_api_neighbours.moc"
