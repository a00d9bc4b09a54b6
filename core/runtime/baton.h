#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "core/base/units.h"

namespace shardscope {

/// **Thread-safe.** One thread at a time holds the baton and works through what waits. A caller who
/// finds it free gets it together with his own message; one who finds it taken leaves the message
/// for the holder. A keeper (one thread of its own, if there is one) gets it when time is due, when
/// it is called, and when a caller has done his part.
///
/// Messages are worked in the order in which they were put.
template <typename T> class Baton {
public:
    using Clock = std::chrono::steady_clock;
    enum class Put {
        Refused, ///< too much waits, or it is closed; the message is untouched
        Left, ///< the holder takes it along
        Taken ///< the caller holds the baton now: take() until it says false
    };

    /// At most `most` messages of together `bytesMost` wait; a single one is always let in.
    Baton(std::size_t most, Bytes bytesMost)
        : m_most(most)
        , m_bytesMost(bytesMost)
    {
    }

    [[nodiscard]] Put put(T&& message, Bytes bytes)
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed || waits() >= m_most || (waits() > 0 && m_bytes + bytes > m_bytesMost))
            return Put::Refused;
        return push(std::move(message), bytes);
    }
    /// Past both limits: for the few that must not be lost. Not after close().
    [[nodiscard]] Put putAlways(T&& message)
    {
        const std::lock_guard lock(m_mutex);
        return push(std::move(message), 0);
    }

    /// For the holder: moves up to `most` messages into `out`, oldest first. False: none waits, or
    /// the keeper wants to work; the baton is then someone else's. `due` is when the keeper has
    /// something to do at the latest.
    [[nodiscard]] bool take(std::vector<T>& out, std::size_t most, Clock::time_point due)
    {
        const std::lock_guard lock(m_mutex);
        if (m_keeperWaits && waits() > 0) {
            handOver();
            return false;
        }
        if (waits() == 0) {
            letGo(due);
            return false;
        }
        out.clear();
        for (std::size_t n = std::min(most, waits()); n > 0; --n) {
            Waiting& next = m_waiting[m_taken++];
            m_bytes -= next.bytes;
            out.push_back(std::move(next.message));
        }
        // Those taken go when they are the larger part, so that each is moved at most once.
        if (2 * m_taken >= m_waiting.size()) {
            m_waiting.erase(m_waiting.begin(),
                            m_waiting.begin() + static_cast<std::ptrdiff_t>(m_taken));
            m_taken = 0;
        }
        return true;
    }
    /// For a holder who has done his part: gives the baton to the keeper when something waits, else
    /// lets it go. There must be a keeper.
    void giveToKeeper(Clock::time_point due)
    {
        const std::lock_guard lock(m_mutex);
        if (waits() > 0)
            handOver();
        else
            letGo(due);
    }

    /// For the keeper: returns when it holds the baton, because something is due, it was called, or
    /// a caller hands it over. False when it is closed and nothing waits: then it holds it too.
    [[nodiscard]] bool keep()
    {
        std::unique_lock lock(m_mutex);
        while (!m_handed && !m_called && !m_closed && Clock::now() < m_due)
            m_wake.wait_until(lock, std::min(m_due, Clock::now() + std::chrono::hours(1)));
        m_keeperWaits = true;
        m_wake.wait(lock, [this] { return m_handed || !m_held; });
        m_keeperWaits = m_handed = m_called = false;
        m_held = true;
        return !m_closed || waits() > 0;
    }
    /// Has the keeper work soon. Costs the caller no waiting for the holder.
    void call()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_called = true;
        }
        m_wake.notify_all();
    }

    /// Refuses everything from now on and has the keeper finish what waits.
    void close()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_closed = true;
        }
        m_wake.notify_all();
    }

private:
    struct Waiting {
        T message;
        Bytes bytes = 0;
    };

    [[nodiscard]] std::size_t waits() const { return m_waiting.size() - m_taken; }
    Put push(T&& message, Bytes bytes)
    {
        m_waiting.push_back({std::move(message), bytes});
        m_bytes += bytes;
        if (std::exchange(m_held, true))
            return Put::Left;
        return Put::Taken;
    }
    void handOver()
    {
        m_handed = true;
        m_wake.notify_all();
    }
    void letGo(Clock::time_point due)
    {
        m_held = false;
        // The keeper sleeps until its own time; it is woken only for an earlier one.
        const bool earlier = due < m_due;
        m_due = due;
        if (earlier || m_keeperWaits)
            m_wake.notify_all();
    }

    const std::size_t m_most;
    const Bytes m_bytesMost;
    std::mutex m_mutex;
    std::condition_variable m_wake; ///< the keeper's
    std::vector<Waiting> m_waiting;
    std::size_t m_taken = 0; ///< of m_waiting, from the front: moved away already
    Bytes m_bytes = 0; ///< of those that wait
    Clock::time_point m_due = Clock::time_point::max();
    bool m_held = false;
    bool m_handed = false; ///< held, by the keeper, who may not know it yet
    bool m_keeperWaits = false, m_called = false, m_closed = false;
};

} // namespace shardscope
