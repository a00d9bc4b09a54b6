#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/engine/account.h"
#include "core/engine/api.h"
#include "core/engine/arn.h"
#include "core/engine/call_rate.h"
#include "core/engine/channel.h"
#include "core/engine/due_streams.h"
#include "core/engine/events.h"
#include "core/engine/service_options.h"
#include "core/engine/shard_iterator.h"
#include "core/engine/state.h"
#include "core/engine/stream.h"
#include "core/engine/subscriptions.h"

namespace shardscope {

class KeyRing;

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
    /// Opens a subscription: from the next advance() on its events go to `sink`, until it ends. A
    /// copy of the service has none of its subscriptions.
    [[nodiscard]] Result<SubscribeToShardResult>
    subscribe(const SubscribeToShard& request, std::shared_ptr<SubscriptionSink> sink, SimTime now);
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
    /// Drops the oldest records of all streams when they need more memory than the budget.
    /// advance() does so with each second; whoever puts much within one does so in between.
    void applyBudget(SimTime now);
    /// Whether a subscription waits for advance(), at once.
    [[nodiscard]] bool subscriptionsDue(SimTime now) const;
    /// For whoever puts records past the service (Stream::offer): subscribers may have some to get.
    void wakeSubscribers(const Stream& stream, SimTime now);
    [[nodiscard]] std::size_t openSubscriptions() const;
    [[nodiscard]] FanOutCounters fanOutCounters(StreamSlot stream, const std::string& consumer);
    /// Events of the account and of all streams since the last call, ascending.
    [[nodiscard]] std::vector<Event> takeEvents();
    /// Every stream there is, in the order of creation. Pointers stay good while the service lives.
    [[nodiscard]] std::vector<Stream*> streams();
    [[nodiscard]] bool hasStreams() const { return !m_slots.empty(); }
    // --- what survives a restart ----------------------------------------------------------------
    [[nodiscard]] ServiceState state() const;
    /// What of it changed since the last call, each stream whole.
    struct Changed {
        std::optional<AccountState> account;
        std::vector<StreamState> streams;
        std::vector<StreamSlot> removed;
        /// Of channels that are as they were otherwise; none with `account`, which has them.
        DeliveredPositions delivered;
        [[nodiscard]] bool empty() const
        {
            return !account && streams.empty() && removed.empty() && delivered.empty();
        }
    };
    [[nodiscard]] Changed takeChanged();
    /// What could not be saved is given by the next takeChanged() again.
    void putBack(const Changed& changed);
    /// Takes back what was saved (checked: core/catalog/state_check.h), without records: those
    /// follow by Stream::restoreRecord, then restorePositions(). Only on a new service, whose key
    /// ring is set. What became due meanwhile is done by the next advance(). A change under way
    /// goes on, and a status without one ends.
    void restore(ServiceState state, SimTime now);
    /// The payloads of a stream, on their way to a file or back: see Stream::restoreRecord.
    [[nodiscard]] RecordLog& log(StreamSlot stream) { return m_streams[stream.index()].m_log; }
    [[nodiscard]] Result<void> restoreRecord(StreamSlot stream, std::uint64_t place,
                                             const LogRecordHead& head)
    {
        return m_streams[stream.index()].restoreRecord(place, head);
    }
    /// Every shard goes on where it was saved to have been, also where records are missing.
    /// Errors: BadInput when more is missing than can be.
    [[nodiscard]] Result<void> restorePositions()
    {
        for (Stream& stream : m_streams) {
            if (auto ok = stream.restorePositions(); !ok)
                return ok;
        }
        return {};
    }
    /// The newest moment that anything is known of: time must not begin before it.
    [[nodiscard]] SimTime newestTime() const;

    // --- encryption at rest ---------------------------------------------------------------------
    /// The stream's key for new blocks; null: they are plain. Whoever gives the stream's log a file
    /// sets it there; changes after that are made by themselves.
    [[nodiscard]] std::shared_ptr<const DataKey> dataKey(StreamSlot stream) const;
    /// Any data key by its id, for reading; null when it, or its master key, is gone.
    [[nodiscard]] std::shared_ptr<const DataKey> dataKey(const std::string& id) const;
    /// Whether every data key opens of which the master key is there: BadInput.
    [[nodiscard]] Result<void> dataKeysOpen() const;
    /// Wraps every data key by the newest version of its master key: after a rotation.
    void rewrapDataKeys();

