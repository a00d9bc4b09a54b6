#include "core/endpoint/wire_value.h"

namespace shardscope::endpoint {

std::optional<WireValue> WireValue::find(std::string_view name) const
{
    std::optional<WireValue> found;
    if (kind() != WireKind::Map)
        return found;
    for (const WireValue member : *this)
        if (member.name() == name)
            found = member;
    if (found && found->kind() == WireKind::Null)
        found.reset();
    return found;
}

std::size_t WireValue::size() const
{
    std::size_t count = 0;
    for ([[maybe_unused]] const WireValue value : *this)
        ++count;
    return count;
}

} // namespace shardscope::endpoint
