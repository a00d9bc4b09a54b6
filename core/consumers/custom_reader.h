#pragma once

#include "core/consumers/reader.h"

namespace shardscope {

/// A reader with custom code: takes records of every shard, by GetRecords calls at its rate or by
/// enhanced fan-out, and gets through so many a second.
class CustomReader final : public Reader {
public:
    CustomReader(ConsumerSlot slot, const ConsumerSpec& spec, std::uint64_t seed, SimTime runStart);
    [[nodiscard]] std::unique_ptr<Reader> clone() const override;
    void change(const ConsumerSpec& spec, SimTime now) override;

private:
    [[nodiscard]] bool ready(ShardSlot shard, SimTime now) override;
    SimTime take(const Fetched& fetched) override;
};

} // namespace shardscope
