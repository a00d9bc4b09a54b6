#include <QTest>

#include <algorithm>
#include <map>
#include <set>

#include "core/workload/retry_profile.h"
#include "world.h"

using namespace shardscope;
using namespace shardscope::test;

namespace {

bool refuseAll(const SentRow&)
{
    return false;
}

ProducerSpec kplSpec(double rate)
{
    ProducerSpec spec = plainSpec(rate);
    spec.client.api = ClientSpec::Api::Kpl;
    spec.client.retry = ClientSpec::Retry::Kpl;
    spec.client.linger = SimDuration::millis(100);
    spec.client.inFlight = 24;
    return spec;
}

std::uint64_t varint(std::string_view s, std::size_t& at)
{
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
        const auto byte = static_cast<std::uint8_t>(s[at++]);
        value |= std::uint64_t(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
}

/// Reads an aggregate by its published format.
std::vector<std::pair<std::string, std::string>> readAggregate(const std::string& bytes)
{
    std::vector<std::string> keys;
    std::vector<std::pair<std::string, std::string>> records;
    const std::string_view message = std::string_view(bytes).substr(4, bytes.size() - 20);
    for (std::size_t at = 0; at < message.size();) {
        const auto tag = static_cast<std::uint8_t>(message[at++]);
        const std::size_t length = varint(message, at);
        const std::string_view body = message.substr(at, length);
        at += length;
        if (tag == 0x0a) {
            keys.emplace_back(body);
            continue;
        }
        if (tag != 0x1a)
            return {};
        std::size_t in = 0;
        std::uint64_t key = 0;
        std::string data;
        while (in < body.size()) {
            const auto inner = static_cast<std::uint8_t>(body[in++]);
            const std::uint64_t value = varint(body, in);
            if (inner == 0x08) {
                key = value;
            } else {
                data = body.substr(in, value);
                in += value;
            }
        }
        records.emplace_back(keys.at(key), data);
    }
    return records;
}

} // namespace

class ClientsTest : public QObject {
    Q_OBJECT

private slots:
    void aCallHoldsItsMostRecords_data()
    {
        QTest::addColumn<qlonglong>("batch");
        QTest::addColumn<qlonglong>("calls");
        QTest::newRow("500 records fit one call") << 500LL << 1LL;
        QTest::newRow("499 a call make a second one of the last") << 499LL << 2LL;
        QTest::newRow("one a call") << 1LL << 500LL;
    }
    void aCallHoldsItsMostRecords()
    {
        QFETCH(qlonglong, batch);
        QFETCH(qlonglong, calls);
        ProducerSpec spec = plainSpec(500);
        spec.rate.spread = RateSpec::Spread::Aligned;
        spec.client.batchRecords = batch;
        World world(spec);
        QCOMPARE(world.run(500).size(), std::size_t(500));
        QCOMPARE(qlonglong(world.producer.counts().calls), calls);
    }

    void putRecordSendsEachAlone()
    {
        ProducerSpec spec = plainSpec(300);
        spec.client.api = ClientSpec::Api::PutRecord;
        World world(spec);
        world.run(1000);
        QCOMPARE(world.producer.counts().calls, std::int64_t(300));
    }

    void aCallHoldsItsMostBytes_data()
    {
        QTest::addColumn<qlonglong>("limit");
        QTest::addColumn<qlonglong>("calls");
        // Twenty records of 1,000 bytes and keys of one.
        QTest::newRow("ten fit to the byte") << 10'010LL << 2LL;
        QTest::newRow("one byte less and nine fit") << 10'009LL << 3LL;
    }
    void aCallHoldsItsMostBytes()
    {
        QFETCH(qlonglong, limit);
        QFETCH(qlonglong, calls);
        ProducerSpec spec = plainSpec(20);
        spec.rate.spread = RateSpec::Spread::Aligned;
        spec.size.bytes = 1000;
        spec.keys.shape = KeySpec::Shape::Constant;
        spec.keys.prefix = "k";
        spec.client.batchBytes = limit;
        World world(spec);
        QCOMPARE(world.run(1000).size(), std::size_t(20));
        QCOMPARE(qlonglong(world.producer.counts().calls), calls);
    }

