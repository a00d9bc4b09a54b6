#include "tests/support/sigv4_signer.h"

#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <cstdio>
#include <ctime>
#include <map>
#include <set>
#include <sstream>

namespace shardscope::tests {

namespace {

std::string hex(const std::string& bytes)
{
    std::string text;
    for (const char c : bytes) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x",
                      static_cast<unsigned>(static_cast<unsigned char>(c)));
        text += two;
    }
    return text;
}

std::string sha256(const std::string& bytes)
{
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
           reinterpret_cast<unsigned char*>(digest.data()));
    return digest;
}

std::string hmac(const std::string& key, const std::string& text)
{
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return digest;
}

std::string escaped(const std::string& text, const std::string& alsoPlain = "")
{
    static const std::string kPlain
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (const char c : text) {
        if ((kPlain + alsoPlain).find(c) != std::string::npos) {
            out += c;
            continue;
        }
        char three[4];
        std::snprintf(three, sizeof three, "%%%02X",
                      static_cast<unsigned>(static_cast<unsigned char>(c)));
        out += three;
    }
    return out;
}

std::vector<std::string> split(const std::string& text, char mark)
{
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, mark);)
        parts.push_back(part);
    return parts;
}

std::string canonicalPath(const std::string& path)
{
    std::string out;
    for (const std::string& part : split(path, '/')) {
        if (part == "..")
            out.resize(out.empty() ? 0 : out.rfind('/'));
        else if (!part.empty() && part != ".")
            out += "/" + part;
    }
    if (out.empty() || path.back() == '/')
        out += '/';
    return escaped(out, "/");
}

/// The query is taken to be encoded already, as a client's own is.
std::string canonicalQuery(const std::string& query)
{
    std::multiset<std::pair<std::string, std::string>> sorted;
    for (const std::string& part : split(query, '&')) {
        const std::size_t equals = part.find('=');
        sorted.emplace(part.substr(0, equals),
                       equals == std::string::npos ? "" : part.substr(equals + 1));
    }
    std::string out;
    for (const auto& [name, value] : sorted)
        out += (out.empty() ? "" : "&") + name + "=" + value;
    return out;
}

std::string canonicalValue(const std::string& value)
{
    std::istringstream in(value);
    std::string out;
    for (std::string word; in >> word;)
        out += (out.empty() ? "" : " ") + word;
    return out;
}

std::string basicTime(SimTime now)
{
    const std::time_t seconds = now.inSeconds();
    std::tm parts {};
    gmtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
    return text;
}

struct Signer {
    const SigningIdentity& who;
    std::string time;
    std::map<std::string, std::string> fields;

    Signer(const SigningIdentity& identity, SimTime now, const HeaderList& headers)
        : who(identity)
        , time(basicTime(now))
    {
        for (const auto& [name, value] : headers) {
            const auto [field, first] = fields.try_emplace(name, canonicalValue(value));
            if (!first)
                field->second.append(",").append(canonicalValue(value));
        }
    }

    [[nodiscard]] std::string scope() const
    {
        return time.substr(0, 8) + "/" + who.region + "/" + who.service + "/aws4_request";
    }

    [[nodiscard]] std::string names() const
    {
        std::string out;
        for (const auto& field : fields)
            out += (out.empty() ? "" : ";") + field.first;
        return out;
    }

    [[nodiscard]] std::string sign(const RequestToSign& request, const std::string& query) const
    {
        std::string text = request.method + "\n" + canonicalPath(request.path) + "\n"
            + canonicalQuery(query) + "\n";
        for (const auto& [name, value] : fields)
            text += name + ":" + value + "\n";
        text.append("\n").append(names()).append("\n").append(hex(sha256(request.body)));
        std::string key = "AWS4" + who.secret;
        for (const std::string& part : split(scope(), '/'))
            key = hmac(key, part);
        return hex(
            hmac(key, "AWS4-HMAC-SHA256\n" + time + "\n" + scope() + "\n" + hex(sha256(text))));
    }
};

} // namespace

HeaderList signatureHeaders(const RequestToSign& request, const SigningIdentity& who, SimTime now)
{
    HeaderList added {{"x-amz-date", basicTime(now)}};
    if (!who.sessionToken.empty())
        added.emplace_back("x-amz-security-token", who.sessionToken);
    HeaderList all = request.headers;
    all.insert(all.end(), added.begin(), added.end());
    const Signer signer(who, now, all);
    added.emplace_back("authorization",
                       "AWS4-HMAC-SHA256 Credential=" + who.accessKeyId + "/" + signer.scope()
                           + ", SignedHeaders=" + signer.names()
                           + ", Signature=" + signer.sign(request, request.query));
    return added;
}

std::string signedQuery(const RequestToSign& request, const SigningIdentity& who, SimTime now,
                        int expiresSeconds)
{
    const Signer signer(who, now, request.headers);
    std::string query = request.query + (request.query.empty() ? "" : "&")
        + "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
        + escaped(who.accessKeyId + "/" + signer.scope()) + "&X-Amz-Date=" + signer.time
        + "&X-Amz-Expires=" + std::to_string(expiresSeconds)
        + "&X-Amz-SignedHeaders=" + escaped(signer.names());
    if (!who.sessionToken.empty())
        query += "&X-Amz-Security-Token=" + escaped(who.sessionToken);
    return query + "&X-Amz-Signature=" + signer.sign(request, query);
}

} // namespace shardscope::tests
