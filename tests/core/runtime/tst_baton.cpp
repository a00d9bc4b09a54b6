#include <QTest>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "core/runtime/baton.h"

using namespace shardscope;

namespace {

using IntBaton = Baton<int>;
constexpr auto kNever = IntBaton::Clock::time_point::max();

} // namespace

class BatonTest : public QObject {
    Q_OBJECT

private slots:
    void whoFindsItFreeWorksAndTheNextLeavesHisMessage()
    {
        IntBaton baton(10, 1_MiB);
        QCOMPARE(baton.put(1, 0), IntBaton::Put::Taken);
        QCOMPARE(baton.put(2, 0), IntBaton::Put::Left);
        std::vector<int> got;
        QVERIFY(baton.take(got, 10, kNever));
        QCOMPARE(got, (std::vector<int> {1, 2}));
        QCOMPARE(baton.put(3, 0), IntBaton::Put::Left);
        QVERIFY(baton.take(got, 10, kNever));
        QCOMPARE(got, std::vector<int> {3});
        QVERIFY(!baton.take(got, 10, kNever));
        QCOMPARE(baton.put(4, 0), IntBaton::Put::Taken);
    }

    void takesNoMoreThanAskedForAndKeepsTheOrder()
    {
        IntBaton baton(100, 1_MiB);
        for (int i = 0; i < 50; ++i)
            QVERIFY(baton.put(std::move(i), 0) != IntBaton::Put::Refused);
        std::vector<int> got;
        int next = 0;
        while (baton.take(got, 7, kNever)) {
            QVERIFY(got.size() <= 7);
            for (const int value : got)
                QCOMPARE(value, next++);
        }
        QCOMPARE(next, 50);
    }

    void refusesBeyondEitherLimit()
    {
        IntBaton baton(3, 100);
        QVERIFY(baton.put(1, 60) != IntBaton::Put::Refused);
        QCOMPARE(baton.put(2, 41), IntBaton::Put::Refused);
        QCOMPARE(baton.put(2, 40), IntBaton::Put::Left);
        QCOMPARE(baton.put(3, 0), IntBaton::Put::Left);
        QCOMPARE(baton.put(4, 0), IntBaton::Put::Refused);
        QCOMPARE(baton.putAlways(5), IntBaton::Put::Left);
        std::vector<int> got;
        QVERIFY(baton.take(got, 1, kNever));
        QCOMPARE(baton.put(6, 0), IntBaton::Put::Refused); // three wait still
        QVERIFY(baton.take(got, 1, kNever));
        QCOMPARE(baton.put(6, 100), IntBaton::Put::Left);
    }

    void letsASingleMessageOfAnySizeIn()
    {
        IntBaton baton(3, 100);
        QCOMPARE(baton.put(1, 101), IntBaton::Put::Taken);
        QCOMPARE(baton.put(2, 1), IntBaton::Put::Refused);
    }

    void refusesOnceItIsClosed()
    {
        IntBaton baton(3, 100);
        baton.close();
        QCOMPARE(baton.put(1, 0), IntBaton::Put::Refused);
    }

    /// Every message is worked exactly once, by one thread at a time, and each writer's in the
    /// order in which he wrote them; in the end the keeper finds nothing left.
    void losesNothingAmongManyThreads()
    {
        constexpr int kWriters = 6, kEach = 20'000;
        IntBaton baton(64, 1_MiB);
        std::atomic<int> inside {0};
        int worked = 0; // the holder's alone
        std::array<int, kWriters> last;
        last.fill(-1);
        bool ordered = true, alone = true;
        const auto work = [&](std::vector<int>& got) {
            alone = alone && inside.fetch_add(1) == 0;
            for (const int value : got) {
                int& before = last[static_cast<std::size_t>(value % kWriters)];
                ordered = ordered && before < value;
                before = value;
                ++worked;
            }
            inside.fetch_sub(1);
        };
        std::thread keeper([&] {
            std::vector<int> got;
            while (baton.keep()) {
                while (baton.take(got, 8, kNever))
                    work(got);
            }
        });
        std::vector<std::thread> writers;
        for (int w = 0; w < kWriters; ++w) {
            writers.emplace_back([&, w] {
                for (int i = 0; i < kEach; ++i) {
                    auto put = IntBaton::Put::Refused;
                    while ((put = baton.put(i * kWriters + w, 1)) == IntBaton::Put::Refused)
                        std::this_thread::yield();
                    if (put == IntBaton::Put::Left)
                        continue;
                    std::vector<int> got; // what a caller does: a part, then the keeper goes on
                    if (baton.take(got, 4, kNever)) {
                        work(got);
                        baton.giveToKeeper(kNever);
                    }
                }
            });
        }
        for (std::thread& writer : writers)
            writer.join();
        baton.close();
        keeper.join();
        QVERIFY(alone);
        QVERIFY(ordered);
        QCOMPARE(worked, kWriters * kEach);
    }

    void theKeeperWakesWhenItIsCalledAndWhenTimeIsDue()
    {
        IntBaton baton(8, 1_MiB);
        std::atomic<int> turns {0};
        std::thread keeper([&] {
            std::vector<int> got;
            while (baton.keep()) {
                ++turns;
                while (baton.take(got, 8, kNever)) { }
            }
        });
        baton.call();
        QTRY_COMPARE(turns.load(), 1);
        QCOMPARE(baton.put(1, 0), IntBaton::Put::Taken);
        std::vector<int> got;
        QVERIFY(baton.take(got, 8, kNever));
        QVERIFY(!baton.take(got, 8, IntBaton::Clock::now()));
        QTRY_COMPARE(turns.load(), 2);
        baton.close();
        keeper.join();
    }
};

QTEST_APPLESS_MAIN(BatonTest)
#include "tst_baton.moc"
