#include "core/endpoint/responses.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <random>

#include "core/endpoint/base64.h"
#include "core/endpoint/wire_cbor.h"
#include "core/endpoint/wire_json.h"
#include "core/endpoint/wire_xml.h"

namespace shardscope::endpoint {
namespace {

/// Ids need to differ, not to be secret: a counter behind a mixing function, begun at a place that
/// the system draws.
std::uint64_t nextRandom()
{
    static thread_local std::uint64_t state = [] {
        std::random_device device;
        return std::uint64_t {device()} << 32 | device();
    }();
    std::uint64_t z = state += 0x9e37'79b9'7f4a'7c15;
    z = (z ^ z >> 30) * 0xbf58'476d'1ce4'e5b9;
    z = (z ^ z >> 27) * 0x94d0'49bb'1331'11eb;
    return z ^ z >> 31;
}

std::string uuid()
{
    static constexpr char kHex[] = "0123456789abcdef";
    std::array<std::uint64_t, 2> bits {nextRandom(), nextRandom()};
    std::string text(36, '-');
    std::size_t nibble = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (at == 8 || at == 13 || at == 18 || at == 23)
            continue;
        text[at] = kHex[bits[nibble / 16] >> nibble % 16 * 4 & 15];
        ++nibble;
    }
    text[14] = '4';
    text[19] = kHex[8 | (bits[1] >> 60 & 3)];
    return text;
}

bool isCbor(Protocol protocol)
{
    return protocol == Protocol::Cbor11 || protocol == Protocol::RpcCbor;
}

void addIds(HttpResponse& response, const RequestIds& ids)
{
    response.headers.emplace_back("x-amzn-RequestId", ids.requestId);
    response.headers.emplace_back("x-amz-id-2", ids.extendedId);
}

HttpResponse start(int status, const Route& route, const RequestIds& ids)
{
    HttpResponse response;
    response.status = status;
    response.headers.reserve(8);
    addIds(response, ids);
    response.headers.emplace_back("Content-Type", std::string(contentType(route.protocol)));
    if (route.protocol == Protocol::RpcCbor)
        response.headers.emplace_back("smithy-protocol", "rpc-v2-cbor");
    return response;
}

/// SerializationException is of an older kind than the others: its message has a capital.
std::string errorBody(const Route& route, const WireError& error, std::string_view message)
{
    std::string body;
    const auto out = makeWriter(route.protocol, body);
    const bool serialization = error.type == kSerializationError.type;
    out->beginMap();
    out->member("__type", error.type);
    if (!message.empty())
        out->member(serialization ? "Message" : "message", message);
    out->endMap();
    return body;
}

} // namespace

RequestIds RequestIds::draw()
{
    std::array<std::uint64_t, 9> bits {};
    for (auto& word : bits)
        word = nextRandom();
    std::array<char, sizeof(bits)> bytes;
    std::memcpy(bytes.data(), bits.data(), sizeof(bits));
    RequestIds ids {.requestId = uuid(), .extendedId = {}};
    appendBase64(ids.extendedId, {bytes.data(), bytes.size()});
    return ids;
}

std::unique_ptr<WireWriter> makeWriter(Protocol protocol, std::string& out)
{
    if (protocol == Protocol::Query)
        return std::make_unique<XmlWriter>(out);
    if (isCbor(protocol))
        return std::make_unique<CborWriter>(
            out, protocol == Protocol::Cbor11 ? CborTime::Milliseconds : CborTime::Seconds);
    return std::make_unique<JsonWriter>(out);
}

HttpResponse goodResponse(const Route& route, const RequestIds& ids, std::string body)
{
    HttpResponse response = start(200, route, ids);
    response.body = route.protocol == Protocol::Query
        ? xmlEnvelope(route.operation, body, ids.requestId)
        : std::move(body);
    return response;
}

HttpResponse errorResponse(const Route& route, const RequestIds& ids, const WireError& error,
                           std::string_view message)
{
    HttpResponse response = start(error.status, route, ids);
    response.headers.emplace_back("x-amzn-ErrorType", std::string(error.type));
    response.body = route.protocol == Protocol::Query
        ? xmlError(error.status, error.type, message, ids.requestId)
        : errorBody(route, error, message);
    return response;
}

HttpResponse plainError(int status, std::string_view type, std::string_view message,
                        const RequestIds& ids)
{
    HttpResponse response;
    response.status = status;
    addIds(response, ids);
    response.headers.emplace_back("Content-Type", "application/xml");
    response.headers.emplace_back("x-amzn-ErrorType", std::string(type));
    const std::string name(type);
    response.body = '<' + name + '>';
    if (!message.empty()) {
        response.body += "\n  <Message>";
        appendXmlText(response.body, message);
        response.body += "</Message>\n";
    }
    response.body += "</" + name + ">\n";
    return response;
}

void addCrossOrigin(const HttpRequest& request, HttpResponse& response)
{
    if (!request.headers.find("origin"))
        return;
    response.headers.emplace_back("Access-Control-Allow-Origin", "*");
    response.headers.emplace_back("Access-Control-Expose-Headers",
                                  "x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,"
                                  "x-amzn-ErrorMessage,Date");
}

HttpResponse preflight(const HttpRequest& request, const RequestIds& ids)
{
    HttpResponse response;
    addIds(response, ids);
    addCrossOrigin(request, response);
    if (const auto fields = request.headers.find("access-control-request-headers"))
        response.headers.emplace_back("Access-Control-Allow-Headers", std::string(*fields));
    if (const auto method = request.headers.find("access-control-request-method"))
        response.headers.emplace_back("Access-Control-Allow-Methods", std::string(*method));
    response.headers.emplace_back("Access-Control-Max-Age", "172800");
    return response;
}

std::string messageBody(Protocol protocol, std::string_view message)
{
    std::string body;
    const auto out = makeWriter(protocol, body);
    out->beginMap();
    out->member("message", message);
    out->endMap();
    return body;
}

} // namespace shardscope::endpoint
