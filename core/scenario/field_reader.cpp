#include "core/scenario/field_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace shardscope::scenario_format {
namespace {

template <typename N> bool parseAll(const std::string& text, N& value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc {} && end == text.data() + text.size();
}

std::string rangeText(double least, double most)
{
    // Bounds as people write them, so from a sum of digits rather than as 1e+09.
    const auto plain = [](double v) {
        return std::abs(v) < 1e15 && v == std::floor(v)
            ? std::to_string(static_cast<std::int64_t>(v))
            : std::to_string(v);
    };
    return "between " + plain(least) + " and " + plain(most);
}

std::size_t characters(const std::string& utf8)
{
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

} // namespace

std::string FieldReader::pathOf(std::string_view name) const
{
    return m_path.empty() ? std::string(name) : m_path + '.' + std::string(name);
}

std::string FieldReader::itemPath(std::string_view name, std::size_t index) const
{
    return pathOf(name) + '[' + std::to_string(index) + ']';
}

void FieldReader::fail(int line, const std::string& path, const std::string& otherwise)
{
    if (m_state.error)
        return;
    std::string message = m_state.file + ':' + std::to_string(line) + ": ";
    if (!path.empty())
        message += path + ": ";
    m_state.error = Error {ErrorCode::BadInput, message + otherwise};
}

bool FieldReader::isObject()
{
    if (m_node.kind == JsonNode::Kind::Object)
        return true;
    fail(m_node.line, m_path,
         std::string("must be an object in braces, not ") + kindText(m_node.kind));
    return false;
}

bool FieldReader::knowsFields(const std::vector<std::string>& names)
{
    for (const JsonMember& member : m_node.members) {
        if (member.name == "comment") {
            if (member.value.kind != JsonNode::Kind::Text)
                fail(member.line, pathOf("comment"), "must be a text");
            continue;
        }
        if (std::find(names.begin(), names.end(), member.name) != names.end())
            continue;
        const std::string nearest = nearestWord(member.name, names);
        fail(member.line, pathOf(member.name.substr(0, 80)),
             nearest.empty() ? "is no field here; known are " + orList(names)
                             : "is no field here; did you mean " + nearest + '?');
        return false;
    }
    return true;
}

void FieldReader::require(const char* name)
{
    if (m_node.find(name) == nullptr)
        fail(m_node.line, pathOf(name), "is missing and has no default");
}

void FieldReader::check(bool holds, const char* name, const char* otherwise)
{
    if (holds)
        return;
    const JsonNode* node = m_node.find(name);
    fail(node == nullptr ? m_node.line : node->line, pathOf(name), otherwise);
}

void FieldReader::checkItem(bool holds, const char* name, std::size_t index, const char* otherwise)
{
    if (holds)
        return;
    const JsonNode* node = m_node.find(name);
    const bool there = node != nullptr && index < node->items.size();
    fail(there ? node->items[index].line : m_node.line, itemPath(name, index), otherwise);
}

template <typename S> void FieldReader::startFrom(S& spec, const std::vector<S>& specs)
{
    const std::string name = spec.name;
    if (m_spec == Spec::Changed) {
        if (const S* before = known("name", name, specs))
            spec = *before;
        return;
    }
    const bool taken
        = std::any_of(specs.begin(), specs.end(), [&](const S& s) { return s.name == name; });
    check(!taken, "name", "is taken already; every producer and consumer needs its own");
}

void FieldReader::startFrom(ProducerSpec& spec)
{
    startFrom(spec, m_state.producers);
    if (m_spec == Spec::Changed)
        return;
    require("kind");
    choice("kind", spec.kind);
    if (!m_state.error)
        spec = producerPreset(spec.kind, spec.name);
}

void FieldReader::startFrom(ConsumerSpec& spec)
{
    startFrom(spec, m_state.consumers);
}

const JsonNode* FieldReader::textNode(const char* name, const char* expected)
{
    const JsonNode* node = m_node.find(name);
    if (node == nullptr || node->kind == JsonNode::Kind::Text)
        return node;
    fail(node->line, pathOf(name),
         std::string("must be ") + expected + ", not " + kindText(node->kind));
    return nullptr;
}

const JsonNode* FieldReader::listNode(const char* name)
{
    const JsonNode* node = m_node.find(name);
    if (node == nullptr || node->kind == JsonNode::Kind::List)
        return node;
    fail(node->line, pathOf(name),
         std::string("must be a list in brackets, not ") + kindText(node->kind));
    return nullptr;
}

const JsonNode* FieldReader::actNode(const char* name)
{
    const JsonNode* node = m_node.find(name);
    if (node != nullptr && ++m_acts > 1)
        fail(node->line, pathOf(name), "is a second act in one entry; give it an entry of its own");
    return node;
}

void FieldReader::actsDone()
{
    if (m_acts > 0)
        return;
    std::vector<std::string> names = fieldNamesOf<ScheduledAct>();
    std::erase_if(
        names, [](const std::string& n) { return n == "at" || n == "stream" || n == "comment"; });
    fail(m_node.line, m_path, "says when but not what; add one of " + orList(names));
}

void FieldReader::text(const char* name, std::string& value, std::size_t least, std::size_t most)
{
    const JsonNode* node = textNode(name, "a text");
    if (node == nullptr)
        return;
    const std::size_t length = characters(node->text);
    if (length < least || length > most)
        fail(node->line, pathOf(name),
             "must have " + std::to_string(least) + " to " + std::to_string(most)
                 + " characters, not " + std::to_string(length));
    else
        value = node->text;
}

void FieldReader::path(const char* name, std::string& value)
{
    text(name, value, 0, 4'096);
    if (m_node.find(name) != nullptr && !value.empty() && value.front() != '/'
        && value.front() != ':')
        value = m_state.folder + value;
}

void FieldReader::texts(const char* name, std::map<std::string, std::string>& values)
{
    const JsonNode* node = m_node.find(name);
    if (node == nullptr)
        return;
    if (node->kind != JsonNode::Kind::Object)
        return fail(node->line, pathOf(name), "must be an object of texts");
    values.clear();
    for (const JsonMember& member : node->members) {
        if (member.value.kind != JsonNode::Kind::Text)
            fail(member.line, pathOf(name) + '.' + member.name, "must be a text");
        values[member.name] = member.value.text;
    }
}

void FieldReader::texts(const char* name, std::vector<std::string>& values, std::size_t most,
                        std::size_t longest)
{
    const JsonNode* node = listNode(name);
    if (node == nullptr)
        return;
    if (node->items.size() > most)
        return fail(node->line, pathOf(name),
                    "must be no more than " + std::to_string(most) + " texts");
    values.clear();
    for (std::size_t i = 0; i < node->items.size(); ++i) {
        const JsonNode& item = node->items[i];
        if (item.kind != JsonNode::Kind::Text || item.text.size() > longest)
            return fail(item.line, itemPath(name, i),
                        "must be a text of no more than " + std::to_string(longest)
                            + " characters");
        values.push_back(item.text);
    }
}

bool FieldReader::integerOf(const JsonNode& node, const std::string& path, std::int64_t least,
                            std::int64_t most, std::int64_t& value)
{
    std::int64_t number = 0;
    const bool whole = node.kind == JsonNode::Kind::Number && parseAll(node.text, number);
    if (whole && number >= least && number <= most) {
        value = number;
        return true;
    }
    const std::string range = rangeText(static_cast<double>(least), static_cast<double>(most));
    fail(node.line, path,
         "must be a whole number " + range + ", not "
             + (node.kind == JsonNode::Kind::Number ? node.text.substr(0, 40)
                                                    : kindText(node.kind)));
    return false;
}

bool FieldReader::numberOf(const JsonNode& node, const std::string& path, double least, double most,
                           double& value)
{
    double number = 0;
    const bool parsed = node.kind == JsonNode::Kind::Number && parseAll(node.text, number);
    if (parsed && number >= least && number <= most) {
        value = number;
        return true;
    }
    fail(node.line, path,
         "must be a number " + rangeText(least, most) + ", not "
             + (node.kind == JsonNode::Kind::Number ? node.text.substr(0, 40)
                                                    : kindText(node.kind)));
    return false;
}

void FieldReader::integer(const char* name, std::int64_t& value, std::int64_t least,
                          std::int64_t most)
{
    if (const JsonNode* node = m_node.find(name))
        static_cast<void>(integerOf(*node, pathOf(name), least, most, value));
}

void FieldReader::natural(const char* name, std::uint64_t& value)
{
    const JsonNode* node = m_node.find(name);
    if (node != nullptr && (node->kind != JsonNode::Kind::Number || !parseAll(node->text, value)))
        fail(node->line, pathOf(name), "must be a whole number between 0 and 18446744073709551615");
}

void FieldReader::number(const char* name, double& value, double least, double most)
{
    if (const JsonNode* node = m_node.find(name))
        static_cast<void>(numberOf(*node, pathOf(name), least, most, value));
}

bool FieldReader::amountOf(const JsonNode& node, const std::string& path, double least, double most,
                           Amount amount, double& value)
{
    if (amount == Amount::Number || node.kind != JsonNode::Kind::Text)
        return numberOf(node, path, least, most, value);
    const std::optional<double> bytes = parseBytes(node.text);
    if (bytes && *bytes >= least && *bytes <= most) {
        value = *bytes;
        return true;
    }
    fail(node.line, path,
         "must be a number of bytes or a text such as \"512B\", \"40KiB\" or \"1MiB\", "
             + rangeText(least, most) + " bytes");
    return false;
}

void FieldReader::size(const char* name, double& value, double least, double most)
{
    if (const JsonNode* node = m_node.find(name))
        static_cast<void>(amountOf(*node, pathOf(name), least, most, Amount::Bytes, value));
}

void FieldReader::range(const char* name, double& low, double& high, double least, double most,
                        Amount amount)
{
    const JsonNode* node = m_node.find(name);
    if (node == nullptr)
        return;
    if (node->kind != JsonNode::Kind::List) {
        if (amountOf(*node, pathOf(name), least, most, amount, low))
            high = low;
        return;
    }
    if (node->items.size() != 2)
        return fail(node->line, pathOf(name),
                    "must be a number or a list of two, the least and the most it may be");
    if (!amountOf(node->items[0], itemPath(name, 0), least, most, amount, low)
        || !amountOf(node->items[1], itemPath(name, 1), least, most, amount, high))
        return;
    if (low > high)
        fail(node->line, pathOf(name), "must begin with the lesser of both numbers");
}

void FieldReader::bytes(const char* name, Bytes& value, Bytes least, Bytes most)
{
    auto number = static_cast<double>(value);
    size(name, number, static_cast<double>(least), static_cast<double>(most));
    check(number == std::floor(number), name, "must be a whole number of bytes");
    value = static_cast<Bytes>(number);
}

void FieldReader::flag(const char* name, bool& value)
{
    const JsonNode* node = m_node.find(name);
    if (node == nullptr)
        return;
    if (node->kind == JsonNode::Kind::Bool)
        value = node->flag;
    else
        fail(node->line, pathOf(name),
             std::string("must be true or false, not ") + kindText(node->kind));
}

void FieldReader::duration(const char* name, SimDuration& value, SimDuration least,
                           SimDuration most)
{
    const JsonNode* node = textNode(name, "a duration such as \"250ms\", \"30s\" or \"5m\"");
    if (node == nullptr)
        return;
    const auto parsed = parseDuration(node->text);
    if (!parsed)
        fail(node->line, pathOf(name), parsed.error().message);
    else if (*parsed < least || *parsed > most)
        fail(node->line, pathOf(name),
             "must be between " + toText(least) + " and " + toText(most) + ", not " + node->text);
    else
        value = *parsed;
}

void FieldReader::time(const char* name, SimTime& value)
{
    const JsonNode* node = textNode(name, "a time such as \"2026-01-05T12:00:00Z\"");
    if (node == nullptr)
        return;
    const auto parsed = parseIso(node->text);
    // Sequence numbers hold nine and ten digits of epoch seconds: from 2001 up to 2286.
    if (!parsed)
        fail(node->line, pathOf(name), parsed.error().message);
    else if (parsed->inSeconds() < 1'000'000'000 || parsed->inSeconds() >= 9'000'000'000)
        fail(node->line, pathOf(name), "must lie between 2001-09-10 and 2255");
    else
        value = *parsed;
}

void FieldReader::shard(const char* name, std::string& value)
{
    const JsonNode* node = m_node.find(name);
    if (node == nullptr)
        return;
    const bool named = node->kind == JsonNode::Kind::Text || node->kind == JsonNode::Kind::Number;
    const auto slot = named ? parseShardId(node->text) : parseShardId("");
    if (!slot)
        fail(node->line, pathOf(name),
             "must be a shard id such as \"shardId-000000000002\", or its number");
    else
        value = shardIdText(*slot);
}

void FieldReader::hashKey(const char* name, std::string& value)
{
    const JsonNode* node = m_node.find(name);
    if (node == nullptr)
        return;
    double place = 0;
    if (node->kind == JsonNode::Kind::Number) {
        if (!parseAll(node->text, place) || place <= 0 || place >= 1)
            return fail(node->line, pathOf(name),
                        "must be above 0 and below 1 as a place in the hash key space; write a "
                        "hash key itself as a text");
        value = toDecimal(HashKey::fromWords(static_cast<std::uint64_t>(place * 0x1p64), 0));
    } else if (node->kind == JsonNode::Kind::Text && node->text == "middle") {
        value.clear();
    } else if (node->kind == JsonNode::Kind::Text && parseHashKey(node->text)) {
        value = node->text;
    } else {
        fail(node->line, pathOf(name),
             "must be \"middle\", a decimal hash key as a text, or a number between 0 and 1");
    }
}

void FieldReader::nullableInteger(const char* name, std::optional<std::int64_t>& value,
                                  std::int64_t least, std::int64_t most)
{
    const JsonNode* node = m_node.find(name);
    if (node == nullptr)
        return;
    std::int64_t number = 0;
    if (node->kind == JsonNode::Kind::Null)
        value.reset();
    else if (integerOf(*node, pathOf(name), least, most, number))
        value = number;
}

void FieldReader::nullableNumber(const char* name, std::optional<double>& value, double least,
                                 double most)
{
    const JsonNode* node = m_node.find(name);
    if (node == nullptr)
        return;
    double parsed = 0;
    if (node->kind == JsonNode::Kind::Null)
        value.reset();
    else if (numberOf(*node, pathOf(name), least, most, parsed))
        value = parsed;
}

void FieldReader::oneOf(const char* name, std::string& value, std::span<const std::string> words)
{
    const JsonNode* node = m_node.find(name);
    if (node == nullptr)
        return;
    const bool listed = node->kind == JsonNode::Kind::Text
        && std::find(words.begin(), words.end(), node->text) != words.end();
    if (listed)
        value = node->text;
    else
        unknownWord(*node, pathOf(name), words);
}

void FieldReader::unknownWord(const JsonNode& node, const std::string& path,
                              std::span<const std::string> words)
{
    if (node.kind != JsonNode::Kind::Text)
        return fail(node.line, path, "must be one of the texts " + orList(words));
    const std::string nearest = nearestWord(node.text, words);
    const std::string shown = '"' + node.text.substr(0, 80) + '"';
    fail(node.line, path,
         nearest.empty() ? shown + " is unknown; use " + orList(words)
                         : shown + " is unknown; did you mean \"" + nearest + "\"?");
}

void FieldReader::unknownName(const char* field, const std::string& name,
                              const std::vector<std::string>& names)
{
    const JsonNode* node = m_node.find(field);
    const std::string nearest = nearestWord(name, names);
    fail(node == nullptr ? m_node.line : node->line, pathOf(field),
         '"' + name.substr(0, 80) + "\" is not there at this moment; "
             + (!nearest.empty()    ? "did you mean \"" + nearest + "\"?"
                    : names.empty() ? std::string("there is none")
                                    : "there are " + orList(names)));
}

} // namespace shardscope::scenario_format
