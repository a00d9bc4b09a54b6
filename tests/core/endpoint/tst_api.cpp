#include <QTest>

#include "tests/core/endpoint/api_fixture.h"

using namespace shardscope;
using namespace shardscope::testing;

/// From an HTTP request to an HTTP answer.
class ApiTest : public QObject {
    Q_OBJECT

private slots:
    void answersAnEmptyList()
    {
        ApiWorld world;
        world.answerWith = ListStreamsResult {};
        const auto answered = world.json("ListStreams", "{}");
        QCOMPARE(answered->response.status, 200);
        QCOMPARE(answered->response.body,
                 std::string(R"({"StreamNames":[],"HasMoreStreams":false,"StreamSummaries":[]})"));
        QCOMPARE(answered->header("Content-Type"), std::string("application/x-amz-json-1.1"));
        QCOMPARE(answered->header("x-amzn-RequestId").size(), std::size_t {36});
        QCOMPARE(answered->header("x-amz-id-2").size(), std::size_t {96});
        QCOMPARE(answered->header("Access-Control-Allow-Origin"), std::string());
    }

    void listsStreams()
    {
        ApiWorld world;
        StreamDescriptionSummary stream;
        stream.streamName = "orders";
        stream.streamArn = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
        stream.status = StreamStatus::Creating;
        stream.createdAt = kDefaultStart;
        world.answerWith = ListStreamsResult {.streams = {stream}};
        const auto answered = world.json("ListStreams", R"({"Limit": 3})");
        QCOMPARE(
            answered->response.body,
            std::string(
                R"({"StreamNames":["orders"],"HasMoreStreams":false,"StreamSummaries":[{)"
                R"("StreamName":"orders",)"
                R"("StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/orders",)"
                R"("StreamStatus":"CREATING","StreamModeDetails":{"StreamMode":"PROVISIONED"},)"
                R"("StreamCreationTimestamp":1767614400}]})"));
        QCOMPARE(std::get<ListStreams>(*world.asked).limit, std::optional<std::int64_t>(3));
    }

    void saysBusyWhenTooMuchWaits()
    {
        ApiWorld world;
        world.busy = true;
        const auto answered = world.json("ListStreams", "{}");
        QCOMPARE(answered->response.status, 503);
        QCOMPARE(answered->header("x-amzn-ErrorType"), std::string("ServiceUnavailable"));
    }

    void hidesNoTroubleOfTheDisk()
    {
        ApiWorld world;
        world.failWith = Error {ErrorCode::Io, "The disk is full."};
        const auto answered = world.json("ListStreams", "{}");
        QCOMPARE(answered->response.status, 500);
        QCOMPARE(answered->response.body,
                 std::string(R"({"__type":"InternalFailure","message":"The disk is full."})"));
    }
};

QTEST_APPLESS_MAIN(ApiTest)
#include "tst_api.moc"
