#include "tests/support/sample_served.h"

#include <algorithm>
#include <array>

namespace shardscope::sample {

namespace {

ServedStreamRow row(const std::string& name, int shards, const ServedOptions& o)
{
    ServedStreamRow made;
    auto& s = made.summary;
    s.streamName = name;
    s.streamArn = "arn:aws:kinesis:us-east-1:000000000000:stream/" + name;
    s.createdAt = kDefaultStart;
    s.openShardCount = shards;
    made.capacityBytes = shards * 1'048'576.0;
    const double wave = 1 + 0.1 * static_cast<double>(o.revision % 5);
    made.offeredBytes = made.acceptedBytes = 0.2 * made.capacityBytes * wave;
    made.offeredRecords = made.acceptedRecords = made.acceptedBytes / 700;
    made.outBytes = made.acceptedBytes * 1.5;
    made.outRecords = made.acceptedRecords * 1.5;
    made.hottestPercentOfLimit = 31 * wave;
    made.stored = {static_cast<std::int64_t>(made.acceptedRecords * 3'600),
                   static_cast<Bytes>(made.acceptedBytes * 3'600)};
    made.ageMs = 420;
    return made;
}

void makeOrders(ServedStreamRow& orders)
{
    auto& s = orders.summary;
    orders.offeredBytes = orders.capacityBytes * 1.1;
    orders.acceptedBytes = orders.capacityBytes * 0.8;
    orders.acceptedRecords = 3'115;
    orders.refusedRecords = 412;
    orders.offeredRecords = orders.acceptedRecords + orders.refusedRecords;
    orders.hottestPercentOfLimit = 132;
    orders.ageMs = 8'300;
    orders.tags = {{"team", "data"}, {"environment", "test"}};
    orders.consumers = {{s.streamName, "fraud-check", ConsumerStatus::Active, s.createdAt},
                        {s.streamName, "archive", ConsumerStatus::Creating, s.createdAt}};
    s.consumerCount = 2;
    orders.subscriptions = 4;
    s.encryption = EncryptionType::Kms;
    s.keyId = "alias/aws/kinesis";
    s.retentionHours = 48;
    s.enhancedMonitoring = {ShardLevelMetric::IncomingBytes};
}

} // namespace

std::shared_ptr<const ServedSnapshot> served(const ServedOptions& o)
{
    auto made = std::make_shared<ServedSnapshot>();
    made->revision = o.revision;
    made->startedAt = kDefaultStart;
    made->now = kDefaultStart + SimDuration::minutes(5);
    made->accountId = "000000000000";
    made->region = "us-east-1";
    made->memoryRecords = 214_MiB;
    made->memoryBudget = 1_GiB;
    static constexpr std::array names {"orders", "clicks", "audit-log-of-everything",
                                       "iot-readings", "payments"};
    for (int i = 0; i < o.streams; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const std::string name
            = at < names.size() ? names[at] : "stream-" + std::to_string(10'000 + i);
        made->streams.push_back(row(name, i == 0 ? o.boardShards : 1 + i % 7, o));
    }
    if (o.streams > 0)
        makeOrders(made->streams[0]);
    if (o.streams > 1) {
        made->streams[1].summary.mode = StreamMode::OnDemand;
        made->streams[1].summary.warmThroughputTargetMiBps = 64;
        made->streams[1].summary.warmThroughputCurrentMiBps = 16;
    }
    if (o.streams > 4) {
        ServedStreamRow& fresh = made->streams[4];
        fresh.summary.status = StreamStatus::Creating;
        fresh.acceptedBytes = fresh.offeredBytes = fresh.outBytes = 0;
        fresh.acceptedRecords = fresh.hottestPercentOfLimit = 0;
        fresh.stored = {};
        fresh.ageMs = 0;
    }
    std::sort(made->streams.begin(), made->streams.end(), [](const auto& a, const auto& b) {
        return a.summary.streamName < b.summary.streamName;
    });
    made->keys = {{"11111111-2222-3333-4444-555555555555", "made for the service",
                   kms::KeyState::Enabled, true, kDefaultStart, std::nullopt, 1, false},
                  {"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "of the data team",
                   kms::KeyState::Enabled, false, kDefaultStart, std::nullopt, 2, false}};
    made->aliases
        = {{"alias/aws/kinesis", made->keys[0].keyId}, {"alias/data", made->keys[1].keyId}};
    if (o.store) {
        StoreRow store;
        store.folder = "/srv/shardscope";
        store.bytesOnDisk = 2_GiB;
        store.bytesInMemory = 214_MiB;
        store.segments = 33;
        store.bytesPerSecond = 3.4e6;
        store.commitMillis = 1.8;
        made->store = store;
    }
    if (o.board && o.streams > 0)
        made->board = snapshot({.shards = o.boardShards});
    return made;
}

std::shared_ptr<const endpoint::TrafficReport> traffic()
{
    using namespace endpoint;
    const SimTime now = kDefaultStart + SimDuration::minutes(5);
    auto made = std::make_shared<TrafficReport>();
    struct Caller {
        const char *sdk, *agent, *protocol, *operation;
        double calls, records, refused;
        std::int64_t micros;
    };
    for (const Caller& c : {Caller {"KPL 1.0", "KPL/1.0.7 aws-sdk-cpp", "HTTP/1.1 · TLS · JSON",
                                    "PutRecords", 212, 98'000, 3.4, 840},
                            Caller {"boto3 1.26", "Boto3/1.26.27 Python/3.11", "HTTP/1.1 · JSON",
                                    "GetRecords", 41, 12'400, 0, 1'900},
                            Caller {"AWS CLI 2.9", "aws-cli/2.9.19", "HTTP/1.1 · JSON",
                                    "DescribeStreamSummary", 0, 0, 0, 600}}) {
        ClientRow row;
        row.address = "127.0.0.1";
        row.sdk = c.sdk;
        row.userAgent = c.agent;
        row.protocol = c.protocol;
        row.accessKeyId = "AKIA…MPLE";
        row.connections = c.calls > 0 ? static_cast<std::int64_t>(1 + c.calls / 20) : 0;
        row.calls = static_cast<std::int64_t>(1 + c.calls * 300);
        row.refused = row.throttled = static_cast<std::int64_t>(c.refused * 300);
        row.callsPerSecond = c.calls;
        row.recordsPerSecond = c.records;
        row.refusedPerSecond = c.refused;
        for (std::int64_t i = 0; i < 100; ++i)
            row.latency.add(c.micros + (i > 95 ? 30'000 : i * 3));
        row.lastOperation = c.operation;
        row.firstSeen = kDefaultStart;
        row.lastSeen = now;
        OperationRow operation;
        operation.operation = c.operation;
        operation.calls = row.calls;
        operation.refused = row.refused;
        operation.bytesIn = row.calls * 9'000;
        operation.bytesOut = row.calls * 700;
        operation.latency = row.latency;
        made->operations.push_back(operation);
        made->clients.push_back(row);
    }
    std::sort(made->operations.begin(), made->operations.end(),
              [](const auto& a, const auto& b) { return a.operation < b.operation; });
    made->errors = {{7, now, "KPL 1.0 127.0.0.1", "PutRecords", "orders", 400,
                     "ProvisionedThroughputExceededException",
                     "Rate exceeded for shard shardId-000000000002 in stream orders under account "
                     "000000000000.",
                     "c1d2", 418},
                    {5, now - SimDuration::seconds(40), "boto3 1.26 127.0.0.1", "GetRecords", "",
                     400, "ExpiredIteratorException", "Iterator expired.", "a7b8", 1},
                    {4, now - SimDuration::seconds(90), "AWS CLI 2.9 127.0.0.1",
                     "DescribeStreamSummary", "order", 400, "ResourceNotFoundException",
                     "Stream order under account 000000000000 not found.", "99ef", 2}};
    made->requests = 76'000;
    made->errorsEver = 421;
    return made;
}

} // namespace shardscope::sample
