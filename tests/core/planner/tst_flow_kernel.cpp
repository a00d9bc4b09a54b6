#include <QTest>

#include <cmath>
#include <cstring>

#include "core/planner/flow_kernel.h"

using namespace shardscope::flow;

namespace {

Terms termsWith(int pools, int classes)
{
    Terms terms;
    terms.bytesPerRecord = 900;
    terms.pools = pools;
    terms.release = {1, 0.5F, 0.25F, 0.2F};
    terms.classes = classes;
    if (classes == kClasses)
        terms.sizes = {{{0.4F, std::sqrt(0.4F), 0.5F},
                        {0.3F, std::sqrt(0.3F), 0.9F},
                        {0.2F, std::sqrt(0.2F), 1.4F},
                        {0.08F, std::sqrt(0.08F), 2.5F},
                        {0.02F, std::sqrt(0.02F), 2.5F}}};
    solveReaches(terms);
    return terms;
}

/// Sixteen shards of different weights and full buckets.
Block blockOf(const Terms& terms)
{
    Block block;
    for (std::size_t l = 0; l < kLanes; ++l) {
        block.weight[l] = (static_cast<float>(l) + 1) / 136;
        block.rootWeight[l] = std::sqrt(block.weight[l]);
    }
    block.recordTokens.fill(terms.recordRate);
    block.byteTokens.fill(terms.byteRate);
    return block;
}

std::vector<Second> secondsOf(float rate, std::size_t count)
{
    std::vector<Second> seconds;
    for (std::size_t s = 0; s < count; ++s)
        seconds.push_back({rate, std::sqrt(rate / kTicks), static_cast<std::uint32_t>(s * 77 + 5)});
    return seconds;
}

} // namespace

class FlowKernelTest : public QObject {
    Q_OBJECT
private slots:
    void everyPathDoesTheSame_data()
    {
        QTest::addColumn<int>("pools");
        QTest::addColumn<int>("classes");
        for (const int pools : {0, 1, 2, 3, 4})
            for (const int classes : {1, kClasses})
                QTest::addRow("%d pools, %d classes", pools, classes) << pools << classes;
    }
    void everyPathDoesTheSame()
    {
        QFETCH(int, pools);
        QFETCH(int, classes);
        const Terms terms = termsWith(pools, classes);
        const std::vector<Second> seconds = secondsOf(14'000, 90);
        std::vector<Block> results;
        for (const Path path : paths()) {
            Block block = blockOf(terms);
            std::vector<float> attempts(90), refused(90);
            run(path, block, seconds, terms, attempts.data(), refused.data());
            results.push_back(block);
        }
        for (const Block& block : results)
            QCOMPARE(std::memcmp(&block, &results.front(), sizeof block), 0);
    }

    void everyRecordIsAcceptedLostOrWaits()
    {
        for (const int classes : {1, kClasses}) {
            const Terms terms = termsWith(3, classes);
            Block block = blockOf(terms);
            std::vector<float> attempts(200), refused(200);
            const std::vector<Second> seconds = secondsOf(18'000, 200);
            run(block, seconds, terms, attempts.data(), refused.data());
            for (std::size_t l = 0; l < kLanes; ++l) {
                double waiting = 0;
                for (const auto& pool : block.pool)
                    for (const auto& row : pool)
                        waiting += static_cast<double>(row[l]);
                const double first = 200 * 18'000.0 * static_cast<double>(block.weight[l]);
                const double seen = static_cast<double>(block.accepted[l])
                    + static_cast<double>(block.lost[l]) + waiting;
                // What arrived is drawn: within five deviations of what is expected.
                QVERIFY2(std::abs(seen - first) < 5 * std::sqrt(first),
                         qPrintable(QString::number(seen)));
                QVERIFY(block.attempts[l] >= block.refused[l]);
            }
        }
    }

    void aShardTakesItsLimitAndNoMore()
    {
        const Terms terms = termsWith(0, 1);
        const auto acceptedAt = [&](float perShard, std::size_t count) {
            Block block = blockOf(terms);
            block.weight.fill(1.0F / kLanes);
            block.rootWeight.fill(std::sqrt(1.0F / kLanes));
            std::vector<float> attempts(count), refused(count);
            const std::vector<Second> seconds = secondsOf(perShard * kLanes, count);
            run(block, seconds, terms, attempts.data(), refused.data());
            return static_cast<double>(block.accepted[3]) / static_cast<double>(count);
        };
        // Below the limit everything, above it a second's burst and the limit.
        QVERIFY(std::abs(acceptedAt(900, 100) - 900) < 15);
        QVERIFY(std::abs(acceptedAt(1'500, 100) - 1'010) < 1);
        QVERIFY(std::abs(acceptedAt(5'000, 100) - 1'010) < 1);
    }

    void smallRecordsHaveTheBetterChance()
    {
        Terms terms = termsWith(0, kClasses);
        terms.bytesPerRecord = 4'000;
        Block block = blockOf(terms);
        std::vector<float> attempts(100), refused(100);
        const std::vector<Second> seconds = secondsOf(8'000, 100);
        run(block, seconds, terms, attempts.data(), refused.data());
        // The heaviest shard is offered 3.6 MiB/s: of the bytes 1 of 3.6 passes, of the records
        // more.
        const double share
            = static_cast<double>(block.accepted[15]) / static_cast<double>(block.attempts[15]);
        QVERIFY2(share > 0.30 && share < 0.60, qPrintable(QString::number(share)));
    }
};

QTEST_APPLESS_MAIN(FlowKernelTest)
#include "tst_flow_kernel.moc"
