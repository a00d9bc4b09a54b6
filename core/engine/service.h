#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/engine/account.h"
#include "core/engine/api.h"
#include "core/engine/call_rate.h"
#include "core/engine/events.h"
#include "core/engine/service_options.h"
#include "core/engine/shard_iterator.h"
#include "core/engine/stream.h"

namespace shardscope {

/// The service: an account's streams in one Region, its limits, and everything that happens by
/// itself (creation, resharding, on-demand scaling, policies, retention, the memory budget).
/// Copyable. Every call says what time it is.
class Service {
public:
    explicit Service(ServiceOptions options);

    // --- the operations -------------------------------------------------------------------------
    /// Any request of the stream service, SubscribeToShard excepted: that one needs a sink. The
    /// metrics' and the keys' requests are answered above; here they are an InternalFailure.
    [[nodiscard]] Result<ApiAnswer> handle(const ApiRequest& request, SimTime now);
    /// The same for those that answer nothing, or nothing of interest: people, scenarios, policies.
    [[nodiscard]] Result<void> control(const ControlRequest& request, SimTime now);
    [[nodiscard]] Result<PutResult> putRecord(const PutRecord& request, SimTime now);
    [[nodiscard]] Result<PutRecordsResult> putRecords(const PutRecords& request, SimTime now);
    [[nodiscard]] Result<GetShardIteratorResult> getShardIterator(const GetShardIterator& request,
                                                                  SimTime now);
    [[nodiscard]] Result<GetRecordsResult> getRecords(const GetRecords& request, SimTime now);
    [[nodiscard]] Result<StreamDescriptionSummary>
    describeStreamSummary(std::string_view streamName) const;
    [[nodiscard]] Result<std::vector<ShardDescription>>
    listShards(std::string_view streamName) const;

    // --- beside the API -------------------------------------------------------------------------
    void setAccountLimits(const AccountLimits& limits);
    [[nodiscard]] const AccountLimits& accountLimits() const;
    /// How long changes take that are asked for from now on.
    void setTimings(const ServiceTimings& timings);
    /// Which limits hold from now on, on streams that exist too.
    void setThrottling(const ThrottlingSwitches& switches);
    [[nodiscard]] Result<void> attachPolicy(std::string_view streamName,
                                            const std::optional<ScalingPolicySpec>& policy,
                                            SimTime now);
    [[nodiscard]] std::optional<ScalingPolicySpec> policy(std::string_view streamName) const;
    /// Does everything that is due at or before `now`, in the order of its times.
    void advance(SimTime now);
    /// When advance() next has something to do, beyond periodic measuring.
    [[nodiscard]] std::optional<SimTime> nextDue() const;
    /// Events of the account and of all streams since the last call, ascending.
    [[nodiscard]] std::vector<Event> takeEvents();
    /// Every stream there is, in the order of creation. Pointers stay good while the service lives.
    [[nodiscard]] std::vector<Stream*> streams();
    [[nodiscard]] Stream* find(std::string_view streamName);
    [[nodiscard]] const Stream* find(std::string_view streamName) const;
    [[nodiscard]] bool advantage() const;

    /// Makes a simulated record's key and data again; GetRecords on such a record asks it. Without
    /// one, simulated records read as empty.
    struct Regenerated {
        std::string partitionKey, data;
    };
    using Regenerate = std::function<Regenerated(ProducerSlot producer, std::uint64_t number)>;
    void setRegenerate(Regenerate regenerate);

private:
    // One for each alternative of ApiRequest that handle() answers; what they return is the answer.
    [[nodiscard]] Result<PutResult> act(const PutRecord& request, SimTime now)
    {
        return putRecord(request, now);
    }
    [[nodiscard]] Result<PutRecordsResult> act(const PutRecords& request, SimTime now)
    {
        return putRecords(request, now);
    }
    [[nodiscard]] Result<GetRecordsResult> act(const GetRecords& request, SimTime now)
    {
        return getRecords(request, now);
    }
    [[nodiscard]] Result<GetShardIteratorResult> act(const GetShardIterator& request, SimTime now)
    {
        return getShardIterator(request, now);
    }
    // service_control.cpp, service_shards.cpp
    [[nodiscard]] Result<void> act(const CreateStream& request, SimTime now);
    [[nodiscard]] Result<void> act(const DeleteStream& request, SimTime now);
    [[nodiscard]] Result<void> act(const UpdateStreamMode& request, SimTime now);
    [[nodiscard]] Result<void> act(const UpdateMaxRecordSize& request, SimTime now);
    [[nodiscard]] Result<void> act(const UpdateStreamWarmThroughput& request, SimTime now);
    [[nodiscard]] Result<void> act(const IncreaseStreamRetentionPeriod& request, SimTime now);
    [[nodiscard]] Result<void> act(const DecreaseStreamRetentionPeriod& request, SimTime now);
    [[nodiscard]] Result<void> act(const StartStreamEncryption& request, SimTime now);
    [[nodiscard]] Result<void> act(const StopStreamEncryption& request, SimTime now);
    [[nodiscard]] Result<void> act(const EnableEnhancedMonitoring& request, SimTime now);
    [[nodiscard]] Result<void> act(const DisableEnhancedMonitoring& request, SimTime now);
    [[nodiscard]] Result<void> act(const UpdateAccountSettings& request, SimTime now);
    [[nodiscard]] Result<void> act(const SplitShard& request, SimTime now);
    [[nodiscard]] Result<void> act(const MergeShards& request, SimTime now);
    [[nodiscard]] Result<void> act(const UpdateShardCount& request, SimTime now);
    [[nodiscard]] Result<void> act(const RegisterStreamConsumer& request, SimTime now);
    [[nodiscard]] Result<void> act(const DeregisterStreamConsumer& request, SimTime now);
    [[nodiscard]] Result<void> act(const UpdateStreamRecordDistributionStrategy& request,
                                   SimTime now);

