#include <QTest>

#include <atomic>
#include <thread>
#include <vector>

#include "core/base/worker_pool.h"

using namespace shardscope;

class WorkerPoolTest : public QObject {
    Q_OBJECT

private slots:
    void runsEveryTaskOnce_data()
    {
        QTest::addColumn<int>("threads");
        QTest::addColumn<int>("count");
        for (const int threads : {1, 2, 4, 16})
            for (const int count : {0, 1, 2, 3, 64, 1'000})
                QTest::addRow("%d tasks on %d threads", count, threads) << threads << count;
    }
    void runsEveryTaskOnce()
    {
        QFETCH(int, threads);
        QFETCH(int, count);
        WorkerPool pool(threads);
        QCOMPARE(pool.threads(), threads);
        // Not atomic: that run() has returned must be enough to see what the tasks wrote.
        std::vector<int> calls(static_cast<std::size_t>(count));
        for (int job = 1; job <= 50; ++job) {
            pool.run(count, [&](int i) { ++calls[static_cast<std::size_t>(i)]; });
            for (const int n : calls)
                QCOMPARE(n, job);
        }
    }

    void theCallerWorksToo()
    {
        WorkerPool pool(1);
        const auto self = std::this_thread::get_id();
        bool same = true;
        pool.run(10, [&](int) { same = same && std::this_thread::get_id() == self; });
        QVERIFY(same);
    }

    void manySmallJobsInARow()
    {
        WorkerPool pool(3);
        std::atomic<qint64> sum {0};
        for (int job = 0; job < 20'000; ++job)
            pool.run(5, [&](int i) { sum.fetch_add(i, std::memory_order_relaxed); });
        QCOMPARE(sum.load(), 20'000 * 10);
    }

    void sleepersWake()
    {
        WorkerPool pool(2);
        std::atomic<int> done {0};
        pool.run(2, [&](int) { ++done; });
        // Two tasks that wait for each other end only if both threads take one.
        std::atomic<int> met {0};
        pool.run(2, [&](int) {
            ++met;
            while (met.load() != 2)
                std::this_thread::yield();
            ++done;
        });
        QCOMPARE(done.load(), 4);
    }
};

QTEST_APPLESS_MAIN(WorkerPoolTest)
#include "tst_worker_pool.moc"
