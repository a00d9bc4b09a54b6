#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/consumers/event_source.h"
#include "core/consumers/lambda_state.h"
#include "core/engine/service.h"

/// The documents that Lambda and its functions exchange (facts/clients.md 4.2, 4.3).
namespace shardscope {

/// Bytes that a record of so many bytes of data and key is in an event, about.
[[nodiscard]] constexpr std::int64_t eventBytesOf(std::uint32_t bytes)
{
    return std::int64_t {bytes} / 3 * 4 + 480;
}
/// The largest event: 6 MiB.
inline constexpr std::int64_t kEventBytesMost = 6 * 1'024 * 1'024;

/// The most that a tumbling window's state may have: 1 MiB.
inline constexpr std::size_t kWindowStateMost = 1'024 * 1'024;

[[nodiscard]] EventSource eventSource(const Service& service, ShardSlot shard,
                                      std::string sourceArn);

/// What a call of a tumbling window says beside its records.
struct WindowCall {
    std::int64_t beginMs = 0, endMs = 0;
    std::string_view state; ///< JSON
    bool last = false; ///< isFinalInvokeForWindow
    bool early = false; ///< isWindowTerminatedEarly
};
/// The event of these records of one shard, ascending positions; `window` may be null.
[[nodiscard]] std::string lambdaEvent(const Service& service, const Stream& stream, ShardSlot shard,
                                      const EventSource& source,
                                      const std::vector<std::uint64_t>& positions,
                                      const WindowCall* window = nullptr);
/// The state in a function's answer, an object as it is written there. Errors: BadInput when there
/// is none, which fails the call.
[[nodiscard]] Result<std::string> windowState(std::string_view payload);

/// What the on-failure destination gets, with the event it was about.
[[nodiscard]] std::string failureDocument(const LambdaState::Failure& failure,
                                          std::string_view requestId, std::string_view function,
                                          const Service& service, const Stream& stream,
                                          std::int64_t firstArrivalMs, std::int64_t lastArrivalMs,
                                          std::string_view event);
/// The key under which it lies: aws/lambda/<mapping>/<shard>/YYYY/MM/DD/…
[[nodiscard]] std::string failureKey(const LambdaState::Failure& failure,
                                     std::string_view mappingId, std::string_view uuid);

/// A UUID of version 4 out of 128 bits of chance.
[[nodiscard]] std::string uuidText(std::uint64_t high, std::uint64_t low);

/// A function's answer with ReportBatchItemFailures on.
struct ItemFailures {
    enum class Kind { None, From, All } kind = Kind::None;
    std::uint64_t position = 0; ///< From: of the first record to try again
    std::string why; ///< All: one sentence
};
/// `positions`: of the batch, ascending.
[[nodiscard]] ItemFailures itemFailures(std::string_view payload, ShardSlot shard,
                                        const std::vector<std::uint64_t>& positions);
/// The error's type and message out of a failed function's answer, for people.
[[nodiscard]] std::string functionErrorText(std::string_view payload);

} // namespace shardscope
