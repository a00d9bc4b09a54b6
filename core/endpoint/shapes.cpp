#include "core/endpoint/shapes.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/base64.h"
#include "core/endpoint/wire_moment.h"
#include "core/engine/constraints.h"

namespace shardscope::endpoint {
namespace {

const char* typeText(ShapeType type)
{
    switch (type) {
    case ShapeType::Text:
        return "String";
    case ShapeType::Blob:
        return "Blob";
    case ShapeType::Integer:
        return "Integer";
    case ShapeType::Double:
        return "Double";
    case ShapeType::Boolean:
        return "Boolean";
    case ShapeType::Timestamp:
        return "Timestamp";
    case ShapeType::List:
        return "List";
    case ShapeType::Map:
        return "Map";
    case ShapeType::Structure:
        return "Structure";
    }
    return "";
}

/// A value of the wrong type.
std::string mismatch(const WireValue& value, ShapeType type)
{
    const auto converted = [&](const char* found) {
        return std::string(found) + " can not be converted to " + typeText(type);
    };
    switch (value.kind()) {
    case WireKind::Map:
        return "Start of structure or map found where not expected.";
    case WireKind::List:
        return "Start of list found where not expected.";
    case WireKind::Bool:
        return converted(value.node().integer != 0 ? "TRUE_VALUE" : "FALSE_VALUE");
    case WireKind::Integer:
    case WireKind::Double:
    case WireKind::Time:
        return converted("NUMBER_VALUE");
    case WireKind::Text:
        return converted("STRING_VALUE");
    case WireKind::Bytes:
        return converted("BINARY_VALUE");
    case WireKind::Null:
        return converted("NULL_VALUE");
    }
    return {};
}

bool isNumber(WireKind kind)
{
    return kind == WireKind::Integer || kind == WireKind::Double;
}

std::optional<std::string> blobFault(const WireValue& value)
{
    if (value.kind() == WireKind::Bytes)
        return std::nullopt;
    if (value.kind() != WireKind::Text)
        return mismatch(value, ShapeType::Blob);
    if (value.text().size() % 4 != 0)
        return "Base64 encoded length is expected a multiple of 4 bytes but found: "
            + std::to_string(value.text().size());
    std::vector<char> bytes(base64Room(value.text().size()));
    if (!decodeBase64(value.text(), bytes.data()))
        return "Invalid Base64 character or padding found.";
    return std::nullopt;
}

std::optional<std::string> memberFault(const WireValue& value, const Shape& shape)
{
    if (value.kind() != WireKind::Map)
        return mismatch(value, shape.type);
    for (const Member& member : shape.members)
        if (const auto found = value.find(member.name))
            if (auto fault = typeFault(*found, *member.shape))
                return fault;
    return std::nullopt;
}

std::optional<std::string> itemFault(const WireValue& value, const Shape& shape)
{
    if (value.kind() != (shape.type == ShapeType::List ? WireKind::List : WireKind::Map))
        return mismatch(value, shape.type);
    for (const WireValue item : value)
        if (auto fault = typeFault(item, *shape.of))
            return fault;
    return std::nullopt;
}

bool hasType(const WireValue& value, ShapeType type)
{
    const WireKind kind = value.kind();
    switch (type) {
    case ShapeType::Text:
        return kind == WireKind::Text;
    case ShapeType::Integer:
    case ShapeType::Double:
        return isNumber(kind);
    case ShapeType::Boolean:
        return kind == WireKind::Bool;
    case ShapeType::Timestamp:
        return momentOf(value).has_value();
    case ShapeType::Blob:
    case ShapeType::List:
    case ShapeType::Map:
    case ShapeType::Structure:
        break;
    }
    return false;
}

/// Gathers what fails, with the path to it.
class Checker {
public:
    static constexpr std::size_t kTold = 10;

    void check(const WireValue& value, const Shape& shape, const std::string& path)
    {
        switch (shape.type) {
        case ShapeType::Structure:
            return members(value, shape, path);
        case ShapeType::List:
            return list(value, shape, path);
        case ShapeType::Map:
            return map(value, shape, path);
        case ShapeType::Text:
        case ShapeType::Blob:
        case ShapeType::Integer:
        case ShapeType::Double:
        case ShapeType::Boolean:
        case ShapeType::Timestamp:
            for (const std::string& must : refusals(value, shape))
                add(path, must);
        }
    }

    [[nodiscard]] Result<void> result() const
    {
        if (m_faults.empty())
            return {};
        const std::size_t count = m_faults.size();
        std::string text
            = std::to_string(count) + " validation error" + (count == 1 ? "" : "s") + " detected: ";
        for (std::size_t i = 0; i < count; ++i)
            text += (i == 0 ? "" : "; ") + m_faults[i];
        return fail(ErrorCode::Validation, std::move(text));
    }

private:
    void add(const std::string& path, const std::string& must)
    {
        if (m_faults.size() < kTold)
            m_faults.push_back("Value at '" + path + "' failed to satisfy constraint: " + must);
    }

