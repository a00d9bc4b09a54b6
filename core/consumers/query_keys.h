#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shardscope {

/// Names keys by small numbers, dense enough to index arrays with. A key lives as long as somebody
/// holds it; its number goes to another then. An open-addressed table of hashes; copyable.
class KeyTable {
public:
    /// The key's number; a new key is nobody's until it is held.
    [[nodiscard]] std::uint32_t idOf(std::string_view text);
    void hold(std::uint32_t id) { ++m_rows[id].holds; }
    void release(std::uint32_t id);
    /// Forgets new keys that nobody came to hold.
    void dropUnheld();

    [[nodiscard]] const std::string& text(std::uint32_t id) const { return m_rows[id].text; }
    [[nodiscard]] std::size_t live() const { return m_live; }
    [[nodiscard]] std::size_t bytes() const;

private:
    struct Row {
        std::uint64_t hash = 0;
        std::uint32_t holds = 0;
        bool used = false;
        std::string text;
    };
    void forget(std::uint32_t id);
    void grow();

    std::vector<Row> m_rows; ///< by number
    std::vector<std::uint32_t> m_free; ///< numbers
    std::vector<std::uint32_t> m_fresh; ///< new since the last dropUnheld()
    std::vector<std::uint32_t> m_places; ///< number + 1, or 0; a power of two of them
    std::size_t m_live = 0;
};

} // namespace shardscope
