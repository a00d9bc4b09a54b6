#include "core/endpoint/sigv4_canonical.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace shardscope::endpoint {

namespace {

using std::string_view;

bool isUnreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
        || c == '.' || c == '_' || c == '~';
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

void appendEncoded(std::string& to, char c)
{
    static constexpr char kDigits[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    to += '%';
    to += kDigits[byte >> 4];
    to += kDigits[byte & 15];
}

void appendPercentEncoded(std::string& to, string_view text)
{
    for (const char c : text) {
        if (isUnreserved(c))
            to += c;
        else
            appendEncoded(to, c);
    }
}

/// The part up to `mark`, which is taken off `text` with it.
string_view takeUntil(string_view& text, char mark)
{
    const std::size_t end = std::min(text.find(mark), text.size());
    const string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

void appendFolded(std::string& to, string_view value)
{
    const char* const end = value.data() + value.size();
    const char* word = std::find_if_not(value.data(), end, isBlank);
    while (word != end) {
        const char* const gap = std::find_if(word, end, isBlank);
        to.append(word, gap);
        word = std::find_if_not(gap, end, isBlank);
        if (word != end)
            to += ' ';
    }
}

char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool isOrderly(string_view names)
{
    string_view before;
    while (!names.empty()) {
        const string_view name = takeUntil(names, ';');
        if (name <= before
            || std::any_of(name.begin(), name.end(), [](char c) { return lowered(c) != c; }))
            return false;
        before = name;
    }
    return true;
}

} // namespace

void appendPercentDecoded(std::string& to, string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hexValue(text[i + 1]) : -1;
        const int low = high >= 0 ? hexValue(text[i + 2]) : -1;
        if (low < 0) {
            to += text[i];
            continue;
        }
        to += static_cast<char>(high * 16 + low);
        i += 2;
    }
}

void appendCanonicalPath(std::string& to, string_view path)
{
    if (path == "/" || path.empty()) {
        to += '/';
        return;
    }
    std::vector<string_view> segments;
    string_view last;
    for (string_view rest = path; !rest.empty();) {
        last = takeUntil(rest, '/');
        if (last == "..") {
            if (!segments.empty())
                segments.pop_back();
        } else if (!last.empty() && last != ".") {
            segments.push_back(last);
        }
    }
    for (const string_view segment : segments) {
        to += '/';
        appendPercentEncoded(to, segment);
    }
    if (segments.empty() || path.back() == '/')
        to += '/';
}

void appendCanonicalQuery(std::string& to, string_view query)
{
    std::vector<std::pair<std::string, std::string>> parameters;
    std::string plain;
    const auto encodedAnew = [&plain](string_view text) {
        plain.clear();
        appendPercentDecoded(plain, text);
        std::string encoded;
        appendPercentEncoded(encoded, plain);
        return encoded;
    };
    while (!query.empty()) {
        string_view value = takeUntil(query, '&');
        if (value.empty())
            continue;
        const string_view name = takeUntil(value, '=');
        if (name != "X-Amz-Signature")
            parameters.emplace_back(encodedAnew(name), encodedAnew(value));
    }
    std::sort(parameters.begin(), parameters.end());
    bool first = true;
    for (const auto& [name, value] : parameters) {
        to.append(first ? "" : "&").append(name).append("=").append(value);
        first = false;
    }
}

string_view fieldOf(const Headers& headers, string_view signedName)
{
    if (signedName == "host" && !headers.find(signedName))
        return ":authority";
    if (signedName == ":authority" && !headers.find(signedName))
        return "host";
    return signedName;
}

void appendCanonicalHeader(std::string& to, const Headers& headers, string_view name)
{
    to.append(name).append(":");
    const string_view wanted = fieldOf(headers, name);
    bool first = true;
    for (std::size_t i = 0; i < headers.size(); ++i) {
        const auto [field, value] = headers.at(i);
        if (field != wanted)
            continue;
        if (!first)
            to += ',';
        first = false;
        appendFolded(to, value);
    }
}

void appendSignedHeaders(std::string& to, string_view names)
{
    if (isOrderly(names)) {
        to += names;
        return;
    }
    std::vector<std::string> list;
    while (!names.empty()) {
        list.emplace_back(takeUntil(names, ';'));
        std::transform(list.back().begin(), list.back().end(), list.back().begin(), lowered);
    }
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    const std::size_t start = to.size();
    for (const std::string& name : list) {
        if (to.size() > start)
            to += ';';
        to += name;
    }
}

void writeCanonicalRequest(std::string& to, const HttpRequest& request, string_view names,
                           string_view payloadHash)
{
    to.clear();
    to.append(request.method).append("\n");
    appendCanonicalPath(to, request.path);
    to += '\n';
    appendCanonicalQuery(to, request.query);
    to += '\n';
    for (string_view rest = names; !rest.empty();) {
        appendCanonicalHeader(to, request.headers, takeUntil(rest, ';'));
        to += '\n';
    }
    to.append("\n").append(names).append("\n").append(payloadHash);
}

} // namespace shardscope::endpoint
