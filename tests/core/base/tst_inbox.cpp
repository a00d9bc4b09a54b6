#include <QTest>

#include <memory>
#include <thread>

#include "core/base/inbox.h"
#include "core/base/latest.h"

using namespace shardscope;

class InboxTest : public QObject {
    Q_OBJECT

private slots:
    void takesInOrderUpToItsBound()
    {
        Inbox<int> inbox(3);
        QVERIFY(inbox.take().empty());
        QVERIFY(inbox.put(1));
        QVERIFY(inbox.put(2));
        QVERIFY(inbox.put(3));
        QVERIFY(!inbox.put(4));
        QVERIFY((inbox.take() == std::vector<int> {1, 2, 3}));
        QVERIFY(inbox.put(5));
        QVERIFY((inbox.take() == std::vector<int> {5}));
    }

    void aRefusedValueIsUntouched()
    {
        Inbox<std::unique_ptr<int>> inbox(1);
        QVERIFY(inbox.put(std::make_unique<int>(1)));
        auto second = std::make_unique<int>(2);
        QVERIFY(!inbox.put(std::move(second)));
        QVERIFY(second != nullptr);
    }

    void aClosedInboxWakesItsReaderAndRefuses()
    {
        Inbox<int> inbox(8);
        std::thread reader([&] {
            inbox.wait(); // returns: something is put, or it is closed
            while (!inbox.closed())
                inbox.wait(std::chrono::seconds(60));
        });
        inbox.close();
        reader.join();
        QVERIFY(inbox.closed());
        QVERIFY(!inbox.put(1));
    }

    void everyWriterKeepsItsOrder()
    {
        constexpr int kWriters = 4, kEach = 5'000;
        Inbox<int> inbox(64);
        std::vector<std::thread> writers;
        for (int w = 0; w < kWriters; ++w) {
            writers.emplace_back([&inbox, w] {
                for (int i = 0; i < kEach;) {
                    if (inbox.put(w * kEach + i))
                        ++i;
                    else
                        std::this_thread::yield();
                }
            });
        }
        std::vector<int> next(kWriters, 0);
        int taken = 0;
        while (taken < kWriters * kEach) {
            inbox.wait();
            for (const int value : inbox.take()) {
                const auto writer = static_cast<std::size_t>(value / kEach);
                if (value % kEach == next[writer]) // anything else would never add up
                    ++next[writer];
                ++taken;
            }
        }
        for (std::thread& writer : writers)
            writer.join();
        QVERIFY(next == std::vector<int>(kWriters, kEach));
    }

    void theNewestValueWins()
    {
        Latest<int> latest;
        QVERIFY(latest.read() == nullptr);
        latest.write(std::make_shared<const int>(1));
        const auto held = latest.read();
        latest.write(std::make_shared<const int>(2));
        QCOMPARE(*held, 1); // a reader keeps what it has
        QCOMPARE(*latest.read(), 2);
    }

    void aReaderNeverSeesAnOlderValueAfterANewerOne()
    {
        Latest<int> latest;
        latest.write(std::make_shared<const int>(0));
        std::thread writer([&] {
            for (int i = 1; i <= 20'000; ++i)
                latest.write(std::make_shared<const int>(i));
        });
        int before = 0;
        bool rising = true;
        while (before < 20'000) {
            const int value = *latest.read();
            rising = rising && value >= before;
            before = value;
        }
        writer.join();
        QVERIFY(rising);
    }
};

QTEST_APPLESS_MAIN(InboxTest)
#include "tst_inbox.moc"
