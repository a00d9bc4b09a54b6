#include "core/endpoint/sigv4_claim.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/endpoint/sigv4_canonical.h"
#include "core/endpoint/sigv4_digest.h"
#include "core/engine/limits.h"

namespace shardscope::endpoint {

namespace {

using std::string_view;

constexpr string_view kAlgorithm = "AWS4-HMAC-SHA256";

AuthFailure incomplete(std::string message)
{
    return {"IncompleteSignatureException", std::move(message)};
}

/// Stands for a header that may hold somebody's password: it can be compared, not read.
std::string hashed(string_view header)
{
    return toBase64(Sha256().of(header));
}

AuthFailure noPair(string_view header)
{
    return incomplete("Invalid key=value pair (missing equal-sign) in Authorization header "
                      "(hashed with SHA-256 and encoded with Base64): '"
                      + hashed(header) + "'.");
}

/// Which characters part words. A table: the header is looked at character by character, in every
/// request.
constexpr auto kBreaks = [] {
    std::array<bool, 256> breaks {};
    for (const unsigned char c : {' ', '\t', ','})
        breaks[c] = true;
    return breaks;
}();

bool isBreak(char c)
{
    return kBreaks[static_cast<unsigned char>(c)];
}

/// The next word, which is taken off `text`; empty at the end.
string_view takeWord(string_view& text)
{
    const auto begin = std::find_if_not(text.begin(), text.end(), isBreak);
    const auto end = std::find_if(begin, text.end(), isBreak);
    const string_view word = text.substr(static_cast<std::size_t>(begin - text.begin()),
                                         static_cast<std::size_t>(end - begin));
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    return word;
}

struct Parts {
    string_view credential, signedHeaders, signature, date;
};

/// Puts a part where it belongs; false when something is there already.
bool put(string_view& place, string_view value)
{
    if (!place.empty())
        return false;
    place = value;
    return true;
}

using Read = tl::expected<void, AuthFailure>;

Read readCredential(AuthClaim& claim, string_view credential)
{
    string_view* const fields[]
        = {&claim.accessKeyId, &claim.date, &claim.region, &claim.service, &claim.terminator};
    const auto slashes = std::count(credential.begin(), credential.end(), '/');
    if (slashes != 4)
        return tl::unexpected(incomplete("Credential must have exactly 5 slash-delimited elements, "
                                         "e.g. keyid/date/region/service/term, got "
                                         + std::to_string(slashes + 1) + "."));
    for (string_view* field : fields) {
        const std::size_t end = std::min(credential.find('/'), credential.size());
        *field = credential.substr(0, end);
        credential.remove_prefix(std::min(end + 1, credential.size()));
        if (field->empty())
            return tl::unexpected(incomplete("Credential must have exactly 5 slash-delimited "
                                             "elements, e.g. keyid/date/region/service/term, got "
                                             "an empty one."));
    }
    return {};
}

Read readTime(AuthClaim& claim, string_view text, std::optional<SimTime> time)
{
    if (!time)
        return tl::unexpected(incomplete("Date must be in ISO-8601 'basic format'. Got '"
                                         + shown(text)
                                         + "'. See http://en.wikipedia.org/wiki/ISO_8601"));
    claim.signedAt = *time;
    if (text.size() == claim.timestamp.size())
        std::copy(text.begin(), text.end(), claim.timestamp.begin());
    else
        claim.timestamp = toBasicTime(*time);
    return {};
}

/// One of the three named words. Unknown ones are left alone, as the service does.
Read putPair(Parts& parts, string_view word, string_view header)
{
    const std::size_t equals = word.find('=');
    if (equals == string_view::npos)
        return tl::unexpected(noPair(header));
    const string_view name = word.substr(0, equals), value = word.substr(equals + 1);
    const bool once = name == "Credential" ? put(parts.credential, value)
        : name == "SignedHeaders"          ? put(parts.signedHeaders, value)
        : name == "Signature"              ? put(parts.signature, value)
                                           : true;
    if (!once)
        return tl::unexpected(
            incomplete("Authorization header has more than one '" + std::string(name)
                       + "' parameter. (Hashed with SHA-256 and encoded with Base64) "
                         "Authorization="
                       + hashed(header)));
    return {};
}

std::string missingInHeader(const Parts& parts)
{
    std::string message;
    const auto require = [&](string_view value, string_view name) {
        if (value.empty())
            message.append("Authorization header requires '").append(name).append("' parameter. ");
    };
    require(parts.credential, "Credential");
    require(parts.signature, "Signature");
    require(parts.signedHeaders, "SignedHeaders");
    if (parts.date.empty())
        message += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' "
                   "header. ";
    return message;
}

tl::expected<AuthClaim, AuthFailure> fromHeader(const Headers& headers, string_view header)
{
    string_view rest = header;
    const string_view algorithm = takeWord(rest);
    if (algorithm != kAlgorithm) {
        if (algorithm.rfind("AWS", 0) == 0 && algorithm.find('=') == string_view::npos)
            return tl::unexpected(
                incomplete("Unsupported AWS 'algorithm': '" + shown(algorithm) + "'."));
        return tl::unexpected(noPair(header));
    }
    Parts parts;
    for (string_view word = takeWord(rest); !word.empty(); word = takeWord(rest)) {
        if (auto done = putPair(parts, word, header); !done)
            return tl::unexpected(std::move(done.error()));
    }
    const auto amzDate = headers.find("x-amz-date");
    parts.date = amzDate ? *amzDate : headers.find("date").value_or("");
    if (std::string message = missingInHeader(parts); !message.empty())
        return tl::unexpected(
            incomplete(message + "(Hashed with SHA-256 and encoded with Base64) Authorization="
                       + hashed(header)));
    AuthClaim claim;
    claim.signedHeaders = parts.signedHeaders;
    claim.signature = parts.signature;
    claim.securityToken = headers.find("x-amz-security-token").value_or("");
    auto time = parseBasicTime(parts.date);
    if (!time && !amzDate)
        time = parseHttpTime(parts.date);
    auto done = readCredential(claim, parts.credential).and_then([&] {
        return readTime(claim, parts.date, time);
    });
    if (!done)
        return tl::unexpected(std::move(done.error()));
    return claim;
}

struct QueryParts {
    string_view algorithm, credential, date, expires, signedHeaders, signature, token;

