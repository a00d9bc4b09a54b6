#include <QTest>

#include "tests/core/engine/api_world.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

/// Requests drawn by chance, sensible and senseless ones, about few names so that they meet.
class Walker {
public:
    explicit Walker(std::uint64_t seed)
        : m_rng(seed, 0)
    {
    }

    std::uint64_t below(std::uint64_t n) { return m_rng.below(m_draws++, n); }
    template <typename T> T oneOf(std::initializer_list<T> list)
    {
        return *(list.begin() + below(list.size()));
    }
    std::string name() { return oneOf<std::string>({"a", "b", "c", kName, "", "a b"}); }
    std::string shard() { return oneOf<std::string>({"0", "1", "2", "7", "shardId-3", "x", ""}); }
    std::int64_t number()
    {
        return oneOf<std::int64_t>({-1, 0, 1, 2, 4, 24, 48, 300, 1'024, 10'241, INT32_MAX});
    }
    std::string hashKey(const ApiWorld& w, const std::string& stream)
    {
        const Stream* found = w.service.find(stream);
        if (found == nullptr || found->shards().empty() || below(4) == 0)
            return oneOf<std::string>({"0", "-1", "12", std::string(40, '9')});
        return toDecimal(found->shards()[below(found->shards().size())].range.middle());
    }
    ResourceRef resource()
    {
        const auto kind = static_cast<ResourceRef::Kind>(below(3));
        return {kind, name(), oneOf<std::string>({"r", "s"}), oneOf<std::int64_t>({0, 5}),
                m_channel};
    }
    CreateChannel channel()
    {
        return {{.channelName = name(),
                 .serviceExecutionRoleArn = "arn:aws:iam::000000000000:role/deliver",
                 .streamName = name(),
                 .recordFormat = "STRING",
                 .s3Json = below(2) == 0 ? "{}" : "",
                 .s3TablesJson = below(2) == 0 ? "{}" : "",
                 .bucketArn = "arn:aws:s3:::my-bucket",
                 .compression = "NONE",
                 .dataFreshnessSeconds = number()},
                {}};
    }

    ApiRequest next(const ApiWorld& w)
    {
        const std::string stream = name();
        const auto mode = static_cast<StreamMode>(below(2));
        switch (below(25)) {
        case 0:
        case 1:
        case 2:
            return CreateStream {stream, mode, number(), {}, {}, {}, {}};
        case 3:
            return DeleteStream {stream, below(2) == 0};
        case 4:
            return UpdateStreamMode {stream, mode, {}};
        case 5:
            return UpdateMaxRecordSize {stream, number()};
        case 6:
            return UpdateStreamWarmThroughput {stream, number()};
        case 7:
            return IncreaseStreamRetentionPeriod {stream, number()};
        case 8:
            return DecreaseStreamRetentionPeriod {stream, number()};
        case 9:
            return StartStreamEncryption {stream, oneOf<std::string>({"alias/aws/kinesis", "x"})};
        case 10:
            return SplitShard {stream, shard(), hashKey(w, stream)};
        case 11:
            return MergeShards {stream, shard(), shard()};
        case 12:
            return UpdateShardCount {stream, number()};
        case 13:
            return RegisterStreamConsumer {stream, oneOf<std::string>({"r", "s"}), {}};
        case 14:
            return DeregisterStreamConsumer {stream, oneOf<std::string>({"r", "s"})};
        case 15:
            return AddTags {resource(), {{"k", "v"}}, below(2) == 0};
        case 16:
            return RemoveTags {resource(), {"k"}, below(2) == 0};
        case 17:
            return ListTagsForResource {resource()};
        case 18:
            return PutResourcePolicy {resource(), oneOf<std::string>({"{}", "["})};
        case 19:
            return UpdateAccountSettings {below(2) == 0};
        case 20:
            return channel();
        case 21:
            return UpdateChannel {.channelId = m_channel, .dataFreshnessSeconds = number()};
        case 22:
            return DeleteChannel {m_channel};
        case 23:
            return UpdateStreamRecordDistributionStrategy {
                stream, static_cast<RecordDistributionStrategy>(below(2))};
        default:
            return ListShards {.streamName = stream, .maxResults = number()};
        }
    }
    /// Of the last channel that was made.
    void heard(const ApiAnswer& answer)
    {
        if (const auto* channel = std::get_if<ChannelDescription>(&answer))
            m_channel = channel->channelId;
    }

private:
    CounterRng m_rng;
    std::uint64_t m_draws = 0;
    std::string m_channel = "none";
};

/// What must hold of a service whatever was asked of it.
std::string broken(ApiWorld& w)
{
    std::int64_t channels = 0;
    for (const Stream* stream : w.service.streams()) {
        const StreamDescriptionSummary summary = stream->summary();
        channels += summary.channelCount;
        HashKey at {};
        const auto open = stream->map().open();
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (open[i].range.start != at)
                return summary.streamName + " has a gap before an open shard";
            at = HashKey {open[i].range.end.value + 1};
        }
        if (!open.empty() && open.back().range.end != HashKey::max())
            return summary.streamName + " does not reach the last hash key";
        if (static_cast<std::int64_t>(open.size()) != summary.openShardCount)
            return summary.streamName + " miscounts its open shards";
        const bool settled
            = summary.status == StreamStatus::Active || summary.status == StreamStatus::Updating;
        if (settled && summary.openShardCount == 0)
            return summary.streamName + " has no open shard";
    }
    if (channels != static_cast<std::int64_t>(w.service.channels().size()))
        return "streams and the service disagree about channels";
    return {};
}

} // namespace

/// A long walk through the requests: whatever comes, an answer or a refusal that has a sentence.
class ServiceWalkTest : public QObject {
    Q_OBJECT

private slots:
    void nothingThatIsAskedBreaksIt_data()
    {
        QTest::addColumn<qulonglong>("seed");
        for (qulonglong seed = 1; seed <= 20; ++seed)
            QTest::addRow("seed %llu", seed) << seed;
    }
    void nothingThatIsAskedBreaksIt()
    {
        QFETCH(qulonglong, seed);
        Walker walker(seed);
        ServiceOptions options = unhurriedOptions();
        options.timings.create = SimDuration::seconds(2);
        options.account.shards = 200;
        options.advantage = seed % 2 == 0;
        ApiWorld w(provisioned(2), options);
        int accepted = 0;
        for (int step = 0; step < 2'000; ++step) {
            const auto answer = w.handle(walker.next(w));
            if (answer) {
                ++accepted;
                walker.heard(*answer);
            } else {
                QVERIFY2(answer.error().code != ErrorCode::InternalFailure,
                         answer.error().message.c_str());
                QVERIFY(!answer.error().message.empty());
            }
            if (walker.below(3) == 0)
                w.wait(SimDuration::millis(static_cast<std::int64_t>(walker.below(4'000))));
            const std::string fault = broken(w);
            QVERIFY2(fault.empty(), fault.c_str());
        }
        QVERIFY2(accepted > 200, qPrintable(QString::number(accepted)));
    }
};

QTEST_APPLESS_MAIN(ServiceWalkTest)
#include "tst_service_walk.moc"
