#pragma once

#include <QTest>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/endpoint/api.h"
#include "core/engine/service.h"

/// The API without a network: requests and answers as structs, a real service behind it.
namespace shardscope::testing {

using namespace shardscope::endpoint;

/// Keeps what it is told. Tasks posted run at once, as on the connection's own thread.
class FakeExchange : public Exchange {
public:
    void respond(HttpResponse given) override
    {
        ++answers;
        response = std::move(given);
    }
    void begin(HttpResponse head) override
    {
        ++answers;
        response = std::move(head);
        streaming = true;
    }
    void write(std::string piece) override { pieces.push_back(std::move(piece)); }
    void finish() override { finished = true; }
    [[nodiscard]] std::size_t unsent() const override { return waiting; }
    void onGone(std::function<void()> hear) override { gone = std::move(hear); }
    void post(std::function<void()> task) override { task(); }

    [[nodiscard]] std::string header(std::string_view name) const
    {
        for (const auto& [key, value] : response.headers)
            if (key == name)
                return value;
        return {};
    }

    HttpResponse response;
    int answers = 0;
    bool streaming = false, finished = false;
    std::vector<std::string> pieces;
    std::size_t waiting = 0;
    std::function<void()> gone;
};

/// A request as a client sends it. The body lies with its padding behind it.
class FakeRequest {
public:
    explicit FakeRequest(std::string body = {})
        : m_text(std::move(body))
    {
        m_size = m_text.size();
        m_text.resize(m_size + HttpRequest::kPadding, '\0');
        request->method = "POST";
        request->path.assign(1, '/'); // g++ 12 warns of the plain way
        request->body = std::string_view(m_text).substr(0, m_size);
        auto peer = std::make_shared<Peer>();
        peer->connection = 1;
        peer->address = "127.0.0.1:51234";
        request->peer = peer;
    }
    FakeRequest(const FakeRequest&) = delete;
    FakeRequest& operator=(const FakeRequest&) = delete;

    FakeRequest& with(std::string_view name, std::string_view value)
    {
        request->headers.add(name, value);
        return *this;
    }
    FakeRequest& signedBy(std::string_view service = "kinesis")
    {
        with("x-amz-date", "20260105T120000Z");
        return with("authorization",
                    "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260105/us-east-1/"
                        + std::string(service)
                        + "/aws4_request, SignedHeaders=host;x-amz-date, Signature=0123456789abcdef"
                          "0123456789abcdef0123456789abcdef0123456789abcdef");
    }

    std::shared_ptr<HttpRequest> request = std::make_shared<HttpRequest>();

private:
    std::string m_text;
    std::size_t m_size = 0;
};

/// A service, the API in front of it, and a clock moved by hand.
struct ApiWorld {
    SimTime now = kDefaultStart;
    Service service;
    bool busy = false;
    std::optional<Error> failWith; ///< instead of what the service says
    std::optional<ApiAnswer> answerWith; ///< likewise
    std::optional<ApiRequest> asked; ///< the last request that came through
    std::vector<std::shared_ptr<SubscriptionSink>> sinks;
    std::optional<SubscribeToShard> subscribed;
    Api api;

    static ServiceOptions quick()
    {
        ServiceOptions options;
        options.timings.create = {};
        options.timings.update = {};
        options.timings.reshard = {};
        options.throttling = {.write = true, .read = false, .control = false, .quotas = true};
        return options;
    }

    explicit ApiWorld(const ServiceOptions& options = quick())
        : service(options)
        , api(apiOptions())
    {
    }

    Api::Options apiOptions()
    {
        Api::Options options;
        options.clock = [this] { return now; };
        options.backend.submit = [this](ApiRequest request, const Backend::Reply& reply) {
            if (busy)
                return false;
            if (failWith)
                reply(tl::unexpected(*failWith));
            else if (answerWith)
                reply(*answerWith);
            else
                reply(service.handle(request, now));
            service.advance(now);
            asked = std::move(request);
            return true;
        };
        options.backend.subscribe
            = [this](SubscribeToShard request, std::shared_ptr<SubscriptionSink> sink,
                     const Backend::Reply& reply) {
                  if (busy)
                      return false;
                  subscribed = std::move(request);
                  sinks.push_back(std::move(sink));
                  if (failWith)
                      reply(tl::unexpected(*failWith));
                  else
                      reply(ApiAnswer(SubscribeToShardResult {1}));
                  return true;
              };
        return options;
    }

    /// An active stream.
    bool create(const std::string& name, std::int64_t shards)
    {
        const auto made
            = service.control(CreateStream {.streamName = name, .shardCount = shards}, now);
        service.advance(now);
        return made.has_value();
    }

    std::shared_ptr<FakeExchange> send(const FakeRequest& request)
    {
        auto exchange = std::make_shared<FakeExchange>();
        api.handler()(request.request, exchange);
        return exchange;
    }

    std::shared_ptr<FakeExchange> json(std::string_view operation, std::string body,
                                       std::string_view type = "application/x-amz-json-1.1")
    {
        FakeRequest request(std::move(body));
        request.with("content-type", type)
            .with("x-amz-target", "Kinesis_20131202." + std::string(operation))
            .signedBy();
        return send(request);
    }
};

} // namespace shardscope::testing
