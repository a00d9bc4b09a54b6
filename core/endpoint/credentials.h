#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

/// The keys that may call the endpoint, read from a file in the form that AWS's tools use:
///
///     file    = *( comment | profile | setting | blank )      one a line, UTF-8
///     comment = ( "#" | ";" ) text
///     profile = "[" name "]"            also "[profile name]"
///     setting = name "=" value          a "#" or ";" after white space ends the value
///
/// Of a profile's settings these are read: aws_access_key_id, aws_secret_access_key,
/// aws_session_token and, of our own, account. Others (region, output, …) are left alone, nested
/// ones (indented below a setting without a value) too.
namespace shardscope::endpoint {

/// Text that nobody else shall read: cannot be copied or printed, and is wiped when it goes.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view text)
        : m_bytes(text.begin(), text.end())
    {
    }
    Secret(Secret&&) = default;
    Secret& operator=(Secret&& other) noexcept;
    ~Secret();

    [[nodiscard]] bool empty() const { return m_bytes.empty(); }
    [[nodiscard]] std::string_view reveal() const { return {m_bytes.data(), m_bytes.size()}; }

private:
    std::vector<char> m_bytes; // not a string: a moved string leaves short texts behind
};

struct Credential {
    std::string profile;
    std::string accessKeyId;
    Secret secretAccessKey;
    Secret sessionToken; ///< empty: the key is used without one
    std::string account; ///< twelve digits, or empty: the server's own account
};

/// Keys found by their id. Immutable.
class Credentials {
public:
    /// No two may have the same access key id.
    explicit Credentials(std::vector<Credential> keys);

    [[nodiscard]] std::size_t size() const { return m_keys.size(); }
    /// Or null. The pointer lives as long as this does.
    [[nodiscard]] const Credential* find(std::string_view accessKeyId) const;

private:
    std::vector<Credential> m_keys; // by access key id
};

struct CredentialsFile {
    Credentials credentials;
    std::vector<std::string> warnings; ///< a sentence each, beginning with the file's name
};

/// Reads what such a file holds. `name` is only used in messages. Messages hold no value of the
/// file but names of profiles.
/// Errors: BadInput, `name:line: what was met and what would be right`; a file without any key is
/// one.
[[nodiscard]] Result<CredentialsFile> parseCredentials(std::string_view text,
                                                       const std::string& name);
/// The same from disk; warns when others than the owner may read the file.
/// Errors: BadInput, Io.
[[nodiscard]] Result<CredentialsFile> readCredentials(const std::string& path);

} // namespace shardscope::endpoint
