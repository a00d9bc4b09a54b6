#include <QTest>

#include "core/runtime/json_check.h"

using namespace shardscope;

class JsonCheckTest : public QObject {
    Q_OBJECT

private slots:
    void valuesAreToldFromOtherText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("json");
        for (const char* text :
             {"{}", "[]", "0", "-0", "-1.5e+30", "1E5", "12345678901234567890123", "\"\"", "true",
              "false", "null", " \t\r\n[1 , 2]\n", "{\"a\":{\"b\":[[],{}]},\"a\":null}",
              "\"\\u00e9\\ud83d\\n\\/\"", "\"\xc3\xa9\"", "[[[1],[2]],[]]"})
            QTest::addRow("%s is", text) << QByteArray(text) << true;
        for (const char* text : {"",
                                 " ",
                                 "{",
                                 "}",
                                 "[",
                                 "]",
                                 "[1,]",
                                 "[,1]",
                                 "[1 2]",
                                 "{\"a\"}",
                                 "{\"a\":}",
                                 "{a:1}",
                                 "{\"a\":1,}",
                                 "{1:2}",
                                 "01",
                                 "-",
                                 "+1",
                                 "1.",
                                 ".5",
                                 "1e",
                                 "1e+",
                                 "nul",
                                 "True",
                                 "\"",
                                 "\"\\x\"",
                                 "\"\\u12g4\"",
                                 "\"\\u123\"",
                                 "\"\t\"",
                                 "\"\xff\"",
                                 "1 2",
                                 "{} {}",
                                 "[}",
                                 "{]",
                                 "'a'",
                                 "\xef\xbb\xbf{}"})
            QTest::addRow("%s is not", text) << QByteArray(text) << false;
        QTest::addRow("a zero behind it is not") << QByteArray("1\0", 2) << false;
        QTest::addRow("deep is") << QByteArray(1 << 20, '[') + QByteArray(1 << 20, ']') << true;
        QTest::addRow("deep and open is not") << QByteArray(1 << 20, '[') << false;
    }
    void valuesAreToldFromOtherText()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, json);
        QCOMPARE(isJson({text.constData(), static_cast<std::size_t>(text.size())}), json);
    }
};

QTEST_APPLESS_MAIN(JsonCheckTest)
#include "tst_json_check.moc"
