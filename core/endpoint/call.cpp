#include "core/endpoint/call.h"

#include <algorithm>
#include <utility>

#include "core/base/budgets.h"
#include "core/endpoint/actions/common.h"
#include "core/endpoint/inflate.h"
#include "core/endpoint/pages.h"
#include "core/endpoint/wire_cbor.h"
#include "core/endpoint/wire_form.h"
#include "core/endpoint/wire_json.h"

namespace shardscope::endpoint {
namespace {

constexpr const char* kBusyText = "Too many requests wait for the service. Try again.";

/// What of a request its answer says again.
Answering answeringOf(const ApiRequest& request, const ArnScope& scope)
{
    Answering with;
    with.scope = scope;
    std::visit(
        [&](const auto& r) {
            if constexpr (requires { std::string(r.streamName); })
                with.streamName = r.streamName;
            else if constexpr (requires { r.resource.streamName; })
                with.streamName = r.resource.streamName;
        },
        request);
    if (const auto* statistics = std::get_if<cloudwatch::GetMetricStatistics>(&request)) {
        with.metricName = statistics->metric.metricName;
        with.statistics = statistics->statistics;
    }
    return with;
}

/// Records that an answer says were put, or carries.
std::int64_t recordsIn(const ApiAnswer& answer)
{
    if (std::holds_alternative<PutResult>(answer))
        return 1;
    if (const auto* put = std::get_if<PutRecordsResult>(&answer))
        return static_cast<std::int64_t>(put->records.size()) - put->failedRecordCount;
    if (const auto* read = std::get_if<GetRecordsResult>(&answer))
        return static_cast<std::int64_t>(read->records.rows.size());
    return 0;
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
    std::string_view body = m_request->body;
    if (m_request->headers.find("content-encoding") == "gzip") {
        auto inflated = inflateGzip(body, static_cast<std::size_t>(budgets::kInflatedBody));
        if (!inflated)
            return refuseBody();
        m_inflated = std::move(*inflated);
        const std::size_t size = m_inflated.size();
        m_inflated.resize(size + HttpRequest::kPadding);
        body = std::string_view(m_inflated).substr(0, size);
    }
    const Action* action = m_route.action;
    if (m_route.protocol == Protocol::Json11 && action != nullptr && action->readJson != nullptr) {
        ApiRequest request;
        if (action->readJson(body, m_core->scope(), request))
            return authenticate() ? std::optional(std::move(request)) : std::nullopt;
    }
    return m_route.protocol == Protocol::Query ? readForm(body) : readDocument(body);
}

std::optional<ApiRequest> Call::readForm(std::string_view body)
{
    const auto form = endpoint::readForm(body);
    if (!form)
        return refuseBody();
    if (const auto name = form->find("Action"); name != form->end())
        m_route.action = findAction(m_route.service, name->second);
    if (m_route.action == nullptr) {
        refuse({"InvalidAction", 400}, "The action or operation requested is not known.");
        return std::nullopt;
    }
    m_route.operation = m_route.action->name;
    return checked(formTree(*form, *m_route.action->input));
}

std::optional<ApiRequest> Call::readDocument(std::string_view body)
{
    const auto document = endpoint::readDocument(m_route.protocol, body);
    if (!document || document->nodes.front().kind != WireKind::Map)
        return refuseBody();
    if (m_route.action == nullptr) {
        refuse(m_route.protocol == Protocol::PlainJson ? kUnknownOperationPlain : kUnknownOperation,
               {});
        return std::nullopt;
    }
    return checked(*document);
}

std::optional<ApiRequest> Call::checked(const WireDocument& document)
{
    if (!authenticate())
        return std::nullopt;
    const WireValue value(document);
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

std::nullopt_t Call::refuseBody()
{
    refuse(kSerializationError, {});
    return std::nullopt;
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
    if (auto* subscription = std::get_if<SubscribeToShard>(&request))
        return subscribe(std::move(*subscription));
    const bool taken = m_core->options.backend.submit(
        std::move(request), [self = shared_from_this()](Result<ApiAnswer> answer) {
            self->m_exchange->post([self, answer = std::move(answer)]() { self->answer(answer); });
        });
    if (!taken)
        refuse({ErrorCode::Busy, kBusyText});
}

void Call::subscribe(SubscribeToShard request)
{
    const auto stream = std::make_shared<EventStream>(m_exchange, m_route.protocol);
    const bool taken = m_core->options.backend.subscribe(
        std::move(request), stream, [self = shared_from_this(), stream](Result<ApiAnswer> answer) {
            self->m_exchange->post(
                [self, stream, answer = std::move(answer)] { self->subscribed(answer, stream); });
        });
    if (!taken)
        refuse({ErrorCode::Busy, kBusyText});
}

void Call::subscribed(const Result<ApiAnswer>& answer, const std::shared_ptr<EventStream>& stream)
{
    if (!answer)
        return refuse(answer.error());
    HttpResponse head = goodResponse(m_route, m_ids, {});
    for (auto& [name, value] : head.headers)
        if (name == "Content-Type")
            value = "application/vnd.amazon.eventstream";
    addCrossOrigin(*m_request, head);
    // Five minutes would say nothing about how soon calls are answered.
    count(head.status, 0);
    stream->open(std::move(head));
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
    m_records = recordsIn(answer);
    noteRefusals(answer);
    send(goodResponse(m_route, m_ids, std::move(body)));
}

/// PutRecords is answered well when some of its records, or all, are refused; who watches wants to
/// know of them all the same.
void Call::noteRefusals(const ApiAnswer& answer)
{
    const auto* put = std::get_if<PutRecordsResult>(&answer);
    if (put == nullptr || put->failedRecordCount == 0)
        return;
    m_refusedRecords = put->failedRecordCount;
    const auto first = std::find_if(put->records.begin(), put->records.end(),
                                    [](const SequenceNumber& n) { return n.counter == 0; });
    m_error.type = wireError(ErrorCode::ProvisionedThroughputExceeded).type;
    m_errorMessage = throttleText(*first, m_with);
}

void Call::refuse(const Error& error)
{
    refuse(wireError(error.code, m_route.service), error.message);
}

void Call::refuse(const WireError& error, std::string_view message)
{
    m_error = error;
    m_errorMessage = message;
    send(errorResponse(m_route, m_ids, error, message));
}

void Call::refusePlain()
{
    const bool claims = m_request->headers.find("authorization").has_value()
        || m_request->query.find("X-Amz-Signature=") != std::string::npos;
    m_error
        = claims ? kUnknownOperationPlain : WireError {"MissingAuthenticationTokenException", 403};
    m_errorMessage = claims ? "" : "Missing Authentication Token";
    send(plainError(m_error.status, m_error.type, m_errorMessage, m_ids));
}

void Call::send(HttpResponse response)
{
    addCrossOrigin(*m_request, response);
    count(response.status, static_cast<std::int64_t>(response.body.size()));
    m_exchange->respond(std::move(response));
}

void Call::count(int status, std::int64_t bytesOut)
{
    const auto took = std::chrono::steady_clock::now() - m_began;
    m_core->traffic.count({
        .request = *m_request,
        .at = m_core->now(),
        .operation = m_route.action != nullptr ? m_route.action->name : std::string_view(),
        .stream = m_with.streamName,
        .accessKeyId = m_caller.accessKeyId,
        .cbor = m_route.protocol == Protocol::Cbor11 || m_route.protocol == Protocol::RpcCbor,
        .bytesOut = bytesOut,
        .micros = std::chrono::duration_cast<std::chrono::microseconds>(took).count(),
        .records = m_records,
        .refusedRecords = m_refusedRecords,
        .status = status,
        .errorType = m_error.type,
        .errorMessage = m_errorMessage,
        .requestId = m_ids.requestId,
    });
}

} // namespace shardscope::endpoint
