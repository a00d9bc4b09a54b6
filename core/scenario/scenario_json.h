#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/scenario/scenario.h"

namespace shardscope {

/// Reads a scenario document (resources/scenarios/scenario.schema.json describes it).
/// Unknown fields, wrong types and values out of range are refused with `file:line: field: what
/// would be right`. `fileName` is only for the message; trace paths are relative to its folder.
[[nodiscard]] Result<Scenario> parseScenario(std::string_view json, const std::string& fileName);
[[nodiscard]] Result<Scenario> readScenarioFile(const std::string& path);
/// A document that parseScenario reads back to an equal value; fields in a fixed order.
[[nodiscard]] std::string writeScenario(const Scenario& scenario);

/// Every field that parseScenario knows, as sorted paths: `producers[].rate.curve`; and every word
/// that a field may hold: `producers[].rate.curve=daily`. The published schema is tested against
/// it.
[[nodiscard]] std::vector<std::string> scenarioFields();

} // namespace shardscope
