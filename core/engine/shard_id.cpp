#include "core/engine/requests.h"

namespace shardscope {

std::string shardIdText(ShardSlot slot)
{
    std::string text = "shardId-000000000000";
    std::uint32_t rest = slot.value;
    for (std::size_t at = text.size(); rest != 0; rest /= 10)
        text[--at] = static_cast<char>('0' + rest % 10);
    return text;
}

Result<ShardSlot> parseShardId(std::string_view text)
{
    // Anything up to the last hyphen, then a number that fits 31 bits.
    const std::string_view digits = text.substr(text.rfind('-') + 1);
    const auto refuse = [&] {
        return fail(ErrorCode::ResourceNotFound,
                    "Could not find shard " + std::string(text.substr(0, 128))
                        + ": a shard id looks like shardId-000000000007");
    };
    if (digits.empty() || text.size() > 128)
        return refuse();
    std::uint64_t number = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9')
            return refuse();
        number = number * 10 + static_cast<unsigned>(c - '0');
        if (number > 2'147'483'647)
            return refuse();
    }
    return ShardSlot {static_cast<std::uint32_t>(number)};
}

} // namespace shardscope
