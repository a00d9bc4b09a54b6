#include <QTest>

#include <random>

#include "core/base/base64.h"
#include "core/base/budgets.h"
#include "core/endpoint/http.h"
#include "core/endpoint/inflate.h"
#include "core/endpoint/sequence_writer.h"
#include "core/endpoint/wire_cbor.h"
#include "core/endpoint/wire_form.h"
#include "core/endpoint/wire_json.h"
#include "core/endpoint/wire_tree.h"

using namespace shardscope;
using namespace shardscope::endpoint;

namespace {

std::string padded(const std::string& text)
{
    return text + std::string(HttpRequest::kPadding, '\0');
}

/// What the reader makes of a text, written again; or "!" and why not.
std::string jsonAgain(const std::string& text)
{
    const std::string body = padded(text);
    const auto document = readJson(std::string_view(body).substr(0, text.size()));
    if (!document)
        return "!";
    std::string out;
    JsonWriter writer(out);
    writeTree(writer, WireValue(*document));
    return out;
}

std::string cborAsJson(const std::string& bytes, CborTime time = CborTime::Milliseconds)
{
    const auto document = readCbor(bytes, time);
    if (!document)
        return "!" + document.error().message;
    std::string out;
    JsonWriter writer(out);
    writeTree(writer, WireValue(*document));
    return out;
}

std::string randomBytes(std::mt19937_64& rng, std::size_t size)
{
    std::string bytes(size, '\0');
    for (char& c : bytes)
        c = static_cast<char>(rng());
    return bytes;
}

} // namespace