    [[nodiscard]] string_view* find(string_view name)
    {
        if (name.rfind("X-Amz-", 0) != 0)
            return nullptr;
        name.remove_prefix(6);
        return name == "Algorithm"     ? &algorithm
            : name == "Credential"     ? &credential
            : name == "Date"           ? &date
            : name == "Expires"        ? &expires
            : name == "SignedHeaders"  ? &signedHeaders
            : name == "Signature"      ? &signature
            : name == "Security-Token" ? &token
                                       : nullptr;
    }
    [[nodiscard]] bool any() const
    {
        return !algorithm.empty() || !credential.empty() || !signature.empty();
    }
};

/// Decoded values; the first of each name counts, and a second one spoils the signature anyway.
QueryParts readQuery(string_view query, std::string& room)
{
    QueryParts parts;
    room.clear();
    room.reserve(query.size()); // views into it: it must not move. Decoding only shortens.
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        string_view* const place = parts.find(pair.substr(0, equals));
        if (place == nullptr || equals == pair.size())
            continue;
        const std::size_t start = room.size();
        appendPercentDecoded(room, pair.substr(equals + 1));
        put(*place, string_view(room).substr(start));
    }
    return parts;
}

std::string missingInQuery(const QueryParts& parts)
{
    std::string message;
    const auto require = [&](string_view value, string_view name) {
        if (value.empty())
            message.append("AWS query-string parameters must include '").append(name).append("'. ");
    };
    require(parts.algorithm, "X-Amz-Algorithm");
    require(parts.credential, "X-Amz-Credential");
    require(parts.signature, "X-Amz-Signature");
    require(parts.signedHeaders, "X-Amz-SignedHeaders");
    require(parts.date, "X-Amz-Date");
    return message;
}

Read readExpires(AuthClaim& claim, string_view text)
{
    if (text.empty())
        return {};
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || seconds < 1
        || seconds > limits::kPresignedSecondsMost)
        return tl::unexpected(incomplete("X-Amz-Expires must be a number of seconds from 1 to "
                                         + std::to_string(limits::kPresignedSecondsMost) + "."));
    claim.expiresSeconds = seconds;
    return {};
}

