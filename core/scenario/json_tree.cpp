#include "core/scenario/json_tree.h"

#include <algorithm>
#include <cstdint>

namespace shardscope {
namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

void appendUtf8(std::string& out, std::uint32_t c)
{
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xc0 | c >> 6);
        put(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        put(0xe0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3f));
        put(0x80 | (c & 0x3f));
    } else {
        put(0xf0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3f));
        put(0x80 | (c >> 6 & 0x3f));
        put(0x80 | (c & 0x3f));
    }
}

/// Length of the well-formed UTF-8 sequence at the start of `s`, or 0.
std::size_t utf8Length(std::string_view s)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const unsigned first = byte(0);
    const std::size_t length = first < 0x80 ? 1
        : first >= 0xc2 && first < 0xe0     ? 2
        : first >= 0xe0 && first < 0xf0     ? 3
        : first >= 0xf0 && first < 0xf5     ? 4
                                            : 0;
    if (length == 0 || s.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0) != 0x80)
            return 0;
    const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
    const bool surrogate = first == 0xed && byte(1) >= 0xa0;
    const bool beyond = first == 0xf4 && byte(1) >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

/// Recursive descent. After a fault every function returns false and m_fault says why.
class Parser {
public:
    Parser(std::string_view text, std::string_view fileName)
        : m_text(text)
        , m_file(fileName)
    {
    }

    Result<JsonNode> document()
    {
        JsonNode root;
        if (m_text.size() > kJsonTextMost)
            fault("the file is larger than 16 MiB; a scenario has some kilobytes");
        else if (value(root, 0)) {
            skipSpace();
            if (m_at < m_text.size())
                fault("there is text behind the closing brace; a scenario is one object");
        }
        if (!m_fault.empty())
            return shardscope::fail(ErrorCode::BadInput, m_fault);
        return root;
    }

private:
    bool fault(std::string what)
    {
        m_fault = std::string(m_file) + ':' + std::to_string(m_line) + ": " + what;
        return false;
    }

