#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/rng.h"
#include "core/workload/producer_spec.h"

namespace shardscope {

/// What a payload is made of; everything follows from the record's number.
struct PayloadFacts {
    std::uint64_t number = 0;
    std::string_view key;
    std::int64_t createdMs = 0; ///< since 1970
    std::size_t bytes = 0; ///< the exact size wanted
    CounterRng chance; ///< the record's own draws
    CounterRng keyChance; ///< draws that stay the same for one key: its home, its model
};

/// A plausible record of this kind: one JSON object of exactly `bytes` bytes. As many fields as fit
/// are written, the most telling first; the rest is filled with readable words. Below the size of
/// the smallest object it is `{}`, `0` or nothing.
[[nodiscard]] std::string makePayload(ProducerKind kind, const PayloadFacts& facts);

/// Writes a JSON object of an exact size: fields that no longer fit are left out.
class SizedObject {
public:
    explicit SizedObject(std::size_t bytes);
    void text(std::string_view name, std::string_view value);
    void integer(std::string_view name, std::int64_t value);
    void decimal(std::string_view name, double value, int digits);
    /// Fills up with words under `fillName` and closes the object.
    [[nodiscard]] std::string finish(std::string_view fillName, const CounterRng& chance);

private:
    void field(std::string_view name, std::string_view written);
    std::size_t m_bytes;
    std::string m_text;
};

void writeTelemetry(SizedObject& out, const PayloadFacts& facts);
void writeClick(SizedObject& out, const PayloadFacts& facts);
void writeLogLine(SizedObject& out, const PayloadFacts& facts);

} // namespace shardscope
