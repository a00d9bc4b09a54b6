#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/endpoint/http_server.h"

namespace shardscope::endpoint {

/// The certificate that this program makes for itself, so that clients can speak TLS to it at once.
/// Clients trust it by naming its file as their bundle of authorities.
struct LocalCertificate {
    TlsIdentity identity;
    std::filesystem::path certificateFile;
    std::string fingerprint; ///< as fingerprintOf() says it
};

/// Days that a certificate made here holds: the most that clients on Apple's systems accept.
inline constexpr int kLocalCertificateDays = 825;

/// The certificate in `folder`, made on first use (EC P-256, self-signed, for localhost, 127.0.0.1,
/// ::1 and `hosts`), and again when it ends within a day of `now`, lacks one of these names, or
/// does not fit its key. The folder (0700) and the files `certificate.pem` and `key.pem` (0600) are
/// for this user alone. Errors: Io.
[[nodiscard]] Result<LocalCertificate> localCertificate(const std::filesystem::path& folder,
                                                        const std::vector<std::string>& hosts,
                                                        std::chrono::system_clock::time_point now);

/// A certificate and its key from files of the user's own. Errors: Io (cannot be read), BadInput
/// (not a pair in PEM form), each with the file's name.
[[nodiscard]] Result<TlsIdentity> readIdentity(const std::filesystem::path& certificate,
                                               const std::filesystem::path& key);

/// SHA-256 over the first certificate of a PEM text, as browsers and `openssl x509 -fingerprint`
/// show it: `AB:CD:…`. Empty when there is none.
[[nodiscard]] std::string fingerprintOf(const std::string& certificatePem);

} // namespace shardscope::endpoint
