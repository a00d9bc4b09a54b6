#include "core/workload/trace_reader.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <numeric>
#include <optional>
#include <system_error>
#include <unordered_map>

#include "core/clock/sim_time.h"
#include "core/engine/limits.h"

namespace shardscope {
namespace {

constexpr std::size_t kShownText = 40; ///< of a bad field, in a message
constexpr double kLatestSeconds = 4e12 / 1e3; ///< some 126 years, also as a time since 1970

std::string_view trimmed(std::string_view s)
{
    while (!s.empty() && (s.front() == ' ' || s.front() == '\r'))
        s.remove_prefix(1);
    while (!s.empty() && (s.back() == ' ' || s.back() == '\r'))
        s.remove_suffix(1);
    return s;
}

std::string shown(std::string_view s)
{
    std::string text("\"");
    for (const char c : s.substr(0, kShownText))
        text.push_back(static_cast<unsigned char>(c) < 32 || c == 127 ? '?' : c);
    text += s.size() > kShownText ? "…\"" : "\"";
    return text;
}

template <typename T> std::optional<T> number(std::string_view s)
{
    T value {};
    const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
    if (error != std::errc() || end != s.data() + s.size())
        return std::nullopt;
    return value;
}

std::optional<std::int64_t> timeOf(std::string_view s)
{
    if (s.size() > 2 && s.substr(s.size() - 2) == "ms") {
        const auto ms = number<std::int64_t>(trimmed(s.substr(0, s.size() - 2)));
        if (!ms || *ms < 0 || static_cast<double>(*ms) > kLatestSeconds * 1e3)
            return std::nullopt;
        return *ms * 1000;
    }
    if (s.find('T') != std::string_view::npos) {
        const auto iso = parseIso(s);
        if (!iso)
            return std::nullopt;
        return iso->inMicros();
    }
    const auto seconds = number<double>(s);
    if (!seconds || !std::isfinite(*seconds) || *seconds < 0 || *seconds > kLatestSeconds)
        return std::nullopt;
    return std::llround(*seconds * 1e6);
}

char separatorOf(std::string_view line)
{
    for (const char c : {'\t', ';'})
        if (line.find(c) != std::string_view::npos)
            return c;
    return ',';
}

/// Splits `line` into its three fields; the key may be quoted, with "" for a quote.
std::optional<std::array<std::string, 3>> fieldsOf(std::string_view line, char separator)
{
    std::array<std::string, 3> fields;
    std::size_t field = 0, i = 0;
    while (true) {
        while (i < line.size() && line[i] == ' ')
            ++i;
        std::string& out = fields[field];
        if (i < line.size() && line[i] == '"') {
            for (++i;; ++i) {
                if (i >= line.size())
                    return std::nullopt;
                if (line[i] == '"') {
                    if (i + 1 < line.size() && line[i + 1] == '"')
                        ++i;
                    else
                        break;
                }
                out.push_back(line[i]);
            }
            for (++i; i < line.size() && line[i] == ' ';)
                ++i;
            if (i < line.size() && line[i] != separator)
                return std::nullopt;
        } else {
            const std::size_t end = std::min(line.find(separator, i), line.size());
            out = trimmed(line.substr(i, end - i));
            i = end;
        }
        if (i >= line.size())
            break;
        ++i;
        if (++field == fields.size())
            return std::nullopt;
    }
    if (field + 1 != fields.size())
        return std::nullopt;
    return fields;
}

bool startsLikeHeader(const std::string& first)
{
    return !first.empty()
        && std::none_of(first.begin(), first.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Characters of UTF-8 text: bytes that do not continue another.
std::size_t characters(std::string_view s)
{
    return static_cast<std::size_t>(
        std::count_if(s.begin(), s.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

void sortByTime(Trace& trace)
{
    if (std::is_sorted(trace.us.begin(), trace.us.end()))
        return;
    std::vector<std::uint32_t> order(trace.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return trace.us[a] < trace.us[b]; });
    Trace sorted;
    for (const std::uint32_t i : order) {
        sorted.us.push_back(trace.us[i]);
        sorted.key.push_back(trace.key[i]);
        sorted.bytes.push_back(trace.bytes[i]);
    }
    sorted.keys = std::move(trace.keys);
    trace = std::move(sorted);
}

} // namespace

Result<Trace> parseTrace(std::string_view csv, const std::string& fileName)
{
    Trace trace;
    std::unordered_map<std::string, std::uint32_t> known;
    std::int64_t lineNumber = 0;
    bool first = true;
    char separator = ',';
    const auto bad = [&](const std::string& what) {
        return fail(ErrorCode::BadInput, fileName + ":" + std::to_string(lineNumber) + ": " + what);
    };
    if (csv.substr(0, 3) == "\xef\xbb\xbf")
        csv.remove_prefix(3);
    while (!csv.empty()) {
        ++lineNumber;
        const std::size_t end = std::min(csv.find('\n'), csv.size());
        const std::string_view line = trimmed(csv.substr(0, end));
        csv.remove_prefix(std::min(end + 1, csv.size()));
        if (line.empty())
            continue;
        const bool maybeHeader = first;
        if (first)
            separator = separatorOf(line);
        first = false;
        const auto fields = fieldsOf(line, separator);
        if (!fields)
            return bad("found " + shown(line)
                       + "; three fields time,key,size would be right, e.g. 0.25,device-7,180");
        const auto& [time, key, size] = *fields;
        if (maybeHeader && startsLikeHeader(time))
            continue;
        const auto us = timeOf(time);
        if (!us)
            return bad("time " + shown(time)
                       + " cannot be read; seconds (1.5), milliseconds (1500ms) or "
                         "2026-01-05T12:00:00.250Z would be right");
        if (key.empty() || characters(key) > limits::kPartitionKeyChars)
            return bad("key has " + std::to_string(characters(key))
                       + " characters; 1 to 256 would be right");
        const auto bytes = number<std::int64_t>(size);
        if (!bytes || *bytes < 0 || *bytes > limits::kMaxRecordLargest)
            return bad("size " + shown(size)
                       + " cannot be used; whole bytes from 0 to 10485760 would be right");
        const auto [at, fresh]
            = known.try_emplace(key, static_cast<std::uint32_t>(trace.keys.size()));
        if (fresh)
            trace.keys.push_back(key);
        trace.us.push_back(*us);
        trace.key.push_back(at->second);
        trace.bytes.push_back(static_cast<std::uint32_t>(*bytes));
    }
    if (trace.us.empty())
        return fail(ErrorCode::BadInput,
                    fileName + ": holds no record; lines time,key,size would be right");
    sortByTime(trace);
    const std::int64_t zero = trace.us.front();
    trace.firstUs = zero;
    for (std::int64_t& us : trace.us)
        us -= zero;
    return trace;
}

Result<Trace> readTrace(const std::string& path)
{
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file)
        return fail(ErrorCode::Io,
                    path + ": cannot be opened (" + std::strerror(errno)
                        + "); a readable CSV file of time,key,size would be right");
    std::string text(static_cast<std::size_t>(std::max<std::streamoff>(0, file.tellg())), '\0');
    file.seekg(0);
    if (!file.read(text.data(), static_cast<std::streamsize>(text.size())))
        return fail(ErrorCode::Io, path + ": cannot be read to its end");
    return parseTrace(text, path);
}

} // namespace shardscope