    void lingerIsTheLongestWait()
    {
        ProducerSpec spec = plainSpec(100);
        spec.client.linger = SimDuration::millis(100);
        World world(spec);
        const auto rows = world.run(2000);
        const std::int64_t start = kDefaultStart.inMillis();
        std::int64_t longest = 0;
        for (const SentRow& row : rows) {
            const std::int64_t made = start + std::int64_t(row.number) * 10;
            QVERIFY(row.ms >= made);
            longest = std::max(longest, row.ms - made);
        }
        QCOMPARE(longest, std::int64_t(100));
    }

    void callsUnderWayAreLimitedAndTheRestWaits_data()
    {
        QTest::addColumn<qlonglong>("inFlight");
        QTest::addColumn<qlonglong>("sent");
        // Calls of one record that take 20 ms: each place carries 50 a second.
        QTest::newRow("10 at once carry 500 of 1,000 a second") << 10LL << 500LL;
        QTest::newRow("20 at once carry all") << 20LL << 1000LL;
    }
    void callsUnderWayAreLimitedAndTheRestWaits()
    {
        QFETCH(qlonglong, inFlight);
        QFETCH(qlonglong, sent);
        ProducerSpec spec = plainSpec(1000);
        spec.client.api = ClientSpec::Api::PutRecord;
        spec.client.inFlight = inFlight;
        spec.client.callTime = SimDuration::millis(20);
        World world(spec);
        QCOMPARE(qlonglong(world.run(1000).size()), sent);
        QCOMPARE(qlonglong(world.producer.counts().waiting), 1000 - sent);
        QCOMPARE(QString::fromStdString(broken(world.producer.counts())), QString());
    }

