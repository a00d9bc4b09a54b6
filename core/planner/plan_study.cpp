#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/rng.h"
#include "core/planner/plan_parts.h"

/// What moves when the inputs do: samples of ranges, and one input at a time.
namespace shardscope {
namespace {

constexpr double kLess = 0.8, kMore = 1.25; ///< of an input that is no range

Quantiles quantilesIn(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
        const auto i
            = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5);
        return values[i];
    };
    return {at(0.1), at(0.5), at(0.9)};
}

PlanWorkload drawn(PlanWorkload workload, const CounterRng& rng)
{
    std::uint64_t field = 0;
    forEachEstimate(workload, [&](const char*, Estimate& e) { e = e.at(rng.unit(field++)); });
    return workload;
}

std::string valueText(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, std::abs(value) >= 1'000 ? "%.0f" : "%.3g", value);
    return text;
}

/// A workload's fixed count and what `mode` costs then, or a fixed count if `mode` misses the
/// target.
struct Outcome {
    std::int64_t shards = 0;
    std::optional<double> usd;
};
Outcome outcomeOf(const PlanRequest& request, const PlanStream& stream,
                  const PlanWorkload& workload, PlanMode mode, const std::atomic<bool>& cancelled)
{
    const PlanBasis basis = basisOf(request, workload, stream.measured.get(), nullptr, &cancelled);
    std::vector<PlanOption> options;
    if (request.modes.provisioned)
        options.push_back(optionOf(basis, PlanMode::Fixed, Detail::Short));
    if (mode != PlanMode::Fixed)
        options.push_back(optionOf(basis, mode, Detail::Short));
    Outcome out {request.modes.provisioned ? options.front().shardsFirst : basis.shards, {}};
    for (const PlanOption& option : options)
        if (option.meetsTarget)
            out.usd = option.usd;
    return out;
}

} // namespace

void forEachEstimate(PlanWorkload& w, const std::function<void(const char*, Estimate&)>& take)
{
    take("Records per second", w.recordsPerSecond);
    take("Record size", w.recordBytes);
    take("Peak factor", w.peakFactor);
    take("Burst factor", w.burstFactor);
    take("Number of keys", w.keys.count);
    take("Zipf exponent", w.keys.exponent);
    take("Hot key's share", w.keys.hotShare);
    take("Shared readers", w.sharedReaders);
    take("Fan-out readers", w.fanOutReaders);
    take("Growth a year", w.growthPercentPerYear);
    take("Head-room", w.headroomPercent);
}

bool hasRanges(const PlanWorkload& workload)
{
    bool any = false;
    PlanWorkload copy = workload;
    forEachEstimate(copy, [&any](const char*, Estimate& e) { any = any || e.isRange(); });
    return any;
}

std::vector<OptionQuantiles> quantilesOf(const PlanRequest& request, const PlanStream& stream,
                                         WorkerPool& pool, PlanProgress& progress)
{
    const std::vector<PlanMode> modes = modesOf(request);
    const auto samples = static_cast<std::size_t>(request.samples);
    struct Sample {
        std::vector<PlanOption> options;
    };
    std::vector<Sample> drawnSamples(samples);
    const CounterRng rng(request.seed, 0x504c414e);
    pool.run(request.samples, [&](int i) {
        if (progress.cancelled.load())
            return;
        const PlanWorkload workload
            = drawn(stream.workload, rng.fork(static_cast<std::uint64_t>(i)));
        const PlanBasis basis
            = basisOf(request, workload, stream.measured.get(), nullptr, &progress.cancelled);
        for (const PlanMode mode : modes)
            drawnSamples[static_cast<std::size_t>(i)].options.push_back(
                optionOf(basis, mode, Detail::Short));
    });
    std::vector<OptionQuantiles> out;
    if (progress.cancelled.load())
        return out;
    for (std::size_t m = 0; m < modes.size(); ++m) {
        std::vector<double> shards, usd;
        double meets = 0;
        for (const Sample& sample : drawnSamples) {
            const PlanOption& option = sample.options[m];
            shards.push_back(static_cast<double>(modes[m] == PlanMode::Fixed ? option.shardsFirst
                                                                             : option.shardsMost));
            if (option.usd)
                usd.push_back(*option.usd);
            meets += option.meetsTarget ? 1 : 0;
        }
        OptionQuantiles row {
            modes[m], quantilesIn(shards), {}, meets / static_cast<double>(samples)};
        if (usd.size() == samples)
            row.usd = quantilesIn(usd);
        out.push_back(row);
    }
    return out;
}

