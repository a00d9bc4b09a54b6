#include "tests/core/runtime/kept_service.h"
#include "tests/support/faulty_files.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

constexpr const char* kShard = "shardId-000000000000";

/// Keeps what it is told; the disk's thread tells it.
class Listener : public SubscriptionSink {
public:
    bool event(SubscribeToShardEvent event) override
    {
        const std::lock_guard lock(m_mutex);
        m_records += event.records.rows.size();
        return true;
    }
    void end(std::optional<Error> why) override
    {
        const std::lock_guard lock(m_mutex);
        m_why = std::move(why);
    }
    [[nodiscard]] std::int64_t unsent() const override { return 0; }
    [[nodiscard]] std::size_t records() const
    {
        const std::lock_guard lock(m_mutex);
        return m_records;
    }
    [[nodiscard]] std::optional<Error> why() const
    {
        const std::lock_guard lock(m_mutex);
        return m_why;
    }

private:
    mutable std::mutex m_mutex;
    std::size_t m_records = 0;
    std::optional<Error> m_why;
};

std::shared_ptr<Listener> subscribed(KeptService& kept)
{
    const auto registered
        = kept.ask(RegisterStreamConsumer {.streamName = "orders", .consumerName = "reader"});
    kept.pass(SimDuration::seconds(30));
    auto listener = std::make_shared<Listener>();
    SubscribeToShard ask {.streamName = "orders", .consumerName = "reader", .shardId = kShard};
    ask.type = IteratorType::Latest;
    bool opened = false;
    if (!registered || !kept.service->subscribe(ask, listener, [&](const Result<ApiAnswer>& a) {
            opened = a.has_value();
        }))
        qFatal("no consumer");
    kept.service->work();
    if (!opened)
        qFatal("no subscription");
    return listener;
}

/// The sequence numbers that an answer tells.
std::vector<std::string> numbersOf(const Result<ApiAnswer>& answer)
{
    std::vector<std::string> out;
    for (const SequenceNumber& number : std::get<PutRecordsResult>(*answer).records)
        out.push_back(number.text());
    return out;
}

} // namespace

/// A local service whose disk is slow, full or gone.
class LocalServiceFaultsTest : public QObject {
    Q_OBJECT

private slots:
    void aPutIsAnsweredWhenTheDiskHasIt()
    {
        const QTemporaryDir folder;
        FaultyFiles files;
        KeptService kept(folder, {}, &files);
        kept.create("orders", 1);
        files.holdSyncs();
        const auto put = kept.begin(batch("orders", 0, 3));
        kept.service->work();
        QVERIFY(!KeptService::isThere(put));
        files.letSyncsEnd();
        QTRY_VERIFY(kept.hasWorkedUntil(put));
    }

    /// What was durable before is read at once; what is on its way to the disk when it is there.
    void aReadWaitsForNothingButWhatItReads()
    {
        const QTemporaryDir folder;
        FaultyFiles files;
        KeptService kept(folder, {}, &files);
        kept.create("orders", 1);
        QVERIFY(kept.ask(batch("orders", 0, 3)));
        const std::string start = kept.iterator("orders", kShard);
        files.holdSyncs();
        auto put = kept.begin(batch("orders", 3, 5));
        auto old = kept.begin(GetRecords {.shardIterator = start, .limit = 3});
        QVERIFY(KeptService::isThere(old));
        const auto page = old.get();
        QVERIFY(page);
        QCOMPARE(std::get<GetRecordsResult>(*page).records.rows.size(), std::size_t {3});
        auto all = kept.begin(GetRecords {.shardIterator = start});
        kept.service->work();
        QVERIFY(!KeptService::isThere(all) && !KeptService::isThere(put));
        files.letSyncsEnd();
        QTRY_VERIFY(kept.hasWorkedUntil(all) && kept.hasWorkedUntil(put));
        QCOMPARE(std::get<GetRecordsResult>(*all.get()).records.rows.size(), std::size_t {5});
    }

    void eventsGoOutWhenTheirRecordsAreDurable()
    {
        const QTemporaryDir folder;
        FaultyFiles files;
        KeptService kept(folder, {}, &files);
        kept.create("orders", 1);
        const auto listener = subscribed(kept);
        files.holdSyncs();
        const auto put = kept.begin(batch("orders", 0, 3));
        kept.service->work();
        QVERIFY(!KeptService::isThere(put));
        QCOMPARE(listener->records(), std::size_t {0});
        files.letSyncsEnd();
        QTRY_VERIFY(kept.hasWorkedUntil(put));
        QTRY_COMPARE(listener->records(), std::size_t {3});
    }

