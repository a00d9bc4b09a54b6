#pragma once

#include <string>
#include <string_view>

#include "core/endpoint/wire_value.h"
#include "core/endpoint/wire_writer.h"

/// What is kept as a client wrote it and given back: trees from one tongue into another.
namespace shardscope::endpoint {

void writeTree(WireWriter& out, const WireValue& value);
/// The members of a JSON object, but for the one of that name. Nothing when it is no JSON object.
void writeJsonMembers(WireWriter& out, const std::string& json, std::string_view except);

} // namespace shardscope::endpoint
