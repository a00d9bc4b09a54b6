#pragma once

#include <cstdint>
#include <future>
#include <map>
#include <string>

#include "core/base/rng.h"
#include "core/storage/log_folder.h"

/// Records that can be told from their number, for tests of what comes back.
namespace shardscope::records {

inline std::string keyOf(std::uint64_t number)
{
    return "partition-key-" + std::to_string(number);
}

inline std::string dataOf(std::uint64_t number, std::size_t size)
{
    std::string bytes = "plain text of record " + std::to_string(number) + '.';
    bytes.resize(size);
    for (std::size_t i = std::min<std::size_t>(size, 32); i < size; ++i)
        bytes[i] = static_cast<char>(mix64(number + i / 8) >> (i % 8 * 8));
    return bytes;
}

inline std::uint64_t hashOf(std::uint64_t number)
{
    return mix64(~number);
}

inline std::uint64_t add(RecordLog& log, std::uint64_t number, std::size_t size,
                         std::int64_t arrivalMs = 1'000)
{
    return log.append({.position = number, .arrivalMs = arrivalMs, .hashHigh = hashOf(number)},
                      keyOf(number), dataOf(number, size));
}

/// Whether add() wrote what stands at `place`.
inline bool holds(const RecordLog& log, std::uint64_t place, std::uint64_t number, std::size_t size)
{
    RecordLog::View view;
    return log.read(place, view) && view.head.position == number
        && view.head.hashHigh == hashOf(number) && view.key == keyOf(number)
        && view.data == dataOf(number, size);
}

/// Commits and waits for the answer.
inline Result<void> commit(LogFolder& folder)
{
    std::promise<Result<void>> answer;
    folder.commit([&answer](Result<void> outcome) { answer.set_value(std::move(outcome)); });
    return answer.get_future().get();
}

/// What recovery found: place by number.
struct Recovered {
    RecordLog log;
    std::vector<StoreFinding> findings;
    std::map<std::uint64_t, std::uint64_t> places;
    std::vector<std::uint64_t> numbers; ///< in the order in which they were heard
};

inline Result<Recovered> recover(LogFolder& folder, std::uint64_t id,
                                 const LogFolder::KeyOf& keyOf = {})
{
    Recovered all;
    auto outcome = folder.recover(id, keyOf, [&](std::uint64_t place, const LogRecordHead& head) {
        all.places[head.position] = place;
        all.numbers.push_back(head.position);
    });
    if (!outcome)
        return tl::unexpected(outcome.error());
    all.log = std::move(outcome->log);
    all.findings = std::move(outcome->findings);
    return all;
}

} // namespace shardscope::records
