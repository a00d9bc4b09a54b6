#include "app/headless.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <thread>

#include "app/bundled.h"
#include "app/csv_export.h"
#include "app/followed_files.h"
#include "app/progress.h"
#include "core/base/json_writer.h"
#include "core/runtime/outside_jobs.h"
#include "core/runtime/simulation.h"

namespace shardscope {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Keeps a run at `speed` times real time: sleeps as long as it is ahead.
void keepPace(double speed, SimDuration simulated, Clock::time_point begin)
{
    if (speed <= 0)
        return;
    const auto due = begin
        + std::chrono::duration_cast<Clock::duration>(
                         std::chrono::duration<double>(simulated.inSeconds() / speed));
    std::this_thread::sleep_until(due);
}

/// How far a run goes between two looks at progress and pace.
constexpr SimDuration kStride = SimDuration::millis(100);
/// Seconds stay in memory for a minute at least; written twice as often, none is missed.
constexpr SimDuration kCsvEvery = SimDuration::seconds(30);

/// The run itself, in strides.
Result<void> advanceAll(Simulation& simulation, const RunOptions& options, SimDuration length,
                        CsvExport* csv)
{
    WorkerPool pool(options.threads);
    Progress progress(options.progress ? Progress::Show::Always : Progress::Show::WhenTerminal);
    const auto begin = Clock::now();
    SimTime nextCheck = simulation.start();
    SimTime nextCsv = simulation.start() + kCsvEvery;
    const SimTime end = simulation.start() + length;
    while (simulation.now() < end) {
        simulation.advance(std::min(end, simulation.now() + kStride), pool);
        const SimDuration done = simulation.now() - simulation.start();
        if (simulation.now() >= nextCheck) {
            std::ignore = simulation.checkInvariants();
            nextCheck = simulation.now() + SimDuration::seconds(1);
        }
        if (csv != nullptr && simulation.now() >= nextCsv) {
            Snapshot snapshot;
            simulation.fill(snapshot);
            csv->append(snapshot.history);
            nextCsv = simulation.now() + kCsvEvery;
        }
        progress.update(done.inSeconds() / length.inSeconds(),
                        toText(SimDuration::seconds(done.inMillis() / 1000)) + " of "
                            + toText(length));
        keepPace(options.speed, done, begin);
    }
    std::ignore = simulation.checkInvariants();
    return {};
}

} // namespace

int complain(const Error& error, int status)
{
    // A sentence is a line; what a file brought along must not make it two.
    std::string line = error.message;
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    std::fprintf(stderr, "shardscope: %s\n", line.c_str());
    return status;
}

int writeOutput(const std::string& target, const std::string& text)
{
    if (target == "-") {
        const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
        return written && std::fflush(stdout) == 0 ? kDone : kFailed;
    }
    std::ofstream file(target, std::ios::binary);
    file << text;
    file.close();
    if (!file)
        return complain({ErrorCode::Io, target + ": cannot be written"}, kFailed);
    return kDone;
}

Result<RunResult> runScenario(Scenario scenario, const RunOptions& options)
{
    if (options.seed)
        scenario.seed = *options.seed;
    const SimDuration length = options.length.value_or(scenario.duration);
    Simulation::Real real;
    if (options.outside)
        real.outside = std::make_shared<OutsideJobs>(OutsideJobs::Options {});
    std::unique_ptr<LogAgent> agent;
    if (!options.agent.empty()) {
        real.records = std::make_shared<RealRecords>();
        auto following = followFiles(options.agent, *real.records);
        if (!following)
            return tl::unexpected<Error>(std::move(following).error());
        agent = *std::move(following);
    }
    auto simulation = Simulation::create(scenario, bundledPrices(), real);
    if (!simulation)
        return tl::unexpected<Error>(std::move(simulation).error());
    std::optional<CsvExport> csv;
    if (!options.csv.empty()) {
        auto opened = CsvExport::open(options.csv);
        if (!opened)
            return tl::unexpected<Error>(std::move(opened).error());
        csv = std::move(*opened);
    }

    RunResult result;
    const auto begin = Clock::now();
    if (auto ran = advanceAll(*simulation, options, length, csv ? &*csv : nullptr); !ran)
        return tl::unexpected<Error>(ran.error());
    result.wallSeconds = secondsSince(begin);
    result.scenario = std::move(scenario);
    result.threads = options.threads;
    result.end = simulation->now();
    result.digest = simulation->digest();
    simulation->fill(result.snapshot);
    for (const Expectation& expectation : result.scenario.expect)
        result.expectations.push_back(
            {expectation, judge(expectation, result.scenario, result.snapshot, result.end)});
    if (csv) {
        csv->append(result.snapshot.history);
        if (auto done = csv->finish(result.snapshot); !done)
            return tl::unexpected<Error>(done.error());
    }
    return result;
}

