#include <QTest>

#include <algorithm>
#include <map>

#include "core/base/rng.h"
#include "core/engine/key_sketch.h"

using namespace shardscope;

class KeySketchTest : public QObject {
    Q_OBJECT

    static const KeySketch::Entry* find(const KeySketch& sketch, std::uint64_t key)
    {
        const auto all = sketch.entries();
        const auto it = std::find_if(all.begin(), all.end(),
                                     [&](const auto& e) { return e.hashHigh == key; });
        return it == all.end() ? nullptr : &*it;
    }

private slots:
    void countsExactlyWhileThereIsRoom()
    {
        KeySketch sketch;
        QVERIFY(sketch.entries().empty());
        for (std::uint64_t key = 1; key <= 8; ++key)
            for (std::uint64_t i = 0; i < key; ++i)
                sketch.add(key, 100 + key, 10);
        QCOMPARE(sketch.entries().size(), 8U);
        QCOMPARE(sketch.total(), 360U);
        for (std::uint64_t key = 1; key <= 8; ++key) {
            const auto* e = find(sketch, key);
            QVERIFY(e != nullptr);
            QCOMPARE(e->bytes, key * 10);
            QCOMPARE(e->overcount, 0U);
            QCOMPARE(e->source, 100 + key);
        }
    }

    void theNinthKeyReplacesTheSmallest()
    {
        KeySketch sketch;
        for (std::uint64_t key = 1; key <= 8; ++key)
            sketch.add(key, key, key == 5 ? 1 : 100);
        sketch.add(9, 9, 7);
        QVERIFY(find(sketch, 5) == nullptr);
        const auto* e = find(sketch, 9);
        QVERIFY(e != nullptr);
        QCOMPARE(e->bytes, 8U);
        QCOMPARE(e->overcount, 1U);
        QCOMPARE(e->source, 9U);
    }

    void aKeyAboveAnEighthIsAlwaysInIt()
    {
        for (std::uint64_t seed = 1; seed <= 50; ++seed) {
            const CounterRng rng(seed, 0);
            KeySketch sketch;
            std::map<std::uint64_t, std::uint64_t> truth;
            for (std::uint64_t i = 0; i < 5'000; ++i) {
                const double u = rng.unit(2 * i);
                const std::uint64_t key = u < 0.3 ? 1 : u < 0.45 ? 2 : 3 + rng.below(2 * i, 500);
                const std::uint64_t bytes = 1 + rng.below(2 * i + 1, 1'000);
                sketch.add(key, key, bytes);
                truth[key] += bytes;
            }
            const QByteArray at = "seed " + QByteArray::number(qulonglong(seed));
            for (const auto& [key, bytes] : truth)
                if (bytes > sketch.total() / 8)
                    QVERIFY2(find(sketch, key) != nullptr, at);
            for (const auto& e : sketch.entries()) {
                QVERIFY2(e.bytes >= truth[e.hashHigh], at);
                QVERIFY2(e.bytes - e.overcount <= truth[e.hashHigh], at);
            }
        }
    }

    void halvingForgets()
    {
        KeySketch sketch;
        sketch.add(1, 1, 100);
        sketch.add(2, 2, 1);
        sketch.halve();
        QCOMPARE(sketch.total(), 50U);
        QCOMPARE(sketch.entries().size(), 1U);
        QCOMPARE(sketch.entries()[0].bytes, 50U);
        for (int i = 0; i < 6; ++i)
            sketch.halve();
        QVERIFY(sketch.entries().empty());
        QCOMPARE(sketch.total(), 0U);
    }
};

QTEST_APPLESS_MAIN(KeySketchTest)
#include "tst_key_sketch.moc"
