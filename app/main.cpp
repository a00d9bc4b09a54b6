#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "app/bundled.h"
#include "app/headless.h"
#include "app/plan.h"
#include "app/screenshot.h"
#include "app/serve.h"
#include "app/serve_options.h"
#include "app/window.h"
#include "core/scenario/nearest.h"

namespace {

using namespace shardscope;

using Arguments = std::span<const std::string>;

struct Subcommand {
    const char* name;
    const char* usage;
    const char* what;
    int (*run)(Arguments);
};

/// `serve`, in the window when that was asked for.
int serveOrShow(Arguments arguments)
{
    const auto options = parseServeOptions(arguments);
    if (!options || options->help || !options->window)
        return serveCommand(arguments);
    static int argc = 1;
    static std::array<char, 11> name {"shardscope"};
    static std::array<char*, 2> argv {name.data(), nullptr};
    return runWindow(argc, argv.data(), {.file = {}, .serve = *options});
}

constexpr std::array kSubcommands {
    Subcommand {"scenarios", "[--json FILE|-]", "the bundled scenarios, one line each",
                &scenariosCommand},
    Subcommand {"run",
                "SCENARIO [--for 60s] [--speed max|N] [--seed N] [--threads N] [--json FILE|-] "
                "[--csv DIR] [--outside] [--agent FILE] [--progress]",
                "a scenario without a window", &runCommand},
    Subcommand {"serve",
                "[--listen 127.0.0.1:4567] [--tls-listen ADDR:PORT] [--data DIR] [--create "
                "NAME:SHARDS] [--window] …",
                "a local stream that AWS SDKs, the CLI, KPL and KCL can use", &serveOrShow},
    Subcommand {"plan",
                "(--workload FILE | --metrics FILE… | --scenario NAME) [--region R] "
                "[--target-refused 0.1%] [--days 30] "
                "[--mode all|provisioned|on-demand|advantage] [--policy FILE] [--json FILE|-] "
                "[--report FILE.html|.pdf|.md]",
                "how many shards, which capacity mode, at what cost", &planCommand},
    Subcommand {"bench", "[NAME…] [--json FILE|-] [--list]",
                "how fast it is, each figure beside a physical reference", &benchCommand},
    Subcommand {
        "screenshot",
        "[SCENARIO] --out FILE.png [--at 30s] [--workspace explore|monitor] [--tab streams] "
        "[--theme light|dark] [--size 1440x900]",
        "a picture of the window", &screenshotCommand},
};

int help()
{
    std::cout << "shardscope: see every shard of a Kinesis data stream against its limits\n\n";
    WindowOptions window;
    std::cout << "  shardscope [OPTIONS] [FILE]\n      the window, on a scenario, a run file or a "
                 "trace\n"
              << optionsHelp(windowOptionList(window));
    for (const Subcommand& s : kSubcommands)
        std::cout << "  shardscope " << s.name << ' ' << s.usage << "\n      " << s.what << '\n';
    std::cout << "  shardscope --version | --help | SUBCOMMAND --help\n\n"
                 "SCENARIO is a bundled name or a file. Durations: 250ms 30s 5m 2h 30d.\n"
                 "Exit status: 0 done; 1 failed while running; 2 wrong usage or bad input.\n";
    return kDone;
}

int unknown(const std::string& word)
{
    std::vector<std::string> names;
    for (const Subcommand& s : kSubcommands)
        names.emplace_back(s.name);
    const std::string nearest = nearestWord(word, names);
    return complain(
        {ErrorCode::BadInput,
         '"' + word + "\" is no subcommand; "
             + (nearest.empty() ? "use " + orList(names) : "did you mean " + nearest + '?')},
        kWrongUsage);
}

/// A file that is there, or one by its ending, or a bundled name: something for the window.
bool isScenario(const std::string& word)
{
    const std::filesystem::path path(word);
    const std::vector<std::string> bundled = bundledScenarios();
    return path.extension() == ".json" || path.extension() == ".csv"
        || std::filesystem::is_regular_file(path)
        || std::find(bundled.begin(), bundled.end(), word) != bundled.end();
}

} // namespace

int main(int argc, char** argv)
{
    std::ios::sync_with_stdio(true);
    initResources();
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const Arguments all(arguments);
    if (all.empty())
        return runWindow(argc, argv, {});
    if (all[0] == "--help" || all[0] == "-h")
        return help();
    if (all[0] == "--version") {
        std::cout << "shardscope " SHARDSCOPE_VERSION "\n";
        return kDone;
    }
    const auto found = std::find_if(kSubcommands.begin(), kSubcommands.end(),
                                    [&](const Subcommand& s) { return all[0] == s.name; });
    if (found != kSubcommands.end())
        return found->run(all.subspan(1));
    if (!all[0].starts_with("--") && !isScenario(all[0]))
        return unknown(all[0]);
    const auto options = parseWindowOptions(all);
    return options ? runWindow(argc, argv, *options) : complain(options.error(), kWrongUsage);
}
