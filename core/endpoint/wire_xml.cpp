#include "core/endpoint/wire_xml.h"

#include <array>
#include <charconv>

#include "core/base/base64.h"

namespace shardscope::endpoint {
namespace {

constexpr std::string_view kNamespace = "http://monitoring.amazonaws.com/doc/2010-08-01/";

} // namespace

void appendXmlText(std::string& out, std::string_view text)
{
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '\n':
        case '\t':
            out += c;
            break;
        default:
            // XML has no way to write the other control characters.
            out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
        }
    }
}

std::string XmlWriter::nextName() const
{
    if (m_open.empty())
        return {};
    return m_open.back().list ? "member" : m_name;
}

void XmlWriter::open()
{
    m_open.push_back({nextName(), false});
    if (!m_open.back().name.empty())
        m_out += '<' + m_open.back().name + '>';
}

void XmlWriter::close()
{
    if (!m_open.back().name.empty())
        m_out += "</" + m_open.back().name + '>';
    m_open.pop_back();
}

void XmlWriter::leaf(std::string_view escaped)
{
    const std::string name = nextName();
    m_out += '<' + name + '>';
    m_out += escaped;
    m_out += "</" + name + '>';
}

void XmlWriter::text(std::string_view value)
{
    std::string escaped;
    appendXmlText(escaped, value);
    leaf(escaped);
}

void XmlWriter::integer(std::int64_t value)
{
    leaf(std::to_string(value));
}

void XmlWriter::number(double value)
{
    std::array<char, 32> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    leaf({digits.data(), error == std::errc {} ? end : digits.data()});
}

void XmlWriter::boolean(bool value)
{
    leaf(value ? "true" : "false");
}
void XmlWriter::null()
{
    leaf({});
}
void XmlWriter::time(SimTime at)
{
    leaf(toIso(at));
}

void XmlWriter::blob(std::string_view bytes)
{
    std::string letters;
    appendBase64(letters, bytes);
    leaf(letters);
}

std::string xmlEnvelope(std::string_view operation, std::string_view inside,
                        std::string_view requestId)
{
    const std::string name(operation);
    std::string out = '<' + name + "Response xmlns=\"";
    out.append(kNamespace).append("\">");
    if (!inside.empty())
        out.append('<' + name + "Result>").append(inside).append("</" + name + "Result>");
    out.append("<ResponseMetadata><RequestId>").append(requestId);
    return out.append("</RequestId></ResponseMetadata></" + name + "Response>");
}

std::string xmlError(int status, std::string_view code, std::string_view message,
                     std::string_view requestId)
{
    std::string out = "<ErrorResponse xmlns=\"";
    out.append(kNamespace).append("\"><Error><Type>");
    out.append(status < 500 ? "Sender" : "Receiver").append("</Type><Code>").append(code);
    out.append("</Code><Message>");
    appendXmlText(out, message);
    out.append("</Message></Error><RequestId>").append(requestId);
    return out.append("</RequestId></ErrorResponse>");
}

} // namespace shardscope::endpoint
