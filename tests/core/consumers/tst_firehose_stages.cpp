#include <QByteArray>
#include <QTest>

#include <functional>
#include <map>
#include <simdjson.h>
#include <zstd.h>

#include "core/base/base64.h"
#include "core/consumers/firehose_partition.h"
#include "core/consumers/firehose_transform.h"
#include "core/endpoint/inflate.h"
#include "core/workload/aggregate.h"
#include "tests/support/reader_world.h"

using namespace shardscope;

namespace {

/// A function and a store that answer at once.
struct Around : Outside {
    using Function = std::function<OutsideAnswer(const std::string& event)>;
    Function function;
    std::map<std::string, std::string> objects;
    std::map<std::uint64_t, OutsideAnswer> answers;
    int calls = 0;
    std::string refusal; ///< of the store

    void begin(std::uint64_t id, OutsideJob job) override
    {
        if (answers.contains(id))
            return;
        OutsideAnswer& answer = answers[id];
        if (const auto* put = std::get_if<ObjectPut>(&job)) {
            answer.trouble = refusal;
            if (refusal.empty())
                objects[put->key] = put->body;
        } else {
            ++calls;
            answer = function(std::get<FunctionCall>(job).event);
        }
    }
    std::optional<OutsideAnswer> answer(std::uint64_t id) override { return answers.at(id); }

    /// Everything under keys that begin so.
    [[nodiscard]] std::string under(const std::string& prefix) const
    {
        std::string all;
        for (const auto& [key, body] : objects)
            if (key.starts_with(prefix))
                all += body;
        return all;
    }
};

/// An event's records, data decoded, and an answer made of what becomes of each.
OutsideAnswer
answerFor(const std::string& event,
          const std::function<std::string(const std::string& id, const std::string& data)>& each)
{
    simdjson::dom::parser parser;
    std::string made;
    const simdjson::dom::array list = parser.parse(event)["records"].get_array().value();
    for (const simdjson::dom::element record : list) {
        const std::string_view text = record["data"].get_string().value();
        std::string data(base64Room(text.size()), '\0');
        data.resize(*decodeBase64(text, data.data()));
        const std::string one = each(std::string(record["recordId"].get_string().value()), data);
        if (!one.empty())
            made += (made.empty() ? "" : ",") + one;
    }
    return {
        .trouble = {}, .payload = "{\"records\":[" + made + "]}", .functionError = {}, .took = {}};
}

std::string unpacked(const std::string& body, bool gzip)
{
    if (gzip)
        return endpoint::inflateGzip(body, 1 << 20).value_or("no gzip");
    std::string text(1 << 20, '\0');
    text.resize(ZSTD_decompress(text.data(), text.size(), body.data(), body.size()));
    return text;
}

std::string ok(const std::string& id, const std::string& data, const std::string& more = {})
{
    std::string text;
    appendBase64(text, data);
    return "{\"recordId\":\"" + id + "\",\"result\":\"Ok\",\"data\":\"" + text + "\"" + more + '}';
}

ConsumerSpec delivery(const std::function<void(FirehoseSpec&)>& change)
{
    ConsumerSpec spec;
    spec.kind = ConsumerKind::Firehose;
    spec.name = "to-s3";
    spec.firehose.target = "bucket";
    spec.firehose.bufferInterval = SimDuration::seconds(5);
    spec.firehose.transformInterval = SimDuration::seconds(1);
    change(spec.firehose);
    return spec;
}

struct World : ReaderWorld {
    explicit World(std::int64_t shards = 1)
        : ReaderWorld(shards)
    {
        outside = &around;
    }
    [[nodiscard]] FirehoseState state()
    {
        return std::get<FirehoseState>(consumers[0]->state(stream(), now));
    }
    Around around;
};

} // namespace

/// What happens to records between the stream and the objects.
class FirehoseStagesTest : public QObject {
    Q_OBJECT

private slots:
    void aFunctionTransformsDropsAndFailsRecords()
    {
        World world;
        world.around.function = [](const std::string& event) {
            return answerFor(event, [](const std::string& id, const std::string& data) {
                if (data == "drop")
                    return "{\"recordId\":\"" + id + "\",\"result\":\"Dropped\"}";
                if (data == "fail")
                    return "{\"recordId\":\"" + id + "\",\"result\":\"ProcessingFailed\"}";
                return data == "forget" ? std::string() : ok(id, data + "!");
            });
        };
        world.add(delivery([](FirehoseSpec& f) { f.transform = "function"; }));
        for (const char* data : {"one", "drop", "fail", "two", "forget"})
            world.put("key", data);
        world.run(SimDuration::seconds(20));
        QCOMPARE(world.around.under("2"), std::string("one!\ntwo!\n"));
        const std::string errors = world.around.under("processing-failed/");
        QCOMPARE(QByteArray::fromStdString(errors).count('\n'), 2);
        QVERIFY(errors.find("Lambda.ProcessingFailedStatus") != std::string::npos);
        QVERIFY(errors.find("Lambda.MissingRecordId") != std::string::npos);
        QVERIFY(errors.find("\"rawData\": \"ZmFpbA==\"") != std::string::npos);
        const FirehoseState state = world.state();
        QCOMPARE(state.deliveredRecords, std::int64_t(2));
        QCOMPARE(state.droppedRecords, std::int64_t(1));
        QCOMPARE(state.errorRecords, std::int64_t(2));
        QCOMPARE(world.consumers[0]->progress().lagRecords(world.stream()), std::int64_t(0));
    }

