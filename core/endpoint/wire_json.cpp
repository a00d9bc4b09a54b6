#include "core/endpoint/wire_json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <simdjson.h>

#include "core/base/base64.h"
#include "core/base/budgets.h"

namespace shardscope::endpoint {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

/// A parser whose buffers grew beyond this is not kept: one large body must not hold memory for
/// the life of a thread.
constexpr std::size_t kParserKept = 2'000'000;

class TreeBuilder {
public:
    explicit TreeBuilder(WireDocument& document)
        : m_document(document)
    {
    }
    /// False: more values than a request can have.
    bool add(const element& value, std::string_view name)
    {
        auto& nodes = m_document.nodes;
        if (nodes.size() >= budgets::kWireValues)
            return false;
        const std::size_t at = nodes.size();
        nodes.emplace_back().name = name;
        fill(nodes[at], value);
        if (value.is_object()) {
            for (const auto& [key, member] : simdjson::dom::object(value))
                if (!add(member, m_document.keep(std::string(key))))
                    return false;
        } else if (value.is_array()) {
            for (const element item : simdjson::dom::array(value))
                if (!add(item, {}))
                    return false;
        }
        nodes[at].end = static_cast<std::uint32_t>(nodes.size());
        return true;
    }

private:
    void fill(WireDocument::Node& node, const element& value)
    {
        switch (value.type()) {
        case element_type::OBJECT:
            node.kind = WireKind::Map;
            break;
        case element_type::ARRAY:
            node.kind = WireKind::List;
            break;
        case element_type::STRING:
            node.kind = WireKind::Text;
            // The parser's own copy ends with the next text that this thread reads.
            node.text = m_document.keep(std::string(std::string_view(value)));
            break;
        case element_type::INT64:
            node.kind = WireKind::Integer;
            node.integer = std::int64_t(value);
            break;
        case element_type::UINT64: // above the signed range: beyond every range that is asked for
            node.kind = WireKind::Double;
            node.number = static_cast<double>(std::uint64_t(value));
            break;
        case element_type::DOUBLE:
            node.kind = WireKind::Double;
            node.number = double(value);
            break;
        case element_type::BOOL:
            node.kind = WireKind::Bool;
            node.integer = bool(value) ? 1 : 0;
            break;
        case element_type::NULL_VALUE:
            node.kind = WireKind::Null;
        }
    }

    WireDocument& m_document;
};

std::unique_ptr<simdjson::dom::parser>& parserOfThread()
{
    static thread_local std::unique_ptr<simdjson::dom::parser> parser;
    if (!parser || parser->capacity() > kParserKept)
        parser = std::make_unique<simdjson::dom::parser>();
    return parser;
}

/// Most numbers are whole; the others are written as short as they can be read back. What is beyond
/// integers has an exponent: readers (ours too) take digits alone for an integer.
void appendDouble(std::string& out, double value)
{
    constexpr double kIntegers = 1e18;
    std::array<char, 32> digits;
    const auto [end, error] = std::abs(value) < kIntegers
        ? std::to_chars(digits.data(), digits.data() + digits.size(), value)
        : std::to_chars(digits.data(), digits.data() + digits.size(), value,
                        std::chars_format::scientific);
    out.append(digits.data(), error == std::errc {} ? end : digits.data());
}

} // namespace

Result<WireDocument> readJson(std::string_view text)
{
    auto& parser = parserOfThread();
    if (parser->capacity() < text.size() || parser->max_depth() != budgets::kWireDepth)
        if (parser->allocate(text.size(), budgets::kWireDepth) != simdjson::SUCCESS)
            return fail(ErrorCode::BadInput, "the body is too large");
    element root;
    const auto error = parser->parse(text.data(), text.size(), false).get(root);
    if (error != simdjson::SUCCESS)
        return fail(ErrorCode::BadInput, simdjson::error_message(error));
    WireDocument document;
    if (!TreeBuilder(document).add(root, {}))
        return fail(ErrorCode::BadInput, "the body has too many values");
    return document;
}

void appendJsonText(std::string& out, std::string_view text)
{
    static constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        out.append(text, from, i - from);
        from = i + 1;
        if (c == '"' || c == '\\') {
            out += '\\';
            out += static_cast<char>(c);
        } else {
            out += "\\u00";
            out += kHex[c >> 4];
            out += kHex[c & 15];
        }
    }
    out.append(text, from);
    out += '"';
}

void JsonWriter::comma()
{
    if (!m_first)
        m_out += ',';
    m_first = false;
}

void JsonWriter::open(char bracket)
{
    comma();
    m_out += bracket;
    m_first = true;
}

void JsonWriter::close(char bracket)
{
    m_out += bracket;
    m_first = false;
}

void JsonWriter::key(std::string_view name)
{
    comma();
    m_out += '"';
    m_out += name;
    m_out += "\":";
    m_first = true;
}

void JsonWriter::name(std::string_view name)
{
    comma();
    appendJsonText(m_out, name);
    m_out += ':';
    m_first = true;
}

void JsonWriter::text(std::string_view value)
{
    comma();
    appendJsonText(m_out, value);
}

void JsonWriter::integer(std::int64_t value)
{
    comma();
    std::array<char, 24> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    m_out.append(digits.data(), error == std::errc {} ? end : digits.data());
}

void JsonWriter::number(double value)
{
    comma();
    if (std::isfinite(value))
        appendDouble(m_out, value);
    else
        m_out += std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
}

void JsonWriter::boolean(bool value)
{
    comma();
    m_out += value ? "true" : "false";
}

void JsonWriter::null()
{
    comma();
    m_out += "null";
}

void JsonWriter::time(SimTime at)
{
    const std::int64_t ms = at.inMillis();
    integer(ms / 1'000);
    if (ms % 1'000 == 0)
        return;
    const std::int64_t rest = std::abs(ms % 1'000);
    m_out += '.';
    for (const std::int64_t place : {100, 10, 1})
        m_out += static_cast<char>('0' + rest / place % 10);
    while (m_out.back() == '0')
        m_out.pop_back();
}

void JsonWriter::blob(std::string_view bytes)
{
    comma();
    m_out += '"';
    appendBase64(m_out, bytes);
    m_out += '"';
}

} // namespace shardscope::endpoint
