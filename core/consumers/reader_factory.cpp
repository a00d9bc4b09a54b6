#include "core/consumers/analytics_reader.h"
#include "core/consumers/custom_reader.h"
#include "core/consumers/firehose_reader.h"
#include "core/consumers/kcl_reader.h"
#include "core/consumers/lambda_reader.h"

namespace shardscope {

const char* kindText(ConsumerKind kind)
{
    switch (kind) {
    case ConsumerKind::Polling:
        return "polling";
    case ConsumerKind::FanOut:
        return "fanOut";
    case ConsumerKind::Analytics:
        return "analytics";
    case ConsumerKind::Kcl:
        return "kcl";
    case ConsumerKind::Lambda:
        return "lambda";
    case ConsumerKind::Firehose:
        return "firehose";
    }
    return "";
}

std::unique_ptr<Reader> makeReader(ConsumerSlot slot, const ConsumerSpec& spec, std::uint64_t seed,
                                   SimTime runStart)
{
    switch (spec.kind) {
    case ConsumerKind::Polling:
    case ConsumerKind::FanOut:
        break;
    case ConsumerKind::Analytics:
        return std::make_unique<AnalyticsReader>(slot, spec, seed, runStart);
    case ConsumerKind::Kcl:
        return std::make_unique<KclReader>(slot, spec, seed, runStart);
    case ConsumerKind::Lambda:
        return std::make_unique<LambdaReader>(slot, spec, seed, runStart);
    case ConsumerKind::Firehose:
        return std::make_unique<FirehoseReader>(slot, spec, seed, runStart);
    }
    return std::make_unique<CustomReader>(slot, spec, seed, runStart);
}

} // namespace shardscope
