#include "core/engine/record_batch.h"

#include "core/base/md5.h"

namespace shardscope {

void RecordBatch::add(std::string_view key, std::string_view data, std::optional<HashKey> place)
{
    Row row;
    row.keyAt = static_cast<std::uint32_t>(bytes.size());
    row.keyBytes = static_cast<std::uint16_t>(key.size());
    bytes.insert(bytes.end(), key.begin(), key.end());
    row.dataAt = static_cast<std::uint32_t>(bytes.size());
    row.dataBytes = static_cast<std::uint32_t>(data.size());
    bytes.insert(bytes.end(), data.begin(), data.end());
    row.placed = place.has_value();
    row.hash = place.value_or(HashKey {});
    rows.push_back(row);
}

void RecordBatch::hashKeys()
{
    // The keys are put side by side first: 20 bytes each, against the price of hashing one by one.
    static thread_local std::vector<char> text;
    static thread_local std::vector<std::uint32_t> offset, which;
    static thread_local std::vector<std::uint64_t> high, low;
    text.clear();
    offset.assign(1, 0);
    which.clear();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].placed)
            continue;
        const std::string_view k = key(i);
        text.insert(text.end(), k.begin(), k.end());
        offset.push_back(static_cast<std::uint32_t>(text.size()));
        which.push_back(static_cast<std::uint32_t>(i));
    }
    constexpr std::size_t kReadableBehind = 64; // see KeyBatch
    text.resize(text.size() + kReadableBehind);
    high.resize(which.size());
    low.resize(which.size());
    md5Batch({text.data(), offset}, high.data(), low.data());
    for (std::size_t n = 0; n < which.size(); ++n)
        rows[which[n]].hash = HashKey::fromWords(high[n], low[n]);
}

std::string_view RecordBatch::key(std::size_t row) const
{
    return {bytes.data() + rows[row].keyAt, rows[row].keyBytes};
}

std::string_view RecordBatch::data(std::size_t row) const
{
    return {bytes.data() + rows[row].dataAt, rows[row].dataBytes};
}

std::string_view RecordPage::key(std::size_t row) const
{
    return {bytes.data() + rows[row].keyAt, rows[row].keyBytes};
}

std::string_view RecordPage::data(std::size_t row) const
{
    return {bytes.data() + rows[row].dataAt, rows[row].dataBytes};
}

} // namespace shardscope
