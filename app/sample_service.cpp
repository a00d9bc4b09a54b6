#include "app/sample_service.h"

#include <QMetaObject>

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "app/bundled.h"
#include "core/base/check.h"
#include "core/base/rng.h"
#include "core/endpoint/inflate.h"
#include "core/endpoint/traffic_counter.h"
#include "core/endpoint/wire_errors.h"
#include "core/runtime/local_service.h"
#include "core/workload/aggregate.h"

namespace shardscope {
namespace {

using endpoint::HttpRequest;
using endpoint::HttpVersion;
using endpoint::Peer;

constexpr SimDuration kStep = SimDuration::millis(100);
/// What is behind the first picture: a minute that the plots show, and what came before it.
constexpr SimDuration kHistory = SimDuration::seconds(75);
constexpr std::int64_t kStart = 1'767'614'400; // 2026-01-05 12:00:00 UTC, epoch seconds

/// Who calls, as its requests' heads say.
struct Caller {
    const char *agent, *address;
    HttpVersion version;
    bool secure, cbor;
    int connections;
    std::int64_t micros; ///< an answer usually takes
};
enum Who { Shop, Web, Sensors, Fraud, Archive, Shell, kCallers };
constexpr std::array<Caller, kCallers> kCast {{
    {"Boto3/1.34.46 md/Botocore#1.34.46 lang/python#3.11.2", "127.0.0.1:40001", HttpVersion::Http11,
     false, false, 4, 410},
    {"aws-sdk-js/3.540.0 ua/2.0 os/linux lang/js md/nodejs#20.11.1 api/kinesis#3.540.0",
     "127.0.0.1:40002", HttpVersion::Http2, true, true, 1, 260},
    {"KinesisProducerLibrary/1.0.4-native | linux | x86_64", "10.0.4.17:40003", HttpVersion::Http11,
     true, false, 6, 520},
    {"aws-sdk-java/2.25.11 Linux/6.1 KinesisClientLibrary/2.5.5", "10.0.4.30:40004",
     HttpVersion::Http2, true, true, 2, 340},
    {"Boto3/1.26.27 Python/3.11.2 Linux/6.1 Botocore/1.29.27", "10.0.4.31:40005",
     HttpVersion::Http11, false, false, 1, 1'900},
    {"aws-cli/2.15.30 Python/3.11.8 Linux/6.1 exe/x86_64", "127.0.0.1:40006", HttpVersion::Http11,
     false, false, 1, 290},
}};

std::string number(std::uint64_t n)
{
    return std::to_string(n);
}

} // namespace

struct SampleService::Impl {
    SimTime now = SimTime::fromSeconds(kStart);
    std::unique_ptr<LocalService> service;
    endpoint::TrafficCounter counter;
    std::array<std::vector<std::shared_ptr<const Peer>>, kCallers> peers;
    std::string body; ///< of any request: only its size is looked at
    CounterRng rng {7, 0};
    std::uint64_t drawn = 0, turn = 0;
    std::vector<std::string> orderIterators, readingIterators;

    std::uint64_t below(std::uint64_t n) { return rng.below(drawn++, n); }

    Impl()
        : body(1U << 20, ' ')
    {
        LocalService::Options options;
        options.pricesJson = bundledPricesJson();
        options.clock = [this] { return now; };
        options.byHand = true;
        auto opened = LocalService::open(std::move(options));
        SHARDSCOPE_CHECK(opened); // in memory there is nothing that could fail
        service = *std::move(opened);
        std::uint64_t connection = 0;
        for (std::size_t who = 0; who < kCallers; ++who) {
            for (int i = 0; i < kCast[who].connections; ++i) {
                auto peer = std::make_shared<Peer>();
                peer->connection = ++connection;
                peer->address = kCast[who].address;
                peer->secure = kCast[who].secure;
                peer->version = kCast[who].version;
                peers[who].push_back(std::move(peer));
            }
        }
        makeStreams();
    }

