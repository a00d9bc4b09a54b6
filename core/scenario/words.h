#pragma once

#include <string>
#include <vector>

#include "core/scenario/scenario.h"

/// The words that scenario files use for closed sets, each set in one table.
namespace shardscope {

template <typename E> struct Word {
    E value;
    const char* word;
};
template <typename E> using Words = std::vector<Word<E>>;

[[nodiscard]] const Words<StreamMode>& wordsOf(StreamMode);
[[nodiscard]] const Words<ShardLevelMetric>& wordsOf(ShardLevelMetric);
[[nodiscard]] const Words<ProducerKind>& wordsOf(ProducerKind);
[[nodiscard]] const Words<RateSpec::Curve>& wordsOf(RateSpec::Curve);
[[nodiscard]] const Words<RateSpec::Spread>& wordsOf(RateSpec::Spread);
[[nodiscard]] const Words<SizeSpec::Shape>& wordsOf(SizeSpec::Shape);
[[nodiscard]] const Words<KeySpec::Shape>& wordsOf(KeySpec::Shape);
[[nodiscard]] const Words<ClientSpec::Api>& wordsOf(ClientSpec::Api);
[[nodiscard]] const Words<ClientSpec::Retry>& wordsOf(ClientSpec::Retry);
[[nodiscard]] const Words<ConsumerKind>& wordsOf(ConsumerKind);
[[nodiscard]] const Words<AnalyticsSpec::Query>& wordsOf(AnalyticsSpec::Query);
[[nodiscard]] const Words<AnalyticsSpec::Aggregate>& wordsOf(AnalyticsSpec::Aggregate);
[[nodiscard]] const Words<AnalyticsSpec::Window>& wordsOf(AnalyticsSpec::Window);
[[nodiscard]] const Words<AnalyticsSpec::Time>& wordsOf(AnalyticsSpec::Time);
[[nodiscard]] const Words<StartPosition>& wordsOf(StartPosition);
[[nodiscard]] const Words<FirehoseSpec::Compression>& wordsOf(FirehoseSpec::Compression);
[[nodiscard]] const Words<KclSpec::Version>& wordsOf(KclSpec::Version);
[[nodiscard]] const Words<KclSpec::Retrieval>& wordsOf(KclSpec::Retrieval);
[[nodiscard]] const Words<ReplayPoint::Kind>& wordsOf(ReplayPoint::Kind);
[[nodiscard]] const Words<ScalingPolicySpec::Design>& wordsOf(ScalingPolicySpec::Design);

template <typename E> [[nodiscard]] const char* wordOf(E value)
{
    for (const Word<E>& w : wordsOf(value))
        if (w.value == value)
            return w.word;
    return "";
}

} // namespace shardscope