/// The tongues: JSON, CBOR, forms, base64, and sequence numbers in a row.
class WireTest : public QObject {
    Q_OBJECT

private slots:
    void jsonIsReadAndWritten_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("blanks go") << QByteArray(" { \"a\" : [ 1 , -2, true, null ] } ")
                                   << QByteArray(R"({"a":[1,-2,true,null]})");
        QTest::newRow("escapes") << QByteArray("{\"a\":\"\\u0041\\n\\\"\\\\é\"}")
                                 << QByteArray("{\"a\":\"A\\u000a\\\"\\\\é\"}");
        QTest::newRow("fractions")
            << QByteArray("[0.5,1e3,1767614400.123]") << QByteArray("[0.5,1000,1767614400.123]");
        QTest::newRow("beyond 64 bits signed")
            << QByteArray("[18446744073709551615]") << QByteArray("[1.8446744073709552e+19]");
        QTest::newRow("far beyond integers, as it is written")
            << QByteArray("[-3.371394681049553e+19]") << QByteArray("[-3.371394681049553e+19]");
        QTest::newRow("beyond 64 bits") << QByteArray("[18446744073709551616]") << QByteArray("!");
        QTest::newRow("nothing") << QByteArray("") << QByteArray("!");
        QTest::newRow("an unclosed brace") << QByteArray("{") << QByteArray("!");
        QTest::newRow("a comma too many") << QByteArray("{\"a\":1,}") << QByteArray("!");
        QTest::newRow("two values") << QByteArray("{}{}") << QByteArray("!");
        QTest::newRow("not UTF-8") << QByteArray("{\"a\":\"\xff\"}") << QByteArray("!");
        QTest::newRow("half a surrogate") << QByteArray(R"({"a":"\ud83d"})") << QByteArray("!");
        QTest::newRow("as deep as can be") << QByteArray(31, '[') + QByteArray(31, ']')
                                           << QByteArray(31, '[') + QByteArray(31, ']');
        QTest::newRow("too deep") << QByteArray(40, '[') + QByteArray(40, ']') << QByteArray("!");
    }
    void jsonIsReadAndWritten()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(jsonAgain(text.toStdString())), expected);
    }

    void tooManyValuesAreRefused()
    {
        std::string text = "[0";
        for (std::size_t i = 1; i < budgets::kWireValues; ++i)
            text += ",0";
        QCOMPARE(jsonAgain(text + "]"), std::string("!")); // the list is a value too
    }

    void theLastOfTwoMembersCounts()
    {
        const std::string body = padded(R"({"a":1,"a":2,"b":null})");
        const auto document = readJson(std::string_view(body).substr(0, body.find('\0')));
        QVERIFY(document);
        const WireValue value(*document);
        QCOMPARE(value.find("a")->node().integer, 2);
        QVERIFY(!value.find("b"));
        QVERIFY(!value.find("c"));
    }

    void timesHaveUpToThreeDecimals()
    {
        for (const auto& [ms, expected] : std::vector<std::pair<std::int64_t, std::string>> {
                 {0, "0"},
                 {1'000, "1"},
                 {1'500, "1.5"},
                 {1'050, "1.05"},
                 {1'767'614'400'123, "1767614400.123"}}) {
            std::string out;
            JsonWriter(out).time(SimTime::fromMillis(ms));
            QCOMPARE(out, expected);
        }
    }

    void cborIsRead_data()
    {
        QTest::addColumn<QByteArray>("hex");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* hex, const char* expected) {
            QTest::newRow(name) << QByteArray(hex) << QByteArray(expected);
        };
        row("an empty map", "a0", "{}");
        row("an empty map of unknown length", "bfff", "{}");
        row("numbers", "88 00 17 18ff 19ffff 1affffffff 20 38ff 1b000001a33b49c180",
            "[0,23,255,65535,4294967295,-1,-256,1800585986432]");
        row("beyond 64 bits signed", "821bffffffffffffffff 3bffffffffffffffff",
            "[1.8446744073709552e+19,-1.8446744073709552e+19]");
        row("half, single, double", "83 f93c00 fa3fc00000 fb3ff8000000000000", "[1,1.5,1.5]");
        row("a small half", "81f90001", "[5.960464477539063e-08]");
        row("texts and bytes", "82 6161 4161", R"(["a","YQ=="])");
        row("in pieces", "82 7f61616162ff 5f41614162ff", R"(["ab","YWI="])");
        row("words", "84f4f5f6f7", "[false,true,null,null]");
        row("a time", "a1 6174 c1 1b0000019b8e1b3a7b", R"({"t":1767615707.771})");
        row("a time as a double", "a1 6174 c1 fb4278ff0000000000", R"({"t":1717718482.944})");
        row("another tag is passed over", "c2 4101", "\"AQ==\"");
        row("nothing", "", "!the body ends too early");
        row("cut off in a head", "19ff", "!the body ends too early");
        row("cut off in a text", "6461", "!a string is longer than the body");
        row("a text of any length", "7b7fffffffffffffff61", "!a string is longer than the body");
        row("a list of any length", "9b7fffffffffffffff", "!the body ends too early");
        row("a break alone", "ff", "!a length where none belongs");
        row("a reserved length", "1c", "!a reserved length");
        row("bytes behind", "a000", "!bytes follow the value");
        row("a number as a key", "a10102", "!a map's key is no text");
        row("not UTF-8", "61ff", "!a text is not UTF-8");
        row("pieces of another kind", "7f4161ff", "!a string's pieces differ from it");
        row("pieces in pieces", "7f7f6161ffff", "!a string's pieces differ from it");
        row("a time that is none", "c16161", "!a time is no number");
        row("a time beyond all", "c11b7fffffffffffffff", "!a time is out of range");
        row("a time that is no number", "c1f97e00", "!a time is out of range");
        row("an unknown word", "f8ff", "!an unknown simple value");
    }
    void cborIsRead()
    {
        QFETCH(QByteArray, hex);
        QFETCH(QByteArray, expected);
        const std::string bytes = QByteArray::fromHex(hex).toStdString();
        QCOMPARE(QByteArray::fromStdString(cborAsJson(bytes)), expected);
    }

    void cborIsNotReadTooDeep()
    {
        QCOMPARE(cborAsJson(std::string(31, '\x81') + '\xa0').front(), '[');
        QCOMPARE(cborAsJson(std::string(32, '\x81') + '\xa0').front(), '!');
        QCOMPARE(cborAsJson(std::string(100'000, '\xc1')).front(), '!');
    }

    void cborIsWrittenAsItIsRead()
    {
        std::string out;
        CborWriter writer(out, CborTime::Milliseconds);
        writer.beginMap();
        writer.member("text", "ä\"");
        writer.member("small", std::int64_t {-1});
        writer.member("large", std::int64_t {INT64_MAX});
        writer.member("time", SimTime::fromMillis(1'767'614'400'123));
        writer.flag("yes", true);
        writer.key("none");
        writer.null();
        writer.key("number");
        writer.number(0.25);
        writer.beginList("list");
        writer.blob("a");
        writer.text(std::string(300, 'x'));
        writer.endList();
        writer.endMap();
        QCOMPARE(cborAsJson(out),
                 "{\"text\":\"ä\\\"\",\"small\":-1,\"large\":9223372036854775807,\"time\":"
                 "1767614400.123,"
                 "\"yes\":true,\"none\":null,\"number\":0.25,\"list\":[\"YQ==\",\""
                     + std::string(300, 'x') + "\"]}");
    }

    void timesOfTheOtherCborAreSeconds()
    {
        std::string out;
        CborWriter(out, CborTime::Seconds).time(SimTime::fromMillis(1'500));
        QCOMPARE(QByteArray::fromStdString(out).toHex(), QByteArray("c1fb3ff8000000000000"));
        QCOMPARE(cborAsJson(out, CborTime::Seconds), std::string("1.5"));
        QCOMPARE(cborAsJson("\xc1\x01", CborTime::Seconds), std::string("1"));
    }

    void everyBase64PathSaysTheSame()
    {
        const std::uint64_t seed = std::random_device {}();
        qInfo("seed %llu", static_cast<unsigned long long>(seed));
        std::mt19937_64 rng(seed);
        for (std::size_t size = 0; size < 400; ++size) {
            const std::string bytes = randomBytes(rng, size);
            std::string plain(base64Chars(size), '\0');
            encodeBase64(Base64Path::Scalar, bytes, plain.data());
            QCOMPARE(QByteArray::fromStdString(plain), QByteArray::fromStdString(bytes).toBase64());
            std::string broken = plain;
            if (!broken.empty())
                broken[rng() % broken.size()] = static_cast<char>(rng());
            for (const Base64Path path : base64Paths()) {
                std::string text(base64Chars(size), '\0');
                encodeBase64(path, bytes, text.data());
                QCOMPARE(text, plain);
                for (const std::string& given : {plain, broken}) {
                    std::string expected(base64Room(given.size()), '\0'), out = expected;
                    const auto a = decodeBase64Letters(Base64Path::Scalar, given, expected.data());
                    const auto b = decodeBase64Letters(path, given, out.data());
                    QCOMPARE(b.chars, a.chars);
                    QCOMPARE(b.bytes, a.bytes);
                    QCOMPARE(out.substr(0, b.bytes), expected.substr(0, a.bytes));
                }
            }
            std::string out(base64Room(plain.size()), '\0');
            QCOMPARE(decodeBase64(plain, out.data()), std::optional(size));
            QCOMPARE(out.substr(0, size), bytes);
        }
    }

    void foreignBase64IsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"a", "ab", "abc", "a===", "====", "ab=c", "abc=d", "abc=abcd",
                                 "YR==", "YWJ=", "YW J", "YWJ\n", "YW-_", "YQ=", "=YQ="})
            QTest::newRow(text) << QByteArray(text);
    }
    void foreignBase64IsRefused()
    {
        QFETCH(QByteArray, text);
        std::string out(base64Room(static_cast<std::size_t>(text.size())), '\0');
        QVERIFY(!decodeBase64(text.toStdString(), out.data()));
    }

    void sequenceNumbersInARowAreWrittenAsAlone()
    {
        const std::uint64_t seed = std::random_device {}();
        qInfo("seed %llu", static_cast<unsigned long long>(seed));
        std::mt19937_64 rng(seed);
        SequenceWriter writer;
        std::array<SequenceNumber, 24> shards;
        for (std::uint32_t i = 0; i < shards.size(); ++i)
            shards[i] = {1'767'614'400, ShardSlot {i * 7}, 1, 1'767'614'401};
        for (int i = 0; i < 20'000; ++i) {
            SequenceNumber& number = shards[rng() % shards.size()];
            switch (rng() % 50) {
            case 0:
                number.recordAt += 1;
                break;
            case 1:
                number.counter = rng() >> 1;
                break;
            case 2:
                number.counter += 0xffff'ffff;
                break;
            case 3:
                number.counter -= number.counter / 2;
                break;
            default:
                number.counter += 1 + rng() % 3;
            }
            number.counter = std::min(number.counter, SequenceNumber::kLastCounter);
            QCOMPARE(std::string(writer.text(number)), number.text());
        }
    }

    void formsAreReadByTheirShape()
    {
        static constexpr Shape number {.type = ShapeType::Double},
            flag {.type = ShapeType::Boolean}, text {.type = ShapeType::Text},
            integer {.type = ShapeType::Integer};
        static constexpr Shape numbers {.type = ShapeType::List, .of = &number};
        static constexpr Member inner[] {{"Name", &text}, {"Values", &numbers}};
        static constexpr Shape item {.members = inner};
        static constexpr Shape items {.type = ShapeType::List, .of = &item};
        static constexpr Member members[] {
            {"A", &text}, {"B", &flag}, {"C", &integer}, {"D", &integer}, {"Items", &items}};
        static constexpr Shape shape {.members = members};
        const auto form = readForm("A=x+%26%C3%A9&B=true&C=12&D=1x&Items.member.2.Name=second&"
                                   "Items.member.1.Name=n&Items.member.1.Values.member.1=1.5&"
                                   "Items.member.4.Name=lost&Other=1&Empty");
        QVERIFY(form);
        const WireDocument document = formTree(*form, shape);
        std::string out;
        JsonWriter writer(out);
        writeTree(writer, WireValue(document));
        QCOMPARE(out,
                 std::string(R"({"A":"x &é","B":true,"C":12,"D":"1x","Items":[)"
                             R"({"Name":"n","Values":[1.5]},{"Name":"second"}]})"));
        for (const char* wrong : {"A=%", "A=%1", "A=%zz", "%x=1"})
            QVERIFY(!readForm(wrong));
    }

    void gzipIsInflatedUpToABound()
    {
        // gzip of 1,000 letters a
        const QByteArray packed
            = QByteArray::fromHex("1f8b08000000000002034b4c1c05a360140c77000003da389ae8030000");
        const auto whole = inflateGzip(packed.toStdString(), 2'000);
        QVERIFY(whole);
        QCOMPARE(*whole, std::string(1'000, 'a'));
        QVERIFY(inflateGzip(packed.toStdString(), 1'001));
        QVERIFY(!inflateGzip(packed.toStdString(), 999));
        QVERIFY(!inflateGzip(packed.left(15).toStdString(), 2'000));
        QVERIFY(!inflateGzip("not gzip", 2'000));
        QVERIFY(!inflateGzip("", 2'000));
        QCOMPARE(inflateGzip(gzipOf("some words"), 2'000).value(), std::string("some words"));
        QCOMPARE(inflateGzip(gzipOf({}), 2'000).value(), std::string());
        // Who wants to look at it gets as much as there is.
        QCOMPARE(inflateSome(packed.toStdString(), 2'000).end, Inflated::End::Whole);
        const Inflated cut = inflateSome(packed.toStdString(), 999);
        QCOMPARE(cut.end, Inflated::End::Cut);
        QCOMPARE(cut.bytes, std::string(999, 'a'));
        const Inflated damaged = inflateSome(packed.left(packed.size() - 4).toStdString(), 2'000);
        QCOMPARE(damaged.end, Inflated::End::Damaged);
        QCOMPARE(damaged.bytes, std::string(1'000, 'a'));
    }
};

QTEST_APPLESS_MAIN(WireTest)
#include "tst_wire.moc"
