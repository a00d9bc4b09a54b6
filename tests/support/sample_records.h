#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/requests.h"

namespace shardscope::sample {

/// A page of records (key, data) of one shard, their counters rising from `firstCounter`.
[[nodiscard]] inline std::shared_ptr<const RecordPage>
page(const std::vector<std::pair<std::string, std::string>>& records,
     std::uint64_t firstCounter = 1, std::uint32_t shard = 0)
{
    auto made = std::make_shared<RecordPage>();
    for (const auto& [key, data] : records) {
        RecordPage::Row row;
        const auto at = static_cast<std::int64_t>(made->rows.size() + firstCounter);
        row.number = {kDefaultStart.inSeconds(), ShardSlot(shard), firstCounter++,
                      kDefaultStart.inSeconds() + at};
        row.arrivalMs = kDefaultStart.inMillis() + at * 1'000 + 763;
        row.keyAt = static_cast<std::uint32_t>(made->bytes.size());
        row.keyBytes = static_cast<std::uint16_t>(key.size());
        made->bytes.insert(made->bytes.end(), key.data(), key.data() + key.size());
        row.dataAt = static_cast<std::uint32_t>(made->bytes.size());
        row.dataBytes = static_cast<std::uint32_t>(data.size());
        made->bytes.insert(made->bytes.end(), data.data(), data.data() + data.size());
        made->rows.push_back(row);
    }
    return made;
}

} // namespace shardscope::sample
