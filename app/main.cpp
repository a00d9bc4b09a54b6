#include <algorithm>
#include <array>
#include <iostream>
#include <string>
#include <vector>

#include "app/bundled.h"
#include "app/headless.h"
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

constexpr std::array kSubcommands {
    Subcommand {"scenarios", "[--json FILE|-]", "the bundled scenarios, one line each",
                &scenariosCommand},
    Subcommand {"run",
                "SCENARIO [--for 60s] [--speed max|N] [--seed N] [--threads N] [--json FILE|-] "
                "[--csv DIR] [--progress]",
                "a scenario without a window", &runCommand},
};

int help()
{
    std::cout << "shardscope: see every shard of a Kinesis data stream against its limits\n\n";
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

} // namespace

int main(int argc, char** argv)
{
    std::ios::sync_with_stdio(true);
    initResources();
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const Arguments all(arguments);
    if (all.empty() || all[0] == "--help" || all[0] == "-h")
        return help();
    if (all[0] == "--version") {
        std::cout << "shardscope " SHARDSCOPE_VERSION "\n";
        return kDone;
    }
    const auto found = std::find_if(kSubcommands.begin(), kSubcommands.end(),
                                    [&](const Subcommand& s) { return all[0] == s.name; });
    return found == kSubcommands.end() ? unknown(all[0]) : found->run(all.subspan(1));
}
