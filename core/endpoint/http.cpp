#include "core/endpoint/http.h"

namespace shardscope::endpoint {

void Headers::add(std::string_view name, std::string_view value)
{
    const auto at = [this] { return static_cast<std::uint32_t>(m_text.size()); };
    Field field {at(), static_cast<std::uint32_t>(name.size()), 0,
                 static_cast<std::uint32_t>(value.size())};
    m_text += name;
    field.valueAt = at();
    m_text += value;
    m_fields.push_back(field);
}

void Headers::clear()
{
    m_text.clear();
    m_fields.clear();
}

std::pair<std::string_view, std::string_view> Headers::at(std::size_t index) const
{
    const Field& field = m_fields[index];
    const std::string_view text = m_text;
    return {text.substr(field.nameAt, field.nameBytes),
            text.substr(field.valueAt, field.valueBytes)};
}

std::optional<std::string_view> Headers::find(std::string_view name) const
{
    // Ten times a request: most fields differ in length or in their last character (many begin
    // with x-amz-), which tells without a call.
    for (std::size_t i = 0; i < m_fields.size(); ++i) {
        const Field& field = m_fields[i];
        if (field.nameBytes != name.size()
            || (!name.empty() && m_text[field.nameAt + field.nameBytes - 1] != name.back()))
            continue;
        if (const auto [key, value] = at(i); key == name)
            return value;
    }
    return std::nullopt;
}

} // namespace shardscope::endpoint
