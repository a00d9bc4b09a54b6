#include "core/consumers/query_keys.h"

#include <cstring>

#include "core/base/rng.h"

namespace shardscope {
namespace {

std::uint64_t hashOf(std::string_view text)
{
    std::uint64_t h = text.size();
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left >= 8; at += 8, left -= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        h = mix64(h ^ word);
    }
    std::uint64_t word = 0;
    std::memcpy(&word, at, left);
    return mix64(h ^ word);
}

} // namespace

std::uint32_t KeyTable::idOf(std::string_view text)
{
    // Half full at most, so that a search is short.
    if (2 * (m_live + 1) > m_places.size())
        grow();
    const std::uint64_t hash = hashOf(text);
    const std::size_t mask = m_places.size() - 1;
    std::size_t place = hash & mask;
    for (; m_places[place] != 0; place = (place + 1) & mask) {
        const Row& row = m_rows[m_places[place] - 1];
        if (row.hash == hash && row.text == text)
            return m_places[place] - 1;
    }
    std::uint32_t id = 0;
    if (m_free.empty()) {
        id = static_cast<std::uint32_t>(m_rows.size());
        m_rows.emplace_back();
    } else {
        id = m_free.back();
        m_free.pop_back();
    }
    Row& row = m_rows[id];
    row.hash = hash;
    row.holds = 0;
    row.used = true;
    row.text.assign(text);
    m_places[place] = id + 1;
    m_fresh.push_back(id);
    ++m_live;
    return id;
}

void KeyTable::release(std::uint32_t id)
{
    if (--m_rows[id].holds == 0)
        forget(id);
}

void KeyTable::dropUnheld()
{
    for (const std::uint32_t id : m_fresh)
        if (m_rows[id].used && m_rows[id].holds == 0)
            forget(id);
    m_fresh.clear();
}

void KeyTable::forget(std::uint32_t id)
{
    const std::size_t mask = m_places.size() - 1;
    std::size_t hole = m_rows[id].hash & mask;
    while (m_places[hole] != id + 1)
        hole = (hole + 1) & mask;
    // Who stands behind the hole and belongs at or before it moves up, so no search ends early.
    for (std::size_t next = (hole + 1) & mask; m_places[next] != 0; next = (next + 1) & mask) {
        const std::size_t home = m_rows[m_places[next] - 1].hash & mask;
        if (((next - home) & mask) >= ((next - hole) & mask)) {
            m_places[hole] = m_places[next];
            hole = next;
        }
    }
    m_places[hole] = 0;
    m_rows[id].used = false;
    m_free.push_back(id);
    --m_live;
}

void KeyTable::grow()
{
    const std::size_t size = m_places.empty() ? 64 : m_places.size() * 2;
    m_places.assign(size, 0);
    for (std::uint32_t id = 0; id < m_rows.size(); ++id) {
        if (!m_rows[id].used)
            continue;
        std::size_t place = m_rows[id].hash & (size - 1);
        while (m_places[place] != 0)
            place = (place + 1) & (size - 1);
        m_places[place] = id + 1;
    }
}

std::size_t KeyTable::bytes() const
{
    return m_live * (sizeof(Row) + 2 * sizeof(std::uint32_t));
}

} // namespace shardscope
