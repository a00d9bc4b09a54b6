#include "core/runtime/call_metrics.h"

#include <utility>

namespace shardscope {
namespace {

constexpr const char* kBytes = "Bytes";
constexpr const char* kCount = "Count";
constexpr const char* kMillis = "Milliseconds";

/// What a whole call's refusal counts as.
bool throttled(const Result<ApiAnswer>& answer)
{
    return !answer && answer.error().code == ErrorCode::ProvisionedThroughputExceeded;
}

double bytesOf(const RecordPage& page)
{
    double bytes = 0;
    for (const RecordPage::Row& row : page.rows)
        bytes += row.dataBytes + row.keyBytes;
    return bytes;
}

template <std::size_t N, typename Names>
void handOver(cloudwatch::MetricStore& store, std::array<cloudwatch::StatisticSet, N>& sums,
              const Names& names, const cloudwatch::Dimensions& dimensions, SimTime at)
{
    for (std::size_t i = 0; i < N; ++i) {
        const cloudwatch::StatisticSet sum = std::exchange(sums[i], {});
        if (sum.sampleCount > 0)
            store.add({"AWS/Kinesis", names[i].name, dimensions}, names[i].unit, at, sum);
    }
}

} // namespace

const std::array<CallMetrics::Name, CallMetrics::kOfStream> CallMetrics::kStreamNames {{
    {"IncomingBytes", kBytes},
    {"IncomingRecords", kCount},
    {"PutRecord.Bytes", kBytes},
    {"PutRecord.Latency", kMillis},
    {"PutRecord.Success", kCount},
    {"PutRecords.Bytes", kBytes},
    {"PutRecords.Latency", kMillis},
    {"PutRecords.Success", kCount},
    {"PutRecords.TotalRecords", kCount},
    {"PutRecords.SuccessfulRecords", kCount},
    {"PutRecords.FailedRecords", kCount},
    {"PutRecords.ThrottledRecords", kCount},
    {"GetRecords.Bytes", kBytes},
    {"GetRecords.Records", kCount},
    {"GetRecords.Latency", kMillis},
    {"GetRecords.Success", kCount},
    {"GetRecords.IteratorAgeMilliseconds", kMillis},
    {"ReadProvisionedThroughputExceeded", kCount},
    {"WriteProvisionedThroughputExceeded", kCount},
}};

const std::array<CallMetrics::Name, CallMetrics::kOfConsumer> CallMetrics::kConsumerNames {{
    {"SubscribeToShard.Success", kCount},
    {"SubscribeToShard.RateExceeded", kCount},
    {"SubscribeToShardEvent.Success", kCount},
    {"SubscribeToShardEvent.Bytes", kBytes},
    {"SubscribeToShardEvent.Records", kCount},
    {"SubscribeToShardEvent.MillisBehindLatest", kMillis},
}};

const std::array<CallMetrics::Name, CallMetrics::kOfShard> CallMetrics::kShardNames {{
    {"IncomingBytes", kBytes},
    {"IncomingRecords", kCount},
    {"OutgoingBytes", kBytes},
    {"OutgoingRecords", kCount},
    {"WriteProvisionedThroughputExceeded", kCount},
    {"ReadProvisionedThroughputExceeded", kCount},
    {"IteratorAgeMilliseconds", kMillis},
}};

CallMetrics::Counted& CallMetrics::of(const Stream& stream)
{
    Counted& counted = m_counted[stream.slot()];
    if (counted.streamName.empty())
        counted.streamName = stream.name();
    return counted;
}

void CallMetrics::addToShard(Counted& counted, const Stream& stream, ShardSlot shard,
                             ShardLevelMetric metric, double value)
{
    if (stream.shardLevelMetrics().count(metric) > 0)
        counted.shards[shard][static_cast<std::size_t>(metric)].add(value);
}

/// What both put operations report alike; `numbers` as in PutRecordsResult.
void CallMetrics::countPut(Counted& counted, const Stream& stream, const RecordBatch& batch,
                           const std::vector<SequenceNumber>& numbers)
{
    const bool byShard = !stream.shardLevelMetrics().empty();
    std::map<ShardSlot, ShardPart> parts;
    ShardPart all;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const RecordBatch::Row& row = batch.rows[i];
        const bool taken = numbers[i].counter != 0;
        ShardPart part;
        part.records = taken ? 1 : 0;
        part.bytes = taken ? static_cast<double>(row.dataBytes) + row.keyBytes : 0;
        part.refused = taken ? 0 : 1;
        for (ShardPart* to : {&all, byShard ? &parts[numbers[i].shard] : nullptr}) {
            if (to == nullptr)
                continue;
            to->records += part.records;
            to->bytes += part.bytes;
            to->refused += part.refused;
        }
    }
    counted.add(OfStream::WriteExceeded, all.refused);
    if (all.records > 0) {
        counted.add(OfStream::IncomingBytes, all.bytes);
        counted.add(OfStream::IncomingRecords, all.records);
    }
    for (const auto& [shard, part] : parts) {
        addToShard(counted, stream, shard, ShardLevelMetric::WriteProvisionedThroughputExceeded,
                   part.refused);
        if (part.records == 0)
            continue;
        addToShard(counted, stream, shard, ShardLevelMetric::IncomingBytes, part.bytes);
        addToShard(counted, stream, shard, ShardLevelMetric::IncomingRecords, part.records);
    }
}

