#include <QTest>

#include "core/base/rng.h"
#include "core/engine/shard_iterator.h"

using namespace shardscope;

class ShardIteratorTest : public QObject {
    Q_OBJECT

private slots:
    void readsWhatItWrites()
    {
        const CounterRng rng(3, 0);
        for (std::uint64_t i = 0; i < 500; ++i) {
            const ShardIterator it {
                StreamSlot {static_cast<std::uint32_t>(rng.bits(5 * i))},
                ShardSlot {static_cast<std::uint32_t>(rng.bits(5 * i + 1))}, rng.bits(5 * i + 2),
                SimTime::fromMicros(static_cast<std::int64_t>(rng.bits(5 * i + 3) >> 8)),
                SimTime::fromMicros(static_cast<std::int64_t>(rng.bits(5 * i + 4) >> 8))};
            const std::string text = it.text();
            QVERIFY(text.size() <= 512);
            QVERIFY(text.starts_with("AAAAAAAAAA"));
            const auto back = ShardIterator::parse(text);
            QVERIFY(back);
            QVERIFY(*back == it);
        }
    }

    void refusesGarbage()
    {
        const std::string good
            = ShardIterator {StreamSlot {0}, ShardSlot {3}, 17, kDefaultStart, kDefaultStart}
                  .text();
        for (std::size_t i = 0; i < good.size(); ++i) {
            std::string bad = good;
            bad[i] = bad[i] == 'A' ? 'B' : 'A';
            QVERIFY2(!ShardIterator::parse(bad), bad.c_str());
        }
        for (const std::string& bad : {std::string(), std::string("x"), good + "A", good.substr(4),
                                       std::string(good.size(), '!')}) {
            const auto parsed = ShardIterator::parse(bad);
            QVERIFY(!parsed);
            QCOMPARE(parsed.error().code, ErrorCode::InvalidArgument);
            QCOMPARE(parsed.error().message, std::string("Invalid ShardIterator."));
        }
    }
};

QTEST_APPLESS_MAIN(ShardIteratorTest)
#include "tst_shard_iterator.moc"
