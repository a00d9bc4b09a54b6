#pragma once

#include <string>
#include <vector>

#include "core/agent/agent_spec.h"

namespace shardscope {

/// How a line of a well-known log is read: a pattern and the names of its groups. Source:
/// facts/clients.md 7.3.
struct LogFormatRule {
    std::string pattern;
    std::vector<std::string> fields;
};
[[nodiscard]] LogFormatRule ruleOf(DataProcessing::LogFormat format);

} // namespace shardscope
