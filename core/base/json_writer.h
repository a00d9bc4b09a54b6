#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shardscope {

/// Writes one JSON document in the order of the calls, so that files diff cleanly: two spaces of
/// indent, numbers in the shortest form that reads back to the same value, never by the locale.
/// Small objects can be kept on one line (Layout::Line).
class JsonWriter {
public:
    enum class Layout { Block, Line };

    void beginObject(Layout layout = Layout::Block) { begin('{', layout); }
    void endObject() { end('}'); }
    void beginList(Layout layout = Layout::Block) { begin('[', layout); }
    void endList() { end(']'); }
    /// Names the next value; only inside an object.
    void name(std::string_view name);

    void text(std::string_view value); ///< UTF-8
    void number(double value); ///< not finite: null
    void integer(std::int64_t value);
    void natural(std::uint64_t value);
    void flag(bool value);
    void null();
    void json(std::string_view value); ///< a value that is JSON text already

    /// The document so far, with a newline at its end.
    [[nodiscard]] std::string take();

private:
    struct Level {
        Layout layout;
        bool empty = true;
    };
    void begin(char bracket, Layout layout);
    void end(char bracket);
    void separate();
    void raw(std::string_view value);
    void newLine();
    void quoted(std::string_view value);

    std::string m_out;
    std::vector<Level> m_levels;
    bool m_named = false;
};

/// The shortest text that reads back to the same double, C locale.
[[nodiscard]] std::string numberText(double value);

} // namespace shardscope
