#pragma once

#include <cstdint>
#include <string>

#include "core/base/units.h"

namespace shardscope {

/// What a flow shows. Counts are since it began, as the agent's own metrics.
struct AgentFlowState {
    std::string stream, filePattern;
    std::int64_t recordSendAttempts = 0;
    std::int64_t recordsSent = 0;
    std::int64_t recordSendErrors = 0; ///< refused one by one, and sent again
    std::int64_t serviceErrors = 0; ///< requests that failed whole
    Bytes bytesSent = 0; ///< data of records sent
    std::int64_t skippedRecords = 0; ///< that could not be converted
    std::int64_t files = 0; ///< followed now
    std::int64_t buffered = 0; ///< records read and not sent yet
    std::string trouble; ///< a sentence; empty: none
};

} // namespace shardscope
