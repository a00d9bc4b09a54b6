#include "core/endpoint/call.h"

#include <utility>

#include "core/endpoint/pages.h"
#include "core/endpoint/wire_cbor.h"
#include "core/endpoint/wire_json.h"

namespace shardscope::endpoint {
namespace {

/// The stream and the consumer that a request names, for answers that name them again.
Answering answeringOf(const ApiRequest& request, const ArnScope& scope)
{
    Answering with {.scope = scope, .streamName = {}, .consumerName = {}};
    std::visit(
        [&](const auto& r) {
            if constexpr (requires { std::string(r.streamName); })
                with.streamName = r.streamName;
            else if constexpr (requires { r.resource.streamName; })
                with.streamName = r.resource.streamName;
            if constexpr (requires { r.consumerName; })
                with.consumerName = r.consumerName;
        },
        request);
    return with;
}

Result<WireDocument> readDocument(Protocol protocol, std::string_view body)
{
    switch (protocol) {
    case Protocol::Cbor11:
        return readCbor(body, CborTime::Milliseconds);
    case Protocol::RpcCbor:
        return readCbor(body, CborTime::Seconds);
    case Protocol::Json11:
    case Protocol::Json10:
    case Protocol::PlainJson:
    case Protocol::Query:
        break;
    }
    return readJson(body);
}

} // namespace

ApiCore::ApiCore(Api::Options given)
    : options(std::move(given))
    , authenticator(std::make_unique<Authenticator>(
          Authenticator::Options {std::move(options.credentials), options.region}))
{
}

SimTime ApiCore::now() const
{
    if (options.clock)
        return options.clock();
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return SimTime::fromMicros(
        std::chrono::duration_cast<std::chrono::microseconds>(since).count());
}

Call::Call(std::shared_ptr<const ApiCore> core, std::shared_ptr<const HttpRequest> request,
           std::shared_ptr<Exchange> exchange)
    : m_core(std::move(core))
    , m_request(std::move(request))
    , m_exchange(std::move(exchange))
    , m_began(std::chrono::steady_clock::now())
    , m_ids(RequestIds::draw())
{
}

void Call::run()
{
    if (m_request->method == "OPTIONS")
        return m_exchange->respond(preflight(*m_request, m_ids));
    if (m_request->method == "GET")
        if (auto page = pageOf(*m_request, *m_core))
            return m_exchange->respond(std::move(*page));
    const auto route = m_request->method == "POST" ? routeOf(*m_request) : std::nullopt;
    if (!route)
        return refusePlain();
    m_route = *route;
    if (auto request = read())
        submit(std::move(*request));
}

std::optional<ApiRequest> Call::read()
{
    const std::string_view body = m_request->body;
    const Action* action = m_route.action;
    const bool json = m_route.protocol == Protocol::Json11;
    if (json && action != nullptr && action->readJson != nullptr) {
        ApiRequest request;
        if (action->readJson(body, m_core->scope(), request))
            return authenticate() ? std::optional(std::move(request)) : std::nullopt;
    }
    return readBody(body);
}

std::optional<ApiRequest> Call::readBody(std::string_view body)
{
    const auto document = readDocument(m_route.protocol, body);
    if (!document || document->nodes.front().kind != WireKind::Map) {
        refuse(kSerializationError, {});
        return std::nullopt;
    }
    if (m_route.action == nullptr) {
        refuse(m_route.protocol == Protocol::PlainJson ? kUnknownOperationPlain : kUnknownOperation,
               {});
        return std::nullopt;
    }
    if (!authenticate())
        return std::nullopt;
    const WireValue value(*document);
    if (const auto fault = typeFault(value, *m_route.action->input)) {
        refuse(kSerializationError, *fault);
        return std::nullopt;
    }
    if (auto ok = checkConstraints(value, *m_route.action->input); !ok) {
        refuse(ok.error());
        return std::nullopt;
    }
    auto request = m_route.action->read(Input(value), m_core->scope());
    if (!request) {
        refuse(request.error());
        return std::nullopt;
    }
    return std::move(*request);
}

bool Call::authenticate()
{
    auto caller = m_core->authenticator->check(*m_request, m_core->now());
    if (!caller) {
        refuse(WireError {caller.error().type, caller.error().status}, caller.error().message);
        return false;
    }
    m_caller = std::move(*caller);
    return true;
}

void Call::submit(ApiRequest request)
{
    m_with = answeringOf(request, m_core->scope());
    const bool taken = m_core->options.backend.submit(
        std::move(request), [self = shared_from_this()](Result<ApiAnswer> answer) {
            self->m_exchange->post([self, answer = std::move(answer)]() { self->answer(answer); });
        });
    if (!taken)
        refuse({ErrorCode::Busy, "Too many requests wait for the service. Try again."});
}

void Call::answer(const Result<ApiAnswer>& answer)
{
    if (answer)
        good(*answer);
    else
        refuse(answer.error());
}

void Call::good(const ApiAnswer& answer)
{
    std::string body;
    const Action& action = *m_route.action;
    const bool json = m_route.protocol == Protocol::Json11;
    if (json && action.writeJson != nullptr)
        action.writeJson(body, answer, m_with);
    else if (action.write != nullptr)
        action.write(*makeWriter(m_route.protocol, body), answer, m_with);
    send(goodResponse(m_route, m_ids, std::move(body)));
}

void Call::refuse(const Error& error)
{
    refuse(wireError(error.code, m_route.service), error.message);
}

void Call::refuse(const WireError& error, std::string_view message)
{
    send(errorResponse(m_route, m_ids, error, message));
}

void Call::refusePlain()
{
    const bool claims = m_request->headers.find("authorization").has_value()
        || m_request->query.find("X-Amz-Signature=") != std::string::npos;
    send(claims ? plainError(404, kUnknownOperation.type, {}, m_ids)
                : plainError(403, "MissingAuthenticationTokenException",
                             "Missing Authentication Token", m_ids));
}

void Call::send(HttpResponse response)
{
    addCrossOrigin(*m_request, response);
    m_exchange->respond(std::move(response));
}

} // namespace shardscope::endpoint
