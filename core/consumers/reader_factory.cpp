#include "core/consumers/custom_reader.h"

namespace shardscope {

const char* kindText(ConsumerKind kind)
{
    switch (kind) {
    case ConsumerKind::Polling:
        return "polling";
    case ConsumerKind::FanOut:
        return "fanOut";
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
    }
    return std::make_unique<CustomReader>(slot, spec, seed, runStart);
}

} // namespace shardscope
