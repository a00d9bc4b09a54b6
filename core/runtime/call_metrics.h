#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "core/engine/api.h"
#include "core/engine/stream.h"
#include "core/runtime/metric_store.h"

namespace shardscope {

/// What the service itself reports to CloudWatch (namespace AWS/Kinesis, facts/kinesis-api.md 7),
/// counted call by call: each call is a sample. Of streams always, of shards while their stream's
/// enhanced monitoring asks for it, of consumers when they subscribe. Sums gather here and go to a
/// MetricStore with flush().
class CallMetrics {
public:
    /// One call that was answered, `took` milliseconds of wall time after it came in.
    void note(const Stream& stream, const PutRecord& request, const Result<ApiAnswer>& answer,
              double took);
    void note(const Stream& stream, const PutRecords& request, const Result<ApiAnswer>& answer,
              double took);
    void note(const Stream& stream, ShardSlot shard, const Result<ApiAnswer>& answer, double took,
              SimTime now); ///< GetRecords
    void note(const Stream& stream, const SubscribeToShard& request,
              const Result<ApiAnswer>& answer);
    void noteEvent(const Stream& stream, const std::string& consumerName, ShardSlot shard,
                   const SubscribeToShardEvent& event);

    /// Hands over what was counted since the last time, all of it in the minute of `at`.
    void flush(cloudwatch::MetricStore& store, SimTime at);

private:
    enum class OfStream {
        IncomingBytes,
        IncomingRecords,
        PutRecordBytes,
        PutRecordLatency,
        PutRecordSuccess,
        PutRecordsBytes,
        PutRecordsLatency,
        PutRecordsSuccess,
        PutRecordsTotal,
        PutRecordsSuccessful,
        PutRecordsFailed,
        PutRecordsThrottled,
        GetRecordsBytes,
        GetRecordsRecords,
        GetRecordsLatency,
        GetRecordsSuccess,
        GetRecordsAge,
        ReadExceeded,
        WriteExceeded,
    };
    static constexpr std::size_t kOfStream = 19;
    enum class OfConsumer { Success, RateExceeded, EventSuccess, EventBytes, EventRecords, Behind };
    static constexpr std::size_t kOfConsumer = 6;
    static constexpr std::size_t kOfShard = 7; ///< ShardLevelMetric
    struct Name {
        const char* name;
        const char* unit;
    };
    static const std::array<Name, kOfStream> kStreamNames;
    static const std::array<Name, kOfConsumer> kConsumerNames;
    static const std::array<Name, kOfShard> kShardNames;

    template <std::size_t N> using Sums = std::array<cloudwatch::StatisticSet, N>;
    struct Counted {
        std::string streamName;
        Sums<kOfStream> sums {};
        std::map<ShardSlot, Sums<kOfShard>> shards;
        std::map<std::string, Sums<kOfConsumer>> consumers;

        void add(OfStream metric, double value)
        {
            sums[static_cast<std::size_t>(metric)].add(value);
        }
    };
    /// One call's part that went to one shard.
    struct ShardPart {
        double records = 0, bytes = 0, refused = 0;
    };

    [[nodiscard]] Counted& of(const Stream& stream);
    void countPut(Counted& counted, const Stream& stream, const RecordBatch& batch,
                  const std::vector<SequenceNumber>& numbers);
    static void addToShard(Counted& counted, const Stream& stream, ShardSlot shard,
                           ShardLevelMetric metric, double value);

    std::map<StreamSlot, Counted> m_counted;
};

} // namespace shardscope
