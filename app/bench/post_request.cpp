#include "app/bench/post_request.h"

#include <ctime>
#include <initializer_list>

#include "core/endpoint/sigv4_claim.h"
#include "core/endpoint/sigv4_digest.h"

namespace shardscope {
namespace {

constexpr std::string_view kHost = "127.0.0.1", kKeyId = "AKIABENCH", kSecret = "bench-secret";
constexpr std::string_view kRegion = "us-east-1", kService = "kinesis";
constexpr std::string_view kSignedHeaders = "content-type;host;x-amz-date;x-amz-target";

std::string joined(std::initializer_list<std::string_view> parts)
{
    std::string text;
    for (const std::string_view part : parts)
        text += part;
    return text;
}

} // namespace

PostSignature signatureOf(std::string_view operation, std::string_view body)
{
    using namespace endpoint;
    const auto time = toBasicTime(SimTime::fromSeconds(std::time(nullptr)));
    const std::string_view now(time.data(), time.size()), day = now.substr(0, 8);
    Sha256 sha;
    const auto hashOf = [&](std::string_view bytes) {
        const HexDigest hex = toHex(sha.of(bytes));
        return std::string(viewOf(hex));
    };
    const std::string canonical
        = joined({"POST\n/\n\ncontent-type:application/x-amz-json-1.1\nhost:", kHost,
                  "\nx-amz-date:", now, "\nx-amz-target:Kinesis_20131202.", operation, "\n\n",
                  kSignedHeaders, "\n", hashOf(body)});
    const std::string scope = joined({day, "/", kRegion, "/", kService, "/aws4_request"});
    const std::string toSign
        = joined({"AWS4-HMAC-SHA256\n", now, "\n", scope, "\n", hashOf(canonical)});
    const HexDigest signature = toHex(
        signingKey(kSecret, {.date = day, .region = kRegion, .service = kService}).of(toSign));
    return {.date = std::string(now),
            .authorization
            = joined({"AWS4-HMAC-SHA256 Credential=", kKeyId, "/", scope,
                      ", SignedHeaders=", kSignedHeaders, ", Signature=", viewOf(signature)})};
}

std::string postOf(std::string_view operation, std::string_view body)
{
    const PostSignature signature = signatureOf(operation, body);
    return joined({"POST / HTTP/1.1\r\nHost: ", kHost,
                   "\r\nContent-Type: application/x-amz-json-1.1\r\n"
                   "X-Amz-Target: Kinesis_20131202.",
                   operation, "\r\nUser-Agent: shardscope-bench/1\r\nX-Amz-Date: ", signature.date,
                   "\r\nAuthorization: ", signature.authorization,
                   "\r\nContent-Length: ", std::to_string(body.size()), "\r\n\r\n", body});
}

std::string credentialsText()
{
    return "[default]\naws_access_key_id = " + std::string(kKeyId)
        + "\naws_secret_access_key = " + std::string(kSecret) + "\n";
}

} // namespace shardscope
