#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/endpoint/input.h"
#include "core/endpoint/shapes.h"
#include "core/endpoint/wire_writer.h"
#include "core/engine/api.h"
#include "core/engine/arn.h"

namespace shardscope::endpoint {

/// What an answer needs besides what the service answered.
struct Answering {
    ArnScope scope;
    std::string streamName; ///< that the request named; may be empty
    std::string metricName; ///< of GetMetricStatistics, and what it asked for
    std::vector<cloudwatch::Statistic> statistics;
};

/// An operation on the wire: what it takes, how that becomes a request of the engine, and how the
/// answer is written. Defined in actions/.
struct Action {
    std::string_view name; ///< `ListStreams`
    const Shape* input = nullptr;
    Result<ApiRequest> (*read)(const Input& input, const ArnScope& scope) = nullptr;
    /// The whole answer, a map. Null: the operation answers with an empty body.
    void (*write)(WireWriter& out, const ApiAnswer& answer, const Answering& with) = nullptr;

    // Short cuts for JSON, where a record costs nanoseconds; null: none.
    /// Reads the usual form of a body straight into a request. False, and `request` as it was, for
    /// anything unusual or wrong: the way over `input` and `read` then says what it is.
    bool (*readJson)(std::string_view body, const ArnScope& scope, ApiRequest& request) = nullptr;
    /// The same text as `write` makes with a JsonWriter.
    void (*writeJson)(std::string& out, const ApiAnswer& answer, const Answering& with) = nullptr;
};

} // namespace shardscope::endpoint
