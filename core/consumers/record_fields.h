#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/consumers/analytics_spec.h"
#include "core/consumers/query_columns.h"
#include "core/consumers/query_keys.h"
#include "core/engine/service.h"

namespace shardscope {

/// Takes out of records what a query needs: time, key and value, of the records' JSON or, where
/// that is enough, of what is kept of every record anyway; then payloads are not touched. Copyable.
class RecordFields {
public:
    struct Unreadable {
        std::int64_t records = 0; ///< all of the below
        std::int64_t notJson = 0, withoutTime = 0, withoutKey = 0, withoutValue = 0;
    };

    /// `spec` as resolved() gives it.
    explicit RecordFields(const AnalyticsSpec& spec);
    RecordFields(const RecordFields& other);
    RecordFields& operator=(const RecordFields& other);
    RecordFields(RecordFields&&) noexcept;
    RecordFields& operator=(RecordFields&&) noexcept;
    ~RecordFields();

    [[nodiscard]] bool needsPayload() const { return m_needsPayload; }
    /// Appends what records [first, next) of a shard say; those that lack something are counted and
    /// left out.
    void read(const Service& service, const Stream& stream, ShardSlot shard, std::uint64_t first,
              std::uint64_t next, KeyTable& keys, QueryColumns& out);
    /// Appends one record's.
    void readData(std::string_view data, std::size_t readable, std::int64_t arrivalMs,
                  std::uint64_t hashHigh, KeyTable& keys, QueryColumns& out);

    [[nodiscard]] const Unreadable& unreadable() const { return m_unreadable; }
    void setUnreadable(const Unreadable& counts) { m_unreadable = counts; }
    /// One sentence about records that lack what the query needs, or empty.
    [[nodiscard]] std::string trouble() const;

private:
    enum class Key { Whole, Field, PartitionKey, Shard };
    struct Parser;

    void readKept(const Stream& stream, ShardSlot shard, std::uint64_t first, std::uint64_t next,
                  KeyTable& keys, QueryColumns& out);
    [[nodiscard]] bool timeOf(std::string_view token, std::int64_t& ms);
    [[nodiscard]] std::uint32_t fixedKey(std::uint64_t hashHigh, KeyTable& keys) const;

    Key m_key = Key::Whole;
    bool m_needsPayload = false, m_needsTime = false, m_needsValue = false;
    std::string m_keyField, m_valueField, m_timeField;
    bool m_share = false;
    double m_threshold = 0;
    std::string m_shardText; ///< of the shard that is read
    std::array<char, 10> m_day {}; ///< the date of the last moment read, and
    std::int64_t m_dayMs = 0; ///< when it began
    Unreadable m_unreadable;
    std::unique_ptr<Parser> m_parser; ///< only its memory counts
};

} // namespace shardscope
