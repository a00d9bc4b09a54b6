#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;
struct evp_mac_ctx_st;

/// SHA-256 and HMAC-SHA-256 for signatures. The objects keep OpenSSL's contexts, because making
/// one costs more than hashing a small request.
namespace shardscope::endpoint {

using Digest = std::array<std::uint8_t, 32>;

class Sha256 {
public:
    Sha256();
    [[nodiscard]] Digest of(std::string_view bytes);

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

/// HMAC-SHA-256 with one key, which OpenSSL keeps and wipes.
class HmacSha256 {
public:
    explicit HmacSha256(std::span<const std::uint8_t> key);
    [[nodiscard]] Digest of(std::string_view bytes);

private:
    struct Free {
        void operator()(evp_mac_ctx_st* context) const;
    };
    std::unique_ptr<evp_mac_ctx_st, Free> m_context;
};

/// What a key derived from `secret` is good for.
struct SigningScope {
    std::string_view date; ///< `20260105`
    std::string_view region;
    std::string_view service;
};
/// The key that signs requests of one day, Region and service.
[[nodiscard]] HmacSha256 signingKey(std::string_view secret, const SigningScope& scope);

using HexDigest = std::array<char, 64>;
/// Lower case.
[[nodiscard]] HexDigest toHex(const Digest& digest);
[[nodiscard]] inline std::string_view viewOf(const HexDigest& hex)
{
    return {hex.data(), hex.size()};
}
[[nodiscard]] std::string toBase64(const Digest& digest);

} // namespace shardscope::endpoint
