#include "core/consumers/query_panes.h"

#include <algorithm>

namespace shardscope {

WindowPanes::WindowPanes(const AnalyticsSpec& spec)
    : m_aggregate(spec.aggregate)
    , m_sizeMs(std::max<std::int64_t>(1, spec.size.inMillis()))
    , m_slideMs(spec.window == AnalyticsSpec::Window::Sliding
                    ? std::max<std::int64_t>(1, spec.slide.inMillis())
                    : m_sizeMs)
    , m_latenessMs(spec.time == AnalyticsSpec::Time::Event ? spec.allowedLateness.inMillis() : 0)
    , m_percent(spec.percentile)
    , m_k(spec.k)
    , m_bySum(!spec.value.empty())
{
}

bool WindowPanes::add(std::int64_t ms, std::uint32_t key, double value, std::int64_t watermarkMs,
                      KeyTable& keys, QueryResults& results)
{
    // Nearly every element falls into the window of the one before; that saves a division.
    if (m_slideMs == m_sizeMs && m_last < m_panes.size()) {
        Pane& pane = m_panes[m_last];
        if (ms >= pane.startMs && ms < pane.startMs + m_sizeMs
            && !fires(pane.startMs + m_sizeMs, watermarkMs)) {
            put(pane, key, value, keys);
            return true;
        }
    }
    bool taken = false, ofNone = true;
    for (std::int64_t start = windowStart(ms, m_slideMs); start > ms - m_sizeMs;
         start -= m_slideMs) {
        ofNone = false;
        if (isGone(start + m_sizeMs, m_latenessMs, watermarkMs))
            break; // all before it are gone too
        taken = true;
        Pane& pane = paneAt(start);
        const std::uint32_t cell = put(pane, key, value, keys);
        if (!fires(start + m_sizeMs, watermarkMs))
            continue;
        // Its window has fired before, with other keys or this one.
        results.countWindow();
        if (m_aggregate == AnalyticsSpec::Aggregate::TopK)
            fireTop(pane, keys, results, true);
        else
            fireCell(pane, cell, keys, results);
        pane.fired = true;
        results.endWindow();
    }
    return taken || ofNone; // a slide above the size leaves gaps that belong to no window
}

WindowPanes::Pane& WindowPanes::paneAt(std::int64_t startMs)
{
    if (m_last < m_panes.size() && m_panes[m_last].startMs == startMs)
        return m_panes[m_last];
    const auto at = std::lower_bound(m_panes.begin(), m_panes.end(), startMs,
                                     [](const Pane& p, std::int64_t ms) { return p.startMs < ms; });
    m_last = static_cast<std::size_t>(at - m_panes.begin());
    if (at != m_panes.end() && at->startMs == startMs)
        return *at;
    Pane fresh;
    if (!m_spare.empty()) {
        fresh = std::move(m_spare.back());
        m_spare.pop_back();
    }
    fresh.startMs = startMs;
    fresh.fired = false;
    return *m_panes.insert(at, std::move(fresh));
}

std::uint32_t WindowPanes::put(Pane& pane, std::uint32_t key, double value, KeyTable& keys) const
{
    if (key >= pane.cellOf.size())
        pane.cellOf.resize(std::max<std::size_t>(key + 1, pane.cellOf.size() * 2), 0);
    std::uint32_t& place = pane.cellOf[key];
    if (place == 0) {
        pane.cells.push_back({key, {}});
        place = static_cast<std::uint32_t>(pane.cells.size());
        keys.hold(key);
    }
    const std::uint32_t cell = place - 1;
    pane.cells[cell].sum.add(value);
    if (m_aggregate == AnalyticsSpec::Aggregate::Percentile)
        pane.samples.push_back({cell, value});
    return cell;
}

void WindowPanes::advance(std::int64_t watermarkMs, KeyTable& keys, QueryResults& results)
{
    std::size_t gone = 0;
    for (Pane& pane : m_panes) {
        const std::int64_t end = pane.startMs + m_sizeMs;
        if (!fires(end, watermarkMs))
            break;
        if (!pane.fired) {
            results.countWindow();
            fire(pane, keys, results, false);
            results.endWindow();
            pane.fired = true;
        }
        if (isGone(end, m_latenessMs, watermarkMs))
            ++gone;
    }
    for (std::size_t i = 0; i < gone; ++i) {
        Pane& pane = m_panes[i];
        for (const Cell& cell : pane.cells) {
            pane.cellOf[cell.key] = 0;
            keys.release(cell.key);
        }
        pane.cells.clear();
        pane.samples.clear();
        m_spare.push_back(std::move(pane));
    }
    m_panes.erase(m_panes.begin(), m_panes.begin() + static_cast<std::ptrdiff_t>(gone));
    m_last = 0;
}

void WindowPanes::fire(Pane& pane, const KeyTable& keys, QueryResults& results, bool again)
{
    using A = AnalyticsSpec::Aggregate;
    if (m_aggregate == A::TopK) {
        fireTop(pane, keys, results, again);
        return;
    }
    if (m_aggregate != A::Percentile) {
        for (const Cell& cell : pane.cells)
            results.add(windowOf(pane), keys.text(cell.key), cell.sum.count,
                        answerOf(m_aggregate, cell.sum), again);
        return;
    }
    m_sorted = pane.samples;
    std::stable_sort(m_sorted.begin(), m_sorted.end(),
                     [](const Sample& a, const Sample& b) { return a.cell < b.cell; });
    for (std::size_t i = 0; i < m_sorted.size();) {
        const std::uint32_t cell = m_sorted[i].cell;
        m_values.clear();
        for (; i < m_sorted.size() && m_sorted[i].cell == cell; ++i)
            m_values.push_back(m_sorted[i].value);
        results.add(windowOf(pane), keys.text(pane.cells[cell].key), pane.cells[cell].sum.count,
                    percentileOf(m_values, m_percent), again);
    }
}

void WindowPanes::fireTop(const Pane& pane, const KeyTable& keys, QueryResults& results, bool again)
{
    const auto weight = [&](const Cell& cell) {
        return m_bySum ? cell.sum.sum : static_cast<double>(cell.sum.count);
    };
    std::vector<Cell> best = pane.cells;
    const auto most = best.begin()
        + std::min(static_cast<std::ptrdiff_t>(m_k), static_cast<std::ptrdiff_t>(best.size()));
    std::partial_sort(best.begin(), most, best.end(), [&](const Cell& a, const Cell& b) {
        return weight(a) != weight(b) ? weight(a) > weight(b) : keys.text(a.key) < keys.text(b.key);
    });
    for (auto cell = best.begin(); cell != most; ++cell)
        results.add(windowOf(pane), keys.text(cell->key), cell->sum.count, weight(*cell), again);
}

void WindowPanes::fireCell(Pane& pane, std::uint32_t cell, const KeyTable& keys,
                           QueryResults& results)
{
    const Cell& one = pane.cells[cell];
    double value = answerOf(m_aggregate, one.sum);
    if (m_aggregate == AnalyticsSpec::Aggregate::Percentile) {
        m_values.clear();
        for (const Sample& sample : pane.samples)
            if (sample.cell == cell)
                m_values.push_back(sample.value);
        value = percentileOf(m_values, m_percent);
    }
    results.add(windowOf(pane), keys.text(one.key), one.sum.count, value, true);
}

std::size_t WindowPanes::bytes() const
{
    std::size_t sum = 0;
    for (const Pane& pane : m_panes)
        sum += pane.cells.size() * sizeof(Cell) + pane.samples.size() * sizeof(Sample);
    return sum;
}

} // namespace shardscope
