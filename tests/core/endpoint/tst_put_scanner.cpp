#include <QTest>

#include <random>

#include "core/endpoint/router.h"
#include "core/endpoint/wire_json.h"
#include "tests/fuzz/mutations.h"

using namespace shardscope;
using namespace shardscope::endpoint;

namespace {

const ArnScope kScope {"000000000000", "us-east-1"};

class Padded {
public:
    explicit Padded(const std::string& body)
        : m_text(body + std::string(HttpRequest::kPadding, '"'))
        , m_size(body.size())
    {
    }
    [[nodiscard]] std::string_view body() const
    {
        return std::string_view(m_text).substr(0, m_size);
    }

private:
    std::string m_text;
    std::size_t m_size;
};

const Action& action(bool many)
{
    return *findAction(ApiService::Kinesis, many ? "PutRecords" : "PutRecord");
}

std::optional<ApiRequest> byShortCut(const std::string& text, bool many)
{
    const Padded padded(text);
    ApiRequest request;
    if (!action(many).readJson(padded.body(), kScope, request))
        return std::nullopt;
    return request;
}

std::optional<ApiRequest> byTheGeneralWay(const std::string& text, bool many)
{
    const Padded padded(text);
    const auto document = readJson(padded.body());
    if (!document || document->nodes.front().kind != WireKind::Map)
        return std::nullopt;
    const WireValue value(*document);
    const Action& put = action(many);
    if (typeFault(value, *put.input) || !checkConstraints(value, *put.input))
        return std::nullopt;
    auto request = put.read(Input(value), kScope);
    return request ? std::optional(std::move(*request)) : std::nullopt;
}

std::string describe(const RecordBatch& batch)
{
    std::string text;
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        const auto& row = batch.rows[i];
        text += std::string(batch.key(i)) + '|' + std::string(batch.data(i)) + '|'
            + toDecimal(row.hash) + '|' + (row.placed ? 'p' : '-') + (row.keyless ? 'k' : '-')
            + '\n';
    }
    return text;
}

std::string describe(const ApiRequest& request)
{
    if (const auto* many = std::get_if<PutRecords>(&request))
        return many->streamName + (many->dryRun ? " dry\n" : "\n") + describe(many->records);
    const auto& one = std::get<PutRecord>(request);
    return one.streamName + (one.dryRun ? " dry\n" : "\n") + describe(one.record)
        + one.sequenceNumberForOrdering.value_or("no number");
}

} // namespace

