#include "core/consumers/query_results.h"

#include <algorithm>
#include <bit>

#include "core/base/rng.h"

namespace shardscope {

void QueryResults::add(const QueryWindow& window, const std::string& key, std::int64_t records,
                       double value, bool again)
{
    AnalyticsResult* row = nullptr;
    if (m_rows.size() < kResultsKept) {
        row = &m_rows.emplace_back();
    } else {
        row = &m_rows[m_next];
        m_next = (m_next + 1) % kResultsKept;
    }
    row->window = window;
    row->key = key;
    row->value = value;
    row->records = records;
    row->again = again;
    m_digest
        = mix64(m_digest ^ static_cast<std::uint64_t>(window.endMs)
                ^ mix64(static_cast<std::uint64_t>(records)) ^ std::bit_cast<std::uint64_t>(value));
    if (m_sum.keys == 0)
        m_sum.window = window;
    m_sum.window.startMs = std::min(m_sum.window.startMs, window.startMs);
    m_sum.window.endMs = std::max(m_sum.window.endMs, window.endMs);
    m_sum.records += records;
    m_sum.value += value;
    ++m_sum.keys;
}

void QueryResults::endWindow()
{
    if (m_sum.keys == 0)
        return;
    m_sum.value /= static_cast<double>(m_sum.keys);
    if (m_totals.size() == kTotalsKept)
        m_totals.erase(m_totals.begin());
    m_totals.push_back(m_sum);
    m_sum = {};
}

std::vector<AnalyticsResult> QueryResults::newest() const
{
    std::vector<AnalyticsResult> rows(m_rows.begin() + static_cast<std::ptrdiff_t>(m_next),
                                      m_rows.end());
    rows.insert(rows.end(), m_rows.begin(), m_rows.begin() + static_cast<std::ptrdiff_t>(m_next));
    return rows;
}

} // namespace shardscope