    void refusedRecordsAreTriedAsOftenAsTheProfileSays_data()
    {
        QTest::addColumn<int>("retry");
        QTest::addColumn<qlonglong>("most");
        QTest::addColumn<int>("attempts");
        using R = ClientSpec::Retry;
        QTest::newRow("none: once") << int(R::None) << 0LL << 1;
        QTest::newRow("legacy: five times") << int(R::Legacy) << 0LL << 5;
        QTest::newRow("standard of 2025: three times") << int(R::Standard2025) << 0LL << 3;
        QTest::newRow("standard of 2026: three times") << int(R::Standard2026) << 0LL << 3;
        QTest::newRow("standard, told seven") << int(R::Standard2026) << 7LL << 7;
        QTest::newRow("at once, told four") << int(R::Immediate) << 4LL << 4;
    }
    void refusedRecordsAreTriedAsOftenAsTheProfileSays()
    {
        QFETCH(int, retry);
        QFETCH(qlonglong, most);
        QFETCH(int, attempts);
        ProducerSpec spec = plainSpec(100);
        spec.client.retry = static_cast<ClientSpec::Retry>(retry);
        spec.client.attemptsMost = most;
        World world(spec, 9);
        auto rows = world.run(1000, refuseAll);
        world.producer.setPaused(true, world.now);
        const auto later = world.run(300'000, refuseAll);
        rows.insert(rows.end(), later.begin(), later.end());
        std::map<std::uint64_t, std::vector<int>> tries;
        for (const SentRow& row : rows)
            tries[row.number].push_back(row.attempt);
        QCOMPARE(tries.size(), std::size_t(100));
        for (const auto& [number, seen] : tries) {
            QCOMPARE(int(seen.size()), attempts);
            for (int i = 0; i < attempts; ++i)
                QCOMPARE(seen[std::size_t(i)], i + 1);
        }
        const auto counts = world.producer.counts();
        QCOMPARE(counts.dropped, std::int64_t(100));
        QCOMPARE(counts.waiting, std::int64_t(0));
        QCOMPARE(counts.refused, std::int64_t(100 * attempts));
        QCOMPARE(QString::fromStdString(broken(counts)), QString());
    }

    void delaysStayInTheirBounds_data()
    {
        QTest::addColumn<int>("retry");
        QTest::addColumn<int>("tries");
        QTest::addColumn<double>("failures");
        QTest::addColumn<qlonglong>("least");
        QTest::addColumn<qlonglong>("most");
        using R = ClientSpec::Retry;
        QTest::newRow("legacy, first") << int(R::Legacy) << 1 << 0.0 << 0LL << 1000LL;
        QTest::newRow("legacy, fourth") << int(R::Legacy) << 4 << 0.0 << 0LL << 8000LL;
        QTest::newRow("2025, first") << int(R::Standard2025) << 1 << 0.0 << 0LL << 500LL;
        QTest::newRow("2026, second") << int(R::Standard2026) << 2 << 0.0 << 0LL << 2000LL;
        QTest::newRow("2026, capped") << int(R::Standard2026) << 9 << 0.0 << 0LL << 20'000LL;
        QTest::newRow("agent, at first") << int(R::Agent) << 1 << 0.0 << 70LL << 130LL;
        QTest::newRow("agent, capped") << int(R::Agent) << 9 << 9.0 << 7000LL << 13'000LL;
        QTest::newRow("at once") << int(R::Immediate) << 5 << 0.0 << 0LL << 0LL;
    }
    void delaysStayInTheirBounds()
    {
        QFETCH(int, retry);
        QFETCH(int, tries);
        QFETCH(double, failures);
        QFETCH(qlonglong, least);
        QFETCH(qlonglong, most);
        ClientSpec spec;
        spec.retry = static_cast<ClientSpec::Retry>(retry);
        const RetryProfile profile(spec);
        QCOMPARE(qlonglong(profile.delayMs(tries, failures, 0.0)), least);
        QVERIFY(profile.delayMs(tries, failures, 0.9999999) <= most);
        QVERIFY(profile.delayMs(tries, failures, 0.9999999) >= most - 1);
    }

    void refusedEntriesGoTogetherInTheirOrder()
    {
        ProducerSpec spec = plainSpec(500);
        spec.rate.spread = RateSpec::Spread::Aligned;
        spec.client.retry = ClientSpec::Retry::Standard2026;
        World world(spec, 4);
        const auto rows = world.run(
            1000, [](const SentRow& row) { return row.attempt > 1 || row.number % 5 != 0; });
        std::vector<SentRow> again;
        std::copy_if(rows.begin(), rows.end(), std::back_inserter(again),
                     [](const SentRow& row) { return row.attempt == 2; });
        if (again.empty()) {
            const auto later = world.run(1000);
            std::copy_if(later.begin(), later.end(), std::back_inserter(again),
                         [](const SentRow& row) { return row.attempt == 2; });
        }
        QCOMPARE(again.size(), std::size_t(100));
        for (std::size_t i = 0; i < again.size(); ++i) {
            QCOMPARE(again[i].number, std::uint64_t(i * 5));
            QCOMPARE(again[i].ms, again[0].ms);
        }
        QVERIFY(again[0].ms >= rows[0].ms + spec.client.callTime.inMillis());
    }

    void theStormComesBackWithEveryCall()
    {
        ProducerSpec spec = plainSpec(100);
        spec.client.retry = ClientSpec::Retry::Immediate;
        spec.client.inFlight = 50;
        World world(spec);
        world.run(1000, refuseAll);
        const auto counts = world.producer.counts();
        QCOMPARE(counts.dropped, std::int64_t(0));
        QVERIFY(counts.retries > 10 * counts.firstTries);
        QVERIFY2(counts.calls <= 50 * 100 + 50, "calls under way stay limited");
        QCOMPARE(QString::fromStdString(broken(counts)), QString());
    }

    void theAgentNeverGivesUpAndStopsReading()
    {
        ProducerSpec spec = plainSpec(1000);
        spec.client.api = ClientSpec::Api::Agent;
        spec.client.retry = ClientSpec::Retry::Agent;
        spec.client.batchRecords = 1;
        World world(spec);
        const auto rows = world.run(20'000, refuseAll);
        std::set<std::uint64_t> sent;
        for (const SentRow& row : rows)
            sent.insert(row.number);
        QVERIFY2(sent.size() <= 200, qPrintable(QString::number(sent.size())));
        QCOMPARE(world.producer.counts().dropped, std::int64_t(0));
        world.run(10'000);
        QVERIFY(world.producer.counts().accepted > 20'000);
        QCOMPARE(QString::fromStdString(broken(world.producer.counts())), QString());
    }

    void aggregatesHoldManyUserRecordsOfOneShard()
    {
        World world(kplSpec(40'000), 2);
        const auto rows = world.run(3000);
        std::int64_t users = 0;
        for (const SentRow& row : rows) {
            users += row.userRecords;
            QVERIFY2(row.bytes <= 51'200 + 1, qPrintable(QString::number(row.bytes)));
        }
        const auto counts = world.producer.counts();
        QCOMPARE(users, counts.firstTries);
        QCOMPARE(QString::fromStdString(broken(counts)), QString());
        // 250 keys of a shard take 2,250 of 51,200 bytes, a record of 100 bytes takes 106 more.
        const double ratio = double(users) / double(rows.size());
        QVERIFY2(ratio > 440 && ratio < 475, qPrintable(QString::number(ratio)));
    }

    void theTimerClosesAggregatesOfSlowProducers()
    {
        World world(kplSpec(400), 2);
        const auto rows = world.run(5000);
        std::int64_t users = 0;
        for (const SentRow& row : rows)
            users += row.userRecords;
        // Ten a second and shard: 100 records/s and shard wait up to 100 ms.
        const double ratio = double(users) / double(rows.size());
        QVERIFY2(ratio > 8 && ratio < 12, qPrintable(QString::number(ratio)));
    }

    void aggregatesAreMadeAgainInTheirFormat()
    {
        ProducerSpec spec = kplSpec(4000);
        spec.kind = ProducerKind::Iot;
        spec.size = {SizeSpec::Shape::LogNormal, 200, 600};
        World world(spec, 6);
        const auto rows
            = world.run(2000, [](const SentRow& row) { return (row.high >> 20) % 3 != 0; });
        int aggregates = 0;
        std::set<std::string> seen;
        for (const SentRow& row : rows) {
            if (!row.accepted)
                continue;
            const std::string key = world.producer.partitionKey(row.number);
            const std::string data = world.producer.data(row.number);
            QCOMPARE(key.size(), std::size_t(row.keyBytes));
            QCOMPARE(data.size() + key.size(), std::size_t(row.bytes));
            if (row.userRecords == 1) {
                QCOMPARE(md5(key).high(), row.high);
                continue;
            }
            ++aggregates;
            QCOMPARE(key, std::string("a"));
            QCOMPARE(data.substr(0, 4), std::string("\xf3\x89\x9a\xc2"));
            const HashKey sum = md5(data.substr(4, data.size() - 20));
            for (std::size_t i = 0; i < 16; ++i)
                QCOMPARE(static_cast<std::uint8_t>(data[data.size() - 16 + i]),
                         static_cast<std::uint8_t>(sum.value >> (120 - 8 * i)));
            const auto records = readAggregate(data);
            QCOMPARE(records.size(), std::size_t(row.userRecords));
            QCOMPARE(md5(records[0].first).high(), row.high);
            for (const auto& [userKey, userData] : records) {
                QVERIFY(userData.starts_with("{\"device\":\"" + userKey));
                QVERIFY2(seen.insert(userData).second, "a user record is stored twice");
            }
        }
        QVERIFY(aggregates > 50);
    }

    void theLimiterHoldsToItsShareOfAShard()
    {
        ProducerSpec spec = kplSpec(5000);
        spec.client.aggregation = false;
        World world(spec, 3, 1);
        world.run(1000);
        const auto atOneSecond = world.producer.counts().accepted;
        // A full bucket of 1,000 and 1,500 a second; the call is collected for up to 120 ms.
        QVERIFY2(atOneSecond >= 2200 && atOneSecond <= 2500,
                 qPrintable(QString::number(atOneSecond)));
        world.run(4000);
        const auto more = world.producer.counts().accepted - atOneSecond;
        QVERIFY2(more >= 5900 && more <= 6100, qPrintable(QString::number(more)));
        QCOMPARE(QString::fromStdString(broken(world.producer.counts())), QString());
    }

    void tooManyOutstandingRecordsWaitOutside()
    {
        // One shard takes 1.5 MiB/s from this process; a thousand times that is made.
        ProducerSpec spec = kplSpec(1'000'000);
        spec.size.bytes = 2000;
        World world(spec, 3, 1);
        world.run(4000);
        const auto counts = world.producer.counts();
        QCOMPARE(counts.userRecords, std::int64_t(4'000'000));
        QVERIFY(counts.waiting > 3'900'000);
        QCOMPARE(counts.dropped, std::int64_t(0));
        QCOMPARE(QString::fromStdString(broken(counts)), QString());
        // Those inside expire 30 s after they were taken, and others follow.
        world.producer.setPaused(true, world.now);
        world.run(30'000);
        const auto later = world.producer.counts();
        QVERIFY2(later.dropped > 900'000 && later.dropped < 1'100'000,
                 qPrintable(QString::number(later.dropped)));
        QCOMPARE(QString::fromStdString(broken(later)), QString());
    }

    void refusedUserRecordsExpireAfterTheirTimeToLive()
    {
        ProducerSpec spec = kplSpec(200);
        spec.client.timeToLive = SimDuration::seconds(2);
        World world(spec);
        world.run(1000, refuseAll);
        world.producer.setPaused(true, world.now);
        world.run(800, refuseAll);
        QCOMPARE(world.producer.counts().dropped, std::int64_t(0));
        world.run(2000, refuseAll);
        const auto counts = world.producer.counts();
        QCOMPARE(counts.dropped, std::int64_t(200));
        QCOMPARE(counts.waiting, std::int64_t(0));
        QVERIFY(counts.retries > 5 * counts.firstTries);
        QCOMPARE(QString::fromStdString(broken(counts)), QString());
    }

    void whatAClientHoldsSurvivesAChangeOfClient_data()
    {
        QTest::addColumn<bool>("fromKpl");
        QTest::addColumn<bool>("toKpl");
        QTest::addColumn<int>("shape");
        using K = KeySpec::Shape;
        QTest::newRow("calls to aggregates") << false << true << int(K::Uniform);
        QTest::newRow("aggregates to calls") << true << false << int(K::Uniform);
        QTest::newRow("aggregates to aggregates") << true << true << int(K::Random);
        QTest::newRow("calls to calls") << false << false << int(K::Timestamp);
        QTest::newRow("calls to aggregates, by time") << false << true << int(K::Timestamp);
    }
    void whatAClientHoldsSurvivesAChangeOfClient()
    {
        QFETCH(bool, fromKpl);
        QFETCH(bool, toKpl);
        QFETCH(int, shape);
        ProducerSpec spec = fromKpl ? kplSpec(2000) : plainSpec(2000);
        spec.keys.shape = static_cast<KeySpec::Shape>(shape);
        spec.client.linger = SimDuration::millis(100);
        World world(spec, 8);
        auto rows = world.run(1550, [](const SentRow& row) { return row.high % 4 != 0; });
        QVERIFY(world.producer.counts().waiting > 0);
        ProducerSpec other = toKpl ? kplSpec(2000) : plainSpec(2000);
        other.keys.shape = spec.keys.shape;
        QVERIFY(world.producer.change(other, world.now).has_value());
        QCOMPARE(QString::fromStdString(broken(world.producer.counts())), QString());
        world.producer.setPaused(true, world.now);
        const auto later = world.run(20'000);
        rows.insert(rows.end(), later.begin(), later.end());
        const auto counts = world.producer.counts();
        QCOMPARE(counts.waiting, std::int64_t(0));
        QCOMPARE(counts.accepted + counts.dropped, counts.userRecords);
        QCOMPARE(QString::fromStdString(broken(counts)), QString());
        std::int64_t users = 0;
        for (const SentRow& row : rows)
            if (row.accepted) {
                users += row.userRecords;
                const std::string key = world.producer.partitionKey(row.number);
                QCOMPARE(world.producer.data(row.number).size() + key.size(),
                         std::size_t(row.bytes));
                if (row.userRecords == 1)
                    QCOMPARE(md5(key).high(), row.high);
            }
        QCOMPARE(users, counts.accepted);
    }

    void aggregationIsDeterministic()
    {
        const auto refuse = [](const SentRow& row) { return row.high % 5 != 0; };
        World a(kplSpec(5000), 21), b(kplSpec(5000), 21), c(kplSpec(5000), 22);
        a.run(2000, refuse);
        Producer copy = a.producer;
        b.run(2000, refuse);
        c.run(2000, refuse);
        QCOMPARE(a.producer.digest(), b.producer.digest());
        QCOMPARE(copy.digest(), b.producer.digest());
        QVERIFY(a.producer.digest() != c.producer.digest());
    }
};

QTEST_APPLESS_MAIN(ClientsTest)
#include "tst_clients.moc"