    void eventsThatCannotBeMadeDurableEndTheirSubscription()
    {
        const QTemporaryDir folder;
        FaultyFiles files;
        KeptService kept(folder, {}, &files);
        kept.create("orders", 1);
        const auto listener = subscribed(kept);
        files.setRoom(0);
        const auto put = kept.ask(batch("orders", 0, 3));
        QVERIFY(!put);
        QTRY_VERIFY(listener->why().has_value());
        QCOMPARE(listener->why()->code, ErrorCode::InternalFailure);
        QCOMPARE(listener->records(), std::size_t {0});
    }

    void aFullDiskRefusesPutsUntilThereIsRoom()
    {
        const QTemporaryDir folder;
        FaultyFiles files;
        SimTime later;
        {
            KeptService kept(folder, {}, &files);
            kept.create("orders", 1);
            kept.create("audit", 1);
            QVERIFY(kept.ask(batch("orders", 0, 10)));
            files.setRoom(0);
            // The first that needs room finds out; the next ones are told before anything is taken.
            QVERIFY(!kept.ask(batch("audit", 0, 1)));
            const auto refused = kept.ask(batch("orders", 11, 12));
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::InternalFailure);
            QVERIFY2(
                refused.error().message.starts_with("No records can be kept in stream orders: "),
                refused.error().message.c_str());
            // What was acknowledged is read all the while.
            const auto page = kept.ask(
                GetRecords {.shardIterator = kept.iterator("orders", kShard), .limit = 10});
            QVERIFY(page);
            QCOMPARE(std::get<GetRecordsResult>(*page).records.rows.size(), std::size_t {10});
            kept.service->work();
            QVERIFY(!kept.service->snapshot()->store->trouble.empty());
            files.setRoom(UINT64_MAX);
            QTRY_VERIFY_WITH_TIMEOUT(kept.ask(batch("orders", 12, 13)).has_value(), 30'000);
            QVERIFY(kept.ask(batch("orders", 13, 14)));
            kept.service->work();
            QVERIFY(kept.service->snapshot()->store->trouble.empty());
            later = kept.now;
        }
        KeptService again(folder, later + SimDuration::seconds(5), &files);
        const auto read = again.read("orders", kShard);
        for (const int wanted : {0, 9, 12, 13})
            QVERIFY(std::find(read.begin(), read.end(), "data-" + std::to_string(wanted))
                    != read.end());
        QVERIFY(again.service->snapshot()->store->findings.empty());
    }

    /// The power goes while records are on their way that nobody was told of.
    void noSequenceNumberIsGivenTwice_data()
    {
        QTest::addColumn<quint64>("seed");
        for (quint64 seed = 1; seed <= 4; ++seed)
            QTest::addRow("seed %llu", seed) << seed;
    }
    void noSequenceNumberIsGivenTwice()
    {
        QFETCH(quint64, seed);
        const QTemporaryDir folder;
        FaultyFiles files;
        SimTime later;
        std::vector<std::string> told;
        for (int life = 0; life < 2; ++life) {
            std::vector<std::string> before = told;
            {
                KeptService kept(folder, later, &files);
                if (life == 0)
                    kept.create("orders", 1);
                kept.now += SimDuration::seconds(1);
                const auto read = kept.read("orders", kShard);
                QVERIFY(read.size() >= told.size());
                const auto put = kept.ask(batch("orders", 10 * life, 10 * life + 10));
                QVERIFY(put);
                for (const std::string& number : numbersOf(put)) {
                    QVERIFY(told.empty() || told.back() < number);
                    told.push_back(number);
                }
                QVERIFY(told.size() == before.size() + 10);
                files.failAt(1 + static_cast<std::int64_t>(seed % 3), FaultyFiles::Fault::PowerCut,
                             seed + static_cast<quint64>(life));
                auto tail = kept.begin(batch("orders", 900, 920));
                kept.service->work();
                later = kept.now + SimDuration::seconds(5);
            }
            files.powerUp(seed);
        }
    }

    void aDataKeyThatDoesNotOpenRefusesTheFolder()
    {
        const QTemporaryDir folder;
        const SimTime later = keepEncryptedOrders(folder);
        // The key is there, but it is another one.
        QFile file(folder.filePath("keys.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray text = file.readAll();
        file.close();
        const auto at = text.indexOf('"', text.indexOf("\"material\"") + 10) + 1;
        text[at] = text[at] == '0' ? '1' : '0';
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QVERIFY(file.write(text) == text.size());
        file.close();
        const auto again = LocalService::open(
            {.store = LocalService::Store {.folder = folder.path().toStdString()},
             .clock = [&] { return later; },
             .byHand = true});
        QVERIFY(!again);
        QCOMPARE(again.error().code, ErrorCode::BadInput);
        QVERIFY2(again.error().message.starts_with("Stream orders cannot be read: Data key "),
                 again.error().message.c_str());
    }
};

QTEST_APPLESS_MAIN(LocalServiceFaultsTest)
#include "tst_local_service_faults.moc"
