#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shardscope {

/// Rows of a CSV text, one after the other. A cell may be quoted, with "" for a quotation mark and
/// with line breaks inside; blanks around cells and empty lines are passed over.
class CsvRows {
public:
    /// `text` must outlive the rows.
    explicit CsvRows(std::string_view text);

    /// Goes on to the next row; false at the end.
    bool next();
    /// Of the current row; valid until the next.
    [[nodiscard]] std::span<const std::string_view> cells() const { return m_cells; }
    /// Number of the current row's first line, from 1.
    [[nodiscard]] std::int64_t line() const { return m_line; }
    /// A quotation mark of the current row is never closed.
    [[nodiscard]] bool isOpen() const { return m_open; }

private:
    void takeCell();
    std::string_view takeQuoted();

    std::string_view m_text; ///< what is left
    char m_separator = ',';
    std::vector<std::string_view> m_cells;
    std::deque<std::string> m_unquoted; ///< cells that are not in the text as they are
    std::int64_t m_line = 0, m_nextLine = 1;
    bool m_open = false;
};

} // namespace shardscope