void CallMetrics::note(const Stream& stream, const PutRecord& request,
                       const Result<ApiAnswer>& answer, double took)
{
    Counted& counted = of(stream);
    counted.add(OfStream::PutRecordSuccess, answer ? 1 : 0);
    counted.add(OfStream::PutRecordLatency, took);
    if (answer) {
        const std::vector<SequenceNumber> number {std::get<PutResult>(*answer).number};
        counted.add(OfStream::PutRecordBytes, static_cast<double>(request.record.bytes.size()));
        countPut(counted, stream, request.record, number);
    } else if (throttled(answer)) {
        counted.add(OfStream::WriteExceeded, 1);
    }
}

void CallMetrics::note(const Stream& stream, const PutRecords& request,
                       const Result<ApiAnswer>& answer, double took)
{
    Counted& counted = of(stream);
    counted.add(OfStream::PutRecordsLatency, took);
    const auto total = static_cast<double>(request.records.rows.size());
    if (!answer) {
        counted.add(OfStream::PutRecordsSuccess, 0);
        return;
    }
    const auto& result = std::get<PutRecordsResult>(*answer);
    const auto refused = static_cast<double>(result.failedRecordCount);
    counted.add(OfStream::PutRecordsSuccess, refused < total ? 1 : 0);
    counted.add(OfStream::PutRecordsTotal, total);
    counted.add(OfStream::PutRecordsSuccessful, total - refused);
    counted.add(OfStream::PutRecordsFailed, 0);
    counted.add(OfStream::PutRecordsThrottled, refused);
    counted.add(OfStream::PutRecordsBytes, static_cast<double>(request.records.bytes.size()));
    countPut(counted, stream, request.records, result.records);
}

void CallMetrics::note(const Stream& stream, ShardSlot shard, const Result<ApiAnswer>& answer,
                       double took, SimTime now)
{
    Counted& counted = of(stream);
    const bool byShard = !stream.shardLevelMetrics().empty();
    counted.add(OfStream::GetRecordsSuccess, answer ? 1 : 0);
    counted.add(OfStream::ReadExceeded, throttled(answer) ? 1 : 0);
    if (byShard)
        addToShard(counted, stream, shard, ShardLevelMetric::ReadProvisionedThroughputExceeded,
                   throttled(answer) ? 1 : 0);
    if (!answer)
        return;
    const auto& result = std::get<GetRecordsResult>(*answer);
    const auto& rows = result.records.rows;
    const double bytes = bytesOf(result.records);
    const auto records = static_cast<double>(rows.size());
    const auto age = static_cast<double>(rows.empty() ? result.millisBehindLatest
                                                      : now.inMillis() - rows.back().arrivalMs);
    counted.add(OfStream::GetRecordsLatency, took);
    counted.add(OfStream::GetRecordsBytes, bytes);
    counted.add(OfStream::GetRecordsRecords, records);
    counted.add(OfStream::GetRecordsAge, age);
    if (!byShard)
        return;
    addToShard(counted, stream, shard, ShardLevelMetric::OutgoingBytes, bytes);
    addToShard(counted, stream, shard, ShardLevelMetric::OutgoingRecords, records);
    addToShard(counted, stream, shard, ShardLevelMetric::IteratorAgeMilliseconds, age);
}

void CallMetrics::note(const Stream& stream, const SubscribeToShard& request,
                       const Result<ApiAnswer>& answer)
{
    const bool refused = !answer
        && (answer.error().code == ErrorCode::LimitExceeded
            || answer.error().code == ErrorCode::ResourceInUse);
    if (!answer && !refused)
        return; // nor does the name need to be a consumer's
    auto& sums = of(stream).consumers[request.consumerName];
    sums[static_cast<std::size_t>(OfConsumer::Success)].add(answer ? 1 : 0);
    sums[static_cast<std::size_t>(OfConsumer::RateExceeded)].add(refused ? 1 : 0);
}

void CallMetrics::noteEvent(const Stream& stream, const std::string& consumerName, ShardSlot shard,
                            const SubscribeToShardEvent& event)
{
    Counted& counted = of(stream);
    auto& sums = counted.consumers[consumerName];
    const double bytes = bytesOf(event.records);
    const auto records = static_cast<double>(event.records.rows.size());
    sums[static_cast<std::size_t>(OfConsumer::EventSuccess)].add(1);
    sums[static_cast<std::size_t>(OfConsumer::EventBytes)].add(bytes);
    sums[static_cast<std::size_t>(OfConsumer::EventRecords)].add(records);
    sums[static_cast<std::size_t>(OfConsumer::Behind)].add(
        static_cast<double>(event.millisBehindLatest));
    if (stream.shardLevelMetrics().empty())
        return;
    addToShard(counted, stream, shard, ShardLevelMetric::OutgoingBytes, bytes);
    addToShard(counted, stream, shard, ShardLevelMetric::OutgoingRecords, records);
}

void CallMetrics::flush(cloudwatch::MetricStore& store, SimTime at)
{
    for (auto& [slot, counted] : m_counted) {
        handOver(store, counted.sums, kStreamNames, {{"StreamName", counted.streamName}}, at);
        for (auto& [shard, sums] : counted.shards)
            handOver(store, sums, kShardNames,
                     {{"StreamName", counted.streamName}, {"ShardId", shardIdText(shard)}}, at);
        for (auto& [consumer, sums] : counted.consumers)
            handOver(store, sums, kConsumerNames,
                     {{"StreamName", counted.streamName}, {"ConsumerName", consumer}}, at);
    }
    m_counted.clear();
}

} // namespace shardscope
