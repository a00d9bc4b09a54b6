#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/check.h"
#include "core/endpoint/credentials.h"
#include "core/endpoint/sigv4.h"
#include "tests/fuzz/fuzz_target.h"

using namespace shardscope;
using namespace shardscope::endpoint;

namespace {

constexpr SimTime kNow = kDefaultStart; // 20260105T120000Z
constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr std::string_view kToken = "FwoGZXIvYXdzEXAMPLE/token+with=signs==";

std::string_view takeLine(std::string_view& text)
{
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

/// `METHOD path?query`, lines `name:value`, an empty line, a body. No more is refused than a
/// session refuses: names and values may hold any byte but the line's end.
HttpRequest requestOf(std::string_view text)
{
    HttpRequest request;
    std::string_view first = takeLine(text);
    const std::size_t space = std::min(first.find(' '), first.size());
    request.method = first.substr(0, space);
    first.remove_prefix(std::min(space + 1, first.size()));
    const std::size_t mark = std::min(first.find('?'), first.size());
    request.path = first.substr(0, mark);
    request.query = first.substr(std::min(mark + 1, first.size()));
    for (std::string_view line = takeLine(text); !line.empty(); line = takeLine(text)) {
        const std::size_t colon = std::min(line.find(':', 1), line.size());
        request.headers.add(line.substr(0, colon), line.substr(std::min(colon + 1, line.size())));
    }
    request.body = text;
    return request;
}

Authenticator::Options bothKeys()
{
    std::vector<Credential> keys(2);
    keys[0].accessKeyId = "AKIDEXAMPLE";
    keys[0].secretAccessKey = Secret(kSecret);
    keys[1].accessKeyId = "ASIAEXAMPLE";
    keys[1].secretAccessKey = Secret(kSecret);
    keys[1].sessionToken = Secret(kToken);
    return {.credentials = Credentials(std::move(keys))};
}

/// `sent`: what of it is said again is no secret any more.
void checkFailure(const AuthFailure& failure, std::string_view sent)
{
    SHARDSCOPE_CHECK(failure.type == "MissingAuthenticationTokenException"
                     || failure.type == "IncompleteSignatureException"
                     || failure.type == "InvalidSignatureException"
                     || failure.type == "UnrecognizedClientException");
    SHARDSCOPE_CHECK(!failure.message.empty());
    SHARDSCOPE_CHECK(std::all_of(failure.message.begin(), failure.message.end(),
                                 [](char c) { return (c >= ' ' && c <= '~') || c == '\n'; }));
    SHARDSCOPE_CHECK(failure.message.find(kSecret) == std::string::npos
                     || sent.find(kSecret) != std::string_view::npos);
}

void readRequest(std::string_view text)
{
    static Authenticator checking(bothKeys()), believing({});
    const HttpRequest request = requestOf(text);
    const auto checked = checking.check(request, kNow), believed = believing.check(request, kNow);
    if (!checked)
        checkFailure(checked.error(), text);
    else
        SHARDSCOPE_CHECK(
            checked->verified && believed
            && (checked->accessKeyId == "AKIDEXAMPLE" || checked->accessKeyId == "ASIAEXAMPLE"));
    if (!believed)
        checkFailure(believed.error(), text);
}

void readKeys(std::string_view text)
{
    const auto file = parseCredentials(text, "fuzz");
    if (file)
        SHARDSCOPE_CHECK(file->credentials.size() > 0);
    else
        SHARDSCOPE_CHECK(file.error().message.rfind("fuzz", 0) == 0);
}

void readTimes(std::string_view text)
{
    for (std::size_t at = 0; at + 29 <= text.size(); at += 29) {
        const auto basic = parseBasicTime(text.substr(at, 16));
        if (basic) {
            const auto back = toBasicTime(*basic);
            SHARDSCOPE_CHECK(std::string_view(back.data(), back.size()) == text.substr(at, 16));
        }
        if (const auto http = parseHttpTime(text.substr(at, 29)))
            SHARDSCOPE_CHECK(parseBasicTime({toBasicTime(*http).data(), 16}) == http);
    }
}

} // namespace

std::vector<std::string> fuzzWords()
{
    return {"AWS4-HMAC-SHA256",
            "Credential=",
            "SignedHeaders=",
            "Signature=",
            "authorization:",
            "x-amz-date:",
            "x-amz-target:",
            "x-amz-security-token:",
            "host:",
            ":authority:",
            "X-Amz-Signature=",
            "X-Amz-Expires=",
            "604801",
            "-1",
            "aws4_request",
            ",",
            "/",
            ";",
            "=",
            "&",
            "%",
            "%2",
            "%00",
            "%2F",
            " ",
            "\t",
            "\n",
            "\r\n",
            "[",
            "]",
            "[a]\n",
            "#",
            std::string(1, '\0'),
            "\xff",
            "\xE1\x88\xB4",
            std::string(120, ';'),
            std::string(300, '/'),
            "../",
            "99999999999999999999",
            "Mon, 05 Jan 2026 12:00:00 GMT"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    readRequest(text);
    readKeys(text);
    readTimes(text);
    return 0;
}
