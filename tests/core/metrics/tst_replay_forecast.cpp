#include <QTest>

#include "core/engine/sequence_number.h"
#include "core/metrics/replay_forecast.h"

using namespace shardscope;

class ReplayForecastTest : public QObject {
    Q_OBJECT

    static constexpr double kMiB = 1048576;

    /// One shard with ten minutes of 100 records of 1 KiB a second, all kept, and one reader that
    /// has read all of it.
    static Snapshot tenMinutes()
    {
        Snapshot s;
        s.clock.start = kDefaultStart;
        s.clock.now = kDefaultStart + SimDuration::minutes(10);
        s.stream.summary.openShardCount = 1;
        ShardRow shard;
        shard.slot = ShardSlot(0);
        shard.minute.acceptedRecords = 100;
        shard.stored = {60'000, 60'000 * 1'024};
        s.shards.push_back(shard);
        auto block = std::make_shared<SeriesBlock>();
        block->start = kDefaultStart;
        block->step = SimDuration::seconds(1);
        block->shards = {ShardSlot(0)};
        for (int i = 0; i < 600; ++i) {
            ShardSample cell;
            cell.inRecords = 100;
            cell.inBytes = 102'400;
            block->cells.push_back(cell);
            block->totals.emplace_back();
        }
        s.history.series[static_cast<std::size_t>(Resolution::Second)].push_back(block);
        s.consumers.push_back(reader(0));
        return s;
    }
    static ConsumerRow reader(std::uint32_t slot)
    {
        ConsumerRow row;
        row.slot = ConsumerSlot(slot);
        row.spec.readsPerSecond = 5;
        row.reading = {ShardSlot(0)};
        row.readRates = {{102'400, 1, 0}};
        return row;
    }
    static ReplayForecast forecast(const Snapshot& s, const ReplayPoint& to)
    {
        const auto made = forecastReplay(s, s.consumers[0], to);
        if (!made)
            qFatal("%s", made.error().message.c_str());
        return *made;
    }
    static ReplayPoint back(SimDuration by) { return {ReplayPoint::Kind::Time, by, {}}; }

private slots:
    void fromTheHorizonAllThatIsKeptIsReadAgain()
    {
        const ReplayForecast made
            = forecast(tenMinutes(), {ReplayPoint::Kind::TrimHorizon, {}, {}});
        QCOMPARE(made.records, 60'000);
        QCOMPARE(made.bytes, Bytes(60'000 * 1'024));
        QCOMPARE(made.again, 60'000);
        // 2,048 records/s may be read while 100 are written.
        QCOMPARE(made.takes->inMillis(), std::int64_t(60'000 * 1'000 / 1'948));
    }

    void aTimeCountsItsPartOfABucket()
    {
        const Snapshot s = tenMinutes();
        QCOMPARE(forecast(s, back(SimDuration::seconds(60))).records, 6'000);
        QCOMPARE(forecast(s, back(SimDuration::millis(1'500))).records, 150);
        QCOMPARE(forecast(s, back(SimDuration::hours(9))).records, 60'000);
    }

    void whatRetentionTookIsNotReadAgain()
    {
        Snapshot s = tenMinutes();
        s.shards[0].stored = {5'000, 5'000 * 1'024};
        QCOMPARE(forecast(s, back(SimDuration::seconds(60))).records, 5'000);
        QCOMPARE(forecast(s, back(SimDuration::seconds(50))).records, 5'000);
        QCOMPARE(forecast(s, back(SimDuration::seconds(49))).records, 4'900);
    }

    void theTipPassesOverWhatIsUnread()
    {
        Snapshot s = tenMinutes();
        s.consumers[0].lagRecords = 700;
        const ReplayForecast tip = forecast(s, {ReplayPoint::Kind::Latest, {}, {}});
        QCOMPARE(tip.records, 0);
        QCOMPARE(tip.skipped, 700);
        QCOMPARE(*tip.takes, SimDuration());
        const ReplayForecast minute = forecast(s, back(SimDuration::minutes(1)));
        QCOMPARE(minute.again, 5'300);
        QCOMPARE(minute.skipped, 0);
    }

    void aSequenceNumberMovesItsShardAlone()
    {
        const Snapshot s = tenMinutes();
        SequenceNumber number;
        number.shardCreatedAt = kDefaultStart.inSeconds();
        number.shard = ShardSlot(0);
        number.counter = 1;
        number.recordAt = kDefaultStart.inSeconds() + 540;
        const ReplayPoint to {ReplayPoint::Kind::SequenceNumber, {}, number.text()};
        QCOMPARE(forecast(s, to).again, 6'000);
        number.shard = ShardSlot(1);
        const ReplayPoint nowhere {ReplayPoint::Kind::SequenceNumber, {}, number.text()};
        QVERIFY(!forecastReplay(s, s.consumers[0], nowhere));
        QVERIFY(!forecastReplay(s, s.consumers[0], {ReplayPoint::Kind::SequenceNumber, {}, "x"}));
    }

    void othersTakeTheirPartOfASharedShard()
    {
        Snapshot s = tenMinutes();
        QCOMPARE(recordsItMayRead(s, s.consumers[0], ShardSlot(0), 1'024), 2'048.0);
        s.consumers.push_back(reader(1));
        QCOMPARE(recordsItMayRead(s, s.consumers[0], ShardSlot(0), 1'024), 1'948.0);
        // However much they read, an even share is left.
        s.consumers[1].readRates[0].bytesPerSecond = 2 * kMiB;
        QCOMPARE(recordsItMayRead(s, s.consumers[0], ShardSlot(0), 1'024), 1'024.0);
        s.consumers[0].fanOut = true;
        QCOMPARE(recordsItMayRead(s, s.consumers[0], ShardSlot(0), 1'024), 2'048.0);
        s.consumers[0].fanOut = false;
        s.consumers[1].fanOut = true;
        QCOMPARE(recordsItMayRead(s, s.consumers[0], ShardSlot(0), 1'024), 2'048.0);
    }

    void itsOwnPaceHoldsToo()
    {
        Snapshot s = tenMinutes();
        ConsumerSpec& spec = s.consumers[0].spec;
        spec.readsPerSecond = 1;
        spec.recordsPerCall = 500;
        QCOMPARE(recordsItMayRead(s, s.consumers[0], ShardSlot(0), 1'024), 500.0);
        spec.recordsPerSecond = 101;
        QCOMPARE(recordsItMayRead(s, s.consumers[0], ShardSlot(0), 1'024), 101.0);
        QVERIFY(forecast(s, back(SimDuration::minutes(1))).takes);
        spec.recordsPerSecond = 100;
        QVERIFY(!forecast(s, back(SimDuration::minutes(1))).takes);
    }

    void aChildIsReadAfterItsParent()
    {
        Snapshot s = tenMinutes();
        s.shards[0].state = ShardState::Closed;
        ShardRow child;
        child.slot = ShardSlot(1);
        child.parent = ShardSlot(0);
        child.minute.acceptedRecords = 48;
        child.stored = {2'000, 2'000 * 1'024};
        s.shards.insert(s.shards.begin(), child);
        const ReplayForecast made = forecast(s, {ReplayPoint::Kind::TrimHorizon, {}, {}});
        const double parent = 60'000.0 / 2'048;
        const double both = parent + (2'000 + 48 * parent) / 2'000;
        QCOMPARE(made.takes->inMillis(), std::int64_t(both * 1'000));
    }
};

QTEST_APPLESS_MAIN(ReplayForecastTest)
#include "tst_replay_forecast.moc"
