#include <algorithm>

#include "core/catalog/catalog_parts.h"
#include "core/catalog/columns.h"
#include "core/catalog/state_check.h"
#include "core/catalog/tables.h"

namespace shardscope {
namespace {

tl::unexpected<Error> damaged(const std::string& what)
{
    return fail(ErrorCode::BadInput, "it is damaged (" + what + ")");
}

/// Reads tables one after the other; after the first error it does nothing any more.
class Reader {
public:
    explicit Reader(Database& database)
        : m_database(database)
    {
    }

    Result<ServiceState> read()
    {
        account();
        streams();
        tags();
        shards();
        consumers();
        pending();
        quotas();
        encryption();
        peaks();
        channels();
        if (m_outcome)
            m_outcome = checkState(m_state).map_error([](const Error& error) {
                return Error {error.code, "it is damaged (" + error.message + ")"};
            });
        if (!m_outcome)
            return tl::unexpected(m_outcome.error());
        return std::move(m_state);
    }

private:
    void refuse(const std::string& what)
    {
        if (m_outcome)
            m_outcome = damaged(what);
    }

    /// Reads all rows of `table`: `list` walks along the columns of one, then `keep` takes it.
    template <typename List, typename Keep>
    void each(const std::string& table, const std::string& order, List list, Keep keep)
    {
        if (!m_outcome)
            return;
        ColumnNames names;
        list(names);
        auto select = m_database.prepare(names.select(table, order));
        if (!select) {
            m_outcome = tl::unexpected(select.error());
            return;
        }
        while (m_outcome) {
            const auto row = select->step();
            if (!row)
                m_outcome = tl::unexpected(row.error());
            if (!row || !*row)
                return;
            ColumnReader reader(*select);
            list(reader);
            if (select->sound())
                keep();
            else
                refuse("a value in table " + table);
        }
    }

    /// The stream with that slot; foreign keys see to it that there is one.
    StreamState* stream(std::int64_t slot)
    {
        const auto at = std::lower_bound(
            m_state.streams.begin(), m_state.streams.end(), slot,
            [](const StreamState& s, std::int64_t n) { return s.slot.value < n; });
        if (at != m_state.streams.end() && at->slot.value == slot)
            return &*at;
        refuse("a row of no stream");
        return nullptr;
    }
    /// Appends to a list whose rows are numbered from 0.
    template <typename Rows, typename Row>
    void append(Rows& rows, std::int64_t place, Row row, const char* table)
    {
        if (static_cast<std::int64_t>(rows.size()) != place)
            return refuse(std::string("a row is missing in table ") + table);
        rows.push_back(std::move(row));
    }

    void account()
    {
        AccountState& account = m_state.account;
        each(
            "account", "id", [&](auto& v) { tables::account(v, account); }, [] {});
    }

    void streams()
    {
        StreamState row;
        each(
            "streams", "slot",
            [&](auto& v) {
                row = {};
                tables::stream(v, row);
            },
            [&] { m_state.streams.push_back(row); });
    }

    void tags()
    {
        std::int64_t slot = 0;
        std::string key, value;
        each(
            "stream_tags", "stream, key", [&](auto& v) { tables::streamTag(v, slot, key, value); },
            [&] {
                if (StreamState* s = stream(slot))
                    s->tags[key] = value;
            });
    }

    void shards()
    {
        std::int64_t slot = 0, place = 0;
        SavedShard row;
        each(
            "shards", "stream, slot", [&](auto& v) { tables::shard(v, slot, place, row); },
            [&] {
                if (StreamState* s = stream(slot))
                    append(s->shards, place, row, "shards");
            });
    }

