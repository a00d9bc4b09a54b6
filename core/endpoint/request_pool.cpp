#include "core/endpoint/request_pool.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/base/budgets.h"

namespace shardscope::endpoint {

namespace {
/// What an empty body points to.
constexpr std::array<char, HttpRequest::kPadding> kNothing {};
}

bool BodyBudget::take(Bytes bytes)
{
    if (m_taken.fetch_add(bytes, std::memory_order_relaxed) + bytes <= m_most)
        return true;
    give(bytes);
    return false;
}

bool IncomingRequest::reserve(std::size_t bytes)
{
    if (bytes > m_reserved) {
        if (!m_budget->take(static_cast<Bytes>(bytes - m_reserved)))
            return false;
        m_reserved = bytes;
    }
    if (bytes > m_capacity) {
        auto room = std::make_unique_for_overwrite<char[]>(bytes + kPadding);
        if (m_size > 0)
            std::memcpy(room.get(), m_room.get(), m_size);
        m_room = std::move(room);
        m_capacity = bytes;
    }
    return true;
}

bool IncomingRequest::append(std::string_view bytes)
{
    const std::size_t needed = m_size + bytes.size();
    if (needed > m_reserved && !reserve(std::max({needed, 2 * m_reserved, std::size_t {1024}})))
        return false;
    std::memcpy(end(), bytes.data(), bytes.size());
    m_size = needed;
    return true;
}

void IncomingRequest::seal()
{
    if (m_size == 0) {
        body = {kNothing.data(), 0};
        return;
    }
    std::memset(end(), 0, kPadding);
    body = {m_room.get(), m_size};
}

void IncomingRequest::release()
{
    if (m_reserved > 0)
        m_budget->give(static_cast<Bytes>(m_reserved));
    m_reserved = 0;
}

void IncomingRequest::clear()
{
    release();
    m_size = 0;
    method.clear();
    path.clear();
    query.clear();
    headers.clear();
    body = {};
    peer.reset();
}

std::shared_ptr<IncomingRequest> RequestPool::make()
{
    std::unique_ptr<IncomingRequest> request;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_free.empty()) {
            request = std::move(m_free.back());
            m_free.pop_back();
            m_freeBytes -= request->capacity();
        }
    }
    if (!request)
        request = std::make_unique<IncomingRequest>(*m_budget);
    return {request.release(),
            [pool = shared_from_this()](IncomingRequest* used) { pool->takeBack(used); }};
}

void RequestPool::takeBack(IncomingRequest* request)
{
    std::unique_ptr<IncomingRequest> used(request);
    used->clear();
    const auto freeMost = static_cast<std::size_t>(budgets::kHttpFreeBodies);
    const std::lock_guard lock(m_mutex);
    if (m_free.size() < budgets::kHttpFreeRequests && m_freeBytes + used->capacity() <= freeMost) {
        m_freeBytes += used->capacity();
        m_free.push_back(std::move(used));
    }
}

} // namespace shardscope::endpoint
