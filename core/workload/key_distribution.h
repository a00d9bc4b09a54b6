#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/hash_key.h"
#include "core/base/large_pages.h"
#include "core/base/rng.h"
#include "core/workload/producer_spec.h"

namespace shardscope {

/// Chooses among a population of keys by record number, and knows each key's text and hash. Keys
/// are named by an id in [0, population). Immutable and shared by all eras and copies that use it.
class KeyDistribution {
public:
    explicit KeyDistribution(const KeySpec& spec);
    /// The keys of a trace, one id each, in this order.
    explicit KeyDistribution(std::vector<std::string> texts);

    /// Largest population whose hashes are kept: 24 MiB of them.
    static constexpr std::uint64_t kTableKeys = std::uint64_t {1} << 20;

    struct Row {
        std::uint64_t high = 0, low = 0;
        std::uint32_t keyBytes = 0;
    };
    /// By id; empty when the population is larger than kTableKeys or has no end.
    [[nodiscard]] std::span<const Row> table() const { return m_table; }
    [[nodiscard]] std::uint64_t population() const { return m_population; }
    /// Random and Timestamp: every record has a key of its own.
    [[nodiscard]] bool endless() const { return m_population == 0; }
    /// True when ids are drawn evenly, so one multiplication finds them.
    [[nodiscard]] bool even() const;

    /// Id of record `number`'s key. Not for endless ones.
    [[nodiscard]] std::uint64_t draw(std::uint64_t number, const CounterRng& keyRng,
                                     const CounterRng& saltRng) const;
    /// Appends the key with this id.
    void appendText(std::string& text, std::uint64_t id) const;
    /// Appends an endless distribution's key of record `number`, made at `ms`.
    void appendText(std::string& text, std::uint64_t number, std::int64_t ms,
                    const CounterRng& keyRng, const CounterRng& saltRng) const;
    [[nodiscard]] std::uint32_t longestText() const;

private:
    struct Alias {
        std::uint32_t own = 0; ///< of 2^32: the chance to stay at this row
        std::uint32_t other = 0;
    };
    void buildAlias();
    void buildTable();
    [[nodiscard]] std::uint64_t zipf(std::uint64_t number, const CounterRng& rng) const;

    KeySpec m_spec;
    std::uint64_t m_keys = 1, m_salt = 1, m_population = 0;
    std::uint64_t m_hotBelow = 0; ///< HotShare: of 2^63
    std::vector<std::string> m_texts;
    std::vector<Row, LargePages<Row>> m_table; ///< drawn from all over, record by record
    std::vector<Alias, LargePages<Alias>> m_alias;
};

} // namespace shardscope
