#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/engine/requests.h"

/// Amazon resource names of what the service holds (API 1.1, 5):
///   arn:aws:kinesis:<region>:<account>:stream/<stream>
///   arn:aws:kinesis:<region>:<account>:stream/<stream>/consumer/<consumer>:<creation, epoch s>
///   arn:aws:kinesis:<region>:<account>:channel/<channel id>
/// Reading takes any partition that begins with `aws`. What belongs to another account or Region is
/// not here, so it is ResourceNotFound: the service would ask for rights first, but on a desk
/// everybody is the owner of everything.
namespace shardscope {

/// Whose resources the service holds.
struct ArnScope {
    std::string_view account; ///< 12 digits
    std::string_view region;
};

[[nodiscard]] std::string streamArn(const ArnScope& scope, std::string_view streamName);
/// `createdAt` in epoch seconds: registering a name again gives another ARN.
[[nodiscard]] std::string consumerArn(const ArnScope& scope, std::string_view streamName,
                                      std::string_view consumerName, std::int64_t createdAt);
[[nodiscard]] std::string channelArn(const ArnScope& scope, std::string_view channelId);

/// The stream's name out of a StreamARN. Errors here and below: Validation for what is no such ARN
/// (naming the member it came in), ResourceNotFound for another account's or Region's.
[[nodiscard]] Result<std::string> parseStreamArn(std::string_view text, const ArnScope& scope);
/// Out of a ConsumerARN: a reference of kind Consumer.
[[nodiscard]] Result<ResourceRef> parseConsumerArn(std::string_view text, const ArnScope& scope);
/// The channel's id out of a ChannelARN.
[[nodiscard]] Result<std::string> parseChannelArn(std::string_view text, const ArnScope& scope);
/// A ResourceARN: of a stream, a consumer or a channel.
[[nodiscard]] Result<ResourceRef> parseResourceArn(std::string_view text, const ArnScope& scope);

} // namespace shardscope
