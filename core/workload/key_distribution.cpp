#include "core/workload/key_distribution.h"

#include <algorithm>
#include <cmath>

#include "core/base/md5.h"

namespace shardscope {
namespace {

constexpr std::size_t kHashChunk = 1024; ///< keys hashed at once
constexpr std::size_t kUuidText = 36; ///< characters

/// 32 bits as eight hexadecimal digits, all at once: a byte for each, the first one lowest.
std::uint64_t hexOf(std::uint64_t bits)
{
    std::uint64_t x = (bits | bits << 16) & 0x0000'ffff'0000'ffff;
    x = (x | x << 8) & 0x00ff'00ff'00ff'00ff;
    x = (x | x << 4) & 0x0f0f'0f0f'0f0f'0f0f;
    const std::uint64_t letters = ((x + 0x0606'0606'0606'0606) >> 4) & 0x0101'0101'0101'0101;
    x += 0x3030'3030'3030'3030 + letters * ('a' - '0' - 10);
    return __builtin_bswap64(x);
}

/// Writes `count` bytes of `bytes`, the lowest first.
template <int count> void putBytes(char* out, std::uint64_t bytes)
{
    for (int i = 0; i < count; ++i)
        out[i] = static_cast<char>(bytes >> (8 * i));
}

/// Straight into the text: a copy of what was just written in pieces would wait for all of them.
void appendUuid(std::string& text, std::uint64_t a, std::uint64_t b)
{
    // The version and variant digits of a random UUID (RFC 9562, 5.4).
    a = (a & ~std::uint64_t {0xf000}) | 0x4000;
    b = (b & ~(std::uint64_t {3} << 62)) | (std::uint64_t {2} << 62);
    // The four words, with gaps where the dashes stand: 8-4-4-4-12.
    const std::uint64_t second = hexOf(a & 0xffff'ffff), third = hexOf(b >> 32);
    const std::size_t before = text.size();
    text.resize(before + kUuidText);
    char* out = text.data() + before;
    putBytes<8>(out, hexOf(a >> 32));
    out[8] = '-';
    putBytes<4>(out + 9, second);
    out[13] = '-';
    putBytes<4>(out + 14, second >> 32);
    out[18] = '-';
    putBytes<4>(out + 19, third);
    out[23] = '-';
    putBytes<4>(out + 24, third >> 32);
    putBytes<8>(out + 28, hexOf(b & 0xffff'ffff));
}

/// Zipf draws without a table, by rejection under the integral of x^-s (Hörmann and Derflinger,
/// "Rejection-inversion to generate variates from monotone discrete distributions", 1996).
class ZipfSampler {
public:
    ZipfSampler(double exponent, double count)
        : m_exponent(exponent)
        , m_count(count)
        , m_from(area(1.5) - 1)
        , m_to(area(count + 0.5))
    {
    }
    [[nodiscard]] double rank(std::uint64_t bits) const
    {
        for (;;) {
            const double u = m_to + CounterRng::toUnit(bits) * (m_from - m_to);
            const double x = inverse(u);
            const double k = std::clamp(std::floor(x + 0.5), 1.0, m_count);
            if (u >= area(k + 0.5) - std::pow(k, -m_exponent))
                return k;
            bits = mix64(bits);
        }
    }

private:
    [[nodiscard]] double area(double x) const
    {
        const double p = 1 - m_exponent;
        return std::abs(p) < 1e-9 ? std::log(x) : (std::pow(x, p) - 1) / p;
    }
    [[nodiscard]] double inverse(double y) const
    {
        const double p = 1 - m_exponent;
        return std::abs(p) < 1e-9 ? std::exp(y) : std::pow(std::max(0.0, 1 + p * y), 1 / p);
    }
    double m_exponent, m_count, m_from, m_to;
};

} // namespace

KeyDistribution::KeyDistribution(const KeySpec& spec)
    : m_spec(spec)
    , m_keys(static_cast<std::uint64_t>(spec.count))
    , m_salt(static_cast<std::uint64_t>(spec.salt))
{
    switch (spec.shape) {
    case KeySpec::Shape::Constant:
        m_keys = 1;
        m_population = m_salt;
        break;
    case KeySpec::Shape::Uniform:
    case KeySpec::Shape::Zipf:
        m_population = m_keys * m_salt;
        break;
    case KeySpec::Shape::HotShare:
        m_population = m_keys + m_salt;
        m_hotBelow = static_cast<std::uint64_t>(spec.hotShare * 9223372036854775808.0);
        break;
    case KeySpec::Shape::Random:
    case KeySpec::Shape::Timestamp:
        return;
    }
    if (spec.shape == KeySpec::Shape::Zipf && m_keys <= kTableKeys)
        buildAlias();
    if (m_population <= kTableKeys)
        buildTable();
}

KeyDistribution::KeyDistribution(std::vector<std::string> texts)
    : m_keys(texts.size())
    , m_population(texts.size())
    , m_texts(std::move(texts))
{
    buildTable();
}

bool KeyDistribution::even() const
{
    return m_texts.empty() && !endless()
        && (m_spec.shape == KeySpec::Shape::Uniform || m_spec.shape == KeySpec::Shape::Constant);
}

/// Walker's alias method: every row keeps part of its chance and gives the rest to one other.
void KeyDistribution::buildAlias()
{
    const std::size_t n = m_keys;
    std::vector<double> share(n);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i)
        sum += share[i] = std::pow(static_cast<double>(i + 1), -m_spec.exponent);
    std::vector<std::uint32_t> small, large;
    for (std::size_t i = 0; i < n; ++i) {
        share[i] *= static_cast<double>(n) / sum;
        (share[i] < 1 ? small : large).push_back(static_cast<std::uint32_t>(i));
    }
    m_alias.resize(n);
    while (!small.empty() && !large.empty()) {
        const std::uint32_t s = small.back(), l = large.back();
        small.pop_back();
        m_alias[s] = {static_cast<std::uint32_t>(share[s] * 4294967295.0), l};
        share[l] -= 1 - share[s];
        if (share[l] < 1) {
            large.pop_back();
            small.push_back(l);
        }
    }
    for (const auto* rest : {&small, &large})
        for (const std::uint32_t i : *rest)
            m_alias[i] = {UINT32_MAX, i};
}

void KeyDistribution::buildTable()
{
    m_table.resize(m_population);
    std::string text;
    std::vector<std::uint32_t> offset;
    std::vector<std::uint64_t> high(kHashChunk), low(kHashChunk);
    for (std::uint64_t from = 0; from < m_population; from += kHashChunk) {
        const std::uint64_t to = std::min<std::uint64_t>(m_population, from + kHashChunk);
        text.clear();
        offset.assign(1, 0);
        for (std::uint64_t id = from; id < to; ++id) {
            appendText(text, id);
            offset.push_back(static_cast<std::uint32_t>(text.size()));
        }
        text.append(64, '\0');
        md5Batch({text.data(), offset}, high.data(), low.data());
        for (std::uint64_t id = from; id < to; ++id) {
            const std::size_t i = id - from;
            m_table[id] = {high[i], low[i], offset[i + 1] - offset[i]};
        }
    }
}

std::uint64_t KeyDistribution::zipf(std::uint64_t number, const CounterRng& rng) const
{
    const std::uint64_t bits = rng.bits(number);
    if (m_alias.empty()) {
        const ZipfSampler sampler(m_spec.exponent, static_cast<double>(m_keys));
        return static_cast<std::uint64_t>(sampler.rank(bits)) - 1;
    }
    const std::uint64_t row = ((bits >> 32) * m_keys) >> 32;
    const Alias& a = m_alias[row];
    return static_cast<std::uint32_t>(bits) <= a.own ? row : a.other;
}

std::uint64_t KeyDistribution::draw(std::uint64_t number, const CounterRng& keyRng,
                                    const CounterRng& saltRng) const
{
    switch (m_spec.shape) {
    case KeySpec::Shape::Zipf: {
        const std::uint64_t key = zipf(number, keyRng);
        return m_salt == 1 ? key : key * m_salt + saltRng.below(number, m_salt);
    }
    case KeySpec::Shape::HotShare:
        if (saltRng.bits(number) >> 1 < m_hotBelow)
            return m_keys + keyRng.below(number, m_salt);
        return keyRng.below(number, m_keys);
    default:
        return keyRng.below(number, m_population);
    }
}

void KeyDistribution::appendText(std::string& text, std::uint64_t id) const
{
    if (!m_texts.empty()) {
        text += m_texts[id];
        return;
    }
    std::uint64_t key = id / m_salt, salt = id % m_salt;
    bool salted = m_salt > 1;
    if (m_spec.shape == KeySpec::Shape::HotShare) {
        // Salting spreads the hot key; the others are spread as they are.
        const bool hot = id >= m_keys;
        key = id;
        salt = id - m_keys;
        salted = salted && hot;
        if (hot)
            text += m_spec.hotKey;
        else
            text.append(m_spec.prefix).append(std::to_string(key));
    } else {
        text += m_spec.prefix;
        if (m_spec.shape != KeySpec::Shape::Constant)
            text += std::to_string(key);
    }
    if (salted)
        text.append("#").append(std::to_string(salt));
}

void KeyDistribution::appendText(std::string& text, std::uint64_t number, std::int64_t ms,
                                 const CounterRng& keyRng, const CounterRng& saltRng) const
{
    if (m_spec.shape == KeySpec::Shape::Random)
        appendUuid(text, keyRng.bits(number), saltRng.bits(number));
    else
        text += std::to_string(ms);
}

std::uint32_t KeyDistribution::longestText() const
{
    if (!m_table.empty()) {
        std::uint32_t most = 0;
        for (const Row& row : m_table)
            most = std::max(most, row.keyBytes);
        return most;
    }
    if (endless())
        return kUuidText;
    std::string text;
    appendText(text, m_population - 1);
    std::string key;
    appendText(key, m_keys * m_salt - 1);
    return static_cast<std::uint32_t>(std::max(text.size(), key.size()));
}

} // namespace shardscope
