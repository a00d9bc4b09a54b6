#include "app/bench/bench_server.h"

#include <chrono>
#include <fstream>
#include <iostream>
#include <thread>

#include "app/bench/post_request.h"
#include "core/base/check.h"
#include "core/endpoint/local_certificate.h"

namespace shardscope {
namespace {

/// For records. Small, so that it is soon full: until then each record goes to memory that has
/// never been used, which says more about the machine than about the server.
constexpr Bytes kMemory = 256_MiB;

PutRecords filling()
{
    PutRecords put {.streamName = "bench"};
    for (int i = 0; i < 500; ++i)
        put.records.add("key-" + std::to_string(i), std::string(200, 'd'));
    put.records.hashKeys();
    return put;
}

} // namespace

BenchServer::BenchServer(Kind kind, std::int64_t shards)
{
    ServeOptions options;
    options.service.memoryBudget = kMemory;
    options.service.timings.create = {};
    options.service.account.shards = std::nullopt;
    options.service.throttling = {.write = false, .read = false, .control = false, .quotas = false};
    options.create.push_back({.streamName = "bench", .shardCount = shards});
    const endpoint::ListenAddress any {.host = "127.0.0.1"};
    if (kind == Kind::Tls) {
        const std::string folder = m_scratch.path() + "/tls";
        SHARDSCOPE_CHECK(
            endpoint::localCertificate(folder, {}, std::chrono::system_clock::now()).has_value());
        options.tlsListen.push_back(any);
        options.tlsCertificate = folder + "/certificate.pem";
        options.tlsKey = folder + "/key.pem";
    } else {
        options.listen.push_back(any);
    }
    if (kind == Kind::Signed) {
        options.credentials = m_scratch.path() + "/credentials";
        std::ofstream(options.credentials) << credentialsText();
    }
    auto opened = ServedEndpoint::open(options);
    SHARDSCOPE_CHECK(opened.has_value());
    m_served = *std::move(opened);
    const std::string url = m_served->urls().front();
    while (std::get<StreamDescriptionSummary>(ask(DescribeStreamSummary {"bench"})).status
           != StreamStatus::Active)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    for (Bytes put = 0; put < kMemory * 3 / 2; put += 500 * 200)
        ask(filling());
    m_port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

ApiAnswer BenchServer::ask(ApiRequest request)
{
    auto answer = shardscope::ask(m_served->service(), std::move(request));
    if (!answer)
        std::cerr << answer.error().message << std::endl;
    SHARDSCOPE_CHECK(answer.has_value());
    return *std::move(answer);
}

} // namespace shardscope
