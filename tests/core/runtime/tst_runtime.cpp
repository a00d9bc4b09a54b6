#include <QFile>
#include <QTest>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "core/base/budgets.h"
#include "core/runtime/runtime.h"
#include "tests/support/source_folder.h"

using namespace shardscope;

namespace {

Scenario small()
{
    Scenario s;
    s.name = "small";
    s.history = SimDuration::seconds(1);
    s.stream.shards = 2;
    ProducerSpec producer;
    producer.name = "p";
    producer.rate.recordsPerSecond = 200;
    s.producers.push_back(producer);
    return s;
}

constexpr std::chrono::seconds kPatience {60};

/// Waits for the answer; nothing is timed.
Result<void> order(Runtime& runtime, Command command)
{
    auto answered = std::make_shared<std::promise<Result<void>>>();
    auto answer = answered->get_future();
    if (!runtime.submit(std::move(command),
                        [answered](Result<void> r) { answered->set_value(std::move(r)); }))
        return fail(ErrorCode::LimitExceeded, "busy");
    if (answer.wait_for(kPatience) != std::future_status::ready)
        return fail(ErrorCode::InternalFailure, "no answer came");
    return answer.get();
}

Runtime::Options stillClock()
{
    Runtime::Options options;
    options.wallClock = [] { return 1.0; };
    return options;
}

} // namespace

class RuntimeTest : public QObject {
    Q_OBJECT

private slots:
    void aSnapshotIsThereOnceALoadIsAnswered()
    {
        Runtime runtime(stillClock());
        QVERIFY(runtime.snapshot() == nullptr);
        QVERIFY(order(runtime, Load {small(), true}).has_value());
        const auto first = runtime.snapshot();
        QVERIFY(first != nullptr);
        QCOMPARE(first->scenarioName, std::string("small"));
        QVERIFY(order(runtime, StepForward {true}).has_value());
        const auto second = runtime.snapshot();
        QVERIFY(second->revision > first->revision);
        QVERIFY(second->clock.now - first->clock.now == SimDuration::seconds(1));
    }

    void badPricesAreNamedWithTheFirstLoad()
    {
        Runtime::Options options = stillClock();
        options.pricesJson = "{";
        Runtime runtime(std::move(options));
        const auto loaded = order(runtime, Load {small(), true});
        QVERIFY(!loaded.has_value());
        QCOMPARE(loaded.error().code, ErrorCode::BadInput);
        QVERIFY(runtime.snapshot() == nullptr);
    }

    void theBundledPricesMakeABill()
    {
        QFile file(inSources("resources/prices.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        Runtime::Options options = stillClock();
        options.pricesJson = file.readAll().toStdString();
        Runtime runtime(std::move(options));
        QVERIFY(order(runtime, Load {small(), true}).has_value());
        QVERIFY(runtime.snapshot()->cost.provisioned > 0);
        QVERIFY(runtime.snapshot()->cost.onDemand > runtime.snapshot()->cost.provisioned);
    }

    void aFullInboxSaysBusyAndForgetsNothing()
    {
        Runtime runtime(stillClock());
        QVERIFY(order(runtime, Load {small(), true}).has_value());
        // The engine thread stands in this reply until it is let go.
        std::promise<void> standing, letGo;
        auto released = letGo.get_future().share();
        QVERIFY(runtime.submit(Pause {}, [&standing, released](Result<void>) {
            standing.set_value();
            released.wait();
        }));
        standing.get_future().wait();
        std::atomic<int> answered = 0;
        int taken = 0;
        while (runtime.submit(Pause {}, [&answered](Result<void>) { ++answered; }))
            ++taken;
        QCOMPARE(taken, budgets::kInboxCommands);
        QVERIFY(!runtime.explain(1, [](Result<WhyCard>) {}));
        letGo.set_value();
        // Whoever comes after them is answered after them.
        auto last = order(runtime, Pause {});
        while (!last && last.error().code == ErrorCode::LimitExceeded)
            last = order(runtime, Pause {});
        QVERIFY(last.has_value());
        QCOMPARE(answered.load(), taken);
    }

    void manyMaySubmitAtOnce()
    {
        Runtime runtime(stillClock());
        QVERIFY(order(runtime, Load {small(), false}).has_value());
        std::atomic<int> answered = 0;
        std::vector<std::thread> people;
        for (int i = 0; i < 4; ++i) {
            people.emplace_back([&] {
                for (int n = 0; n < 50; ++n) {
                    if (order(runtime, n % 2 == 0 ? Command {Pause {}} : Command {Play {}}))
                        ++answered;
                    if (runtime.snapshot() == nullptr)
                        answered -= 1'000;
                }
            });
        }
        for (std::thread& person : people)
            person.join();
        QCOMPARE(answered.load(), 200);
    }

    void startsAndStopsTwoHundredTimes()
    {
        for (int i = 0; i < 200; ++i) {
            Runtime::Options options;
            options.threads = 1 + i % 3;
            Runtime runtime(std::move(options));
            // With nothing to do, in the middle of a history, and in full run.
            if (i % 3 > 0)
                QVERIFY(runtime.submit(Load {small(), false}));
            if (i % 3 > 1)
                QVERIFY(order(runtime, SetSpeed {0}).has_value());
        }
    }

    void theNumberOfThreadsDoesNotShow()
    {
        std::shared_ptr<const Snapshot> first;
        for (const int threads : {1, 2, 4}) {
            Runtime::Options options = stillClock();
            options.threads = threads;
            Runtime runtime(std::move(options));
            QVERIFY(order(runtime, Load {small(), true}).has_value());
            for (int i = 0; i < 5; ++i)
                QVERIFY(order(runtime, StepForward {true}).has_value());
            const auto snapshot = runtime.snapshot();
            if (first == nullptr)
                first = snapshot;
            QVERIFY(snapshot->accepted == first->accepted);
            QVERIFY(snapshot->clock.now == first->clock.now);
            for (std::size_t i = 0; i < first->shards.size(); ++i)
                QVERIFY(snapshot->shards[i].accepted == first->shards[i].accepted);
        }
    }
};

QTEST_APPLESS_MAIN(RuntimeTest)
#include "tst_runtime.moc"
