#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/budgets.h"
#include "core/base/check.h"
#include "core/endpoint/http.h"
#include "core/endpoint/wire_cbor.h"
#include "core/endpoint/wire_json.h"
#include "core/endpoint/wire_tree.h"
#include "tests/fuzz/fuzz_target.h"

using namespace shardscope;
using namespace shardscope::endpoint;

namespace {

using Node = WireDocument::Node;

/// What the seconds of rpc-v2-cbor, a double, hold to the millisecond.
constexpr std::int64_t kExactMillis = std::int64_t {1} << 50;

/// Ends of values lie within one another, and no deeper than is allowed. Returns one past the
/// value.
std::uint32_t checkTree(const std::vector<Node>& nodes, std::uint32_t at, std::size_t depth)
{
    SHARDSCOPE_CHECK(at < nodes.size() && depth < budgets::kWireDepth);
    const Node& node = nodes[at];
    SHARDSCOPE_CHECK(node.end > at && node.end <= nodes.size());
    const bool holds = node.kind == WireKind::List || node.kind == WireKind::Map;
    SHARDSCOPE_CHECK(holds || node.end == at + 1);
    for (std::uint32_t next = at + 1; next < node.end;) {
        SHARDSCOPE_CHECK(node.kind == WireKind::Map || nodes[next].name.empty());
        next = checkTree(nodes, next, depth + 1);
        SHARDSCOPE_CHECK(next <= node.end);
    }
    return node.end;
}

bool sameValue(const Node& a, const Node& b)
{
    if (a.kind != b.kind || a.end != b.end || a.name != b.name || a.text != b.text)
        return false;
    if (a.kind == WireKind::Double)
        return a.number == b.number || (std::isnan(a.number) && std::isnan(b.number));
    if (a.kind == WireKind::Time && std::abs(a.integer) > kExactMillis)
        return true;
    return a.integer == b.integer;
}

void writeAgain(const WireDocument& document, CborTime time)
{
    std::string bytes;
    CborWriter out(bytes, time);
    writeTree(out, WireValue(document));
    const auto again = readCbor(bytes, time);
    SHARDSCOPE_CHECK(again.has_value() && again->nodes.size() == document.nodes.size());
    for (std::size_t i = 0; i < document.nodes.size(); ++i)
        SHARDSCOPE_CHECK(sameValue(document.nodes[i], again->nodes[i]));
}

/// What came as CBOR can be said as JSON.
void writeAsJson(const WireDocument& document)
{
    std::string text;
    JsonWriter out(text);
    writeTree(out, WireValue(document));
    const std::size_t size = text.size();
    text.resize(size + HttpRequest::kPadding);
    const auto read = readJson(std::string_view(text).substr(0, size));
    SHARDSCOPE_CHECK(read.has_value() && read->nodes.size() == document.nodes.size());
}

} // namespace

std::vector<std::string> fuzzWords()
{
    return {"\xbf",
            "\x9f",
            "\xff",
            "\xa1",
            "\x81",
            "\xc1",
            "\xc1\xfb",
            "\xc1\x1b",
            "\x5f",
            "\x7f",
            "\x60",
            "\x40",
            "\xf4",
            "\xf5",
            "\xf6",
            "\xf7",
            "\xf8\x20",
            "\xf9\x7c\x01",
            "\xfa\x7f\x80\x00\x01",
            std::string("\xfb\x7f\xf0\0\0\0\0\0\0", 9),
            "\x1b\xff\xff\xff\xff\xff\xff\xff\xff",
            "\x3b\xff\xff\xff\xff\xff\xff\xff\xff",
            std::string("\x3b\x7f\xff\xff\xff\xff\xff\xff\xff", 9),
            "\x7b\x7f\xff\xff\xff\xff\xff\xff\xff",
            "\x9b\x7f\xff\xff\xff\xff\xff\xff\xff",
            "\xbb\x7f\xff\xff\xff\xff\xff\xff\xff",
            "\x1c",
            "\x5c",
            "\xdb",
            std::string(40, '\x81'),
            std::string(40, '\x9f'),
            "\x62\xc3\xa9",
            "\x62\xc3\x28",
            "\x64"
            "Data",
            "\x6a"
            "StreamName"};
}

/// A byte that chooses the protocol, and a body behind it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const CborTime time = data[0] % 2 == 0 ? CborTime::Milliseconds : CborTime::Seconds;
    // Exactly as large as the body: one byte read beyond is seen.
    const std::size_t bytes = size - 1;
    const auto body = std::make_unique<char[]>(bytes);
    std::memcpy(body.get(), data + 1, bytes);
    const auto document = readCbor({body.get(), bytes}, time);
    if (!document) {
        SHARDSCOPE_CHECK(document.error().code == ErrorCode::BadInput
                         && !document.error().message.empty());
        return 0;
    }
    SHARDSCOPE_CHECK(document->nodes.size() <= bytes);
    SHARDSCOPE_CHECK(checkTree(document->nodes, 0, 0) == document->nodes.size());
    writeAgain(*document, time);
    writeAsJson(*document);
    return 0;
}
