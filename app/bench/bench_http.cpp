#include "app/bench/bench_http.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "app/bench/bench_server.h"
#include "app/bench/http_load.h"
#include "app/bench/null_server.h"
#include "app/bench/post_request.h"
#include "app/bench/put_body.h"
#include "app/bench/rounds.h"
#include "core/base/check.h"

namespace shardscope {
namespace {

constexpr std::size_t kRows = 500, kDataBytes = 200;
constexpr std::size_t kBodies = 8; ///< different ones, which take turns
constexpr int kConnections = 8; ///< that send PutRecords
constexpr int kSmallConnections = 64;
constexpr std::size_t kSmallData = 172; ///< a PutRecord of 300 bytes with its key
constexpr std::size_t kNullAnswer = 100;
constexpr std::string_view kAllTaken = "\"FailedRecordCount\":0,";

/// Shorter and the wake-ups at either end count.
double secondsOf(const BenchOptions& options)
{
    return std::max(options.roundSeconds, 0.25);
}

std::vector<std::string> manyBodies()
{
    std::vector<std::string> bodies;
    for (std::size_t i = 0; i < kBodies; ++i)
        bodies.push_back(
            putRecordsBody({.rows = kRows, .dataBytes = kDataBytes, .firstKey = i * kRows}));
    return bodies;
}

std::vector<std::string> smallBodies()
{
    std::vector<std::string> bodies;
    for (std::size_t i = 0; i < 256; ++i)
        bodies.push_back(putRecordBody({.rows = 1, .dataBytes = kSmallData, .firstKey = i}));
    return bodies;
}

std::vector<std::string> posts(std::string_view operation, std::vector<std::string> bodies)
{
    for (std::string& body : bodies)
        body = postOf(operation, body);
    return bodies;
}

/// Answers that say as little as the null server's.
endpoint::HttpServer::Options answeringOnly()
{
    endpoint::HttpServer::Options options;
    options.plain.push_back({"127.0.0.1", 0});
    options.handler = [](const std::shared_ptr<const endpoint::HttpRequest>&,
                         const std::shared_ptr<endpoint::Exchange>& exchange) {
        exchange->respond({.headers = {{"Content-Type", "application/x-amz-json-1.1"}},
                           .body = std::string(kNullAnswer, 'x')});
    };
    return options;
}

std::vector<BenchResult> putRecordsHttp(const BenchOptions& options)
{
    const NullServer null(kNullAnswer);
    BenchServer served(BenchServer::Kind::Plain), signing(BenchServer::Kind::Signed);
    const auto answering = endpoint::HttpServer::open(answeringOnly());
    SHARDSCOPE_CHECK(answering.has_value());

    const auto requests = posts("PutRecords", manyBodies());
    const auto load = [&](std::uint16_t port, std::string_view said) {
        return HttpLoad({.port = port,
                         .connections = kConnections,
                         .requests = requests,
                         .expected = std::string(said)});
    };
    HttpLoad toNull = load(null.port(), "x");
    HttpLoad toServed = load(served.port(), kAllTaken);
    HttpLoad toSigned = load(signing.port(), kAllTaken);
    HttpLoad toAnswering = load((*answering)->plain().front().port, "x");

    const double seconds = secondsOf(options);
    const auto rate = [&](HttpLoad& to) {
        return [&to, seconds] { return to.run(seconds).perServerSecond() * double {kRows}; };
    };
    const auto rates = interleaveMeasures(
        options.rounds, {rate(toNull), rate(toServed), rate(toSigned), rate(toAnswering)});
    const auto beside = [&](const char* name, std::size_t ours, double goal, double valueGoal) {
        return compare(rates,
                       {.name = name,
                        .ours = ours,
                        .referenceName = "a server that reads and answers without looking",
                        .reference = 0,
                        .unit = "M records/CPU-s",
                        .unitSize = 1e6,
                        .goal = goal,
                        .valueGoal = valueGoal});
    };
    return {beside("put-records-http", 1, 0.28, 2),
            beside("put-records-http, signatures checked", 2, 0.13, 0),
            beside("put-records-http, nothing but an answer", 3, 0.75, 0)};
}

/// The median time of a request when nothing else is under way, in microseconds.
double aloneMicros(HttpLoad& load, double seconds)
{
    std::vector<float> micros;
    load.run(seconds, &micros);
    const auto middle = micros.begin() + static_cast<std::ptrdiff_t>(micros.size() / 2);
    std::nth_element(micros.begin(), middle, micros.end());
    return double {*middle};
}

std::vector<BenchResult> putRecordHttp(const BenchOptions& options)
{
    const NullServer null(kNullAnswer);
    BenchServer served(BenchServer::Kind::Plain), tls(BenchServer::Kind::Tls);
    const auto requests = posts("PutRecord", smallBodies());
    const auto load
        = [&](std::uint16_t port, LoadSpeech speech, int connections, const char* said) {
              return HttpLoad({.port = port,
                               .speech = speech,
                               .connections = connections,
                               .requests = requests,
                               .expected = said});
          };
    constexpr const char* kTaken = "\"SequenceNumber\":\"";
    HttpLoad toNull = load(null.port(), LoadSpeech::Http11, kSmallConnections, "x");
    HttpLoad toServed = load(served.port(), LoadSpeech::Http11, kSmallConnections, kTaken);
    HttpLoad toTls = load(tls.port(), LoadSpeech::Tls, kSmallConnections, kTaken);
    HttpLoad toH2({.port = served.port(),
                   .speech = LoadSpeech::H2c,
                   .connections = 8,
                   .streams = 32,
                   .requests = smallBodies()});
    HttpLoad nullAlone = load(null.port(), LoadSpeech::Http11, 1, "x");
    HttpLoad servedAlone = load(served.port(), LoadSpeech::Http11, 1, kTaken);

    const double seconds = secondsOf(options);
    const auto rate = [&](HttpLoad& to) {
        return [&to, seconds] { return to.run(seconds).perServerSecond(); };
    };
    const auto alone
        = [&](HttpLoad& to) { return [&to, seconds] { return aloneMicros(to, seconds); }; };
    const auto said = interleaveMeasures(options.rounds,
                                         {rate(toNull), rate(toServed), rate(toTls), rate(toH2),
                                          alone(nullAlone), alone(servedAlone)});
    const auto beside = [&](const char* name, std::size_t ours, const char* what,
                            std::size_t reference, double goal) {
        return compare(said,
                       {.name = name,
                        .ours = ours,
                        .referenceName = what,
                        .reference = reference,
                        .unit = "k requests/CPU-s",
                        .unitSize = 1e3,
                        .goal = goal});
    };
    constexpr const char* kNull = "a server that reads and answers without looking";
    return {beside("put-record-http", 1, kNull, 0, 0.9),
            beside("put-record-http, TLS", 2, "the same without TLS", 1, 0.55),
            beside("put-record-http, h2c", 3, "that server over HTTP/1.1", 0, 2.5),
            compare(said,
                    {.name = "put-record-http, one alone, p50",
                     .ours = 5,
                     .referenceName = kNull,
                     .reference = 4,
                     .unit = "us",
                     .goal = 1.15,
                     .higherIsBetter = false})};
}

constexpr std::size_t kReadRows = 500, kReadData = 1'024; ///< of one GetRecords

std::vector<BenchResult> getRecordsHttp(const BenchOptions& options)
{
    BenchServer served(BenchServer::Kind::Plain, 1);
    // Behind what fills the memory.
    const auto iterator = std::get<GetShardIteratorResult>(served.ask(GetShardIterator {
        .streamName = "bench", .shardId = "shardId-000000000000", .type = IteratorType::Latest}));
    PutRecords put {.streamName = "bench"};
    for (std::size_t i = 0; i < kReadRows; ++i)
        put.records.add("key-" + std::to_string(i), std::string(kReadData, static_cast<char>(i)));
    put.records.hashKeys();
    served.ask(std::move(put));
    const std::string request = postOf(
        "GetRecords", "{\"Limit\":500,\"ShardIterator\":\"" + iterator.shardIterator + "\"}");
    // As many bytes as the answers have.
    const std::size_t answerBytes = kReadRows * (kReadData * 4 / 3 + 200);
    const NullServer null(answerBytes);
    HttpLoad toNull(
        {.port = null.port(), .connections = 8, .requests = {request}, .expected = "x"});
    HttpLoad toServed({.port = served.port(),
                       .connections = 8,
                       .requests = {request},
                       .expected = "\"PartitionKey\":\"key-499\""});
    const double seconds = secondsOf(options);
    const auto rate = [&](HttpLoad& to) {
        return [&to, seconds] { return to.run(seconds).perServerSecond() * double {kReadRows}; };
    };
    const auto rates = interleaveMeasures(options.rounds, {rate(toNull), rate(toServed)});
    return {compare(rates,
                    {.name = "get-records-http, 500 × 1 KiB",
                     .ours = 1,
                     .referenceName = "a server that sends as many bytes, made before",
                     .reference = 0,
                     .unit = "M records/CPU-s",
                     .unitSize = 1e6})};
}

constexpr std::array kBenches {
    Bench {"put-records-http", "500 × 200 B to a server, 8 connections, also with signatures",
           &putRecordsHttp},
    Bench {"put-record-http", "300 B to a server, 64 connections; TLS, HTTP/2, and one alone",
           &putRecordHttp},
    Bench {"get-records-http", "500 × 1 KiB from a server, 8 connections", &getRecordsHttp},
};

} // namespace

std::span<const Bench> httpBenches()
{
    return kBenches;
}

} // namespace shardscope
