#include <QTest>

#include "core/catalog/catalog.h"
#include "core/catalog/state_check.h"
#include "core/storage/key_ring.h"
#include "random_requests.h"
#include "tests/support/memory_folder.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

ServiceOptions unthrottled()
{
    ServiceOptions options;
    options.timings.create = SimDuration::seconds(2);
    options.timings.update = SimDuration::seconds(3);
    options.timings.reshard = SimDuration::seconds(5);
    // Rates of calls are over within a second, so they do not survive a restart.
    options.throttling.control = false;
    return options;
}

/// The state but for data keys, which are drawn at random.
std::string comparable(const Service& service)
{
    ServiceState state = service.state();
    for (StreamState& stream : state.streams) {
        stream.dataKeys.clear();
        stream.dataKeyId = stream.dataKeyId.empty() ? "none" : "some";
    }
    return textOf(state);
}

std::string texts(const StreamDescriptionSummary& s)
{
    return s.streamArn + " " + std::to_string(static_cast<int>(s.status)) + " "
        + std::to_string(s.openShardCount) + " " + std::to_string(s.consumerCount) + " "
        + std::to_string(s.channelCount) + "\n";
}

/// What the service itself tells of its streams, beyond its state.
std::string described(Service& service)
{
    std::string out;
    for (Stream* stream : service.streams()) {
        out += texts(stream->summary());
        const auto shards = service.listShards(stream->name());
        for (const ShardDescription& shard : shards.value())
            out += shard.shardId + " " + toHex(shard.range.start) + " "
                + shard.startingSequenceNumber + " " + shard.endingSequenceNumber.value_or("open")
                + "\n";
        for (const Shard& shard : stream->shards())
            for (const ShardSlot child : shard.children)
                out += std::to_string(child.value) + " ";
        out += stream->scalingText() + "\n";
    }
    const auto due = service.nextDue();
    return out + (due ? std::to_string(due->inMicros()) : "nothing") + "\n";
}

/// The first line in which they differ, of both; empty when they are alike.
std::string difference(const std::string& is, const std::string& wanted)
{
    if (is == wanted)
        return {};
    const auto [a, b] = std::mismatch(is.begin(), is.end(), wanted.begin(), wanted.end());
    const auto lineOf = [](const std::string& text, std::size_t at) {
        const std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
        return text.substr(begin, text.find('\n', at) - begin);
    };
    const auto at = static_cast<std::size_t>(a - is.begin());
    return lineOf(is, at) + " | " + lineOf(wanted, at);
}

std::string outcome(const Result<ApiAnswer>& answer)
{
    return answer ? "done" : answer.error().message;
}

/// A service with a catalog that is told of every change.
struct Kept {
    test::MemoryFolder folder;
    KeyRing keys {{}};
    std::unique_ptr<Catalog> catalog;
    std::unique_ptr<Service> service;
    SimTime now = kDefaultStart;

    Kept()
    {
        open();
        service = std::make_unique<Service>(unthrottled());
        service->setKeyRing(&keys);
    }
    void open()
    {
        catalog.reset();
        catalog = std::move(*Catalog::open({folder.path().toStdString()}));
    }
    bool save()
    {
        const Service::Changed changed = service->takeChanged();
        return changed.empty()
            || catalog
                   ->save({changed.account ? &*changed.account : nullptr, changed.streams,
                           changed.removed})
                   .has_value();
    }
    /// What the catalog holds, as a new service.
    std::unique_ptr<Service> again()
    {
        open();
        auto state = catalog->load();
        if (!state)
            qFatal("%s", state.error().message.c_str());
        auto other = std::make_unique<Service>(unthrottled());
        other->setKeyRing(&keys);
        other->restore(std::move(*state), now);
        other->advance(now);
        return other;
    }
};

} // namespace

