#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "core/catalog/database.h"
#include "core/engine/state.h"

/// A table's columns are listed once (tables.h); these walk along such a list to make its SQL, to
/// bind a row and to read one.
namespace shardscope {

// Enumerations are kept as numbers: a value's place must never change, new ones go to the end.
constexpr std::int64_t lastOf(StreamMode)
{
    return 1;
}
constexpr std::int64_t lastOf(StreamStatus)
{
    return 3;
}
constexpr std::int64_t lastOf(ConsumerStatus)
{
    return 2;
}
constexpr std::int64_t lastOf(ChannelStatus)
{
    return 4;
}
constexpr std::int64_t lastOf(RecordDistributionStrategy)
{
    return 1;
}
constexpr std::int64_t lastOf(ShardState)
{
    return 2;
}
constexpr std::int64_t lastOf(EncryptionType)
{
    return 1;
}
constexpr std::int64_t lastOf(AccountSettings::Status)
{
    return 2;
}
constexpr std::int64_t lastOf(ReshardCause)
{
    return 3;
}
constexpr std::int64_t lastOf(ReshardStep::Kind)
{
    return 1;
}
constexpr std::int64_t kShardLevelMetrics = 7;

/// Bytes that are no text.
struct Blob {
    std::string bytes;
};

/// Collects the names.
class ColumnNames {
public:
    template <typename T> void operator()(const char* name, const T&)
    {
        m_names.emplace_back(name);
    }

    [[nodiscard]] std::string select(const std::string& table, const std::string& order) const
    {
        return "SELECT " + joined(", ", "") + " FROM " + table + " ORDER BY " + order;
    }
    /// A row whose `key` columns are there already is replaced, without deleting it.
    [[nodiscard]] std::string upsert(const std::string& table, const std::string& key) const
    {
        std::string places;
        for (std::size_t i = 0; i < m_names.size(); ++i)
            places += i == 0 ? "?" : ", ?";
        return "INSERT INTO " + table + " (" + joined(", ", "") + ") VALUES (" + places
            + ") ON CONFLICT (" + key + ") DO UPDATE SET " + joined(", ", " = excluded.");
    }

private:
    /// `names` one after the other; with `assigns`, each followed by it and itself.
    [[nodiscard]] std::string joined(const char* between, const std::string& assigns) const
    {
        std::string out;
        for (const std::string& name : m_names)
            out += (out.empty() ? "" : between) + name + (assigns.empty() ? "" : assigns + name);
        return out;
    }
    std::vector<std::string> m_names;
};

/// Binds a row's values in order.
class ColumnWriter {
public:
    explicit ColumnWriter(Statement& statement)
        : m_statement(statement)
    {
    }
    template <typename T> void operator()(const char*, const T& value) { put(++m_place, value); }

private:
    template <typename T> void put(int place, const T& value)
    {
        static_assert(std::is_integral_v<T> || std::is_enum_v<T>);
        m_statement.bind(place, static_cast<std::int64_t>(value));
    }
    void put(int place, double value) { m_statement.bind(place, value); }
    void put(int place, SimTime value) { m_statement.bind(place, value.inMicros()); }
    void put(int place, const std::string& text) { m_statement.bindText(place, text); }
    void put(int place, const Blob& blob) { m_statement.bindBlob(place, blob.bytes); }
    template <typename Tag> void put(int place, StrongId<Tag> id)
    {
        m_statement.bind(place, static_cast<std::int64_t>(id.value));
    }
    /// 16 bytes, big-endian, so that they sort as the keys do.
    void put(int place, HashKey key)
    {
        std::string bytes;
        for (int shift = 120; shift >= 0; shift -= 8)
            bytes += static_cast<char>(static_cast<unsigned char>(key.value >> shift));
        m_statement.bindBlob(place, bytes);
    }
    void put(int place, const std::set<ShardLevelMetric>& metrics)
    {
        std::int64_t bits = 0;
        for (const ShardLevelMetric metric : metrics)
            bits |= std::int64_t {1} << static_cast<int>(metric);
        m_statement.bind(place, bits);
    }
    template <typename T> void put(int place, const std::optional<T>& value)
    {
        if (value)
            put(place, *value);
        else
            m_statement.bindNull(place);
    }

    Statement& m_statement;
    int m_place = 0;
};

/// Reads a row's values in order; what cannot be makes the statement unsound.
class ColumnReader {
public:
    explicit ColumnReader(Statement& statement)
        : m_statement(statement)
    {
    }
    template <typename T> void operator()(const char*, T& value) { take(m_column++, value); }

private:
    template <typename T> void take(int column, T& value)
    {
        const std::int64_t number = m_statement.integer(column);
        if constexpr (std::is_enum_v<T>) {
            within(number >= 0 && number <= lastOf(T {}));
            value = m_statement.sound() ? static_cast<T>(number) : T {};
        } else {
            static_assert(std::is_integral_v<T>);
            value = static_cast<T>(number);
            within(static_cast<std::int64_t>(value) == number);
        }
    }
    void take(int column, double& value) { value = m_statement.real(column); }
    void take(int column, SimTime& value)
    {
        value = SimTime::fromMicros(m_statement.integer(column));
    }
    void take(int column, std::string& text) { text = m_statement.text(column); }
    void take(int column, Blob& blob) { blob.bytes = m_statement.blob(column); }
    template <typename Tag> void take(int column, StrongId<Tag>& id)
    {
        const std::int64_t number = m_statement.integer(column);
        id.value = static_cast<std::uint32_t>(number);
        within(number == id.value);
    }
    void take(int column, HashKey& key)
    {
        const std::string bytes = m_statement.blob(column);
        within(bytes.size() == 16);
        key = {};
        for (const char byte : bytes)
            key.value = key.value << 8 | static_cast<unsigned char>(byte);
    }
    void take(int column, std::set<ShardLevelMetric>& metrics)
    {
        const std::int64_t bits = m_statement.integer(column);
        within(bits >= 0 && bits < std::int64_t {1} << kShardLevelMetrics);
        for (int i = 0; i < kShardLevelMetrics; ++i)
            if ((bits >> i & 1) != 0)
                metrics.insert(static_cast<ShardLevelMetric>(i));
    }
    template <typename T> void take(int column, std::optional<T>& value)
    {
        value.reset();
        if (!m_statement.isNull(column))
            take(column, value.emplace());
    }
    void within(bool holds)
    {
        if (!holds)
            m_statement.markUnsound();
    }

    Statement& m_statement;
    int m_column = 0;
};

} // namespace shardscope
