#include <QTest>

#include "core/consumers/event_filter.h"

using namespace shardscope;

namespace {

using Patterns = std::vector<std::string>;

RecordPage pageOf(const std::vector<QByteArray>& data, const std::string& key = "user-1")
{
    RecordPage page;
    for (const QByteArray& one : data) {
        RecordPage::Row row;
        row.number = {1'767'614'400, ShardSlot(2), page.rows.size() + 1, 1'767'614'460};
        row.arrivalMs = 1'767'614'460'500;
        row.keyAt = static_cast<std::uint32_t>(page.bytes.size());
        row.keyBytes = static_cast<std::uint16_t>(key.size());
        page.bytes.insert(page.bytes.end(), key.begin(), key.end());
        row.dataAt = static_cast<std::uint32_t>(page.bytes.size());
        row.dataBytes = static_cast<std::uint32_t>(one.size());
        page.bytes.insert(page.bytes.end(), one.begin(), one.end());
        page.rows.push_back(row);
    }
    return page;
}

const EventSource kSource {"shardId-000000000002",
                           "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
                           "arn:aws:iam::000000000000:role/lambda-role", "us-east-1"};

std::vector<std::uint8_t> selected(const Patterns& patterns, RecordPage page)
{
    const auto filter = EventFilter::parse(patterns);
    if (!filter)
        qFatal("%s", filter.error().message.c_str());
    JsonTape tape;
    std::vector<std::uint8_t> passes;
    filter->select(page, kSource, tape, passes);
    return passes;
}

bool passes(const Patterns& patterns, const QByteArray& data)
{
    return selected(patterns, pageOf({data})).at(0) != 0;
}

QString refusal(const Patterns& patterns)
{
    const auto filter = EventFilter::parse(patterns);
    return filter ? QString() : QString::fromStdString(filter.error().message);
}

} // namespace

