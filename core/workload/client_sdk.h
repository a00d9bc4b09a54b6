#pragma once

#include <vector>

#include "core/workload/client.h"
#include "core/workload/retry_profile.h"

namespace shardscope {

/// PutRecord and PutRecords of an SDK, and the Kinesis Agent, which differs by its way to wait.
///
/// Fresh records wait as ranges of numbers and become rows only when they are sent, so a backlog of
/// any size costs a few bytes a call. The refused entries of a call wait together and are sent
/// again as a call of their own, in their order, before anything fresh.
class SdkClient final : public Client {
public:
    SdkClient(const ClientSpec& spec, const CounterRng& retryRng);

    [[nodiscard]] std::unique_ptr<Client> clone() const override;
    void beginSlice(const ShardMap& map) override;
    void tick(const Fresh& fresh, OfferBatch& out) override;
    void settle(std::int64_t sliceMs, const OfferBatch& sent) override;
    [[nodiscard]] HandOver release() override;
    void adopt(const HandOver& held, std::int64_t ms) override;
    [[nodiscard]] std::uint64_t digest() const override;

private:
    /// A call's worth of fresh records.
    struct Batch {
        const Segment* segment = nullptr;
        std::uint64_t from = 0;
        std::uint32_t stride = 1;
        std::uint32_t count = 0;
        std::int64_t sinceMs = 0; ///< arrival of its first record
        std::uint64_t madeBefore = 0; ///< of the segment, before sinceMs
        std::uint64_t bytes = 0; ///< counted only where the byte limit can bind
    };
    struct Row {
        const Segment* segment = nullptr;
        std::uint64_t number = 0, hashHigh = 0, hashLow = 0;
        std::uint32_t bytes = 0;
        std::uint16_t keyBytes = 0;
    };
    struct Again {
        std::int64_t dueMs = 0;
        std::uint64_t order = 0; ///< of two due at once, the one refused first goes first
        std::int64_t firstMs = 0; ///< when it was first sent
        std::uint32_t rows = 0; ///< index into m_rows
        std::uint16_t tries = 0;
    };
    struct Sent {
        const Segment* segment = nullptr; ///< null for a call tried before
        std::uint32_t row = 0;
        std::int64_t ms = 0, firstMs = 0;
        std::uint32_t rows = 0; ///< index into m_rows, of a call tried before
        std::uint16_t tries = 0;
    };

    void take(const Fresh& fresh);
    void closeBatch();
    void sendFresh(std::int64_t ms, OfferBatch& out);
    void sendAgain(std::int64_t ms, OfferBatch& out);
    void settleCall(const Sent& call, std::uint32_t end, const OfferBatch& sent);
    [[nodiscard]] std::uint32_t freeRows();
    void push(const Again& again);
    [[nodiscard]] Again popAgain();

    ClientSpec m_spec;
    RetryProfile m_profile;
    CounterRng m_retryRng;
    std::int64_t m_callMs, m_lingerMs, m_batchRecords;
    CallWindow m_window;
    Batch m_open;
    Fifo<Batch> m_ready;
    std::vector<Again> m_again; ///< a heap, earliest first
    std::vector<std::vector<Row>> m_rows; ///< of calls waiting or just sent again
    std::vector<std::uint32_t> m_freeRows;
    std::vector<Sent> m_sent; ///< this slice's calls
    FillScratch m_scratch;
    std::uint64_t m_order = 0;
    double m_failures = 0; ///< the agent's
};

} // namespace shardscope
