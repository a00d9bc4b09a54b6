#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/clock/sim_time.h"

namespace shardscope {

/// A real function that is to be called.
struct FunctionCall {
    /// An `http://` or `https://` address that takes a Lambda invoke by POST, or a command line
    /// that reads the event on its standard input and writes its answer to its standard output.
    std::string target;
    std::string event; ///< JSON
    SimDuration timeout = SimDuration::minutes(15);
};

/// An object that is to be written, whole or not at all.
struct ObjectPut {
    /// A folder on this machine, or `s3+http://…` / `s3+https://…`: an S3-compatible endpoint with
    /// the bucket as the path's first part.
    std::string target;
    std::string key; ///< with `/` between its parts
    std::string body;
};

using OutsideJob = std::variant<FunctionCall, ObjectPut>;

struct OutsideAnswer {
    std::string trouble; ///< one sentence when it failed, or empty
    /// A function's answer, also of one that failed as a function (then `functionError` says how).
    std::string payload;
    std::string functionError; ///< as in X-Amz-Function-Error; empty: it returned
    SimDuration took;
};

/// What readers do outside of their world: real functions, folders, object stores. In real time the
/// world goes on meanwhile; in virtual time it waits for the answer, so that a run is repeated as
/// far as the outside repeats itself.
class Outside {
public:
    virtual ~Outside() = default;
    /// Begins a job under a name of its own. One of that name that was begun before, by this world
    /// or by one it was copied from, is not begun again: its answer stands.
    virtual void begin(std::uint64_t id, OutsideJob job) = 0;
    /// The answer, as soon as there is one; in virtual time always.
    [[nodiscard]] virtual std::optional<OutsideAnswer> answer(std::uint64_t id) = 0;
};

} // namespace shardscope
