#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace shardscope {

/// A JSON value as a row of nodes in the order of the text, to be looked at again and again.
/// Numbers stay as they are written. Its memory is kept from one value to the next; a copy begins
/// empty.
class JsonTape {
public:
    enum class Kind : std::uint8_t { Object, List, Text, Number, True, False, Null };
    struct Node {
        std::string_view name; ///< of a member of an object
        std::string_view text; ///< Text: its characters; Number: as written
        std::uint32_t end = 0; ///< the place behind the last node inside it
        Kind kind = Kind::Null;

        [[nodiscard]] bool holdsOthers() const { return kind <= Kind::List; }
    };
    /// Bytes behind a JSON text that must be there to be read, whatever they are.
    static constexpr std::size_t kPadding = 64;
    /// Deeper nesting is not read.
    static constexpr int kDepthMost = 200;

    JsonTape();
    JsonTape(const JsonTape& other);
    JsonTape& operator=(const JsonTape& other);
    JsonTape(JsonTape&&) noexcept;
    JsonTape& operator=(JsonTape&&) noexcept;
    ~JsonTape();

    void clear() { m_nodes.clear(); }
    /// Begins an object, which ends with endObject(place). What is given below must live as long as
    /// it is looked at.
    std::size_t beginObject(std::string_view name);
    void endObject(std::size_t place);
    void addText(std::string_view name, std::string_view text);
    void addNumber(std::string_view name, std::string_view text);
    /// Adds what a JSON text says, of which `readable` bytes may be read; false, and nothing is
    /// added, when it is none. Only one is held: the next one overwrites texts of the one before.
    [[nodiscard]] bool addJson(std::string_view name, std::string_view json, std::size_t readable);
    /// Where the last addJson() stopped, in bytes from the text's beginning.
    [[nodiscard]] std::size_t stoppedAt() const { return m_stoppedAt; }

    [[nodiscard]] std::size_t size() const { return m_nodes.size(); }
    [[nodiscard]] const Node& operator[](std::size_t place) const { return m_nodes[place]; }

private:
    struct Parser;
    template <typename Value> bool add(std::string_view name, Value&& value, int depth);
    bool addPlain(std::string_view name, std::string_view token);

    std::vector<Node> m_nodes;
    std::unique_ptr<Parser> m_parser; ///< only its memory counts
    std::size_t m_stoppedAt = 0;
};

} // namespace shardscope