    [[nodiscard]] char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }

    /// What stands here, for a message.
    [[nodiscard]] std::string met() const
    {
        if (m_at >= m_text.size())
            return "the end of the file";
        const std::size_t length = utf8Length(m_text.substr(m_at));
        if (length == 0 || static_cast<unsigned char>(m_text[m_at]) < 0x20)
            return "an unprintable byte";
        return '\'' + std::string(m_text.substr(m_at, length)) + '\'';
    }

    void skipSpace()
    {
        for (; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            if (c == '\n')
                ++m_line;
            else if (c != ' ' && c != '\t' && c != '\r')
                return;
        }
    }

    bool value(JsonNode& out, int depth)
    {
        skipSpace();
        out.line = m_line;
        if (depth > kJsonDepthMost)
            return fault("objects and lists are nested deeper than 64 levels");
        switch (peek()) {
        case '{':
            return object(out, depth);
        case '[':
            return list(out, depth);
        case '"':
            out.kind = JsonNode::Kind::Text;
            return string(out.text);
        case 't':
            out.flag = true;
            return word("true", JsonNode::Kind::Bool, out);
        case 'f':
            return word("false", JsonNode::Kind::Bool, out);
        case 'n':
            return word("null", JsonNode::Kind::Null, out);
        default:
            return number(out);
        }
    }

    bool word(std::string_view expected, JsonNode::Kind kind, JsonNode& out)
    {
        if (m_text.substr(m_at, expected.size()) != expected)
            return fault("expected a value, met " + met());
        m_at += expected.size();
        out.kind = kind;
        return true;
    }

    bool digits()
    {
        if (!isDigit(peek()))
            return false;
        while (isDigit(peek()))
            ++m_at;
        return true;
    }

    bool number(JsonNode& out)
    {
        const std::size_t begin = m_at;
        if (peek() == '-')
            ++m_at;
        if (!isDigit(peek()))
            return fault("expected a value, met " + met());
        if (peek() == '0')
            ++m_at;
        else
            digits();
        if (isDigit(peek()))
            return fault("a number must not begin with 0");
        if (peek() == '.') {
            ++m_at;
            if (!digits())
                return fault("digits must follow the decimal point");
        }
        if (peek() == 'e' || peek() == 'E') {
            ++m_at;
            if (peek() == '+' || peek() == '-')
                ++m_at;
            if (!digits())
                return fault("digits must follow the exponent's e");
        }
        out.kind = JsonNode::Kind::Number;
        out.text = m_text.substr(begin, m_at - begin);
        return true;
    }

    bool hex4(std::uint32_t& out)
    {
        out = 0;
        for (int i = 0; i < 4; ++i, ++m_at) {
            const char c = peek();
            const int digit = isDigit(c) ? c - '0'
                : (c >= 'a' && c <= 'f') ? c - 'a' + 10
                : (c >= 'A' && c <= 'F') ? c - 'A' + 10
                                         : -1;
            if (digit < 0)
                return fault("four hexadecimal digits must follow \\u");
            out = out << 4 | static_cast<std::uint32_t>(digit);
        }
        return true;
    }

    bool unicode(std::string& out)
    {
        std::uint32_t c = 0;
        if (!hex4(c))
            return false;
        if (c >= 0xd800 && c < 0xdc00) {
            std::uint32_t low = 0;
            if (m_text.substr(m_at, 2) != "\\u")
                return fault("half a surrogate pair; write the character itself");
            m_at += 2;
            if (!hex4(low))
                return false;
            if (low < 0xdc00 || low > 0xdfff)
                return fault("half a surrogate pair; write the character itself");
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        } else if (c >= 0xdc00 && c < 0xe000) {
            return fault("half a surrogate pair; write the character itself");
        }
        appendUtf8(out, c);
        return true;
    }

    bool escape(std::string& out)
    {
        static constexpr std::string_view kLetters = "\"\\/bfnrt";
        static constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
        const char c = peek();
        ++m_at;
        if (c == 'u')
            return unicode(out);
        const std::size_t which = kLetters.find(c);
        if (c == '\0' || which == std::string_view::npos)
            return fault("an unknown escape; write a backslash as \\\\");
        out += kMeant[which];
        return true;
    }

    bool string(std::string& out)
    {
        ++m_at;
        for (;;) {
            if (m_at >= m_text.size() || peek() == '\n')
                return fault("a text ends without its closing quotation mark");
            const char c = peek();
            if (c == '"') {
                ++m_at;
                return true;
            }
            if (c == '\\') {
                ++m_at;
                if (!escape(out))
                    return false;
                continue;
            }
            if (static_cast<unsigned char>(c) < 0x20)
                return fault("a control character stands in a text; write \\t, \\n or \\u00xx");
            const std::size_t length = utf8Length(m_text.substr(m_at));
            if (length == 0)
                return fault("a text is not UTF-8");
            out += m_text.substr(m_at, length);
            m_at += length;
        }
    }

    bool list(JsonNode& out, int depth)
    {
        out.kind = JsonNode::Kind::List;
        ++m_at;
        skipSpace();
        if (peek() == ']') {
            ++m_at;
            return true;
        }
        for (;;) {
            if (!value(out.items.emplace_back(), depth + 1))
                return false;
            skipSpace();
            const char c = peek();
            if (c != ',' && c != ']')
                return fault("expected , or ] in a list, met " + met());
            ++m_at;
            if (c == ']')
                return true;
        }
    }

    bool object(JsonNode& out, int depth)
    {
        out.kind = JsonNode::Kind::Object;
        ++m_at;
        skipSpace();
        if (peek() == '}') {
            ++m_at;
            return true;
        }
        for (;;) {
            if (!member(out, depth))
                return false;
            skipSpace();
            const char c = peek();
            if (c != ',' && c != '}')
                return fault("expected , or } in an object, met " + met());
            ++m_at;
            if (c == '}')
                return true;
        }
    }

    bool member(JsonNode& out, int depth)
    {
        skipSpace();
        if (peek() != '"')
            return fault("expected a field's name in quotation marks, met " + met());
        JsonMember member;
        member.line = m_line;
        if (!string(member.name))
            return false;
        if (out.find(member.name) != nullptr)
            return fault(member.name + ": stands twice in one object; keep one of them");
        skipSpace();
        if (peek() != ':')
            return fault(member.name + ": expected : and a value, met " + met());
        ++m_at;
        if (!value(member.value, depth + 1))
            return false;
        out.members.push_back(std::move(member));
        if (out.members.size() > kJsonFieldsMost)
            return fault("an object has more than 1,000 fields");
        return true;
    }

    std::string_view m_text, m_file;
    std::size_t m_at = 0;
    int m_line = 1;
    std::string m_fault;
};

} // namespace

const JsonNode* JsonNode::find(std::string_view name) const
{
    const auto it = std::find_if(members.begin(), members.end(),
                                 [&](const JsonMember& m) { return m.name == name; });
    return it == members.end() ? nullptr : &it->value;
}

Result<JsonNode> parseJson(std::string_view text, std::string_view fileName)
{
    if (text.substr(0, 3) == "\xef\xbb\xbf")
        text.remove_prefix(3); // a byte order mark, as some editors write
    return Parser(text, fileName).document();
}

const char* kindText(JsonNode::Kind kind)
{
    switch (kind) {
    case JsonNode::Kind::Null:
        return "null";
    case JsonNode::Kind::Bool:
        return "true or false";
    case JsonNode::Kind::Number:
        return "a number";
    case JsonNode::Kind::Text:
        return "a text";
    case JsonNode::Kind::List:
        return "a list";
    case JsonNode::Kind::Object:
        return "an object";
    }
    return "";
}

} // namespace shardscope
