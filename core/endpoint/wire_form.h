#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/endpoint/shapes.h"
#include "core/endpoint/wire_value.h"

/// The query protocol's requests: a form whose names are paths, `MetricData.member.1.Value=3`.
namespace shardscope::endpoint {

/// Names and values, decoded.
using Form = std::map<std::string, std::string, std::less<>>;

/// Errors: BadInput (a wrong escape, more fields than a request can have).
[[nodiscard]] Result<Form> readForm(std::string_view body);
/// The tree that the shape asks for: numbers and flags are read as such where they are; what is not
/// one stays a text, for typeFault() to find.
[[nodiscard]] WireDocument formTree(const Form& form, const Shape& shape);

} // namespace shardscope::endpoint
