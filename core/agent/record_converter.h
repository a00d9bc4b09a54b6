#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/agent/agent_spec.h"
#include "core/agent/pattern.h"
#include "core/clock/sim_time.h"

namespace shardscope {

/// Makes of a record of a file what is sent: the steps of `dataProcessingOptions` in their order.
class RecordConverter {
public:
    explicit RecordConverter(const std::vector<DataProcessing>& steps);

    /// Errors: BadInput with why this record cannot be sent; others can.
    [[nodiscard]] Result<std::string> convert(std::string data, SimTime now) const;

private:
    struct Step {
        DataProcessing what;
        std::optional<Pattern> pattern; ///< LogToJson
        std::vector<std::string> fields;
    };
    std::vector<Step> m_steps;
};

} // namespace shardscope
