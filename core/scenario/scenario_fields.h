#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <type_traits>
#include <variant>

#include "core/engine/limits.h"
#include "core/scenario/analytics_fields.h"
#include "core/scenario/expectation_metrics.h"
#include "core/scenario/firehose_fields.h"
#include "core/scenario/kcl_fields.h"
#include "core/scenario/lambda_fields.h"
#include "core/scenario/nearest.h"
#include "core/scenario/words.h"

/// The scenario format, written down once. Every object of a scenario file has a function
/// `fields(io, value)` below that names its fields in the order of the file, with their types and
/// ranges. The reader, the writer and the list of known fields are three `io` classes that walk
/// the same functions, so they cannot disagree.
///
///   scenario   = { name, title, lesson, comment, seed, start, history, duration, speed, region,
///                  memoryBudget, advantage, account, timings, stream, producers, consumers,
///                  policy, acts, expect }
///   durations  = "250ms" | "30s" | "5m" | "2h" | "30d"      times = "2026-01-05T12:00:00Z"
///   bytes      = a number, or "512B" | "40KiB" | "1MiB" | "1GiB"
///   shard      = "shardId-000000000002" or its number
///   hash key   = "middle" of the shard | a decimal text | a number between 0 and 1: the place in
///                the whole hash key space
/// A field `comment` may stand in any object. Fields left out keep their defaults; a producer's
/// come from the preset of its kind, a changed producer's or consumer's from what it was before.
namespace shardscope::scenario_format {

inline constexpr SimDuration kLongest = SimDuration::days(3650);
inline constexpr std::int64_t kCountMost = 1'000'000'000'000;
inline constexpr double kRateMost = 1e9; ///< records/s of one producer

template <typename Io> void fields(Io& io, AccountLimits& s)
{
    io.nullableInteger("shards", s.shards, 1, kCountMost);
    io.nullableInteger("onDemandStreams", s.onDemandStreams, 0, kCountMost);
    io.nullableNumber("callRateFactor", s.callRateFactor, 0.001, 1e6);
}

template <typename Io> void fields(Io& io, ServiceTimings& s)
{
    io.duration("reshard", s.reshard, {}, SimDuration::days(1));
    io.duration("update", s.update, {}, SimDuration::days(1));
    io.duration("create", s.create, {}, SimDuration::days(1));
    io.duration("onDemandReaction", s.onDemandReaction, {}, SimDuration::days(1));
    io.flag("onDemandJitter", s.onDemandJitter);
    io.flag("onDemandMerge", s.onDemandMerge);
}

template <typename Io> void fields(Io& io, StreamSpec& s)
{
    io.text("name", s.name, 1, 128);
    io.choice("mode", s.mode);
    io.integer("shards", s.shards, 1, 100'000);
    io.integer("retentionHours", s.retentionHours, limits::kRetentionHoursLeast,
               limits::kRetentionHoursMost);
    io.integer("maxRecordSizeKiB", s.maxRecordSizeKiB, limits::kMaxRecordDefault / 1_KiB,
               limits::kMaxRecordLargest / 1_KiB);
    io.nullableInteger("warmThroughputMiBps", s.warmThroughputMiBps, 1,
                       limits::kWarmThroughputMost);
    io.choices("enhancedMonitoring", s.enhancedMonitoring);
    io.flag("encrypted", s.encrypted);
}

template <typename Io> void fields(Io& io, RateSpec::Step& s)
{
    io.require("at");
    io.require("factor");
    io.duration("at", s.at, {}, kLongest);
    io.number("factor", s.factor, 0, 1e6);
    io.duration("over", s.over, {}, kLongest);
}

template <typename Io> void fields(Io& io, RateSpec& s)
{
    io.number("recordsPerSecond", s.recordsPerSecond, 0, kRateMost);
    io.choice("curve", s.curve);
    io.number("rampTo", s.rampTo, 0, kRateMost);
    io.duration("rampDuration", s.rampDuration, {}, kLongest);
    io.list("steps", s.steps);
    for (std::size_t i = 1; i < s.steps.size(); ++i)
        io.checkItem(s.steps[i - 1].at <= s.steps[i].at, "steps", i,
                     "must not be earlier than the step before it");
    io.choice("spread", s.spread);
    io.duration("period", s.period, kSlice, SimDuration::days(1));
    io.duration("burstWidth", s.burstWidth, SimDuration::millis(1), SimDuration::days(1));
}

template <typename Io> void fields(Io& io, SizeSpec& s)
{
    io.choice("shape", s.shape);
    io.size("bytes", s.bytes, 0, static_cast<double>(limits::kMaxRecordLargest));
    io.size("spread", s.spread, 0, static_cast<double>(limits::kMaxRecordLargest));
    io.check(s.shape != SizeSpec::Shape::Uniform || s.spread <= s.bytes, "spread",
             "must not be above bytes: a uniform size lies within bytes ± spread");
    io.check(s.shape != SizeSpec::Shape::LogNormal || s.spread == 0 || s.spread >= s.bytes,
             "spread", "must be at least bytes: the 99th percentile lies above the median");
}

template <typename Io> void fields(Io& io, KeySpec& s)
{
    io.choice("shape", s.shape);
    io.text("prefix", s.prefix, 0, 200);
    io.integer("count", s.count, 1, 100'000'000);
    io.number("exponent", s.exponent, 0, 5);
    io.text("hotKey", s.hotKey, 0, 256);
    io.number("hotShare", s.hotShare, 0, 1);
    io.integer("salt", s.salt, 1, 1'000'000);
    io.check(s.shape != KeySpec::Shape::HotShare || !s.hotKey.empty(), "hotKey",
             "must name the hot key when shape is hotShare");
    io.check(s.shape != KeySpec::Shape::Constant || !s.prefix.empty(), "prefix",
             "must not be empty when shape is constant: it is the key");
}

template <typename Io> void fields(Io& io, ClientSpec& s)
{
    io.choice("api", s.api);
    io.integer("batchRecords", s.batchRecords, 1, limits::kPutRecordsRecords);
    io.bytes("batchBytes", s.batchBytes, 1, limits::kPutRecordsBytes);
    io.duration("linger", s.linger, {}, SimDuration::hours(1));
    io.integer("inFlight", s.inFlight, 1, 1'000'000);
    io.duration("callTime", s.callTime, {}, SimDuration::hours(1));
    io.choice("retry", s.retry);
    io.integer("attemptsMost", s.attemptsMost, 0, 1'000'000);
    io.duration("timeToLive", s.timeToLive, {}, SimDuration::days(1));
    io.bytes("aggregationBytes", s.aggregationBytes, 64, limits::kMaxRecordDefault);
    io.flag("aggregation", s.aggregation);
    io.number("rateLimitPercent", s.rateLimitPercent, 1, 1'000'000);
}

template <typename Io> void fields(Io& io, ProducerSpec& s)
{
    io.require("name");
    io.text("name", s.name, 1, 100);
    io.startFrom(s);
    io.choice("kind", s.kind);
    io.object("rate", s.rate);
    io.object("size", s.size);
    io.object("keys", s.keys);
    io.object("client", s.client);
    io.duration("startAfter", s.startAfter, {}, kLongest);
    io.path("tracePath", s.tracePath);
    io.number("traceSpeed", s.traceSpeed, 0.001, 1'000'000);
    io.number("lateShare", s.lateShare, 0, 1);
    io.duration("lateBy", s.lateBy, {}, SimDuration::days(1));
    io.flag("paused", s.paused);
    io.check(s.kind != ProducerKind::Trace || !s.tracePath.empty(), "tracePath",
             "must name a CSV file of time, key, size when kind is trace");
}

template <typename Io> void fields(Io& io, ConsumerSpec& s)
{
    io.require("name");
    io.text("name", s.name, 1, 100);
    io.startFrom(s);
    io.choice("kind", s.kind);
    io.usually("start", s.start, usualStart(s.kind));
    io.choice("start", s.start);
    io.number("readsPerSecond", s.readsPerSecond, 0.01, 100);
    io.integer("recordsPerCall", s.recordsPerCall, 1, limits::kGetRecordsRecords);
    io.number("recordsPerSecond", s.recordsPerSecond, 0, kRateMost);
    io.objectOf(s.kind == ConsumerKind::Analytics, "analytics", "is for kind analytics",
                s.analytics);
    io.duration("startAfter", s.startAfter, {}, kLongest);
    io.flag("paused", s.paused);
    io.objectOf(s.kind == ConsumerKind::Kcl, "kcl", "is for kind kcl", s.kcl);
    io.objectOf(s.kind == ConsumerKind::Lambda, "lambda", "is for kind lambda", s.lambda);
    io.objectOf(s.kind == ConsumerKind::Firehose, "firehose", "is for kind firehose", s.firehose);
}

template <typename Io> void fields(Io& io, CrashConsumer& s)
{
    io.require("name");
    io.consumerName("name", s.name);
    io.integer("worker", s.crash.worker, 0, 1'000);
    io.duration("returnsAfter", s.crash.returnsAfter, {}, kLongest);
}

template <typename Io> void fields(Io& io, ReplayConsumer& s)
{
    io.require("name");
    io.require("to");
    io.consumerName("name", s.name);
    io.choice("to", s.to.kind);
    io.duration("back", s.to.back, {}, kLongest);
    io.text("sequenceNumber", s.to.sequenceNumber, 0, 200);
    io.check(s.to.kind != ReplayPoint::Kind::Time || s.to.back > SimDuration {}, "back",
             "must say how long before now when to is time");
    io.check(s.to.kind != ReplayPoint::Kind::SequenceNumber || !s.to.sequenceNumber.empty(),
             "sequenceNumber", "must name a record when to is sequenceNumber");
}

template <typename Io> void fields(Io& io, ScalingPolicySpec& s)
{
    io.choice("design", s.design);
    io.number("upPercent", s.upPercent, 1, 1000);
    io.number("downPercent", s.downPercent, 0, 1000);
    io.integer("upAfterMinutes", s.upAfterMinutes, 1, 10'000);
    io.integer("downAfterMinutes", s.downAfterMinutes, 1, 10'000);
    io.integer("upCount", s.upCount, 0, 10'000);
    io.integer("downCount", s.downCount, 0, 10'000);
    io.number("upByPercent", s.upByPercent, 0, 1000);
    io.number("downByPercent", s.downByPercent, 0, 1000);
    io.duration("upCoolOff", s.upCoolOff, {}, kLongest);
    io.duration("downCoolOff", s.downCoolOff, {}, kLongest);
    io.integer("shardsLeast", s.shardsLeast, 1, limits::kShardsPerStreamByUpdate);
    io.integer("shardsMost", s.shardsMost, 1, limits::kShardsPerStreamByUpdate);
    io.flag("asDocumented", s.asDocumented);
    io.check(s.shardsLeast <= s.shardsMost, "shardsLeast", "must not be above shardsMost");
    io.check(s.downPercent < s.upPercent, "downPercent", "must be below upPercent");
}

// --- acts ---------------------------------------------------------------------------------------

template <typename Io> void fields(Io& io, CreateStream& s)
{
    io.choice("mode", s.mode);
    io.nullableInteger("shards", s.shardCount, 1, 100'000);
    io.nullableInteger("warmThroughputMiBps", s.warmThroughputMiBps, 1,
                       limits::kWarmThroughputMost);
    io.nullableInteger("maxRecordSizeKiB", s.maxRecordSizeKiB, limits::kMaxRecordDefault / 1_KiB,
                       limits::kMaxRecordLargest / 1_KiB);
    io.texts("tags", s.tags);
}

template <typename Io> void fields(Io& io, DeleteStream& s)
{
    io.flag("enforceConsumerDeletion", s.enforceConsumerDeletion);
}

template <typename Io> void fields(Io& io, UpdateStreamMode& s)
{
    io.require("to");
    io.choice("to", s.mode);
    io.nullableInteger("warmThroughputMiBps", s.warmThroughputMiBps, 1,
                       limits::kWarmThroughputMost);
}

template <typename Io> void fields(Io& io, SplitShard& s)
{
    io.require("shard");
    io.shard("shard", s.shardToSplit);
    io.hashKey("at", s.newStartingHashKey);
}

template <typename Io> void fields(Io& io, MergeShards& s)
{
    io.require("shard");
    io.require("with");
    io.shard("shard", s.shardToMerge);
    io.shard("with", s.adjacentShardToMerge);
}

/// The stream that an act names, or null for acts that name none.
[[nodiscard]] inline std::string* streamNameOf(Act& act)
{
    auto* request = std::get_if<ControlRequest>(&act);
    if (request == nullptr)
        return nullptr;
    return std::visit(
        [](auto& r) -> std::string* {
            if constexpr (requires { r.streamName; })
                return &r.streamName;
            else
                return nullptr;
        },
        *request);
}

template <typename T, typename Variant> inline constexpr bool kIsIn = false;
template <typename T, typename... Ts>
inline constexpr bool kIsIn<T, std::variant<Ts...>> = (std::is_same_v<T, Ts> || ...);

/// The act as a T, or null when it is another.
template <typename T> [[nodiscard]] const T* actAs(const Act& act)
{
    if constexpr (kIsIn<T, ControlRequest>) {
        const auto* request = std::get_if<ControlRequest>(&act);
        return request == nullptr ? nullptr : std::get_if<T>(request);
    } else {
        return std::get_if<T>(&act);
    }
}

template <typename Io> void fields(Io& io, ScheduledAct& s)
{
    io.require("at");
    io.duration("at", s.at, {}, kLongest);
    io.streamOf(s.act);
    io.template act<SplitShard>("split", s.act);
    io.template act<MergeShards>("merge", s.act);
    io.template act<UpdateStreamMode>("mode", s.act);
    io.template act<CreateStream>("createStream", s.act);
    io.template act<DeleteStream>("deleteStream", s.act);
    io.actInteger("shardCount", s.act, &UpdateShardCount::targetShardCount, 1, 100'000);
    io.actInteger("maxRecordSizeKiB", s.act, &UpdateMaxRecordSize::maxRecordSizeKiB, 1, 1'000'000);
    io.actInteger("warmThroughputMiBps", s.act, &UpdateStreamWarmThroughput::warmThroughputMiBps, 0,
                  1'000'000);
    io.actInteger("increaseRetentionHours", s.act, &IncreaseStreamRetentionPeriod::hours, 1,
                  1'000'000);
    io.actInteger("decreaseRetentionHours", s.act, &DecreaseStreamRetentionPeriod::hours, 1,
                  1'000'000);
    io.actText("startEncryption", s.act, &StartStreamEncryption::keyId);
    io.actText("stopEncryption", s.act, &StopStreamEncryption::keyId);
    io.actChoices("enableMonitoring", s.act, &EnableEnhancedMonitoring::metrics);
    io.actChoices("disableMonitoring", s.act, &DisableEnhancedMonitoring::metrics);
    io.actFlag("advantage", s.act, &UpdateAccountSettings::minimumThroughputBillingCommitment);
    io.actText("registerConsumer", s.act, &RegisterStreamConsumer::consumerName);
    io.actText("deregisterConsumer", s.act, &DeregisterStreamConsumer::consumerName);
    io.template actSpec<AddProducer>("addProducer", s.act);
    io.template actSpec<ChangeProducer>("changeProducer", s.act);
    io.template actPause<PauseProducer>("pauseProducer", s.act, true);
    io.template actPause<PauseProducer>("resumeProducer", s.act, false);
    io.actText("removeProducer", s.act, &RemoveProducer::name);
    io.template actSpec<AddConsumer>("addConsumer", s.act);
    io.template actSpec<ChangeConsumer>("changeConsumer", s.act);
    io.template actPause<PauseConsumer>("pauseConsumer", s.act, true);
    io.template actPause<PauseConsumer>("resumeConsumer", s.act, false);
    io.actText("removeConsumer", s.act, &RemoveConsumer::name);
    io.template act<ReplayConsumer>("replayConsumer", s.act);
    io.template act<CrashConsumer>("crashConsumer", s.act);
    io.actPolicy("policy", s.act);
    io.template actSpec<SetAccountLimits>("account", s.act);
    io.actText("note", s.act, &Note::text);
    io.actsDone();
}

// --- the whole ----------------------------------------------------------------------------------

template <typename Io> void fields(Io& io, Expectation& s)
{
    io.require("metric");
    io.require("least");
    io.require("most");
    io.oneOf("metric", s.metric, expectationMetrics());
    io.number("least", s.least, -1e15, 1e15);
    io.number("most", s.most, -1e15, 1e15);
    io.duration("from", s.from, {}, kLongest);
    io.duration("to", s.to, {}, kLongest);
    io.check(s.least <= s.most, "least", "must not be above most");
    io.check(s.to == SimDuration {} || s.from < s.to, "from", "must be before to");
}

template <typename Io> void fields(Io& io, Scenario& s)
{
    io.ignored("$schema");
    io.require("name");
    io.text("name", s.name, 1, 100);
    io.text("title", s.title, 0, 200);
    io.text("lesson", s.lesson, 0, 1000);
    io.text("comment", s.comment, 0, 100'000);
    io.natural("seed", s.seed);
    io.time("start", s.start);
    io.duration("history", s.history, {}, SimDuration::days(1));
    io.duration("duration", s.duration, kSlice, kLongest);
    io.number("speed", s.speed, 0, 1'000);
    io.text("region", s.region, 1, 40);
    io.bytes("memoryBudget", s.memoryBudget, 1_MiB, 1024_GiB);
    io.flag("advantage", s.advantage);
    io.object("account", s.account);
    io.object("timings", s.timings);
    io.object("stream", s.stream);
    io.list("producers", s.producers);
    io.list("consumers", s.consumers);
    io.nullableObject("policy", s.policy);
    io.list("acts", s.acts);
    for (std::size_t i = 1; i < s.acts.size(); ++i)
        io.checkItem(s.acts[i - 1].at <= s.acts[i].at, "acts", i,
                     "must not be earlier than the act before it");
    io.list("expect", s.expect);
    io.check(s.stream.mode == StreamMode::OnDemand || !s.stream.warmThroughputMiBps, "stream",
             "warmThroughputMiBps needs mode onDemand and advantage true");
    io.check(s.advantage || !s.stream.warmThroughputMiBps, "advantage",
             "must be true when the stream has warmThroughputMiBps");
    io.check(s.stream.mode == StreamMode::Provisioned || !s.policy, "policy",
             "is for provisioned streams; an on-demand stream scales by itself");
}

} // namespace shardscope::scenario_format
