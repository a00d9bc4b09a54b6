#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <string>
#include <string_view>

#include "core/endpoint/refusals.h"
#include "core/endpoint/request_pool.h"

namespace shardscope::endpoint {

/// Reads one HTTP/1 request: Beast's grammar, and above it what Beast lets through and a proxy
/// might read otherwise (folded lines, repeated or odd lengths, codings, Host). Fields go straight
/// into the request; a body of known length does not pass through here.
class Http1Parser : public boost::beast::http::basic_parser<true> {
public:
    /// `request` must outlive the parser. A chunked body beyond `bodyBytes` is refused.
    Http1Parser(IncomingRequest& request, std::size_t bodyBytes);

    enum class State {
        More, ///< needs more bytes than it was given
        Head, ///< the head has just come whole
        Done, ///< the chunked body has come whole
        Refused, ///< see refusal()
    };
    /// Takes bytes from the front of `bytes`; what is left must be shown again with more behind it.
    [[nodiscard]] State parse(std::string_view& bytes);

    [[nodiscard]] const Refusal& refusal() const { return m_refusal; }
    [[nodiscard]] bool expectsContinue() const { return m_expectsContinue; }
    [[nodiscard]] bool old() const { return m_old; } ///< HTTP/1.0
    [[nodiscard]] bool wantsToStay() const { return keep_alive(); }

private:
    using Code = boost::beast::error_code;
    using View = boost::beast::string_view;

    void on_request_impl(boost::beast::http::verb verb, View method, View target, int version,
                         Code& code) override;
    void on_response_impl(int, View, int, Code&) override { }
    void on_field_impl(boost::beast::http::field field, View name, View value, Code& code) override;
    void on_header_impl(Code& code) override;
    void on_body_init_impl(boost::optional<std::uint64_t> const&, Code&) override { }
    std::size_t on_body_impl(View body, Code&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t bytes, View extensions, Code& code) override;
    std::size_t on_chunk_body_impl(std::uint64_t remain, View body, Code& code) override;
    void on_finish_impl(Code&) override { }

    void refuse(const Refusal& refusal, Code& code);
    void refuse(std::string_view sentence, Code& code) { refuse({400, "", sentence}, code); }
    void readTarget(std::string_view target, Code& code);
    void checkLength(std::string_view value, Code& code);

    IncomingRequest& m_request;
    const std::size_t m_bodyBytes;
    Refusal m_refusal;
    std::string m_name; ///< of a field, in lower case
    int m_hosts = 0;
    bool m_hasLength = false, m_hasCoding = false;
    bool m_expectsContinue = false;
    bool m_old = false;
    bool m_headDone = false;
};

} // namespace shardscope::endpoint
