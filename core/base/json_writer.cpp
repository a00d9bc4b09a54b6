#include "core/base/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>

namespace shardscope {

std::string numberText(double value)
{
    std::array<char, 40> buffer {};
    // Whole numbers a person would write out stay written out: 100000, not 1e+05.
    const bool whole = std::abs(value) < 1e15 && value == std::floor(value);
    const auto done = whole ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                            std::chars_format::fixed)
                            : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return {buffer.data(), done.ptr};
}

void JsonWriter::newLine()
{
    m_out += '\n';
    m_out.append(2 * m_levels.size(), ' ');
}

void JsonWriter::separate()
{
    if (m_named) {
        m_named = false;
        return;
    }
    if (m_levels.empty())
        return;
    Level& level = m_levels.back();
    if (!level.empty)
        m_out += ',';
    if (level.layout == Layout::Block)
        newLine();
    else if (!level.empty)
        m_out += ' ';
    level.empty = false;
}

void JsonWriter::begin(char bracket, Layout layout)
{
    separate();
    m_out += bracket;
    // Inside a line everything stays on that line.
    if (!m_levels.empty() && m_levels.back().layout == Layout::Line)
        layout = Layout::Line;
    m_levels.push_back({layout});
}

void JsonWriter::end(char bracket)
{
    const Level level = m_levels.back();
    m_levels.pop_back();
    if (level.layout == Layout::Block && !level.empty)
        newLine();
    m_out += bracket;
}

void JsonWriter::name(std::string_view name)
{
    separate();
    quoted(name);
    m_out += ": ";
    m_named = true;
}

void JsonWriter::raw(std::string_view value)
{
    separate();
    m_out += value;
}

void JsonWriter::text(std::string_view value)
{
    separate();
    quoted(value);
}

void JsonWriter::quoted(std::string_view value)
{
    static constexpr char kHex[] = "0123456789abcdef";
    m_out += '"';
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            m_out += '\\';
            m_out += c;
        } else if (c == '\n') {
            m_out += "\\n";
        } else if (c == '\t') {
            m_out += "\\t";
        } else if (byte < 0x20) {
            m_out += "\\u00";
            m_out += kHex[byte >> 4];
            m_out += kHex[byte & 15];
        } else {
            m_out += c;
        }
    }
    m_out += '"';
}

void JsonWriter::number(double value)
{
    raw(std::isfinite(value) ? numberText(value) : "null");
}

void JsonWriter::integer(std::int64_t value)
{
    raw(std::to_string(value));
}

void JsonWriter::natural(std::uint64_t value)
{
    raw(std::to_string(value));
}

void JsonWriter::flag(bool value)
{
    raw(value ? "true" : "false");
}

void JsonWriter::json(std::string_view value)
{
    raw(value);
}

void JsonWriter::null()
{
    raw("null");
}

std::string JsonWriter::take()
{
    m_out += '\n';
    return std::move(m_out);
}

} // namespace shardscope
