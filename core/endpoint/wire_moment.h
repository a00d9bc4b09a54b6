#pragma once

#include <optional>

#include "core/clock/sim_time.h"
#include "core/endpoint/wire_value.h"

/// Moments as clients write them:
///
///     moment = time            CBOR's own
///            | seconds         a number since 1970-01-01T00:00:00Z, with a fraction
///            | text            RFC 3339: date "T" clock [ "." 1*digit ] ( "Z" | sign hh ":" mm )
///
/// CloudWatch's forms carry texts with up to nine digits of a second, JSON numbers with as many.
/// Milliseconds are all that the service keeps of a fraction; what is finer falls off.
namespace shardscope::endpoint {

/// None when the value is no moment. What no calendar holds comes as the last or first it could be.
[[nodiscard]] std::optional<SimTime> momentOf(const WireValue& value);

} // namespace shardscope::endpoint