    Result<ApiAnswer> ask(ApiRequest request)
    {
        Result<ApiAnswer> answer = fail(ErrorCode::Busy, "not answered");
        std::ignore = service->submit(std::move(request),
                                      [&answer](Result<ApiAnswer> a) { answer = std::move(a); });
        return answer;
    }

    /// A call as the endpoint would count it.
    Result<ApiAnswer> call(Who who, const char* operation, const char* stream, ApiRequest request,
                           std::size_t bytesIn, std::int64_t bytesOut)
    {
        const auto answer = ask(std::move(request));
        const Caller& caller = kCast[who];
        HttpRequest head;
        head.headers.add("user-agent", caller.agent);
        head.body = std::string_view(body).substr(0, std::min(bytesIn, body.size()));
        head.peer = peers[who][below(peers[who].size())];
        endpoint::AnsweredCall counted {
            .request = head,
            .at = now,
            .operation = operation,
            .stream = stream,
            .accessKeyId = "AKIAIOSFODNN7EXAMPLE",
            .cbor = caller.cbor,
            .bytesOut = bytesOut,
            .micros = caller.micros * static_cast<std::int64_t>(70 + below(60)) / 100
                + (below(60) == 0 ? 9 * caller.micros : 0),
            .requestId = "c1d2f9b4-0000-4a6e-9f3c-5b7d2e8a1f60",
        };
        std::string message;
        if (!answer) {
            const auto error = endpoint::wireError(answer.error().code);
            counted.status = error.status;
            counted.errorType = error.type;
            message = answer.error().message;
        } else if (const auto* put = std::get_if<PutRecordsResult>(&*answer)) {
            counted.refusedRecords = put->failedRecordCount;
            counted.records
                = static_cast<std::int64_t>(put->records.size()) - put->failedRecordCount;
            if (put->failedRecordCount > 0) {
                counted.errorType
                    = endpoint::wireError(ErrorCode::ProvisionedThroughputExceeded).type;
                message = "Rate exceeded for shard shardId-000000000002 in stream orders under "
                          "account 000000000000.";
            }
        } else if (const auto* got = std::get_if<GetRecordsResult>(&*answer)) {
            counted.records = static_cast<std::int64_t>(got->records.rows.size());
        }
        counted.errorMessage = message;
        counter.count(counted);
        return answer;
    }

    void pass(SimDuration time)
    {
        for (const SimTime end = now + time; now < end;) {
            now = now + kStep;
            service->work();
        }
    }

    void makeStreams()
    {
        const auto create = [this](const char* name, std::int64_t shards) {
            CreateStream made {.streamName = name};
            made.tags = {{"environment", "test"}, {"team", "checkout"}};
            if (shards > 0)
                made.shardCount = shards;
            else
                made.mode = StreamMode::OnDemand;
            SHARDSCOPE_CHECK(ask(made));
        };
        create(kStream, 4);
        create("clicks", 0);
        create("sensor-readings", 6);
        create("payments", 2);
        create("audit-trail", 1);
        pass(SimDuration::seconds(12));
        const auto settle
            = [this](ApiRequest request) { SHARDSCOPE_CHECK(ask(std::move(request))); };
        settle(RegisterStreamConsumer {.streamName = kStream, .consumerName = "fraud-check"});
        settle(IncreaseStreamRetentionPeriod {.streamName = "audit-trail", .hours = 168});
        settle(StartStreamEncryption {.streamName = "payments", .keyId = "alias/aws/kinesis"});
        pass(SimDuration::seconds(12));
        attachReaders();
        orderIterators = iterators(kStream, 4);
        readingIterators = iterators("sensor-readings", 6);
    }

