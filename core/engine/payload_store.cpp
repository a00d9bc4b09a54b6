#include "core/engine/payload_store.h"

#include <utility>

namespace shardscope {
namespace {

Bytes memoryOf(const PayloadStore::Payload& p)
{
    return static_cast<Bytes>(sizeof(PayloadStore::Payload) + p.partitionKey.size()
                              + p.data.size());
}

} // namespace

void PayloadStore::append(Payload payload)
{
    if (m_open.size() == kChunk) {
        m_sealed.push_back(std::make_shared<const Chunk>(Chunk {std::move(m_open), m_openMemory}));
        m_open.clear();
        m_openMemory = 0;
    }
    m_openMemory += memoryOf(payload);
    m_memory += memoryOf(payload);
    m_open.push_back(std::move(payload));
}

const PayloadStore::Payload* PayloadStore::at(std::uint64_t position) const
{
    if (position < m_begin)
        return nullptr;
    const std::uint64_t index = position - m_begin;
    const std::uint64_t chunk = index / kChunk;
    if (chunk < m_sealed.size())
        return &m_sealed[chunk]->payloads[index % kChunk];
    const std::uint64_t row = index - m_sealed.size() * kChunk;
    return row < m_open.size() ? &m_open[row] : nullptr;
}

void PayloadStore::trimBefore(std::int64_t arrivalMs)
{
    while (!m_sealed.empty() && m_sealed.front()->payloads.back().arrivalMs < arrivalMs) {
        m_memory -= m_sealed.front()->memory;
        m_sealed.pop_front();
        m_begin += kChunk;
    }
    if (m_sealed.empty() && !m_open.empty() && m_open.back().arrivalMs < arrivalMs) {
        m_begin += m_open.size();
        m_memory -= std::exchange(m_openMemory, 0);
        m_open.clear();
    }
}

Bytes PayloadStore::memoryAfterTrim(std::int64_t arrivalMs) const
{
    Bytes left = m_memory;
    for (const auto& chunk : m_sealed) {
        if (chunk->payloads.back().arrivalMs >= arrivalMs)
            return left;
        left -= chunk->memory;
    }
    return !m_open.empty() && m_open.back().arrivalMs < arrivalMs ? left - m_openMemory : left;
}

} // namespace shardscope
