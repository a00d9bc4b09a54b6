#include <QTest>

#include "core/planner/plan_json.h"

using namespace shardscope;

class PlanJsonTest : public QObject {
    Q_OBJECT
private slots:
    void readsBackWhatItWrites()
    {
        std::vector<PlanWorkload> workloads {planPreset(PlanPreset::Clickstream, "clicks"),
                                             planPreset(PlanPreset::Iot, "fleet")};
        workloads[0].recordsPerSecond = {3'000, 4'000};
        workloads[0].campaigns.push_back({SimDuration::hours(20), 4});
        workloads[1].shardsNow = 7;
        const auto read = parseWorkloads(writeWorkloads(workloads), "plan.json");
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(*read == workloads);
    }

    void beginsWithThePreset()
    {
        const auto read
            = parseWorkloads("{\"preset\": \"logs\", \"recordsPerSecond\": 5}", "a.json");
        QVERIFY(read);
        PlanWorkload expected = planPreset(PlanPreset::Logs, "orders");
        expected.recordsPerSecond = 5;
        QVERIFY(read->front() == expected);
    }

    void saysWhereItIsWrong_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const char* text, const char* sentence) {
            QTest::newRow(name) << QString::fromLatin1(text) << QString::fromLatin1(sentence);
        };
        row("negative", "{\"recordsPerSecond\": -1}",
            "a.json:1: recordsPerSecond: must be a number");
        row("backwards", "{\"recordsPerSecond\": [5, 4]}", "must begin with the lesser");
        row("three", "{\"recordsPerSecond\": [5, 6, 7]}", "must be a number or a list of two");
        row("name", "{\"name\": \"a b\"}", "a.json:1: name: must be a stream's name");
        row("field", "{\"recordsPerSeconds\": 5}", "did you mean recordsPerSecond?");
        row("size", "{\"recordBytes\": \"lots\"}",
            "a.json:1: recordBytes: must be a number of bytes");
        row("flat peak", "{\"curve\": \"constant\", \"peakFactor\": 2}", "peakFactor: must be 1");
        row("retry", "{\"retry\": \"immediate\"}", "retry: must be none, legacy");
        row("keys", "{\"keys\": {\"shape\": \"timestamp\"}}", "keys.shape: must not be timestamp");
        row("no stream", "{\"streams\": []}", "streams: must be a list of 1 to 100");
        row("twice", "{\"streams\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}",
            "streams[1].name: is taken already");
        row("head-room", "{\"headroomPercent\": 95}",
            "headroomPercent: must be a number between 0 and 90");
    }
    void saysWhereItIsWrong()
    {
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        const auto read = parseWorkloads(text.toStdString(), "a.json");
        QVERIFY(!read);
        QVERIFY2(read.error().message.find(sentence.toStdString()) != std::string::npos,
                 read.error().message.c_str());
    }

    void readsAPolicy()
    {
        const auto policy
            = parsePolicy("{\"design\": \"alarmLambda\", \"shardsMost\": 40}", "p.json");
        QVERIFY2(policy, policy ? "" : policy.error().message.c_str());
        QCOMPARE(policy->shardsMost, std::int64_t {40});
        QVERIFY(!parsePolicy("{\"upPercent\": 10, \"downPercent\": 20}", "p.json"));
    }
};

QTEST_APPLESS_MAIN(PlanJsonTest)
#include "tst_plan_json.moc"
