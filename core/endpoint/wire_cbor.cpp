#include "core/endpoint/wire_cbor.h"

#include <bit>
#include <cmath>
#include <limits>
#include <simdjson.h>

#include "core/base/budgets.h"
#include "core/endpoint/shapes.h"

namespace shardscope::endpoint {
namespace {

constexpr unsigned kUnsigned = 0, kNegative = 1, kBytes = 2, kText = 3, kList = 4, kMap = 5,
                   kTag = 6, kSimple = 7;
constexpr unsigned kIndefinite = 31;
constexpr unsigned kFalse = 20, kTrue = 21, kNull = 22, kUndefined = 23, kHalf = 25, kFloat = 26,
                   kDouble = 27;
constexpr char kBreak = '\xff';
constexpr std::uint64_t kEpochTag = 1;
constexpr double kMillis = 1'000;

/// Half precision, RFC 8949 appendix D.
double halfValue(std::uint64_t bits)
{
    const int exponent = static_cast<int>(bits >> 10 & 31);
    const auto fraction = static_cast<double>(bits & 1023);
    const double value = exponent == 0 ? std::ldexp(fraction, -24)
        : exponent != 31               ? std::ldexp(fraction + 1024, exponent - 25)
        : fraction == 0                ? std::numeric_limits<double>::infinity()
                                       : std::numeric_limits<double>::quiet_NaN();
    return (bits & 0x8000) != 0 ? -value : value;
}

class Reader {
public:
    Reader(std::string_view body, CborTime time, WireDocument& document)
        : m_body(body)
        , m_time(time)
        , m_document(document)
    {
    }

    /// False at the first fault; why() says which.
    bool document()
    {
        if (!value({}, 0))
            return false;
        return m_at == m_body.size() || refuse("bytes follow the value");
    }
    [[nodiscard]] const char* why() const { return m_why; }

private:
    struct Head {
        unsigned major = 0, info = 0;
        std::uint64_t value = 0;
        [[nodiscard]] bool indefinite() const { return info == kIndefinite; }
    };

    bool refuse(const char* why)
    {
        m_why = why;
        return false;
    }

    bool head(Head& out)
    {
        if (m_at >= m_body.size())
            return refuse("the body ends too early");
        const unsigned first = static_cast<unsigned char>(m_body[m_at++]);
        out = {first >> 5U, first & 31U, first & 31U};
        if (out.info < 24 || out.info == kIndefinite)
            return true;
        if (out.info > 27)
            return refuse("a reserved length");
        const std::size_t size = std::size_t {1} << (out.info - 24);
        if (m_body.size() - m_at < size)
            return refuse("the body ends too early");
        out.value = 0;
        for (std::size_t i = 0; i < size; ++i)
            out.value = out.value << 8 | static_cast<unsigned char>(m_body[m_at++]);
        return true;
    }

    bool atBreak()
    {
        if (m_at >= m_body.size() || m_body[m_at] != kBreak)
            return false;
        ++m_at;
        return true;
    }

    /// A text or byte string after its head.
    bool string(const Head& h, std::string_view& out)
    {
        if (!h.indefinite()) {
            if (h.value > m_body.size() - m_at)
                return refuse("a string is longer than the body");
            out = m_body.substr(m_at, h.value);
            m_at += h.value;
        } else if (!pieces(h.major, out))
            return false;
        if (h.major == kText && !simdjson::validate_utf8(out.data(), out.size()))
            return refuse("a text is not UTF-8");
        return true;
    }

    bool pieces(unsigned major, std::string_view& out)
    {
        std::string whole;
        while (!atBreak()) {
            Head h;
            std::string_view piece;
            if (!head(h))
                return false;
            if (h.major != major || h.indefinite())
                return refuse("a string's pieces differ from it");
            if (!string(h, piece))
                return false;
            whole += piece;
        }
        out = m_document.keep(std::move(whole));
        return true;
    }

    bool value(std::string_view name, std::size_t depth)
    {
        if (depth >= budgets::kWireDepth || m_document.nodes.size() >= budgets::kWireValues)
            return refuse("deeper or larger than a request can be");
        Head h;
        if (!head(h))
            return false;
        const std::size_t at = m_document.nodes.size();
        m_document.nodes.emplace_back().name = name;
        if (!fill(h, at, depth))
            return false;
        m_document.nodes[at].end = static_cast<std::uint32_t>(m_document.nodes.size());
        return true;
    }

    bool fill(const Head& h, std::size_t at, std::size_t depth)
    {
        auto& node = m_document.nodes[at];
        if (h.indefinite() && (h.major < kBytes || h.major > kMap))
            return refuse("a length where none belongs");
        switch (h.major) {
        case kUnsigned:
        case kNegative:
            integer(h, node);
            return true;
        case kBytes:
        case kText:
            node.kind = h.major == kText ? WireKind::Text : WireKind::Bytes;
            return string(h, node.text);
        case kList:
        case kMap:
            node.kind = h.major == kList ? WireKind::List : WireKind::Map;
            return items(h, depth);
        case kTag:
            return tagged(h, at, depth);
        default:
            return simple(h, node);
        }
    }