class ServiceRestartTest : public QObject {
    Q_OBJECT

private slots:
    void aRestartChangesNothing_data()
    {
        QTest::addColumn<std::uint64_t>("seed");
        for (std::uint64_t seed = 1; seed <= 8; ++seed)
            QTest::addRow("seed %d", static_cast<int>(seed)) << seed;
    }
    void aRestartChangesNothing()
    {
        QFETCH(std::uint64_t, seed);
        Draw draw {CounterRng(seed, 0)};
        RandomRequests requests(draw);
        Kept kept;
        int accepted = 0;
        for (int i = 0; i < 400; ++i) {
            const ApiRequest request = requests.next(*kept.service);
            const bool taken = kept.service->handle(request, kept.now).has_value();
            accepted += taken;
            if (draw.below(3) == 0)
                kept.now += draw.below(60) == 0 ? SimDuration::hours(1 + draw.below(30))
                                                : SimDuration::millis(10 * draw.below(600));
            kept.service->advance(kept.now);
            QVERIFY(checkState(kept.service->state()));
            if (draw.below(12) > 0)
                continue;
            // What changed is in the catalog and nothing else is missing there; now and then the
            // restored one goes on, beside the other for a while.
            QVERIFY(kept.save());
            auto other = kept.again();
            QCOMPARE(difference(textOf(other->state()), textOf(kept.service->state())),
                     std::string());
            QCOMPARE(difference(described(*other), described(*kept.service)), std::string());
            for (std::int64_t more = draw.below(8); more > 0; --more) {
                const ApiRequest next = requests.next(*kept.service);
                QCOMPARE(outcome(other->handle(next, kept.now)),
                         outcome(kept.service->handle(next, kept.now)));
                kept.now += SimDuration::millis(10 * draw.below(400));
                other->advance(kept.now);
                kept.service->advance(kept.now);
                QCOMPARE(difference(comparable(*other), comparable(*kept.service)), std::string());
                QCOMPARE(difference(described(*other), described(*kept.service)), std::string());
            }
            // Either knows what of it the catalog has not seen yet.
            if (draw.flip())
                kept.service = std::move(other);
            if (draw.flip())
                kept.service->putBack(kept.service->takeChanged());
        }
        QVERIFY(accepted > 100);
    }

    void aStatusThatNothingEndsIsEnded()
    {
        for (const StreamStatus status :
             {StreamStatus::Creating, StreamStatus::Updating, StreamStatus::Deleting}) {
            Service first(unthrottled());
            QVERIFY(first.handle(CreateStream {.streamName = "s", .shardCount = 2}, kDefaultStart));
            if (status != StreamStatus::Creating)
                first.advance(kDefaultStart + SimDuration::seconds(2));
            ServiceState state = first.state();
            state.streams[0].summary.status = status;
            state.streams[0].pending.clear();
            Service second(unthrottled());
            const SimTime later = kDefaultStart + SimDuration::hours(1);
            second.restore(std::move(state), later);
            second.advance(later);
            const Stream* stream = second.find("s");
            QCOMPARE(stream == nullptr, status == StreamStatus::Deleting);
            if (stream != nullptr)
                QVERIFY(stream->summary().status == StreamStatus::Active
                        && stream->map().size() == 2);
        }
    }

    void aDataKeyComesBackWithItsMasterKey()
    {
        KeyRing keys({});
        Service first(unthrottled());
        first.setKeyRing(&keys);
        SimTime now = kDefaultStart;
        const std::string id = (*keys.create({}, {}, now))->id;
        QVERIFY(first.handle(CreateStream {.streamName = "s", .shardCount = 1}, now));
        first.advance(now += SimDuration::seconds(2));
        QVERIFY(first.dataKey(StreamSlot {0}) == nullptr);
        QVERIFY(first.handle(StartStreamEncryption {"s", id}, now));
        first.advance(now += SimDuration::seconds(3));
        const auto key = first.dataKey(StreamSlot {0});
        QVERIFY(key != nullptr);

        QVERIFY(keys.rotate(id));
        first.rewrapDataKeys();
        QCOMPARE(first.state().streams[0].dataKeys[0].masterVersion, std::int64_t {2});
        Service second(unthrottled());
        second.setKeyRing(&keys);
        second.restore(first.state(), now);
        QVERIFY(second.dataKey(StreamSlot {0})->bytes == key->bytes);
        QVERIFY(second.dataKey(key->id)->bytes == key->bytes);
        QVERIFY(second.dataKey("0123") == nullptr);

        QVERIFY(second.handle(StopStreamEncryption {"s", id}, now));
        second.advance(now += SimDuration::seconds(3));
        QVERIFY(second.dataKey(StreamSlot {0}) == nullptr);
        QVERIFY(second.dataKey(key->id) != nullptr); // older blocks stay readable
    }
};

QTEST_APPLESS_MAIN(ServiceRestartTest)
#include "tst_service_restart.moc"
