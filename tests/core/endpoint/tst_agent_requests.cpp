#include <QByteArray>
#include <QTest>

#include <variant>

#include "tests/core/endpoint/api_fixture.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

/// With the header fields that the Kinesis Agent's SDK (Java, version 1) sends.
FakeRequest& asTheAgent(FakeRequest& request, const char* service)
{
    return request.with("amz-sdk-invocation-id", "bae8900d-1931-19e2-e0ab-21d33b7309ce")
        .with("amz-sdk-request", "attempt=1;max=1")
        .with("amz-sdk-retry", "0/0/500")
        .with("user-agent", "aws-kinesis-agent-java/2.0.13, aws-sdk-java/1.12.390 Linux")
        .with("connection", "Keep-Alive")
        .signedBy(service);
}

/// PutRecords of "line 0\n" and "line 1\n" with keys k0 and k1, in CBOR as that SDK writes it:
/// maps and lists of no stated length.
std::string twoLines(const std::string& stream)
{
    const auto record = [](char digit) {
        return std::string("\xbf"
                           "dDataGline ")
            + digit + "\nlPartitionKeybk" + digit + '\xff';
    };
    return "\xbfgRecords\x9f" + record('0') + record('1') + "\xffjStreamName"
        + static_cast<char>(0x60 + stream.size()) + stream + '\xff';
}

} // namespace

/// What the Kinesis Agent sends: PutRecords in CBOR, its own figures as a form.
/// facts/clients.md 7.4
class AgentRequestsTest : public QObject {
    Q_OBJECT

    static std::shared_ptr<FakeExchange> put(ApiWorld& world, const std::string& stream)
    {
        FakeRequest request(twoLines(stream));
        request.with("content-type", "application/x-amz-cbor-1.1")
            .with("x-amz-target", "Kinesis_20131202.PutRecords");
        return world.send(asTheAgent(request, "kinesis"));
    }

private slots:
    void recordsArePut()
    {
        ApiWorld world;
        QVERIFY(world.create("logs", 1));
        const auto answered = put(world, "logs");
        QCOMPARE(answered->response.status, 200);
        QCOMPARE(answered->header("Content-Type"), std::string("application/x-amz-cbor-1.1"));
        const auto& asked = std::get<PutRecords>(*world.asked);
        QCOMPARE(asked.streamName, std::string("logs"));
        QCOMPARE(asked.records.rows.size(), std::size_t(2));
        QCOMPARE(asked.records.data(1), std::string_view("line 1\n"));
        QCOMPARE(asked.records.key(1), std::string_view("k1"));
        QCOMPARE(world.service.find("logs")->latest(ShardSlot(0)), std::uint64_t(2));
        // FailedRecordCount, and one entry a record with its shard.
        const QByteArray body = QByteArray::fromStdString(answered->response.body);
        QVERIFY(body.contains("FailedRecordCount"));
        QCOMPARE(body.count("shardId-000000000000"), 2);
    }

    void aStreamThatIsNotThereIsSaidInCbor()
    {
        ApiWorld world;
        const auto answered = put(world, "none");
        QCOMPARE(answered->response.status, 400);
        const QByteArray body = QByteArray::fromStdString(answered->response.body);
        QVERIFY(body.contains("__type"));
        QVERIFY(body.contains("ResourceNotFoundException"));
    }

    void itsFiguresAreTakenOverTheSameConnection()
    {
        ApiWorld world;
        QVERIFY(world.create("logs", 1));
        QCOMPARE(put(world, "logs")->response.status, 200);
        world.answerWith = std::monostate {};
        FakeRequest figures("Action=PutMetricData&Version=2010-08-01&Namespace=AWSKinesisAgent"
                            "&MetricData.member.1.MetricName=RecordsSent"
                            "&MetricData.member.1.Dimensions.member.1.Name=Destination"
                            "&MetricData.member.1.Dimensions.member.1.Value=KinesisStream%3Alogs"
                            "&MetricData.member.1.Timestamp=2026-01-05T12%3A00%3A00.367Z"
                            "&MetricData.member.1.StatisticValues.SampleCount=1.0"
                            "&MetricData.member.1.StatisticValues.Sum=3.0"
                            "&MetricData.member.1.StatisticValues.Minimum=3.0"
                            "&MetricData.member.1.StatisticValues.Maximum=3.0"
                            "&MetricData.member.1.Unit=Count");
        figures.with("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        const auto answered = world.send(asTheAgent(figures, "monitoring"));
        QCOMPARE(answered->response.status, 200);
        QVERIFY(answered->header("Content-Type").find("xml") != std::string::npos);
        const auto& told = std::get<cloudwatch::PutMetricData>(*world.asked);
        QCOMPARE(told.metricNamespace, std::string("AWSKinesisAgent"));
        QCOMPARE(told.data.size(), std::size_t(1));
        QCOMPARE(told.data[0].metricName, std::string("RecordsSent"));
        QCOMPARE(told.data[0].dimensions.at("Destination"), std::string("KinesisStream:logs"));
        QCOMPARE(told.data[0].statistics.sum, 3.0);
        QVERIFY(told.data[0].timestamp == kDefaultStart + SimDuration::millis(367));
    }
};

QTEST_APPLESS_MAIN(AgentRequestsTest)
#include "tst_agent_requests.moc"
