#include "core/consumers/json_tape.h"

#include <algorithm>
#include <simdjson.h>

namespace shardscope {
namespace {

namespace ondemand = simdjson::ondemand;
static_assert(JsonTape::kPadding >= simdjson::SIMDJSON_PADDING);

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    return text;
}

/// number = [ "-" ] ( "0" | 1-9 digits ) [ "." digits ] [ ( "e" | "E" ) [ "+" | "-" ] digits ]
bool isNumber(std::string_view text)
{
    std::size_t at = 0;
    const auto is = [&](std::string_view any) {
        return at < text.size() && any.find(text[at]) != std::string_view::npos;
    };
    const auto digits = [&] {
        const std::size_t from = at;
        while (is("0123456789"))
            ++at;
        return at > from;
    };
    if (is("-"))
        ++at;
    const bool zero = is("0");
    const std::size_t whole = at;
    if (!digits() || (zero && at > whole + 1))
        return false;
    if (is(".") && (++at, !digits()))
        return false;
    if (is("eE")) {
        ++at;
        if (is("+-"))
            ++at;
        if (!digits())
            return false;
    }
    return at == text.size();
}

} // namespace

struct JsonTape::Parser {
    ondemand::parser json;
};

JsonTape::JsonTape()
    : m_parser(std::make_unique<Parser>())
{
}
JsonTape::JsonTape(const JsonTape& /*other*/)
    : JsonTape()
{
}
JsonTape& JsonTape::operator=(const JsonTape& other)
{
    if (this != &other)
        clear();
    return *this;
}
JsonTape::JsonTape(JsonTape&&) noexcept = default;
JsonTape& JsonTape::operator=(JsonTape&&) noexcept = default;
JsonTape::~JsonTape() = default;

std::size_t JsonTape::beginObject(std::string_view name)
{
    m_nodes.push_back({name, {}, 0, Kind::Object});
    return m_nodes.size() - 1;
}

void JsonTape::endObject(std::size_t place)
{
    m_nodes[place].end = static_cast<std::uint32_t>(m_nodes.size());
}

void JsonTape::addText(std::string_view name, std::string_view text)
{
    m_nodes.push_back({name, text, static_cast<std::uint32_t>(m_nodes.size() + 1), Kind::Text});
}

void JsonTape::addNumber(std::string_view name, std::string_view text)
{
    m_nodes.push_back({name, text, static_cast<std::uint32_t>(m_nodes.size() + 1), Kind::Number});
}

/// A number, true, false or null.
bool JsonTape::addPlain(std::string_view name, std::string_view token)
{
    const Kind kind = token == "true" ? Kind::True
        : token == "false"            ? Kind::False
        : token == "null"             ? Kind::Null
                                      : Kind::Number;
    if (kind == Kind::Number && !isNumber(token))
        return false;
    m_nodes.push_back({name, token, static_cast<std::uint32_t>(m_nodes.size() + 1), kind});
    return true;
}

template <typename Value> bool JsonTape::add(std::string_view name, Value&& value, int depth)
{
    ondemand::json_type type {};
    if (depth > kDepthMost || value.type().get(type) != simdjson::SUCCESS)
        return false;
    const std::size_t place = m_nodes.size();
    switch (type) {
    case ondemand::json_type::object: {
        ondemand::object object;
        if (value.get_object().get(object) != simdjson::SUCCESS)
            return false;
        beginObject(name);
        for (auto each : object) {
            ondemand::field field;
            std::string_view key;
            if (std::move(each).get(field) != simdjson::SUCCESS
                || field.unescaped_key().get(key) != simdjson::SUCCESS
                || !add(key, field.value(), depth + 1))
                return false;
        }
        endObject(place);
        return true;
    }
    case ondemand::json_type::array: {
        ondemand::array array;
        if (value.get_array().get(array) != simdjson::SUCCESS)
            return false;
        m_nodes.push_back({name, {}, 0, Kind::List});
        for (auto each : array) {
            ondemand::value item;
            if (std::move(each).get(item) != simdjson::SUCCESS || !add({}, item, depth + 1))
                return false;
        }
        endObject(place);
        return true;
    }
    case ondemand::json_type::string: {
        std::string_view text;
        if (value.get_string().get(text) != simdjson::SUCCESS)
            return false;
        addText(name, text);
        return true;
    }
    case ondemand::json_type::number:
    case ondemand::json_type::boolean:
    case ondemand::json_type::null:
        break;
    }
    if constexpr (std::is_same_v<std::remove_cvref_t<Value>, ondemand::value>)
        return addPlain(name, trimmed(value.raw_json_token()));
    return false; // the whole text is one such word: addJson() has seen to it
}

bool JsonTape::addJson(std::string_view name, std::string_view json, std::size_t readable)
{
    const std::size_t place = m_nodes.size();
    m_stoppedAt = 0;
    const std::string_view inner = trimmed(json);
    if (!inner.empty() && std::string_view("{[\"").find(inner.front()) == std::string_view::npos)
        return addPlain(name, inner);
    ondemand::document document;
    bool read = m_parser->json.iterate(json.data(), json.size(), readable).get(document)
        == simdjson::SUCCESS;
    if (read) {
        // Behind a whole value there is no place to stand on.
        const char* at = nullptr;
        read = add(name, document, 0)
            && document.current_location().get(at) == simdjson::OUT_OF_BOUNDS;
        if (!read)
            m_stoppedAt = document.current_location().get(at) == simdjson::SUCCESS
                ? std::min(static_cast<std::size_t>(at - json.data()), json.size())
                : json.size();
    }
    if (!read)
        m_nodes.resize(place);
    return read;
}

} // namespace shardscope
