#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/units.h"
#include "core/clock/sim_time.h"

/// Everything that describes a simulated producer: plain values that a form, a scenario file and
/// the engine share. Sources of the defaults: facts/scaling-and-pricing.md 8, facts/clients.md 1
/// and 2.
namespace shardscope {

enum class ProducerKind { Iot, Clickstream, ServerLogs, Custom, Trace };
[[nodiscard]] const char*
kindText(ProducerKind kind); ///< `iot clickstream serverLogs custom trace`

/// How the rate moves around `recordsPerSecond` over time.
struct RateSpec {
    double recordsPerSecond = 100; ///< mean of first tries, user records; >= 0
    enum class Curve {
        Constant,
        Daily, ///< sinusoid over 24 h, peak/mean 1.65, trough:peak 1:3.5
        TwoHumps, ///< rush hours 7–9 and 16–18
        Ramp, ///< linear from recordsPerSecond to rampTo over rampDuration, then stays
        Steps, ///< `steps`: each factor holds from its time on
    };
    Curve curve = Curve::Constant;
    double rampTo = 0; ///< records/s
    SimDuration rampDuration;
    struct Step {
        SimDuration at; ///< since the producer's start
        double factor = 1; ///< of recordsPerSecond
        SimDuration over; ///< reached linearly over this long; 0 = at once
        friend bool operator==(const Step&, const Step&) = default;
    };
    std::vector<Step> steps;
    /// How arrivals lie inside the second.
    enum class Spread {
        Even, ///< fixed spacing
        Poisson, ///< independent arrivals
        Aligned, ///< all of a period at its start (`period`): the thundering herd
        MicroBursts, ///< the whole second's records inside its first `burstWidth`
    };
    Spread spread = Spread::Even;
    SimDuration period = SimDuration::seconds(1); ///< of Aligned and MicroBursts
    SimDuration burstWidth = SimDuration::millis(100);
    friend bool operator==(const RateSpec&, const RateSpec&) = default;
};

/// Bytes of one record's data (without its key).
struct SizeSpec {
    enum class Shape { Fixed, Uniform, LogNormal };
    Shape shape = Shape::Fixed;
    double bytes = 1024; ///< Fixed: the size; Uniform: the mean; LogNormal: the median
    double spread = 0; ///< Uniform: ± this many bytes; LogNormal: the 99th percentile in bytes
    friend bool operator==(const SizeSpec&, const SizeSpec&) = default;
};

/// Which partition key a record carries.
struct KeySpec {
    enum class Shape {
        Constant, ///< `prefix` itself, always
        Uniform, ///< `prefix` + number, `count` of them, all equally likely
        Zipf, ///< the same keys by rank^-exponent
        HotShare, ///< `hotKey` with probability `hotShare`, otherwise Uniform
        Random, ///< a new UUID-like key for every record
        Timestamp, ///< the arrival millisecond: everything of one moment on one shard
    };
    Shape shape = Shape::Uniform;
    std::string prefix = "key-";
    std::int64_t count = 1000; ///< distinct keys, 1 … 100,000,000
    double exponent = 0.8; ///< Zipf
    std::string hotKey;
    double hotShare = 0; ///< 0 … 1
    /// Appended as `#0` … `#k-1` at random: a hot key salted over k keys. 1 = off.
    std::int64_t salt = 1;
    friend bool operator==(const KeySpec&, const KeySpec&) = default;
};

/// How the client library behaves towards the service.
struct ClientSpec {
    enum class Api { PutRecord, PutRecords, Kpl, Agent };
    Api api = Api::PutRecords;
    std::int64_t batchRecords = 500; ///< 1 … 500
    Bytes batchBytes = 5_MiB; ///< up to 10 MiB
    SimDuration linger = SimDuration::millis(100); ///< longest wait for a batch to fill
    std::int64_t inFlight = 50; ///< calls under way at once; more wait. Per lane (Producer)
    SimDuration callTime = SimDuration::millis(10); ///< from sending to answer
    enum class Retry {
        None, ///< a refused record is dropped
        Immediate, ///< again with the next call: the retry storm
        Legacy, ///< base 1 s, 5 attempts (botocore before 1.44)
        Standard2025, ///< base 500 ms, 3 attempts
        Standard2026, ///< base 1000 ms for throttling, 3 attempts
        Agent, ///< 100 ms doubling to 10 s ± 30 %, never gives up
        Kpl, ///< at once until the record's time to live has passed
    };
    Retry retry = Retry::Standard2026;
    std::int64_t attemptsMost = 0; ///< 0: the profile's own number
    SimDuration timeToLive = SimDuration::seconds(30); ///< KPL RecordTtl
    Bytes aggregationBytes = 51'200; ///< KPL AggregationMaxSize
    bool aggregation = true; ///< KPL AggregationEnabled
    double rateLimitPercent = 150; ///< KPL RateLimit, of a shard's limit
    friend bool operator==(const ClientSpec&, const ClientSpec&) = default;
};

struct ProducerSpec {
    std::string name; ///< unique in its world
    ProducerKind kind = ProducerKind::Custom;
    RateSpec rate;
    SizeSpec size;
    KeySpec keys;
    ClientSpec client;
    SimDuration startAfter; ///< since the run's start
    std::string tracePath; ///< Trace: CSV of time, key, size
    double traceSpeed = 1;
    /// Of the records, this share says in its data that it was made up to `lateBy` before it arrives,
    /// as from devices without a network for a while. 0 … 1
    double lateShare = 0;
    SimDuration lateBy; ///< at most; evenly drawn
    bool paused = false;
    friend bool operator==(const ProducerSpec&, const ProducerSpec&) = default;
};

/// A preset with the facts' shape for its kind: IoT fleet, clickstream, server logs, custom.
[[nodiscard]] ProducerSpec producerPreset(ProducerKind kind, std::string name);

} // namespace shardscope
