#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock/sim_time.h"
#include "core/endpoint/shapes.h"
#include "core/endpoint/wire_value.h"

namespace shardscope::endpoint {

/// A structure that came over the wire and passed both questions of shapes.h: its members by name,
/// each with the type that the shape gives it. Absent members are nullopt, empty or false.
class Input {
public:
    explicit Input(WireValue value)
        : m_value(value)
    {
    }
    [[nodiscard]] bool has(std::string_view name) const { return m_value.find(name).has_value(); }
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    [[nodiscard]] std::string textOr(std::string_view name) const
    {
        return text(name).value_or(std::string());
    }
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;
    [[nodiscard]] std::optional<double> number(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name, bool otherwise = false) const;
    [[nodiscard]] std::optional<SimTime> time(std::string_view name) const;
    /// Which of the words it is.
    [[nodiscard]] std::optional<std::size_t> choice(std::string_view name,
                                                    std::span<const std::string_view> words) const;
    [[nodiscard]] std::optional<Input> structure(std::string_view name) const;
    [[nodiscard]] std::vector<Input> structures(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;
    [[nodiscard]] std::vector<double> numbers(std::string_view name) const;
    [[nodiscard]] std::map<std::string, std::string> textMap(std::string_view name) const;
    [[nodiscard]] WireValue value() const { return m_value; }

private:
    WireValue m_value;
};

/// A number as a double, whichever way it was written.
[[nodiscard]] double numberOf(const WireValue& value);

} // namespace shardscope::endpoint
