#include "app/options.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include "core/scenario/nearest.h"

namespace shardscope {
namespace {

tl::unexpected<Error> wrong(std::string sentence)
{
    return fail(ErrorCode::BadInput, std::move(sentence));
}

template <typename N> bool parseAll(const std::string& text, N& value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc {} && end == text.data() + text.size();
}

std::string shown(const std::string& value)
{
    return '"' + value + '"';
}

Result<void> unknownOption(const std::string& name, const std::vector<Option>& options)
{
    std::vector<std::string> names;
    for (const Option& option : options)
        names.push_back(option.name);
    const std::string nearest = nearestWord(name, names);
    return wrong(name + " is no option here; "
                 + (nearest.empty() ? "--help lists them" : "did you mean " + nearest + '?'));
}

} // namespace

Result<void> readArguments(std::span<const std::string> arguments,
                           const std::vector<Option>& options,
                           const std::function<Result<void>(const std::string&)>& takeWord)
{
    bool onlyWords = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (!onlyWords && argument == "--") {
            onlyWords = true;
            continue;
        }
        // A lone dash is a word, and so is everything behind `--`.
        if (onlyWords || argument.size() < 2 || argument[0] != '-') {
            if (auto taken = takeWord(argument); !taken)
                return taken;
            continue;
        }
        const std::size_t equals = argument.find('=');
        const std::string name = argument.substr(0, equals);
        const auto option = std::find_if(options.begin(), options.end(),
                                         [&](const Option& o) { return o.name == name; });
        if (option == options.end())
            return unknownOption(name, options);
        std::string value;
        if (option->value.empty()) {
            if (equals != std::string::npos)
                return wrong(name + " takes no value");
        } else if (equals != std::string::npos) {
            value = argument.substr(equals + 1);
        } else if (++i < arguments.size()) {
            value = arguments[i];
        } else {
            return wrong(name + " needs a value: " + name + ' ' + option->value);
        }
        if (auto taken = option->take(value); !taken)
            return taken;
    }
    return {};
}

std::string optionsHelp(const std::vector<Option>& options)
{
    std::size_t width = 0;
    const auto head
        = [](const Option& o) { return o.value.empty() ? o.name : o.name + ' ' + o.value; };
    for (const Option& option : options)
        width = std::max(width, head(option).size());
    std::string text;
    for (const Option& option : options) {
        std::string line = "  " + head(option);
        line.resize(width + 4, ' ');
        text += line + option.help + '\n';
    }
    return text;
}

Result<SimDuration> durationValue(const std::string& option, const std::string& value)
{
    const auto duration = parseDuration(value);
    if (!duration)
        return wrong(option + ": " + duration.error().message);
    if (*duration < kSlice || *duration > SimDuration::days(3650))
        return wrong(option + ": must be between 10ms and 3650d, not " + value);
    return *duration;
}

Result<double> speedValue(const std::string& option, const std::string& value)
{
    if (value == "max")
        return 0.0;
    double speed = 0;
    if (!parseAll(value, speed) || !(speed >= 0.1 && speed <= 1'000))
        return wrong(option + ": must be max or a number between 0.1 and 1000, not "
                     + shown(value));
    return speed;
}

Result<std::uint64_t> seedValue(const std::string& option, const std::string& value)
{
    std::uint64_t seed = 0;
    if (!parseAll(value, seed))
        return wrong(option + ": must be a whole number between 0 and 18446744073709551615, not "
                     + shown(value));
    return seed;
}

Result<int> integerValue(const std::string& option, const std::string& value, int least, int most)
{
    int number = 0;
    if (!parseAll(value, number) || number < least || number > most)
        return wrong(option + ": must be a whole number between " + std::to_string(least) + " and "
                     + std::to_string(most) + ", not " + shown(value));
    return number;
}

int defaultThreads()
{
    return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 16);
}

namespace {

/// Stores a parsed value, or hands its error on.
template <typename T, typename Target> Result<void> store(Result<T> parsed, Target& target)
{
    if (!parsed)
        return tl::unexpected<Error>(std::move(parsed).error());
    target = *std::move(parsed);
    return {};
}

Result<void> storeText(const char* option, const std::string& value, std::string& target)
{
    if (value.empty())
        return wrong(std::string(option) + ": must not be empty");
    target = value;
    return {};
}

} // namespace

std::vector<Option> runOptionList(RunOptions& o)
{
    return {
        {"--for", "60s", "how much simulated time; unless given, the scenario's own duration",
         [&o](const std::string& v) { return store(durationValue("--for", v), o.length); }},
        {"--speed", "max|N", "simulated seconds per second; max unless given",
         [&o](const std::string& v) { return store(speedValue("--speed", v), o.speed); }},
        {"--seed", "N", "another seed than the scenario's",
         [&o](const std::string& v) { return store(seedValue("--seed", v), o.seed); }},
        {"--threads", "N", "worker threads; the result does not depend on them",
         [&o](const std::string& v) {
             return store(integerValue("--threads", v, 1, 256), o.threads);
         }},
        {"--json", "FILE|-", "the result as JSON, - for standard output",
         [&o](const std::string& v) { return storeText("--json", v, o.json); }},
        {"--csv", "DIR", "every shard's every second as CSV files in this folder",
         [&o](const std::string& v) { return storeText("--csv", v, o.csv); }},
        {"--outside", "",
         "readers may run commands, call addresses and write files as the scenario says",
         [&o](const std::string&) {
             o.outside = true;
             return Result<void> {};
         }},
        {"--agent", "FILE", "follows log files into the stream, as this agent.json says",
         [&o](const std::string& v) { return storeText("--agent", v, o.agent); }},
        {"--progress", "", "a progress line even when standard error is no terminal",
         [&o](const std::string&) {
             o.progress = true;
             return Result<void> {};
         }},
        {"--help", "", "this text",
         [&o](const std::string&) {
             o.help = true;
             return Result<void> {};
         }},
    };
}

Result<RunOptions> parseRunOptions(std::span<const std::string> arguments)
{
    RunOptions options;
    const auto read = readArguments(
        arguments, runOptionList(options), [&](const std::string& word) -> Result<void> {
            if (!options.scenario.empty())
                return wrong("run takes one scenario; " + shown(word) + " is a second one");
            return storeText("SCENARIO", word, options.scenario);
        });
    if (!read)
        return tl::unexpected<Error>(read.error());
    if (options.scenario.empty() && !options.help)
        return wrong("run needs a scenario: a bundled name (see shardscope scenarios) or a file");
    return options;
}

} // namespace shardscope
