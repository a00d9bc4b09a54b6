#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/engine/events.h"
#include "core/engine/requests.h"
#include "core/engine/service_options.h"
#include "core/engine/stream.h"

namespace shardscope {

/// The service: an account's streams in one Region, its limits, and everything that happens by
/// itself (creation, resharding, on-demand scaling, policies, retention, the memory budget).
/// Copyable. Every call says what time it is.
class Service {
public:
    explicit Service(ServiceOptions options);

    // --- the operations -------------------------------------------------------------------------
    [[nodiscard]] Result<void> control(const ControlRequest& request, SimTime now);
    [[nodiscard]] Result<PutResult> putRecord(const PutRecord& request, SimTime now);
    [[nodiscard]] Result<PutRecordsResult> putRecords(const PutRecords& request, SimTime now);
    [[nodiscard]] Result<std::string> getShardIterator(const GetShardIterator& request,
                                                       SimTime now);
    [[nodiscard]] Result<GetRecordsResult> getRecords(const GetRecords& request, SimTime now);
    [[nodiscard]] Result<StreamDescriptionSummary>
    describeStreamSummary(std::string_view streamName) const;
    [[nodiscard]] Result<std::vector<ShardDescription>>
    listShards(std::string_view streamName) const;

    // --- beside the API -------------------------------------------------------------------------
    void setAccountLimits(const AccountLimits& limits);
    /// How long changes take that are asked for from now on.
    void setTimings(const ServiceTimings& timings);
    [[nodiscard]] Result<void> attachPolicy(std::string_view streamName,
                                            const std::optional<ScalingPolicySpec>& policy,
                                            SimTime now);
    [[nodiscard]] std::optional<ScalingPolicySpec> policy(std::string_view streamName) const;
    /// Does everything that is due at or before `now`, in the order of its times.
    void advance(SimTime now);
    /// When advance() next has something to do, beyond periodic measuring.
    [[nodiscard]] std::optional<SimTime> nextDue() const;
    /// Events since the last call, ascending.
    [[nodiscard]] std::vector<Event> takeEvents();
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
    // State: the implementer's.
};

} // namespace shardscope
