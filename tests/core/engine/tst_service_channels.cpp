#include <QTest>

#include "core/engine/limits.h"
#include "tests/core/engine/api_world.h"

using namespace shardscope;
using namespace shardscope::testing;

namespace {

CreateChannel toFiles(const std::string& name = "files")
{
    return {{.channelName = name,
             .serviceExecutionRoleArn = "arn:aws:iam::000000000000:role/deliver",
             .streamName = kName,
             .recordFormat = "JSON",
             .s3Json = "{}",
             .bucketArn = "arn:aws:s3:::my-bucket",
             .compression = "GZIP"},
            {}};
}
CreateChannel toTablesOf(const std::string& name = "tables")
{
    CreateChannel request = toFiles(name);
    request.channel.s3Json.clear();
    request.channel.s3TablesJson = "{}";
    request.channel.compression = "SNAPPY";
    return request;
}

PutRecords putOf(int records)
{
    PutRecords put {.streamName = kName};
    for (int i = 0; i < records; ++i)
        put.records.add("key-" + std::to_string(i % 2), "data");
    put.records.hashKeys();
    return put;
}

struct ChannelsWorld : ApiWorld {
    ChannelsWorld()
        : ApiWorld(onDemand(), slow())
    {
        wait(SimDuration::seconds(10));
    }
    static ServiceOptions slow()
    {
        ServiceOptions options = unhurriedOptions();
        options.timings.create = SimDuration::seconds(10);
        return options;
    }
    ChannelStatus statusOf(const std::string& id)
    {
        return ask<ChannelDescription>(DescribeChannel {id}).status;
    }
    /// A channel that is ACTIVE.
    std::string active(const CreateChannel& request)
    {
        const std::string id = ask<ChannelDescription>(request).channelId;
        wait(SimDuration::seconds(10));
        return id;
    }
};

} // namespace

class ServiceChannelsTest : public QObject {
    Q_OBJECT

private slots:
    void aChannelComesAndGoes()
    {
        ChannelsWorld w;
        const auto made = w.ask<ChannelDescription>(toFiles());
        QVERIFY(made.status == ChannelStatus::Creating);
        QVERIFY(made.createdAt == w.now);
        QVERIFY(!made.channelId.empty() && made.channelId.size() <= 64);
        QCOMPARE(w.service.find(kName)->summary().channelCount, std::int64_t {1});
        QCOMPARE(w.ask<DescribeLimitsResult>(DescribeLimits {}).channelCount, std::int64_t {1});
        QCOMPARE(w.codeOf(UpdateChannel {.channelId = made.channelId}),
                 std::optional(ErrorCode::ResourceInUse));
        w.wait(SimDuration::seconds(10));
        QVERIFY(w.statusOf(made.channelId) == ChannelStatus::Active);
        QVERIFY(w.handle(DeleteChannel {made.channelId}));
        QVERIFY(w.statusOf(made.channelId) == ChannelStatus::Deleting);
        w.wait(SimDuration::seconds(1));
        QCOMPARE(w.codeOf(DescribeChannel {made.channelId}),
                 std::optional(ErrorCode::ResourceNotFound));
        QCOMPARE(w.service.find(kName)->summary().channelCount, std::int64_t {0});
        QVERIFY(w.ask<ChannelDescription>(toFiles()).channelId != made.channelId);
    }

    void aStreamHasOneOfEachType()
    {
        ChannelsWorld w;
        QVERIFY(w.handle(toFiles()));
        QCOMPARE(w.codeOf(toFiles("more")), std::optional(ErrorCode::LimitExceeded));
        QCOMPARE(w.codeOf(toTablesOf("files")), std::optional(ErrorCode::ResourceInUse));
        QVERIFY(w.handle(toTablesOf()));
        QCOMPARE(w.codeOf(toTablesOf("more")), std::optional(ErrorCode::LimitExceeded));
    }

