#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace shardscope {

/// A dense index that cannot be mixed up with an index of another kind.
template <typename Tag> struct StrongId {
    std::uint32_t value = 0;

    constexpr StrongId() = default;
    constexpr explicit StrongId(std::uint32_t v)
        : value(v)
    {
    }
    [[nodiscard]] constexpr std::size_t index() const { return value; }

    friend constexpr auto operator<=>(const StrongId&, const StrongId&) = default;
};

/// A shard's place in its stream's columns. Equal to the number in its shard id: ids are given in
/// creation order and never reused, and so are slots.
using ShardSlot = StrongId<struct ShardSlotTag>;
/// A stream's place in the service.
using StreamSlot = StrongId<struct StreamSlotTag>;
/// A simulated producer's place in its world; never reused, so stored records can name it.
using ProducerSlot = StrongId<struct ProducerSlotTag>;
/// A simulated consumer's place in its world; never reused.
using ConsumerSlot = StrongId<struct ConsumerSlotTag>;

} // namespace shardscope

template <typename Tag> struct std::hash<shardscope::StrongId<Tag>> {
    std::size_t operator()(shardscope::StrongId<Tag> id) const noexcept { return id.value; }
};
