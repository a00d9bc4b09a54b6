#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/endpoint/api.h"
#include "core/endpoint/event_stream.h"
#include "core/endpoint/http.h"
#include "core/endpoint/responses.h"
#include "core/endpoint/router.h"
#include "core/endpoint/sigv4.h"
#include "core/endpoint/traffic_counter.h"

namespace shardscope::endpoint {

/// What all calls share. Lives as long as the last of them.
struct ApiCore {
    explicit ApiCore(Api::Options given);

    Api::Options options;
    std::unique_ptr<Authenticator> authenticator;
    mutable TrafficCounter traffic;
    [[nodiscard]] ArnScope scope() const { return {options.account, options.region}; }
    [[nodiscard]] SimTime now() const;
};

/// One request on its way through: read, checked, submitted, answered. Lives until it is answered.
class Call : public std::enable_shared_from_this<Call> {
public:
    Call(std::shared_ptr<const ApiCore> core, std::shared_ptr<const HttpRequest> request,
         std::shared_ptr<Exchange> exchange);
    void run();

private:
    /// Reads and checks the body. None, here and below: the call is answered.
    [[nodiscard]] std::optional<ApiRequest> read();
    [[nodiscard]] std::optional<ApiRequest> readForm(std::string_view body);
    [[nodiscard]] std::optional<ApiRequest> readDocument(std::string_view body);
    [[nodiscard]] std::optional<ApiRequest> checked(const WireDocument& document);
    /// Answers that the body cannot be read.
    std::nullopt_t refuseBody();
    /// Whether the caller is known and may ask.
    [[nodiscard]] bool authenticate();
    void submit(ApiRequest request);
    void subscribe(SubscribeToShard request);
    void subscribed(const Result<ApiAnswer>& answer, const std::shared_ptr<EventStream>& stream);
    void answer(const Result<ApiAnswer>& answer);
    void good(const ApiAnswer& answer);
    void noteRefusals(const ApiAnswer& answer);
    void refuse(const Error& error);
    void refuse(const WireError& error, std::string_view message);
    void refusePlain();
    void send(HttpResponse response);
    void count(int status, std::int64_t bytesOut);

    std::shared_ptr<const ApiCore> m_core;
    std::shared_ptr<const HttpRequest> m_request;
    std::shared_ptr<Exchange> m_exchange;
    std::chrono::steady_clock::time_point m_began;
    RequestIds m_ids;
    std::string m_inflated; ///< the body, when it came deflated
    Route m_route;
    Answering m_with;
    Caller m_caller;
    WireError m_error; ///< that was answered, with its message
    std::string m_errorMessage;
    std::int64_t m_records = 0; ///< put or read
    std::int64_t m_refusedRecords = 0; ///< in an answer to PutRecords
};

} // namespace shardscope::endpoint
