#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/consumers/reader.h"
#include "core/metrics/snapshot.h"
#include "core/planner/price_book.h"
#include "core/runtime/outside_jobs.h"
#include "core/runtime/reader_pace.h"
#include "core/scenario/readers_json.h"
#include "core/scenario/scenario.h"

namespace shardscope {

/// Readers that run beside real clients: the code of simulated worlds, stepped in real time. Their
/// functions, files and object stores are real ones. Where they have come to is not kept over a
/// restart of the service. Single-threaded, like the world it belongs to.
class AttachedReaders {
public:
    explicit AttachedReaders(const RegionPrices& prices)
        : m_prices(prices)
    {
    }

    /// Does what an act says to the readers of a stream: adds, changes, pauses, crashes, replays or
    /// removes one. An added one begins when its stream is there. Errors: BadInput for a name that
    /// is taken or not known, for acts that are about no reader, and what the reader refuses.
    [[nodiscard]] Result<void> apply(const std::string& stream, const Act& act, Service& service,
                                     SimTime now);

    /// Steps them through what has gone by; of a pause of more than two seconds (a suspended
    /// machine) only its end.
    void moveTo(SimTime now, Service& service);
    /// When moveTo() next has something to do.
    [[nodiscard]] SimTime nextDue() const;
    /// What they hold goes where it is to go, and is waited for some seconds: at the end.
    void finish(Service& service, SimTime now);

    // --- what is told of them -------------------------------------------------------------------
    /// Those of a stream take their ages and lags into its history: from the last place of
    /// `samples` on, which real readers reach last.
    void noteBehind(const Stream& stream, SimTime now, std::vector<std::int64_t>& agesMs,
                    std::span<ConsumerSample> samples) const;
    struct Row {
        std::string stream;
        ConsumerRow row;
    };
    [[nodiscard]] std::vector<Row> rows(const Service& service, SimTime now) const;

private:
    struct Seat {
        AttachedReader wanted;
        std::unique_ptr<Reader> reader; ///< none while there is no such stream
        StreamSlot stream; ///< of the reader
        ReaderPace pace;
    };
    [[nodiscard]] Result<void> add(AttachedReader reader, SimTime now);
    [[nodiscard]] Result<Seat*> find(const std::string& name);
    [[nodiscard]] Result<void> replay(const Seat& seat, const ReplayPoint& to, Service& service,
                                      SimTime now) const;
    void remove(const Seat& seat, Service& service, SimTime now);
    /// The stream, when it can be read.
    [[nodiscard]] static Stream* streamOf(const Seat& seat, Service& service);
    void step(Seat& seat, Service& service, SimTime sliceStart);
    [[nodiscard]] ConsumerSlot historySlot(std::size_t seat) const;

    RegionPrices m_prices;
    std::vector<Seat> m_seats; ///< as they came
    std::uint32_t m_made = 0; ///< readers so far: each has a seed and names of jobs of its own
    SimTime m_at; ///< stepped up to here
    std::unique_ptr<OutsideJobs> m_outside; ///< once there is a reader
};

} // namespace shardscope
