#include "core/endpoint/put_scanner.h"

#include <cstdint>
#include <cstring>
#include <simdjson.h>

#include "core/base/base64.h"
#include "core/endpoint/actions/common.h"
#include "core/endpoint/http.h"
#include "core/engine/constraints.h"
#include "core/engine/limits.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace shardscope::endpoint {
namespace {

struct Plain {
    std::string_view text;
    bool ascii = true;
};

/// Bits of the first 16 characters: which may not stand in a plain text, and which are not ASCII.
struct Special {
    unsigned stop = 0, beyond = 0;
};
Special specialAt(const char* at)
{
#if defined(__SSE2__)
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v);
    const __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
    const __m128i escape = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));
    return {static_cast<unsigned>(
                _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, escape)))),
            static_cast<unsigned>(_mm_movemask_epi8(v))};
#else
    Special special;
    for (unsigned i = 0; i < 16; ++i) {
        const auto c = static_cast<unsigned char>(at[i]);
        special.stop |= (c < 0x20 || c == '"' || c == '\\' ? 1U : 0U) << i;
        special.beyond |= (c >= 0x80 ? 1U : 0U) << i;
    }
    return special;
#endif
}

class Scanner {
public:
    /// Room for every key and every decoded blob, and for a register written past the last.
    Scanner(std::string_view body, ScannedPut& put)
        : m_at(body.data())
        , m_end(body.data() + body.size())
        , m_put(put)
    {
        put.records.bytes.resize(body.size() + HttpRequest::kPadding,
                                 boost::container::default_init);
    }

    /// `records`: a list of entries stands in the body; else one entry's fields among the others.
    bool whole(bool records)
    {
        blanks();
        Entry entry;
        if (!object([&](std::string_view name) {
                return records ? (name == "Records" ? entries() : common(name))
                               : (entryField(name, entry) || common(name) || orderingField(name));
            }))
            return false;
        blanks();
        if (m_at != m_end || m_bad || (!records && !finish(entry)))
            return false;
        m_put.records.bytes.resize(m_used);
        return !m_put.records.rows.empty();
    }

private:
    struct Entry {
        RecordBatch::Row row;
        bool hasKey = false, hasData = false;
    };

    void blanks()
    {
        while (m_at < m_end && (*m_at == ' ' || *m_at == '\n' || *m_at == '\r' || *m_at == '\t'))
            ++m_at;
    }
    bool take(char c)
    {
        if (m_at >= m_end || *m_at != c)
            return false;
        ++m_at;
        return true;
    }
    /// The character with blanks on both sides.
    bool mark(char c)
    {
        blanks();
        if (!take(c))
            return false;
        blanks();
        return true;
    }

    /// A text without escapes, with its quotes.
    bool plain(Plain& out)
    {
        if (!take('"'))
            return false;
        const char* const from = m_at;
        for (; m_at < m_end; m_at += 16) {
            const Special special = specialAt(m_at);
            if (special.stop == 0) {
                out.ascii = out.ascii && special.beyond == 0;
                continue;
            }
            const auto length = static_cast<unsigned>(__builtin_ctz(special.stop));
            out.ascii = out.ascii && (special.beyond & ((1U << length) - 1)) == 0;
            m_at += length;
            out.text = {from, static_cast<std::size_t>(m_at - from)};
            return take('"');
        }
        return false;
    }

    /// `{"name": value, …}`; `field` reads one value.
    template <typename Field> bool object(Field field)
    {
        if (!mark('{'))
            return false;
        do {
            Plain name;
            if (!plain(name) || !mark(':') || !field(name.text))
                return false;
        } while (mark(','));
        blanks();
        return take('}');
    }

    bool entries()
    {
        if (!m_put.records.rows.empty() || !mark('['))
            return false;
        auto& rows = m_put.records.rows;
        rows.reserve(static_cast<std::size_t>(limits::kPutRecordsRecords));
        do {
            Entry entry;
            if (rows.size() == static_cast<std::size_t>(limits::kPutRecordsRecords)
                || !(usual(entry)
                     || object([&](std::string_view name) { return entryField(name, entry); }))
                || !finish(entry))
                return false;
        } while (mark(','));
        blanks();
        return take(']');
    }

    bool takeAll(std::string_view text)
    {
        if (!std::string_view(m_at, static_cast<std::size_t>(m_end - m_at)).starts_with(text))
            return false;
        m_at += text.size();
        return true;
    }
    /// An entry as nearly every client writes it, without blanks: no name is read, only compared.
    /// False, without having moved, for any other.
    bool usual(Entry& entry)
    {
        const char* const from = m_at;
        const std::size_t used = m_used;
        if (takeAll("{\"Data\":") && data(entry) && takeAll(",\"PartitionKey\":") && key(entry)
            && take('}'))
            return true;
        m_at = from;
        m_used = used;
        m_bad = false;
        entry = {};
        return false;
    }

