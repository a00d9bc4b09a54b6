#include <QTest>

#include "core/agent/agent_spec.h"

using namespace shardscope;

/// What of an agent.json is taken, and what is refused with which sentence.
class AgentSpecTest : public QObject {
    Q_OBJECT

    static std::string flow(const std::string& more = {})
    {
        return "{\"flows\": [{\"filePattern\": \"/var/log/app.log*\", \"kinesisStream\": \"logs\""
            + more + "}]}";
    }
    static QString refusal(const std::string& text)
    {
        const auto spec = parseAgentSpec(text, "agent.json");
        return spec ? QString() : QString::fromStdString(spec.error().message);
    }

private slots:
    void defaultsAreTheAgents()
    {
        const auto spec = parseAgentSpec(flow(), "agent.json");
        QVERIFY(spec);
        const AgentFlowSpec& f = spec->flows.at(0);
        QCOMPARE(spec->checkpointFile, std::string("agent.json.checkpoints"));
        QVERIFY(f.initialPosition == AgentFlowSpec::Position::EndOfFile);
        QVERIFY(f.partitionKey == AgentFlowSpec::PartitionKey::Random);
        QVERIFY(f.maxBufferAge == SimDuration::seconds(60));
        QCOMPARE(f.maxBufferRecords, 500);
        QCOMPARE(f.maxBufferBytes, 5_MiB);
    }
    void globalKeysOfARealFileAreAccepted()
    {
        const auto spec = parseAgentSpec(
            "{\"cloudwatch.emitMetrics\": true, \"kinesis.endpoint\": \"https://localhost:4568\", "
            "\"checkpointFile\": \"/tmp/c\", \"flows\": [{\"filePattern\": \"a\", "
            "\"kinesisStream\": \"s\", \"maxBufferAgeMillis\": \"5000\"}]}",
            "agent.json");
        QVERIFY(spec);
        QCOMPARE(spec->checkpointFile, std::string("/tmp/c"));
        QVERIFY(spec->flows[0].maxBufferAge == SimDuration::seconds(5));
    }
    void bufferAgeHasBothItsBounds()
    {
        QCOMPARE(refusal(flow(", \"maxBufferAgeMillis\": 1000")), QString());
        QCOMPARE(refusal(flow(", \"maxBufferAgeMillis\": 900000")), QString());
        QCOMPARE(refusal(flow(", \"maxBufferAgeMillis\": 999")),
                 QStringLiteral("agent.json:1: flows[0].maxBufferAgeMillis must be a whole number "
                                "from 1000 to 900000."));
        QVERIFY(!refusal(flow(", \"maxBufferAgeMillis\": 900001")).isEmpty());
    }
    void refusalsNameThePlace_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        const auto with = [](const char* more) { return QString::fromStdString(flow(more)); };
        QTest::newRow("no flows") << "{}"
                                  << "flows must list one flow at least";
        QTest::newRow("no pattern") << "{\"flows\": [{\"kinesisStream\": \"s\"}]}"
                                    << "flows[0].filePattern must name files";
        QTest::newRow("no stream") << "{\"flows\": [{\"filePattern\": \"a\"}]}"
                                   << "flows[0].kinesisStream must name the stream";
        QTest::newRow("firehose") << with(", \"deliveryStream\": \"d\"")
                                  << "flows[0].deliveryStream cannot be served";
        QTest::newRow("unknown") << with(", \"filepattern\": \"d\"")
                                 << "flows[0].filepattern is not a setting of the agent";
        QTest::newRow("position") << with(", \"initialPosition\": \"START\"")
                                  << "must be one of END_OF_FILE, START_OF_FILE";
        QTest::newRow("expression") << with(", \"multiLineStartPattern\": \"[a\"")
                                    << "must be a regular expression; at character 3";
        QTest::newRow("class") << with(
            ", \"dataProcessingOptions\": [{\"optionName\": \"USINGPLUGGIN\"}]")
                               << "flows[0].dataProcessingOptions[0].optionName must be one of";
        QTest::newRow("columns") << with(
            ", \"dataProcessingOptions\": [{\"optionName\": \"CSVTOJSON\"}]")
                                 << "customFieldNames must name the columns";
        QTest::newRow("format") << with(
            ", \"dataProcessingOptions\": [{\"optionName\": \"LOGTOJSON\"}]")
                                << "logFormat or matchPattern must say";
        QTest::newRow("no JSON") << "{"
                                 << "agent.json:1";
    }
    void refusalsNameThePlace()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const QString said = refusal(text.toStdString());
        QVERIFY2(said.contains(says), qPrintable(said));
    }
};

QTEST_APPLESS_MAIN(AgentSpecTest)
#include "tst_agent_spec.moc"
