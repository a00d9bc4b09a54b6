#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/clock/sim_time.h"

namespace shardscope {

/// A Lambda event source mapping and its function. Defaults and ranges: facts/clients.md 4.1.
struct LambdaSpec {
    std::int64_t batchSize = 100; ///< 1 … 10,000
    SimDuration batchingWindow; ///< MaximumBatchingWindowInSeconds, 0 … 300 s
    std::int64_t parallelizationFactor = 1; ///< batches of one shard at once, 1 … 10
    std::int64_t maximumRetryAttempts = -1; ///< -1: until the records expire; else 0 … 10,000
    SimDuration maximumRecordAge; ///< none: as long as they are kept; else 60 s … 7 d
    bool bisectOnError = false; ///< BisectBatchOnFunctionError
    bool reportBatchItemFailures = false; ///< FunctionResponseTypes
    /// TumblingWindowInSeconds: records are handed out by windows of their arrival, with a state
    /// that goes from call to call; 0 … 900 s, none: off.
    SimDuration tumblingWindow;
    /// FilterCriteria: up to 5 patterns, of which one must match; none: every record is handed out.
    std::vector<std::string> filters;
    bool fanOut = false; ///< a registered consumer instead of polling
    std::int64_t concurrency = 1'000; ///< executions at once; an account's default
    /// Where what is given up is told of: a folder or `s3+http(s)://…`; empty: it is only counted.
    std::string onFailure;
    /// The real function: an address that takes Lambda invokes, or a command line that gets the
    /// event on its standard input. Empty: the modelled one.
    std::string function;
    SimDuration timeout = SimDuration::seconds(3); ///< of the function, up to 15 minutes

    /// What stands in for a real function.
    struct Model {
        SimDuration duration = SimDuration::millis(50); ///< of an invocation, its median
        SimDuration perRecord; ///< on top, for each record
        double spread = 0.2; ///< standard deviation of the duration's logarithm
        double errorShare = 0; ///< of invocations fail by chance, 0 … 1
        /// Of all records fail whatever invocation they are in, 0 … 1; the same ones for every
        /// reader.
        double poisonShare = 0;
        friend bool operator==(const Model&, const Model&) = default;
    } model;
    friend bool operator==(const LambdaSpec&, const LambdaSpec&) = default;
};

} // namespace shardscope
