#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/clock/sim_time.h"
#include "core/engine/requests.h"

namespace shardscope {

/// Where a listing goes on, as opaque text that lives 300 s: all that the next page needs, so the
/// service remembers nothing. Form: hexadecimal of
///   listing|issued µs|stream|stream created µs|after|filter type|filter time µs|sum
/// with empty fields for what is not given, and a checksum of what stands before it.
struct PageToken {
    enum class Listing : std::uint8_t { Streams, Shards, Consumers, Channels };
    Listing listing {};
    SimTime issuedAt;
    std::string stream; ///< whose shards, consumers or channels; empty: the account's
    SimTime streamCreatedAt; ///< a stream created again under its name is another one
    std::string after; ///< the last thing that was listed
    std::optional<ShardFilter> filter; ///< of ListShards, without a shard: `after` says more

    [[nodiscard]] std::string text() const;
    /// Errors: InvalidArgument for what text() of the same listing cannot have written,
    /// ExpiredNextToken.
    [[nodiscard]] static Result<PageToken> parse(std::string_view text, Listing listing,
                                                 SimTime now);
};

} // namespace shardscope
