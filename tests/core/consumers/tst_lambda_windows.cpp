#include <QTest>

#include "tests/support/reader_world.h"
#include "tests/support/scripted_function.h"

using namespace shardscope;

namespace {

constexpr SimDuration kWindow = SimDuration::seconds(10);

ConsumerSpec counter(const std::function<void(LambdaSpec&)>& change = {})
{
    ConsumerSpec spec;
    spec.kind = ConsumerKind::Lambda;
    spec.lambda.model.spread = 0;
    spec.lambda.tumblingWindow = kWindow;
    if (change)
        change(spec.lambda);
    return spec;
}
void real(LambdaSpec& lambda)
{
    lambda.function = "scripted";
}

const LambdaState stateOf(ReaderWorld& world)
{
    return std::get<LambdaState>(world.consumers[0]->state(world.stream(), world.now));
}
int recordsOf(const QJsonObject& event)
{
    return static_cast<int>(event.value("Records").toArray().size());
}
int countIn(const QJsonObject& event)
{
    return event.value("state").toObject().value("n").toInt();
}
bool isLast(const QJsonObject& event)
{
    return event.value("isFinalInvokeForWindow").toBool();
}
bool isEarly(const QJsonObject& event)
{
    return event.value("isWindowTerminatedEarly").toBool();
}
QString beginOf(const QJsonObject& event)
{
    return event.value("window").toObject().value("start").toString();
}
/// Adds its records to the state's.
OutsideAnswer count(const QJsonObject& event)
{
    return ScriptedFunction::answerOf(
        "{\"state\":{\"n\":" + QByteArray::number(countIn(event) + recordsOf(event)) + "}}");
}

} // namespace