    void consumers()
    {
        std::int64_t slot = 0, place = 0;
        SavedConsumer row;
        each(
            "consumers", "stream, place", [&](auto& v) { tables::consumer(v, slot, place, row); },
            [&] {
                if (StreamState* s = stream(slot))
                    append(s->consumers, place, row, "consumers");
            });
        std::string key, value;
        each(
            "consumer_tags", "stream, consumer, key",
            [&](auto& v) { tables::consumerTag(v, slot, place, key, value); },
            [&] {
                StreamState* s = stream(slot);
                if (s != nullptr && place >= 0
                    && place < static_cast<std::int64_t>(s->consumers.size()))
                    s->consumers[static_cast<std::size_t>(place)].tags[key] = value;
                else
                    refuse("a tag of no consumer");
            });
    }

    void pending()
    {
        std::int64_t slot = 0, place = 0;
        PendingRow row;
        each(
            "pending", "stream, place", [&](auto& v) { tables::pending(v, slot, place, row); },
            [&] {
                const auto change = fromRow(row);
                StreamState* s = stream(slot);
                if (s == nullptr || !change
                    || place != static_cast<std::int64_t>(s->pending.size()))
                    refuse("a change in table pending");
                else
                    s->pending.emplace_back(row.due, *change);
            });
    }

    void quotas()
    {
        std::int64_t slot = 0, quota = 0, place = 0;
        SimTime usedAt;
        each(
            "quotas", "stream, quota, place",
            [&](auto& v) { tables::quota(v, slot, quota, place, usedAt); },
            [&] {
                if (quota < 0 || quota >= static_cast<std::int64_t>(kDayQuotas))
                    return refuse("a quota of no kind");
                if (StreamState* s = stream(slot))
                    append(s->quotas[static_cast<std::size_t>(quota)], place, usedAt, "quotas");
            });
    }

    void encryption()
    {
        std::int64_t slot = 0, place = 0;
        std::pair<SimTime, EncryptionType> since;
        each(
            "encryption_changes", "stream, place",
            [&](auto& v) { tables::encryptionChange(v, slot, place, since); },
            [&] {
                if (StreamState* s = stream(slot))
                    append(s->encryptionSince, place, since, "encryption_changes");
            });
        WrappedDataKey key;
        Blob sealed;
        each(
            "data_keys", "stream, place",
            [&](auto& v) { tables::dataKey(v, slot, place, key, sealed); },
            [&] {
                key.sealed = sealed.bytes;
                if (StreamState* s = stream(slot))
                    append(s->dataKeys, place, key, "data_keys");
            });
    }

    void peaks()
    {
        std::int64_t slot = 0, series = 0;
        PeakCell cell;
        each(
            "peaks", "stream, series, at", [&](auto& v) { tables::peak(v, slot, series, cell); },
            [&] {
                if (StreamState* s = stream(slot))
                    peakCells(*s, series).push_back(cell);
            });
    }

    void channels()
    {
        std::vector<Channel>& list = m_state.account.channels;
        Channel row;
        each(
            "channels", "id",
            [&](auto& v) {
                row = {};
                tables::channel(v, row);
            },
            [&] { list.push_back(row); });
        std::string channel, key, value;
        each(
            "channel_tags", "channel, key",
            [&](auto& v) { tables::channelTag(v, channel, key, value); },
            [&] {
                for (Channel& one : list) {
                    if (one.description.channelId == channel)
                        one.tags[key] = value;
                }
            });
        ShardSlot shard;
        std::uint64_t next = 0;
        each(
            "delivered", "channel, shard",
            [&](auto& v) { tables::delivered(v, channel, shard, next); },
            [&] {
                for (Channel& one : list) {
                    if (one.description.channelId == channel)
                        one.delivered[shard] = next;
                }
            });
    }

    Database& m_database;
    ServiceState m_state;
    Result<void> m_outcome;
};

} // namespace

Result<ServiceState> Catalog::load()
{
    auto state = Reader(m_parts->database).read();
    if (!state)
        return tl::unexpected(named(state.error()));
    m_parts->saved.clear();
    for (const StreamState& stream : state->streams) {
        SavedStream& saved = m_parts->saved[stream.slot];
        saved.state = stream;
        for (const auto& [due, change] : stream.pending)
            saved.pending.push_back(toRow(due, change));
    }
    return state;
}

} // namespace shardscope
