#include <QTest>

#include "core/endpoint/wire_cbor.h"
#include "core/endpoint/wire_json.h"
#include "core/endpoint/wire_tree.h"
#include "tests/core/endpoint/api_fixture.h"
#include "tests/core/endpoint/refusals.h"

using namespace shardscope;
using namespace shardscope::testing;

/// Wrong and hostile requests, each with its answer.
class ApiRefusalsTest : public QObject {
    Q_OBJECT

private slots:
    void isRefused_data()
    {
        QTest::addColumn<int>("row");
        int i = 0;
        for (const Refusal& refusal : refusals())
            QTest::newRow(refusal.name.c_str()) << i++;
    }
    void isRefused()
    {
        QFETCH(int, row);
        static const std::vector<Refusal> all = refusals();
        const Refusal& refusal = all[static_cast<std::size_t>(row)];
        ApiWorld world;
        QVERIFY(world.create("orders", 2));
        const auto answered = world.json(refusal.operation, refusal.body);
        QCOMPARE(answered->answers, 1);
        QCOMPARE(answered->response.status, 400);
        QCOMPARE(answered->header("x-amzn-ErrorType"), refusal.type);
        std::string expected = "{\"__type\":\"" + refusal.type + '"';
        const bool serialization = refusal.type == "SerializationException";
        if (!serialization || !refusal.message.empty()) {
            expected += serialization ? R"(,"Message":)" : R"(,"message":)";
            appendJsonText(expected, refusal.message);
        }
        QCOMPARE(answered->response.body, expected + '}');
    }

    /// The same in CBOR, wherever the body can be said in it.
    void isRefusedInCborToo()
    {
        for (const Refusal& refusal : refusals()) {
            std::string padded = refusal.body + std::string(HttpRequest::kPadding, '\0');
            const auto document = readJson(std::string_view(padded).substr(0, refusal.body.size()));
            if (!document || document->nodes.front().kind != WireKind::Map)
                continue;
            std::string body;
            CborWriter writer(body, CborTime::Milliseconds);
            writeTree(writer, WireValue(*document));
            ApiWorld world;
            QVERIFY(world.create("orders", 2));
            const auto answered = world.json(refusal.operation, body, "application/x-amz-cbor-1.1");
            QCOMPARE(answered->response.status, 400);
            QCOMPARE(answered->header("Content-Type"), std::string("application/x-amz-cbor-1.1"));
            const auto answer = readCbor(answered->response.body, CborTime::Milliseconds);
            QVERIFY(answer);
            const WireValue value(*answer);
            QCOMPARE(std::string(value.find("__type")->text()), refusal.type);
            const auto message
                = value.find(refusal.type == "SerializationException" ? "Message" : "message");
            QCOMPARE(message ? std::string(message->text()) : std::string(), refusal.message);
        }
    }
};

QTEST_APPLESS_MAIN(ApiRefusalsTest)
#include "tst_api_refusals.moc"