    void onlyActiveOnDemandStreamsHaveThem()
    {
        ApiWorld w(provisioned(1), unhurriedOptions());
        QCOMPARE(w.codeOf(toFiles()), std::optional(ErrorCode::Validation));
        ChannelsWorld o;
        QVERIFY(o.handle(CreateStream {.streamName = "new", .mode = StreamMode::OnDemand}));
        CreateChannel request = toFiles();
        request.channel.streamName = "new";
        QCOMPARE(o.codeOf(request), std::optional(ErrorCode::ResourceInUse));
        request.channel.streamName = "none";
        QCOMPARE(o.codeOf(request), std::optional(ErrorCode::ResourceNotFound));
    }

    void specificationsAreChecked_data()
    {
        QTest::addColumn<int>("part");
        QTest::addColumn<QString>("value");
        QTest::addColumn<int>("code");
        const int fine = -1;
        const int validation = static_cast<int>(ErrorCode::Validation);
        const auto long_ = [](int n) { return QString(n, QLatin1Char('a')); };
        enum { Name, Role, Format, Bucket, Compression, Template, Freshness, Key };
        QTest::newRow("the longest name") << int(Name) << long_(128) << fine;
        QTest::newRow("a name one too long") << int(Name) << long_(129) << validation;
        QTest::newRow("no name") << int(Name) << "" << validation;
        QTest::newRow("a role of another partition")
            << int(Role) << "arn:aws-cn:iam::000000000000:role/a/b" << fine;
        QTest::newRow("a user for a role")
            << int(Role) << "arn:aws:iam::000000000000:user/a" << validation;
        QTest::newRow("a role without a name")
            << int(Role) << "arn:aws:iam::000000000000:role/" << validation;
        QTest::newRow("a role of 11 digits")
            << int(Role) << "arn:aws:iam::00000000000:role/a" << validation;
        QTest::newRow("bytes") << int(Format) << "BYTE_ARRAY" << fine;
        QTest::newRow("an unknown format") << int(Format) << "XML" << validation;
        QTest::newRow("a format that needs a registry") << int(Format) << "GSR_JSON" << validation;
        QTest::newRow("the longest bucket") << int(Bucket) << "arn:aws:s3:::" + long_(63) << fine;
        QTest::newRow("a bucket one too long")
            << int(Bucket) << "arn:aws:s3:::" + long_(64) << validation;
        QTest::newRow("a bucket one too short") << int(Bucket) << "arn:aws:s3:::ab" << validation;
        QTest::newRow("a bucket in upper case") << int(Bucket) << "arn:aws:s3:::ABC" << validation;
        QTest::newRow("a bucket's name alone") << int(Bucket) << "my-bucket" << validation;
        QTest::newRow("no compression") << int(Compression) << "NONE" << fine;
        QTest::newRow("a compression of tables") << int(Compression) << "SNAPPY" << validation;
        const int argument = static_cast<int>(ErrorCode::InvalidArgument);
        QTest::newRow("a template with the longest keys")
            << int(Template) << long_(983) + "!{extension}" << fine;
        QTest::newRow("a template with keys one too long")
            << int(Template) << long_(984) + "!{extension}" << argument;
        QTest::newRow("a template one too long") << int(Template) << long_(1'025) << validation;
        QTest::newRow("the shortest freshness") << int(Freshness) << "300" << fine;
        QTest::newRow("a second too fresh") << int(Freshness) << "299" << validation;
        QTest::newRow("the longest freshness") << int(Freshness) << "900" << fine;
        QTest::newRow("a second too old") << int(Freshness) << "901" << validation;
        QTest::newRow("a template that leaves its bucket")
            << int(Template) << "../!{extension}" << argument;
        QTest::newRow("the service's key") << int(Key) << "alias/aws/kinesis" << argument;
        QTest::newRow("an unknown key")
            << int(Key) << "alias/x" << static_cast<int>(ErrorCode::KmsNotFound);
    }
    void specificationsAreChecked()
    {
        QFETCH(int, part);
        QFETCH(QString, value);
        QFETCH(int, code);
        CreateChannel request = toFiles();
        ChannelSpec& spec = request.channel;
        const std::string text = value.toStdString();
        std::string* texts[] = {&spec.channelName,  &spec.serviceExecutionRoleArn,
                                &spec.recordFormat, &spec.bucketArn,
                                &spec.compression,  &spec.outputKeyTemplate};
        if (part < 6)
            *texts[part] = text;
        else if (part == 6)
            spec.dataFreshnessSeconds = value.toLongLong();
        else
            spec.encryptionKeyId = text;
        ChannelsWorld w;
        const auto done = w.codeOf(request);
        QCOMPARE(done ? static_cast<int>(*done) : -1, code);
    }

    void itHasExactlyOneDestination()
    {
        ChannelsWorld w;
        CreateChannel none = toFiles(), both = toFiles();
        none.channel.s3Json.clear();
        both.channel.s3TablesJson = "{}";
        QCOMPARE(w.codeOf(none), std::optional(ErrorCode::InvalidArgument));
        QCOMPARE(w.codeOf(both), std::optional(ErrorCode::InvalidArgument));
    }

    void freshnessAndLoggingCanBeChanged()
    {
        ChannelsWorld w;
        const std::string id = w.active(toFiles());
        const auto changed = w.ask<ChannelDescription>(UpdateChannel {
            .channelId = id, .dataFreshnessSeconds = 900, .s3Json = "{}", .loggingJson = "[1]"});
        QVERIFY(changed.status == ChannelStatus::Updating);
        QCOMPARE(changed.spec.dataFreshnessSeconds, std::int64_t {900});
        QCOMPARE(changed.spec.loggingJson, std::string("[1]"));
        w.wait(SimDuration::seconds(1));
        QVERIFY(w.statusOf(id) == ChannelStatus::Active);
        QCOMPARE(w.codeOf(UpdateChannel {.channelId = id, .dataFreshnessSeconds = 901}),
                 std::optional(ErrorCode::Validation));
        QCOMPARE(w.codeOf(UpdateChannel {.channelId = id, .s3TablesJson = "{}"}),
                 std::optional(ErrorCode::InvalidArgument));
    }

    void aStreamWithAnActiveChannelStays()
    {
        ChannelsWorld w;
        const std::string id = w.active(toFiles());
        QCOMPARE(w.codeOf(DeleteStream {kName}), std::optional(ErrorCode::ResourceInUse));
        QCOMPARE(w.codeOf(UpdateStreamMode {kName, StreamMode::Provisioned, {}}),
                 std::optional(ErrorCode::ResourceInUse));
        w.service.failChannel(id, "The folder is gone.", w.now);
        const auto failed = w.ask<ChannelDescription>(DescribeChannel {id});
        QVERIFY(failed.status == ChannelStatus::Failed);
        QCOMPARE(failed.statusReason, std::string("The folder is gone."));
        QCOMPARE(w.codeOf(DeleteStream {kName}), kFine);
        w.wait(SimDuration::seconds(10));
        QVERIFY(w.service.find(kName) == nullptr);
        QVERIFY(w.service.channels().empty());
    }

    void theyAreListedInPages()
    {
        ChannelsWorld w;
        QVERIFY(w.handle(CreateStream {.streamName = "two", .mode = StreamMode::OnDemand}));
        w.wait(SimDuration::seconds(10));
        QVERIFY(w.handle(toFiles("a")));
        QVERIFY(w.handle(toTablesOf("b")));
        CreateChannel other = toFiles("c");
        other.channel.streamName = "two";
        QVERIFY(w.handle(other));
        QCOMPARE(w.ask<ListChannelsResult>(ListChannels {}).channels.size(), std::size_t {3});
        const auto ofOne = w.ask<ListChannelsResult>(ListChannels {.streamName = "two"});
        QCOMPARE(ofOne.channels.size(), std::size_t {1});
        QCOMPARE(ofOne.channels[0].spec.channelName, std::string("c"));

        std::size_t seen = 0;
        ListChannels page {.streamName = kName, .maxResults = 1};
        do {
            const auto listed = w.ask<ListChannelsResult>(page);
            seen += listed.channels.size();
            page.nextToken = listed.nextToken;
        } while (page.nextToken && seen < 10);
        QCOMPARE(seen, std::size_t {2});

        page.nextToken = w.ask<ListChannelsResult>(ListChannels {.maxResults = 1}).nextToken;
        QCOMPARE(w.codeOf(page), std::optional(ErrorCode::InvalidArgument)); // another filter
        page.streamName.reset();
        w.wait(limits::kPageTokenLifetime + SimDuration::millis(1));
        QCOMPARE(w.codeOf(page), std::optional(ErrorCode::ExpiredNextToken));
        for (const std::int64_t wrong : {std::int64_t {0}, std::int64_t {101}})
            QCOMPARE(w.codeOf(ListChannels {.maxResults = wrong}),
                     std::optional(ErrorCode::Validation));
    }

    void deliveryBeginsWhenItIsActive()
    {
        ChannelsWorld w;
        QVERIFY(w.handle(putOf(3)));
        const std::string id = w.ask<ChannelDescription>(toFiles()).channelId;
        QVERIFY(w.handle(putOf(2)));
        QVERIFY(w.service.channels().front()->delivered.empty());
        w.wait(SimDuration::seconds(10));
        const auto sum = [&w] {
            std::uint64_t positions = 0;
            for (const auto& [shard, next] : w.service.channels().front()->delivered)
                positions += next;
            return positions;
        };
        QCOMPARE(sum(), std::uint64_t {5});
        // It goes on from there through an update and a restart.
        QVERIFY(w.handle(putOf(1)));
        QVERIFY(w.handle(UpdateChannel {.channelId = id, .dataFreshnessSeconds = 900}));
        w.wait(SimDuration::seconds(10));
        QCOMPARE(sum(), std::uint64_t {5});
        std::ignore = w.service.takeChanged();
        const ShardSlot first = w.service.channels().front()->delivered.begin()->first;
        w.service.noteDelivered(id, {{first, 77}});
        w.service.noteDelivered("none", {{first, 78}});
        const auto changed = w.service.takeChanged();
        QVERIFY(!changed.account && changed.delivered.size() == 1);
        QCOMPARE(changed.delivered.at({id, first}), std::uint64_t {77});
        QCOMPARE(w.service.state().account.channels[0].delivered.at(first), std::uint64_t {77});
    }

    void readingForAChannelTakesNoThroughput()
    {
        ChannelsWorld w;
        QVERIFY(w.handle(putOf(6)));
        const Stream& stream = *w.service.find(kName);
        std::size_t records = 0;
        for (const Shard& shard : stream.shards()) {
            const std::uint64_t end = stream.latest(shard.slot);
            const auto all = w.service.readForChannel(stream, shard.slot, 0, end, 1_MiB, w.now);
            QVERIFY(all && all->lost.empty());
            QCOMPARE(all->next, end);
            records += all->records.rows.size();
            QCOMPARE(shard.readCalls, std::uint64_t {0});
            QCOMPARE(shard.outRecords, std::uint64_t {0});
            if (end < 2)
                continue;
            // One at least, and no more than fit.
            const auto one = w.service.readForChannel(stream, shard.slot, 0, end, 1, w.now);
            QCOMPARE(one->records.rows.size(), std::size_t {1});
            QCOMPARE(one->next, std::uint64_t {1});
        }
        QCOMPARE(records, std::size_t {6});
    }

    void theyHaveTags()
    {
        ChannelsWorld w;
        CreateChannel request = toFiles();
        request.tags = {{"a", "1"}};
        const ResourceRef ref {.kind = ResourceRef::Kind::Channel,
                               .channelId = w.ask<ChannelDescription>(request).channelId};
        QVERIFY(w.handle(AddTags {ref, {{"b", "2"}}, true}));
        QVERIFY(w.handle(RemoveTags {ref, {"a"}, true}));
        QCOMPARE(w.ask<TagsResult>(ListTagsForResource {ref}).tags,
                 (std::map<std::string, std::string> {{"b", "2"}}));
    }
};

QTEST_APPLESS_MAIN(ServiceChannelsTest)
#include "tst_service_channels.moc"
