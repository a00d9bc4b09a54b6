#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/result.h"

namespace shardscope::endpoint {

/// Whose operation was asked for: an error may have another name there.
enum class ApiService : std::uint8_t { Kinesis, CloudWatch, Kms };

struct WireError {
    std::string_view type; ///< as in `__type`
    int status = 400;
};

/// The name and HTTP status under which a client hears of an error. API 1.2, 6.2.
[[nodiscard]] WireError wireError(ErrorCode code, ApiService service = ApiService::Kinesis);

inline constexpr WireError kSerializationError {"SerializationException", 400};
inline constexpr WireError kUnknownOperation {"UnknownOperationException", 400};
/// Of a content type that is JSON but not the service's.
inline constexpr WireError kUnknownOperationPlain {"UnknownOperationException", 404};

} // namespace shardscope::endpoint
