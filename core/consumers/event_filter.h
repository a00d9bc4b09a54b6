#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/consumers/event_source.h"
#include "core/consumers/json_tape.h"
#include "core/engine/record_batch.h"

namespace shardscope {

/// Which records an event source mapping hands to its function: FilterCriteria (facts/clients.md
/// 4.2). A record passes when any pattern matches it.
///
///   pattern = { name: pattern | list, …, "$or": [ pattern, pattern, … ] }   all of them hold
///   list    = [ value | rule, … ]                                           one of them holds
///   value   = text | number | true | false | null
///   rule    = { "prefix": text } | { "suffix": text } | { "equals-ignore-case": text }
///           | { "exists": true | false } | { "numeric": [ "<" | "<=" | "=" | ">=" | ">", n, … ] }
///           | { "anything-but": value | [ value, … ] | { prefix, suffix or equals-ignore-case } }
///
/// Texts are compared exactly, numbers by how they are written: 300 is not 300.0, except with
/// `numeric`. A field that is a list matches when one of its items does; a rule over several fields
/// of objects in a list is about one of these objects. Letters without regard to case: ASCII.
///
/// A record looks as Lambda sees it, flat: `data`, which is decoded and must be JSON, and beside it
/// partitionKey, sequenceNumber, kinesisSchemaVersion, approximateArrivalTimestamp, eventSource,
/// eventVersion, eventID, eventName, invokeIdentityArn, awsRegion, eventSourceARN.
class EventFilter {
public:
    static constexpr std::size_t kPatternsMost = 5;
    static constexpr std::size_t kPatternMost = 4'096; ///< bytes of one

    EventFilter() = default; ///< lets everything pass
    /// Errors: BadInput in one sentence that names the pattern, the first is 1, and the place.
    [[nodiscard]] static Result<EventFilter> parse(std::span<const std::string> patterns);

    [[nodiscard]] bool letsAllPass() const { return m_patterns.empty(); }
    /// Says of every record of a page whether it passes. Pads the page's bytes; nothing is
    /// allocated per record but for its number, where a pattern asks for it.
    void select(RecordPage& page, const EventSource& source, JsonTape& tape,
                std::vector<std::uint8_t>& passes) const;

private:
    struct Test {
        enum class Kind {
            Equals, ///< `type` and `text`
            Prefix,
            Suffix,
            IgnoreCase,
            Exists,
            ExistsNot,
            Numeric, ///< between `low` and `high`
            NoneOf, ///< of `others`
        };
        Kind kind = Kind::Equals;
        JsonTape::Kind type = JsonTape::Kind::Null;
        std::string text;
        double low = 0, high = 0;
        bool lowIn = true, highIn = true; ///< the bounds themselves pass
        std::vector<Test> others;
    };
    struct Pattern;
    struct Field {
        std::string name;
        std::vector<Test> tests; ///< one holds; or
        std::vector<Pattern> inside; ///< one: of the object that it is
    };
    struct Pattern {
        std::vector<Field> fields; ///< all hold
        std::vector<std::vector<Pattern>> either; ///< of each one holds
        bool asksForData = false; ///< only of whole patterns
    };
    class Compiler;

    static constexpr std::size_t kNowhere = SIZE_MAX;
    void asksFor(const Pattern& pattern);
    [[nodiscard]] bool asked(std::string_view name) const;
    [[nodiscard]] static bool matches(const Pattern& pattern, const JsonTape& tape,
                                      std::size_t object);
    [[nodiscard]] static bool matchesInside(const Pattern& pattern, const JsonTape& tape,
                                            std::size_t place);
    [[nodiscard]] static bool holds(const Test& test, const JsonTape& tape, std::size_t place);
    [[nodiscard]] static bool holds(const Test& test, const JsonTape::Node& value);

    std::vector<Pattern> m_patterns;
    std::vector<std::string> m_asked; ///< outer fields
};

} // namespace shardscope
