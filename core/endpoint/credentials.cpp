#include "core/endpoint/credentials.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <simdjson.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "core/base/budgets.h"
#include "core/base/check.h"

namespace shardscope::endpoint {

namespace {

using std::string_view;

constexpr std::size_t kKeyIdMost = 128; // the service's own bound on access key ids
constexpr std::size_t kSecretMost = 256; // the service's have 40
constexpr std::size_t kTokenMost = 8'192; // more does not fit beside the rest of a request's head
constexpr std::size_t kProfileMost = 256;

bool isSpace(char c)
{
    return c == ' ' || c == '\t';
}

string_view trimmed(string_view text)
{
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

/// Without the comment behind it, which begins with white space and a mark.
string_view withoutComment(string_view text)
{
    for (std::size_t i = 1; i < text.size(); ++i) {
        if ((text[i] == '#' || text[i] == ';') && isSpace(text[i - 1]))
            return trimmed(text.substr(0, i));
    }
    return trimmed(text);
}

bool isWordLike(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'
        || c == '-' || c == '.';
}

bool isVisible(char c)
{
    return c > ' ' && c <= '~';
}

bool isAccount(string_view text)
{
    return text.size() == 12
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string lowered(string_view text)
{
    std::string low(text);
    for (char& c : low)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return low;
}

/// One setting that is read, and which texts it takes.
struct Setting {
    string_view name;
    std::size_t most;
    bool (*allows)(char);
    string_view wanted;
};

constexpr Setting kSettings[] {
    {"aws_access_key_id", kKeyIdMost, isWordLike,
     "1 to 128 letters, digits, '_', '-' or '.' are expected"},
    {"aws_secret_access_key", kSecretMost, isVisible,
     "1 to 256 characters of ASCII without spaces are expected"},
    {"aws_session_token", kTokenMost, isVisible,
     "1 to 8192 characters of ASCII without spaces are expected"},
    {"account", 12, isVisible, "an account has twelve digits"},
};

class Reader {
public:
    Reader(string_view text, const std::string& name)
        : m_text(text)
        , m_name(name)
    {
    }

    Result<CredentialsFile> read()
    {
        if (!simdjson::validate_utf8(m_text.data(), m_text.size()))
            return fail(ErrorCode::BadInput, m_name + ": is not UTF-8 text");
        if (m_text.rfind("\xEF\xBB\xBF", 0) == 0)
            m_text.remove_prefix(3);
        while (!m_text.empty()) {
            ++m_line;
            if (auto done = readLine(nextLine()); !done)
                return tl::unexpected(std::move(done.error()));
        }
        if (auto done = closeProfile(); !done)
            return tl::unexpected(std::move(done.error()));
        if (m_keys.empty())
            return fail(ErrorCode::BadInput,
                        m_name
                            + ": holds no key; a profile with aws_access_key_id and "
                              "aws_secret_access_key is expected");
        return CredentialsFile {Credentials(std::move(m_keys)), std::move(m_warnings)};
    }

private:
    string_view nextLine()
    {
        const std::size_t end = std::min(m_text.find('\n'), m_text.size());
        string_view line = m_text.substr(0, end);
        m_text.remove_prefix(std::min(end + 1, m_text.size()));
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        return line;
    }

    tl::unexpected<Error> at(int line, const std::string& sentence) const
    {
        return fail(ErrorCode::BadInput, m_name + ":" + std::to_string(line) + ": " + sentence);
    }

    Result<void> readLine(string_view line)
    {
        const bool indented = !line.empty() && isSpace(line.front());
        const string_view text = trimmed(line);
        if (text.empty() || text.front() == '#' || text.front() == ';')
            return {};
        if (text.front() == '[')
            return openProfile(withoutComment(text));
        if (indented && m_nests)
            return {};
        return readSetting(text);
    }

    Result<void> openProfile(string_view text)
    {
        if (auto done = closeProfile(); !done)
            return done;
        if (text.back() != ']')
            return at(m_line, "a profile's name ends with ']'");
        string_view name = trimmed(text.substr(1, text.size() - 2));
        if (name.rfind("profile ", 0) == 0)
            name = trimmed(name.substr(8));
        if (name.empty() || name.size() > kProfileMost)
            return at(m_line, "a profile's name has 1 to 256 bytes");
        if (std::find(m_profiles.begin(), m_profiles.end(), name) != m_profiles.end())
            return at(m_line, "profile '" + std::string(name) + "' stands in the file twice");
        if (m_profiles.size() >= budgets::kCredentialsMost)
            return at(m_line,
                      "at most " + std::to_string(budgets::kCredentialsMost)
                          + " profiles are read");
        m_profiles.emplace_back(name);
        m_open = Credential {};
        m_open->profile = name;
        m_openedAt = m_line;
        m_nests = false;
        m_seen.clear();
        return {};
    }

    Result<void> readSetting(string_view text)
    {
        const std::size_t equals = text.find('=');
        if (equals == string_view::npos || equals == 0)
            return at(m_line, "a line is '[profile]', 'name = value' or a comment");
        if (!m_open)
            return at(m_line, "a setting stands below a '[profile]'");
        const std::string name = lowered(trimmed(text.substr(0, equals)));
        const string_view value = withoutComment(text.substr(equals + 1));
        m_nests = value.empty();
        const auto* setting = std::find_if(std::begin(kSettings), std::end(kSettings),
                                           [&](const Setting& s) { return s.name == name; });
        if (setting == std::end(kSettings))
            return {};
        if (std::find(m_seen.begin(), m_seen.end(), name) != m_seen.end())
            return at(m_line, name + " stands in profile '" + m_open->profile + "' twice");
        m_seen.push_back(name);
        const bool fits = !value.empty() && value.size() <= setting->most
            && std::all_of(value.begin(), value.end(), setting->allows);
        if (!fits || (name == "account" && !isAccount(value)))
            return at(m_line, name + ": " + std::string(setting->wanted));
        keep(name, value);
        return {};
    }

    void keep(string_view name, string_view value)
    {
        if (name == "aws_access_key_id")
            m_open->accessKeyId = value;
        else if (name == "aws_secret_access_key")
            m_open->secretAccessKey = Secret(value);
        else if (name == "aws_session_token")
            m_open->sessionToken = Secret(value);
        else
            m_open->account = value;
    }

    Result<void> closeProfile()
    {
        if (!m_open)
            return {};
        Credential key = std::move(*m_open);
        m_open.reset();
        const std::string place = "profile '" + key.profile + "' ";
        if (key.accessKeyId.empty() && key.secretAccessKey.empty()) {
            m_warnings.push_back(m_name + ":" + std::to_string(m_openedAt) + ": " + place
                                 + "holds no key and is left out");
            return {};
        }
        if (key.accessKeyId.empty())
            return at(m_openedAt, place + "has a secret but no aws_access_key_id");
        if (key.secretAccessKey.empty())
            return at(m_openedAt, place + "has a key but no aws_secret_access_key");
        return keepKey(std::move(key));
    }

    /// A key may stand in several profiles as long as they agree about it.
    Result<void> keepKey(Credential key)
    {
        const auto same = std::find_if(m_keys.begin(), m_keys.end(), [&](const Credential& other) {
            return other.accessKeyId == key.accessKeyId;
        });
        if (same == m_keys.end()) {
            m_keys.push_back(std::move(key));
            return {};
        }
        if (same->secretAccessKey.reveal() == key.secretAccessKey.reveal()
            && same->sessionToken.reveal() == key.sessionToken.reveal()
            && same->account == key.account)
            return {};
        return at(m_openedAt,
                  "profile '" + key.profile + "' has the key of profile '" + same->profile
                      + "' with another secret, token or account");
    }

    string_view m_text;
    const std::string& m_name;
    int m_line = 0;
    std::optional<Credential> m_open;
    int m_openedAt = 0;
    bool m_nests = false; // indented lines belong to the setting above
    std::vector<std::string> m_seen; // settings of the open profile
    std::vector<std::string> m_profiles;
    std::vector<Credential> m_keys;
    std::vector<std::string> m_warnings;
};

/// A file's bytes, wiped when they go.
struct WipedText {
    std::vector<char> bytes;
    ~WipedText() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
};

tl::unexpected<Error> ioError(const std::string& path, const char* what)
{
    return fail(ErrorCode::Io, path + ": " + what + ": " + std::strerror(errno));
}

/// Reads to the end or until the room is full.
Result<std::size_t> readInto(int file, const std::string& path, std::vector<char>& room)
{
    std::size_t got = 0;
    while (got < room.size()) {
        const ssize_t n = ::read(file, room.data() + got, room.size() - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ioError(path, "cannot be read");
        if (n == 0)
            break;
        got += static_cast<std::size_t>(n);
    }
    return got;
}

} // namespace

Secret& Secret::operator=(Secret&& other) noexcept
{
    std::swap(m_bytes, other.m_bytes); // the other's end wipes what was here
    return *this;
}

Secret::~Secret()
{
    OPENSSL_cleanse(m_bytes.data(), m_bytes.size());
}

Credentials::Credentials(std::vector<Credential> keys)
    : m_keys(std::move(keys))
{
    std::sort(m_keys.begin(), m_keys.end(), [](const Credential& a, const Credential& b) {
        return a.accessKeyId < b.accessKeyId;
    });
    const auto twice = std::adjacent_find(
        m_keys.begin(), m_keys.end(),
        [](const Credential& a, const Credential& b) { return a.accessKeyId == b.accessKeyId; });
    SHARDSCOPE_CHECK(twice == m_keys.end());
}

const Credential* Credentials::find(string_view accessKeyId) const
{
    const auto at = std::lower_bound(
        m_keys.begin(), m_keys.end(), accessKeyId,
        [](const Credential& key, string_view id) { return string_view(key.accessKeyId) < id; });
    return at != m_keys.end() && at->accessKeyId == accessKeyId ? &*at : nullptr;
}

Result<CredentialsFile> parseCredentials(string_view text, const std::string& name)
{
    return Reader(text, name).read();
}

Result<CredentialsFile> readCredentials(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return ioError(path, "cannot be opened");
    struct stat about { };
    const bool known = ::fstat(file, &about) == 0;
    WipedText text {std::vector<char>(static_cast<std::size_t>(budgets::kCredentialsBytes) + 1)};
    const auto got = readInto(file, path, text.bytes);
    ::close(file);
    if (!got)
        return tl::unexpected(got.error());
    if (*got == text.bytes.size())
        return fail(ErrorCode::BadInput,
                    path + ": is larger than " + std::to_string(budgets::kCredentialsBytes >> 10)
                        + " KiB");
    auto read = parseCredentials({text.bytes.data(), *got}, path);
    if (read && known && S_ISREG(about.st_mode) && (about.st_mode & 077) != 0)
        read->warnings.push_back(path
                                 + ": can be read or changed by others than its owner; "
                                   "'chmod 600' keeps the keys private");
    return read;
}

} // namespace shardscope::endpoint
