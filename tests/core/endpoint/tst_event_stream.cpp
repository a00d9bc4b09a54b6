#include <QTest>

#include "core/endpoint/event_stream.h"
#include "core/endpoint/wire_cbor.h"
#include "tests/core/endpoint/api_fixture.h"
#include "tests/support/event_stream_reader.h"

using namespace shardscope;
using namespace shardscope::testing;
using shardscope::test::EventStreamReader;

namespace {

/// The one frame that `bytes` are, read as a client reads it; nothing when they are none.
std::optional<EventStreamReader::Frame> readFrame(std::string_view bytes)
{
    EventStreamReader reader;
    reader.receive(bytes);
    auto frame = reader.next();
    return reader.left() == 0 ? frame : std::nullopt;
}

SubscribeToShardEvent oneRecord()
{
    SubscribeToShardEvent event;
    const std::string text = "keydata";
    event.records.bytes.assign(text.begin(), text.end());
    RecordPage::Row row;
    row.number = {1'767'614'400, ShardSlot {0}, 1, 1'767'614'401};
    row.arrivalMs = 1'767'614'401'250;
    row.keyBytes = 3;
    row.dataAt = 3;
    row.dataBytes = 4;
    event.records.rows.push_back(row);
    event.continuation = row.number;
    return event;
}

std::string subscribeBody()
{
    return R"({"ConsumerARN":"arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/c:17",)"
           R"("ShardId":"shardId-000000000000","StartingPosition":{"Type":"AT_TIMESTAMP",)"
           R"("Timestamp":1767614400.5}})";
}

} // namespace

/// SubscribeToShard's frames and their way out.
class EventStreamTest : public QObject {
    Q_OBJECT

private slots:
    /// A frame whose bytes, checksums included, were worked out apart with zlib's crc32.
    void aFrameByItsBytes()
    {
        const QByteArray frame = QByteArray::fromStdString(eventFrame({{"a", "b"}}, "{}"));
        QCOMPARE(frame.toHex(), QByteArray("0000001800000006dcd1a61f0161070001627b7df3d78873"));
    }

    void opensAtOnceAndEndsWithTheShard()
    {
        ApiWorld world;
        const auto answered = world.json("SubscribeToShard", subscribeBody());
        QVERIFY(answered->streaming);
        QCOMPARE(answered->response.status, 200);
        QCOMPARE(answered->header("Content-Type"),
                 std::string("application/vnd.amazon.eventstream"));
        QCOMPARE(world.subscribed->consumerName, std::string("c"));
        QCOMPARE(world.subscribed->consumerCreatedAt, std::int64_t {17});
        QCOMPARE(world.subscribed->timestamp->inMillis(), std::int64_t {1'767'614'400'500});

        const auto initial = readFrame(answered->response.body);
        QVERIFY(initial);
        QCOMPARE(initial->header(":event-type"), std::string("initial-response"));
        QCOMPARE(initial->header(":message-type"), std::string("event"));
        QCOMPARE(initial->header(":content-type"), std::string("application/x-amz-json-1.1"));
        QCOMPARE(initial->payload, std::string("{}"));

        auto& sink = *world.sinks.front();
        QVERIFY(sink.event(oneRecord()));
        const auto data = readFrame(answered->pieces.at(0));
        QVERIFY(data);
        QCOMPARE(data->header(":event-type"), std::string("SubscribeToShardEvent"));
        const std::string number = oneRecord().continuation->text();
        QCOMPARE(data->payload,
                 R"({"Records":[{"SequenceNumber":")" + number
                     + R"(","ApproximateArrivalTimestamp":1767614401.25,"Data":"ZGF0YQ==",)"
                       R"("PartitionKey":"key"}],"ContinuationSequenceNumber":")"
                     + number + R"(","MillisBehindLatest":0})");
        sink.end({});
        QVERIFY(answered->finished);
        QCOMPARE(answered->pieces.size(), std::size_t {1});
    }

    void errorsOnTheWayAreFrames()
    {
        ApiWorld world;
        const auto answered = world.json("SubscribeToShard", subscribeBody());
        world.sinks.front()->end(Error {ErrorCode::ResourceInUse, "Another one came."});
        const auto fault = readFrame(answered->pieces.at(0));
        QVERIFY(fault);
        QCOMPARE(fault->header(":message-type"), std::string("exception"));
        QCOMPARE(fault->header(":exception-type"), std::string("ResourceInUseException"));
        QCOMPARE(fault->payload, std::string(R"({"message":"Another one came."})"));
        QVERIFY(answered->finished);
    }

    void errorsBeforeItAreAnswers()
    {
        ApiWorld world;
        world.failWith = Error {ErrorCode::ResourceNotFound, "No such consumer."};
        const auto answered = world.json("SubscribeToShard", subscribeBody());
        QVERIFY(!answered->streaming);
        QCOMPARE(answered->response.status, 400);
        QCOMPARE(answered->header("x-amzn-ErrorType"), std::string("ResourceNotFoundException"));
        world.busy = true;
        QCOMPARE(world.json("SubscribeToShard", subscribeBody())->response.status, 503);
    }

    void speaksCborToWhoSpeaksIt()
    {
        const std::string frame = dataFrame(Protocol::Cbor11, oneRecord());
        const auto read = readFrame(frame);
        QVERIFY(read);
        QCOMPARE(read->header(":content-type"), std::string("application/x-amz-cbor-1.1"));
        const auto document = readCbor(read->payload, CborTime::Milliseconds);
        QVERIFY(document);
        const WireValue record = *(*WireValue(*document).find("Records")).begin();
        QVERIFY(record.find("Data")->kind() == WireKind::Bytes);
        QCOMPARE(std::string(record.find("Data")->text()), std::string("data"));
        QVERIFY(record.find("ApproximateArrivalTimestamp")->kind() == WireKind::Time);
    }

    void endsWhenTheClientHasGone()
    {
        ApiWorld world;
        const auto answered = world.json("SubscribeToShard", subscribeBody());
        auto& sink = *world.sinks.front();
        answered->gone();
        QVERIFY(!sink.event(oneRecord()));
        QVERIFY(answered->pieces.empty());
    }

    void tellsWhatTheClientHasNotTaken()
    {
        ApiWorld world;
        const auto answered = world.json("SubscribeToShard", subscribeBody());
        auto& sink = *world.sinks.front();
        QCOMPARE(sink.unsent(), std::int64_t {0});
        answered->waiting = 1'000;
        QVERIFY(sink.event(oneRecord()));
        QCOMPARE(sink.unsent(), std::int64_t {1'000});
        answered->waiting = 0; // taken meanwhile; the next look sees it
        QVERIFY(sink.unsent() >= 0);
        QCOMPARE(sink.unsent(), std::int64_t {0});
    }

    void nothingGoesBeforeTheHead()
    {
        const auto exchange = std::make_shared<FakeExchange>();
        const auto stream = std::make_shared<EventStream>(exchange, Protocol::Json11);
        QVERIFY(stream->event(oneRecord()));
        stream->end({});
        QVERIFY(exchange->pieces.empty() && !exchange->finished);
        QVERIFY(stream->unsent() > 0);
        stream->open({});
        QVERIFY(exchange->streaming && exchange->finished);
        QCOMPARE(exchange->pieces.size(), std::size_t {1});
        QCOMPARE(stream->unsent(), std::int64_t {0});
    }
};

QTEST_APPLESS_MAIN(EventStreamTest)
#include "tst_event_stream.moc"
