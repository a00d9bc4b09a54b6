#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/engine/api.h"
#include "core/engine/subscription.h"

/// What must not go out before all it rests on is durable.
namespace shardscope {

struct HeldAnswer {
    std::function<void(Result<ApiAnswer>)> reply;
    Result<ApiAnswer> answer;
};

/// **Thread-safe.** Answers of one turn, given when each of the things they wait for has said that
/// it is done; as an InternalFailure when one of them failed.
class HeldAnswers {
public:
    HeldAnswers(std::vector<HeldAnswer> answers, int waitsFor)
        : m_answers(std::move(answers))
        , m_left(waitsFor)
    {
    }
    void done(const Result<void>& result)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (!result && !m_why)
                m_why = result.error();
            if (--m_left > 0)
                return;
        }
        // Nobody else comes here any more.
        for (HeldAnswer& held : m_answers) {
            if (m_why && held.answer)
                held.answer = fail(ErrorCode::InternalFailure, m_why->message);
            held.reply(std::move(held.answer));
        }
        m_answers.clear();
    }

private:
    std::vector<HeldAnswer> m_answers;
    std::mutex m_mutex;
    int m_left;
    std::optional<Error> m_why;
};

/// **Thread-safe** but for event() and end(), which the engine calls. Holds a subscription's events
/// back until release() says that their records are durable, or fail() that they cannot be made so;
/// keeps their order.
class HeldSink : public SubscriptionSink {
public:
    explicit HeldSink(std::shared_ptr<SubscriptionSink> next)
        : m_next(std::move(next))
    {
    }
    bool event(SubscribeToShardEvent event) override
    {
        const std::lock_guard lock(m_mutex);
        if (m_gone)
            return false;
        m_bytes += bytesOf(event);
        m_held.emplace_back(std::move(event));
        ++m_last;
        return true;
    }
    void end(std::optional<Error> why) override
    {
        const std::lock_guard lock(m_mutex);
        if (m_gone)
            return;
        m_held.emplace_back(End {std::move(why)});
        ++m_last;
    }
    [[nodiscard]] std::int64_t unsent() const override
    {
        std::int64_t held = 0;
        {
            const std::lock_guard lock(m_mutex);
            held = m_bytes;
        }
        return held + m_next->unsent();
    }

    /// Of what was held so far; to be handed to release().
    [[nodiscard]] std::uint64_t last() const
    {
        const std::lock_guard lock(m_mutex);
        return m_last;
    }
    /// Everything up to `last` may go. One thread at a time hands over; the others leave it to him.
    void release(std::uint64_t last)
    {
        std::unique_lock lock(m_mutex);
        m_released = std::max(m_released, last);
        if (std::exchange(m_handing, true))
            return;
        while (!m_held.empty() && m_handed < m_released) {
            Held next = std::move(m_held.front());
            m_held.pop_front();
            ++m_handed;
            m_gone = m_gone || std::holds_alternative<End>(next); // nothing follows it
            lock.unlock();
            const bool taken = handOver(std::move(next));
            lock.lock();
            m_gone = m_gone || !taken;
        }
        m_handing = false;
    }

    /// What is held cannot be made durable: the subscription ends and says so instead. Its reader
    /// subscribes again behind the last event it got.
    void fail(const Error& why)
    {
        std::uint64_t last = 0;
        {
            const std::lock_guard lock(m_mutex);
            if (m_gone || m_held.empty())
                return;
            m_gone = true;
            for (const Held& dropped : m_held) {
                if (const auto* event = std::get_if<SubscribeToShardEvent>(&dropped))
                    m_bytes -= bytesOf(*event);
            }
            m_held.clear();
            m_held.emplace_back(End {Error {ErrorCode::InternalFailure, why.message}});
            last = m_last = m_handed + 1;
        }
        release(last);
    }

private:
    struct End {
        std::optional<Error> why;
    };
    using Held = std::variant<SubscribeToShardEvent, End>;

    static std::int64_t bytesOf(const SubscribeToShardEvent& event)
    {
        return static_cast<std::int64_t>(event.records.bytes.size());
    }

    bool handOver(Held held)
    {
        if (auto* end = std::get_if<End>(&held)) {
            m_next->end(std::move(end->why));
            return true;
        }
        auto& event = std::get<SubscribeToShardEvent>(held);
        const std::int64_t bytes = bytesOf(event);
        const bool taken = m_next->event(std::move(event));
        const std::lock_guard lock(m_mutex);
        m_bytes -= bytes;
        return taken;
    }

    const std::shared_ptr<SubscriptionSink> m_next;
    mutable std::mutex m_mutex;
    std::deque<Held> m_held;
    std::int64_t m_bytes = 0; ///< of events that are held
    std::uint64_t m_last = 0, m_released = 0,
                  m_handed = 0; ///< counted from the first
    bool m_handing = false, m_gone = false;
};

} // namespace shardscope
