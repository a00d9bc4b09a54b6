#include "app/plan.h"

#include <QGuiApplication>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <sstream>
#include <thread>

#include "app/bundled.h"
#include "app/headless.h"
#include "app/plan_options.h"
#include "app/progress.h"
#include "core/planner/plan_json.h"
#include "core/planner/plan_scenario.h"
#include "core/planner/price_list.h"
#include "core/planner/report/plan_report.h"
#include "core/planner/report/plan_snippets.h"
#include "core/planner/report/report_text.h"
#include "core/scenario/nearest.h"
#include "core/scenario/scenario_json.h"
#include "ui/export/plan_pdf.h"

namespace shardscope {
namespace {

Result<std::string> readFile(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (!file || !(text << file.rdbuf()))
        return fail(ErrorCode::BadInput, path + ": there is no such file, or it cannot be read");
    return text.str();
}

Result<std::vector<PlanStream>> streamsOf(const PlanOptions& options)
{
    std::vector<PlanStream> streams;
    if (!options.scenario.empty()) {
        const auto scenario = loadScenario(options.scenario);
        if (!scenario)
            return tl::unexpected<Error>(scenario.error());
        auto stream = planStreamOf(*scenario, options.days.value_or(30));
        if (!stream)
            return tl::unexpected<Error>(stream.error());
        streams.push_back(*std::move(stream));
        return streams;
    }
    std::vector<PlanWorkload> workloads;
    if (!options.workload.empty()) {
        const auto text = readFile(options.workload);
        if (!text)
            return tl::unexpected<Error>(text.error());
        auto parsed = parseWorkloads(*text, options.workload);
        if (!parsed)
            return tl::unexpected<Error>(parsed.error());
        workloads = *std::move(parsed);
    }
    if (options.metrics.empty()) {
        for (const PlanWorkload& workload : workloads)
            streams.push_back({workload, nullptr});
        return streams;
    }
    auto measured = readMetrics(options.metrics);
    if (!measured)
        return tl::unexpected<Error>(measured.error());
    for (MeasuredStream& stream : *measured) {
        // What metrics cannot say comes from the workload of that name, or from the only one.
        PlanWorkload workload;
        for (const PlanWorkload& w : workloads)
            if (w.name == stream.name || workloads.size() == 1)
                workload = w;
        workload.name = stream.name;
        streams.push_back({workload, std::make_shared<MeasuredStream>(std::move(stream))});
    }
    return streams;
}

Result<void> takePrices(const PlanOptions& options, PlanRequest& request)
{
    PriceBook book = bundledPrices();
    if (!options.prices.empty()) {
        const auto own = readPriceFile(options.prices);
        if (!own)
            return tl::unexpected<Error>(own.error());
        book = merged(std::move(book), *own);
    }
    const auto found = book.regions.find(options.region);
    if (found == book.regions.end()) {
        std::vector<std::string> known;
        for (const auto& [region, prices] : book.regions)
            known.push_back(region);
        return fail(ErrorCode::BadInput,
                    "--region: there are no prices of \"" + options.region
                        + "\"; there are those of " + orList(known));
    }
    request.region = options.region;
    request.prices = found->second;
    request.priceDate = book.date;
    return {};
}

Result<PlanRequest> requestOf(const PlanOptions& options)
{
    PlanRequest request;
    if (auto taken = takePrices(options, request); !taken)
        return tl::unexpected<Error>(taken.error());
    auto streams = streamsOf(options);
    if (!streams)
        return tl::unexpected<Error>(streams.error());
    request.streams = *std::move(streams);
    request.days = options.days.value_or(30);
    if (!options.days && !options.metrics.empty())
        for (const PlanStream& stream : request.streams)
            request.days = std::clamp(
                static_cast<int>((stream.measured->minutes() + 1'439) / 1'440), request.days, 366);
    request.targetRefused = options.targetRefused;
    request.modes = options.modes;
    request.samples = options.samples;
    request.seed = options.seed;
    request.threads = options.threads;
    if (options.policy.empty())
        return request;
    const auto text = readFile(options.policy);
    if (!text)
        return tl::unexpected<Error>(text.error());
    const auto policy = parsePolicy(*text, options.policy);
    if (!policy)
        return tl::unexpected<Error>(policy.error());
    request.policy = *policy;
    return request;
}

/// Plans while a thread of its own shows how far it is.
Result<PlanResult> planWithProgress(const PlanRequest& request, Progress::Show show)
{
    PlanProgress progress;
    std::mutex mutex;
    std::condition_variable wake;
    bool finished = false;
    std::thread shower([&] {
        Progress line(show);
        std::unique_lock lock(mutex);
        while (!wake.wait_for(lock, std::chrono::milliseconds(100), [&] { return finished; }))
            line.update(progress.done.load(), "planning");
    });
    auto result = plan(request, progress);
    {
        const std::lock_guard lock(mutex);
        finished = true;
    }
    wake.notify_one();
    shower.join();
    return result;
}

/// A PDF is drawn with a window's means, but needs no screen.
int writePdf(const PlanResult& result, const std::string& path)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    int argc = 1;
    std::array<char, 11> name {"shardscope"};
    std::array<char*, 2> argv {name.data(), nullptr};
    const QGuiApplication application(argc, argv.data());
    const auto written = ui::writePlanPdf(result, path);
    return written ? kDone : complain(written.error(), kFailed);
}

/// What tells how to make one stream, for each of the plan.
template <typename Snippet>
std::string forEachStream(const PlanRequest& request, const PlanResult& result,
                          const Snippet& snippet)
{
    std::string out;
    for (std::size_t i = 0; i < result.streams.size(); ++i)
        if (const PlanOption* option = report::chosen(result.streams[i]))
            out += snippet(result.streams[i], *option, request.streams[i].workload);
    return out;
}

int writeReport(const PlanRequest& request, const PlanResult& result, const std::string& path)
{
    const std::string ending = std::filesystem::path(path).extension().string();
    if (ending == ".pdf")
        return writePdf(result, path);
    if (ending == ".html")
        return writeOutput(path, planHtml(result));
    if (ending == ".md")
        return writeOutput(path, planMarkdown(result));
    if (ending == ".csv")
        return writeOutput(path, planCsv(result));
    if (ending == ".sh")
        return writeOutput(
            path,
            forEachStream(request, result,
                          [&](const auto& stream, const auto& option, const auto& workload) {
                              return planCli(stream, option, workload, request.region);
                          }));
    if (ending == ".yaml")
        return writeOutput(path, forEachStream(request, result, planCloudFormation));
    if (ending == ".tf")
        return writeOutput(path, forEachStream(request, result, planTerraform));
    const StreamPlan& stream = result.streams.front();
    return writeOutput(path,
                       writeScenario(planScenario(request, request.streams.front(),
                                                  worstHourOf(stream, *report::chosen(stream)))));
}

} // namespace

int planCommand(std::span<const std::string> arguments)
{
    const auto options = parsePlanOptions(arguments);
    if (!options)
        return complain(options.error(), kWrongUsage);
    if (options->help) {
        PlanOptions defaults;
        std::cout
            << "shardscope plan [OPTIONS]\n\nHow many shards, which capacity mode, at what cost, "
               "and when it would throttle: a month simulated in seconds.\n\n"
            << optionsHelp(planOptionList(defaults));
        return kDone;
    }
    const auto request = requestOf(*options);
    if (!request)
        return complain(request.error(), kWrongUsage);
    const auto result = planWithProgress(
        *request, options->progress ? Progress::Show::Always : Progress::Show::WhenTerminal);
    if (!result)
        return complain(result.error(), kWrongUsage);
    for (const std::string& path : options->reports)
        if (const int status = writeReport(*request, *result, path); status != kDone)
            return status;
    return options->json.empty() ? writeOutput("-", planText(*result))
                                 : writeOutput(options->json, planJson(*result));
}

} // namespace shardscope
