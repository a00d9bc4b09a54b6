#include "core/endpoint/local_certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

#include "core/endpoint/tls_context.h"
#include "core/endpoint/tls_pem.h"

namespace shardscope::endpoint {

namespace {
namespace fs = std::filesystem;
using WallClock = std::chrono::system_clock::time_point;

tl::unexpected<Error> ioError(const std::string& doing, const fs::path& path)
{
    return fail(ErrorCode::Io, doing + ' ' + path.string() + ": " + std::strerror(errno));
}

std::optional<std::string> readFile(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

/// Whole or not at all, and never readable by others on the way.
Result<void> writeFile(const fs::path& path, const std::string& text)
{
    const std::string fresh = path.string() + ".new";
    ::unlink(fresh.c_str());
    const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return ioError("cannot write", fresh);
    const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const bool closed = ::fsync(fd) == 0 && ::close(fd) == 0;
    if (!written || !closed || std::rename(fresh.c_str(), path.c_str()) != 0)
        return ioError("cannot write", path);
    return {};
}

bool isAddress(const std::string& host)
{
    ASN1_OCTET_STRING* address = a2i_IPADDRESS(host.c_str());
    ASN1_OCTET_STRING_free(address);
    return address != nullptr;
}

/// Whom the certificate must name. An address that stands for all of a machine's is no name.
std::vector<std::string> namesFor(const std::vector<std::string>& hosts)
{
    std::vector<std::string> names {"localhost", "127.0.0.1", "::1"};
    for (const std::string& host : hosts) {
        if (host != "0.0.0.0" && host != "::"
            && std::find(names.begin(), names.end(), host) == names.end())
            names.push_back(host);
    }
    return names;
}

bool fits(const TlsIdentity& identity, const std::vector<std::string>& names, WallClock now)
{
    const auto certificates = certificatesOf(identity.certificatePem);
    if (certificates.empty() || !TlsContext::make(identity))
        return false;
    X509* certificate = certificates.front().get();
    std::time_t tomorrow = std::chrono::system_clock::to_time_t(now + std::chrono::hours(24));
    if (X509_cmp_time(X509_get0_notAfter(certificate), &tomorrow) <= 0)
        return false;
    return std::all_of(names.begin(), names.end(), [certificate](const std::string& name) {
        return isAddress(name)
            ? X509_check_ip_asc(certificate, name.c_str(), 0) == 1
            : X509_check_host(certificate, name.data(), name.size(), 0, nullptr) == 1;
    });
}

bool extend(X509* certificate, int nid, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    const bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

bool nameAndNumber(X509* certificate)
{
    std::array<unsigned char, 16> serial {};
    if (RAND_bytes(serial.data(), static_cast<int>(serial.size())) != 1)
        return false;
    serial[0] = static_cast<unsigned char>((serial[0] & 0x7f) | 0x40); // positive, full length
    BIGNUM* number = BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    X509_NAME* name = X509_get_subject_name(certificate);
    const auto* text = reinterpret_cast<const unsigned char*>("Shardscope on this machine");
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1
        && X509_set_issuer_name(certificate, name) == 1;
}

/// A certificate that is its own authority, or null.
CertificatePtr certify(EVP_PKEY* key, const std::vector<std::string>& names, WallClock now)
{
    CertificatePtr made(X509_new());
    X509* certificate = made.get();
    std::time_t second = std::chrono::system_clock::to_time_t(now);
    std::string alternatives;
    for (const std::string& name : names)
        alternatives.append(alternatives.empty() ? "" : ",")
            .append(isAddress(name) ? "IP:" : "DNS:")
            .append(name);
    // An hour back, for clients whose clocks are late.
    const bool done = X509_set_version(certificate, 2) == 1 && nameAndNumber(certificate)
        && X509_time_adj_ex(X509_getm_notBefore(certificate), 0, -3600, &second)
        && X509_time_adj_ex(X509_getm_notAfter(certificate), kLocalCertificateDays, 0, &second)
        && X509_set_pubkey(certificate, key) == 1
        && extend(certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
        && extend(certificate, NID_key_usage, "critical,digitalSignature,keyCertSign")
        && extend(certificate, NID_ext_key_usage, "serverAuth")
        && extend(certificate, NID_subject_key_identifier, "hash")
        && extend(certificate, NID_subject_alt_name, alternatives)
        && X509_sign(certificate, key, EVP_sha256()) > 0;
    return done ? std::move(made) : nullptr;
}

std::string textOf(BIO* bio)
{
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio, &text);
    return {text, static_cast<std::size_t>(size)};
}

Result<TlsIdentity> make(const std::vector<std::string>& names, WallClock now)
{
    const KeyPtr key(EVP_EC_gen("P-256"));
    const CertificatePtr certificate = key ? certify(key.get(), names, now) : nullptr;
    const BioPtr certificateText(BIO_new(BIO_s_mem()));
    const BioPtr keyText(BIO_new(BIO_s_mem()));
    if (!certificate || PEM_write_bio_X509(certificateText.get(), certificate.get()) != 1
        || PEM_write_bio_PrivateKey(keyText.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr)
            != 1)
        return fail(ErrorCode::Io, "a certificate could not be made");
    return TlsIdentity {textOf(certificateText.get()), textOf(keyText.get())};
}

Result<TlsIdentity> makeIn(const fs::path& folder, const fs::path& certificateFile,
                           const fs::path& keyFile, const std::vector<std::string>& names,
                           WallClock now)
{
    std::error_code error;
    fs::create_directories(folder.parent_path(), error);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return ioError("cannot make the folder", folder);
    auto identity = make(names, now);
    if (!identity)
        return identity;
    // Should only one of the two be written, they do not fit, and are made again.
    if (auto written = writeFile(keyFile, identity->privateKeyPem); !written)
        return tl::unexpected(written.error());
    if (auto written = writeFile(certificateFile, identity->certificatePem); !written)
        return tl::unexpected(written.error());
    return identity;
}
}

Result<LocalCertificate> localCertificate(const fs::path& folder,
                                          const std::vector<std::string>& hosts, WallClock now)
{
    LocalCertificate local;
    local.certificateFile = folder / "certificate.pem";
    const fs::path keyFile = folder / "key.pem";
    const auto names = namesFor(hosts);
    local.identity = {readFile(local.certificateFile).value_or(""), readFile(keyFile).value_or("")};
    if (!fits(local.identity, names, now)) {
        auto made = makeIn(folder, local.certificateFile, keyFile, names, now);
        if (!made)
            return tl::unexpected(made.error());
        local.identity = std::move(*made);
    }
    local.fingerprint = fingerprintOf(local.identity.certificatePem);
    return local;
}

Result<TlsIdentity> readIdentity(const fs::path& certificate, const fs::path& key)
{
    auto certificateText = readFile(certificate);
    if (!certificateText)
        return fail(ErrorCode::Io, "cannot read the certificate " + certificate.string());
    auto keyText = readFile(key);
    if (!keyText)
        return fail(ErrorCode::Io, "cannot read the private key " + key.string());
    TlsIdentity identity {std::move(*certificateText), std::move(*keyText)};
    if (auto context = TlsContext::make(identity); !context)
        return fail(context.error().code,
                    certificate.string() + " with " + key.string() + ": "
                        + context.error().message);
    return identity;
}

std::string fingerprintOf(const std::string& certificatePem)
{
    const auto certificates = certificatesOf(certificatePem);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned size = 0;
    if (certificates.empty()
        || X509_digest(certificates.front().get(), EVP_sha256(), digest.data(), &size) != 1)
        return {};
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        static constexpr char kHex[] = "0123456789ABCDEF";
        text.append(i > 0 ? 1 : 0, ':');
        text += kHex[digest[i] >> 4];
        text += kHex[digest[i] & 15];
    }
    return text;
}

} // namespace shardscope::endpoint