    static void integer(const Head& h, WireDocument::Node& node)
    {
        constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        const bool negative = h.major == kNegative;
        if (h.value > most) { // beyond every range that is asked for
            node.kind = WireKind::Double;
            node.number = (negative ? -1.0 : 1.0) * static_cast<double>(h.value);
            return;
        }
        node.kind = WireKind::Integer;
        const auto value = static_cast<std::int64_t>(h.value);
        node.integer = negative ? -1 - value : value;
    }

    bool items(const Head& h, std::size_t depth)
    {
        for (std::uint64_t i = 0; h.indefinite() ? !atBreak() : i < h.value; ++i) {
            std::string_view name;
            if (h.major == kMap) {
                Head key;
                if (!head(key))
                    return false;
                if (key.major != kText)
                    return refuse("a map's key is no text");
                if (!string(key, name))
                    return false;
            }
            if (!value(name, depth + 1))
                return false;
        }
        return true;
    }

    /// The tagged value takes the tag's place.
    bool tagged(const Head& h, std::size_t at, std::size_t depth)
    {
        const std::string_view name = m_document.nodes[at].name;
        m_document.nodes.pop_back();
        if (!value(name, depth + 1))
            return false;
        auto& node = m_document.nodes[at];
        if (h.value != kEpochTag)
            return true;
        if (node.kind != WireKind::Integer && node.kind != WireKind::Double)
            return refuse("a time is no number");
        const double count
            = node.kind == WireKind::Double ? node.number : static_cast<double>(node.integer);
        if (node.kind == WireKind::Double || m_time == CborTime::Seconds)
            node.integer
                = wholePart(std::round(m_time == CborTime::Seconds ? count * kMillis : count));
        // Beyond this nothing is a date, and products with it would overflow.
        constexpr std::int64_t kBound = 9'000'000'000'000'000;
        if (std::isnan(count) || node.integer > kBound || node.integer < -kBound)
            return refuse("a time is out of range");
        node.kind = WireKind::Time;
        return true;
    }

    bool simple(const Head& h, WireDocument::Node& node)
    {
        switch (h.info) {
        case kFalse:
        case kTrue:
            node.kind = WireKind::Bool;
            node.integer = h.info == kTrue ? 1 : 0;
            return true;
        case kNull:
        case kUndefined:
            node.kind = WireKind::Null;
            return true;
        case kHalf:
        case kFloat:
        case kDouble:
            node.kind = WireKind::Double;
            node.number = h.info == kHalf ? halfValue(h.value)
                : h.info == kFloat
                ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(h.value)))
                : std::bit_cast<double>(h.value);
            return true;
        default:
            return refuse("an unknown simple value");
        }
    }

    std::string_view m_body;
    std::size_t m_at = 0;
    CborTime m_time;
    WireDocument& m_document;
    const char* m_why = "";
};

} // namespace

Result<WireDocument> readCbor(std::string_view body, CborTime time)
{
    WireDocument document;
    Reader reader(body, time, document);
    if (!reader.document())
        return fail(ErrorCode::BadInput, reader.why());
    return document;
}

void CborWriter::head(unsigned major, std::uint64_t value)
{
    const unsigned wide = value < 24 ? 0
        : value <= 0xff              ? 1
        : value <= 0xffff            ? 2
        : value <= 0xffff'ffff       ? 4
                                     : 8;
    const unsigned info = wide == 0 ? static_cast<unsigned>(value)
                                    : 24 + static_cast<unsigned>(std::countr_zero(wide));
    m_out += static_cast<char>(major << 5 | info);
    for (unsigned left = wide; left-- > 0;)
        m_out += static_cast<char>(value >> 8 * left);
}

void CborWriter::beginMap()
{
    m_out += static_cast<char>(kMap << 5 | kIndefinite);
}
void CborWriter::endMap()
{
    m_out += kBreak;
}
void CborWriter::beginList()
{
    m_out += static_cast<char>(kList << 5 | kIndefinite);
}
void CborWriter::endList()
{
    m_out += kBreak;
}
void CborWriter::text(std::string_view value)
{
    head(kText, value.size());
    m_out += value;
}

void CborWriter::integer(std::int64_t value)
{
    if (value < 0)
        head(kNegative, static_cast<std::uint64_t>(-1 - value));
    else
        head(kUnsigned, static_cast<std::uint64_t>(value));
}

void CborWriter::number(double value)
{
    m_out += static_cast<char>(kSimple << 5 | kDouble);
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (unsigned left = 8; left-- > 0;)
        m_out += static_cast<char>(bits >> 8 * left);
}

void CborWriter::boolean(bool value)
{
    m_out += static_cast<char>(kSimple << 5 | (value ? kTrue : kFalse));
}

void CborWriter::null()
{
    m_out += static_cast<char>(kSimple << 5 | kNull);
}

void CborWriter::time(SimTime at)
{
    head(kTag, kEpochTag);
    if (m_time == CborTime::Milliseconds)
        integer(at.inMillis());
    else
        number(static_cast<double>(at.inMillis()) / kMillis);
}

void CborWriter::blob(std::string_view bytes)
{
    head(kBytes, bytes.size());
    m_out += bytes;
}

} // namespace shardscope::endpoint
