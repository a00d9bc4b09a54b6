#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <thread>
#include <vector>
#include <zstd.h>

#include "core/base/budgets.h"
#include "core/endpoint/inflate.h"
#include "core/runtime/json_check.h"
#include "core/runtime/local_service.h"

using namespace shardscope;
namespace fs = std::filesystem;

namespace {

const SimTime kStart = SimTime::fromSeconds(1'800'000'000);
constexpr const char* kStream = "orders";

/// A local service whose clock the test moves; asynchronous changes take a second.
struct World {
    SimTime now = kStart;
    std::unique_ptr<LocalService> service;

    /// Without `data`: in memory. `channels` empty: as the command line leaves it.
    explicit World(const std::string& channels, const std::string& data = {},
                   SimTime begin = kStart, Bytes memory = budgets::kStoreDefault)
        : now(begin)
    {
        LocalService::Options options;
        options.service.timings = {.reshard = SimDuration::seconds(1),
                                   .update = SimDuration::seconds(1),
                                   .create = SimDuration::seconds(1)};
        options.service.throttling = {false, false, false, false};
        options.service.advantage = true;
        options.service.memoryBudget = memory;
        options.channelFolder = channels;
        if (!data.empty())
            options.store = LocalService::Store {.folder = data};
        options.clock = [this] { return now; };
        options.byHand = true;
        auto opened = LocalService::open(std::move(options));
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        service = std::move(*opened);
    }
    Result<ApiAnswer> ask(ApiRequest request)
    {
        std::optional<Result<ApiAnswer>> answer;
        std::atomic<bool> answered {false};
        if (!service->submit(std::move(request), [&](Result<ApiAnswer> a) {
                answer = std::move(a);
                answered = true;
            }))
            return fail(ErrorCode::Busy, "full");
        until([&answered] { return answered.load(); });
        return std::move(*answer);
    }
    template <typename Done> void until(Done done)
    {
        while (!done()) {
            service->work();
            std::this_thread::yield();
        }
    }
    void pass(SimDuration time)
    {
        for (const SimTime end = now + time; now < end;) {
            now = std::min(end, now + SimDuration::seconds(1));
            service->work();
        }
    }
    ChannelRow row()
    {
        const auto snapshot = service->snapshot();
        return snapshot->channels.empty() ? ChannelRow {} : snapshot->channels.front();
    }
    /// Until no object is under way.
    void settle()
    {
        until([this] { return !row().writing; });
    }
    void create(const std::string& name = kStream)
    {
        QVERIFY(ask(CreateStream {.streamName = name, .mode = StreamMode::OnDemand}));
        pass(SimDuration::seconds(2));
    }
    std::string open(const CreateChannel& request)
    {
        const auto made = ask(request);
        if (!made)
            return "refused: " + made.error().message;
        pass(SimDuration::seconds(2));
        return std::get<ChannelDescription>(*made).channelId;
    }
    std::vector<ShardDescription> shards()
    {
        return std::get<ListShardsResult>(*ask(ListShards {.streamName = kStream})).shards;
    }
    bool put(const std::vector<std::string>& data, const std::string& key = "key")
    {
        PutRecords request {.streamName = kStream};
        for (const std::string& one : data)
            request.records.add(key, one);
        request.records.hashKeys();
        const auto answer = ask(std::move(request));
        return answer && std::get<PutRecordsResult>(*answer).failedRecordCount == 0;
    }
};

CreateChannel toFolder(const std::string& format = "STRING",
                       const std::string& compression = "NONE",
                       const std::string& keyTemplate = "!{channel-name}/x")
{
    CreateChannel request;
    request.channel = {.channelName = "files",
                       .serviceExecutionRoleArn = "arn:aws:iam::000000000000:role/deliver",
                       .streamName = kStream,
                       .recordFormat = format,
                       .s3Json = "{}",
                       .bucketArn = "arn:aws:s3:::my-bucket",
                       .compression = compression,
                       .outputKeyTemplate = keyTemplate};
    return request;
}

/// The objects in a bucket's folder by key.
std::map<std::string, std::string> objectsIn(const QTemporaryDir& folder,
                                             const std::string& bucket = "my-bucket")
{
    std::map<std::string, std::string> objects;
    const fs::path root = fs::path(folder.path().toStdString()) / bucket;
    if (!fs::exists(root))
        return objects;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        if (!entry.is_regular_file())
            continue;
        std::ifstream file(entry.path(), std::ios::binary);
        objects[fs::relative(entry.path(), root).string()]
            = std::string(std::istreambuf_iterator<char>(file), {});
    }
    return objects;
}

std::vector<std::string> linesOf(const std::map<std::string, std::string>& objects)
{
    std::vector<std::string> lines;
    for (const auto& [key, text] : objects) {
        for (std::size_t from = 0; from < text.size();) {
            const std::size_t to = text.find('\n', from);
            lines.push_back(text.substr(from, to - from));
            from = to == text.npos ? text.size() : to + 1;
        }
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::string path(const QTemporaryDir& folder)
{
    return folder.path().toStdString();
}

const SimDuration kFreshness = SimDuration::seconds(300);

} // namespace

class ChannelDeliveryTest : public QObject {
    Q_OBJECT

private slots:
    void withoutAFolderAChannelIsRefused()
    {
        World w("");
        w.create();
        const auto refused = w.ask(toFolder());
        QVERIFY(!refused && refused.error().code == ErrorCode::InvalidArgument);
        QCOMPARE(refused.error().message,
                 std::string("Channels deliver to a folder here, and this service has none: start "
                             "it with --channels DIR, or with --data DIR."));
        QVERIFY(std::get<ListChannelsResult>(*w.ask(ListChannels {})).channels.empty());
    }

    void whatAFolderCannotDoIsRefused()
    {
        const QTemporaryDir folder;
        World w(path(folder));
        w.create();
        const auto refusal = [&w](const CreateChannel& request) {
            const auto answer = w.ask(request);
            return answer                                           ? std::string("accepted")
                : answer.error().code == ErrorCode::InvalidArgument ? answer.error().message
                                                                    : std::string("another error");
        };
        CreateChannel tables = toFolder();
        tables.channel.s3Json.clear();
        tables.channel.s3TablesJson = "{}";
        QVERIFY(refusal(tables).rfind("S3 tables are not delivered to here", 0) == 0);
        CreateChannel encrypted = toFolder();
        encrypted.channel.encryptionKeyId = "alias/mine";
        QVERIFY(refusal(encrypted).rfind("Objects are plain files here", 0) == 0);
        // With "-" and the suffix's 32 characters a file's name has 255 at most.
        const CreateChannel tooLong = toFolder("STRING", "NONE", std::string(223, 'a'));
        QVERIFY(refusal(tooLong).find("too long for a file's name") != std::string::npos);
        QVERIFY(refusal(toFolder("STRING", "NONE", "../../x")).find("\"..\"") != std::string::npos);
        QCOMPARE(refusal(toFolder("STRING", "NONE", std::string(222, 'a'))),
                 std::string("accepted"));
    }

    void recordsAreDeliveredAsTheyAre_data()
    {
        QTest::addColumn<QByteArray>("format");
        QTest::addColumn<QByteArray>("compression");
        QTest::addColumn<QByteArray>("expected");
        QTest::addColumn<int>("failed");
        for (const char* compression : {"NONE", "GZIP", "ZSTD"}) {
            const auto row = [&](const char* format, const QByteArray& expected, int failed) {
                QTest::addRow("%s, %s", format, compression)
                    << QByteArray(format) << QByteArray(compression) << expected << failed;
            };
            row("JSON", "{\"a\": 1}\n", 2);
            row("STRING", "{\"a\": 1}\nno JSON\n", 1);
            row("BYTE_ARRAY", "{\"a\": 1}no JSON\xff", 0);
        }
    }
    void recordsAreDeliveredAsTheyAre()
    {
        QFETCH(QByteArray, format);
        QFETCH(QByteArray, compression);
        QFETCH(QByteArray, expected);
        QFETCH(int, failed);
        const QTemporaryDir folder;
        World w(path(folder));
        w.create();
        const std::string id
            = w.open(toFolder(format.toStdString(), compression.toStdString(), ""));
        const SimTime minute = w.now;
        QVERIFY(w.put({"{\"a\": 1}", "no JSON", "\xff"}));
        w.pass(kFreshness);
        w.until([&w] { return w.row().objects == 1; });
        auto objects = objectsIn(folder);
        auto dead = objects;
        std::erase_if(objects,
                      [](const auto& o) { return o.first.find("errors") != o.first.npos; });
        std::erase_if(dead, [](const auto& o) { return o.first.find("errors") == o.first.npos; });
        QCOMPARE(objects.size(), std::size_t {1});
        const std::string& key = objects.begin()->first;
        const std::string& bytes = objects.begin()->second;
        QCOMPARE(key.rfind("kinesis-channel/files/" + id + "/2027/01/15/08/files-" + id
                               + "-2027-01-15-08-00-",
                           0),
                 std::size_t {0});
        std::string text = bytes;
        if (compression == "GZIP") {
            QVERIFY(key.ends_with(".gz"));
            text = endpoint::inflateGzip(bytes, 1 << 20).value_or("no gzip");
        } else if (compression == "ZSTD") {
            QVERIFY(key.ends_with(".zst"));
            text.resize(100);
            text.resize(ZSTD_decompress(text.data(), text.size(), bytes.data(), bytes.size()));
        }
        QCOMPARE(QByteArray::fromStdString(text), expected);
        // Dead letters: who and why, not what.
        const auto lines = linesOf(dead);
        QCOMPARE(static_cast<int>(lines.size()), failed);
        for (const std::string& line : lines) {
            QVERIFY2(isJson(line), line.c_str());
            QVERIFY(line.find("\"sequenceNumber\":\"4") != line.npos
                    && line.find("\"shardId\":\"shardId-") != line.npos
                    && line.find(format == "JSON" ? "InvalidJson" : "InvalidString") != line.npos
                    && line.find("no JSON") == line.npos);
        }
        QCOMPARE(w.row().records + w.row().failedRecords, std::int64_t {3});
        // And what CloudWatch is told.
        const auto sum = [&](const char* name) {
            cloudwatch::GetMetricStatistics ask;
            ask.metric = {"AWS/Kinesis",
                          std::string("DeliveryToS3.") + name,
                          {{"ChannelId", id}, {"ChannelName", "files"}, {"StreamName", kStream}}};
            ask.start = minute - SimDuration::minutes(1);
            ask.end = w.now + SimDuration::minutes(1);
            ask.periodSeconds = 60;
            ask.statistics = {cloudwatch::Statistic::Sum};
            double all = 0;
            const auto got = w.ask(ask);
            for (const auto& point :
                 std::get<cloudwatch::GetMetricStatisticsResult>(*got).datapoints)
                all += point.statistics.sum;
            return static_cast<int>(all);
        };
        QCOMPARE(sum("RecordCount"), 3);
        QCOMPARE(sum("FailedRecordCount"), failed);
        QCOMPARE(sum("SuccessfulRecordCount"), 3 - failed);
        QCOMPARE(sum("DLQDeliverySuccess"), failed);
        QCOMPARE(sum("DeliverySuccess"), 1);
        QCOMPARE(sum("BytesIn"), 16);
        QCOMPARE(sum("BytesOut"), static_cast<int>(bytes.size()));
        QVERIFY(sum("DataFreshness") > 0);
    }

    void deadLettersGoWhereTheChannelSays()
    {
        const QTemporaryDir folder;
        World w(path(folder));
        w.create();
        CreateChannel request = toFolder("JSON");
        request.channel.deadLetterBucketArn = "arn:aws:s3:::bad-ones";
        request.channel.errorOutputPrefix = "why/";
        w.open(request);
        QVERIFY(w.put({"{", "1", ""}));
        w.pass(kFreshness);
        w.until([&w] { return w.row().failedRecords == 2; });
        QCOMPARE(linesOf(objectsIn(folder)), std::vector<std::string> {"1"});
        const auto dead = objectsIn(folder, "bad-ones");
        QCOMPARE(dead.size(), std::size_t {1});
        QVERIFY(dead.begin()->first.rfind("why/files/", 0) == 0);
        QCOMPARE(linesOf(dead).size(), std::size_t {2});
    }

    void anObjectComesBeforeItsOldestRecordIsTooOld()
    {
        const QTemporaryDir folder;
        World w(path(folder));
        w.create();
        w.open(toFolder());
        QVERIFY(w.put({"old"}));
        const SimDuration lead = SimDuration::seconds(budgets::kChannelLeadSeconds);
        w.pass(kFreshness - lead - SimDuration::seconds(1));
        QVERIFY(w.put({"young"}, "another key"));
        QVERIFY(!w.row().writing && w.row().objects == 0 && objectsIn(folder).empty());
        w.pass(SimDuration::seconds(1));
        w.until([&w] { return w.row().objects == 1; });
        // What was there went along; what comes later begins a time of its own.
        QCOMPARE(linesOf(objectsIn(folder)), (std::vector<std::string> {"old", "young"}));
        QVERIFY(w.put({"late"}));
        w.pass(kFreshness - lead - SimDuration::seconds(1));
        QVERIFY(!w.row().writing && w.row().objects == 1);
        w.pass(SimDuration::seconds(1));
        w.until([&w] { return w.row().objects == 2; });
        QCOMPARE(linesOf(objectsIn(folder)), (std::vector<std::string> {"late", "old", "young"}));
        QCOMPARE(w.row().waitingBytes, Bytes {0});
    }

    void onlyWhatIsPutWhileItIsActiveIsDelivered()
    {
        const QTemporaryDir folder;
        World w(path(folder));
        w.create();
        QVERIFY(w.put({"before"}));
        QVERIFY(w.ask(toFolder()));
        QVERIFY(w.put({"while it was made"}));
        w.pass(SimDuration::seconds(2));
        QVERIFY(w.put({"after"}));
        w.pass(kFreshness);
        w.until([&w] { return w.row().objects == 1; });
        QCOMPARE(linesOf(objectsIn(folder)), std::vector<std::string> {"after"});
    }

    void muchIsDeliveredAtOnce()
    {
        const QTemporaryDir folder;
        World w(path(folder));
        w.create();
        w.open(toFolder("BYTE_ARRAY"));
        const std::string kib(1'024, 'x');
        const auto mib = [&](int n) {
            for (int i = 0; i < n; ++i)
                if (!w.put(std::vector<std::string>(500, kib), "key-" + std::to_string(i)))
                    return false;
            return true;
        };
        QVERIFY(mib(32)); // 500 KiB each, and the keys
        w.pass(SimDuration::seconds(1));
        w.settle();
        QCOMPARE(w.row().objects, std::int64_t {0});
        QVERIFY(mib(4));
        w.pass(SimDuration::seconds(1));
        // All of it goes in one round of two objects, the first of them full.
        w.until([&w] { return w.row().waitingBytes == 0; });
        QCOMPARE(w.row().objects, std::int64_t {2});
        std::size_t bytes = 0;
        for (const auto& [key, text] : objectsIn(folder)) {
            QVERIFY(static_cast<Bytes>(text.size()) <= budgets::kChannelObjectBytes);
            bytes += text.size();
        }
        QCOMPARE(bytes, std::size_t {36 * 500 * 1'024});
    }

    void itFollowsSplitsAndMerges()
    {
        const QTemporaryDir folder;
        World w(path(folder));
        w.create();
        w.open(toFolder());
        QVERIFY(w.put({"1 before the split"}));
        // An Advantage account's warm throughput splits and merges at once.
        const auto warm = [&w](std::int64_t mibps) {
            const bool done = w.ask(UpdateStreamWarmThroughput {kStream, mibps}).has_value();
            w.pass(SimDuration::seconds(60));
            return done;
        };
        QVERIFY(warm(16));
        QVERIFY(w.shards().size() > 16);
        QVERIFY(w.put({"2 between"}));
        QVERIFY(warm(4));
        const auto all = w.shards();
        QVERIFY(std::any_of(all.begin(), all.end(),
                            [](const auto& s) { return s.adjacentParent.has_value(); }));
        QVERIFY(w.put({"3 after the merge"}));
        w.pass(kFreshness);
        w.until([&w] { return w.row().objects == 1; });
        // Parents before children.
        QCOMPARE(objectsIn(folder).begin()->second,
                 std::string("1 before the split\n2 between\n3 after the merge\n"));
        QVERIFY(w.put({"4 later"}));
        w.pass(kFreshness);
        w.until([&w] { return w.row().objects == 2; });
        QCOMPARE(linesOf(objectsIn(folder)).size(), std::size_t {4});
    }

    void aFolderThatRefusesIsTriedAgain()
    {
        const QTemporaryDir folder;
        const std::string inTheWay = path(folder) + "/my-bucket";
        World w(path(folder));
        w.create();
        const std::string id = w.open(toFolder());
        std::ofstream(inTheWay) << "a file";
        QVERIFY(w.put({"kept"}));
        w.pass(kFreshness);
        w.until([&w] { return !w.row().trouble.empty(); });
        QVERIFY2(w.row().trouble.rfind("Channel files cannot deliver and tries again: ", 0) == 0
                     && w.row().trouble.find(inTheWay) != std::string::npos,
                 w.row().trouble.c_str());
        QCOMPARE(w.row().waitingBytes, Bytes {7});
        const auto described = w.ask(DescribeChannel {id});
        QVERIFY(std::get<ChannelDescription>(*described).status == ChannelStatus::Active);
        fs::remove(inTheWay);
        w.pass(SimDuration::seconds(budgets::kChannelRetrySeconds));
        w.until([&w] { return w.row().objects == 1; });
        QVERIFY(w.row().trouble.empty());
        QCOMPARE(linesOf(objectsIn(folder)), std::vector<std::string> {"kept"});
    }

    void whatLeavesTheStreamFirstIsCounted()
    {
        const QTemporaryDir folder;
        World w(path(folder), {}, kStart, 4_MiB);
        w.create();
        w.open(toFolder());
        const std::string kib(1'024, 'x');
        for (int i = 0; i < 16; ++i) {
            QVERIFY(w.put(std::vector<std::string>(500, kib)));
            w.pass(SimDuration::seconds(1));
        }
        QVERIFY(w.row().lostRecords > 0);
        w.pass(kFreshness);
        w.until([&w] { return w.row().objects == 1; });
        QCOMPARE(w.row().records + w.row().lostRecords, std::int64_t {8'000});
        QCOMPARE(w.row().waitingBytes, Bytes {0});
    }

    void theEndDeliversWhatIsThere()
    {
        const QTemporaryDir folder;
        {
            World w(path(folder));
            w.create();
            w.open(toFolder());
            QVERIFY(w.put({"a", "b"}));
        }
        QCOMPARE(linesOf(objectsIn(folder)), (std::vector<std::string> {"a", "b"}));
    }

    void aDeletedChannelDeliversNoMore()
    {
        const QTemporaryDir folder;
        {
            World w(path(folder));
            w.create();
            const std::string id = w.open(toFolder());
            QVERIFY(w.put({"a"}));
            QVERIFY(w.ask(DeleteChannel {id}));
            w.pass(kFreshness);
            QVERIFY(w.service->snapshot()->channels.empty());
        }
        QVERIFY(objectsIn(folder).empty());
    }

    void itGoesOnAfterARestart()
    {
        const QTemporaryDir data, folder;
        SimTime later;
        {
            World w(path(folder), path(data));
            w.create();
            w.open(toFolder());
            QVERIFY(w.put({"1", "2"}));
            w.pass(kFreshness);
            w.until([&w] { return w.row().objects == 1; });
            QVERIFY(w.put({"3"}));
            later = w.now + SimDuration::seconds(5);
        }
        QCOMPARE(linesOf(objectsIn(folder)), (std::vector<std::string> {"1", "2", "3"}));
        World again(path(folder), path(data), later);
        QVERIFY(again.put({"4"}));
        again.pass(kFreshness);
        again.until([&again] { return again.row().objects == 1; });
        QCOMPARE(linesOf(objectsIn(folder)), (std::vector<std::string> {"1", "2", "3", "4"}));
    }

    void whatACrashTookBackIsDeliveredAgainInItsPlace()
    {
        const QTemporaryDir data, copied, folder;
        SimTime later;
        {
            World w(path(folder), path(data));
            w.create();
            w.open(toFolder());
            QVERIFY(w.put({"1", "2"}));
            w.pass(kFreshness);
            w.until([&w] { return w.row().objects == 1; });
            QVERIFY(w.put({"3", "4"}));
            QVERIFY(w.service->flush());
            // The folder as a crash would leave it: acknowledged, not delivered.
            fs::copy(path(data), path(copied),
                     fs::copy_options::recursive | fs::copy_options::overwrite_existing);
            w.pass(kFreshness);
            w.until([&w] { return w.row().objects == 2; });
            later = w.now;
        }
        const auto before = objectsIn(folder);
        QCOMPARE(linesOf(before), (std::vector<std::string> {"1", "2", "3", "4"}));
        World again(path(folder), path(copied), later);
        again.pass(SimDuration::seconds(1));
        again.until([&again] { return again.row().objects == 1; });
        QCOMPARE(objectsIn(folder), before);
    }

    void theDataFolderHoldsNoPlainTextOfEncryptedStreams()
    {
        const QTemporaryDir data, folder;
        {
            World w("", path(data));
            w.create();
            const auto key = w.ask(kms::CreateKey {});
            const std::string keyId = std::get<kms::KeyDescription>(*key).keyId;
            w.open(toFolder());
            const auto encrypt
                = w.ask(StartStreamEncryption {.streamName = kStream, .keyId = keyId});
            QVERIFY(!encrypt && encrypt.error().code == ErrorCode::InvalidArgument);
            QVERIFY(encrypt.error().message.find("--channels DIR") != std::string::npos);
            w.create("other");
            QVERIFY(w.ask(StartStreamEncryption {.streamName = "other", .keyId = keyId}));
            w.pass(SimDuration::seconds(2));
            CreateChannel request = toFolder();
            request.channel.streamName = "other";
            request.channel.channelName = "another";
            const auto refused = w.ask(request);
            QVERIFY(!refused && refused.error().code == ErrorCode::InvalidArgument);
            QVERIFY(refused.error().message.find("--channels DIR") != std::string::npos);
        }
        // Elsewhere they are delivered, for whoever may read that folder.
        const QTemporaryDir second;
        World w(path(folder), path(second));
        w.create();
        const auto key = w.ask(kms::CreateKey {});
        const std::string keyId = std::get<kms::KeyDescription>(*key).keyId;
        QVERIFY(w.ask(StartStreamEncryption {.streamName = kStream, .keyId = keyId}));
        w.pass(SimDuration::seconds(2));
        w.open(toFolder());
        QVERIFY(w.put({"secret"}));
        // Not while its key is off.
        QVERIFY(w.ask(kms::DisableKey {{keyId}}));
        w.pass(kFreshness);
        QVERIFY(w.row().trouble.find("cannot read its stream") != std::string::npos);
        QVERIFY(objectsIn(folder).empty());
        QVERIFY(w.ask(kms::EnableKey {{keyId}}));
        w.pass(SimDuration::seconds(budgets::kChannelRetrySeconds));
        w.until([&w] { return w.row().objects == 1; });
        QCOMPARE(linesOf(objectsIn(folder)), std::vector<std::string> {"secret"});
    }
};

QTEST_APPLESS_MAIN(ChannelDeliveryTest)
#include "tst_channel_delivery.moc"
