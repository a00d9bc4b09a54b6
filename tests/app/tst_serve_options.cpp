#include <QtTest>

#include "app/serve_options.h"

using namespace shardscope;

namespace {

Result<ServeOptions> parsed(const QStringList& words)
{
    std::vector<std::string> arguments;
    for (const QString& word : words)
        arguments.push_back(word.toStdString());
    return parseServeOptions(arguments);
}

QString refusal(const QStringList& words)
{
    const auto options = parsed(words);
    return options ? QString() : QString::fromStdString(options.error().message);
}

} // namespace

class ServeOptionsTest : public QObject {
    Q_OBJECT
private slots:
    void listensOnLoopbackUnlessToldOtherwise()
    {
        const auto options = parsed({});
        QVERIFY(options);
        QCOMPARE(options->listen.size(), std::size_t {1});
        QCOMPARE(options->listen[0].text(), std::string("127.0.0.1:4567"));
        QVERIFY(options->tlsListen.empty());
        QVERIFY(options->data.empty());
        QCOMPARE(options->service.memoryBudget, 1_GiB);
        QVERIFY(options->service.throttling == ThrottlingSwitches {});
    }

    void tlsAloneOpensNoPlainPort()
    {
        const auto options = parsed({"--tls-listen", "127.0.0.1:4568"});
        QVERIFY(options);
        QVERIFY(options->listen.empty());
        QCOMPARE(options->tlsListen[0].port, std::uint16_t {4568});
    }

    void beyondLoopbackNeedsKeysAndTls()
    {
        QVERIFY(refusal({"--listen", "0.0.0.0:4567"}).contains("--insecure"));
        QVERIFY(
            refusal({"--listen", "0.0.0.0:4567", "--credentials", "k"}).contains("without TLS"));
        QVERIFY(refusal({"--tls-listen", "0.0.0.0:4568"}).contains("--credentials FILE"));
        QCOMPARE(refusal({"--tls-listen", "0.0.0.0:4568", "--credentials", "k"}), QString());
        QCOMPARE(refusal({"--listen", "0.0.0.0:4567", "--insecure"}), QString());
        QCOMPARE(refusal({"--listen", "[::1]:4567"}), QString());
    }

    void limitsAreSwitchedByKind()
    {
        using Switches = ThrottlingSwitches;
        const auto of = [](const char* value) {
            return parsed({"--limits", value})->service.throttling;
        };
        QVERIFY(of("service") == Switches {});
        QVERIFY((of("off") == Switches {false, false, false, false}));
        QVERIFY((of("write,quotas") == Switches {true, false, false, true}));
        QVERIFY(refusal({"--limits", "writes"}).contains("\"writes\""));
        QVERIFY(refusal({"--limits", "write,"}).contains("--limits"));
    }

    void delaysAreTheServicesNoneOrOne()
    {
        QCOMPARE(parsed({"--delays", "none"})->service.timings.create, SimDuration());
        QCOMPARE(parsed({"--delays", "250"})->service.timings.reshard, SimDuration::millis(250));
        QVERIFY(parsed({"--delays", "service"})->service.timings == ServiceTimings {});
        QVERIFY(refusal({"--delays", "-1"}).contains("milliseconds"));
        QVERIFY(refusal({"--delays", "3600001"}).contains("3600000"));
    }

    void streamsToCreate()
    {
        const auto options = parsed({"--create", "demo:2", "--create", "clicks:on-demand"});
        QVERIFY(options);
        QCOMPARE(options->create[0].streamName, std::string("demo"));
        QCOMPARE(options->create[0].shardCount, std::optional<std::int64_t>(2));
        QCOMPARE(options->create[1].mode, StreamMode::OnDemand);
        for (const char* bad : {"demo", "demo:", ":2", "demo:0", "demo:two", "demo:2x"})
            QVERIFY2(refusal({"--create", QString::fromLatin1(bad)}).contains("demo:2"), bad);
    }

    void amountsAndNames()
    {
        QCOMPARE(parsed({"--memory", "16MiB"})->service.memoryBudget, 16_MiB);
        QVERIFY(refusal({"--memory", "15MiB"}).contains("16MiB"));
        QVERIFY(refusal({"--memory", "1GB"}).contains("--memory"));
        QVERIFY(refusal({"--account", "12345678901"}).contains("12 digits"));
        QVERIFY(refusal({"--region", "US East"}).contains("us-east-1"));
        QVERIFY(refusal({"--commit-interval", "11s"}).contains("10s"));
        QVERIFY(refusal({"--log", "xml"}).contains("json"));
        QVERIFY(refusal({"--tls-key", "k.pem"}).contains("--tls-certificate"));
        QVERIFY(refusal({"demo"}).contains("\"demo\""));
        QVERIFY(refusal({"--lisen", "x"}).contains("--listen"));
    }
};

QTEST_APPLESS_MAIN(ServeOptionsTest)
#include "tst_serve_options.moc"
