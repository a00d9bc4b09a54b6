#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a client sent, before anybody knows what it should have been: one tree for JSON, CBOR and
/// forms.
namespace shardscope::endpoint {

enum class WireKind : std::uint8_t {
    Null,
    Bool,
    Integer,
    Double,
    Text,
    Bytes, ///< CBOR only
    Time, ///< CBOR only: tag 1, milliseconds
    List,
    Map,
};

/// A tree in one vector: a value, then all that lies in it, then the next one. Texts point into the
/// body that was read (which must live as long) or into what the document keeps.
class WireDocument {
public:
    struct Node {
        WireKind kind = WireKind::Null;
        std::uint32_t end = 0; ///< one past the value's last descendant
        std::int64_t integer = 0; ///< Bool, Integer, Time
        double number = 0; ///< Double
        std::string_view text; ///< Text, Bytes
        std::string_view name; ///< in a Map
    };
    std::vector<Node> nodes;

    /// Keeps a text that is not in the body as it stands.
    std::string_view keep(std::string text) { return m_kept.emplace_back(std::move(text)); }

private:
    std::deque<std::string> m_kept;
};

/// A place in a document. Cheap to copy.
class WireValue {
public:
    explicit WireValue(const WireDocument& document, std::uint32_t at = 0)
        : m_document(&document)
        , m_at(at)
    {
    }
    [[nodiscard]] const WireDocument::Node& node() const { return m_document->nodes[m_at]; }
    [[nodiscard]] WireKind kind() const { return node().kind; }
    [[nodiscard]] std::string_view text() const { return node().text; }
    [[nodiscard]] std::string_view name() const { return node().name; }
    /// The member of that name; of several the last. None also for null: the service takes a null
    /// for an absent member.
    [[nodiscard]] std::optional<WireValue> find(std::string_view name) const;
    /// Values in a List or Map.
    [[nodiscard]] std::size_t size() const;

    class Iterator {
    public:
        Iterator(const WireDocument& document, std::uint32_t at)
            : m_document(&document)
            , m_at(at)
        {
        }
        WireValue operator*() const { return WireValue(*m_document, m_at); }
        Iterator& operator++()
        {
            m_at = m_document->nodes[m_at].end;
            return *this;
        }
        friend bool operator==(const Iterator& a, const Iterator& b) { return a.m_at == b.m_at; }

    private:
        const WireDocument* m_document;
        std::uint32_t m_at;
    };
    /// The values in a List or Map; nothing in any other.
    [[nodiscard]] Iterator begin() const { return {*m_document, m_at + 1}; }
    [[nodiscard]] Iterator end() const { return {*m_document, node().end}; }

private:
    const WireDocument* m_document;
    std::uint32_t m_at;
};

} // namespace shardscope::endpoint
