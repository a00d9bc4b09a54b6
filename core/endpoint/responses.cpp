#include "core/endpoint/responses.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <random>

#include "core/base/base64.h"
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

/// Eight hexadecimal digits, the lowest first: which is which does not matter of chance.
void writeHex(char* at, std::uint32_t bits)
{
    std::uint64_t lanes = bits;
    lanes = (lanes | lanes << 16) & 0x0000'ffff'0000'ffff;
    lanes = (lanes | lanes << 8) & 0x00ff'00ff'00ff'00ff;
    lanes = (lanes | lanes << 4) & 0x0f0f'0f0f'0f0f'0f0f;
    const std::uint64_t letters = (lanes + 0x0606'0606'0606'0606) >> 4 & 0x0101'0101'0101'0101;
    lanes += 0x3030'3030'3030'3030 + letters * ('a' - '0' - 10);
    std::memcpy(at, &lanes, sizeof lanes);
}

/// Four random bits of each digit but those that say its kind (RFC 9562, version 4).
std::string uuid()
{
    const std::array<std::uint64_t, 2> bits {nextRandom(), nextRandom()};
    std::array<char, 32> hex {};
    for (std::size_t i = 0; i < 4; ++i)
        writeHex(hex.data() + 8 * i, static_cast<std::uint32_t>(bits[i / 2] >> i % 2 * 32));
    std::string text(36, '-');
    const auto group = [&](std::size_t to, std::size_t from, std::size_t size) {
        std::memcpy(text.data() + to, hex.data() + from, size);
    };
    group(0, 0, 8);
    group(9, 8, 4);
    group(14, 12, 4);
    group(19, 16, 4);
    group(24, 20, 12);
    text[14] = '4';
    text[19] = "89ab"[bits[0] & 3];
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
