#include <QtTest>

#include "core/scenario/scenario_json.h"
#include "core/scenario/words.h"

using namespace shardscope;

namespace {

Result<Scenario> read(const QByteArray& fields)
{
    return parseScenario(("{\"name\": \"x\",\n" + fields + "\n}").toStdString(), "x.json");
}

QString errorOf(const QByteArray& fields)
{
    const auto scenario = read(fields);
    return scenario ? QStringLiteral("accepted") : QString::fromStdString(scenario.error().message);
}

} // namespace

class ScenarioJsonTest : public QObject {
    Q_OBJECT
private slots:
    void leavesDefaultsAlone()
    {
        const auto scenario = parseScenario("{\"name\": \"x\"}", "x.json");
        QVERIFY(scenario.has_value());
        const Scenario plain;
        QCOMPARE(scenario->seed, plain.seed);
        QVERIFY(scenario->stream == plain.stream);
        QVERIFY(scenario->timings == plain.timings);
        QVERIFY(scenario->account == plain.account);
        QCOMPARE(scenario->duration.inMicros(), plain.duration.inMicros());
    }

    void readsTextsAsValues()
    {
        const auto scenario = read(R"("seed": 18446744073709551615, "start": "2026-02-01T00:00:00Z",
            "duration": "1.5s", "memoryBudget": "64MiB", "account": {"shards": null},
            "stream": {"mode": "onDemand", "enhancedMonitoring": ["IncomingBytes"]},
            "producers": [{"name": "a", "kind": "custom", "comment": "skipped",
                "size": {"bytes": "40KiB"}, "rate": {"curve": "steps",
                "steps": [{"at": "1s", "factor": 2, "over": "500ms"}]}}])");
        QVERIFY2(scenario.has_value(), scenario ? "" : scenario.error().message.c_str());
        QCOMPARE(scenario->seed, UINT64_MAX);
        QCOMPARE(toIso(scenario->start), std::string("2026-02-01T00:00:00.000Z"));
        QCOMPARE(scenario->duration.inMillis(), 1500);
        QCOMPARE(scenario->memoryBudget, 64_MiB);
        QVERIFY(!scenario->account.shards);
        QVERIFY(scenario->stream.mode == StreamMode::OnDemand);
        QCOMPARE(scenario->producers.at(0).size.bytes, 40960.0);
        QCOMPARE(scenario->producers.at(0).rate.steps.at(0).over.inMillis(), 500);
    }

    void startsAProducerFromItsKindsPreset()
    {
        const auto scenario
            = read(R"("producers": [{"name": "a", "kind": "iot", "paused": true}])");
        QVERIFY(scenario.has_value());
        ProducerSpec preset = producerPreset(ProducerKind::Iot, "a");
        preset.paused = true;
        QVERIFY(scenario->producers.at(0) == preset);
    }

