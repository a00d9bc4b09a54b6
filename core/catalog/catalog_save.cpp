#include <algorithm>

#include "core/catalog/catalog_parts.h"
#include "core/catalog/columns.h"
#include "core/catalog/tables.h"

namespace shardscope {

/// Writes within a transaction; after the first error it does nothing any more.
class Catalog::Writer {
public:
    explicit Writer(Parts& parts)
        : m_parts(parts)
    {
    }
    [[nodiscard]] const Result<void>& outcome() const { return m_outcome; }

    void account(const AccountState& account)
    {
        put(m_parts.putAccount, [&](auto& v) {
            v("id", 1);
            tables::account(v, account);
        });
        run(m_parts.eraseChannels);
        for (const Channel& channel : account.channels) {
            put(m_parts.putChannel, [&](auto& v) { tables::channel(v, channel); });
            for (const auto& [key, value] : channel.tags)
                put(m_parts.putChannelTag, [&](auto& v) {
                    tables::channelTag(v, channel.description.channelId, key, value);
                });
            for (const auto& [shard, next] : channel.delivered)
                delivered(channel.description.channelId, shard, next);
        }
    }

    void delivered(const std::string& channelId, ShardSlot shard, std::uint64_t next)
    {
        put(m_parts.putDelivered, [&](auto& v) { tables::delivered(v, channelId, shard, next); });
    }

    void remove(StreamSlot slot)
    {
        m_parts.eraseStream.bind(1, std::int64_t {slot.value});
        run(m_parts.eraseStream);
    }

    /// Only what differs from `old`, what the file has.
    void stream(const SavedStream& now, const SavedStream& old)
    {
        const StreamState& s = now.state;
        const StreamState& was = old.state;
        m_slot = s.slot.value;
        put(m_parts.putStream, [&](auto& v) { tables::stream(v, s); });
        tags(s, was);
        shards(s, was);
        consumers(s, was);
        list(m_parts.pending, now.pending, old.pending,
             [&](auto& v, std::int64_t i, const auto& row) { tables::pending(v, m_slot, i, row); });
        quotas(s, was);
        list(m_parts.encryptionChanges, s.encryptionSince, was.encryptionSince,
             [&](auto& v, std::int64_t i, const auto& change) {
                 tables::encryptionChange(v, m_slot, i, change);
             });
        list(m_parts.dataKeys, s.dataKeys, was.dataKeys,
             [&](auto& v, std::int64_t i, const auto& key) {
                 const Blob sealed {key.sealed};
                 tables::dataKey(v, m_slot, i, key, sealed);
             });
        for (std::int64_t series = 0; series < kPeakSeries; ++series)
            peaks(series, peakCells(s, series), peakCells(was, series));
    }

private:
    void run(Statement& statement)
    {
        if (m_outcome)
            m_outcome = statement.run();
    }
    template <typename List> void put(Statement& statement, List bindAll)
    {
        if (!m_outcome)
            return;
        ColumnWriter writer(statement);
        bindAll(writer);
        run(statement);
    }
    void erase(RowsOf& table)
    {
        table.erase.bind(1, m_slot);
        run(table.erase);
    }
    /// A list whose rows are known by their place in it.
    template <typename Rows, typename Bind>
    void list(RowsOf& table, const Rows& now, const Rows& old, Bind bindRow)
    {
        if (now == old)
            return;
        erase(table);
        for (std::size_t i = 0; i < now.size(); ++i)
            put(table.put, [&](auto& v) { bindRow(v, static_cast<std::int64_t>(i), now[i]); });
    }

    void tags(const StreamState& now, const StreamState& old)
    {
        if (now.tags == old.tags)
            return;
        erase(m_parts.streamTags);
        for (const auto& [key, value] : now.tags)
            put(m_parts.streamTags.put, [&](auto& v) { tables::streamTag(v, m_slot, key, value); });
    }

