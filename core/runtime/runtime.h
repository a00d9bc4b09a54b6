#pragma once

#include <functional>
#include <memory>

#include "core/base/result.h"
#include "core/runtime/simulation.h"

namespace shardscope {

/// **Thread-safe.** The one door to a running world for window and endpoint. Owns the engine thread
/// and the worker pool; everything behind it is single-threaded. Destruction stops and joins.
class Runtime {
public:
    struct Options {
        int threads = 2; ///< of the pool, the engine thread included; >= 1
        /// Wall time in seconds, rising; tests hand in their own. Empty: the steady clock.
        std::function<double()> wallClock;
        std::string pricesJson; ///< text of resources/prices.json
        Simulation::Real real;
    };
    explicit Runtime(Options options);
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    /// Runs on the engine thread once the command was applied: hop home and do no more there.
    using Reply = std::function<void(Result<void>)>;
    /// Puts a command into the inbox. False when the inbox is full ("busy"); then `reply` is not
    /// called.
    [[nodiscard]] bool submit(Command command, Reply reply = {});

    using WhyReply = std::function<void(Result<WhyCard>)>;
    /// Replays the second around `refusalId` aside of the run. The run itself is not disturbed.
    [[nodiscard]] bool explain(std::uint64_t refusalId, WhyReply reply);

    /// The newest published snapshot; never null after the first Load was applied.
    [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace shardscope
