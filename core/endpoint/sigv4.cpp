#include "core/endpoint/sigv4.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

#include "core/base/budgets.h"
#include "core/endpoint/sigv4_canonical.h"
#include "core/endpoint/sigv4_digest.h"
#include "core/engine/limits.h"

namespace shardscope::endpoint {

namespace {

using std::string_view;

AuthFailure invalid(std::string message)
{
    return {"InvalidSignatureException", std::move(message)};
}

AuthFailure unrecognized()
{
    return {"UnrecognizedClientException",
            "The security token included in the request is invalid."};
}

string_view viewOf(const std::array<char, 16>& timestamp)
{
    return {timestamp.data(), timestamp.size()};
}

bool isAccount(string_view text)
{
    return text.size() == 12
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool startsWith(string_view text, string_view with)
{
    return text.substr(0, with.size()) == with;
}

/// Whether both are the same, in a time that does not depend on where they differ.
bool sameSecretly(string_view a, string_view b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string scopeFaults(const AuthClaim& claim, string_view region, string_view service)
{
    std::string faults;
    if (claim.region != region)
        faults
            += "Credential should be scoped to a valid region, not '" + shown(claim.region) + "'. ";
    if (claim.service != service)
        faults
            += "Credential should be scoped to correct service: '" + std::string(service) + "'. ";
    if (claim.terminator != "aws4_request")
        faults += "Credential should be scoped with a valid terminator: 'aws4_request', not '"
            + shown(claim.terminator) + "'. ";
    const string_view day = viewOf(claim.timestamp).substr(0, 8);
    if (claim.date != day)
        faults
            .append("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of "
                    "date from HTTP: '")
            .append(shown(claim.date))
            .append("' != '")
            .append(day)
            .append("', from '")
            .append(viewOf(claim.timestamp))
            .append("'. ");
    if (!faults.empty())
        faults.pop_back();
    return faults;
}

bool isNamed(string_view names, string_view name)
{
    while (!names.empty()) {
        const std::size_t end = std::min(names.find(';'), names.size());
        if (names.substr(0, end) == name)
            return true;
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    return false;
}

/// The host, or a request could be sent on to another service; the target, or it could be made to
/// do something else. The time needs no naming: it is signed by itself.
std::string unsignedFaults(const Headers& headers, string_view names)
{
    std::string faults;
    if (!isNamed(names, "host") && !isNamed(names, ":authority"))
        faults = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization. ";
    if (headers.find("x-amz-target") && !isNamed(names, "x-amz-target"))
        faults += "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization. ";
    if (!faults.empty())
        faults.pop_back();
    return faults;
}

std::string spelled(SimDuration span)
{
    const std::int64_t seconds = span / SimDuration::seconds(1);
    return seconds % 60 == 0 ? std::to_string(seconds / 60) + " min."
                             : std::to_string(seconds) + " sec.";
}

std::string timeFault(const AuthClaim& claim, SimTime exactNow)
{
    const SimTime now = SimTime::fromSeconds(exactNow.inSeconds()); // as exact as a signature's
    const SimDuration life = claim.expiresSeconds ? SimDuration::seconds(*claim.expiresSeconds)
                                                  : limits::kSignatureSkew;
    const auto sentence = [&](string_view what, string_view than, SimTime bound, SimDuration by) {
        const auto edge = toBasicTime(bound), at = toBasicTime(now);
        std::string text(what);
        text.append(viewOf(claim.timestamp)).append(than).append(viewOf(edge)).append(" (");
        text.append(viewOf(at)).append(bound < now ? " - " : " + ").append(spelled(by));
        return text + ")";
    };
    if (claim.signedAt < now - life)
        return sentence("Signature expired: ", " is now earlier than ", now - life, life);
    const SimTime latest = now + limits::kSignatureSkew;
    if (claim.signedAt > latest)
        return sentence("Signature not yet current: ", " is still later than ", latest,
                        limits::kSignatureSkew);
    return {};
}

} // namespace

string_view addressedService(const HttpRequest& request)
{
    if (const auto target = request.headers.find("x-amz-target")) {
        if (startsWith(*target, "GraniteServiceVersion20100801."))
            return "monitoring";
        return startsWith(*target, "TrentService.") ? "kms" : "kinesis";
    }
    const string_view type = request.headers.find("content-type").value_or("");
    if (startsWith(request.path, "/service/GraniteServiceVersion20100801/")
        || startsWith(type, "application/x-www-form-urlencoded"))
        return "monitoring";
    return "kinesis";
}

/// What one check needs beside the request, kept from one to the next.
class Authenticator::Checker {
public:
    explicit Checker(const Options& options)
        : m_options(options)
    {
        m_keys.reserve(budgets::kSigningKeys);
    }

    tl::expected<Caller, AuthFailure> check(const HttpRequest& request, SimTime now)
    {
        const auto claim = readClaim(request, m_room);
        if (!claim)
            return tl::unexpected(claim.error());
        Caller caller {.accessKeyId = std::string(claim->accessKeyId),
                       .region = std::string(claim->region),
                       .service = std::string(claim->service)};
        if (!m_options.credentials) {
            if (isAccount(claim->accessKeyId))
                caller.account = claim->accessKeyId;
            return caller;
        }
        const auto credential = verify(*claim, request, now);
        if (!credential)
            return tl::unexpected(credential.error());
        caller.account = (*credential)->account;
        caller.verified = true;
        return caller;
    }

private:
    struct SigningKey {
        const Credential* credential;
        std::array<char, 8> date;
        string_view service; // one of addressedService's
        HmacSha256 hmac;
    };

    tl::expected<const Credential*, AuthFailure> verify(const AuthClaim& claim,
                                                        const HttpRequest& request, SimTime now)
    {
        const string_view service = addressedService(request);
        if (std::string faults = scopeFaults(claim, m_options.region, service); !faults.empty())
            return tl::unexpected(invalid(std::move(faults)));
        const auto fields = std::count(claim.signedHeaders.begin(), claim.signedHeaders.end(), ';');
        if (static_cast<std::size_t>(fields) >= budgets::kSignedHeadersMost)
            return tl::unexpected(invalid("SignedHeaders may name at most "
                                          + std::to_string(budgets::kSignedHeadersMost)
                                          + " header fields."));
        m_names.clear();
        appendSignedHeaders(m_names, claim.signedHeaders);
        if (std::string faults = unsignedFaults(request.headers, m_names); !faults.empty())
            return tl::unexpected(invalid(std::move(faults)));
        if (std::string fault = timeFault(claim, now); !fault.empty())
            return tl::unexpected(invalid(std::move(fault)));
        const Credential* credential = m_options.credentials->find(claim.accessKeyId);
        if (credential == nullptr
            || !sameSecretly(claim.securityToken, credential->sessionToken.reveal()))
            return tl::unexpected(unrecognized());
        if (auto fault = signatureFault(claim, request, *credential, service))
            return tl::unexpected(std::move(*fault));
        return credential;
    }

    std::optional<AuthFailure> signatureFault(const AuthClaim& claim, const HttpRequest& request,
                                              const Credential& credential, string_view service)
    {
        const HexDigest payload = toHex(m_sha256.of(request.body));
        const auto named = request.headers.find("x-amz-content-sha256");
        if (named && *named != endpoint::viewOf(payload))
            return invalid("The value of 'X-Amz-Content-Sha256' is not the SHA-256 of the "
                           "request's body.");
        writeCanonicalRequest(m_canonical, request, m_names, endpoint::viewOf(payload));
        writeStringToSign(claim);
        const HexDigest right = toHex(keyFor(credential, claim.date, service).of(m_toSign));
        if (sameSecretly(claim.signature, endpoint::viewOf(right)))
            return std::nullopt;
        return invalid(mismatch(claim));
    }

    void writeStringToSign(const AuthClaim& claim)
    {
        const HexDigest hash = toHex(m_sha256.of(m_canonical));
        m_toSign.assign("AWS4-HMAC-SHA256\n").append(viewOf(claim.timestamp)).append("\n");
        m_toSign.append(claim.date).append("/").append(claim.region).append("/");
        m_toSign.append(claim.service).append("/").append(claim.terminator).append("\n");
        m_toSign.append(endpoint::viewOf(hash));
    }

    /// With both texts, as the service gives them, unless a token stands in the first.
    std::string mismatch(const AuthClaim& claim) const
    {
        std::string text = "The request signature we calculated does not match the signature you "
                           "provided. Check your AWS Secret Access Key and signing method. Consult "
                           "the service documentation for details.";
        if (!claim.securityToken.empty() || m_canonical.size() > budgets::kCanonicalHintBytes)
            return text;
        text.append("\n\nThe Canonical String for this request should have been\n'")
            .append(m_canonical)
            .append("'\n\nThe String-to-Sign should have been\n'")
            .append(m_toSign)
            .append("'\n");
        for (char& c : text)
            c = (c >= ' ' && c <= '~') || c == '\n' ? c : '?';
        return text;
    }

    /// `date` and `service` have been checked: they have eight characters, and a short list.
    HmacSha256& keyFor(const Credential& credential, string_view date, string_view service)
    {
        for (SigningKey& key : m_keys) {
            if (key.credential == &credential && key.service == service
                && string_view(key.date.data(), key.date.size()) == date)
                return key.hmac;
        }
        SigningKey made {
            &credential,
            {},
            service,
            signingKey(credential.secretAccessKey.reveal(), {date, m_options.region, service})};
        std::copy(date.begin(), date.end(), made.date.begin());
        if (m_keys.size() < budgets::kSigningKeys) {
            m_keys.push_back(std::move(made));
            return m_keys.back().hmac;
        }
        m_oldest = (m_oldest + 1) % m_keys.size();
        m_keys[m_oldest] = std::move(made);
        return m_keys[m_oldest].hmac;
    }

    const Options& m_options;
    Sha256 m_sha256;
    std::vector<SigningKey> m_keys;
    std::size_t m_oldest = 0;
    std::string m_room, m_names, m_canonical, m_toSign;
};

Authenticator::Authenticator(Options options)
    : m_options(std::move(options))
{
}

Authenticator::~Authenticator() = default;

tl::expected<Caller, AuthFailure> Authenticator::check(const HttpRequest& request, SimTime now)
{
    auto checker = takeChecker();
    auto caller = checker->check(request, now);
    giveBack(std::move(checker));
    return caller;
}

std::unique_ptr<Authenticator::Checker> Authenticator::takeChecker()
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_idle.empty()) {
            auto checker = std::move(m_idle.back());
            m_idle.pop_back();
            return checker;
        }
    }
    return std::make_unique<Checker>(m_options);
}

void Authenticator::giveBack(std::unique_ptr<Checker> checker)
{
    const std::lock_guard lock(m_mutex);
    m_idle.push_back(std::move(checker));
}

} // namespace shardscope::endpoint