tl::expected<AuthClaim, AuthFailure> fromQuery(const QueryParts& parts)
{
    if (const std::string message = missingInQuery(parts); !message.empty())
        return tl::unexpected(incomplete(message + "Re-examine the query-string parameters."));
    if (parts.algorithm != kAlgorithm)
        return tl::unexpected(
            incomplete("Unsupported AWS 'algorithm': '" + shown(parts.algorithm) + "'."));
    AuthClaim claim;
    claim.inQuery = true;
    claim.signedHeaders = parts.signedHeaders;
    claim.signature = parts.signature;
    claim.securityToken = parts.token;
    auto done
        = readCredential(claim, parts.credential)
              .and_then([&] { return readTime(claim, parts.date, parseBasicTime(parts.date)); })
              .and_then([&] { return readExpires(claim, parts.expires); });
    if (!done)
        return tl::unexpected(std::move(done.error()));
    return claim;
}

/// The parts of a moment as they are written; each as long as it must be.
struct Moment {
    string_view year, month, day, hour, minute, second;
};

std::optional<SimTime> parseMoment(const Moment& parts)
{
    std::array<char, 20> iso {}; // 2026-01-05T12:00:00Z
    char* end = iso.data();
    const auto put = [&end](string_view digits, char mark) {
        end = std::copy(digits.begin(), digits.end(), end);
        *end++ = mark;
    };
    put(parts.year, '-');
    put(parts.month, '-');
    put(parts.day, 'T');
    put(parts.hour, ':');
    put(parts.minute, ':');
    put(parts.second, 'Z');
    const auto time = parseIso({iso.data(), iso.size()});
    return time ? std::optional(*time) : std::nullopt;
}

} // namespace

std::string shown(string_view text)
{
    constexpr std::size_t kMost = 64;
    std::string printable(text.substr(0, kMost));
    for (char& c : printable)
        c = c >= ' ' && c <= '~' ? c : '?';
    return text.size() > kMost ? printable + "..." : printable;
}

std::optional<SimTime> parseBasicTime(string_view text)
{
    if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z')
        return std::nullopt;
    // Requests that come within the same second say the same.
    static thread_local std::array<char, 16> t_text {};
    static thread_local SimTime t_time;
    if (text == string_view(t_text.data(), t_text.size()))
        return t_time;
    const auto time = parseMoment({text.substr(0, 4), text.substr(4, 2), text.substr(6, 2),
                                   text.substr(9, 2), text.substr(11, 2), text.substr(13, 2)});
    if (time) {
        std::copy(text.begin(), text.end(), t_text.begin());
        t_time = *time;
    }
    return time;
}

std::optional<SimTime> parseHttpTime(string_view text)
{
    static constexpr string_view kShape = "???, 00 ??? 0000 00:00:00 GMT";
    static constexpr string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != kShape.size())
        return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (kShape[i] != '?' && kShape[i] != '0' && kShape[i] != text[i])
            return std::nullopt;
    }
    const std::size_t month = kMonths.find(text.substr(8, 3));
    if (month == string_view::npos || month % 3 != 0)
        return std::nullopt;
    const std::size_t number = month / 3 + 1;
    const std::array<char, 2> digits {static_cast<char>('0' + number / 10),
                                      static_cast<char>('0' + number % 10)};
    return parseMoment({text.substr(12, 4),
                        {digits.data(), digits.size()},
                        text.substr(5, 2),
                        text.substr(17, 2),
                        text.substr(20, 2),
                        text.substr(23, 2)});
}

std::array<char, 16> toBasicTime(SimTime time)
{
    const std::string iso = toIso(time); // 2026-01-05T12:00:00.000Z
    std::array<char, 16> basic {};
    std::size_t next = 0;
    for (const char c : iso.substr(0, 19)) {
        if (c != '-' && c != ':' && next < 15)
            basic[next++] = c;
    }
    basic[15] = 'Z';
    return basic;
}

tl::expected<AuthClaim, AuthFailure> readClaim(const HttpRequest& request, std::string& room)
{
    const string_view header = request.headers.find("authorization").value_or("");
    const QueryParts query = readQuery(request.query, room);
    if (!header.empty() && query.any())
        return tl::unexpected(AuthFailure {"InvalidSignatureException",
                                           "Found both 'X-Amz-Algorithm' as a query-string param "
                                           "and 'Authorization' as HTTP header."});
    if (!header.empty())
        return fromHeader(request.headers, header);
    if (query.any())
        return fromQuery(query);
    return tl::unexpected(
        AuthFailure {"MissingAuthenticationTokenException", "Missing Authentication Token"});
}

} // namespace shardscope::endpoint
