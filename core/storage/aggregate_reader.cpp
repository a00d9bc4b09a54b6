#include "core/storage/aggregate_reader.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include "core/base/md5.h"

// aggregate = magic message md5(message)
// message   = { 0A key | 12 explicit-hash-key | 1A record }      (protobuf, lengths as varints)
// record    = { 08 key-index | 10 hash-index | 1A data | 22 tag }
// Source: facts/clients.md 2.2. Fields nobody knows are passed over, as protobuf readers do.

namespace shardscope {

namespace {

constexpr std::string_view kMagic = "\xF3\x89\x9A\xC2";
constexpr std::size_t kDigestBytes = 16;

/// Reads a protobuf message field by field; what does not fit in ends it as damaged.
class Fields {
public:
    explicit Fields(std::string_view bytes)
        : m_rest(bytes)
    {
    }

    /// False at the end, and when the message is damaged.
    bool next()
    {
        if (m_damaged || m_rest.empty())
            return false;
        const std::uint64_t tag = varint();
        number = tag >> 3;
        text = {};
        value = 0;
        switch (tag & 7) {
        case 0:
            value = varint();
            break;
        case 1:
            text = take(8);
            break;
        case 2:
            text = take(varint());
            break;
        case 5:
            text = take(4);
            break;
        default:
            m_damaged = true;
        }
        return !m_damaged;
    }
    [[nodiscard]] bool damaged() const { return m_damaged; }

    std::uint64_t number = 0;
    std::uint64_t value = 0; ///< of a varint
    std::string_view text; ///< of anything else

private:
    std::uint64_t varint()
    {
        std::uint64_t read = 0;
        for (int shift = 0; shift < 64 && !m_rest.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            read |= std::uint64_t {byte & 0x7fU} << shift;
            if (byte < 0x80)
                return read;
        }
        m_damaged = true;
        return 0;
    }
    std::string_view take(std::uint64_t bytes)
    {
        if (m_damaged || bytes > m_rest.size()) {
            m_damaged = true;
            return {};
        }
        const std::string_view taken = m_rest.substr(0, static_cast<std::size_t>(bytes));
        m_rest.remove_prefix(taken.size());
        return taken;
    }

    std::string_view m_rest;
    bool m_damaged = false;
};

struct Tables {
    std::vector<std::string_view> keys, hashKeys, records;
};

std::optional<UserRecordView> readRecord(std::string_view bytes, const Tables& tables)
{
    UserRecordView record;
    bool hasKey = false;
    Fields fields(bytes);
    while (fields.next()) {
        if (fields.number == 1) {
            if (fields.value >= tables.keys.size())
                return std::nullopt;
            record.key = tables.keys[static_cast<std::size_t>(fields.value)];
            hasKey = true;
        } else if (fields.number == 2) {
            if (fields.value >= tables.hashKeys.size())
                return std::nullopt;
            record.explicitHashKey = tables.hashKeys[static_cast<std::size_t>(fields.value)];
        } else if (fields.number == 3) {
            record.data = fields.text;
        }
    }
    return fields.damaged() || !hasKey ? std::nullopt : std::optional(record);
}

} // namespace

bool looksAggregated(std::string_view data)
{
    return data.size() > kMagic.size() + kDigestBytes && data.starts_with(kMagic);
}

std::optional<std::vector<UserRecordView>> readAggregate(std::string_view data, std::size_t most)
{
    if (!looksAggregated(data))
        return std::nullopt;
    const std::string_view message
        = data.substr(kMagic.size(), data.size() - kMagic.size() - kDigestBytes);
    const HashKey digest = md5(message);
    std::string expected;
    for (const std::uint64_t word : {digest.high(), digest.low()})
        for (int shift = 56; shift >= 0; shift -= 8)
            expected += static_cast<char>((word >> shift) & 0xff);
    if (data.substr(data.size() - kDigestBytes) != expected)
        return std::nullopt;
    Tables tables;
    Fields fields(message);
    // A writer adds a key when its first record comes: as many of each table are enough.
    while (fields.next()) {
        std::vector<std::string_view>* table = fields.number == 1 ? &tables.keys
            : fields.number == 2                                  ? &tables.hashKeys
            : fields.number == 3                                  ? &tables.records
                                                                  : nullptr;
        if (table != nullptr && table->size() < most)
            table->push_back(fields.text);
    }
    if (fields.damaged())
        return std::nullopt;
    std::vector<UserRecordView> opened;
    for (const std::string_view record : tables.records) {
        const auto one = readRecord(record, tables);
        if (!one)
            return std::nullopt;
        opened.push_back(*one);
    }
    return opened;
}

} // namespace shardscope
