#include <QtTest>

#include "core/base/json_writer.h"
#include "core/scenario/json_tree.h"

using namespace shardscope;

class JsonTreeTest : public QObject {
    Q_OBJECT
private slots:
    void keepsDigitsLinesAndOrder()
    {
        const auto root
            = parseJson("{\n \"b\": 18446744073709551615,\n\n \"a\": [true, null]\n}", "f");
        QVERIFY(root.has_value());
        QCOMPARE(root->members.size(), std::size_t {2});
        QCOMPARE(root->members[0].name, std::string("b"));
        QCOMPARE(root->members[0].value.text, std::string("18446744073709551615"));
        QCOMPARE(root->find("b")->line, 2);
        QCOMPARE(root->find("a")->line, 4);
        QCOMPARE(root->find("a")->items.size(), std::size_t {2});
        QVERIFY(root->find("c") == nullptr);
    }

    void readsEscapes()
    {
        const auto root = parseJson("[\"\\u00e9\\ud83d\\ude00\\n\\\\\\\"\"]", "f");
        QVERIFY(root.has_value());
        QCOMPARE(root->items[0].text, std::string("\u00e9\U0001F600\n\\\""));
    }

    void refusesWithItsLine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const QByteArray& text, const char* message) {
            QTest::newRow(name) << text << QString::fromLatin1(message);
        };
        row("nothing at all", "", "f:1: expected a value, met the end of the file");
        row("an open object", "{\n\"a\": 1\n",
            "f:3: expected , or } in an object, met the end of the file");
        row("a comma before the brace", "{\"a\": 1,}",
            "f:1: expected a field's name in quotation marks, met '}'");
        row("the same name twice", "{\"a\": 1,\n\"a\": 2}",
            "f:2: a: stands twice in one object; keep one of them");
        row("text behind the end", "{}\n{}",
            "f:2: there is text behind the closing brace; a scenario is one object");
        row("a leading zero", "[01]", "f:1: a number must not begin with 0");
        row("a bare decimal point", "[1.]", "f:1: digits must follow the decimal point");
        row("a line break in a text", "[\"a\n\"]",
            "f:1: a text ends without its closing quotation mark");
        row("half a surrogate pair", "[\"\\ud83d\"]",
            "f:1: half a surrogate pair; write the character itself");
        row("bytes that are not UTF-8", "[\"\xff\"]", "f:1: a text is not UTF-8");
        row("an overlong slash", "[\"\xc0\xaf\"]", "f:1: a text is not UTF-8");
        row("one level too deep", QByteArray(66, '[') + QByteArray(66, ']'),
            "f:1: objects and lists are nested deeper than 64 levels");
    }
    void refusesWithItsLine()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, message);
        const auto root = parseJson(text.toStdString(), "f");
        QVERIFY(!root.has_value());
        QCOMPARE(QString::fromStdString(root.error().message), message);
    }

    void takesTheDeepestNestingAllowed()
    {
        QVERIFY(parseJson(std::string(65, '[') + std::string(65, ']'), "f").has_value());
    }

    void refusesMoreFieldsThanAnObjectMayHave()
    {
        const auto object = [](int fields) {
            std::string text = "{";
            for (int i = 0; i < fields; ++i)
                text += (i > 0 ? ",\"f" : "\"f") + std::to_string(i) + "\":0";
            return text + '}';
        };
        QVERIFY(parseJson(object(1000), "f").has_value());
        QVERIFY(!parseJson(object(1001), "f").has_value());
    }

    void writesNumbersThatReadBack_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("a whole number stays one") << 20000000.0 << "20000000";
        QTest::newRow("a fraction is as short as it can be") << 0.1 << "0.1";
        QTest::newRow("a tiny one") << 1e-7 << "1e-07";
        QTest::newRow("a huge one") << 1e300 << "1e+300";
    }
    void writesNumbersThatReadBack()
    {
        QFETCH(double, value);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(numberText(value)), text);
        QCOMPARE(text.toDouble(), value);
    }

    void writesInTheOrderOfTheCalls()
    {
        JsonWriter json;
        json.beginObject();
        json.name("b");
        json.text("quote \" and \\ and \x01");
        json.name("a");
        json.beginList(JsonWriter::Layout::Line);
        json.integer(-1);
        json.flag(true);
        json.null();
        json.endList();
        json.name("none");
        json.beginObject();
        json.endObject();
        json.endObject();
        QCOMPARE(QString::fromStdString(json.take()),
                 QStringLiteral("{\n  \"b\": \"quote \\\" and \\\\ and \\u0001\",\n"
                                "  \"a\": [-1, true, null],\n  \"none\": {}\n}\n"));
    }
};

QTEST_APPLESS_MAIN(JsonTreeTest)
#include "tst_json_tree.moc"
