#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/clock/sim_time.h"
#include "core/engine/requests.h"

/// Where a channel's objects lie in their bucket. Source: Dev Guide "S3 output key template".
///
///   template  = *( literal / variable ) [ extension ]
///   literal   = letter / digit / one of  ! - _ ' . * ( ) / =
///   variable  = "!{" ( "channel-name" / "channel-id" / "stream-name"
///                      / "yyyy" / "yy" / "MM" / "dd" / "HH" / "mm" ) "}"          times are UTC
///   extension = "!{extension}" / "!{extension:." 1*( lower-case letter / "." ) "}"
///
/// Before the extension the service puts a suffix that no other object has. A key never begins with
/// "/" and has no "//", no ".." and no segment of periods alone, so it stays within its bucket.
namespace shardscope {

inline constexpr std::string_view kDefaultKeyTemplate
    = "kinesis-channel/!{channel-name}/!{channel-id}/!{yyyy}/!{MM}/!{dd}/!{HH}/"
      "!{channel-name}-!{channel-id}-!{yyyy}-!{MM}-!{dd}-!{HH}-!{mm}!{extension}";
/// Of what could not be delivered, where the channel names no prefix. The service has one that it
/// does not publish; this is a choice.
inline constexpr std::string_view kDefaultErrorPrefix = "kinesis-channel-errors/";

/// The key of an object whose records begin at `at`; `suffix`: at most
/// limits::kObjectKeySuffixChars. The channel has passed checkObjectKeys().
[[nodiscard]] std::string objectKey(const ChannelDescription& channel, SimTime at,
                                    std::string_view suffix);
/// The same of an object of the dead-letter queue: JSON, never compressed.
[[nodiscard]] std::string errorKey(const ChannelDescription& channel, SimTime at,
                                   std::string_view suffix);
/// Whether the channel's template and prefix give such keys. Errors: InvalidArgument.
[[nodiscard]] Result<void> checkObjectKeys(const ChannelDescription& channel);

} // namespace shardscope
