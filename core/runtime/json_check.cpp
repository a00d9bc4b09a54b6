#include "core/runtime/json_check.h"

#include <simdjson.h>
#include <vector>

namespace shardscope {
namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Walks over a text; what it looks for next is taken off the front.
class Walker {
public:
    explicit Walker(std::string_view text)
        : m_left(text)
    {
    }

    /// Without recursion: a text of opening brackets alone must not use up the stack.
    bool document()
    {
        std::vector<char> open; // brackets that must still be closed, by their closing ones
        for (;;) {
            space();
            // A value is due.
            if (take('{')) {
                space();
                if (!take('}')) {
                    open.push_back('}');
                    if (!key())
                        return false;
                    continue;
                }
            } else if (take('[')) {
                space();
                if (!take(']')) {
                    open.push_back(']');
                    continue;
                }
            } else if (!scalar()) {
                return false;
            }
            // A value has ended, and perhaps what it stands in.
            for (space(); !open.empty() && take(open.back()); space())
                open.pop_back();
            if (open.empty())
                return m_left.empty();
            if (!take(',') || (open.back() == '}' && !key()))
                return false;
        }
    }

private:
    bool take(char c)
    {
        if (m_left.empty() || m_left.front() != c)
            return false;
        m_left.remove_prefix(1);
        return true;
    }
    bool take(std::string_view word)
    {
        if (!m_left.starts_with(word))
            return false;
        m_left.remove_prefix(word.size());
        return true;
    }
    void space()
    {
        const std::size_t from = m_left.find_first_not_of(" \t\n\r");
        m_left.remove_prefix(from == m_left.npos ? m_left.size() : from);
    }
    bool key()
    {
        space();
        if (!string())
            return false;
        space();
        return take(':');
    }
    bool digits()
    {
        if (m_left.empty() || !isDigit(m_left.front()))
            return false;
        while (!m_left.empty() && isDigit(m_left.front()))
            m_left.remove_prefix(1);
        return true;
    }
    bool number()
    {
        take('-');
        if (!take('0') && !digits())
            return false;
        if (take('.') && !digits())
            return false;
        if (take('e') || take('E')) {
            if (!take('+'))
                take('-');
            return digits();
        }
        return true;
    }
    bool escape()
    {
        if (!take('u')) {
            constexpr std::string_view kEscapes = "\"\\/bfnrt";
            if (m_left.empty() || kEscapes.find(m_left.front()) == kEscapes.npos)
                return false;
            m_left.remove_prefix(1);
            return true;
        }
        constexpr std::string_view kHex = "0123456789abcdefABCDEF";
        if (m_left.size() < 4 || m_left.substr(0, 4).find_first_not_of(kHex) != m_left.npos)
            return false;
        m_left.remove_prefix(4);
        return true;
    }
    bool string()
    {
        if (!take('"'))
            return false;
        while (!m_left.empty()) {
            const auto c = static_cast<unsigned char>(m_left.front());
            if (c < 0x20)
                return false;
            m_left.remove_prefix(1);
            if (c == '"')
                return true;
            if (c == '\\' && !escape())
                return false;
        }
        return false;
    }
    bool scalar()
    {
        return (m_left.starts_with('"') && string()) || take("true") || take("false")
            || take("null") || number();
    }

    std::string_view m_left;
};

} // namespace

bool isJson(std::string_view text)
{
    return simdjson::validate_utf8(text.data(), text.size()) && Walker(text).document();
}

} // namespace shardscope
