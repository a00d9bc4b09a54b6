#include "app/bench/bench_serve.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <malloc.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "app/bench/bench_server.h"
#include "app/bench/idle_clients.h"
#include "app/bench/rounds.h"
#include "core/base/check.h"
#include "core/engine/service.h"

namespace shardscope {
namespace {

using Clock = std::chrono::steady_clock;

/// Milliseconds until this program, begun with these arguments, has written its first line.
double firstLineMs(std::vector<std::string> arguments)
{
    const auto begin = Clock::now();
    std::array<int, 2> ends {};
    SHARDSCOPE_CHECK(::pipe(ends.data()) == 0);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&files, ends[0]);
    // Its log, line by line, has no place among the figures.
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    arguments.insert(arguments.begin(), "shardscope");
    std::vector<char*> words;
    for (std::string& argument : arguments)
        words.push_back(argument.data());
    words.push_back(nullptr);
    pid_t process = 0;
    SHARDSCOPE_CHECK(
        ::posix_spawn(&process, "/proc/self/exe", &files, nullptr, words.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&files);
    ::close(ends[1]);
    char c = 0;
    while (c != '\n')
        SHARDSCOPE_CHECK(::read(ends[0], &c, 1) == 1);
    const std::chrono::duration<double, std::milli> took = Clock::now() - begin;
    ::kill(process, SIGINT);
    ::waitpid(process, nullptr, 0);
    ::close(ends[0]);
    return took.count();
}

std::vector<BenchResult> serveStartup(const BenchOptions& options)
{
    const auto said = interleaveMeasures(
        options.rounds,
        {[] {
             return firstLineMs({"serve", "--listen", "127.0.0.1:0", "--create", "bench:2"});
         },
         [] { return firstLineMs({"--version"}); }});
    return {compare(said,
                    {.name = "serve-startup",
                     .ours = 0,
                     .referenceName = "the same program saying its version",
                     .reference = 1,
                     .unit = "ms",
                     .higherIsBetter = false})};
}

/// KiB of this process in memory.
double residentKib()
{
    ::malloc_trim(0);
    std::ifstream file("/proc/self/statm");
    double all = 0, resident = 0;
    file >> all >> resident;
    SHARDSCOPE_CHECK(file.good());
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1'024;
}

BenchResult kib(std::string name, double value)
{
    BenchResult result;
    result.name = std::move(name);
    result.value = value;
    result.unit = "KiB";
    result.higherIsBetter = false;
    return result;
}

constexpr int kIdleConnections = 10'000, kIdleStreams = 2'000;

std::vector<BenchResult> serveMemory(const BenchOptions& /*options*/)
{
    IdleClients clients; // before any thread
    BenchServer server(BenchServer::Kind::Plain, 1);
    const double before = residentKib();
    for (int i = 0; i < kIdleStreams; ++i)
        server.ask(CreateStream {.streamName = "idle-" + std::to_string(i), .shardCount = 1});
    const double streams = residentKib();
    const int opened = clients.open(server.port(), kIdleConnections);
    const double connections = residentKib();
    BenchResult held;
    held.name = "serve-memory, idle connections held";
    held.value = opened;
    held.unit = "connections";
    held.valueGoal = kIdleConnections;
    return {kib("serve-memory, of an idle stream", (streams - before) / kIdleStreams),
            kib("serve-memory, of an idle connection", (connections - streams) / opened), held};
}

constexpr std::size_t kAsked = 2'000; ///< requests of one piece of work

std::vector<BenchResult> localService(const BenchOptions& options)
{
    BenchServer server(BenchServer::Kind::Plain);
    ServiceOptions lifted;
    lifted.timings.create = {};
    lifted.throttling = {.write = false, .read = false, .control = false, .quotas = false};
    Service bare(lifted);
    SHARDSCOPE_CHECK(bare.control(CreateStream {.streamName = "bench", .shardCount = 100}, {}));
    std::vector<PutRecord> puts;
    for (std::size_t i = 0; i < 256; ++i) {
        PutRecord& put = puts.emplace_back();
        put.streamName = "bench";
        put.record.add("key-" + std::to_string(i), std::string(172, 'd'));
        put.record.hashKeys();
    }
    std::atomic<std::int64_t> good = 0;
    const auto answered
        = [&good](const Result<ApiAnswer>& answer) { good += answer.has_value() ? 1 : 0; };
    const auto served = [&] {
        for (std::size_t i = 0; i < kAsked; ++i) {
            // While the service's own thread works, what is asked waits; no more than fits is
            // asked.
            while (!server.service().submit(puts[i % puts.size()], answered))
                std::this_thread::yield();
        }
        return static_cast<double>(kAsked);
    };
    std::int64_t micros = 0;
    const auto engine = [&] {
        for (std::size_t i = 0; i < kAsked; ++i) {
            const ApiRequest request = puts[i % puts.size()];
            good += bare.handle(request, SimTime::fromMicros(micros += 2)) ? 1 : 0;
        }
        bare.applyBudget(SimTime::fromMicros(micros));
        return static_cast<double>(kAsked);
    };
    const auto rates = interleave(options, {{served}, {engine}});
    SHARDSCOPE_CHECK(good > 0);
    return {compare(rates,
                    {.name = "local-service, PutRecord in process",
                     .ours = 0,
                     .referenceName = "the engine alone, asked by its own thread",
                     .reference = 1,
                     .unit = "M requests/s",
                     .unitSize = 1e6})};
}

constexpr std::array kBenches {
    Bench {"serve-startup", "until serve says that it is ready", &serveStartup},
    Bench {"serve-memory", "of an idle stream and of an idle connection, 10,000 of these",
           &serveMemory},
    Bench {"local-service", "requests in process, without a network", &localService},
};

} // namespace

std::span<const Bench> serveBenches()
{
    return kBenches;
}

} // namespace shardscope