    /// The stream by name, or why not: Validation, ResourceNotFound.
    [[nodiscard]] Result<Stream*> existing(std::string_view streamName);
    [[nodiscard]] Result<const Stream*> existing(std::string_view streamName) const;
    /// As existing(), and it takes records: neither CREATING nor DELETING.
    [[nodiscard]] Result<Stream*> readable(std::string_view streamName);
    /// As existing(), within the operation's rate.
    [[nodiscard]] Result<Stream*> called(Operation operation, std::string_view streamName,
                                         SimTime now);
    /// As called(), and ACTIVE.
    [[nodiscard]] Result<Stream*> changeable(Operation operation, std::string_view streamName,
                                             SimTime now);
    [[nodiscard]] Result<void> allowWarmThroughput(StreamMode mode, std::int64_t mibps) const;
    /// Whether the account has room for `more` shards of provisioned streams.
    [[nodiscard]] Result<void> allowShards(std::int64_t more) const;
    [[nodiscard]] Result<void> allowOnDemandStream() const;
    [[nodiscard]] Result<void> changeRetention(Stream& stream, std::int64_t hours, SimTime now);
    /// An open shard of `stream` by the text of its id.
    [[nodiscard]] Result<ShardSlot> openShard(const Stream& stream,
                                              const std::string& shardId) const;
    /// What a dry run answers that found nothing wrong.
    [[nodiscard]] static tl::unexpected<Error> dryRunPassed();
    [[nodiscard]] std::string under(const Stream& stream) const; ///< `<stream> under account <a>`
    /// What scales the rates of calls now; none: they do not hold.
    [[nodiscard]] std::optional<double> callRateFactor() const;

    // service_puts.cpp
    /// The stream that takes the rows of `batch`, or why they are refused whole. `single`: the
    /// batch is PutRecord's.
    [[nodiscard]] Result<Stream*> putTarget(const std::string& streamName, const RecordBatch& batch,
                                            bool single);
    [[nodiscard]] Result<void> checkOrdering(const Stream& stream, const std::string& number,
                                             SimTime now) const;
    // service_iterators.cpp
    /// Where a reader wants to begin.
    struct StartingPosition {
        const char* operation; ///< for people
        IteratorType type;
        const std::optional<std::string>& number;
        const std::optional<SimTime>& timestamp;
    };
    [[nodiscard]] static Result<void> checkStart(const StartingPosition& start);
    /// `start` has passed checkStart(). Positions before the horizon mean the horizon.
    [[nodiscard]] Result<std::uint64_t> startPosition(const Stream& stream, ShardSlot shard,
                                                      const StartingPosition& start,
                                                      SimTime now) const;
    [[nodiscard]] Result<std::uint64_t> positionOf(const Stream& stream, ShardSlot shard,
                                                   const StartingPosition& start,
                                                   SimTime now) const;
    /// A shard of `stream` that may still be read, by the text of its id.
    [[nodiscard]] Result<ShardSlot> readableShard(const Stream& stream,
                                                  const std::string& shardId) const;
    // service_reads.cpp
    [[nodiscard]] Result<ShardIterator> iteratorOf(const GetRecords& request, SimTime now) const;
    /// Records [first, next) of a shard, `bytes` in all.
    struct PageSpan {
        std::uint64_t first = 0, next = 0, bytes = 0;
    };
    /// Records whose payload is lost are left out.
    [[nodiscard]] RecordPage page(const Stream& stream, ShardSlot shard,
                                  const PageSpan& span) const;
    /// False when the payload is lost.
    [[nodiscard]] bool fillRow(RecordPage& page, RecordPage::Row& row, const Stream& stream,
                               const RecordMeta& meta) const;
    [[nodiscard]] std::vector<ChildShard> childrenOf(const Stream& stream, ShardSlot shard) const;

    // service.cpp
    void completeDue(SimTime until);
    [[nodiscard]] Bytes memoryHeld() const;
    [[nodiscard]] std::optional<std::int64_t> cutOfBlocks(Bytes held, Bytes target,
                                                          SimTime now) const;
    [[nodiscard]] std::optional<std::int64_t> oldestArrivalMs() const;
    [[nodiscard]] std::optional<std::int64_t> cutOfRecords(Bytes target, SimTime now) const;
    void applyBudget(SimTime now);
    void note(SimTime at, EventKind kind, std::string text);
    // service_policies.cpp
    void runPolicy(Stream& stream, SimTime minuteEnd);
    void scaleByHand(Stream& stream, SimTime now);

    ServiceOptions m_options;
    BillingCommitment m_commitment;
    CallRates m_rates;
    std::deque<Stream> m_streams; ///< by StreamSlot; deleted ones keep their place
    std::vector<Event> m_events;
    std::optional<SimTime> m_nextMinute;
    std::int64_t m_lastSecond = 0; ///< retention and budget looked after up to here
    bool m_budgetReported = false;
    Regenerate m_regenerate;
};

} // namespace shardscope