    /// Beside the clients: a function and a delivery, both modelled.
    void attachReaders()
    {
        ConsumerSpec function;
        function.name = "order-mailer";
        function.kind = ConsumerKind::Lambda;
        function.start = StartPosition::Latest;
        ConsumerSpec delivery;
        delivery.name = "orders-to-s3";
        delivery.kind = ConsumerKind::Firehose;
        delivery.firehose.bufferInterval = SimDuration::seconds(20);
        for (const ConsumerSpec& spec : {function, delivery})
            service->applyToReaders(kStream, AddConsumer {spec},
                                    [](const Result<void>& done) { SHARDSCOPE_CHECK(done); });
    }

    std::vector<std::string> iterators(const char* stream, int shards)
    {
        std::vector<std::string> made;
        for (int shard = 0; shard < shards; ++shard) {
            const auto got = ask(GetShardIterator {
                .streamName = stream,
                .shardId = shardIdText(ShardSlot(static_cast<std::uint32_t>(shard))),
                .type = IteratorType::Latest});
            SHARDSCOPE_CHECK(got);
            made.push_back(std::get<GetShardIteratorResult>(*got).shardIterator);
        }
        return made;
    }

    void put(Who who, const char* stream, RecordBatch batch)
    {
        batch.hashKeys();
        const std::size_t bytes = batch.bytes.size() * 4 / 3 + batch.rows.size() * 40;
        const auto records = static_cast<std::int64_t>(batch.rows.size());
        PutRecords request {.streamName = stream};
        request.records = std::move(batch);
        call(who, "PutRecords", stream, std::move(request), bytes, records * 120);
    }