/// The short cut of PutRecord and PutRecords against the general reader.
class PutScannerTest : public QObject {
    Q_OBJECT

private slots:
    void usualBodiesTakeTheShortCut_data()
    {
        QTest::addColumn<bool>("many");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* name, bool many, QByteArray body) {
            QTest::newRow(name) << many << body;
        };
        row("JavaScript", true,
            R"({"StreamName":"s","Records":[{"Data":"YQ==","PartitionKey":"k"}]})");
        row("Python", true,
            R"({"Records": [{"Data": "YQ==", "PartitionKey": "k"}, {"Data": "", "PartitionKey": "l"}], "StreamName": "s"})");
        row("C++", true,
            "{\"StreamName\":\"s\",\n\t\"Records\": [ {\"PartitionKey\" : "
            "\"k\",\r\n\"Data\":\"YWI=\"} ] } ");
        row("by ARN", true,
            R"({"StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/s","Records":[{"Data":"YWJj","PartitionKey":"k"}]})");
        row("by both", true,
            R"({"StreamName":"s","StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/s","Records":[{"Data":"YWJj","PartitionKey":"k"}]})");
        row("placed", true,
            R"({"StreamName":"s","Records":[{"Data":"YQ==","PartitionKey":"k","ExplicitHashKey":"340282366920938463463374607431768211455"}]})");
        row("without a key", true, R"({"StreamName":"s","Records":[{"Data":"YQ=="}]})");
        row("a key that is not ASCII", true,
            R"({"StreamName":"s","Records":[{"Data":"YQ==","PartitionKey":"ключ"}]})");
        row("dry", true,
            R"({"StreamName":"s","DryRun":true,"Records":[{"Data":"YQ==","PartitionKey":"k"}]})");
        row("one", false, R"({"Data": "YQ==", "PartitionKey": "k", "StreamName": "s"})");
        row("one in order", false,
            R"({"StreamName":"s","Data":"YQ==","PartitionKey":"k","SequenceNumberForOrdering":"49","DryRun":false})");
        row("one placed", false,
            R"({"StreamName":"s","ExplicitHashKey":"0","Data":"YQ==","PartitionKey":"k"})");
    }
    void usualBodiesTakeTheShortCut()
    {
        QFETCH(bool, many);
        QFETCH(QByteArray, body);
        const auto fast = byShortCut(body.toStdString(), many);
        const auto general = byTheGeneralWay(body.toStdString(), many);
        QVERIFY(fast && general);
        QCOMPARE(describe(*fast), describe(*general));
    }

    void unusualBodiesGoTheGeneralWay_data()
    {
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* name, QByteArray body) { QTest::newRow(name) << body; };
        row("an escape",
            R"({"StreamName":"s","Records":[{"Data":"YQ==","PartitionKey":"\u006b"}]})");
        row("an escaped slash",
            R"({"StreamName":"s","Records":[{"Data":"\/\/\/\/","PartitionKey":"k"}]})");
        row("a field of the future",
            R"({"StreamName":"s","New":1,"Records":[{"Data":"YQ==","PartitionKey":"k"}]})");
        row("a null",
            R"({"StreamName":"s","Records":[{"Data":"YQ==","PartitionKey":"k","ExplicitHashKey":null}]})");
        row("a key twice",
            R"({"StreamName":"s","Records":[{"Data":"YQ==","PartitionKey":"k","PartitionKey":"l"}]})");
        row("records twice",
            R"({"StreamName":"s","Records":[{"Data":"YQ=="}],"Records":[{"Data":"Yg=="}]})");
        row("the name twice", R"({"StreamName":"s","StreamName":"t","Records":[{"Data":"YQ=="}]})");
    }
    void unusualBodiesGoTheGeneralWay()
    {
        QFETCH(QByteArray, body);
        QVERIFY(!byShortCut(body.toStdString(), true));
        QVERIFY(byTheGeneralWay(body.toStdString(), true));
    }

    void wrongBodiesAreLeftToTheGeneralReader_data()
    {
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* name, QByteArray body) { QTest::newRow(name) << body; };
        row("nothing", "");
        row("a brace", "{");
        row("no records", R"({"StreamName":"s"})");
        row("none at all", R"({"StreamName":"s","Records":[]})");
        row("an empty one", R"({"StreamName":"s","Records":[{}]})");
        row("no stream", R"({"Records":[{"Data":"YQ==","PartitionKey":"k"}]})");
        row("an empty key", R"({"StreamName":"s","Records":[{"Data":"YQ==","PartitionKey":""}]})");
        row("a long key",
            QByteArray(R"({"StreamName":"s","Records":[{"Data":"YQ==","PartitionKey":"KEY"}]})")
                .replace("KEY", QByteArray(257, 'k')));
        row("wrong base64", R"({"StreamName":"s","Records":[{"Data":"YQ=","PartitionKey":"k"}]})");
        row("bits behind the end",
            R"({"StreamName":"s","Records":[{"Data":"YR==","PartitionKey":"k"}]})");
        row("a number for data", R"({"StreamName":"s","Records":[{"Data":1,"PartitionKey":"k"}]})");
        row("a hash key beyond",
            R"({"StreamName":"s","Records":[{"Data":"YQ==","PartitionKey":"k","ExplicitHashKey":"340282366920938463463374607431768211456"}]})");
        row("a comma too many",
            R"({"StreamName":"s","Records":[{"Data":"YQ==","PartitionKey":"k"},]})");
        row("text behind", R"({"StreamName":"s","Records":[{"Data":"YQ==","PartitionKey":"k"}]}x)");
        row("not UTF-8",
            "{\"StreamName\":\"s\",\"Records\":[{\"Data\":\"YQ==\",\"PartitionKey\":\"\xff\"}]}");
        row("a name of two words",
            R"({"StreamName":"s t","Records":[{"Data":"YQ==","PartitionKey":"k"}]})");
    }
    void wrongBodiesAreLeftToTheGeneralReader()
    {
        QFETCH(QByteArray, body);
        QVERIFY(!byShortCut(body.toStdString(), true));
        QVERIFY(!byTheGeneralWay(body.toStdString(), true));
    }

    void fiveHundredRecordsAndNoMore()
    {
        for (const int count : {500, 501}) {
            std::string body = R"({"StreamName":"s","Records":[)";
            for (int i = 0; i < count; ++i)
                body += std::string(i == 0 ? "" : ",") + R"({"Data":"YWJj","PartitionKey":"k"})";
            body += "]}";
            QCOMPARE(byShortCut(body, true).has_value(), count == 500);
            QCOMPARE(byTheGeneralWay(body, true).has_value(), count == 500);
        }
    }

    /// Whatever the short cut takes, the general reader takes too and reads the same.
    void bothReadTheSame()
    {
        const std::uint64_t seed = std::random_device {}();
        qInfo("seed %llu", static_cast<unsigned long long>(seed));
        static const std::vector<std::string> kWords {"\"",
                                                     "\\",
                                                     "{",
                                                     "}",
                                                     "[",
                                                     "]",
                                                     ",",
                                                     ":",
                                                     " ",
                                                     "null",
                                                     "true",
                                                     "=",
                                                     "==",
                                                     "\"Data\":",
                                                     "\"DryRun\":true,",
                                                     "\"PartitionKey\":\"x\",",
                                                     "\"StreamARN\":\"a\",",
                                                     "\xc3",
                                                     "é"};
        std::mt19937_64 rng(seed);
        const auto below = [&rng](std::uint64_t n) { return rng() % n; };
        int taken = 0;
        for (int round = 0; round < 60'000; ++round) {
            const bool many = rng() % 4 != 0;
            std::string body = randomBody(rng, many);
            for (std::uint64_t left = rng() % 3; left > 0 && !body.empty(); --left)
                test::mutate(body, kWords, {}, below);
            const auto fast = byShortCut(body, many);
            if (!fast)
                continue;
            ++taken;
            const auto general = byTheGeneralWay(body, many);
            QVERIFY2(general, body.c_str());
            if (describe(*fast) != describe(*general))
                QFAIL(body.c_str());
        }
        QVERIFY(taken > 1'000);
    }

private:
    static std::string randomEntry(std::mt19937_64& rng)
    {
        std::string data(rng() % 100, '\0');
        for (char& c : data)
            c = static_cast<char>(rng());
        std::string entry = "\"Data\":\"";
        entry += QByteArray::fromStdString(data).toBase64().toStdString() + '"';
        if (rng() % 8 != 0)
            entry += ", \"PartitionKey\": \""
                + std::string(1 + rng() % 30, static_cast<char>('a' + rng() % 26))
                + (rng() % 5 == 0 ? "é" : "") + '"';
        if (rng() % 4 == 0)
            entry += ",\"ExplicitHashKey\":\"" + std::to_string(rng()) + '"';
        return entry;
    }

    static std::string randomBody(std::mt19937_64& rng, bool many)
    {
        const std::string name = R"("StreamName":"orders-1")";
        if (!many)
            return '{' + randomEntry(rng) + ',' + name + '}';
        std::string body = "{" + name + ",\"Records\":[";
        for (std::uint64_t left = 1 + rng() % 4; left > 0; --left)
            body += '{' + randomEntry(rng) + (left == 1 ? "}" : "},");
        return body + "]}";
    }
};

QTEST_APPLESS_MAIN(PutScannerTest)
#include "tst_put_scanner.moc"