    /// The registered consumers of one, in the order of registration.
    [[nodiscard]] std::vector<ConsumerDescription> consumers(const Stream& stream) const;
    /// Records [first, next) of a shard with keys and data, as GetRecords would hand them out:
    /// those kept. Costs and counts nothing; whoever asks has read them by the rules.
    [[nodiscard]] RecordPage recordsOf(const Stream& stream, ShardSlot shard, std::uint64_t first,
                                       std::uint64_t next) const;
    /// Whose resources these are.
    [[nodiscard]] ArnScope arnScope() const { return {m_options.accountId, m_options.region}; }
    /// Where keys are looked up; it must outlive the service and its copies. Null, as it is at
    /// first: only the service's own key is there.
    void setKeyRing(KeyRing* keys);
    /// Every channel, by id. Pointers stay good until the next change.
    [[nodiscard]] std::vector<const Channel*> channels() const;
    /// A channel that cannot deliver becomes FAILED, for good.
    void failChannel(std::string_view channelId, std::string reason, SimTime now);
    /// What a channel delivers next of one shard.
    struct ChannelRead {
        RecordPage records;
        std::vector<RecordPage::Row> lost; ///< their payload cannot be read any more
        std::uint64_t next = 0; ///< position after the last of both
        Bytes bytes = 0; ///< data and keys of both
    };
    /// Records of [position, end) that are durable, as many as `bytesMost` hold but at least one.
    /// Takes nothing of the shard's read throughput. Errors: those of KeyRing::usable().
    [[nodiscard]] Result<ChannelRead> readForChannel(const Stream& stream, ShardSlot shard,
                                                     std::uint64_t position, std::uint64_t end,
                                                     Bytes bytesMost, SimTime now) const;
    /// A channel's objects hold the records before these positions, durably. Of a channel that is
    /// gone nothing is noted.
    void noteDelivered(std::string_view channelId,
                       const std::map<ShardSlot, std::uint64_t>& positions);
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
    // service_control.cpp
    [[nodiscard]] Result<void> act(const CreateStream& request, SimTime now);
    [[nodiscard]] Result<void> act(const DeleteStream& request, SimTime now);
    [[nodiscard]] Result<void> act(const UpdateStreamMode& request, SimTime now);
    [[nodiscard]] Result<void> act(const UpdateMaxRecordSize& request, SimTime now);
    [[nodiscard]] Result<WarmThroughputResult> act(const UpdateStreamWarmThroughput& request,
                                                   SimTime now);
    [[nodiscard]] Result<void> act(const UpdateStreamRecordDistributionStrategy& request,
                                   SimTime now);
    [[nodiscard]] Result<void> act(const IncreaseStreamRetentionPeriod& request, SimTime now);
    [[nodiscard]] Result<void> act(const DecreaseStreamRetentionPeriod& request, SimTime now);
    [[nodiscard]] Result<void> act(const StartStreamEncryption& request, SimTime now);
    [[nodiscard]] Result<void> act(const StopStreamEncryption& request, SimTime now);
    [[nodiscard]] Result<EnhancedMonitoringResult> act(const EnableEnhancedMonitoring& request,
                                                       SimTime now);
    [[nodiscard]] Result<EnhancedMonitoringResult> act(const DisableEnhancedMonitoring& request,
                                                       SimTime now);
    // service_streams.cpp
    [[nodiscard]] Result<DescribeStreamResult> act(const DescribeStream& request, SimTime now);
    [[nodiscard]] Result<StreamDescriptionSummary> act(const DescribeStreamSummary& request,
                                                       SimTime now);
    [[nodiscard]] Result<ListStreamsResult> act(const ListStreams& request, SimTime now);
    [[nodiscard]] Result<DescribeLimitsResult> act(const DescribeLimits& request, SimTime now);
    [[nodiscard]] Result<AccountSettings> act(const DescribeAccountSettings& request, SimTime now);
    [[nodiscard]] Result<AccountSettings> act(const UpdateAccountSettings& request, SimTime now);
    // service_shards.cpp
    [[nodiscard]] Result<void> act(const SplitShard& request, SimTime now);
    [[nodiscard]] Result<void> act(const MergeShards& request, SimTime now);
    [[nodiscard]] Result<UpdateShardCountResult> act(const UpdateShardCount& request, SimTime now);
    [[nodiscard]] Result<ListShardsResult> act(const ListShards& request, SimTime now);
    /// The request itself, or what its token stands for.
    [[nodiscard]] Result<ListShards> wholeRequest(const ListShards& request, SimTime now) const;
    /// The slot that a listing of shards begins with.
    [[nodiscard]] Result<std::size_t> firstListed(const Stream& stream,
                                                  const std::optional<std::string>& after) const;
    [[nodiscard]] static ShardDescription described(const Shard& shard);
    // service_consumers.cpp
    [[nodiscard]] Result<ConsumerDescription> act(const RegisterStreamConsumer& request,
                                                  SimTime now);
    [[nodiscard]] Result<void> act(const DeregisterStreamConsumer& request, SimTime now);
    [[nodiscard]] Result<ConsumerDescription> act(const DescribeStreamConsumer& request,
                                                  SimTime now);
    [[nodiscard]] Result<ListStreamConsumersResult> act(const ListStreamConsumers& request,
                                                        SimTime now);
    /// `createdAt` in epoch seconds, 0: whichever bears the name now.
    [[nodiscard]] Result<Stream::FanOutConsumer*>
    consumerOf(Stream& stream, const std::string& name, std::int64_t createdAt) const;
    [[nodiscard]] Result<void> allowConsumer(const Stream& stream) const;
    [[nodiscard]] static ConsumerDescription described(const Stream& stream,
                                                       const Stream::FanOutConsumer& consumer);
    // service_tags.cpp
    [[nodiscard]] Result<void> act(const AddTags& request, SimTime now);
    [[nodiscard]] Result<void> act(const RemoveTags& request, SimTime now);
    [[nodiscard]] Result<TagsResult> act(const ListTagsForStream& request, SimTime now);
    [[nodiscard]] Result<TagsResult> act(const ListTagsForResource& request, SimTime now);
    [[nodiscard]] Result<void> act(const PutResourcePolicy& request, SimTime now);
    [[nodiscard]] Result<ResourcePolicyResult> act(const GetResourcePolicy& request, SimTime now);
    [[nodiscard]] Result<void> act(const DeleteResourcePolicy& request, SimTime now);
    using Tags = std::map<std::string, std::string>;
    /// The tags of what `ref` names, if the call is within its rate.
    [[nodiscard]] Result<Tags*> tagsOf(const ResourceRef& ref, Operation operation, SimTime now);
    /// As tagsOf(), and they may be changed: not while their stream is on its way in or out.
    [[nodiscard]] Result<Tags*> changeableTags(const ResourceRef& ref, Operation operation,
                                               SimTime now);
    /// Where the policy of what `ref` names is kept, if the call is within its rate.
    [[nodiscard]] Result<ResourcePolicy*> policyOf(const ResourceRef& ref, Operation operation,
                                                   SimTime now);
    [[nodiscard]] std::string described(const ResourceRef& ref) const; ///< for people
    [[nodiscard]] std::string arnOf(const ResourceRef& ref) const; ///< of what is there
    /// Whether a resource policy allows `action` (its name in the API): AccessDenied.
    [[nodiscard]] Result<void> permit(const Stream& stream, std::string_view action) const;
    [[nodiscard]] Result<void> permit(const Stream& stream, const Stream::FanOutConsumer& consumer,
                                      std::string_view action) const;
    // service_channels.cpp
    [[nodiscard]] Result<ChannelDescription> act(const CreateChannel& request, SimTime now);
    [[nodiscard]] Result<ChannelDescription> act(const DescribeChannel& request, SimTime now);
    [[nodiscard]] Result<ListChannelsResult> act(const ListChannels& request, SimTime now);
    [[nodiscard]] Result<ChannelDescription> act(const UpdateChannel& request, SimTime now);
    [[nodiscard]] Result<void> act(const DeleteChannel& request, SimTime now);
    [[nodiscard]] Result<Channel*> channelOf(const std::string& id);
    [[nodiscard]] Result<void> allowChannel(const Stream& stream, const ChannelSpec& spec) const;
    void completeChannels(SimTime until);
    void beginAtTip(Channel& channel) const;

