#include "core/consumers/event_filter.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "core/base/json_writer.h"

namespace shardscope {
namespace {

using Kind = JsonTape::Kind;

bool sameLetters(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

double numberOf(std::string_view text)
{
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// Whether it, or something in the list that it is, holds a value.
bool isThere(const JsonTape& tape, std::size_t place)
{
    if (!tape[place].holdsOthers())
        return true;
    if (tape[place].kind == Kind::List)
        for (std::size_t i = place + 1; i < tape[place].end; i = tape[i].end)
            if (isThere(tape, i))
                return true;
    return false;
}

} // namespace

void EventFilter::asksFor(const Pattern& pattern)
{
    for (const Field& field : pattern.fields)
        m_asked.push_back(field.name);
    for (const auto& either : pattern.either)
        for (const Pattern& one : either)
            asksFor(one);
}

bool EventFilter::asked(std::string_view name) const
{
    return std::find(m_asked.begin(), m_asked.end(), name) != m_asked.end();
}

void EventFilter::select(RecordPage& page, const EventSource& source, JsonTape& tape,
                         std::vector<std::uint8_t>& passes) const
{
    page.bytes.resize(page.bytes.size() + JsonTape::kPadding, boost::container::default_init);
    const bool asksData = asked("data"), asksKey = asked("partitionKey"),
               asksNumber = asked("sequenceNumber"), asksId = asked("eventID"),
               asksArrival = asked("approximateArrivalTimestamp");
    std::string number, id, arrival;
    passes.clear();
    for (std::size_t row = 0; row < page.rows.size(); ++row) {
        const RecordPage::Row& record = page.rows[row];
        tape.clear();
        const std::size_t root = tape.beginObject({});
        if (asksKey && !record.keyless)
            tape.addText("partitionKey", page.key(row));
        if (asksNumber || asksId) {
            number = record.number.text();
            id = source.shardId + ':' + number;
            tape.addText("sequenceNumber", number);
            tape.addText("eventID", id);
        }
        if (asksArrival) {
            arrival = numberText(static_cast<double>(record.arrivalMs) / 1000);
            tape.addNumber("approximateArrivalTimestamp", arrival);
        }
        tape.addText("kinesisSchemaVersion", kEventSchema);
        tape.addText("eventSource", kEventSource);
        tape.addText("eventVersion", kEventVersion);
        tape.addText("eventName", kEventName);
        tape.addText("invokeIdentityArn", source.role);
        tape.addText("awsRegion", source.region);
        tape.addText("eventSourceARN", source.arn);
        const bool json
            = asksData && tape.addJson("data", page.data(row), page.bytes.size() - record.dataAt);
        tape.endObject(root);
        passes.push_back(std::any_of(m_patterns.begin(), m_patterns.end(), [&](const auto& each) {
            return (json || !each.asksForData) && matches(each, tape, root);
        }));
    }
}

/// `object` may be kNowhere: then no field is there.
bool EventFilter::matches(const Pattern& pattern, const JsonTape& tape, std::size_t object)
{
    for (const Field& field : pattern.fields) {
        std::size_t place = kNowhere;
        if (object != kNowhere)
            for (std::size_t i = object + 1; i < tape[object].end; i = tape[i].end)
                if (tape[i].name == field.name)
                    place = i;
        const bool fits = field.inside.empty()
            ? std::any_of(field.tests.begin(), field.tests.end(),
                          [&](const Test& test) { return holds(test, tape, place); })
            : matchesInside(field.inside.front(), tape, place);
        if (!fits)
            return false;
    }
    return std::all_of(pattern.either.begin(), pattern.either.end(), [&](const auto& either) {
        return std::any_of(either.begin(), either.end(),
                           [&](const Pattern& one) { return matches(one, tape, object); });
    });
}

bool EventFilter::matchesInside(const Pattern& pattern, const JsonTape& tape, std::size_t place)
{
    if (place == kNowhere || !tape[place].holdsOthers())
        return matches(pattern, tape, kNowhere);
    if (tape[place].kind == Kind::Object)
        return matches(pattern, tape, place);
    for (std::size_t i = place + 1; i < tape[place].end; i = tape[i].end)
        if (tape[i].holdsOthers() && matchesInside(pattern, tape, i))
            return true;
    return false;
}

bool EventFilter::holds(const Test& test, const JsonTape& tape, std::size_t place)
{
    if (test.kind == Test::Kind::Exists || test.kind == Test::Kind::ExistsNot)
        return (place != kNowhere && isThere(tape, place)) == (test.kind == Test::Kind::Exists);
    if (place == kNowhere || tape[place].kind == Kind::Object)
        return false;
    if (tape[place].kind != Kind::List)
        return holds(test, tape[place]);
    for (std::size_t i = place + 1; i < tape[place].end; i = tape[i].end)
        if (holds(test, tape, i))
            return true;
    return false;
}

bool EventFilter::holds(const Test& test, const JsonTape::Node& value)
{
    switch (test.kind) {
    case Test::Kind::Equals:
        return value.kind == test.type && value.text == test.text;
    case Test::Kind::Prefix:
        return value.kind == Kind::Text && value.text.starts_with(test.text);
    case Test::Kind::Suffix:
        return value.kind == Kind::Text && value.text.ends_with(test.text);
    case Test::Kind::IgnoreCase:
        return value.kind == Kind::Text && sameLetters(value.text, test.text);
    case Test::Kind::Numeric: {
        if (value.kind != Kind::Number)
            return false;
        const double number = numberOf(value.text);
        return (test.lowIn ? number >= test.low : number > test.low)
            && (test.highIn ? number <= test.high : number < test.high);
    }
    case Test::Kind::NoneOf:
        return std::none_of(test.others.begin(), test.others.end(),
                            [&](const Test& other) { return holds(other, value); });
    case Test::Kind::Exists:
    case Test::Kind::ExistsNot:
        break; // the other holds() answers them
    }
    return false;
}

// --- patterns -----------------------------------------------------------------------------------

/// Makes a pattern out of its text, and says where it cannot.
class EventFilter::Compiler {
public:
    Compiler(std::size_t number, const std::string& text)
        : m_name("Filter " + std::to_string(number))
    {
        std::string padded = text;
        padded.append(JsonTape::kPadding, ' ');
        if (text.size() > kPatternMost) {
            m_error = m_name + " has " + std::to_string(text.size())
                + " characters; 4,096 is the most.";
            return;
        }
        if (!m_tape.addJson({}, {padded.data(), text.size()}, padded.size())) {
            m_error = m_name + " is no JSON at character " + std::to_string(m_tape.stoppedAt() + 1)
                + "; {\"data\": {\"status\": [\"error\"]}} would be right.";
            return;
        }
        object(0, pattern);
        pattern.asksForData = asksForData(pattern);
    }
    [[nodiscard]] const std::string& error() const { return m_error; }

    Pattern pattern;

private:
    static bool asksForData(const Pattern& from)
    {
        return std::any_of(from.fields.begin(), from.fields.end(),
                           [](const Field& field) { return field.name == "data"; })
            || std::any_of(from.either.begin(), from.either.end(), [](const auto& either) {
                   return std::any_of(either.begin(), either.end(), asksForData);
               });
    }
    void fail(const std::string& why)
    {
        if (m_error.empty())
            m_error = m_name + " is refused" + (m_path.empty() ? "" : " at " + m_path) + ": " + why;
    }
    template <typename Work> void at(std::string_view name, Work work)
    {
        const std::size_t length = m_path.size();
        if (!m_path.empty())
            m_path += '.';
        m_path += name;
        work();
        m_path.resize(length);
    }

    void object(std::size_t place, Pattern& out)
    {
        if (m_tape[place].kind != Kind::Object)
            return fail("it must be an object that names fields, as {\"data\": {\"status\": "
                        "[\"error\"]}}.");
        if (m_tape[place].end == place + 1)
            return fail("an empty object matches nothing; name a field of it.");
        for (std::size_t i = place + 1; i < m_tape[place].end; i = m_tape[i].end)
            at(m_tape[i].name, [&] { member(i, out); });
    }
    void member(std::size_t place, Pattern& out)
    {
        const JsonTape::Node& node = m_tape[place];
        if (node.name == "$or")
            return either(place, out.either.emplace_back());
        Field& field = out.fields.emplace_back();
        field.name = node.name;
        if (node.kind == Kind::Object)
            return object(place, field.inside.emplace_back());
        if (node.kind != Kind::List)
            return fail("a value stands in a list, as [\"error\"].");
        if (node.end == place + 1)
            return fail("an empty list matches nothing; name a value in it.");
        for (std::size_t i = place + 1; i < node.end; i = m_tape[i].end)
            field.tests.push_back(test(i));
    }
    void either(std::size_t place, std::vector<Pattern>& out)
    {
        std::size_t patterns = 0;
        if (m_tape[place].kind == Kind::List)
            for (std::size_t i = place + 1; i < m_tape[place].end; i = m_tape[i].end, ++patterns)
                object(i, out.emplace_back());
        if (patterns < 2)
            fail("$or has a list of two patterns or more.");
    }
    Test test(std::size_t place)
    {
        const JsonTape::Node& node = m_tape[place];
        Test made;
        if (node.kind == Kind::List) {
            fail("a list cannot hold a list.");
            return made;
        }
        if (node.kind == Kind::Object)
            return rule(place);
        made.type = node.kind;
        made.text = node.text;
        return made;
    }
    Test rule(std::size_t place)
    {
        Test made;
        if (m_tape[place].end == place + 1 || m_tape[place + 1].end != m_tape[place].end) {
            fail("an object in a list is one rule, as {\"prefix\": \"err\"}.");
            return made;
        }
        const std::size_t value = place + 1;
        const std::string_view name = m_tape[value].name;
        if (text(value, made))
            return made;
        if (name == "exists") {
            if (m_tape[value].kind != Kind::True && m_tape[value].kind != Kind::False)
                fail("exists is true or false.");
            made.kind
                = m_tape[value].kind == Kind::True ? Test::Kind::Exists : Test::Kind::ExistsNot;
        } else if (name == "numeric")
            numeric(value, made);
        else if (name == "anything-but")
            anythingBut(value, made);
        else
            fail('"' + std::string(name.substr(0, 60))
                 + "\" is no rule; there are prefix, suffix, equals-ignore-case, anything-but, "
                   "numeric and exists.");
        return made;
    }
    /// Whether it is a rule about letters.
    bool text(std::size_t value, Test& out)
    {
        const std::string_view name = m_tape[value].name;
        if (name == "prefix")
            out.kind = Test::Kind::Prefix;
        else if (name == "suffix")
            out.kind = Test::Kind::Suffix;
        else if (name == "equals-ignore-case")
            out.kind = Test::Kind::IgnoreCase;
        else
            return false;
        if (m_tape[value].kind != Kind::Text)
            fail(std::string(name) + " has a text, as {\"" + std::string(name) + "\": \"err\"}.");
        out.text = m_tape[value].text;
        return true;
    }
    void numeric(std::size_t place, Test& out)
    {
        constexpr const char* right
            = "numeric has a list of comparisons, as {\"numeric\": [\">=\", "
              "0, \"<\", 100]}.";
        out.kind = Test::Kind::Numeric;
        out.low = -std::numeric_limits<double>::infinity();
        out.high = std::numeric_limits<double>::infinity();
        const JsonTape::Node& list = m_tape[place];
        const std::size_t items = list.end - place - 1;
        if (list.kind != Kind::List || (items != 2 && items != 4))
            return fail(right);
        for (std::size_t i = place + 1; i < list.end; i += 2) {
            if (m_tape[i].kind != Kind::Text || m_tape[i + 1].kind != Kind::Number)
                return fail(right);
            const std::string_view word = m_tape[i].text;
            const double number = numberOf(m_tape[i + 1].text);
            if (word == "=" || word == ">" || word == ">=") {
                out.low = number;
                out.lowIn = word != ">";
            }
            if (word == "=" || word == "<" || word == "<=") {
                out.high = number;
                out.highIn = word != "<";
            }
            if (word != "=" && word != "<" && word != "<=" && word != ">" && word != ">=")
                return fail(right);
        }
        if (out.low > out.high)
            fail("no number lies above the one and below the other.");
    }
    void anythingBut(std::size_t place, Test& out)
    {
        out.kind = Test::Kind::NoneOf;
        const JsonTape::Node& node = m_tape[place];
        if (node.kind == Kind::Object) {
            Test& other = out.others.emplace_back();
            if (node.end != place + 2 || !text(place + 1, other))
                fail("anything-but has a value, a list of values, or one prefix, suffix or "
                     "equals-ignore-case.");
            return;
        }
        const bool list = node.kind == Kind::List;
        if (list && node.end == place + 1)
            return fail("an empty list leaves nothing out; name a value in it.");
        for (std::size_t i = list ? place + 1 : place; i < node.end; i = m_tape[i].end) {
            if (m_tape[i].holdsOthers())
                return fail("the list of anything-but holds values.");
            Test& other = out.others.emplace_back();
            other.type = m_tape[i].kind;
            other.text = m_tape[i].text;
        }
    }

    std::string m_name, m_path, m_error;
    JsonTape m_tape;
};

Result<EventFilter> EventFilter::parse(std::span<const std::string> patterns)
{
    if (patterns.size() > kPatternsMost)
        return fail(ErrorCode::BadInput,
                    "There are " + std::to_string(patterns.size()) + " filters; 5 is the most.");
    EventFilter made;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        Compiler compiled(i + 1, patterns[i]);
        if (!compiled.error().empty())
            return fail(ErrorCode::BadInput, compiled.error());
        made.asksFor(compiled.pattern);
        made.m_patterns.push_back(std::move(compiled.pattern));
    }
    return made;
}

} // namespace shardscope
