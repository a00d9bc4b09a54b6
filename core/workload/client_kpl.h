#pragma once

#include <deque>
#include <vector>

#include "core/workload/aggregate.h"
#include "core/workload/client.h"
#include "core/workload/retry_profile.h"

namespace shardscope {

/// One process of the Kinesis Producer Library: user records go by predicted shard through a
/// reducer (aggregation), a limiter and the collector into PutRecords calls; refused ones go back
/// to the start alone until their time to live has passed. Source: facts/clients.md 2.1 to 2.3.
/// Counts are of user records; `linger` is RecordMaxBufferedTime.
///
/// A user record's time to live begins when the library takes it; while it holds too many
/// (budgets::kOutstandingUserRecords) fresh ones wait outside. Aggregates close at their exact
/// size, where the library estimates.
class KplClient final : public Client {
public:
    KplClient(const ClientSpec& spec, const CounterRng& retryRng);

    [[nodiscard]] std::unique_ptr<Client> clone() const override;
    void beginSlice(const ShardMap& map) override;
    void tick(const Fresh& fresh, OfferBatch& out) override;
    void settle(std::int64_t sliceMs, const OfferBatch& sent) override;
    [[nodiscard]] HandOver release() override;
    void adopt(const HandOver& held, std::int64_t ms) override;
    [[nodiscard]] std::uint64_t digest() const override;

private:
    /// A Kinesis record in the making: one or more user records.
    struct Pack {
        std::vector<HeldRecord> users;
        std::uint32_t bytes = 0; ///< data + partition key
        std::int64_t deadlineMs = 0;
        std::uint64_t order = 0;
        std::uint32_t shard = 0; ///< predicted
    };
    struct Reducer {
        std::vector<HeldRecord> users;
        AggregateSizer size;
        std::int64_t deadlineMs = 0;
        std::uint32_t round = 0; ///< counts its flushes
    };
    /// A moment at which something must be looked at; `id` is a reducer or a record come back.
    struct Timer {
        std::int64_t ms = 0;
        std::uint64_t order = 0;
        std::uint32_t id = 0, round = 0;
    };
    struct Limiter {
        std::vector<std::uint32_t> queue; ///< packs, a heap by deadline
        double records = 0, bytes = 0; ///< tokens
        std::int64_t filledMs = -1; ///< -1: full, never used
        bool listed = false;
    };
    struct Returned {
        std::int64_t ms = 0;
        std::uint64_t order = 0;
        HeldRecord record;
    };
    struct Sent {
        std::int64_t ms = 0;
        std::vector<std::uint32_t> packs;
    };

    void growTo(std::uint32_t shard);
    void admit(std::int64_t ms);
    void enter(const HeldRecord& record, std::uint32_t shard, std::int64_t deadlineMs);
    void flush(std::uint32_t shard);
    void limit(std::uint32_t pack);
    void drain(std::int64_t ms);
    void drainShard(std::uint32_t shard, std::int64_t ms);
    void collect(std::uint32_t pack);
    void closeCall();
    void send(OfferBatch& out, std::int64_t ms);
    void comeBack(std::int64_t ms);
    void returnUser(HeldRecord user, std::int64_t ms);
    [[nodiscard]] bool expired(const HeldRecord& record, std::int64_t ms) const;
    void drop();
    [[nodiscard]] std::uint32_t newPack();
    void freePack(std::uint32_t pack);

    ClientSpec m_spec;
    RetryProfile m_profile;
    CounterRng m_retryRng;
    std::int64_t m_callMs, m_bufferMs, m_collectMs;
    CallWindow m_window;
    const ShardMap* m_map = nullptr; ///< during a slice only
    Fifo<Fresh> m_outside; ///< made and not yet given to the library
    std::int64_t m_outsideCount = 0;
    std::vector<Reducer> m_reducers; ///< by predicted shard
    std::vector<Timer> m_reducerTimers; ///< a heap, earliest first
    std::vector<Limiter> m_limiters; ///< by predicted shard
    std::vector<std::uint32_t> m_limited; ///< shards with something in their limiter
    std::vector<Pack> m_packs;
    std::vector<std::uint32_t> m_freePacks;
    std::vector<std::uint32_t> m_collected; ///< packs of the open call
    std::vector<std::uint32_t> m_collectedBytes; ///< of the open call, by predicted shard
    std::int64_t m_collectedTotal = 0, m_collectDeadlineMs = 0;
    std::deque<std::vector<std::uint32_t>> m_ready; ///< closed calls, oldest first
    std::vector<Sent> m_sent; ///< this slice's calls
    std::vector<Returned> m_returned; ///< a heap, earliest first
    OfferBatch m_rows; ///< scratch: user records as rows
    std::vector<std::uint32_t> m_slots;
    FillScratch m_scratch;
    std::uint64_t m_order = 0;
};

} // namespace shardscope
