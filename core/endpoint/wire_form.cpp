#include "core/endpoint/wire_form.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/base/budgets.h"

namespace shardscope::endpoint {
namespace {

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char low = static_cast<char>(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

bool decode(std::string_view text, std::string& out)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        if (text.size() - i < 3)
            return false;
        const int high = hexValue(text[i + 1]), low = hexValue(text[i + 2]);
        if (high < 0 || low < 0)
            return false;
        out += static_cast<char>(high << 4 | low);
        i += 2;
    }
    return true;
}

class Builder {
public:
    Builder(const Form& form, WireDocument& document)
        : m_form(form)
        , m_document(document)
    {
    }

    void add(const std::string& path, std::string_view name, const Shape& shape)
    {
        const std::size_t at = m_document.nodes.size();
        m_document.nodes.emplace_back().name = name;
        if (shape.type == ShapeType::Structure)
            members(path, at, shape);
        else if (shape.type == ShapeType::List)
            items(path, at, shape);
        else
            leaf(m_document.nodes[at], m_form.find(path)->second, shape.type);
        m_document.nodes[at].end = static_cast<std::uint32_t>(m_document.nodes.size());
    }

private:
    /// Whether the form has the field or one that lies in it.
    [[nodiscard]] bool has(const std::string& path, const Shape& shape) const
    {
        if (shape.type != ShapeType::Structure && shape.type != ShapeType::List)
            return m_form.contains(path);
        const auto next = m_form.lower_bound(path + '.');
        return next != m_form.end() && next->first.starts_with(path + '.');
    }

    void members(const std::string& path, std::size_t at, const Shape& shape)
    {
        m_document.nodes[at].kind = WireKind::Map;
        for (const Member& member : shape.members) {
            std::string inner = path.empty() ? path : path + '.';
            inner += member.name;
            if (has(inner, *member.shape))
                add(inner, member.name, *member.shape);
        }
    }

    void items(const std::string& path, std::size_t at, const Shape& shape)
    {
        m_document.nodes[at].kind = WireKind::List;
        for (std::size_t i = 1;; ++i) {
            const std::string inner = path + ".member." + std::to_string(i);
            if (!has(inner, *shape.of))
                return;
            add(inner, {}, *shape.of);
        }
    }

    static void leaf(WireDocument::Node& node, const std::string& text, ShapeType type)
    {
        node.kind = WireKind::Text;
        node.text = text;
        const char* const end = text.data() + text.size();
        if (type == ShapeType::Boolean && (text == "true" || text == "false")) {
            node.kind = WireKind::Bool;
            node.integer = text == "true" ? 1 : 0;
        } else if (type == ShapeType::Integer) {
            if (std::from_chars(text.data(), end, node.integer).ptr == end && !text.empty())
                node.kind = WireKind::Integer;
        } else if (type == ShapeType::Double) {
            if (std::from_chars(text.data(), end, node.number).ptr == end && !text.empty())
                node.kind = WireKind::Double;
        }
    }

    const Form& m_form;
    WireDocument& m_document;
};

} // namespace

Result<Form> readForm(std::string_view body)
{
    Form form;
    while (!body.empty()) {
        if (form.size() >= budgets::kWireValues)
            return fail(ErrorCode::BadInput, "the form has too many fields");
        const std::string_view pair = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(pair.size() + 1, body.size()));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        std::string name, value;
        if (!decode(pair.substr(0, equals), name)
            || !decode(pair.substr(std::min(equals + 1, pair.size())), value))
            return fail(ErrorCode::BadInput, "a field has a wrong escape");
        form.insert_or_assign(std::move(name), std::move(value));
    }
    return form;
}

WireDocument formTree(const Form& form, const Shape& shape)
{
    WireDocument document;
    Builder(form, document).add({}, {}, shape);
    return document;
}

} // namespace shardscope::endpoint
