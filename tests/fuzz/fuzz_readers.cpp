#include <string>
#include <string_view>

#include "core/base/check.h"
#include "core/scenario/scenario_json.h"
#include "core/workload/trace_reader.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/json_words.h"

using namespace shardscope;

namespace {

void checkMessage(const Error& error)
{
    SHARDSCOPE_CHECK(!error.message.empty());
    SHARDSCOPE_CHECK(error.message.rfind("fuzz", 0) == 0);
}

void readScenario(std::string_view text)
{
    const auto scenario = parseScenario(text, "fuzz.json");
    if (!scenario)
        return checkMessage(scenario.error());
    const std::string written = writeScenario(*scenario);
    const auto again = parseScenario(written, "again.json");
    SHARDSCOPE_CHECK(again.has_value());
    SHARDSCOPE_CHECK(writeScenario(*again) == written);
}

void readTraceText(std::string_view text)
{
    const auto trace = parseTrace(text, "fuzz.csv");
    if (!trace)
        return checkMessage(trace.error());
    SHARDSCOPE_CHECK(trace->us.size() == trace->bytes.size());
    SHARDSCOPE_CHECK(trace->us.size() == trace->key.size());
    for (std::size_t i = 0; i < trace->size(); ++i) {
        SHARDSCOPE_CHECK(i == 0 || trace->us[i - 1] <= trace->us[i]);
        SHARDSCOPE_CHECK(trace->key[i] < trace->keys.size());
    }
}

} // namespace

std::vector<std::string> fuzzWords()
{
    return shardscope::test::jsonWordsAnd(
        {"\"at\"", "\"comment\"", "\"middle\"", "1,a,5\n", "2026-01-05T12:00:00Z"});
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    readScenario(text);
    readTraceText(text);
    return 0;
}
