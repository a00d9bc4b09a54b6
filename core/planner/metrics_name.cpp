#include "core/planner/metrics_name.h"

#include <algorithm>
#include <array>
#include <vector>

namespace shardscope {
namespace {

struct Known {
    const char* name;
    MeasuredMetric metric;
};
// facts/scaling-and-pricing.md 6.1; the first of a metric is its name.
constexpr std::array kNames {
    Known {"IncomingBytes", MeasuredMetric::IncomingBytes},
    Known {"IncomingRecords", MeasuredMetric::IncomingRecords},
    Known {"WriteProvisionedThroughputExceeded", MeasuredMetric::WriteThrottled},
    Known {"PutRecords.ThrottledRecords", MeasuredMetric::ThrottledRecords},
    Known {"GetRecords.Bytes", MeasuredMetric::ReadBytes},
    Known {"OutgoingBytes", MeasuredMetric::OutgoingBytes},
    Known {"GetRecords.IteratorAgeMilliseconds", MeasuredMetric::IteratorAge},
    Known {"IteratorAgeMilliseconds", MeasuredMetric::IteratorAge},
    Known {"GetRecords.Latency", MeasuredMetric::Other},
    Known {"GetRecords.Records", MeasuredMetric::Other},
    Known {"GetRecords.Success", MeasuredMetric::Other},
    Known {"OutgoingRecords", MeasuredMetric::Other},
    Known {"PutRecord.Bytes", MeasuredMetric::Other},
    Known {"PutRecord.Latency", MeasuredMetric::Other},
    Known {"PutRecord.Success", MeasuredMetric::Other},
    Known {"PutRecords.Bytes", MeasuredMetric::Other},
    Known {"PutRecords.FailedRecords", MeasuredMetric::Other},
    Known {"PutRecords.Latency", MeasuredMetric::Other},
    Known {"PutRecords.Records", MeasuredMetric::Other},
    Known {"PutRecords.Success", MeasuredMetric::Other},
    Known {"PutRecords.SuccessfulRecords", MeasuredMetric::Other},
    Known {"PutRecords.TotalRecords", MeasuredMetric::Other},
    Known {"ReadProvisionedThroughputExceeded", MeasuredMetric::Other},
    Known {"SubscribeToShard.RateExceeded", MeasuredMetric::Other},
    Known {"SubscribeToShard.Success", MeasuredMetric::Other},
    Known {"SubscribeToShardEvent.Bytes", MeasuredMetric::Other},
    Known {"SubscribeToShardEvent.MillisBehindLatest", MeasuredMetric::Other},
    Known {"SubscribeToShardEvent.Records", MeasuredMetric::Other},
    Known {"SubscribeToShardEvent.Success", MeasuredMetric::Other},
};

// Short forms, squashed; they are no part of other words.
constexpr std::array kShort {
    Known {"bytes", MeasuredMetric::IncomingBytes},
    Known {"inbytes", MeasuredMetric::IncomingBytes},
    Known {"acceptedbytes", MeasuredMetric::IncomingBytes},
    Known {"records", MeasuredMetric::IncomingRecords},
    Known {"inrecords", MeasuredMetric::IncomingRecords},
    Known {"acceptedrecords", MeasuredMetric::IncomingRecords},
    Known {"refused", MeasuredMetric::WriteThrottled},
    Known {"refusedrecords", MeasuredMetric::WriteThrottled},
    Known {"throttled", MeasuredMetric::WriteThrottled},
    Known {"throttledrecords", MeasuredMetric::WriteThrottled},
    Known {"writethrottled", MeasuredMetric::WriteThrottled},
    Known {"readbytes", MeasuredMetric::ReadBytes},
    Known {"getbytes", MeasuredMetric::ReadBytes},
    Known {"outbytes", MeasuredMetric::ReadBytes},
    Known {"iteratorage", MeasuredMetric::IteratorAge},
    Known {"iteratoragems", MeasuredMetric::IteratorAge},
};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Takes `[at, at + size)` out of `text` as a shard id when its digits are one.
bool takeShard(std::string& text, std::size_t at, std::size_t size, MetricName& found)
{
    std::size_t digits = at;
    while (digits < at + size && !isDigit(text[digits]))
        ++digits;
    const auto shard = parseShardId(text.substr(digits, at + size - digits));
    if (!shard)
        return false;
    found.shard = *shard;
    text.erase(at, size);
    text.insert(at, 1, ' ');
    return true;
}

void findShard(std::string& text, MetricName& found)
{
    constexpr std::string_view word = "shardid";
    constexpr std::size_t kDigits = 12;
    std::string low = text;
    std::transform(low.begin(), low.end(), low.begin(), lower);
    const std::size_t at = low.find(word);
    if (at != std::string::npos) {
        std::size_t end = at + word.size();
        if (end < low.size() && (low[end] == '-' || low[end] == '_' || low[end] == ' '))
            ++end;
        const std::size_t first = end;
        while (end < low.size() && isDigit(low[end]) && end - first < kDigits)
            ++end;
        if (end > first && takeShard(text, at, end - at, found))
            return;
    }
    if (text.size() <= kDigits || text[text.size() - kDigits - 1] != '_')
        return;
    const std::size_t tail = text.size() - kDigits;
    if (std::all_of(text.begin() + static_cast<std::ptrdiff_t>(tail), text.end(), isDigit))
        takeShard(text, tail - 1, kDigits + 1, found);
}

const Known* exactly(std::string_view word)
{
    for (const Known& known : kNames)
        if (squashed(known.name) == word)
            return &known;
    for (const Known& known : kShort)
        if (known.name == word)
            return &known;
    return nullptr;
}

/// The longest name that is part of `text`.
const Known* within(std::string_view text)
{
    const Known* longest = nullptr;
    std::size_t size = 0;
    for (const Known& known : kNames) {
        const std::string name = squashed(known.name);
        if (name.size() > size && text.find(name) != std::string_view::npos) {
            longest = &known;
            size = name.size();
        }
    }
    return longest;
}

bool isStatistic(const std::string& word)
{
    static constexpr std::array kWords {"sum",     "total", "average", "avg",    "maximum",
                                        "max",     "min",   "minimum", "count",  "samplecount",
                                        "percent", "of",    "per",     "minute", "second"};
    return std::find(kWords.begin(), kWords.end(), squashed(word)) != kWords.end();
}

bool isStreamName(std::string_view word)
{
    constexpr std::size_t kLongest = 128;
    return !word.empty() && word.size() <= kLongest
        && std::all_of(word.begin(), word.end(), [](char c) {
               return isDigit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || c == '.'
                   || c == '-';
           });
}

std::vector<std::string> wordsOf(const std::string& text)
{
    std::vector<std::string> words;
    std::size_t at = 0;
    while ((at = text.find_first_not_of(" \t,;:/|()[]", at)) != std::string::npos) {
        const std::size_t end = std::min(text.find_first_of(" \t,;:/|()[]", at), text.size());
        words.push_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

} // namespace

std::string squashed(std::string_view text)
{
    std::string out;
    for (const char c : text)
        if (isDigit(c) || (lower(c) >= 'a' && lower(c) <= 'z'))
            out.push_back(lower(c));
    return out;
}

const char* nameOf(MeasuredMetric metric)
{
    for (const Known& known : kNames)
        if (known.metric == metric)
            return known.name;
    return "";
}

std::optional<MetricName> metricNameIn(std::string_view text)
{
    MetricName found;
    std::string rest(text);
    findShard(rest, found);
    const Known* known = nullptr;
    std::vector<std::string> others;
    for (const std::string& word : wordsOf(rest)) {
        const Known* here = known == nullptr ? exactly(squashed(word)) : nullptr;
        if (here != nullptr)
            known = here;
        else if (!isStatistic(word))
            others.push_back(word);
    }
    const bool alone = known != nullptr;
    if (!alone)
        known = exactly(squashed(rest));
    if (known == nullptr)
        known = within(squashed(rest));
    if (known == nullptr)
        return std::nullopt;
    if (alone && others.size() == 1 && isStreamName(others.front()))
        found.stream = others.front();
    found.metric = known->metric;
    found.name = known->metric == MeasuredMetric::Other ? known->name : nameOf(known->metric);
    return found;
}

} // namespace shardscope
