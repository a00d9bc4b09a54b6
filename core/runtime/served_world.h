#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/service.h"
#include "core/engine/subscription.h"
#include "core/planner/price_book.h"
#include "core/runtime/attached_readers.h"
#include "core/runtime/call_metrics.h"
#include "core/runtime/channel_delivery.h"
#include "core/runtime/metric_store.h"
#include "core/runtime/served_snapshot.h"
#include "core/runtime/served_store.h"
#include "core/runtime/served_stream.h"
#include "core/storage/key_ring.h"

namespace shardscope {

/// A service in real time and everything that is measured of it. Single-threaded: whoever holds the
/// baton of a LocalService. Time comes in by moveTo() and never goes back.
class ServedWorld {
public:
    struct Options {
        ServiceOptions service;
        PriceBook prices; ///< without the Region's prices costs are zero
        KeyRing& keys; ///< outlives the world
        ServedStore* store = nullptr; ///< null: memory alone; outlives the world
        std::optional<ChannelDelivery::Options> channels; ///< none: channels are refused
    };
    /// With a store it begins empty, until restore().
    ServedWorld(Options options, SimTime now);
    ServedWorld(const ServedWorld&) = delete;
    ServedWorld& operator=(const ServedWorld&) = delete;

    [[nodiscard]] Result<void> restore();

    /// Does what is due by itself up to `now`: the service's changes, subscriptions, history.
    void moveTo(SimTime now);
    /// Does what requests have made due at once.
    void settle();
    /// Delivers what channels and readers still have to deliver, and waits for it: at the end.
    void finishDelivery();
    /// Answers at the moment last moved to. `took`: milliseconds since the request came in.
    [[nodiscard]] Result<ApiAnswer> answer(const ApiRequest& request, double took);
    /// The same for a subscription; its events go to `sink`.
    [[nodiscard]] Result<ApiAnswer> subscribe(const SubscribeToShard& request,
                                              std::shared_ptr<SubscriptionSink> sink);
    /// To readers that run here. Errors: those of AttachedReaders.
    [[nodiscard]] Result<void> applyToReaders(const std::string& stream, const Act& act);
    /// When moveTo() next has something to do.
    [[nodiscard]] SimTime nextDue();
    [[nodiscard]] SimTime now() const { return m_now; }

    void watch(std::string streamName) { m_watched = std::move(streamName); }
    void setTimings(const ServiceTimings& timings);
    void setAccountLimits(const AccountLimits& limits);
    void setThrottling(const ThrottlingSwitches& switches);

    /// Whether a put into that stream has to wait for the store: it must be asked again later.
    [[nodiscard]] bool mustWait(const ApiRequest& request) const;
    /// Whether this good answer to a request rests on what may not be durable yet.
    [[nodiscard]] bool restsOnDisk(const ApiRequest& request, const ApiAnswer& answer) const;

    [[nodiscard]] std::shared_ptr<ServedSnapshot> snapshot();

private:
    class Sink;
    friend class Sink;

    // One for each request that is measured here or not the stream service's.
    [[nodiscard]] Result<ApiAnswer> put(const ApiRequest& request, const RecordBatch& batch,
                                        const std::string& streamName, double took);
    [[nodiscard]] Result<ApiAnswer> get(const ApiRequest& request, const GetRecords& read,
                                        double took);
    template <typename Request> [[nodiscard]] Result<ApiAnswer> metrics(const Request& request);
    template <typename Request> [[nodiscard]] Result<ApiAnswer> keys(const Request& request);
    [[nodiscard]] Result<ApiAnswer> other(const ApiRequest& request);
    /// What channels cannot do here.
    [[nodiscard]] Result<void> allow(const ApiRequest& request) const;

    [[nodiscard]] ServedStream& served(Stream& stream);
    [[nodiscard]] bool watched(const ServedStream& served) const;
    [[nodiscard]] SimTime nextAdvance();
    void trimIfMuchWasPut();
    void closeBucket(SimTime end);
    void follow(const std::vector<Stream*>& streams);
    void shareHistory(SimTime now);
    [[nodiscard]] ServedStreamRow rowOf(const ServedStream& served) const;
    [[nodiscard]] std::shared_ptr<const Snapshot> board(const ServedStream& served) const;
    void fillKeys(ServedSnapshot& out);

    ServiceOptions m_options;
    std::string m_priceDate;
    RegionPrices m_prices;
    KeyRing& m_keys;
    ServedStore* m_store;
    Service m_service;
    SimTime m_startedAt, m_now;
    SimTime m_advanceAt; ///< nothing of the service is due before
    SimTime m_closedUpTo; ///< end of the last bucket of history
    Bytes m_putSinceTrim = 0; ///< payloads and keys
    SimTime m_trafficAt; ///< of the last request that moved records
    std::map<StreamSlot, ServedStream> m_streams;
    std::map<StreamSlot, std::int64_t> m_subscriptions; ///< open now
    std::string m_watched;
    CallMetrics m_calls;
    cloudwatch::MetricStore m_metrics;
    std::optional<ChannelDelivery> m_delivery;
    AttachedReaders m_readers;
    std::uint64_t m_revision = 0;
};

} // namespace shardscope