std::vector<SensitivityRow> sensitivityOf(const PlanRequest& request, const PlanStream& stream,
                                          PlanMode mode, WorkerPool& pool, PlanProgress& progress)
{
    struct Trial {
        SensitivityRow row;
        PlanWorkload less, more;
        Outcome lessOutcome, moreOutcome;
    };
    std::vector<Trial> trials;
    PlanWorkload middle = stream.workload;
    forEachEstimate(middle, [](const char*, Estimate& e) { e = e.middle(); });
    const bool measured = stream.measured != nullptr;
    int field = 0;
    PlanWorkload walked = stream.workload;
    forEachEstimate(walked, [&](const char* name, Estimate& e) {
        const int index = field++;
        const std::string_view what = name;
        const PlanKeys& keys = stream.workload.keys;
        using S = KeySpec::Shape;
        const bool idle
            = (what == "Number of keys" && keys.shape != S::Uniform && keys.shape != S::Zipf)
            || (what == "Zipf exponent" && keys.shape != S::Zipf)
            || (what == "Hot key's share" && keys.shape != S::HotShare) || (measured && index < 3)
            || (what == "Peak factor" && stream.workload.curve == DayCurve::Constant)
            || (!e.isRange() && e.low == 0);
        if (idle)
            return;
        double less = e.low, more = e.high;
        if (!e.isRange()) {
            less = e.low * kLess;
            more = e.low * kMore;
            const bool whole = what.find("readers") != std::string_view::npos;
            if (whole) {
                less = std::max(0.0, e.low - 1);
                more = e.low + 1;
            }
            if (what == "Peak factor" || what == "Burst factor")
                less = std::max(1.0, less);
            if (what == "Hot key's share")
                more = std::min(1.0, more);
        }
        Trial trial {{name, valueText(less), valueText(more)}, middle, middle};
        int at = 0;
        forEachEstimate(trial.less,
                        [&](const char*, Estimate& v) { v = at++ == index ? Estimate(less) : v; });
        at = 0;
        forEachEstimate(trial.more,
                        [&](const char*, Estimate& v) { v = at++ == index ? Estimate(more) : v; });
        trials.push_back(std::move(trial));
    });
    pool.run(static_cast<int>(trials.size()) * 2, [&](int i) {
        if (progress.cancelled.load())
            return;
        Trial& trial = trials[static_cast<std::size_t>(i / 2)];
        if (i % 2 == 0)
            trial.lessOutcome = outcomeOf(request, stream, trial.less, mode, progress.cancelled);
        else
            trial.moreOutcome = outcomeOf(request, stream, trial.more, mode, progress.cancelled);
    });
    std::vector<SensitivityRow> rows;
    for (Trial& trial : trials) {
        trial.row.usdFrom = trial.lessOutcome.usd;
        trial.row.usdTo = trial.moreOutcome.usd;
        trial.row.shardsFrom = trial.lessOutcome.shards;
        trial.row.shardsTo = trial.moreOutcome.shards;
        rows.push_back(trial.row);
    }
    const auto reach = [](const SensitivityRow& r) {
        return r.usdFrom && r.usdTo ? std::abs(*r.usdTo - *r.usdFrom)
                                    : std::abs(static_cast<double>(r.shardsTo - r.shardsFrom));
    };
    std::stable_sort(
        rows.begin(), rows.end(),
        [&](const SensitivityRow& a, const SensitivityRow& b) { return reach(a) > reach(b); });
    return rows;
}

} // namespace shardscope