/// Which records a Lambda event source mapping's filter criteria let pass.
class EventFilterTest : public QObject {
    Q_OBJECT

private slots:
    void itsRulesAreEventBridges_data()
    {
        QTest::addColumn<QByteArray>("pattern"); // of data
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<bool>("pass");
        const auto row = [](const char* name, const char* pattern, const char* data, bool pass) {
            QTest::newRow(name) << QByteArray(pattern) << QByteArray(data) << pass;
        };
        row("equal text", "{'s':['a']}", "{'s':'a'}", true);
        row("other text", "{'s':['a']}", "{'s':'A'}", false);
        row("escaped text", "{'s':['a\\u00e9']}", "{'s':'a\xc3\xa9'}", true);
        row("escaped name", "{'a\\u0062':['x']}", "{'\\u0061b':'x'}", true);
        row("no such field", "{'s':['a']}", "{'t':'a'}", false);
        row("null", "{'s':[null]}", "{'s':null}", true);
        row("null is not absence", "{'s':[null]}", "{}", false);
        row("null is no text", "{'s':[null]}", "{'s':'null'}", false);
        row("empty text", "{'s':['']}", "{'s':''}", true);
        row("empty text is not null", "{'s':['']}", "{'s':null}", false);
        row("equal number", "{'n':[300]}", "{'n':300}", true);
        row("number written otherwise", "{'n':[300]}", "{'n':300.0}", false);
        row("number with an exponent", "{'n':[3.0e2]}", "{'n':300}", false);
        row("number is no text", "{'n':[300]}", "{'n':'300'}", false);
        row("true", "{'b':[true]}", "{'b':true}", true);
        row("false is not true", "{'b':[true]}", "{'b':false}", false);
        row("and, both", "{'a':[1],'b':[2]}", "{'a':1,'b':2}", true);
        row("and, one", "{'a':[1],'b':[2]}", "{'a':1,'b':3}", false);
        row("or, the second", "{'a':[1,2]}", "{'a':2}", true);
        row("or, neither", "{'a':[1,2]}", "{'a':3}", false);
        row("deep", "{'a':{'b':{'c':[1]}}}", "{'x':0,'a':{'b':{'c':1}}}", true);
        row("deep, not there", "{'a':{'b':{'c':[1]}}}", "{'a':{'b':1}}", false);
        row("anything but a text", "{'s':[{'anything-but':'a'}]}", "{'s':'b'}", true);
        row("that text", "{'s':[{'anything-but':'a'}]}", "{'s':'a'}", false);
        row("anything but is there", "{'s':[{'anything-but':'a'}]}", "{}", false);
        row("anything but several", "{'s':[{'anything-but':['a',1]}]}", "{'s':1}", false);
        row("anything but a prefix", "{'s':[{'anything-but':{'prefix':'in'}}]}", "{'s':'out'}",
            true);
        row("that prefix", "{'s':[{'anything-but':{'prefix':'in'}}]}", "{'s':'init'}", false);
        row("anything but a suffix", "{'s':[{'anything-but':{'suffix':'.png'}}]}", "{'s':'a.png'}",
            false);
        row("numeric equals", "{'n':[{'numeric':['=',300]}]}", "{'n':3.0e2}", true);
        row("at its lower bound", "{'n':[{'numeric':['>=',10,'<',20]}]}", "{'n':10}", true);
        row("below it", "{'n':[{'numeric':['>=',10,'<',20]}]}", "{'n':9.999}", false);
        row("at its upper bound", "{'n':[{'numeric':['>=',10,'<',20]}]}", "{'n':20}", false);
        row("below that", "{'n':[{'numeric':['>=',10,'<',20]}]}", "{'n':19.999}", true);
        row("above", "{'n':[{'numeric':['>',10]}]}", "{'n':10}", false);
        row("at most", "{'n':[{'numeric':['<=',-1.5]}]}", "{'n':-1.5}", true);
        row("numeric of a text", "{'n':[{'numeric':['>',0]}]}", "{'n':'5'}", false);
        row("exists", "{'s':[{'exists':true}]}", "{'s':null}", true);
        row("exists, an object", "{'s':[{'exists':true}]}", "{'s':{'t':1}}", false);
        row("does not exist", "{'s':[{'exists':false}]}", "{'t':1}", true);
        row("exists after all", "{'s':[{'exists':false}]}", "{'s':1}", false);
        row("does not exist, deep", "{'a':{'s':[{'exists':false}]}}", "{'b':1}", true);
        row("prefix", "{'s':[{'prefix':'us-'}]}", "{'s':'us-east-1'}", true);
        row("not at the beginning", "{'s':[{'prefix':'us-'}]}", "{'s':'eu-us-'}", false);
        row("suffix", "{'s':[{'suffix':'.png'}]}", "{'s':'a.png'}", true);
        row("not at the end", "{'s':[{'suffix':'.png'}]}", "{'s':'.png.gz'}", false);
        row("without regard to case", "{'s':[{'equals-ignore-case':'eRRor'}]}", "{'s':'ERROR'}",
            true);
        row("another word", "{'s':[{'equals-ignore-case':'error'}]}", "{'s':'errors'}", false);
        row("one of a list", "{'s':['b']}", "{'s':['a','b']}", true);
        row("none of a list", "{'s':['c']}", "{'s':['a','b']}", false);
        row("one object of a list", "{'l':{'a':[1],'b':[2]}}", "{'l':[{'a':1,'b':2},{'a':3}]}",
            true);
        row("halves of two objects", "{'l':{'a':[1],'b':[2]}}", "{'l':[{'a':1},{'b':2}]}", false);
        row("$or, the first", "{'$or':[{'a':[1]},{'b':[2]}]}", "{'a':1,'b':0}", true);
        row("$or, the second", "{'$or':[{'a':[1]},{'b':[2]}]}", "{'a':0,'b':2}", true);
        row("$or, neither", "{'$or':[{'a':[1]},{'b':[2]}]}", "{'a':2,'b':1}", false);
        row("$or and another", "{'c':[3],'$or':[{'a':[1]},{'b':[2]}]}", "{'a':1,'c':4}", false);
        row("no JSON", "{'s':[{'exists':false}]}", "hello", false);
        row("half of JSON", "{'s':['a']}", "{'s':'a'", false);
        row("more than JSON", "{'s':['a']}", "{'s':'a'} x", false);
        row("a bad number behind", "{'s':['a']}", "{'s':'a','n':1x}", false);
        row("nothing", "{'s':['a']}", "", false);
    }
    void itsRulesAreEventBridges()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, data);
        QFETCH(bool, pass);
        pattern.replace('\'', '"');
        data.replace('\'', '"');
        QCOMPARE(passes({"{\"data\":" + pattern.toStdString() + "}"}, data), pass);
    }

    void anyOfSeveralPatternsLetsPass()
    {
        const Patterns both {"{\"data\":{\"a\":[1]}}", "{\"data\":{\"b\":[2]}}"};
        QVERIFY(passes(both, "{\"a\":1}"));
        QVERIFY(passes(both, "{\"b\":2}"));
        QVERIFY(!passes(both, "{\"a\":2,\"b\":1}"));
        QVERIFY(EventFilter().letsAllPass());
    }
    void dataThatIsNoJsonIsDroppedOnlyByWhoLooksIntoIt()
    {
        const std::string key = "{\"partitionKey\":[\"user-1\"]}";
        QVERIFY(passes({key}, "plain text"));
        QVERIFY(!passes({"{\"partitionKey\":[\"user-1\"],\"data\":{\"a\":[{\"exists\":false}]}}"},
                        "plain text"));
        QVERIFY(passes({"{\"data\":{\"a\":[1]}}", key}, "plain text"));
    }
    void aValueAloneIsJsonToo()
    {
        QVERIFY(passes({"{\"data\":[7]}"}, " 7\n"));
        QVERIFY(passes({"{\"data\":[\"up\"]}"}, "\"up\""));
        QVERIFY(passes({"{\"data\":[\"up\"]}"}, "[\"down\",\"up\"]"));
        QVERIFY(!passes({"{\"data\":[\"up\"]}"}, "up"));
        QVERIFY(!passes({"{\"data\":[7]}"}, "07"));
    }
    void outerFieldsAreAsLambdaSeesThem_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<QByteArray>("value");
        const auto row = [](const char* field, const char* value) {
            QTest::newRow(field) << QByteArray(field) << QByteArray(value);
        };
        row("partitionKey", "\"user-1\"");
        row("kinesisSchemaVersion", "\"1.0\"");
        row("approximateArrivalTimestamp", "1767614460.5");
        row("eventSource", "\"aws:kinesis\"");
        row("eventVersion", "\"1.0\"");
        row("eventName", "\"aws:kinesis:record\"");
        row("eventID", "{\"prefix\":\"shardId-000000000002:4\"}");
        row("invokeIdentityArn", "\"arn:aws:iam::000000000000:role/lambda-role\"");
        row("awsRegion", "\"us-east-1\"");
        row("eventSourceARN", "{\"suffix\":\":stream/orders\"}");
        row("sequenceNumber", "{\"prefix\":\"4\"}");
    }
    void outerFieldsAreAsLambdaSeesThem()
    {
        QFETCH(QByteArray, field);
        QFETCH(QByteArray, value);
        const std::string list = "\":[" + value.toStdString() + "]}";
        QVERIFY(passes({"{\"" + field.toStdString() + list}, "x"));
        QVERIFY(!passes({"{\"" + field.toStdString() + "\":[\"else\"]}"}, "x"));
    }
    void everyRecordOfAPageIsAskedAfter()
    {
        std::vector<QByteArray> data;
        for (int i = 0; i < 1'000; ++i)
            data.push_back(i % 7 == 0 ? QByteArray("rubbish {")
                                      : "{\"n\":" + QByteArray::number(i) + ",\"s\":\"\\u0041\"}");
        const auto told = selected({"{\"data\":{\"n\":[{\"numeric\":[\"<\",500]}],\"s\":[\"A\"]}}"},
                                   pageOf(data));
        QCOMPARE(told.size(), data.size());
        for (std::size_t i = 0; i < told.size(); ++i)
            QCOMPARE(told[i] != 0, i % 7 != 0 && i < 500);
    }
    void deepNestingIsNotRead()
    {
        const auto nested
            = [](int depth) { return QByteArray(depth, '[') + "1" + QByteArray(depth, ']'); };
        QVERIFY(passes({"{\"data\":[1]}"}, nested(100)));
        QVERIFY(!passes({"{\"data\":[1]}"}, nested(100'000)));
    }

    void whatCannotBeMeantIsRefusedInASentence_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const char* pattern, const char* sentence) {
            QTest::newRow(name) << QByteArray(pattern).replace('\'', '"')
                                << QString::fromUtf8(sentence).replace('\'', '"');
        };
        row("rubbish", "status = error",
            "Filter 1 is no JSON at character 1; {'data': {'status': ['error']}} would be right.");
        row("nothing", "",
            "Filter 1 is no JSON at character 1; {'data': {'status': ['error']}} would be right.");
        row("a list", "['a']",
            "Filter 1 is refused: it must be an object that names fields, as {'data': {'status': "
            "['error']}}.");
        row("an empty object", "{'data':{}}",
            "Filter 1 is refused at data: an empty object matches nothing; name a field of it.");
        row("no list", "{'data':{'s':'a'}}",
            "Filter 1 is refused at data.s: a value stands in a list, as ['error'].");
        row("an empty list", "{'data':{'s':[]}}",
            "Filter 1 is refused at data.s: an empty list matches nothing; name a value in it.");
        row("a list in a list", "{'data':{'s':[['a']]}}",
            "Filter 1 is refused at data.s: a list cannot hold a list.");
        row("no rule", "{'data':{'s':[{'wildcard':'*'}]}}",
            "Filter 1 is refused at data.s: 'wildcard' is no rule; there are prefix, suffix, "
            "equals-ignore-case, anything-but, numeric and exists.");
        row("two rules", "{'data':{'s':[{'prefix':'a','suffix':'b'}]}}",
            "Filter 1 is refused at data.s: an object in a list is one rule, as {'prefix': "
            "'err'}.");
        row("prefix of a number", "{'data':{'s':[{'prefix':1}]}}",
            "Filter 1 is refused at data.s: prefix has a text, as {'prefix': 'err'}.");
        row("exists", "{'data':{'s':[{'exists':1}]}}",
            "Filter 1 is refused at data.s: exists is true or false.");
        row("numeric", "{'data':{'s':[{'numeric':['<','1']}]}}",
            "Filter 1 is refused at data.s: numeric has a list of comparisons, as {'numeric': "
            "['>=', 0, '<', 100]}.");
        row("an empty range", "{'data':{'s':[{'numeric':['>',5,'<',1]}]}}",
            "Filter 1 is refused at data.s: no number lies above the one and below the other.");
        row("anything but", "{'data':{'s':[{'anything-but':[]}]}}",
            "Filter 1 is refused at data.s: an empty list leaves nothing out; name a value in it.");
        row("$or of one", "{'$or':[{'data':[1]}]}",
            "Filter 1 is refused at $or: $or has a list of two patterns or more.");
    }
    void whatCannotBeMeantIsRefusedInASentence()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QString, sentence);
        QCOMPARE(refusal({pattern.toStdString()}), sentence);
    }
    void theSentenceNamesThePatternAndThePlace()
    {
        const std::string good = "{\"data\":[1]}";
        QVERIFY(refusal({good, good, "{\"data\":1}"}).startsWith("Filter 3 is refused at data: "));
        const QString place = refusal({"{\"data\":{\"a\":[1],}}"});
        QVERIFY2(place.startsWith("Filter 1 is no JSON at character 1"), qPrintable(place));
    }
    void fivePatternsOf4096CharactersAreTheMost()
    {
        const std::string good = "{\"data\":[1]}";
        QCOMPARE(refusal(Patterns(5, good)), QString());
        QCOMPARE(refusal(Patterns(6, good)), QString("There are 6 filters; 5 is the most."));
        const auto long_ = [](std::size_t bytes) {
            const std::string begin = "{\"data\":[\"", end = "\"]}";
            return begin + std::string(bytes - begin.size() - end.size(), 'x') + end;
        };
        QCOMPARE(refusal({long_(4'096)}), QString());
        QCOMPARE(refusal({long_(4'097)}),
                 QString("Filter 1 has 4097 characters; 4,096 is the most."));
    }
};

QTEST_APPLESS_MAIN(EventFilterTest)
#include "tst_event_filter.moc"
