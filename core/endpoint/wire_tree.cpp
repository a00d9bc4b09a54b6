#include "core/endpoint/wire_tree.h"

#include "core/endpoint/http.h"
#include "core/endpoint/wire_json.h"

namespace shardscope::endpoint {

void writeTree(WireWriter& out, const WireValue& value)
{
    const auto& node = value.node();
    switch (node.kind) {
    case WireKind::Null:
        return out.null();
    case WireKind::Bool:
        return out.boolean(node.integer != 0);
    case WireKind::Integer:
        return out.integer(node.integer);
    case WireKind::Double:
        return out.number(node.number);
    case WireKind::Text:
        return out.text(node.text);
    case WireKind::Bytes:
        return out.blob(node.text);
    case WireKind::Time:
        return out.time(SimTime::fromMillis(node.integer));
    case WireKind::List:
        out.beginList();
        for (const WireValue item : value)
            writeTree(out, item);
        return out.endList();
    case WireKind::Map:
        out.beginMap();
        for (const WireValue member : value) {
            out.name(member.name());
            writeTree(out, member);
        }
        return out.endMap();
    }
}

void writeJsonMembers(WireWriter& out, const std::string& json, std::string_view except)
{
    std::string padded = json;
    padded.resize(json.size() + HttpRequest::kPadding);
    const auto document = readJson(std::string_view(padded).substr(0, json.size()));
    if (!document || document->nodes.front().kind != WireKind::Map)
        return;
    for (const WireValue member : WireValue(*document)) {
        if (member.name() == except)
            continue;
        out.name(member.name());
        writeTree(out, member);
    }
}

} // namespace shardscope::endpoint