/// Tumbling windows of a Lambda event source mapping: the state that goes from call to call.
class LambdaWindowsTest : public QObject {
    Q_OBJECT

private slots:
    void theStateGoesFromCallToCallAndAWindowEndsWithACall()
    {
        ReaderWorld world(1);
        ScriptedFunction function(count);
        world.outside = &function;
        world.add(counter([](LambdaSpec& l) {
            real(l);
            l.batchSize = 50;
        }));
        world.run(SimDuration::seconds(35), 1);
        const LambdaState state = stateOf(world);
        QVERIFY(state.counts.windows >= 3);
        QCOMPARE(state.counts.windowsEarly, std::int64_t(0));
        int soFar = 0;
        QString open;
        std::map<QString, int> whole;
        for (const QJsonObject& event : function.events) {
            const QString begin = beginOf(event);
            if (begin != open) {
                QVERIFY2(begin > open, qPrintable(begin));
                QCOMPARE(soFar, 0);
                open = begin;
            }
            QCOMPARE(countIn(event), soFar);
            QCOMPARE(event.value("state").toObject().isEmpty(), soFar == 0);
            soFar += recordsOf(event);
            if (isLast(event)) {
                QCOMPARE(recordsOf(event), 0);
                whole[begin] = soFar;
                soFar = 0;
            }
            QVERIFY(!isEarly(event));
            QCOMPARE(event.value("shardId").toString(), QStringLiteral("shardId-000000000000"));
            QVERIFY(event.value("eventSourceARN").toString().endsWith(":stream/orders"));
        }
        // A record in every slice: a thousand in each whole window.
        QCOMPARE(std::next(whole.begin())->second, 1'000);
        QCOMPARE(state.windows.at(1).records, std::int64_t(1'000));
        QCOMPARE(state.windows.at(1).state, std::string("{\"n\":1000}"));
        QCOMPARE(state.windows.at(1).end - state.windows.at(1).begin, kWindow);
        QCOMPARE(state.windows.at(1).begin.inMicros() % kWindow.inMicros(), std::int64_t(0));
    }
    void recordsBelongToTheWindowOfTheirArrival()
    {
        ReaderWorld world(1);
        ScriptedFunction function(count);
        world.outside = &function;
        world.add(counter(real));
        world.run(SimDuration::seconds(32), 1);
        for (const QJsonObject& event : function.events) {
            const QJsonObject window = event.value("window").toObject();
            const auto at = [&](const char* name) {
                return static_cast<double>(
                    parseIso(window.value(name).toString().toStdString())->inMillis());
            };
            QCOMPARE(at("end") - at("start"), 10'000.0);
            for (const auto& record : event.value("Records").toArray()) {
                const double ms = record.toObject()
                                      .value("kinesis")
                                      .toObject()
                                      .value("approximateArrivalTimestamp")
                                      .toDouble()
                    * 1'000;
                QVERIFY(ms >= at("start") - 0.5 && ms < at("end") - 0.5);
            }
        }
    }
    void aWindowWithoutMoreRecordsIsOverTwoMinutesAfterItsEnd()
    {
        ReaderWorld world(1);
        ScriptedFunction function(count);
        world.outside = &function;
        world.add(counter(real));
        world.write(5);
        world.run(SimDuration::seconds(128)); // the window ends in ten seconds at the latest
        QCOMPARE(function.events.size(), std::size_t(1));
        world.run(SimDuration::seconds(5));
        QCOMPARE(function.events.size(), std::size_t(2));
        QVERIFY(isLast(function.events[1]) && !isEarly(function.events[1]));
        QCOMPARE(countIn(function.events[1]), 5);
        world.run(SimDuration::minutes(5));
        QCOMPARE(function.events.size(), std::size_t(2)); // no window without records
    }
    void aRetriedBatchGetsTheSameState()
    {
        ReaderWorld world(1);
        int calls = 0;
        ScriptedFunction function([&](const QJsonObject& event) {
            return ++calls % 2 == 0 ? ScriptedFunction::failure() : count(event);
        });
        world.outside = &function;
        world.add(counter(real));
        world.run(SimDuration::seconds(25), 1);
        world.run(SimDuration::minutes(3));
        std::size_t again = 0;
        for (std::size_t i = 1; i + 1 < function.events.size(); i += 2) {
            QCOMPARE(function.events[i + 1].value("state"), function.events[i].value("state"));
            QCOMPARE(beginOf(function.events[i + 1]), beginOf(function.events[i]));
            QCOMPARE(recordsOf(function.events[i + 1]), recordsOf(function.events[i]));
            ++again;
        }
        QVERIFY(again > 5);
        const LambdaState state = stateOf(world);
        std::int64_t records = 0;
        for (const LambdaState::Window& window : state.windows)
            records += window.records;
        QCOMPARE(records, world.accepted);
    }
    void anAnswerWithoutStateFailsTheCall()
    {
        ReaderWorld world(1);
        ScriptedFunction function([](const QJsonObject&) {
            return ScriptedFunction::answerOf("{\"batchItemFailures\":[]}");
        });
        world.outside = &function;
        world.add(counter(real));
        world.write(5);
        world.run(SimDuration::seconds(10));
        QVERIFY(stateOf(world).counts.errors > 1);
        QCOMPARE(stateOf(world).counts.succeededRecords, std::int64_t(0));
        QCOMPARE(QString::fromStdString(world.consumers[0]->trouble()),
                 QString("The function's answer has no object \"state\", which a tumbling window "
                         "needs; {\"state\": {}} would be right."));
    }
    void whatPassedBeforeAReportedRecordIsInTheState()
    {
        ReaderWorld world(1);
        ScriptedFunction function([](const QJsonObject& event) {
            const QJsonArray records = event.value("Records").toArray();
            if (records.size() < 3)
                return count(event);
            const QByteArray number = records[2]
                                          .toObject()
                                          .value("kinesis")
                                          .toObject()
                                          .value("sequenceNumber")
                                          .toString()
                                          .toLatin1();
            return ScriptedFunction::answerOf(
                "{\"state\":{\"n\":" + QByteArray::number(countIn(event) + 2)
                + "},\"batchItemFailures\":[{\"itemIdentifier\":\"" + number + "\"}]}");
        });
        world.outside = &function;
        world.add(counter([](LambdaSpec& l) {
            real(l);
            l.reportBatchItemFailures = true;
        }));
        world.write(7);
        world.run(SimDuration::minutes(4));
        QCOMPARE(stateOf(world).windows.at(0).state, std::string("{\"n\":7}"));
        QCOMPARE(stateOf(world).windows.at(0).records, std::int64_t(7));
    }
    void aStateAboveOneMebibyteEndsItsWindowEarly_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::addColumn<bool>("early");
        QTest::newRow("one mebibyte") << 1'048'576 << false;
        QTest::newRow("one byte more") << 1'048'577 << true;
    }
    void aStateAboveOneMebibyteEndsItsWindowEarly()
    {
        QFETCH(int, bytes);
        QFETCH(bool, early);
        ReaderWorld world(1);
        ScriptedFunction function([&](const QJsonObject&) {
            return ScriptedFunction::answerOf("{\"state\":{\"s\":\"" + QByteArray(bytes - 8, 'x')
                                              + "\"}}");
        });
        world.outside = &function;
        world.add(counter(real));
        world.write(1);
        world.run(SimDuration::seconds(3));
        QCOMPARE(function.events.size(), std::size_t(early ? 2 : 1));
        if (early) {
            QVERIFY(isLast(function.events[1]) && isEarly(function.events[1]));
            QCOMPARE(function.events[1].value("state").toObject().value("s").toString().size(),
                     bytes - 8);
        }
        QCOMPARE(stateOf(world).counts.windowsEarly, std::int64_t(early ? 1 : 0));
        world.write(1);
        world.run(SimDuration::seconds(3));
        // The same window goes on, with a fresh state where it was ended.
        const QJsonObject& next = function.events[early ? 2 : 1];
        QCOMPARE(beginOf(next), beginOf(function.events[0]));
        QCOMPARE(next.value("state").toObject().isEmpty(), early);
    }
    void aShardThatEndsEndsItsWindowAndItsChildrenBeginAnew()
    {
        ReaderWorld world(1);
        ScriptedFunction function(count);
        world.outside = &function;
        world.add(counter([](LambdaSpec& l) {
            real(l);
            l.tumblingWindow = SimDuration::minutes(15);
        }));
        world.run(SimDuration::seconds(5), 1);
        world.split(0);
        world.run(SimDuration::seconds(60), 1);
        world.run(SimDuration::seconds(5));
        int last = 0, parents = 0;
        bool childSeen = false;
        for (const QJsonObject& event : function.events) {
            const bool parent = event.value("shardId").toString().endsWith('0');
            QVERIFY(!(parent && childSeen));
            if (!parent && !childSeen)
                QCOMPARE(countIn(event), 0);
            childSeen = childSeen || !parent;
            parents += parent ? recordsOf(event) : 0;
            if (isLast(event)) {
                ++last;
                QVERIFY(parent && isEarly(event));
                QCOMPARE(countIn(event), parents);
            }
        }
        QCOMPARE(last, 1);
        QVERIFY(childSeen);
        QCOMPARE(world.consumers[0]->progress().lagRecords(world.stream()), std::int64_t(0));
    }
    void aLastCallThatFailsHoldsItsLaneUntilItIsGivenUp()
    {
        const auto run = [](std::int64_t retries) {
            ReaderWorld world(1);
            ScriptedFunction function([](const QJsonObject& event) {
                return isLast(event) ? ScriptedFunction::failure() : count(event);
            });
            world.outside = &function;
            world.add(counter([&](LambdaSpec& l) {
                real(l);
                l.maximumRetryAttempts = retries;
            }));
            world.run(SimDuration::seconds(45), 1);
            return std::pair(stateOf(world).counts,
                             world.consumers[0]->progress().lagRecords(world.stream()));
        };
        const auto [held, heldLag] = run(-1);
        QCOMPARE(held.windows + held.windowsLost, std::int64_t(0));
        QVERIFY(heldLag > 2'000);
        const auto [lost, lostLag] = run(1);
        QVERIFY(lost.windowsLost >= 3);
        QCOMPARE(lost.droppedRecords, std::int64_t(0));
        QVERIFY(lostLag < 1'000);
    }
    void aModelledFunctionCountsItsRecords_data()
    {
        QTest::addColumn<int>("lanes");
        QTest::newRow("one lane") << 1;
        QTest::newRow("windows in each of four lanes") << 4;
    }
    void aModelledFunctionCountsItsRecords()
    {
        QFETCH(int, lanes);
        ReaderWorld world(2);
        world.add(counter([&](LambdaSpec& l) {
            l.parallelizationFactor = lanes;
            l.model.errorShare = 0.2;
        }));
        world.run(SimDuration::seconds(15), 2);
        world.run(SimDuration::minutes(3));
        const LambdaState state = stateOf(world);
        std::int64_t records = 0;
        for (const LambdaState::Window& window : state.windows) {
            records += window.records;
            QCOMPARE(window.state, "{\"records\": " + std::to_string(window.records) + "}");
        }
        QCOMPARE(static_cast<std::int64_t>(state.windows.size()), state.counts.windows);
        QCOMPARE(records, world.accepted);
        QCOMPARE(state.counts.succeededRecords, world.accepted);
        QCOMPARE(world.consumers[0]->counts().againRecords, std::int64_t(0));
    }
    void anotherSizeBeginsNewWindows()
    {
        ReaderWorld world(1);
        world.add(counter());
        world.run(SimDuration::seconds(25), 1);
        ConsumerSpec spec = world.consumers[0]->spec();
        spec.lambda.tumblingWindow = {};
        world.consumers[0]->change(spec, world.now);
        const std::int64_t windows = stateOf(world).counts.windows;
        world.run(SimDuration::minutes(3), 1);
        world.run(SimDuration::seconds(5));
        QCOMPARE(stateOf(world).counts.windows, windows);
        QCOMPARE(world.consumers[0]->progress().lagRecords(world.stream()), std::int64_t(0));
    }
};

QTEST_APPLESS_MAIN(LambdaWindowsTest)
#include "tst_lambda_windows.moc"
