#pragma once

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "core/runtime/local_service.h"

namespace shardscope::testing {

/// A local service in a folder, whose clock the test moves.
struct KeptService {
    SimTime now = SimTime::fromSeconds(1'800'000'000);
    std::unique_ptr<LocalService> service;

    explicit KeptService(const QTemporaryDir& folder, SimTime begin = {},
                         FileSystem* files = nullptr)
    {
        now = std::max(now, begin);
        auto opened = LocalService::open(
            {.store = LocalService::Store {.folder = folder.path().toStdString(), .files = files},
             .clock = [this] { return now; },
             .byHand = true});
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        service = std::move(*opened);
    }
    using Answer = std::future<Result<ApiAnswer>>;
    /// Asks and does not wait.
    Answer begin(ApiRequest request)
    {
        auto answer = std::make_shared<std::promise<Result<ApiAnswer>>>();
        const auto set = [answer](Result<ApiAnswer> a) { answer->set_value(std::move(a)); };
        if (!service->submit(std::move(request), set))
            set(fail(ErrorCode::Busy, "full"));
        return answer->get_future();
    }
    /// Waits for the disk, which answers from its own thread.
    Result<ApiAnswer> ask(ApiRequest request)
    {
        Answer answer = begin(std::move(request));
        while (!isThere(answer))
            service->work();
        return answer.get();
    }
    static bool isThere(const Answer& answer)
    {
        return answer.wait_for(std::chrono::milliseconds(1)) == std::future_status::ready;
    }
    bool hasWorkedUntil(const Answer& answer)
    {
        service->work(); // a put may have waited for the catalog
        return isThere(answer);
    }
    void pass(SimDuration time)
    {
        for (const SimTime end = now + time; now < end;) {
            now = std::min(end, now + SimDuration::seconds(1));
            service->work();
        }
    }
    void create(const std::string& name, std::int64_t shards)
    {
        CreateStream create {.streamName = name};
        create.shardCount = shards;
        QVERIFY(ask(create));
        pass(SimDuration::seconds(11));
    }
    std::string iterator(const std::string& stream, const std::string& shard)
    {
        const auto start = ask(GetShardIterator {.streamName = stream, .shardId = shard});
        return start ? std::get<GetShardIteratorResult>(*start).shardIterator : std::string();
    }
    std::vector<std::string> read(const std::string& stream, const std::string& shard)
    {
        std::vector<std::string> out;
        const auto got = ask(GetRecords {.shardIterator = iterator(stream, shard)});
        if (!got)
            return out;
        const RecordPage& page = std::get<GetRecordsResult>(*got).records;
        for (std::size_t i = 0; i < page.rows.size(); ++i)
            out.emplace_back(page.data(i));
        return out;
    }
};

inline PutRecords batch(const std::string& stream, int from, int to)
{
    PutRecords put {.streamName = stream};
    for (int i = from; i < to; ++i)
        put.records.add("key", "data-" + std::to_string(i));
    put.records.hashKeys();
    return put;
}

/// Leaves the stream `orders` with three encrypted records in the folder. A time after them.
inline SimTime keepEncryptedOrders(const QTemporaryDir& folder)
{
    KeptService kept(folder);
    kept.create("orders", 1);
    const auto encrypted
        = kept.ask(StartStreamEncryption {.streamName = "orders", .keyId = "alias/aws/kinesis"});
    kept.pass(SimDuration::seconds(20));
    const auto put = kept.ask(batch("orders", 0, 3));
    if (!encrypted || !put)
        qFatal("%s", (encrypted ? put : encrypted).error().message.c_str());
    return kept.now + SimDuration::seconds(5);
}

} // namespace shardscope::testing
