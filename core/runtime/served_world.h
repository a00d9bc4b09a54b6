#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/service.h"
#include "core/engine/subscription.h"
#include "core/runtime/served_snapshot.h"
#include "core/runtime/served_stream.h"

namespace shardscope {

/// A service in real time and everything that is measured of it. Single-threaded: whoever holds the
/// baton of a LocalService. Time comes in by moveTo() and never goes back.
class ServedWorld {
public:
    ServedWorld(const ServiceOptions& options, SimTime now);

    /// Does what is due by itself up to `now`: the service's changes, history.
    void moveTo(SimTime now);
    /// Answers at the moment last moved to.
    [[nodiscard]] Result<ApiAnswer> answer(const ApiRequest& request);
    /// The same for a subscription; its events go to `sink`.
    [[nodiscard]] Result<ApiAnswer> subscribe(const SubscribeToShard& request,
                                              std::shared_ptr<SubscriptionSink> sink);
    /// When moveTo() next has something to do.
    [[nodiscard]] SimTime nextDue();

    void watch(std::string streamName);
    void setTimings(const ServiceTimings& timings);
    void setAccountLimits(const AccountLimits& limits);
    void setThrottling(const ThrottlingSwitches& switches);

    /// Everything but the store's row.
    [[nodiscard]] std::shared_ptr<ServedSnapshot> snapshot();

private:
    [[nodiscard]] SimTime nextAdvance();
    void closeBucket(SimTime end);
    void follow(const std::vector<Stream*>& streams);
    void shareHistory(SimTime now);
    void noteRead(const GetRecords& request, const GetRecordsResult& result);
    [[nodiscard]] ServedStreamRow rowOf(const ServedStream& served) const;

    ServiceOptions m_options;
    Service m_service;
    SimTime m_startedAt, m_now;
    SimTime m_advanceAt; ///< nothing of the service is due before
    SimTime m_closedUpTo; ///< end of the last bucket of history
    SimTime m_trafficAt; ///< of the last request that moved records
    std::map<StreamSlot, ServedStream> m_streams;
    std::string m_watched;
    std::uint64_t m_revision = 0;
};

} // namespace shardscope
