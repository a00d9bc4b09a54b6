#include "core/scenario/words.h"

namespace shardscope {

const Words<StreamMode>& wordsOf(StreamMode)
{
    static const Words<StreamMode> words {{StreamMode::Provisioned, "provisioned"},
                                          {StreamMode::OnDemand, "onDemand"}};
    return words;
}

const Words<ShardLevelMetric>& wordsOf(ShardLevelMetric)
{
    using M = ShardLevelMetric;
    static const Words<M> words {
        {M::IncomingBytes, "IncomingBytes"},
        {M::IncomingRecords, "IncomingRecords"},
        {M::OutgoingBytes, "OutgoingBytes"},
        {M::OutgoingRecords, "OutgoingRecords"},
        {M::WriteProvisionedThroughputExceeded, "WriteProvisionedThroughputExceeded"},
        {M::ReadProvisionedThroughputExceeded, "ReadProvisionedThroughputExceeded"},
        {M::IteratorAgeMilliseconds, "IteratorAgeMilliseconds"}};
    return words;
}

const Words<ProducerKind>& wordsOf(ProducerKind)
{
    using K = ProducerKind;
    static const Words<K> words {{K::Iot, "iot"},
                                 {K::Clickstream, "clickstream"},
                                 {K::ServerLogs, "serverLogs"},
                                 {K::Custom, "custom"},
                                 {K::Trace, "trace"}};
    return words;
}

const Words<RateSpec::Curve>& wordsOf(RateSpec::Curve)
{
    using C = RateSpec::Curve;
    static const Words<C> words {{C::Constant, "constant"},
                                 {C::Daily, "daily"},
                                 {C::TwoHumps, "twoHumps"},
                                 {C::Ramp, "ramp"},
                                 {C::Steps, "steps"}};
    return words;
}

const Words<RateSpec::Spread>& wordsOf(RateSpec::Spread)
{
    using S = RateSpec::Spread;
    static const Words<S> words {{S::Even, "even"},
                                 {S::Poisson, "poisson"},
                                 {S::Aligned, "aligned"},
                                 {S::MicroBursts, "microBursts"}};
    return words;
}

const Words<SizeSpec::Shape>& wordsOf(SizeSpec::Shape)
{
    using S = SizeSpec::Shape;
    static const Words<S> words {
        {S::Fixed, "fixed"}, {S::Uniform, "uniform"}, {S::LogNormal, "logNormal"}};
    return words;
}

const Words<KeySpec::Shape>& wordsOf(KeySpec::Shape)
{
    using S = KeySpec::Shape;
    static const Words<S> words {{S::Constant, "constant"}, {S::Uniform, "uniform"},
                                 {S::Zipf, "zipf"},         {S::HotShare, "hotShare"},
                                 {S::Random, "random"},     {S::Timestamp, "timestamp"}};
    return words;
}

const Words<ClientSpec::Api>& wordsOf(ClientSpec::Api)
{
    using A = ClientSpec::Api;
    static const Words<A> words {{A::PutRecord, "putRecord"},
                                 {A::PutRecords, "putRecords"},
                                 {A::Kpl, "kpl"},
                                 {A::Agent, "agent"}};
    return words;
}

const Words<ClientSpec::Retry>& wordsOf(ClientSpec::Retry)
{
    using R = ClientSpec::Retry;
    static const Words<R> words {{R::None, "none"},
                                 {R::Immediate, "immediate"},
                                 {R::Legacy, "legacy"},
                                 {R::Standard2025, "standard2025"},
                                 {R::Standard2026, "standard2026"},
                                 {R::Agent, "agent"},
                                 {R::Kpl, "kpl"}};
    return words;
}

const Words<ConsumerKind>& wordsOf(ConsumerKind)
{
    static const Words<ConsumerKind> words {
        {ConsumerKind::Polling, "polling"},     {ConsumerKind::FanOut, "fanOut"},
        {ConsumerKind::Analytics, "analytics"}, {ConsumerKind::Kcl, "kcl"},
        {ConsumerKind::Lambda, "lambda"},       {ConsumerKind::Firehose, "firehose"}};
    return words;
}

const Words<AnalyticsSpec::Query>& wordsOf(AnalyticsSpec::Query)
{
    using Q = AnalyticsSpec::Query;
    static const Words<Q> words {{Q::Own, "own"},
                                 {Q::DeviceAverage, "deviceAverage"},
                                 {Q::MissingHeartbeat, "missingHeartbeat"},
                                 {Q::Sessions, "sessions"},
                                 {Q::Funnel, "funnel"},
                                 {Q::TopPages, "topPages"},
                                 {Q::ErrorRate, "errorRate"}};
    return words;
}

const Words<AnalyticsSpec::Aggregate>& wordsOf(AnalyticsSpec::Aggregate)
{
    using A = AnalyticsSpec::Aggregate;
    static const Words<A> words {{A::Count, "count"}, {A::Sum, "sum"},
                                 {A::Average, "avg"}, {A::Minimum, "min"},
                                 {A::Maximum, "max"}, {A::Percentile, "percentile"},
                                 {A::Share, "share"}, {A::TopK, "topK"}};
    return words;
}

const Words<AnalyticsSpec::Window>& wordsOf(AnalyticsSpec::Window)
{
    using W = AnalyticsSpec::Window;
    static const Words<W> words {
        {W::Tumbling, "tumbling"}, {W::Sliding, "sliding"}, {W::Session, "session"}};
    return words;
}

const Words<AnalyticsSpec::Time>& wordsOf(AnalyticsSpec::Time)
{
    using T = AnalyticsSpec::Time;
    static const Words<T> words {{T::Event, "event"}, {T::Processing, "processing"}};
    return words;
}

const Words<StartPosition>& wordsOf(StartPosition)
{
    static const Words<StartPosition> words {{StartPosition::TrimHorizon, "trimHorizon"},
                                             {StartPosition::Latest, "latest"}};
    return words;
}

const Words<FirehoseSpec::Compression>& wordsOf(FirehoseSpec::Compression)
{
    using C = FirehoseSpec::Compression;
    static const Words<C> words {{C::None, "none"}, {C::Gzip, "gzip"}, {C::Zstd, "zstd"}};
    return words;
}

const Words<KclSpec::Version>& wordsOf(KclSpec::Version)
{
    using V = KclSpec::Version;
    static const Words<V> words {{V::V1, "1.x"}, {V::V2, "2.x"}, {V::V3, "3.x"}};
    return words;
}

const Words<KclSpec::Retrieval>& wordsOf(KclSpec::Retrieval)
{
    using R = KclSpec::Retrieval;
    static const Words<R> words {
        {R::VersionDefault, "versionDefault"}, {R::Polling, "polling"}, {R::FanOut, "fanOut"}};
    return words;
}

const Words<ReplayPoint::Kind>& wordsOf(ReplayPoint::Kind)
{
    using K = ReplayPoint::Kind;
    static const Words<K> words {{K::TrimHorizon, "trimHorizon"},
                                 {K::Latest, "latest"},
                                 {K::Time, "time"},
                                 {K::SequenceNumber, "sequenceNumber"}};
    return words;
}

const Words<ScalingPolicySpec::Design>& wordsOf(ScalingPolicySpec::Design)
{
    using D = ScalingPolicySpec::Design;
    static const Words<D> words {{D::ScalingUtils, "scalingUtils"},
                                 {D::AlarmLambda, "alarmLambda"},
                                 {D::ApplicationAutoScaling, "applicationAutoScaling"}};
    return words;
}

} // namespace shardscope
