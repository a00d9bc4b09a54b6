#pragma once

#include <string>
#include <string_view>

#include "core/endpoint/http.h"

/// The text that a signature covers, written from a request as it came:
///
///     method LF path LF query LF *( name ":" value LF ) LF signed-headers LF payload-hash
///
/// Pure functions over arbitrary bytes; each appends to `to`.
namespace shardscope::endpoint {

/// Dot segments and repeated slashes are resolved, then everything but A–Z a–z 0–9 - . _ ~ and /
/// is percent-encoded: a second time, where the client has done it once.
void appendCanonicalPath(std::string& to, std::string_view path);

/// Parameters sorted by name and value, encoded once. A parameter without a value gets its "=";
/// X-Amz-Signature is left out.
void appendCanonicalQuery(std::string& to, std::string_view query);

/// A field's value without white space around it and with one space for each run of it inside;
/// fields of the same name are joined by commas.
void appendCanonicalHeader(std::string& to, const Headers& headers, std::string_view name);

/// Names as they stand in the text: lower case, sorted, each once. Most clients send them so.
void appendSignedHeaders(std::string& to, std::string_view names);

/// The whole text. `payloadHash` is hexadecimal.
void writeCanonicalRequest(std::string& to, const HttpRequest& request, std::string_view names,
                           std::string_view payloadHash);

/// The field that a signed name means. Clients of HTTP/2 sign `:authority` where others sign
/// `host`; a session may have kept either.
[[nodiscard]] std::string_view fieldOf(const Headers& headers, std::string_view signedName);

/// The byte behind a "%XX" is decoded; a "%" that begins none stays.
void appendPercentDecoded(std::string& to, std::string_view text);

} // namespace shardscope::endpoint
