#include "core/planner/metrics_csv_rows.h"

#include <algorithm>
#include <array>

namespace shardscope {
namespace {

constexpr int kLookedAt = 20; // lines that tell the separator

std::string_view trimmed(std::string_view s)
{
    while (!s.empty() && (s.front() == ' ' || s.front() == '\r'))
        s.remove_prefix(1);
    while (!s.empty() && (s.back() == ' ' || s.back() == '\r'))
        s.remove_suffix(1);
    return s;
}

/// The most frequent of the first lines; titles above a table have few of any.
char separatorOf(std::string_view text)
{
    constexpr std::array kSeparators {',', ';', '\t'};
    std::array<std::int64_t, kSeparators.size()> counts {};
    int lines = 0;
    for (const char c : text) {
        if (c == '\n' && ++lines == kLookedAt)
            break;
        for (std::size_t i = 0; i < counts.size(); ++i)
            counts[i] += c == kSeparators[i] ? 1 : 0;
    }
    return kSeparators[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end())
                                                - counts.begin())];
}

} // namespace

CsvRows::CsvRows(std::string_view text)
    : m_text(text)
    , m_separator(separatorOf(text))
{
}

/// Reads past the closing quotation mark; the opening one is gone already.
std::string_view CsvRows::takeQuoted()
{
    std::size_t at = 0;
    bool doubled = false;
    while (true) {
        at = m_text.find('"', at);
        if (at == std::string_view::npos) {
            m_open = true;
            at = m_text.size();
            break;
        }
        if (at + 1 >= m_text.size() || m_text[at + 1] != '"')
            break;
        doubled = true;
        at += 2;
    }
    const std::string_view cell = m_text.substr(0, at);
    m_text.remove_prefix(std::min(at + 1, m_text.size()));
    m_nextLine += std::count(cell.begin(), cell.end(), '\n');
    if (!doubled)
        return trimmed(cell);
    std::string& out = m_unquoted.emplace_back();
    for (std::size_t i = 0; i < cell.size(); ++i) {
        out.push_back(cell[i]);
        i += cell[i] == '"' ? 1U : 0U;
    }
    return trimmed(out);
}

void CsvRows::takeCell()
{
    while (!m_text.empty() && m_text.front() == ' ')
        m_text.remove_prefix(1);
    std::string_view quoted;
    const bool isQuoted = !m_text.empty() && m_text.front() == '"';
    if (isQuoted) {
        m_text.remove_prefix(1);
        quoted = takeQuoted();
    }
    std::size_t end = 0;
    while (end < m_text.size() && m_text[end] != m_separator && m_text[end] != '\n')
        ++end;
    m_cells.push_back(isQuoted ? quoted : trimmed(m_text.substr(0, end)));
    m_text.remove_prefix(end);
}

bool CsvRows::next()
{
    while (!m_text.empty()) {
        m_cells.clear();
        m_unquoted.clear();
        m_line = m_nextLine;
        takeCell();
        while (!m_text.empty() && m_text.front() == m_separator) {
            m_text.remove_prefix(1);
            takeCell();
        }
        if (!m_text.empty()) { // a line break
            m_text.remove_prefix(1);
            ++m_nextLine;
        }
        if (m_open || std::any_of(m_cells.begin(), m_cells.end(), [](std::string_view cell) {
                return !cell.empty();
            }))
            return true;
    }
    return false;
}

} // namespace shardscope
