#include <string>
#include <string_view>
#include <vector>

#include "core/base/check.h"
#include "core/endpoint/api.h"
#include "core/endpoint/router.h"
#include "core/endpoint/wire_json.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/json_words.h"

using namespace shardscope;
using namespace shardscope::endpoint;

namespace {

/// Keeps the answer.
class OneExchange : public Exchange {
public:
    void respond(HttpResponse given) override
    {
        ++answers;
        response = std::move(given);
    }
    void begin(HttpResponse head) override { respond(std::move(head)); }
    void write(std::string) override { }
    void finish() override { }
    [[nodiscard]] std::size_t unsent() const override { return 0; }
    void onGone(std::function<void()>) override { }
    void post(std::function<void()> task) override { task(); }

    int answers = 0;
    HttpResponse response;
};

void checkBatch(const RecordBatch& batch)
{
    for (const auto& row : batch.rows) {
        SHARDSCOPE_CHECK(std::size_t {row.keyAt} + row.keyBytes <= batch.bytes.size());
        SHARDSCOPE_CHECK(std::size_t {row.dataAt} + row.dataBytes <= batch.bytes.size());
    }
}

void checkRequest(const ApiRequest& request)
{
    if (const auto* many = std::get_if<PutRecords>(&request)) {
        SHARDSCOPE_CHECK(!many->records.rows.empty() && many->records.rows.size() <= 500);
        checkBatch(many->records);
    } else if (const auto* one = std::get_if<PutRecord>(&request)) {
        SHARDSCOPE_CHECK(one->record.rows.size() == 1);
        checkBatch(one->record);
    }
}

const Api& api()
{
    static const Api made([] {
        Api::Options options;
        options.clock = [] { return kDefaultStart; };
        options.backend.submit = [](ApiRequest request, const Backend::Reply& reply) {
            checkRequest(request);
            reply(fail(ErrorCode::ResourceNotFound, "There is no service behind it."));
            return true;
        };
        options.backend.subscribe = [](const SubscribeToShard&, std::shared_ptr<SubscriptionSink>,
                                       const Backend::Reply& reply) {
            reply(fail(ErrorCode::ResourceNotFound, "There is no service behind it."));
            return true;
        };
        return options;
    }());
    return made;
}

std::string_view takeLine(std::string_view& text)
{
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

/// What was put by the short cut must be what the general reader puts.
void checkShortCut(const HttpRequest& request)
{
    const auto route = routeOf(request);
    if (!route || route->action == nullptr || route->action->readJson == nullptr)
        return;
    ApiRequest fast;
    const ArnScope scope {"000000000000", "us-east-1"};
    if (!route->action->readJson(request.body, scope, fast))
        return;
    const auto document = readJson(request.body);
    SHARDSCOPE_CHECK(document.has_value());
    const WireValue value(*document);
    SHARDSCOPE_CHECK(!typeFault(value, *route->action->input));
    SHARDSCOPE_CHECK(checkConstraints(value, *route->action->input).has_value());
    const auto general = route->action->read(Input(value), scope);
    SHARDSCOPE_CHECK(general.has_value() && general->index() == fast.index());
    if (const auto* many = std::get_if<PutRecords>(&fast)) {
        const auto& other = std::get<PutRecords>(*general);
        SHARDSCOPE_CHECK(many->streamName == other.streamName);
        SHARDSCOPE_CHECK(many->records.rows.size() == other.records.rows.size());
        for (std::size_t i = 0; i < many->records.rows.size(); ++i) {
            SHARDSCOPE_CHECK(many->records.key(i) == other.records.key(i));
            SHARDSCOPE_CHECK(many->records.data(i) == other.records.data(i));
            SHARDSCOPE_CHECK(many->records.rows[i].hash == other.records.rows[i].hash);
        }
    }
}

} // namespace

std::vector<std::string> fuzzWords()
{
    return shardscope::test::jsonWordsAnd({"=",
                                           "==",
                                           "YQ==",
                                           "\"Data\":",
                                           "\"PartitionKey\":\"k\",",
                                           "\"StreamName\":\"s\",",
                                           "\"Records\":[",
                                           "\"NextToken\":",
                                           "\xbf",
                                           "\x9f",
                                           "\xc1",
                                           "\x5f",
                                           "\x7f",
                                           "\x1b\xff\xff\xff\xff\xff\xff\xff\xff",
                                           "\x7b\x7f\xff\xff\xff\xff\xff\xff\xff",
                                           "%",
                                           "%00",
                                           "&",
                                           "MetricData.member.1.",
                                           "application/x-amz-cbor-1.1",
                                           "application/cbor",
                                           "Kinesis_20131202.",
                                           "TrentService."});
}

/// A content type, a target or a path, and the body behind: one line each.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string text(reinterpret_cast<const char*>(data), size);
    text.append(HttpRequest::kPadding, '"');
    std::string_view rest = std::string_view(text).substr(0, size);
    auto request = std::make_shared<HttpRequest>();
    request->method = "POST";
    request->path.assign(1, '/'); // g++ 12 warns of the plain way
    request->headers.add("content-type", takeLine(rest));
    const std::string_view target = takeLine(rest);
    if (target.starts_with('/'))
        request->path = target;
    else
        request->headers.add("x-amz-target", target);
    request->headers.add("x-amz-date", "20260105T120000Z");
    request->headers.add("authorization",
                         "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260105/us-east-1/kinesis/"
                         "aws4_request, SignedHeaders=host;x-amz-date, Signature="
                             + std::string(64, '0'));
    request->body = rest;
    checkShortCut(*request);
    const auto exchange = std::make_shared<OneExchange>();
    api().handler()(request, exchange);
    SHARDSCOPE_CHECK(exchange->answers == 1);
    SHARDSCOPE_CHECK(exchange->response.status >= 400 && exchange->response.status < 500);
    SHARDSCOPE_CHECK(!exchange->response.body.empty());
    return 0;
}
