#include "app/followed_files.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <random>
#include <utility>

namespace shardscope {
namespace {

SimTime wallTime()
{
    using std::chrono::duration_cast, std::chrono::microseconds;
    return SimTime::fromMicros(
        duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch()).count());
}

Result<std::unique_ptr<LogAgent>> opened(const std::string& agentFile, LogAgent::Options options)
{
    std::ifstream file(agentFile, std::ios::binary);
    const std::string text {std::istreambuf_iterator<char>(file), {}};
    if (!file)
        return fail(ErrorCode::BadInput, "--agent: " + agentFile + " cannot be read.");
    auto spec = parseAgentSpec(text, agentFile);
    if (!spec)
        return tl::unexpected(spec.error());
    options.spec = *std::move(spec);
    options.clock = wallTime;
    options.seed = std::random_device {}();
    return LogAgent::open(std::move(options));
}

} // namespace

Result<std::unique_ptr<LogAgent>> followFiles(const std::string& agentFile,
                                              AgentFlow::Submit submit)
{
    LogAgent::Options options;
    options.submit = std::move(submit);
    return opened(agentFile, std::move(options));
}

Result<std::unique_ptr<LogAgent>> followFiles(const std::string& agentFile, RealRecords& records)
{
    LogAgent::Options options;
    options.submit = [&records](PutRecords put, AgentFlow::Reply reply) {
        return records.submit(std::move(put), std::move(reply));
    };
    options.lastWait = {};
    return opened(agentFile, std::move(options));
}

} // namespace shardscope