    void changesOnlyTheFieldsThatAreGiven()
    {
        const auto scenario = read(R"("producers": [{"name": "a", "kind": "iot",
                "rate": {"recordsPerSecond": 7}, "keys": {"prefix": "p-"}}],
            "acts": [{"at": "1s", "changeProducer": {"name": "a", "rate": {"recordsPerSecond": 9}}},
                     {"at": "2s", "changeProducer": {"name": "a", "keys": {"count": 3}}}])");
        QVERIFY2(scenario.has_value(), scenario ? "" : scenario.error().message.c_str());
        ProducerSpec expected = scenario->producers.at(0);
        expected.rate.recordsPerSecond = 9;
        QVERIFY(std::get<ChangeProducer>(scenario->acts.at(0).act).spec == expected);
        expected.keys.count = 3;
        QVERIFY(std::get<ChangeProducer>(scenario->acts.at(1).act).spec == expected);
    }

    void readsWhereToSplit_data()
    {
        QTest::addColumn<QByteArray>("at");
        QTest::addColumn<QString>("key");
        QTest::newRow("nothing said: the middle") << QByteArray() << QString();
        QTest::newRow("the middle") << QByteArray(R"(, "at": "middle")") << QString();
        QTest::newRow("a place in the key space")
            << QByteArray(R"(, "at": 0.25)")
            << QStringLiteral("85070591730234615865843651857942052864");
        QTest::newRow("a hash key") << QByteArray(R"(, "at": "17")") << QStringLiteral("17");
    }
    void readsWhereToSplit()
    {
        QFETCH(QByteArray, at);
        QFETCH(QString, key);
        for (const char* shard : {"2", "\"2\"", "\"shardId-000000000002\""}) {
            const auto scenario = read("\"acts\": [{\"at\": \"2m\", \"split\": {\"shard\": "
                                       + QByteArray(shard) + at + "}}]");
            QVERIFY2(scenario.has_value(), scenario ? "" : scenario.error().message.c_str());
            const auto& split
                = std::get<SplitShard>(std::get<ControlRequest>(scenario->acts.at(0).act));
            QCOMPARE(split.shardToSplit, std::string("shardId-000000000002"));
            QCOMPARE(QString::fromStdString(split.newStartingHashKey), key);
            QCOMPARE(split.streamName, std::string());
        }
    }

    void resolvesTracesBesideTheFile()
    {
        const std::string text
            = R"({"name": "x", "producers": [{"name": "a", "kind": "trace", "tracePath": "t.csv"}]})";
        QCOMPARE(parseScenario(text, "some/where/x.json")->producers.at(0).tracePath,
                 std::string("some/where/t.csv"));
        QCOMPARE(parseScenario(text, "x.json")->producers.at(0).tracePath, std::string("t.csv"));
    }

    void refusesWithFileLineFieldAndWhatWouldBeRight_data()
    {
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const char* fields, const char* message) {
            QTest::newRow(name) << QByteArray(fields) << QString::fromUtf8(message);
        };
        row("a misspelt field", "\"stream\": {\n\"shrads\": 4}",
            "x.json:3: stream.shrads: is no field here; did you mean shards?");
        row("a field from nowhere", "\"stream\": {\"colourOfTheSky\": 4}",
            "x.json:2: stream.colourOfTheSky: is no field here; known are comment, name, mode, "
            "shards, retentionHours, maxRecordSizeKiB, warmThroughputMiBps, enhancedMonitoring or "
            "encrypted");
        row("a text for a number", "\"stream\": {\"shards\": \"4\"}",
            "x.json:2: stream.shards: must be a whole number between 1 and 100000, not a text");
        row("half a shard", "\"stream\": {\"shards\": 1.5}",
            "x.json:2: stream.shards: must be a whole number between 1 and 100000, not 1.5");
        row("no shard", "\"stream\": {\"shards\": 0}",
            "x.json:2: stream.shards: must be a whole number between 1 and 100000, not 0");
        row("a list for an object", "\"stream\": []",
            "x.json:2: stream: must be an object in braces, not a list");
        row("an object for a list", "\"producers\": {}",
            "x.json:2: producers: must be a list in brackets, not an object");
        row("a misspelt word", "\"stream\": {\"mode\": \"ondemnd\"}",
            "x.json:2: stream.mode: \"ondemnd\" is unknown; did you mean \"onDemand\"?");
        row("an unknown word", "\"stream\": {\"mode\": \"free\"}",
            "x.json:2: stream.mode: \"free\" is unknown; use provisioned or onDemand");
        row("a producer without a kind", "\"producers\": [{\"name\": \"a\"}]",
            "x.json:2: producers[0].kind: is missing and has no default");
        row("two of one name", "\"consumers\": [{\"name\": \"a\"},\n{\"name\": \"a\"}]",
            "x.json:3: consumers[1].name: is taken already; every producer and consumer needs its "
            "own");
        row("an act without a deed", "\"acts\": [{\"at\": \"1s\", \"stream\": \"x\"}]",
            "x.json:2: acts[0]: says when but not what; add one of split, merge, mode, "
            "createStream, "
            "deleteStream, shardCount, maxRecordSizeKiB, warmThroughputMiBps, "
            "increaseRetentionHours, decreaseRetentionHours, startEncryption, stopEncryption, "
            "enableMonitoring, disableMonitoring, advantage, registerConsumer, deregisterConsumer, "
            "addProducer, changeProducer, pauseProducer, resumeProducer, removeProducer, "
            "addConsumer, changeConsumer, pauseConsumer, resumeConsumer, removeConsumer, "
            "replayConsumer, crashConsumer, policy, "
            "account or note");
        row("two deeds in one act",
            "\"acts\": [{\"at\": \"1s\", \"note\": \"a\", \"shardCount\": 2}]",
            "x.json:2: acts[0].note: is a second act in one entry; give it an entry of its own");
        row("acts out of order",
            "\"acts\": [{\"at\": \"2s\", \"note\": \"b\"},\n{\"at\": \"1s\", \"note\": \"a\"}]",
            "x.json:3: acts[1]: must not be earlier than the act before it");
        row("an act on somebody unknown",
            "\"consumers\": [{\"name\": \"Archiver\"}],\n\"acts\": [{\"at\": \"2s\", "
            "\"pauseConsumer\": \"Archivar\"}]",
            "x.json:3: acts[0].pauseConsumer: \"Archivar\" is not there at this moment; did you "
            "mean "
            "\"Archiver\"?");
        row("a split at the edge of the space",
            "\"acts\": [{\"at\": \"2s\", \"split\": {\"shard\": 0, \"at\": 1}}]",
            "x.json:2: acts[0].split.at: must be above 0 and below 1 as a place in the hash key "
            "space; write a hash key itself as a text");
        row("an unknown figure",
            "\"expect\": [{\"metric\": \"refused.percnt\", \"least\": 0, \"most\": 1}]",
            "x.json:2: expect[0].metric: \"refused.percnt\" is unknown; did you mean "
            "\"refused.percent\"?");
        row("a range upside down",
            "\"expect\": [{\"metric\": \"refused.percent\", \"least\": 2, \"most\": 1}]",
            "x.json:2: expect[0].least: must not be above most");
        row("a hot key without a name",
            "\"producers\": [{\"name\": \"a\", \"kind\": \"custom\", \"keys\": {\"shape\": "
            "\"hotShare\", \"hotKey\": \"\"}}]",
            "x.json:2: producers[0].keys.hotKey: must name the hot key when shape is hotShare");
        row("a comment that is no text", "\"stream\": {\"comment\": 1}",
            "x.json:2: stream.comment: must be a text");
        row("a policy for an on-demand stream",
            "\"stream\": {\"mode\": \"onDemand\"},\n\"policy\": {}",
            "x.json:3: policy: is for provisioned streams; an on-demand stream scales by itself");
    }
    void refusesWithFileLineFieldAndWhatWouldBeRight()
    {
        QFETCH(QByteArray, fields);
        QFETCH(QString, message);
        QCOMPARE(errorOf(fields), message);
    }

    void limitsHoldOnBothSides_data()
    {
        QTest::addColumn<QByteArray>("format");
        QTest::addColumn<QByteArray>("inside");
        QTest::addColumn<QByteArray>("outside");
        const auto row = [](const char* name, const char* format, const char* in, const char* out) {
            QTest::newRow(name) << QByteArray(format) << QByteArray(in) << QByteArray(out);
        };
        row("retention at least a day", "\"stream\": {\"retentionHours\": %}", "24", "23");
        row("retention at most a year", "\"stream\": {\"retentionHours\": %}", "8760", "8761");
        row("records of 1 MiB", "\"stream\": {\"maxRecordSizeKiB\": %}", "1024", "1023");
        row("records of 10 MiB", "\"stream\": {\"maxRecordSizeKiB\": %}", "10240", "10241");
        row("speed", "\"speed\": %", "1000", "1001");
        row("the largest seed", "\"seed\": %", "18446744073709551615", "18446744073709551616");
        row("seeds are not negative", "\"seed\": %", "0", "-1");
        row("a run of one slice", "\"duration\": %", "\"10ms\"", "\"9ms\"");
        row("a reader's calls", "\"consumers\": [{\"name\": \"a\", \"readsPerSecond\": %}]", "100",
            "100.1");
        row("500 records in a batch",
            "\"producers\": [{\"name\": \"a\", \"kind\": \"iot\", \"client\": {\"batchRecords\": "
            "%}}]",
            "500", "501");
        row("10 MiB in a batch",
            "\"producers\": [{\"name\": \"a\", \"kind\": \"iot\", \"client\": {\"batchBytes\": "
            "%}}]",
            "\"10MiB\"", "10485761");
        row("a share is at most everything",
            "\"producers\": [{\"name\": \"a\", \"kind\": \"iot\", \"keys\": {\"hotShare\": %}}]",
            "1", "1.01");
    }
    void limitsHoldOnBothSides()
    {
        QFETCH(QByteArray, format);
        QFETCH(QByteArray, inside);
        QFETCH(QByteArray, outside);
        QCOMPARE(errorOf(QByteArray(format).replace('%', inside)), QStringLiteral("accepted"));
        QVERIFY(errorOf(QByteArray(format).replace('%', outside)) != QLatin1String("accepted"));
    }

    /// One of every act, and every field away from its default.
    void writesWhatItReads()
    {
        Scenario s;
        s.name = "all";
        s.title = "T \"quoted\"";
        s.lesson = "L";
        s.comment = "two\nlines";
        s.seed = UINT64_MAX;
        s.start = kDefaultStart + SimDuration::millis(5);
        s.speed = 0.1;
        s.account = {std::nullopt, 7, std::nullopt};
        s.timings.reshard = SimDuration::micros(1500);
        s.stream.encrypted = true;
        s.stream.enhancedMonitoring = {ShardLevelMetric::IncomingBytes};
        s.policy = ScalingPolicySpec {};
        s.policy->design = ScalingPolicySpec::Design::AlarmLambda;
        ProducerSpec producer = producerPreset(ProducerKind::Clickstream, "a");
        producer.rate.steps = {{SimDuration::seconds(1), 1.0 / 3, SimDuration::millis(1)}};
        producer.keys.hotKey = "\u00fc";
        s.producers = {producer};
        ConsumerSpec consumer;
        consumer.name = "c";
        consumer.readsPerSecond = 0.3;
        s.consumers = {consumer};
        ProducerSpec other = producerPreset(ProducerKind::Custom, "b");
        ConsumerSpec reader = consumer;
        reader.name = "d";
        const auto control = [](ControlRequest r) { return Act {std::move(r)}; };
        const std::vector<Act> acts {
            control(SplitShard {"", "shardId-000000000000", ""}),
            control(SplitShard {"", "shardId-000000000001", "5"}),
            control(MergeShards {"other", "shardId-000000000002", "shardId-000000000003"}),
            control(UpdateShardCount {"", 9}),
            control(UpdateStreamMode {"", StreamMode::OnDemand, 5}),
            control(CreateStream {"other", StreamMode::Provisioned, 3, {}, 2048, {{"k", "v"}}}),
            control(DeleteStream {"other", true}),
            control(UpdateMaxRecordSize {"", 2048}),
            control(UpdateStreamWarmThroughput {"", 3}),
            control(IncreaseStreamRetentionPeriod {"", 48}),
            control(DecreaseStreamRetentionPeriod {"", 24}),
            control(StartStreamEncryption {"", "alias/aws/kinesis"}),
            control(StopStreamEncryption {"", "alias/aws/kinesis"}),
            control(EnableEnhancedMonitoring {"", {ShardLevelMetric::OutgoingBytes}}),
            control(DisableEnhancedMonitoring {"", {ShardLevelMetric::OutgoingBytes}}),
            control(UpdateAccountSettings {true}),
            control(RegisterStreamConsumer {"", "f"}),
            control(DeregisterStreamConsumer {"", "f"}),
            AddProducer {other},
            ChangeProducer {other},
            PauseProducer {"b", true},
            PauseProducer {"b", false},
            RemoveProducer {"b"},
            AddConsumer {reader},
            ChangeConsumer {reader},
            PauseConsumer {"d", true},
            PauseConsumer {"d", false},
            RemoveConsumer {"d"},
            AttachPolicy {s.policy},
            AttachPolicy {},
            SetAccountLimits {{5, std::nullopt, 2}},
            Note {"n"},
        };
        for (std::size_t i = 0; i < acts.size(); ++i)
            s.acts.push_back({SimDuration::seconds(static_cast<std::int64_t>(i)), acts[i]});
        s.expect = {{"openShards", 1, 2.5, SimDuration::seconds(1), SimDuration::seconds(2)}};

        const std::string written = writeScenario(s);
        const auto again = parseScenario(written, "again.json");
        QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
        QCOMPARE(QString::fromStdString(writeScenario(*again)), QString::fromStdString(written));
        QCOMPARE(again->acts.size(), s.acts.size());
        for (std::size_t i = 0; i < acts.size(); ++i) {
            QCOMPARE(again->acts[i].act.index(), acts[i].index());
            QCOMPARE(actText(again->acts[i].act), actText(acts[i]));
        }
        QVERIFY(again->producers == s.producers);
        QVERIFY(again->consumers == s.consumers);
        QVERIFY(again->policy == s.policy);
        QVERIFY(again->stream == s.stream);
        QVERIFY(again->timings == s.timings);
        QVERIFY(again->account == s.account);
        QCOMPARE(again->seed, s.seed);
        QVERIFY(again->start == s.start);
        QCOMPARE(again->comment, s.comment);
    }

    void wordsAreThoseOfTheResult()
    {
        for (const auto& w : wordsOf(ProducerKind {}))
            QCOMPARE(std::string(kindText(w.value)), std::string(w.word));
        for (const auto& w : wordsOf(ConsumerKind {}))
            QCOMPARE(std::string(kindText(w.value)), std::string(w.word));
    }

    void saysWhenThereIsNoFile()
    {
        const auto scenario = readScenarioFile("/nowhere/x.json");
        QVERIFY(!scenario.has_value());
        QCOMPARE(scenario.error().message,
                 std::string("/nowhere/x.json: there is no such file, or it cannot be read"));
    }
};

QTEST_APPLESS_MAIN(ScenarioJsonTest)
#include "tst_scenario_json.moc"
