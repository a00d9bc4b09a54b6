#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>

#include "app/bench/bench.h"
#include "app/bench/bench_http.h"
#include "app/bench/bench_plan.h"
#include "app/bench/bench_serve.h"
#include "app/bench/bench_startup.h"
#include "app/bench/bench_store.h"
#include "app/bench/bench_subscribe.h"
#include "app/bench/bench_ui.h"
#include "app/bench/bench_wire.h"
#include "app/bench/bench_world.h"
#include "app/headless.h"
#include "app/progress.h"
#include "core/base/json_writer.h"
#include "core/scenario/nearest.h"

namespace shardscope {
namespace {

std::vector<Bench> allBenches()
{
    std::vector<Bench> all(engineBenches().begin(), engineBenches().end());
    all.insert(all.end(), storeBenches().begin(), storeBenches().end());
    all.insert(all.end(), wireBenches().begin(), wireBenches().end());
    all.insert(all.end(), httpBenches().begin(), httpBenches().end());
    all.insert(all.end(), subscribeBenches().begin(), subscribeBenches().end());
    all.insert(all.end(), serveBenches().begin(), serveBenches().end());
    all.insert(all.end(), worldBenches().begin(), worldBenches().end());
    all.insert(all.end(), planBenches().begin(), planBenches().end());
    all.insert(all.end(), uiBenches().begin(), uiBenches().end());
    all.insert(all.end(), startupBenches().begin(), startupBenches().end());
    return all;
}

std::string benchJson(const std::vector<BenchResult>& results)
{
    JsonWriter json;
    json.beginObject();
    json.name("schema");
    json.text("shardscope.bench/1");
    json.name("benchmarks");
    json.beginList();
    for (const BenchResult& r : results) {
        json.beginObject(JsonWriter::Layout::Line);
        json.name("name");
        json.text(r.name);
        json.name("value");
        json.number(r.value);
        json.name("unit");
        json.text(r.unit);
        json.name("better");
        json.text(r.higherIsBetter ? "higher" : "lower");
        json.name("reference");
        if (r.referenceName.empty()) {
            json.null();
        } else {
            json.beginObject();
            json.name("name");
            json.text(r.referenceName);
            json.name("value");
            json.number(r.referenceValue);
            json.endObject();
        }
        for (const auto& [name, value] :
             {std::pair {"ratio", r.ratio}, std::pair {"ratioLeast", r.ratioLeast},
              std::pair {"ratioMost", r.ratioMost}, std::pair {"goal", r.goal},
              std::pair {"valueGoal", r.valueGoal}}) {
            json.name(name);
            json.number(value);
        }
        json.endObject();
    }
    json.endList();
    json.endObject();
    return json.take();
}

/// Four digits that count, thousands grouped by nothing: figures are compared by machine too.
std::string figure(double value)
{
    std::array<char, 40> text {};
    std::snprintf(text.data(), text.size(), value >= 1000 ? "%.0f" : "%.4g", value);
    return text.data();
}

std::string verdict(double value, double goal, bool higherIsBetter)
{
    return (value >= goal) == higherIsBetter ? ", goal met: " : ", goal missed: ";
}

void printLine(const BenchResult& r)
{
    std::string line = r.name;
    line.resize(std::max<std::size_t>(26, r.name.size() + 1), ' ');
    line += figure(r.value) + ' ' + r.unit;
    line.resize(std::max<std::size_t>(52, line.size() + 2), ' ');
    if (!r.referenceName.empty()) {
        line += figure(r.ratio) + " [" + figure(r.ratioLeast) + ".." + figure(r.ratioMost) + "] of "
            + r.referenceName + " (" + figure(r.referenceValue) + ")";
        if (r.goal > 0)
            line += verdict(r.ratio, r.goal, r.higherIsBetter) + figure(r.goal);
    }
    if (r.valueGoal > 0)
        line
            += verdict(r.value, r.valueGoal, r.higherIsBetter) + figure(r.valueGoal) + ' ' + r.unit;
    std::cout << line << std::endl;
}

} // namespace

int benchCommand(std::span<const std::string> arguments)
{
    const std::vector<Bench> all = allBenches();
    std::vector<std::string> names;
    for (const Bench& bench : all)
        names.emplace_back(bench.name);
    std::string target;
    std::vector<std::string> wanted;
    bool list = false, help = false;
    const auto on = [](bool& flag) {
        return [&flag](const std::string&) -> Result<void> {
            flag = true;
            return {};
        };
    };
    const std::vector<Option> options {
        {"--json", "FILE|-", "the figures as JSON, - for standard output",
         [&](const std::string& v) -> Result<void> {
             target = v;
             return {};
         }},
        {"--list", "", "names and what they measure, without measuring", on(list)},
        {"--help", "", "this text", on(help)},
    };
    const auto read
        = readArguments(arguments, options, [&](const std::string& word) -> Result<void> {
              if (std::find(names.begin(), names.end(), word) == names.end()) {
                  const std::string nearest = nearestWord(word, names);
                  return fail(ErrorCode::BadInput,
                              "there is no benchmark \"" + word + "\"; "
                                  + (nearest.empty() ? "there are " + orList(names)
                                                     : "did you mean " + nearest + '?'));
              }
              wanted.push_back(word);
              return {};
          });
    if (!read)
        return complain(read.error(), kWrongUsage);
    if (help) {
        std::cout
            << "shardscope bench [NAME…] [OPTIONS]\n\nMeasures; without names, everything.\n\n"
            << optionsHelp(options);
        return kDone;
    }
    if (list) {
        for (const Bench& bench : all) {
            std::string line = bench.name;
            line.resize(std::max<std::size_t>(20, line.size() + 1), ' ');
            std::cout << line << bench.what << '\n';
        }
        return kDone;
    }

    std::vector<BenchResult> results;
    Progress progress(target.empty() ? Progress::Show::Never : Progress::Show::WhenTerminal);
    const BenchOptions how {.threads = defaultThreads()};
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), all[i].name) == wanted.end())
            continue;
        progress.update(static_cast<double>(i) / static_cast<double>(all.size()), all[i].name);
        for (BenchResult& result : all[i].run(how)) {
            if (target.empty())
                printLine(result);
            results.push_back(std::move(result));
        }
    }
    return target.empty() ? kDone : writeOutput(target, benchJson(results));
}

} // namespace shardscope