    void read(Who who, const char* stream, std::vector<std::string>& at)
    {
        for (std::string& iterator : at) {
            const auto got = call(who, "GetRecords", stream, GetRecords {.shardIterator = iterator},
                                  260, 40'000);
            if (got)
                iterator = std::get<GetRecordsResult>(*got).nextShardIterator.value_or(iterator);
        }
    }

    /// Half of all orders come from one Region's warehouse: one key, one shard.
    void order()
    {
        static constexpr std::array<const char*, 4> pages {"cart", "checkout", "search", "return"};
        RecordBatch batch;
        const std::uint64_t records = 190 + below(60);
        for (std::uint64_t i = 0; i < records; ++i) {
            const std::string key = below(100) < 47 ? "eu-west" : "store-" + number(below(400));
            std::string data = "{\"order\":" + number(700'000 + drawn) + ",\"step\":\""
                + pages[below(pages.size())] + "\",\"ms\":" + number(3 + below(900))
                + ",\"total\":" + number(5 + below(400)) + ".90,\"currency\":\"EUR\",\"items\":[";
            const std::uint64_t items = 2 + below(9);
            for (std::uint64_t item = 0; item < items; ++item)
                data += (item == 0 ? "{\"sku\":\"" : ",{\"sku\":\"") + number(10'000 + below(9'000))
                    + "\",\"quantity\":" + number(1 + below(4)) + ",\"warehouse\":\"" + key + "\"}";
            batch.add(key, data + "],\"note\":\"" + std::string(120 + below(300), '.') + "\"}");
        }
        put(Shop, kStream, std::move(batch));
    }

    void click()
    {
        RecordBatch batch;
        for (std::uint64_t i = 0; i < 40 + below(30); ++i)
            batch.add("visitor-" + number(below(9'000)),
                      "{\"page\":\"/p/" + number(below(800)) + "\",\"ref\":\"" + number(below(60))
                          + "\",\"pad\":\"" + std::string(220, '-') + "\"}");
        put(Web, "clicks", std::move(batch));
    }

    void sense()
    {
        RecordBatch batch;
        for (int i = 0; i < 24; ++i) {
            std::vector<std::pair<std::string, std::string>> texts;
            for (int n = 0; n < 20; ++n)
                texts.emplace_back("sensor-" + number(below(900)),
                                   "{\"celsius\":" + number(12 + below(20)) + "."
                                       + number(below(10))
                                       + ",\"battery\":" + number(40 + below(60)) + "}");
            std::vector<UserRecord> inside;
            for (const auto& [key, data] : texts)
                inside.push_back({key, data});
            batch.add(kAggregateKey, buildAggregate(inside),
                      HashKey::fromWords(rng.bits(drawn++), 0));
        }
        put(Sensors, "sensor-readings", std::move(batch));
    }

    void pay()
    {
        RecordBatch batch;
        batch.add("merchant-" + number(below(40)),
                  endpoint::gzipOf("{\"payment\":" + number(4'000'000 + drawn)
                                   + ",\"state\":\"captured\",\"amount\":" + number(1 + below(900))
                                   + ",\"method\":\"card\"}"));
        put(Shop, "payments", std::move(batch));
    }

    /// A person at a shell who gets a few things wrong.
    void mistake()
    {
        switch (turn / 70 % 4) {
        case 0:
            call(Shell, "DescribeStreamSummary", "order",
                 DescribeStreamSummary {.streamName = "order"}, 24, 130);
            return;
        case 1:
            call(Shell, "IncreaseStreamRetentionPeriod", kStream,
                 IncreaseStreamRetentionPeriod {.streamName = kStream, .hours = 12}, 60, 140);
            return;
        case 2:
            call(Archive, "GetRecords", "", GetRecords {.shardIterator = "AAAAAAAAAAE="}, 200, 90);
            return;
        default:
            CreateStream again {.streamName = "clicks"};
            again.shardCount = 2;
            call(Shell, "CreateStream", "clicks", again, 60, 120);
        }
    }

    void step()
    {
        now = now + kStep;
        order();
        click();
        sense();
        if (turn % 3 == 0)
            pay();
        if (turn % 5 == 0)
            read(Fraud, kStream, orderIterators);
        if (turn % 12 == 4)
            read(Archive, "sensor-readings", readingIterators);
        if (turn % 70 == 35)
            mistake();
        ++turn;
        service->work();
    }
};

SampleService::SampleService()
    : m_impl(std::make_unique<Impl>())
{
    m_impl->service->watch(kStream);
    run(kHistory);
}

SampleService::~SampleService() = default;

void SampleService::run(SimDuration time)
{
    for (const SimTime end = m_impl->now + time; m_impl->now < end;)
        m_impl->step();
}

ui::MonitorDeck SampleService::deck(QObject* home)
{
    ui::MonitorDeck deck;
    Impl& impl = *m_impl;
    deck.endpoint = [] {
        ui::EndpointState state;
        state.on = true;
        state.urls = {"http://127.0.0.1:4567"};
        return state;
    };
    deck.switchOn = [](const ui::EndpointWish&) {};
    deck.switchOff = [] {};
    deck.snapshot
        = [&impl]() -> std::shared_ptr<const ServedSnapshot> { return impl.service->snapshot(); };
    deck.traffic = [&impl]() -> std::shared_ptr<const endpoint::TrafficReport> {
        return impl.counter.report();
    };
    deck.watch = [&impl](const std::string& stream) {
        impl.service->watch(stream);
        impl.service->work();
    };
    deck.ask = [&impl, home](ApiRequest request, ui::MonitorDeck::Done done) {
        auto answer = std::make_shared<const Result<ApiAnswer>>(impl.ask(std::move(request)));
        QMetaObject::invokeMethod(
            home, [done = std::move(done), answer] { done(*answer); }, Qt::QueuedConnection);
    };
    deck.applyToReaders = [&impl, home](const std::string& stream, Act act,
                                        std::function<void(const Result<void>&)> done) {
        impl.service->applyToReaders(stream, std::move(act), [&](Result<void> answer) {
            QMetaObject::invokeMethod(
                home, [done, answer = std::move(answer)] { done(answer); }, Qt::QueuedConnection);
        });
    };
    return deck;
}

} // namespace shardscope
