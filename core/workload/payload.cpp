#include "core/workload/payload.h"

#include <array>
#include <charconv>
#include <cstdio>

#include "core/clock/sim_time.h"

namespace shardscope {
namespace {

constexpr std::array<std::string_view, 24> kWords {
    "north", "river",  "amber",  "signal", "valley", "copper", "window", "harbor",
    "quiet", "meadow", "silver", "bridge", "orchid", "summit", "canvas", "lantern",
    "cedar", "marble", "ripple", "garden", "ember",  "willow", "stone",  "horizon"};

/// JSON text of `value`, in quotes; what could break a line or the string is escaped.
std::string quoted(std::string_view value)
{
    std::string out("\"");
    for (const char c : value) {
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (static_cast<unsigned char>(c) < 0x20) {
            std::array<char, 8> code {};
            std::snprintf(code.data(), code.size(), "\\u%04x", static_cast<unsigned>(c));
            out += code.data();
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
    return out;
}

void writeAny(SizedObject& out, const PayloadFacts& f)
{
    out.text("key", f.key);
    out.integer("n", static_cast<std::int64_t>(f.number));
    out.text("ts", toIso(SimTime::fromMillis(f.createdMs)));
    out.decimal("value", f.chance.unit(1) * 100, 2);
}

} // namespace

SizedObject::SizedObject(std::size_t bytes)
    : m_bytes(bytes)
    , m_text("{")
{
    m_text.reserve(bytes);
}

void SizedObject::field(std::string_view name, std::string_view written)
{
    const std::size_t comma = m_text.size() > 1 ? 1 : 0;
    if (m_text.size() + comma + name.size() + 3 + written.size() + 1 > m_bytes)
        return;
    if (comma != 0)
        m_text.push_back(',');
    m_text.append("\"").append(name).append("\":").append(written);
}

void SizedObject::text(std::string_view name, std::string_view value)
{
    field(name, quoted(value));
}

void SizedObject::integer(std::string_view name, std::int64_t value)
{
    field(name, std::to_string(value));
}

void SizedObject::decimal(std::string_view name, double value, int digits)
{
    std::array<char, 48> written {};
    char* const end = std::to_chars(written.data(), written.data() + written.size(), value,
                                    std::chars_format::fixed, digits)
                          .ptr;
    field(name, {written.data(), end});
}

std::string SizedObject::finish(std::string_view fillName, const CounterRng& chance)
{
    if (m_bytes < 2)
        return std::string(m_bytes, '0');
    const std::size_t frame = (m_text.size() > 1 ? 1 : 0) + fillName.size() + 5;
    if (m_text.size() + frame + 1 < m_bytes) {
        if (m_text.size() > 1)
            m_text.push_back(',');
        m_text.append("\"").append(fillName).append("\":\"");
        const std::size_t end = m_bytes - 2;
        for (std::uint64_t i = 0; m_text.size() < end; ++i) {
            if (i > 0)
                m_text.push_back(' ');
            m_text += kWords[chance.below(1000 + i, kWords.size())];
        }
        m_text.resize(end);
        if (m_text.back() == ' ')
            m_text.back() = '.';
        m_text.push_back('"');
    }
    // Too little room for another field: blanks are JSON too.
    m_text.append(m_bytes - 1 - m_text.size(), ' ');
    m_text.push_back('}');
    return std::move(m_text);
}

std::string makePayload(ProducerKind kind, const PayloadFacts& facts)
{
    SizedObject out(facts.bytes);
    switch (kind) {
    case ProducerKind::Iot:
        writeTelemetry(out, facts);
        return out.finish("note", facts.chance);
    case ProducerKind::Clickstream:
        writeClick(out, facts);
        return out.finish("context", facts.chance);
    case ProducerKind::ServerLogs:
        writeLogLine(out, facts);
        return out.finish("msg", facts.chance);
    case ProducerKind::Custom:
    case ProducerKind::Trace:
        writeAny(out, facts);
        return out.finish("data", facts.chance);
    }
    return {};
}

} // namespace shardscope
