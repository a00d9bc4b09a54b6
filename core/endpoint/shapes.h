#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/endpoint/wire_value.h"

/// The model as data: what each operation takes (API 1.1, 1.3), and two questions about a value
/// that came over the wire: does it have the right types, and does it hold to the constraints. In
/// this order, as the service asks them.
namespace shardscope::endpoint {

enum class ShapeType : std::uint8_t {
    Text,
    Blob,
    Integer,
    Double,
    Boolean,
    Timestamp,
    List,
    Map,
    Structure,
};

struct Shape;

struct Member {
    std::string_view name; ///< as on the wire: `StreamName`
    const Shape* shape = nullptr;
    bool required = false;
};

inline constexpr std::int64_t kNoLeast = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t kNoMost = std::numeric_limits<std::int64_t>::max();

struct Shape {
    ShapeType type = ShapeType::Structure;
    /// Of an Integer or Double its value; of a Text its characters, of a Blob its bytes, of a List
    /// or Map its size.
    std::int64_t least = kNoLeast, most = kNoMost;
    std::string_view pattern; ///< Text: as refusals show it
    bool (*fits)(std::string_view text) = nullptr; ///< the pattern as code
    std::span<const std::string_view> values; ///< Text: the words allowed; empty: any
    const Shape* of = nullptr; ///< of a List's items, of a Map's values
    const Shape* key = nullptr; ///< of a Map's keys
    std::span<const Member> members; ///< of a Structure; others are ignored
};

/// What is wrong with the types, as SerializationException says it; none when all is well.
[[nodiscard]] std::optional<std::string> typeFault(const WireValue& value, const Shape& shape);

/// Errors: Validation with up to ten failures in the service's form: `2 validation errors detected:
/// Value at 'streamName' failed to satisfy constraint: Member must not be null; …`. The types are
/// right.
[[nodiscard]] Result<void> checkConstraints(const WireValue& value, const Shape& shape);

/// A number where an Integer belongs: the service cuts off what stands behind the point.
/// Beyond the type's range its bound; 0 for what is no number.
[[nodiscard]] std::int64_t wholePart(double number);
/// Bytes that a Blob of right type has, in base64 or as they are.
[[nodiscard]] std::int64_t blobBytes(const WireValue& value);

} // namespace shardscope::endpoint