    bool finish(Entry& entry)
    {
        entry.row.keyless = !entry.hasKey;
        if (entry.hasData)
            m_put.records.rows.push_back(entry.row);
        return entry.hasData;
    }

    /// False, without having moved, for a name that is not an entry's.
    bool entryField(std::string_view name, Entry& entry)
    {
        if (name == "Data")
            return data(entry);
        if (name == "PartitionKey")
            return key(entry);
        return name == "ExplicitHashKey" && hashKey(entry);
    }

    bool data(Entry& entry)
    {
        if (entry.hasData || !take('"'))
            return refuse();
        const std::string_view rest(m_at, static_cast<std::size_t>(m_end - m_at));
        const Base64Run run = decodeBase64Run(rest, m_put.records.bytes.data() + m_used);
        if (run.bytes > static_cast<std::size_t>(limits::kMaxRecordLargest))
            return refuse();
        m_at += run.chars;
        entry.row.dataAt = static_cast<std::uint32_t>(m_used);
        entry.row.dataBytes = static_cast<std::uint32_t>(run.bytes);
        entry.hasData = true;
        m_used += run.bytes;
        return take('"') || refuse();
    }

    bool key(Entry& entry)
    {
        Plain key;
        if (entry.hasKey || !plain(key) || key.text.empty() || !fits(key))
            return refuse();
        entry.row.keyAt = static_cast<std::uint32_t>(m_used);
        entry.row.keyBytes = static_cast<std::uint16_t>(key.text.size());
        entry.hasKey = true;
        std::memcpy(m_put.records.bytes.data() + m_used, key.text.data(), key.text.size());
        m_used += key.text.size();
        return true;
    }

    static bool fits(const Plain& key)
    {
        constexpr auto kMost = static_cast<std::size_t>(limits::kPartitionKeyChars);
        if (key.ascii)
            return key.text.size() <= kMost;
        return key.text.size() <= 4 * kMost
            && simdjson::validate_utf8(key.text.data(), key.text.size())
            && constraints::characters(key.text) <= limits::kPartitionKeyChars;
    }

    bool hashKey(Entry& entry)
    {
        Plain text;
        if (entry.row.placed || !plain(text) || !shapes::isHashKey(text.text))
            return refuse();
        const auto hash = parseHashKey(text.text);
        if (!hash)
            return refuse();
        entry.row.placed = true;
        entry.row.hash = *hash;
        return true;
    }

    bool common(std::string_view name)
    {
        if (name == "StreamName")
            return text(m_put.streamName);
        if (name == "StreamARN")
            return text(m_put.streamArn);
        return name == "DryRun" && boolean();
    }

    bool orderingField(std::string_view name)
    {
        return name == "SequenceNumberForOrdering" && text(m_put.sequenceNumberForOrdering);
    }

    bool text(std::optional<std::string_view>& out)
    {
        Plain value;
        if (out || !plain(value) || !value.ascii || value.text.empty())
            return refuse();
        out = value.text;
        return true;
    }

    bool boolean()
    {
        const std::string_view rest(m_at, static_cast<std::size_t>(m_end - m_at));
        if (m_hasDryRun || (!rest.starts_with("true") && !rest.starts_with("false")))
            return refuse();
        m_hasDryRun = true;
        m_put.dryRun = rest[0] == 't';
        m_at += m_put.dryRun ? 4 : 5;
        return true;
    }

    /// Marks the whole as refused, whoever else would take the name.
    bool refuse()
    {
        m_bad = true;
        m_at = m_end;
        return false;
    }

    const char* m_at;
    const char* m_end;
    ScannedPut& m_put;
    std::size_t m_used = 0; ///< of the batch's bytes
    bool m_bad = false, m_hasDryRun = false;
};

/// What the general reader's constraints say of the other members.
bool fit(const ScannedPut& put)
{
    constexpr std::size_t kName = 128, kArn = 2'048;
    return (!put.streamName || (put.streamName->size() <= kName && shapes::isName(*put.streamName)))
        && (!put.streamArn || put.streamArn->size() <= kArn)
        && (!put.sequenceNumberForOrdering
            || shapes::isSequenceNumber(*put.sequenceNumberForOrdering));
}

std::optional<ScannedPut> scan(std::string_view body, bool records)
{
    std::optional<ScannedPut> put(std::in_place);
    if (!Scanner(body, *put).whole(records) || !fit(*put))
        put.reset();
    return put;
}

} // namespace

std::optional<ScannedPut> scanPutRecords(std::string_view body)
{
    return scan(body, true);
}
std::optional<ScannedPut> scanPutRecord(std::string_view body)
{
    return scan(body, false);
}

} // namespace shardscope::endpoint
