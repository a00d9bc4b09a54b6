#include <QRegularExpression>
#include <QTest>

#include <set>

#include "core/endpoint/router.h"
#include "core/endpoint/wire_cbor.h"
#include "core/endpoint/wire_json.h"
#include "core/endpoint/wire_tree.h"
#include "tests/core/endpoint/api_fixture.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

const std::string kArn = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";

StreamDescriptionSummary ordersSummary()
{
    StreamDescriptionSummary stream;
    stream.streamName = "orders";
    stream.streamArn = kArn;
    stream.createdAt = kDefaultStart;
    return stream;
}

std::string contentOf(const FakeExchange& answered)
{
    const auto document = readCbor(answered.response.body, CborTime::Milliseconds);
    std::string out;
    if (!document)
        return out;
    JsonWriter writer(out);
    writeTree(writer, WireValue(*document));
    return out;
}

std::string asCbor(const std::string& json)
{
    const std::string padded = json + std::string(HttpRequest::kPadding, '\0');
    const auto document = readJson(std::string_view(padded).substr(0, json.size()));
    std::string out;
    CborWriter writer(out, CborTime::Milliseconds);
    writeTree(writer, WireValue(*document));
    return out;
}

} // namespace

/// From an HTTP request to an HTTP answer.
class ApiTest : public QObject {
    Q_OBJECT

private slots:
    void knowsEveryOperation()
    {
        std::set<std::string_view> names;
        for (const Action* action : actionsOf(ApiService::Kinesis)) {
            names.insert(action->name);
            QCOMPARE(findAction(ApiService::Kinesis, action->name), action);
            QVERIFY(action->input && action->read);
        }
        QCOMPARE(names.size(), std::size_t {45});
        QCOMPARE(actionsOf(ApiService::CloudWatch).size(), std::size_t {4});
        QCOMPARE(actionsOf(ApiService::Kms).size(), std::size_t {13});
        QVERIFY(!findAction(ApiService::Kinesis, "ListKeys"));
        QVERIFY(!findAction(ApiService::Kinesis, ""));
    }

    void answersAnEmptyList()
    {
        ApiWorld world;
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
        world.answerWith = ListStreamsResult {.streams = {ordersSummary()}};
        const auto answered = world.json("ListStreams", R"({"Limit": 3})");
        QCOMPARE(answered->response.body,
                 std::string(
                     R"({"StreamNames":["orders"],"HasMoreStreams":false,"StreamSummaries":[{)"
                     R"("StreamName":"orders",)"
                     R"("StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/orders",)"
                     R"("StreamStatus":"ACTIVE","StreamModeDetails":{"StreamMode":"PROVISIONED"},)"
                     R"("StreamCreationTimestamp":1767614400}]})"));
        QCOMPARE(std::get<ListStreams>(*world.asked).limit, std::optional<std::int64_t>(3));
    }