int runCommand(std::span<const std::string> arguments)
{
    const auto options = parseRunOptions(arguments);
    if (!options)
        return complain(options.error(), kWrongUsage);
    if (options->help) {
        RunOptions defaults;
        std::cout << "shardscope run SCENARIO [OPTIONS]\n\nRuns a scenario without a window. "
                     "SCENARIO is a bundled name or a file.\n\n"
                  << optionsHelp(runOptionList(defaults));
        return kDone;
    }
    auto scenario = loadScenario(options->scenario);
    if (!scenario)
        return complain(scenario.error(), kWrongUsage);
    const auto result = runScenario(*std::move(scenario), *options);
    if (!result)
        return complain(result.error(),
                        result.error().code == ErrorCode::Io ? kFailed : kWrongUsage);
    const int written = options->json.empty() ? writeOutput("-", resultText(*result))
                                              : writeOutput(options->json, resultJson(*result));
    const InvariantReport& invariants = result->snapshot.invariants;
    if (invariants.violated > 0)
        return complain({ErrorCode::InternalFailure,
                         "the run broke an invariant: " + invariants.firstViolation},
                        kFailed);
    return written;
}

int scenariosCommand(std::span<const std::string> arguments)
{
    std::string target;
    bool help = false;
    const std::vector<Option> options {
        {"--json", "FILE|-", "as JSON, - for standard output",
         [&](const std::string& v) -> Result<void> {
             target = v;
             return {};
         }},
        {"--help", "", "this text",
         [&](const std::string&) -> Result<void> {
             help = true;
             return {};
         }},
    };
    const auto read = readArguments(
        arguments, options, [](const std::string& word) -> Result<void> {
            return fail(ErrorCode::BadInput,
                        "scenarios takes no names, and met \"" + word + "\"; it lists all of them");
        });
    if (!read)
        return complain(read.error(), kWrongUsage);
    if (help) {
        std::cout << "shardscope scenarios [OPTIONS]\n\nLists the bundled scenarios.\n\n"
                  << optionsHelp(options);
        return kDone;
    }
    JsonWriter json;
    json.beginObject();
    json.name("schema");
    json.text("shardscope.scenarios/1");
    json.name("scenarios");
    json.beginList();
    std::string lines;
    for (const std::string& name : bundledScenarios()) {
        const auto scenario = loadScenario(name);
        if (!scenario)
            return complain(scenario.error(), kFailed);
        std::string line = name;
        line.resize(std::max<std::size_t>(24, name.size() + 1), ' ');
        lines += line + scenario->lesson + '\n';
        json.beginObject();
        for (const auto& [field, value] :
             {std::pair {"name", name}, std::pair {"title", scenario->title},
              std::pair {"lesson", scenario->lesson}}) {
            json.name(field);
            json.text(value);
        }
        json.name("durationSeconds");
        json.number(scenario->duration.inSeconds());
        json.endObject();
    }
    json.endList();
    json.endObject();
    return target.empty() ? writeOutput("-", lines) : writeOutput(target, json.take());
}

} // namespace shardscope
