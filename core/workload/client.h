#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/budgets.h"
#include "core/engine/offer.h"
#include "core/engine/shard_map.h"
#include "core/workload/aggregate.h"
#include "core/workload/producer.h"
#include "core/workload/segment.h"

namespace shardscope {

/// Records of one lane that arrive in one millisecond: `count` numbers from `from` on, `stride`
/// apart.
struct Fresh {
    const Segment* segment = nullptr;
    std::uint64_t from = 0;
    std::uint32_t stride = 1;
    std::uint64_t count = 0;
    std::int64_t ms = 0;
    std::uint64_t madeBefore = 0; ///< of the segment, all lanes, before `ms`
};

/// A record that a client still holds when its spec is changed.
struct HeldRecord {
    const Segment* segment = nullptr;
    std::uint64_t number = 0, hashHigh = 0, hashLow = 0;
    std::int64_t createdMs = 0; ///< from here its time to live counts
    std::uint32_t bytes = 0; ///< data + partition key
    std::uint16_t keyBytes = 0;
    std::uint16_t tries = 0; ///< made so far
};

/// What a client hands over to its successor: fresh numbers still in ranges, the rest one by one.
struct HandOver {
    std::vector<Fresh> fresh;
    std::vector<HeldRecord> tried;
};

/// A first-in first-out queue that keeps its memory.
template <typename T> class Fifo {
public:
    void push(const T& value) { m_items.push_back(value); }
    void pop()
    {
        if (++m_head == m_items.size()) {
            m_items.clear();
            m_head = 0;
        } else if (m_head >= 4096 && m_head * 2 >= m_items.size()) {
            m_items.erase(m_items.begin(), m_items.begin() + static_cast<std::ptrdiff_t>(m_head));
            m_head = 0;
        }
    }
    [[nodiscard]] bool empty() const { return m_head == m_items.size(); }
    [[nodiscard]] std::size_t size() const { return m_items.size() - m_head; }
    [[nodiscard]] const T& front() const { return m_items[m_head]; }
    [[nodiscard]] auto begin() const
    {
        return m_items.begin() + static_cast<std::ptrdiff_t>(m_head);
    }
    [[nodiscard]] auto end() const { return m_items.end(); }

private:
    std::vector<T> m_items;
    std::size_t m_head = 0;
};

/// Calls that are under way: a call made in a millisecond holds its place for the call time.
class CallWindow {
public:
    explicit CallWindow(const ClientSpec& spec);
    /// Goes to `ms`; must be called for every millisecond in order.
    void advance(std::int64_t ms)
    {
        std::uint32_t& made = m_made[static_cast<std::size_t>(ms) % m_made.size()];
        m_underWay -= made;
        made = 0;
        m_now = &made - m_made.data();
    }
    [[nodiscard]] bool free() const { return m_underWay < m_most; }
    void take()
    {
        ++m_underWay;
        ++m_made[static_cast<std::size_t>(m_now)];
    }

private:
    std::vector<std::uint32_t> m_made; ///< per millisecond, a ring as long as a call
    std::ptrdiff_t m_now = 0;
    std::int64_t m_underWay = 0, m_most;
};

/// A client library of one lane: holds records, makes calls of them, hears the outcomes. Time comes
/// in milliseconds since 1970; tick() is called for each in order, settle() after every ten.
class Client {
public:
    virtual ~Client() = default;
    [[nodiscard]] virtual std::unique_ptr<Client> clone() const = 0;
    [[nodiscard]] static std::unique_ptr<Client> create(const ProducerSpec& spec,
                                                        const Draws& draws);

    virtual void beginSlice(const ShardMap& map) = 0;
    /// Takes what arrives in this millisecond and appends what is sent in it.
    virtual void tick(const Fresh& fresh, OfferBatch& out) = 0;
    virtual void settle(std::int64_t sliceMs, const OfferBatch& sent) = 0;
    /// Everything still held, in order; the client is empty afterwards but for its counts.
    [[nodiscard]] virtual HandOver release() = 0;
    /// Takes over what another held.
    virtual void adopt(const HandOver& held, std::int64_t ms) = 0;
    [[nodiscard]] virtual std::uint64_t digest() const;

    Producer::Counts counts;
    AggregateLog aggregates {budgets::kAggregateLists}; ///< those accepted
};

} // namespace shardscope
