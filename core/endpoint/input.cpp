#include "core/endpoint/input.h"

#include <algorithm>

#include "core/endpoint/wire_moment.h"

namespace shardscope::endpoint {

double numberOf(const WireValue& value)
{
    const auto& node = value.node();
    return node.kind == WireKind::Double ? node.number : static_cast<double>(node.integer);
}

std::optional<std::string> Input::text(std::string_view name) const
{
    const auto found = m_value.find(name);
    return found ? std::optional<std::string>(found->text()) : std::nullopt;
}

std::optional<std::int64_t> Input::integer(std::string_view name) const
{
    const auto found = m_value.find(name);
    if (!found)
        return std::nullopt;
    return found->kind() == WireKind::Double ? wholePart(found->node().number)
                                             : found->node().integer;
}

std::optional<double> Input::number(std::string_view name) const
{
    const auto found = m_value.find(name);
    return found ? std::optional(numberOf(*found)) : std::nullopt;
}

bool Input::flag(std::string_view name, bool otherwise) const
{
    const auto found = m_value.find(name);
    return found ? found->node().integer != 0 : otherwise;
}

std::optional<SimTime> Input::time(std::string_view name) const
{
    const auto found = m_value.find(name);
    return found ? momentOf(*found) : std::nullopt;
}

std::optional<std::size_t> Input::choice(std::string_view name,
                                         std::span<const std::string_view> words) const
{
    const auto found = m_value.find(name);
    if (!found)
        return std::nullopt;
    const auto at = std::find(words.begin(), words.end(), found->text());
    return at == words.end() ? std::nullopt
                             : std::optional(static_cast<std::size_t>(at - words.begin()));
}

std::optional<Input> Input::structure(std::string_view name) const
{
    const auto found = m_value.find(name);
    return found ? std::optional(Input(*found)) : std::nullopt;
}

std::vector<Input> Input::structures(std::string_view name) const
{
    std::vector<Input> all;
    if (const auto found = m_value.find(name))
        for (const WireValue item : *found)
            all.emplace_back(item);
    return all;
}

std::vector<std::string> Input::texts(std::string_view name) const
{
    std::vector<std::string> all;
    if (const auto found = m_value.find(name))
        for (const WireValue item : *found)
            all.emplace_back(item.text());
    return all;
}

std::vector<double> Input::numbers(std::string_view name) const
{
    std::vector<double> all;
    if (const auto found = m_value.find(name))
        for (const WireValue item : *found)
            all.push_back(numberOf(item));
    return all;
}

std::map<std::string, std::string> Input::textMap(std::string_view name) const
{
    std::map<std::string, std::string> all;
    if (const auto found = m_value.find(name))
        for (const WireValue item : *found)
            all.insert_or_assign(std::string(item.name()), std::string(item.text()));
    return all;
}

} // namespace shardscope::endpoint