    /// Every operation with a real service behind it: what it does and that it says so in both
    /// tongues.
    void answersEveryOperation_data()
    {
        QTest::addColumn<QByteArray>("operation");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* operation, QByteArray body, const char* expected) {
            const QByteArray arn = QByteArray::fromStdString(kArn);
            QTest::newRow(operation) << QByteArray(operation) << body.replace("ARN!", arn)
                                     << QByteArray(expected).replace("ARN!", arn);
        };
        row("CreateStream", R"({"StreamName":"a","ShardCount":1,"Tags":{"k":"v"}})", "");
        row("DeleteStream", R"({"StreamName":"orders","EnforceConsumerDeletion":true})", "");
        row("DescribeStreamSummary", R"({"StreamName":"orders"})",
            R"({"StreamDescriptionSummary":{"StreamName":"orders","StreamARN":"ARN!","StreamStatus":"ACTIVE","StreamModeDetails":{"StreamMode":"PROVISIONED"},"RetentionPeriodHours":24,"StreamCreationTimestamp":1767614400,"EnhancedMonitoring":[{"ShardLevelMetrics":[]}],"EncryptionType":"NONE","OpenShardCount":2,"ConsumerCount":0,"MaxRecordSizeInKiB":1024,"ChannelCount":0}})");
        row("DescribeStream", R"({"StreamARN":"ARN!","Limit":1})",
            R"({"StreamDescription":{"StreamName":"orders","StreamARN":"ARN!","StreamStatus":"ACTIVE","StreamModeDetails":{"StreamMode":"PROVISIONED"},"RetentionPeriodHours":24,"StreamCreationTimestamp":1767614400,"EnhancedMonitoring":[{"ShardLevelMetrics":[]}],"EncryptionType":"NONE","Shards":[{"ShardId":"shardId-000000000000","HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"170141183460469231731687303715884105727"},"SequenceNumberRange":{"StartingSequenceNumber":"*"}}],"HasMoreShards":true}})");
        row("ListShards",
            R"({"StreamName":"orders","ExclusiveStartShardId":"shardId-000000000000"})",
            R"({"Shards":[{"ShardId":"shardId-000000000001","HashKeyRange":{"StartingHashKey":"170141183460469231731687303715884105728","EndingHashKey":"340282366920938463463374607431768211455"},"SequenceNumberRange":{"StartingSequenceNumber":"*"}}]})");
        row("SplitShard",
            R"({"StreamName":"orders","ShardToSplit":"shardId-000000000000","NewStartingHashKey":"1000"})",
            "");
        row("MergeShards",
            R"({"StreamName":"orders","ShardToMerge":"shardId-000000000000","AdjacentShardToMerge":"shardId-000000000001"})",
            "");
        row("UpdateShardCount",
            R"({"StreamName":"orders","TargetShardCount":4,"ScalingType":"UNIFORM_SCALING"})",
            R"({"StreamName":"orders","StreamARN":"ARN!","CurrentShardCount":2,"TargetShardCount":4})");
        row("UpdateStreamMode",
            R"({"StreamARN":"ARN!","StreamModeDetails":{"StreamMode":"ON_DEMAND"}})", "");
        row("UpdateMaxRecordSize", R"({"StreamARN":"ARN!","MaxRecordSizeInKiB":2048})", "");
        row("IncreaseStreamRetentionPeriod", R"({"StreamName":"orders","RetentionPeriodHours":48})",
            "");
        row("DecreaseStreamRetentionPeriod", R"({"StreamName":"orders","RetentionPeriodHours":24})",
            "");
        row("EnableEnhancedMonitoring",
            R"({"StreamName":"orders","ShardLevelMetrics":["IncomingBytes","OutgoingBytes"]})",
            R"({"StreamName":"orders","StreamARN":"ARN!","CurrentShardLevelMetrics":[],"DesiredShardLevelMetrics":["IncomingBytes","OutgoingBytes"]})");
        row("DisableEnhancedMonitoring", R"({"StreamName":"orders","ShardLevelMetrics":["ALL"]})",
            R"({"StreamName":"orders","StreamARN":"ARN!","CurrentShardLevelMetrics":[],"DesiredShardLevelMetrics":[]})");
        row("PutRecord", R"({"StreamName":"orders","Data":"YQ==","PartitionKey":"k"})",
            R"({"ShardId":"shardId-000000000001","SequenceNumber":"*"})");
        row("PutRecords",
            R"({"StreamName":"orders","Records":[{"Data":"YQ==","PartitionKey":"k"},{"Data":"Yg==","PartitionKey":"k","ExplicitHashKey":"0"}]})",
            R"({"FailedRecordCount":0,"Records":[{"SequenceNumber":"*","ShardId":"shardId-000000000001"},{"SequenceNumber":"*","ShardId":"shardId-000000000000"}]})");
        row("GetShardIterator",
            R"({"StreamName":"orders","ShardId":"shardId-000000000000","ShardIteratorType":"TRIM_HORIZON"})",
            R"({"ShardIterator":"*"})");
        row("RegisterStreamConsumer", R"({"StreamARN":"ARN!","ConsumerName":"c"})",
            R"({"Consumer":{"ConsumerName":"c","ConsumerARN":"ARN!/consumer/c:1767614400","ConsumerStatus":"CREATING","ConsumerCreationTimestamp":1767614400}})");
        row("ListStreamConsumers", R"({"StreamARN":"ARN!"})", R"({"Consumers":[]})");
        row("AddTagsToStream", R"({"StreamName":"orders","Tags":{"a":"b"}})", "");
        row("RemoveTagsFromStream", R"({"StreamName":"orders","TagKeys":["a"]})", "");
        row("ListTagsForStream", R"({"StreamName":"orders"})",
            R"({"Tags":[],"HasMoreTags":false})");
        row("TagResource", R"({"ResourceARN":"ARN!","Tags":{"a":"b"}})", "");
        row("UntagResource", R"({"ResourceARN":"ARN!","TagKeys":["a"]})", "");
        row("ListTagsForResource", R"({"ResourceARN":"ARN!"})", R"({"Tags":[]})");
        row("DescribeLimits", "{}",
            R"({"ShardLimit":20000,"OpenShardCount":2,"OnDemandStreamCount":0,"OnDemandStreamCountLimit":50,"ChannelCount":0,"ChannelCountLimit":*})");
        row("DescribeAccountSettings", "{}",
            R"({"MinimumThroughputBillingCommitment":{"Status":"DISABLED"}})");
        row("ListChannels", "{}", R"({"ChannelSummaries":[]})");
    }
    void answersEveryOperation()
    {
        QFETCH(QByteArray, operation);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, expected);
        for (const bool cbor : {false, true}) {
            ApiWorld world;
            QVERIFY(world.create("orders", 2));
            const auto answered = cbor
                ? world.json(operation.toStdString(), asCbor(body.toStdString()),
                             "application/x-amz-cbor-1.1")
                : world.json(operation.toStdString(), body.toStdString());
            const std::string text = cbor ? contentOf(*answered) : answered->response.body;
            QVERIFY2(answered->response.status == 200, text.c_str());
            const QString pattern = QRegularExpression::wildcardToRegularExpression(
                QString::fromUtf8(expected).replace("[", "\001").replace("]", "\002"),
                QRegularExpression::UnanchoredWildcardConversion);
            QString shown = QString::fromStdString(text).replace("[", "\001").replace("]", "\002");
            const QRegularExpression matcher("^" + pattern + "$");
            QVERIFY2(matcher.match(shown).hasMatch(), text.c_str());
        }
    }

    void readsWhatWasPut()
    {
        ApiWorld world;
        QVERIFY(world.create("orders", 1));
        QCOMPARE(world
                     .json("PutRecord",
                           R"({"StreamName":"orders","Data":"aGVsbG8=","PartitionKey":"k\u00e9"})")
                     ->response.status,
                 200);
        const auto found = world.json("GetShardIterator",
                                      R"({"StreamName":"orders","ShardId":"0",)"
                                      R"("ShardIteratorType":"TRIM_HORIZON"})");
        std::string iterator = found->response.body;
        iterator = iterator.substr(18, iterator.size() - 20);
        const auto read = world.json("GetRecords", "{\"ShardIterator\":\"" + iterator + "\"}");
        QVERIFY2(read->response.body.find(
                     "\"ApproximateArrivalTimestamp\":1767614400,\"Data\":\"aGVsbG8=\","
                     "\"PartitionKey\":\"ké\"}],\"NextShardIterator\":\"")
                     != std::string::npos,
                 read->response.body.c_str());
        QVERIFY(read->response.body.ends_with(R"(,"MillisBehindLatest":0})"));
    }

    /// Some clients write the nanoseconds of their clock: that moment is not yet to come.
    void aMomentIsReadToTheMillisecondThatHasBegun_data()
    {
        QTest::addColumn<QByteArray>("moment");
        QTest::addColumn<int>("status");
        QTest::newRow("the millisecond itself") << QByteArray("1767614400.99") << 200;
        QTest::newRow("later in it") << QByteArray("1767614400.990999") << 200;
        QTest::newRow("by nanoseconds") << QByteArray("1767614400.990600123") << 200;
        QTest::newRow("the next millisecond") << QByteArray("1767614400.991") << 400;
    }
    void aMomentIsReadToTheMillisecondThatHasBegun()
    {
        QFETCH(QByteArray, moment);
        QFETCH(int, status);
        ApiWorld world;
        QVERIFY(world.create("orders", 1));
        world.now = kDefaultStart + SimDuration::micros(990'700);
        const auto answered = world.json("GetShardIterator",
                                         R"({"StreamName":"orders","ShardId":"0",)"
                                         R"("ShardIteratorType":"AT_TIMESTAMP","Timestamp":)"
                                             + moment.toStdString() + "}");
        QCOMPARE(answered->response.status, status);
    }

    void bothWritersOfPutRecordsSayTheSame()
    {
        PutRecordsResult result;
        for (std::uint32_t i = 0; i < 100; ++i)
            result.records.push_back(
                {1'767'614'400, ShardSlot {i % 7}, i % 5 == 0 ? 0 : i, 1'767'614'401});
        result.failedRecordCount = 20;
        for (const auto encryption : {EncryptionType::None, EncryptionType::Kms}) {
            result.encryption = encryption;
            Answering with;
            with.scope = {"000000000000", "us-east-1"};
            with.streamName = "orders";
            const Action& put = *findAction(ApiService::Kinesis, "PutRecords");
            std::string general, shortCut;
            JsonWriter writer(general);
            put.write(writer, ApiAnswer(result), with);
            put.writeJson(shortCut, ApiAnswer(result), with);
            QCOMPARE(shortCut, general);
            QVERIFY(
                general.find(
                    R"({"ErrorCode":"ProvisionedThroughputExceededException","ErrorMessage":"Rate exceeded for shard shardId-000000000005 in stream orders under account 000000000000."})")
                != std::string::npos);
        }
    }

    void answersOtherOriginsAndTheirQuestions()
    {
        ApiWorld world;
        FakeRequest request("{}");
        request.with("content-type", "application/x-amz-json-1.1")
            .with("x-amz-target", "Kinesis_20131202.ListStreams")
            .with("origin", "http://localhost:3000")
            .signedBy();
        const auto answered = world.send(request);
        QCOMPARE(answered->header("Access-Control-Allow-Origin"), std::string("*"));
        QVERIFY(!answered->header("Access-Control-Expose-Headers").empty());

        FakeRequest question;
        question.request->method = "OPTIONS";
        question.with("origin", "http://localhost:3000")
            .with("access-control-request-headers", "x-amz-target,authorization")
            .with("access-control-request-method", "POST");
        const auto allowed = world.send(question);
        QCOMPARE(allowed->response.status, 200);
        QCOMPARE(allowed->response.body, std::string());
        QCOMPARE(allowed->header("Access-Control-Max-Age"), std::string("172800"));
        QCOMPARE(allowed->header("Access-Control-Allow-Headers"),
                 std::string("x-amz-target,authorization"));
    }

    void unknownOperationsAndContentTypes_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<bool>("isSigned");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* name, const char* method, const char* type,
                            const char* target, bool isSigned, int status, const char* body) {
            QTest::newRow(name) << QByteArray(method) << QByteArray(type) << QByteArray(target)
                                << isSigned << status << QByteArray(body);
        };
        const char* json = "application/x-amz-json-1.1";
        const char* unknown = R"({"__type":"UnknownOperationException"})";
        const char* list = "Kinesis_20131202.ListStreams";
        row("an unknown operation", "POST", json, "Kinesis_20131202.Fly", true, 400, unknown);
        row("another case", "POST", json, "Kinesis_20131202.liststreams", true, 400, unknown);
        row("an unknown service", "POST", json, "DynamoDB_20120810.ListTables", true, 400, unknown);
        row("no target", "POST", json, "", true, 400, unknown);
        row("an unknown operation, unsigned", "POST", json, "Kinesis_20131202.Fly", false, 400,
            unknown);
        row("plain JSON, unknown", "POST", "application/json", "Kinesis_20131202.Fly", true, 404,
            unknown);
        row("plain JSON", "POST", "application/json; charset=utf-8", list, true, 200,
            R"({"StreamNames":[],"HasMoreStreams":false,"StreamSummaries":[]})");
        row("another case of type", "POST", "Application/X-AMZ-JSON-1.1", list, true, 200,
            R"({"StreamNames":[],"HasMoreStreams":false,"StreamSummaries":[]})");
        row("an unknown type", "POST", "text/plain", list, true, 404,
            "<UnknownOperationException></UnknownOperationException>\n");
        row("an unknown type, unsigned", "POST", "text/plain", list, false, 403,
            "<MissingAuthenticationTokenException>\n  <Message>Missing Authentication "
            "Token</Message>\n</MissingAuthenticationTokenException>\n");
        row("no type", "POST", "", list, false, 403,
            "<MissingAuthenticationTokenException>\n  <Message>Missing Authentication "
            "Token</Message>\n</MissingAuthenticationTokenException>\n");
        row("a GET", "GET", json, list, false, 403,
            "<MissingAuthenticationTokenException>\n  <Message>Missing Authentication "
            "Token</Message>\n</MissingAuthenticationTokenException>\n");
        row("a PUT", "PUT", json, list, true, 404,
            "<UnknownOperationException></UnknownOperationException>\n");
    }
    void unknownOperationsAndContentTypes()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, target);
        QFETCH(bool, isSigned);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        ApiWorld world;
        FakeRequest request("{}");
        request.request->method = method.toStdString();
        if (!type.isEmpty())
            request.with("content-type", type.toStdString());
        if (!target.isEmpty())
            request.with("x-amz-target", target.toStdString());
        if (isSigned)
            request.signedBy();
        const auto answered = world.send(request);
        QCOMPARE(answered->response.status, status);
        QCOMPARE(QByteArray::fromStdString(answered->response.body), body);
    }

    void asksWhoItIsAfterTheBodyAndBeforeTheTypes()
    {
        ApiWorld world;
        const auto unsignedCall = [&](std::string body) {
            FakeRequest request(std::move(body));
            request.with("content-type", "application/x-amz-json-1.1")
                .with("x-amz-target", "Kinesis_20131202.PutRecord");
            return world.send(request)->header("x-amzn-ErrorType");
        };
        QCOMPARE(unsignedCall("{"), std::string("SerializationException"));
        QCOMPARE(unsignedCall(R"({"Data":1})"), std::string("MissingAuthenticationTokenException"));
        QCOMPARE(unsignedCall(R"({"StreamName":"orders","Data":"","PartitionKey":"k"})"),
                 std::string("MissingAuthenticationTokenException"));
        QVERIFY(!world.asked);
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

    void keepsAChannelAsItWasWritten()
    {
        ApiWorld world;
        ChannelDescription channel;
        channel.channelId = "abc";
        channel.createdAt = kDefaultStart;
        world.answerWith = channel;
        const std::string destination
            = R"({"DataFreshnessInSeconds":600,"DeadLetterQueueS3Configuration":{"BucketARN":"arn:aws:s3:::dead","ExpectedBucketOwner":"000000000000","ErrorOutputPrefix":"why/"},"StorageConfiguration":{"BucketARN":"arn:aws:s3:::bucket","ExpectedBucketOwner":"000000000000","CompressionType":"GZIP","OutputKeyTemplate":"a/\"b\""}})";
        const auto answered = world.json(
            "CreateChannel",
            "{\"ChannelName\":\"c\",\"ServiceExecutionRoleARN\":\"role\","
            "\"StreamConfigurationList\":[{\"StreamARN\":\""
                + kArn
                + R"(","RecordConfiguration":{"RecordFormatType":"JSON"}}],"S3DestinationConfiguration":)"
                + destination + R"(,"LoggingConfiguration":{"CloudWatchLogs":{"Status":"OFF"}}})");
        QCOMPARE(answered->response.status, 200);
        const auto& asked = std::get<CreateChannel>(*world.asked).channel;
        QCOMPARE(asked.streamName, std::string("orders"));
        QCOMPARE(asked.s3Json, destination);
        QCOMPARE(asked.bucketArn, std::string("arn:aws:s3:::bucket"));
        QCOMPARE(asked.compression, std::string("GZIP"));
        QCOMPARE(asked.outputKeyTemplate, std::string("a/\"b\""));
        QCOMPARE(asked.deadLetterBucketArn, std::string("arn:aws:s3:::dead"));
        QCOMPARE(asked.errorOutputPrefix, std::string("why/"));
        QCOMPARE(asked.dataFreshnessSeconds, std::int64_t {600});
        channel.spec = asked;
        world.answerWith = channel;
        const auto shown
            = world.json("DescribeChannel",
                         R"({"ChannelARN":"arn:aws:kinesis:us-east-1:000000000000:channel/abc"})");
        QCOMPARE(std::get<DescribeChannel>(*world.asked).channelId, std::string("abc"));
        QVERIFY2(shown->response.body.find("\"S3DestinationConfiguration\":" + destination)
                     != std::string::npos,
                 shown->response.body.c_str());
        QVERIFY(shown->response.body.find(
                    R"("LoggingConfiguration":{"CloudWatchLogs":{"Status":"OFF"}})")
                != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(ApiTest)
#include "tst_api.moc"
