#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "core/base/units.h"
#include "core/endpoint/http.h"

namespace shardscope::endpoint {

/// **Thread-safe.** Bytes that all bodies of a server may take up together.
class BodyBudget {
public:
    explicit BodyBudget(Bytes most)
        : m_most(most)
    {
    }
    /// False when `bytes` more are too many; nothing is taken then.
    [[nodiscard]] bool take(Bytes bytes);
    void give(Bytes bytes) { m_taken.fetch_sub(bytes, std::memory_order_relaxed); }

private:
    const Bytes m_most;
    std::atomic<Bytes> m_taken = 0;
};

/// A request while it is being read. Its body lies in one buffer that the next request reuses.
class IncomingRequest : public HttpRequest {
public:
    explicit IncomingRequest(BodyBudget& budget)
        : m_budget(&budget)
    {
    }
    ~IncomingRequest() { release(); }
    IncomingRequest(const IncomingRequest&) = delete;
    IncomingRequest& operator=(const IncomingRequest&) = delete;

    /// Room for a body of `bytes` in all, what has come kept. False when the budget has no room.
    [[nodiscard]] bool reserve(std::size_t bytes);
    /// Adds to the body and doubles the room when it is short. False when the budget has no room.
    [[nodiscard]] bool append(std::string_view bytes);
    /// Where the next bytes of the body belong, up to what was reserved.
    [[nodiscard]] char* end() { return m_room.get() + m_size; }
    [[nodiscard]] std::size_t missing() const { return m_reserved - m_size; }
    [[nodiscard]] std::size_t bodySize() const { return m_size; }
    /// `bytes` (<= missing()) were written at end().
    void grow(std::size_t bytes) { m_size += bytes; }
    /// All is there: `body` shows it.
    void seal();

    /// Forgets the request, keeps the memory.
    void clear();
    [[nodiscard]] std::size_t capacity() const { return m_capacity; }

private:
    void release();

    BodyBudget* m_budget;
    std::unique_ptr<char[]> m_room;
    std::size_t m_capacity = 0; ///< of m_room, kPadding not counted
    std::size_t m_reserved = 0; ///< taken from the budget
    std::size_t m_size = 0;
};

/// **Thread-safe.** Requests of one network thread, used again when the last who holds one lets go,
/// on whatever thread that is. Lives as long as any of its requests.
class RequestPool : public std::enable_shared_from_this<RequestPool> {
public:
    RequestPool(std::shared_ptr<BodyBudget> budget)
        : m_budget(std::move(budget))
    {
    }
    [[nodiscard]] std::shared_ptr<IncomingRequest> make();

private:
    void takeBack(IncomingRequest* request);

    const std::shared_ptr<BodyBudget> m_budget;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<IncomingRequest>> m_free;
    std::size_t m_freeBytes = 0; ///< body buffers in m_free
};

} // namespace shardscope::endpoint
