#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/clock/sim_time.h"
#include "core/endpoint/backend.h"
#include "core/engine/api.h"
#include "core/engine/service_options.h"
#include "core/engine/subscription.h"
#include "core/runtime/served_snapshot.h"
#include "core/scenario/scenario.h"

namespace shardscope {

class FileSystem;

/// **Thread-safe.** The one door to a service that real clients use: any number of streams, in real
/// time, in memory or kept in a folder. Destruction makes everything durable, then stops.
///
/// One thread at a time works for it, whichever comes first: a caller who finds it idle does the
/// work itself (no hop to another thread, so a small request costs no wake-up); one who finds it
/// busy leaves the request in the inbox, and who works takes it along. A thread of its own does
/// what is due by time: states, subscriptions, history, snapshots.
///
/// With a folder, an answer to what changes something, and one that carries records, goes out only
/// when all it rests on is durable.
class LocalService {
public:
    struct Store {
        std::string folder;
        SimDuration commitInterval; ///< see LogFolder::Options
        std::string masterKeyFile; ///< empty: `DIR/keys.json`
        FileSystem* files = nullptr; ///< of the record logs; null: the real one
    };
    struct Options {
        ServiceOptions service; ///< account, region, timings, limits, memory for records
        std::optional<Store> store; ///< none: memory alone
        std::string channelFolder; ///< where channels deliver; empty: `DIR/channels`, or none
        std::string pricesJson; ///< text of resources/prices.json; empty: boards show no cost
        /// Wall time; tests hand in their own. Empty: the system's clock, never going back.
        std::function<SimTime()> clock;
        /// For tests that move the clock by hand: no thread of its own; work() does what is due.
        bool byHand = false;
    };
    /// Opens the folder and what is in it. Errors: those of LogFolder, Catalog and KeyRing.
    [[nodiscard]] static Result<std::unique_ptr<LocalService>> open(Options options);
    ~LocalService();
    LocalService(const LocalService&) = delete;
    LocalService& operator=(const LocalService&) = delete;

    using Reply = std::function<void(Result<ApiAnswer>)>;
    /// See endpoint::Backend.
    [[nodiscard]] bool submit(ApiRequest request, Reply reply);
    [[nodiscard]] bool subscribe(SubscribeToShard request, std::shared_ptr<SubscriptionSink> sink,
                                 Reply reply);
    [[nodiscard]] endpoint::Backend backend();

    /// Which stream's board the snapshots carry; empty: none.
    void watch(const std::string& streamName);
    /// Limits by category, quotas and delays, changed while it runs.
    void setTimings(const ServiceTimings& timings);
    void setAccountLimits(const AccountLimits& limits);
    void setThrottling(const ThrottlingSwitches& switches);

    using Done = std::function<void(Result<void>)>;
    /// Adds, changes, pauses, crashes, replays or removes a reader that runs here, beside the
    /// clients. `done` is called with the baton held, so it does one thing: hop home. Errors: those
    /// of AttachedReaders::apply().
    void applyToReaders(const std::string& stream, Act act, Done done);

    /// The newest published one; never null.
    [[nodiscard]] std::shared_ptr<const ServedSnapshot> snapshot() const;

    /// Does what is due and publishes: for tests with `byHand`.
    void work();
    /// Returns when everything accepted so far is durable, or with why it is not.
    [[nodiscard]] Result<void> flush();

private:
    struct Impl;
    explicit LocalService(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace shardscope
