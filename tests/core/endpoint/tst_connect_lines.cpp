#include <QTest>

#include "core/endpoint/connect_lines.h"

using namespace shardscope::endpoint;

/// What a person pastes so that a program finds the endpoint.
class ConnectLinesTest : public QObject {
    Q_OBJECT

    static bool has(const std::string& text, const std::string& part)
    {
        return text.find(part) != std::string::npos;
    }

private slots:
    void everyKindOfClientGetsALineAndAProgram_data()
    {
        QTest::addColumn<std::size_t>("at");
        QTest::addColumn<std::string>("client");
        QTest::addColumn<std::string>("word");
        QTest::newRow("AWS CLI") << std::size_t {0} << std::string("AWS CLI")
                                 << std::string("aws --endpoint-url http://127.0.0.1:9 ");
        QTest::newRow("Python") << std::size_t {1} << std::string("Python")
                                << std::string("endpoint_url=\"http://127.0.0.1:9\"");
        QTest::newRow("JavaScript") << std::size_t {2} << std::string("JavaScript")
                                    << std::string("endpoint: \"http://127.0.0.1:9\"");
        QTest::newRow("Java") << std::size_t {3} << std::string("Java")
                              << std::string("URI.create(\"http://127.0.0.1:9\")");
    }
    void everyKindOfClientGetsALineAndAProgram()
    {
        QFETCH(std::size_t, at);
        QFETCH(std::string, client);
        QFETCH(std::string, word);
        const auto lines = connectLines({.url = "http://127.0.0.1:9",
                                         .region = "eu-west-1",
                                         .certificateFile = "/ca.pem",
                                         .anyKey = true});
        QCOMPARE(lines.size(), std::size_t {4});
        const ConnectLine& line = lines[at];
        QCOMPARE(line.client, client);
        for (const std::string& text : {line.text, line.program}) {
            QVERIFY2(has(text, word), text.c_str());
            QVERIFY2(has(text, "eu-west-1"), text.c_str());
            QVERIFY2(!has(text, "/ca.pem"), text.c_str()); // nothing to trust without TLS
        }
        QVERIFY(!has(line.text, "\n"));
        QVERIFY(line.program.ends_with('\n'));
        QVERIFY2(has(line.program, "local"), line.program.c_str());
    }

    void aCheckedSignatureTakesNoMadeUpKey()
    {
        for (const ConnectLine& line :
             connectLines({.url = "http://127.0.0.1:9", .region = "eu-west-1"}))
            QVERIFY2(!has(line.program, "local"), line.program.c_str());
    }

    void overTlsTheCertificateIsNamed()
    {
        for (const ConnectLine& line : connectLines({.url = "https://127.0.0.1:9",
                                       .region = "eu-west-1",
                                       .certificateFile = "/ca.pem"})) {
            if (line.client == "Java") // trusts its key store alone
                continue;
            QVERIFY2(has(line.text, "/ca.pem"), line.text.c_str());
            QVERIFY2(has(line.program, "/ca.pem"), line.program.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(ConnectLinesTest)
#include "tst_connect_lines.moc"