    void members(const WireValue& value, const Shape& shape, const std::string& path)
    {
        for (const Member& member : shape.members) {
            std::string inner = path.empty() ? std::string() : path + '.';
            inner += static_cast<char>(member.name[0] | 0x20);
            inner += member.name.substr(1);
            if (const auto found = value.find(member.name))
                check(*found, *member.shape, inner);
            else if (member.required)
                add(inner, "Member must not be null");
            if (m_faults.size() == kTold)
                return;
        }
    }

    void list(const WireValue& value, const Shape& shape, const std::string& path)
    {
        size(value, shape, path);
        std::size_t i = 0;
        for (const WireValue item : value) {
            ++i;
            if (m_faults.size() == kTold)
                return;
            if (shape.of->type == ShapeType::Text)
                inside(path, "Member must satisfy constraint: ", refusals(item, *shape.of));
            else
                check(item, *shape.of, path + '.' + std::to_string(i) + ".member");
        }
    }

    void map(const WireValue& value, const Shape& shape, const std::string& path)
    {
        size(value, shape, path);
        for (const WireValue item : value) {
            if (m_faults.size() == kTold)
                return;
            inside(path, "Map keys must satisfy constraint: ", refused(item.name(), *shape.key));
            if (shape.of->type == ShapeType::Text)
                inside(path, "Map value must satisfy constraint: ", refusals(item, *shape.of));
            else
                check(item, *shape.of, path + '.' + std::string(item.name()) + ".member");
        }
    }

    /// Of texts in lists and maps all constraints are told at once, without the place.
    void inside(const std::string& path, const char* what, const std::vector<std::string>& musts)
    {
        if (musts.empty())
            return;
        std::string text = what;
        for (std::size_t i = 0; i < musts.size(); ++i)
            text += (i == 0 ? "[" : ", ") + musts[i];
        add(path, text + ']');
    }

    void size(const WireValue& value, const Shape& shape, const std::string& path)
    {
        for (const std::string& must :
             bounds("length", static_cast<std::int64_t>(value.size()), shape))
            add(path, must);
    }

    static std::vector<std::string> bounds(const char* what, std::int64_t value, const Shape& shape)
    {
        const std::string start = std::string("Member must have ") + what;
        std::vector<std::string> musts;
        if (value < shape.least)
            musts.push_back(start + " greater than or equal to " + std::to_string(shape.least));
        if (value > shape.most)
            musts.push_back(start + " less than or equal to " + std::to_string(shape.most));
        return musts;
    }

    static std::vector<std::string> refused(std::string_view text, const Shape& shape)
    {
        if (!shape.values.empty()) {
            if (std::find(shape.values.begin(), shape.values.end(), text) != shape.values.end())
                return {};
            std::string must = "Member must satisfy enum value set: [";
            for (std::size_t i = 0; i < shape.values.size(); ++i)
                must += (i == 0 ? "" : ", ") + std::string(shape.values[i]);
            return {must + ']'};
        }
        auto musts = bounds("length", constraints::characters(text), shape);
        if (shape.fits != nullptr && !shape.fits(text))
            musts.push_back("Member must satisfy regular expression pattern: "
                            + std::string(shape.pattern));
        return musts;
    }

    static std::vector<std::string> refusals(const WireValue& value, const Shape& shape)
    {
        const auto& node = value.node();
        switch (shape.type) {
        case ShapeType::Text:
            return refused(value.text(), shape);
        case ShapeType::Blob:
            return bounds("length", blobBytes(value), shape);
        case ShapeType::Integer:
            return bounds("value",
                          value.kind() == WireKind::Integer ? node.integer : wholePart(node.number),
                          shape);
        case ShapeType::Double:
        case ShapeType::Boolean:
        case ShapeType::Timestamp:
        case ShapeType::List:
        case ShapeType::Map:
        case ShapeType::Structure:
            break;
        }
        return {};
    }

    std::vector<std::string> m_faults;
};

} // namespace

std::int64_t wholePart(double number)
{
    constexpr double kBound = 9.2e18;
    if (std::isnan(number))
        return 0;
    return static_cast<std::int64_t>(std::clamp(number, -kBound, kBound));
}

std::int64_t blobBytes(const WireValue& value)
{
    const std::string_view text = value.text();
    const auto size = static_cast<std::int64_t>(text.size());
    if (value.kind() == WireKind::Bytes || size < 4)
        return size;
    const std::int64_t padding = text[text.size() - 2] == '=' ? 2 : text.back() == '=' ? 1 : 0;
    return size / 4 * 3 - padding;
}

std::optional<std::string> typeFault(const WireValue& value, const Shape& shape)
{
    if (value.kind() == WireKind::Null) // of a list or map; members that are null are absent
        return mismatch(value, shape.type);
    switch (shape.type) {
    case ShapeType::Structure:
        return memberFault(value, shape);
    case ShapeType::List:
    case ShapeType::Map:
        return itemFault(value, shape);
    case ShapeType::Blob:
        return blobFault(value);
    case ShapeType::Text:
    case ShapeType::Integer:
    case ShapeType::Double:
    case ShapeType::Boolean:
    case ShapeType::Timestamp:
        break;
    }
    return hasType(value, shape.type) ? std::nullopt : std::optional(mismatch(value, shape.type));
}

Result<void> checkConstraints(const WireValue& value, const Shape& shape)
{
    Checker checker;
    checker.check(value, shape, {});
    return checker.result();
}

} // namespace shardscope::endpoint
