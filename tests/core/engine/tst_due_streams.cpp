#include <QTest>

#include <map>
#include <random>

#include "core/engine/due_streams.h"

using namespace shardscope;

/// Which stream is due next, held against looking at all of them.
class DueStreamsTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsDueIsFoundByTimeThenBySlot()
    {
        DueStreams due;
        QVERIFY(!due.next());
        const SimTime early = SimTime::fromSeconds(5), late = SimTime::fromSeconds(6);
        due.set(StreamSlot(7), late);
        due.set(StreamSlot(9), early);
        due.set(StreamSlot(2), early);
        QCOMPARE(*due.next(), early);
        QVERIFY(due.upTo(SimTime::fromSeconds(4)).empty());
        QVERIFY(due.upTo(early) == (std::vector {StreamSlot(2), StreamSlot(9)}));
        due.set(StreamSlot(2), {});
        due.set(StreamSlot(9), late);
        QCOMPARE(*due.next(), late);
        QVERIFY(due.upTo(late) == (std::vector {StreamSlot(7), StreamSlot(9)}));
    }

    void agreesWithLookingAtAll()
    {
        const std::uint64_t seed = std::random_device {}();
        qInfo("seed %llu", static_cast<unsigned long long>(seed));
        std::mt19937_64 rng(seed);
        DueStreams due;
        std::map<StreamSlot, SimTime> all;
        for (int i = 0; i < 20'000; ++i) {
            const StreamSlot slot(static_cast<std::uint32_t>(rng() % 50));
            if (rng() % 3 == 0) {
                due.set(slot, {});
                all.erase(slot);
            } else {
                const SimTime at = SimTime::fromSeconds(static_cast<std::int64_t>(rng() % 20));
                due.set(slot, at);
                all[slot] = at;
            }
            std::optional<SimTime> next;
            for (const auto& [known, at] : all)
                next = std::min(next.value_or(at), at);
            QVERIFY(due.next() == next);
        }
    }
};

QTEST_APPLESS_MAIN(DueStreamsTest)
#include "tst_due_streams.moc"
