#include "app/plan_options.h"

#include <array>
#include <charconv>
#include <filesystem>

#include "core/scenario/nearest.h"

namespace shardscope {
namespace {

template <typename T, typename Target> Result<void> take(Result<T> parsed, Target& target)
{
    if (!parsed)
        return tl::unexpected<Error>(std::move(parsed).error());
    target = *std::move(parsed);
    return {};
}

Result<std::string> nameValue(const std::string& option, const std::string& value)
{
    if (value.empty())
        return fail(ErrorCode::BadInput, option + ": must not be empty");
    return value;
}

Result<PlanModes> modeValue(const std::string& value)
{
    if (value == "all")
        return PlanModes {};
    if (value == "provisioned")
        return PlanModes {true, false, false};
    if (value == "on-demand")
        return PlanModes {false, true, false};
    if (value == "advantage")
        return PlanModes {false, false, true};
    return fail(ErrorCode::BadInput,
                "--mode: must be all, provisioned, on-demand or advantage, not \"" + value + '"');
}

/// Endings of the files that --report writes.
constexpr std::array kReports {".html", ".pdf", ".md", ".csv", ".sh", ".yaml", ".tf", ".json"};

Result<std::string> reportValue(const std::string& value)
{
    const std::string ending = std::filesystem::path(value).extension().string();
    std::vector<std::string> known(kReports.begin(), kReports.end());
    for (const std::string& k : known)
        if (k == ending)
            return value;
    return fail(ErrorCode::BadInput,
                "--report: the file's name must end in " + orList(known) + ", not \"" + value
                    + '"');
}

MetricsFile metricsFile(const std::string& word)
{
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || std::filesystem::exists(word))
        return {{}, word, {}, {}};
    return {word.substr(0, equals), word.substr(equals + 1), {}, {}};
}

} // namespace

Result<double> percentValue(const std::string& option, const std::string& value)
{
    double percent = 0;
    const char* const begin = value.data();
    const char* const end = begin + value.size();
    const auto [rest, error] = std::from_chars(begin, end, percent);
    std::string sign(rest, end);
    while (!sign.empty() && sign.front() == ' ')
        sign.erase(0, 1);
    if (error != std::errc {} || sign != "%" || !(percent >= 0 && percent <= 100))
        return fail(ErrorCode::BadInput,
                    option
                        + ": must be a percentage with its sign, 0% to 100%, such as 0.1%, not \""
                        + value + '"');
    return percent / 100;
}

std::vector<Option> planOptionList(PlanOptions& o)
{
    return {
        {"--workload", "FILE", "plan for the streams that FILE describes (README, Plans)",
         [&o](const std::string& v) { return take(nameValue("--workload", v), o.workload); }},
        {"--metrics", "[STREAM=]FILE…",
         "plan for what was measured: aws cloudwatch get-metric-data or get-metric-statistics, CSV",
         [&o](const std::string& v) {
             auto name = nameValue("--metrics", v);
             if (name)
                 o.metrics.push_back(metricsFile(*name));
             return name.map([](const std::string&) {});
         }},
        {"--columns", "time=…,bytes=…", "the columns of CSV files: time, bytes, records, shard",
         [&o](const std::string& v) { return take(nameValue("--columns", v), o.columns); }},
        {"--period", "60s", "of metrics whose file does not say it; unless given, the usual gap",
         [&o](const std::string& v) { return take(durationValue("--period", v), o.period); }},
        {"--scenario", "NAME", "plan for what a scenario's producers and readers do",
         [&o](const std::string& v) { return take(nameValue("--scenario", v), o.scenario); }},
        {"--region", "us-east-1", "whose prices count",
         [&o](const std::string& v) { return take(nameValue("--region", v), o.region); }},
        {"--prices", "FILE", "another price book, or an AWS price list, on top of the bundled one",
         [&o](const std::string& v) { return take(nameValue("--prices", v), o.prices); }},
        {"--target-refused", "0.1%", "the largest share of refused records that is fine",
         [&o](const std::string& v) {
             return take(percentValue("--target-refused", v), o.targetRefused);
         }},
        {"--days", "30", "how long; of measured data at most all",
         [&o](const std::string& v) { return take(integerValue("--days", v, 1, 366), o.days); }},
        {"--mode", "all|provisioned|on-demand|advantage", "which answers",
         [&o](const std::string& v) { return take(modeValue(v), o.modes); }},
        {"--policy", "FILE", "the auto-scaling policy that is tried",
         [&o](const std::string& v) { return take(nameValue("--policy", v), o.policy); }},
        {"--samples", "200", "drawn where inputs are ranges",
         [&o](const std::string& v) {
             return take(integerValue("--samples", v, 1, 10'000), o.samples);
         }},
        {"--seed", "1", "of samples and arrivals",
         [&o](const std::string& v) { return take(seedValue("--seed", v), o.seed); }},
        {"--threads", "N", "worker threads; the result does not depend on them",
         [&o](const std::string& v) {
             return take(integerValue("--threads", v, 1, 64), o.threads);
         }},
        {"--json", "FILE|-", "the plan as shardscope.plan/1",
         [&o](const std::string& v) { return take(nameValue("--json", v), o.json); }},
        {"--report", "FILE",
         "a report (.html .pdf .md), the series (.csv), how to make the cheapest plan's stream "
         "(.sh "
         ".yaml .tf), or its busiest hour as a scenario (.json); may be given again",
         [&o](const std::string& v) {
             auto name = reportValue(v);
             if (name)
                 o.reports.push_back(*name);
             return name.map([](const std::string&) {});
         }},
        {"--progress", "", "progress on standard error even when it is no terminal",
         [&o](const std::string&) {
             o.progress = true;
             return Result<void> {};
         }},
        {"--help", "", "this",
         [&o](const std::string&) {
             o.help = true;
             return Result<void> {};
         }},
    };
}

Result<PlanOptions> parsePlanOptions(std::span<const std::string> arguments)
{
    PlanOptions options;
    // Files may follow --metrics as bare words: a shell's pattern gives several.
    const auto takeWord = [&options](const std::string& word) -> Result<void> {
        if (options.metrics.empty())
            return fail(ErrorCode::BadInput,
                        '"' + word
                            + "\" stands alone; name what to plan for with --workload, "
                              "--metrics or --scenario");
        options.metrics.push_back(metricsFile(word));
        return {};
    };
    if (auto read = readArguments(arguments, planOptionList(options), takeWord); !read)
        return tl::unexpected<Error>(read.error());
    const int sources = (options.workload.empty() ? 0 : 1) + (options.metrics.empty() ? 0 : 1)
        + (options.scenario.empty() ? 0 : 1);
    if (!options.help && sources == 0)
        return fail(
            ErrorCode::BadInput,
            "plan needs what to plan for: --workload FILE, --metrics FILE or --scenario NAME");
    const bool measuredKeys
        = !options.workload.empty() && !options.metrics.empty() && options.scenario.empty();
    if (!options.help && sources > 1 && !measuredKeys)
        return fail(ErrorCode::BadInput,
                    "--scenario stands alone; only --workload and --metrics go together");
    for (MetricsFile& file : options.metrics) {
        file.columns = options.columns;
        file.period = options.period;
    }
    return options;
}

} // namespace shardscope