    void aFunctionThatRecoversLosesNothing()
    {
        World world;
        int left = 3;
        world.around.function = [&left](const std::string& event) -> OutsideAnswer {
            if (left-- > 0)
                return {
                    .trouble = "Nobody answers.", .payload = {}, .functionError = {}, .took = {}};
            return answerFor(event, unchanged);
        };
        world.add(delivery([](FirehoseSpec& f) { f.transform = "function"; }));
        world.put("key", "one");
        world.run(SimDuration::seconds(4));
        QCOMPARE(world.consumers[0]->trouble(), std::string("Nobody answers."));
        world.run(SimDuration::seconds(16));
        QCOMPARE(world.consumers[0]->trouble(), std::string());
        QCOMPARE(world.around.calls, 4); // once, and three times again
        QCOMPARE(world.around.under("2"), std::string("one\n"));
    }

    void whatTheFunctionFailsOnFourTimesGoesToTheErrors_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QByteArray>("functionError");
        QTest::newRow("an error") << QByteArray("{\"errorMessage\":\"no\"}")
                                  << QByteArray("Unhandled");
        QTest::newRow("rubbish") << QByteArray("<html>") << QByteArray();
        QTest::newRow("no records") << QByteArray("{}") << QByteArray();
        QTest::newRow("too much") << QByteArray(kTransformBytesMost + 1, ' ') << QByteArray();
    }
    void whatTheFunctionFailsOnFourTimesGoesToTheErrors()
    {
        QFETCH(QByteArray, payload);
        QFETCH(QByteArray, functionError);
        World world;
        world.around.function = [&](const std::string&) {
            return OutsideAnswer {.trouble = {},
                                  .payload = payload.toStdString(),
                                  .functionError = functionError.toStdString(),
                                  .took = {}};
        };
        world.add(delivery([](FirehoseSpec& f) { f.transform = "function"; }));
        world.put("key", "one");
        world.run(SimDuration::seconds(20));
        QCOMPARE(world.around.calls, 4);
        QCOMPARE(world.state().functionErrors, std::int64_t(4));
        QVERIFY(world.around.under("processing-failed/").find("Lambda.FunctionError")
                != std::string::npos);
        QCOMPARE(world.state().deliveredRecords, std::int64_t(0));
        QVERIFY(!world.consumers[0]->trouble().empty());
    }

    void recordsGoByTheirPartition()
    {
        World world(2);
        world.add(delivery(byCustomer));
        world.put("a", "{\"customer\":{\"id\":\"ann\"},\"n\":1}");
        world.put("b", "{\"customer\":{\"id\":7},\"n\":2}");
        world.put("c", "{\"n\":4,\"customer\":{\"id\":\"ann\"}}");
        world.put("d", "{\"customer\":{}}");
        world.put("e", "no JSON");
        world.run(SimDuration::seconds(3));
        QCOMPARE(world.state().activePartitions, std::int64_t(2));
        world.run(SimDuration::seconds(10));
        QCOMPARE(QByteArray::fromStdString(world.around.under("by/ann/")).count('\n'), 2);
        QCOMPARE(world.around.under("by/7/"), std::string("{\"customer\":{\"id\":7},\"n\":2}\n"));
        const std::string errors = world.around.under("wrong/processing-failed/");
        QVERIFY(errors.find("The record has no text, number or truth value at .customer.id.")
                != std::string::npos);
        QVERIFY(errors.find("The record is no JSON object.") != std::string::npos);
        QCOMPARE(world.state().activePartitions, std::int64_t(0));
        QCOMPARE(world.state().deliveredRecords + world.state().errorRecords, world.accepted);
    }

    void fiveHundredPartitionsAreActiveAtOnceAndNoMore()
    {
        World world;
        world.add(delivery(byCustomer));
        for (int i = 0; i < 501; ++i)
            world.put("k", "{\"customer\":{\"id\":" + std::to_string(i) + "}}");
        world.run(SimDuration::seconds(20));
        QCOMPARE(world.state().deliveredRecords, std::int64_t(500));
        QCOMPARE(world.state().errorRecords, std::int64_t(1));
        const std::string errors = world.around.under("wrong/activePartitionExceeded/");
        QVERIFY(errors.find("eyJjdXN0b21lciI6eyJpZCI6NTAwfX0=") != std::string::npos); // the last
        // Delivered ones make room.
        world.put("k", "{\"customer\":{\"id\":501}}");
        world.run(SimDuration::seconds(20));
        QCOMPARE(world.state().deliveredRecords, std::int64_t(501));
    }

    void theFunctionCanNameThePartition()
    {
        World world;
        world.around.function = [](const std::string& event) {
            return answerFor(event, [](const std::string& id, const std::string& data) {
                return data == "none"
                    ? ok(id, data)
                    : ok(id, data, ",\"metadata\":{\"partitionKeys\":{\"day\":\"mon\"}}");
            });
        };
        world.add(delivery([](FirehoseSpec& f) {
            f.transform = "function";
            f.prefix = "!{partitionKeyFromLambda:day}/!{timestamp:yyyy}/";
            f.errorPrefix = "wrong/";
        }));
        world.put("a", "one");
        world.put("a", "none");
        world.run(SimDuration::seconds(20));
        QCOMPARE(world.around.under("mon/"), std::string("one\n"));
        QVERIFY(world.around.under("wrong/").find("The function gave no partition key day.")
                != std::string::npos);
    }

    void aggregatesAreOpened_data()
    {
        QTest::addColumn<bool>("partitioned");
        QTest::newRow("read when written") << false;
        QTest::newRow("read at once") << true;
    }
    void aggregatesAreOpened()
    {
        QFETCH(bool, partitioned);
        World world;
        world.add(delivery([&](FirehoseSpec& f) {
            if (partitioned)
                byCustomer(f);
        }));
        const std::vector<UserRecord> inside {{"a", "{\"customer\":{\"id\":1}}"},
                                              {"b", "{\"customer\":{\"id\":1},\"n\":2}"}};
        world.put("a", buildAggregate(inside));
        world.put("a", "{\"customer\":{\"id\":1},\"n\":3}");
        world.run(SimDuration::seconds(20));
        QCOMPARE(world.around.under(partitioned ? "by/1/" : "2"),
                 std::string("{\"customer\":{\"id\":1}}\n{\"customer\":{\"id\":1},\"n\":2}\n"
                             "{\"customer\":{\"id\":1},\"n\":3}\n"));
        QCOMPARE(world.state().deliveredRecords, std::int64_t(3));
    }

    void objectsArePackedAndUnpackToTheirRecords_data()
    {
        QTest::addColumn<int>("compression");
        QTest::newRow("gzip") << static_cast<int>(FirehoseSpec::Compression::Gzip);
        QTest::newRow("zstd") << static_cast<int>(FirehoseSpec::Compression::Zstd);
    }
    void objectsArePackedAndUnpackToTheirRecords()
    {
        QFETCH(int, compression);
        World world;
        world.add(delivery([&](FirehoseSpec& f) {
            f.compression = static_cast<FirehoseSpec::Compression>(compression);
        }));
        std::string all;
        for (int i = 0; i < 300; ++i) {
            const std::string data = "record " + std::to_string(i);
            world.put("k", data);
            all += data + '\n';
        }
        world.run(SimDuration::seconds(20));
        QCOMPARE(world.around.objects.size(), std::size_t(1));
        const auto& [key, body] = *world.around.objects.begin();
        const bool gzip = compression == static_cast<int>(FirehoseSpec::Compression::Gzip);
        QVERIFY(key.ends_with(gzip ? ".gz" : ".zst"));
        QCOMPARE(unpacked(body, gzip), all);
    }

    void objectsGoBesideEachOtherAndNoneIsLost()
    {
        World world(2);
        world.add(delivery([](FirehoseSpec& f) { f.bufferInterval = SimDuration::seconds(2); }));
        world.around.refusal = "The disk is full.";
        for (int i = 0; i < 20; ++i) {
            world.put("key-" + std::to_string(i), std::to_string(i));
            world.run(SimDuration::seconds(1));
        }
        QCOMPARE(world.consumers[0]->trouble(), std::string("The disk is full."));
        QCOMPARE(world.consumers[0]->progress().lagRecords(world.stream()), std::int64_t(20));
        world.around.refusal.clear();
        world.run(SimDuration::minutes(5));
        QCOMPARE(QByteArray::fromStdString(world.around.under("2")).count('\n'), 20);
        QCOMPARE(world.state().deliveredRecords, std::int64_t(20));
        QCOMPARE(world.consumers[0]->progress().lagRecords(world.stream()), std::int64_t(0));
        QCOMPARE(world.consumers[0]->counts().orderViolations, std::int64_t(0));
    }

    void childrenAreReadAfterTheirParentIsTransformedAndDelivered()
    {
        World world;
        world.around.function
            = [](const std::string& event) { return answerFor(event, unchanged); };
        world.add(delivery([](FirehoseSpec& f) {
            f.transform = "function";
            byCustomer(f);
            f.bufferInterval = SimDuration::minutes(5);
        }));
        for (int i = 0; i < 30; ++i)
            world.put("key-" + std::to_string(i), "{\"customer\":{\"id\":1}}");
        world.split(0);
        world.run(SimDuration::minutes(2));
        for (int i = 0; i < 30; ++i)
            world.put("key-" + std::to_string(i), "{\"customer\":{\"id\":2}}");
        world.run(SimDuration::minutes(6));
        QVERIFY(world.consumers[0]->progress().stage(ShardSlot(0))
                == ShardProgress::Stage::Finished);
        QCOMPARE(world.state().deliveredRecords, std::int64_t(60));
    }

    void whatIsBufferedGoesWhenItLeaves()
    {
        World world;
        world.add(delivery([](FirehoseSpec& f) { f.bufferInterval = SimDuration::minutes(5); }));
        world.put("k", "one");
        world.run(SimDuration::seconds(3));
        QVERIFY(world.around.objects.empty());
        ReaderSurroundings around {world.service, world.stream(), &world.around};
        world.consumers[0]->leave(around, world.now);
        QCOMPARE(world.around.under("2"), std::string("one\n"));
    }

    void aCopyGoesItsOwnWayToTheSameEnd()
    {
        World world;
        world.add(delivery(byCustomer));
        for (int i = 0; i < 40; ++i)
            world.put("k", "{\"customer\":{\"id\":" + std::to_string(i % 4) + "}}");
        world.run(SimDuration::seconds(3));
        const Cloned<Reader> copy = world.consumers[0];
        QCOMPARE(copy->digest(), world.consumers[0]->digest());
        world.run(SimDuration::seconds(20));
        const std::uint64_t end = world.consumers[0]->digest();
        QVERIFY(copy->digest() != end);
    }

    void settingsThatDoNotGoTogetherAreRefused_data()
    {
        using Field = FirehoseTrouble::Field;
        using Change = std::function<void(FirehoseSpec&)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<int>("field");
        const auto row = [](const char* name, Field field, Change change) {
            QTest::newRow(name) << std::move(change) << static_cast<int>(field);
        };
        row("as it is", Field::None, [](FirehoseSpec&) {});
        row("without its key", Field::Prefix, [](FirehoseSpec& f) { f.partitionBy.clear(); });
        row("a key that is not named", Field::PartitionBy, [](FirehoseSpec& f) {
            f.partitionBy.push_back({"other", ".other"});
        });
        row("a name twice", Field::PartitionBy, [](FirehoseSpec& f) {
            f.partitionBy.push_back({"customer", ".other"});
        });
        row("no interval", Field::BufferInterval, [](FirehoseSpec& f) { f.bufferInterval = {}; });
        row("the least interval", Field::None,
            [](FirehoseSpec& f) { f.bufferInterval = SimDuration::seconds(1); });
        row("no error prefix", Field::ErrorPrefix, [](FirehoseSpec& f) { f.errorPrefix.clear(); });
        row("a partition of errors", Field::ErrorPrefix,
            [](FirehoseSpec& f) { f.errorPrefix = "!{partitionKeyFromQuery:customer}/"; });
        row("a function's key without a function", Field::Prefix,
            [](FirehoseSpec& f) { f.prefix += "!{partitionKeyFromLambda:day}/"; });
    }
    void settingsThatDoNotGoTogetherAreRefused()
    {
        QFETCH(std::function<void(FirehoseSpec&)>, change);
        QFETCH(int, field);
        FirehoseSpec spec;
        byCustomer(spec);
        change(spec);
        const FirehoseTrouble trouble = troubleOf(spec);
        QCOMPARE(static_cast<int>(trouble.field), field);
        QCOMPARE(*trouble.otherwise == '\0', field == 0);
    }

private:
    static std::string unchanged(const std::string& id, const std::string& data)
    {
        return ok(id, data);
    }
    static void byCustomer(FirehoseSpec& f)
    {
        f.prefix = "by/!{partitionKeyFromQuery:customer}/!{timestamp:yyyy}/";
        f.errorPrefix = "wrong/!{firehose:error-output-type}/!{timestamp:yyyy}/";
        f.partitionBy = {{"customer", ".customer.id"}};
    }
};

QTEST_APPLESS_MAIN(FirehoseStagesTest)
#include "tst_firehose_stages.moc"
