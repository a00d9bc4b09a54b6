#include "core/endpoint/http1_parser.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <limits>

namespace shardscope::endpoint {

namespace http = boost::beast::http;

namespace {
std::string_view plain(boost::beast::string_view text)
{
    return {text.data(), text.size()};
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
}

Http1Parser::Http1Parser(IncomingRequest& request, std::size_t bodyBytes)
    : m_request(request)
    , m_bodyBytes(bodyBytes)
{
    // Both limits are the session's: Beast counts a head anew with each call, and a body of known
    // length is looked at before room is made for it.
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(std::numeric_limits<std::uint64_t>::max());
}

Http1Parser::State Http1Parser::parse(std::string_view& bytes)
{
    for (;;) {
        // An empty put() of a chunk's body would be taken for progress.
        if (bytes.empty() && !is_done())
            return State::More;
        Code code;
        const bool hadHead = m_headDone;
        const std::size_t used = put({bytes.data(), bytes.size()}, code);
        bytes.remove_prefix(used);
        if (code == http::error::need_more)
            return State::More;
        if (code) {
            if (!m_refusal)
                m_refusal = {400, "", "The request is not HTTP as it should be."};
            return State::Refused;
        }
        if (!hadHead && m_headDone)
            return State::Head;
        if (is_done())
            return State::Done;
    }
}

void Http1Parser::refuse(const Refusal& refusal, Code& code)
{
    m_refusal = refusal;
    code = http::error::bad_value;
}

void Http1Parser::on_request_impl(http::verb, View method, View target, int version, Code& code)
{
    m_request.method = plain(method);
    m_old = version == 10;
    readTarget(plain(target), code);
}

void Http1Parser::readTarget(std::string_view target, Code& code)
{
    if (target == "*")
        target = "/"; // OPTIONS about the server as a whole
    if (target.front() != '/') {
        // The absolute form, as a proxy is asked. CONNECT's form has no scheme.
        const std::size_t scheme = target.find("://");
        if (scheme == std::string_view::npos || m_request.method == "CONNECT")
            return refuse(refusals::kTarget, code);
        const std::size_t path = target.find_first_of("/?", scheme + 3);
        target.remove_prefix(std::min(path, target.size()));
    }
    target = target.substr(0, target.find('#'));
    const std::size_t question = std::min(target.find('?'), target.size());
    m_request.path = target.substr(0, question);
    if (m_request.path.empty())
        m_request.path += '/';
    if (question < target.size())
        m_request.query = target.substr(question + 1);
}

void Http1Parser::on_field_impl(http::field field, View name, View value, Code& code)
{
    if (m_headDone)
        return; // a trailer: nothing in it may change what was decided
    // Beast unfolds a line that is continued on the next; its value then lies elsewhere than right
    // behind the name.
    const char* behind = name.data() + name.size() + 1;
    while (*behind == ' ' || *behind == '\t')
        ++behind;
    if (value.data() != behind)
        return refuse("A field of the head is one line.", code);
    m_name.resize(name.size());
    std::transform(name.begin(), name.end(), m_name.begin(), lower);
    m_request.headers.add(m_name, plain(value));
    switch (field) {
    case http::field::content_length:
        return checkLength(plain(value), code);
    case http::field::transfer_encoding:
        if (m_hasCoding || m_hasLength || m_old)
            return refuse("Transfer-Encoding comes once, alone, and in HTTP/1.1.", code);
        m_hasCoding = true;
        if (!boost::beast::iequals(value, "chunked"))
            return refuse(refusals::kCoding, code);
        return;
    case http::field::host:
        if (++m_hosts > 1)
            return refuse("Host comes once.", code);
        return;
    case http::field::expect:
        m_expectsContinue = !m_old;
        if (!boost::beast::iequals(value, "100-continue"))
            return refuse(refusals::kExpectation, code);
        return;
    default:
        return;
    }
}

void Http1Parser::checkLength(std::string_view value, Code& code)
{
    const bool digits = !value.empty() && value.size() <= 18
        && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (m_hasLength || m_hasCoding || !digits)
        return refuse("Content-Length comes once, alone, as a number.", code);
    m_hasLength = true;
}

void Http1Parser::on_header_impl(Code& code)
{
    m_headDone = true;
    if (m_hosts == 0 && !m_old)
        refuse("HTTP/1.1 asks for a Host.", code);
}

void Http1Parser::on_chunk_header_impl(std::uint64_t bytes, View, Code& code)
{
    if (bytes > m_bodyBytes - m_request.bodySize())
        refuse(refusals::kBodyTooLarge, code);
}

std::size_t Http1Parser::on_chunk_body_impl(std::uint64_t, View body, Code& code)
{
    if (!m_request.append(plain(body)))
        refuse(refusals::kNoRoom, code);
    return body.size();
}

} // namespace shardscope::endpoint
