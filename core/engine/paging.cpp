#include "core/engine/paging.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/base/rng.h"
#include "core/engine/limits.h"

namespace shardscope {
namespace {

constexpr char kBetween = '|'; // in no name, no id and no number
constexpr std::string_view kDigits = "0123456789abcdef";
/// Two names and six numbers are far below it.
constexpr std::size_t kTextMost = 2'048;
constexpr std::size_t kFields = 8;

std::uint64_t checksum(std::string_view text)
{
    std::uint64_t sum = text.size();
    for (const char c : text)
        sum = mix64(sum ^ static_cast<unsigned char>(c));
    return sum;
}

std::string toHex(std::string_view plain)
{
    std::string out;
    out.reserve(2 * plain.size());
    for (const char c : plain) {
        out += kDigits[static_cast<unsigned char>(c) >> 4];
        out += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return out;
}

/// Empty for what is no hexadecimal text.
std::string fromHex(std::string_view text)
{
    std::string plain;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        const std::size_t high = kDigits.find(text[i]);
        const std::size_t low = kDigits.find(text[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos)
            return {};
        plain += static_cast<char>(high << 4 | low);
    }
    return text.size() % 2 == 0 ? plain : std::string();
}

template <typename Number> bool read(std::string_view text, Number& out)
{
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, out);
    return error == std::errc {} && at == end;
}

bool read(std::string_view text, SimTime& out)
{
    std::int64_t micros = 0;
    const bool good = read(text, micros);
    out = SimTime::fromMicros(micros);
    return good;
}

/// False when there are not kFields of them.
bool cut(std::string_view plain, std::array<std::string_view, kFields>& fields)
{
    for (std::size_t i = 0; i < kFields; ++i) {
        const std::size_t end = plain.find(kBetween);
        if ((end == std::string_view::npos) != (i + 1 == kFields))
            return false;
        fields[i] = plain.substr(0, end);
        plain.remove_prefix(std::min(plain.size(), end == std::string_view::npos ? end : end + 1));
    }
    return true;
}

bool readFilter(std::string_view type, std::string_view time, std::optional<ShardFilter>& out)
{
    if (type.empty())
        return true;
    int number = 0;
    if (!read(type, number) || number < 0
        || number > static_cast<int>(ShardFilter::Type::FromTimestamp))
        return false;
    ShardFilter filter {.type = static_cast<ShardFilter::Type>(number)};
    SimTime at;
    if (!time.empty() && !read(time, at))
        return false;
    if (!time.empty())
        filter.timestamp = at;
    out = std::move(filter);
    return true;
}

std::optional<PageToken> decode(std::string_view text)
{
    const std::string plain = text.size() <= kTextMost ? fromHex(text) : std::string();
    std::array<std::string_view, kFields> fields;
    std::uint64_t sum = 0;
    if (!cut(plain, fields) || !read(fields[7], sum)
        || sum != checksum(std::string_view(plain).substr(0, plain.size() - fields[7].size())))
        return std::nullopt;
    PageToken token;
    int listing = 0;
    if (!read(fields[0], listing) || !read(fields[1], token.issuedAt)
        || !read(fields[3], token.streamCreatedAt)
        || !readFilter(fields[5], fields[6], token.filter))
        return std::nullopt;
    token.listing = static_cast<PageToken::Listing>(listing);
    token.stream = fields[2];
    token.after = fields[4];
    return token;
}

} // namespace

std::string PageToken::text() const
{
    std::string plain;
    const auto field = [&](const std::string& value) { (plain += value) += kBetween; };
    field(std::to_string(static_cast<int>(listing)));
    field(std::to_string(issuedAt.inMicros()));
    field(stream);
    field(std::to_string(streamCreatedAt.inMicros()));
    field(after);
    field(filter ? std::to_string(static_cast<int>(filter->type)) : std::string());
    field(filter && filter->timestamp ? std::to_string(filter->timestamp->inMicros())
                                      : std::string());
    return toHex(plain + std::to_string(checksum(plain)));
}

Result<PageToken> PageToken::parse(std::string_view text, Listing listing, SimTime now)
{
    auto token = decode(text);
    if (!token || token->listing != listing || token->issuedAt > now)
        return fail(ErrorCode::InvalidArgument, "Invalid NextToken.");
    if (now - token->issuedAt > limits::kPageTokenLifetime)
        return fail(ErrorCode::ExpiredNextToken,
                    "NextToken expired. The token was created at time " + toIso(token->issuedAt)
                        + " while right now it is " + toIso(now)
                        + " which is further in the future than the tolerated delay of "
                        + std::to_string(limits::kPageTokenLifetime.inMillis()) + " milliseconds.");
    return std::move(*token);
}

} // namespace shardscope