    void shards(const StreamState& now, const StreamState& old)
    {
        for (std::size_t i = 0; i < now.shards.size(); ++i) {
            if (i < old.shards.size() && now.shards[i] == old.shards[i])
                continue;
            const auto slot = static_cast<std::int64_t>(i);
            put(m_parts.putShard, [&](auto& v) { tables::shard(v, m_slot, slot, now.shards[i]); });
        }
    }

    void consumers(const StreamState& now, const StreamState& old)
    {
        if (now.consumers == old.consumers)
            return;
        list(
            m_parts.consumers, now.consumers, old.consumers,
            [&](auto& v, std::int64_t i, const auto& row) { tables::consumer(v, m_slot, i, row); });
        for (std::size_t i = 0; i < now.consumers.size(); ++i) {
            const auto place = static_cast<std::int64_t>(i);
            for (const auto& [key, value] : now.consumers[i].tags)
                put(m_parts.putConsumerTag,
                    [&](auto& v) { tables::consumerTag(v, m_slot, place, key, value); });
        }
    }

    void quotas(const StreamState& now, const StreamState& old)
    {
        if (now.quotas == old.quotas)
            return;
        erase(m_parts.quotas);
        for (std::size_t q = 0; q < kDayQuotas; ++q) {
            const auto quota = static_cast<std::int64_t>(q);
            for (std::size_t i = 0; i < now.quotas[q].size(); ++i) {
                const auto place = static_cast<std::int64_t>(i);
                put(m_parts.quotas.put,
                    [&](auto& v) { tables::quota(v, m_slot, quota, place, now.quotas[q][i]); });
            }
        }
    }

    /// Both ascend by time.
    void peaks(std::int64_t series, const std::vector<PeakCell>& now,
               const std::vector<PeakCell>& old)
    {
        const auto earlier = [](const PeakCell& a, const PeakCell& b) { return a.when < b.when; };
        for (const PeakCell& cell : old) {
            if (std::binary_search(now.begin(), now.end(), cell, earlier))
                continue;
            m_parts.erasePeak.bind(1, m_slot);
            m_parts.erasePeak.bind(2, series);
            m_parts.erasePeak.bind(3, cell.when);
            run(m_parts.erasePeak);
        }
        for (const PeakCell& cell : now) {
            const auto known = std::lower_bound(old.begin(), old.end(), cell, earlier);
            if (known == old.end() || !(*known == cell))
                put(m_parts.putPeak, [&](auto& v) { tables::peak(v, m_slot, series, cell); });
        }
    }

    Parts& m_parts;
    std::int64_t m_slot = 0; ///< of the stream being written
    Result<void> m_outcome;
};

Result<void> Catalog::save(const Changes& changes)
{
    if (auto ok = m_parts->begin.run(); !ok)
        return tl::unexpected(named(ok.error()));
    Writer writer(*m_parts);
    std::vector<SavedStream> fresh;
    for (const StreamSlot slot : changes.removed)
        writer.remove(slot);
    if (changes.account != nullptr)
        writer.account(*changes.account);
    for (const auto& [of, next] : changes.delivered)
        writer.delivered(of.first, of.second, next);
    for (const StreamState& state : changes.streams) {
        SavedStream& now = fresh.emplace_back(SavedStream {state, {}});
        for (const auto& [due, change] : state.pending)
            now.pending.push_back(toRow(due, change));
        // Rows that nobody knows of go first, and so do those of another stream in that slot.
        const auto at = m_parts->saved.find(state.slot);
        const bool known
            = at != m_parts->saved.end() && at->second.state.shards.size() <= state.shards.size();
        if (!known)
            writer.remove(state.slot);
        writer.stream(now, known ? at->second : SavedStream {});
    }
    Result<void> done = writer.outcome();
    if (done)
        done = m_parts->commit.run();
    if (!done) {
        // Some errors have ended the transaction already; then there is nothing to take back.
        [[maybe_unused]] const auto ended = m_parts->rollback.run();
        return tl::unexpected(named(done.error()));
    }
    for (const StreamSlot slot : changes.removed)
        m_parts->saved.erase(slot);
    for (SavedStream& stream : fresh)
        m_parts->saved[stream.state.slot] = std::move(stream);
    return {};
}

} // namespace shardscope
