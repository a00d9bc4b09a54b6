#include "core/workload/aggregate.h"

#include <algorithm>
#include <map>

#include "core/base/md5.h"
#include "core/base/rng.h"

namespace shardscope {
namespace {

constexpr std::string_view kMagic = "\xf3\x89\x9a\xc2";
constexpr std::uint64_t kFrame = 4 + 16;
// Protobuf tags: field number << 3 | wire type (0: varint, 2: length-delimited).
constexpr char kKeyTable = 0x0a, kRecord = 0x1a, kKeyIndex = 0x08, kData = 0x1a;
constexpr std::size_t kBlockBytes = 64 * 1024;

std::uint64_t varintSize(std::uint64_t value)
{
    std::uint64_t size = 1;
    for (; value >= 0x80; value >>= 7)
        ++size;
    return size;
}

template <typename Out> void putVarint(Out& out, std::uint64_t value)
{
    using Byte = typename Out::value_type;
    for (; value >= 0x80; value >>= 7)
        out.push_back(static_cast<Byte>((value & 0x7f) | 0x80));
    out.push_back(static_cast<Byte>(value));
}

std::uint64_t takeVarint(const std::vector<std::uint8_t>& bytes, std::size_t& at)
{
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
        const std::uint8_t byte = bytes[at++];
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
}

std::uint64_t recordSize(std::uint64_t index, std::uint64_t dataBytes)
{
    return 1 + varintSize(index) + 1 + varintSize(dataBytes) + dataBytes;
}

} // namespace

std::string buildAggregate(std::span<const UserRecord> records)
{
    std::map<std::string_view, std::uint64_t> index;
    std::vector<std::uint64_t> keyOf;
    std::string message;
    for (const UserRecord& record : records) {
        const auto [at, fresh] = index.try_emplace(record.key, index.size());
        keyOf.push_back(at->second);
        if (!fresh)
            continue;
        message.push_back(kKeyTable);
        putVarint(message, record.key.size());
        message += record.key;
    }
    for (std::size_t i = 0; i < records.size(); ++i) {
        message.push_back(kRecord);
        putVarint(message, recordSize(keyOf[i], records[i].data.size()));
        message.push_back(kKeyIndex);
        putVarint(message, keyOf[i]);
        message.push_back(kData);
        putVarint(message, records[i].data.size());
        message += records[i].data;
    }
    const HashKey sum = md5(message);
    std::string out(kMagic);
    out += message;
    for (int shift = 120; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(static_cast<std::uint8_t>(sum.value >> shift)));
    return out;
}

std::size_t AggregateSizer::find(std::uint64_t hash) const
{
    std::size_t at = mix64(hash) & (m_slots.size() - 1);
    while (m_slots[at].round == m_round && m_slots[at].hash != hash)
        at = (at + 1) & (m_slots.size() - 1);
    return at;
}

std::uint64_t AggregateSizer::costAt(std::size_t slot, std::uint32_t keyBytes,
                                     std::uint32_t dataBytes) const
{
    const bool known = m_slots[slot].round == m_round;
    const std::uint64_t inner = recordSize(known ? m_slots[slot].index : m_keys, dataBytes);
    const std::uint64_t table = known ? 0 : 1 + varintSize(keyBytes) + keyBytes;
    return table + 1 + varintSize(inner) + inner;
}

std::uint64_t AggregateSizer::sizeWith(std::uint64_t keyHash, std::uint32_t keyBytes,
                                       std::uint32_t dataBytes) const
{
    return kFrame + m_message + costAt(find(keyHash), keyBytes, dataBytes);
}

void AggregateSizer::add(std::uint64_t keyHash, std::uint32_t keyBytes, std::uint32_t dataBytes)
{
    const std::size_t at = find(keyHash);
    m_message += costAt(at, keyBytes, dataBytes);
    if (m_slots[at].round == m_round)
        return;
    m_slots[at] = {keyHash, m_round, m_keys++};
    if (m_keys * 2 > m_slots.size())
        grow();
}

std::uint64_t AggregateSizer::size() const
{
    return kFrame + m_message;
}

void AggregateSizer::clear()
{
    ++m_round;
    m_keys = 0;
    m_message = 0;
}

void AggregateSizer::grow()
{
    std::vector<Slot> old(m_slots.size() * 2);
    old.swap(m_slots);
    for (const Slot& slot : old)
        if (slot.round == m_round)
            m_slots[find(slot.hash)] = slot;
}

AggregateLog::AggregateLog(Bytes budget)
    : m_budget(budget)
{
}

void AggregateLog::add(std::span<const std::uint64_t> numbers)
{
    m_open.entries.push_back({numbers[0], static_cast<std::uint32_t>(m_open.bytes.size())});
    putVarint(m_open.bytes, numbers.size());
    for (std::size_t i = 1; i < numbers.size(); ++i) {
        // Differences may be negative when a refused record is taken in again.
        const std::uint64_t step = numbers[i] - numbers[i - 1];
        const bool back = numbers[i] < numbers[i - 1];
        putVarint(m_open.bytes, back ? (0 - step) * 2 + 1 : step * 2);
    }
    if (m_open.bytes.size() >= kBlockBytes)
        seal();
}

void AggregateLog::seal()
{
    std::stable_sort(m_open.entries.begin(), m_open.entries.end(),
                     [](const auto& a, const auto& b) { return a.number < b.number; });
    m_full.push_back(std::make_shared<const Block>(std::move(m_open)));
    m_open = {};
    forget();
}

void AggregateLog::forget()
{
    const auto most = static_cast<std::size_t>(m_budget) / kBlockBytes;
    if (m_full.size() > most)
        m_full.erase(m_full.begin(),
                     m_full.begin() + static_cast<std::ptrdiff_t>(m_full.size() - most));
}

std::vector<std::uint64_t> AggregateLog::find(std::uint64_t number) const
{
    const Block* block = nullptr;
    std::size_t at = 0;
    for (const Block::Entry& entry : m_open.entries)
        if (entry.number == number) {
            block = &m_open;
            at = entry.offset;
        }
    for (auto full = m_full.rbegin(); block == nullptr && full != m_full.rend(); ++full) {
        const auto& entries = (*full)->entries;
        const auto entry
            = std::lower_bound(entries.begin(), entries.end(), number,
                               [](const Block::Entry& e, std::uint64_t n) { return e.number < n; });
        if (entry != entries.end() && entry->number == number) {
            block = full->get();
            at = entry->offset;
        }
    }
    std::vector<std::uint64_t> numbers;
    if (block == nullptr)
        return numbers;
    const std::uint64_t count = takeVarint(block->bytes, at);
    numbers.push_back(number);
    while (numbers.size() < count) {
        const std::uint64_t step = takeVarint(block->bytes, at);
        numbers.push_back(numbers.back() + (step % 2 == 1 ? 0 - step / 2 : step / 2));
    }
    return numbers;
}

void AggregateLog::absorb(AggregateLog other)
{
    if (!other.m_open.entries.empty())
        other.seal();
    m_full.insert(m_full.begin(), other.m_full.begin(), other.m_full.end());
    forget();
}

} // namespace shardscope