    // service_state.cpp
    [[nodiscard]] static SavedShard rowOf(const Stream& stream, std::size_t slot);
    [[nodiscard]] static StreamState stateOf(const Stream& stream);
    [[nodiscard]] AccountState accountState() const;
    static void restoreShards(Stream& stream, const StreamState& state);
    void restoreConsumers(Stream& stream, const StreamState& state);
    void restoreStream(StreamState state, SimTime now);
    /// What a policy's text meant when it was put.
    [[nodiscard]] ResourcePolicy policyOf(const ResourceRef& ref, const std::string& text) const;
    /// Marks what an accepted request may have changed.
    template <typename Request> void noteChange(const Request& request);

    // service_keys.cpp
    /// Makes a data key for what the stream is given from its next change of encryption on.
    [[nodiscard]] Result<void> giveDataKey(Stream& stream, const std::string& keyId, SimTime now);

    // service_lookup.cpp
    /// The stream by name, or why not: Validation, ResourceNotFound.
    [[nodiscard]] Result<Stream*> existing(std::string_view streamName);
    [[nodiscard]] Result<const Stream*> existing(std::string_view streamName) const;
    /// As existing(), and it takes records: neither CREATING nor DELETING.
    [[nodiscard]] Result<Stream*> readable(std::string_view streamName);
    /// As existing(), within the operation's rate.
    [[nodiscard]] Result<Stream*> called(Operation operation, std::string_view streamName,
                                         SimTime now);
    /// One call of an operation that names no stream: LimitExceeded beyond its rate.
    [[nodiscard]] Result<void> admitCall(Operation operation, SimTime now);
    /// Neither CREATING nor DELETING: ResourceInUse.
    [[nodiscard]] Result<void> settled(const Stream& stream) const;
    /// ResourceInUse unless the stream is ACTIVE.
    [[nodiscard]] tl::unexpected<Error> notActive(const Stream& stream) const;
    /// Whether it is the stream that was created then, to the second: ResourceNotFound.
    [[nodiscard]] Result<void> sameCreation(const Stream& stream,
                                            const std::optional<SimTime>& createdAt) const;
    /// Whether a key may be used to write: the errors of KeyRing::usable().
    [[nodiscard]] Result<void> allowKey(const std::string& keyId, SimTime now) const;
    /// As called(), and ACTIVE.
    [[nodiscard]] Result<Stream*> changeable(Operation operation, std::string_view streamName,
                                             SimTime now);
    [[nodiscard]] Result<void> allowWarmThroughput(StreamMode mode, std::int64_t mibps) const;
    /// Whether the account has room for `more` shards of provisioned streams.
    [[nodiscard]] Result<void> allowShards(std::int64_t more) const;
    /// Whether our own budget has, whoever asks.
    [[nodiscard]] Result<void> roomForShards(std::int64_t more) const;
    [[nodiscard]] Result<void> allowOnDemandStream() const;
    [[nodiscard]] Result<void> changeRetention(Stream& stream, std::int64_t hours, SimTime now);
    [[nodiscard]] static EnhancedMonitoringResult
    changeMonitoring(Stream& stream, std::set<ShardLevelMetric> metrics, SimTime now);
    /// Channels that would lose their stream, or what they need of it: ResourceInUse.
    [[nodiscard]] Result<void> withoutChannels(const Stream& stream) const;
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
                                            bool single, SimTime now);
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
    /// Whether the key of records that are answered may be used: the errors of KeyRing::usable().
    [[nodiscard]] Result<void> allowReading(const Stream& stream, const RecordPage& page,
                                            SimTime now) const;
    // service_subscriptions.cpp
    [[nodiscard]] Result<SubscriptionKey> subscriptionKey(const SubscribeToShard& request);
    [[nodiscard]] Result<void> admitSubscription(const SubscriptionKey& key, SimTime now);
    [[nodiscard]] Error alreadySubscribed(const Stream& stream, const SubscriptionKey& key) const;
    [[nodiscard]] std::optional<Error> brokenOff(const Subscription& s);
    [[nodiscard]] static PageSpan eventSpan(const ShardLog& log, std::uint64_t position, Bytes room,
                                            bool whole);
    [[nodiscard]] bool pushEvent(Subscription& s, const PageSpan& span, RecordPage records,
                                 SimTime now);
    [[nodiscard]] std::optional<SimTime> serve(Subscription& s, SimTime now);
    void serveSubscriptions(SimTime now);
    void wakeReaders(const Stream& stream, std::span<const SequenceNumber> put, SimTime now);

    // service.cpp
    [[nodiscard]] std::optional<SimTime> nextChange() const;
    void completeDue(SimTime until);
    /// To be called when something of `stream` may have been begun, or is done.
    void noteDue(const Stream& stream);
    [[nodiscard]] Bytes memoryHeld() const;
    [[nodiscard]] std::optional<std::int64_t> cutOfBlocks(Bytes held, Bytes target,
                                                          SimTime now) const;
    [[nodiscard]] std::optional<std::int64_t> oldestArrivalMs() const;
    [[nodiscard]] std::optional<std::int64_t> cutOfRecords(Bytes target, SimTime now) const;
    void shrinkLogs(Bytes target);
    void note(SimTime at, EventKind kind, std::string text);
    // service_policies.cpp
    void runPolicy(Stream& stream, SimTime minuteEnd);
    void scaleByHand(Stream& stream, SimTime now);

    ServiceOptions m_options;
    BillingCommitment m_commitment;
    CallRates m_rates;
    std::deque<Stream> m_streams; ///< by StreamSlot; deleted ones keep their place
    std::map<std::string, StreamSlot, std::less<>> m_slots; ///< by name, without deleted ones
    DueStreams m_due; ///< what of m_streams has something pending
    std::map<std::string, Channel, std::less<>> m_channels; ///< by id
    std::uint64_t m_channelsMade = 0;
    bool m_accountChanged = true; ///< since takeChanged(): what is no stream's
    DeliveredPositions m_delivered; ///< since takeChanged()
    KeyRing* m_keys = nullptr;
    std::vector<Event> m_events;
    std::optional<SimTime> m_nextMinute;
    std::int64_t m_lastSecond = 0; ///< retention and budget looked after up to here
    bool m_budgetReported = false;
    Regenerate m_regenerate;
    Subscriptions m_subscriptions;
};

} // namespace shardscope
