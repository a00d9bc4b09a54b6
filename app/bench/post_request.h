#pragma once

#include <string>
#include <string_view>

/// Requests of HTTP/1.1 as the SDKs of Kinesis send them.
namespace shardscope {

/// What a client that signs its request adds to the head.
struct PostSignature {
    std::string date; ///< X-Amz-Date
    std::string authorization;
};
/// Signed now, with the key of credentialsText(); good for five minutes.
[[nodiscard]] PostSignature signatureOf(std::string_view operation, std::string_view body);
/// A whole signed POST of an operation of Kinesis.
[[nodiscard]] std::string postOf(std::string_view operation, std::string_view body);
/// A credentials file with the key.
[[nodiscard]] std::string credentialsText();

} // namespace shardscope
