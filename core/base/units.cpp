#include "core/base/units.h"

#include <array>
#include <charconv>
#include <cmath>

namespace shardscope {

std::optional<double> parseBytes(std::string_view text)
{
    struct Unit {
        std::string_view name;
        Bytes bytes;
    };
    static constexpr std::array<Unit, 4> kUnits {
        {{"KiB", 1_KiB}, {"MiB", 1_MiB}, {"GiB", 1_GiB}, {"B", 1}}};
    for (const Unit& unit : kUnits) {
        if (!text.ends_with(unit.name))
            continue;
        const std::string_view digits = text.substr(0, text.size() - unit.name.size());
        double count = 0;
        const auto [end, error]
            = std::from_chars(digits.data(), digits.data() + digits.size(), count);
        if (error != std::errc {} || end != digits.data() + digits.size() || !std::isfinite(count)
            || count < 0)
            return std::nullopt;
        return count * static_cast<double>(unit.bytes);
    }
    return std::nullopt;
}

} // namespace shardscope
