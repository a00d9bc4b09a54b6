#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "core/base/result.h"
#include "core/engine/requests.h"

namespace shardscope {

/// **Thread-safe.** Real records on their way into a simulated stream: what followed files bring.
///
/// What a slice took stands in a journal, so that a world that goes back in time, or a copy of it,
/// meets the same records again. The journal is bounded: a past that was forgotten goes by without
/// them.
class RealRecords {
public:
    using Reply = std::function<void(Result<PutRecordsResult>)>;
    /// For the next slice of the world. False when much waits already, as while it is paused; then
    /// `reply` is not called.
    [[nodiscard]] bool submit(PutRecords request, Reply reply);

    /// One request of a slice. The first answer goes to who sent it.
    struct Arrival {
        PutRecords request;
        Reply reply; ///< once
    };
    using Slice = std::vector<std::shared_ptr<Arrival>>;
    /// Another world begins: it has no past.
    void begin();
    /// What comes in the slice that begins at `at`: what waits, the first time the run gets there.
    [[nodiscard]] Slice arriving(SimTime at);
    void answer(Arrival& arrival, Result<PutRecordsResult> result);

private:
    static constexpr Bytes kWaitingMost = 16_MiB; ///< ours: three of the largest requests
    static constexpr Bytes kJournalMost = 256_MiB;

    std::mutex m_mutex;
    std::atomic<bool> m_used {false}; ///< anything was ever submitted
    Slice m_waiting; ///< by m_mutex, as the next two
    Bytes m_waitingBytes = 0, m_journalBytes = 0;
    std::map<SimTime, Slice> m_journal;
    SimTime m_front; ///< by m_mutex: the latest slice of the run
};

} // namespace shardscope
