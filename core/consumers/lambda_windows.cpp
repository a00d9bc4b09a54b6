#include "core/consumers/lambda_reader.h"

namespace shardscope {
namespace {

/// The first bytes of a text, whole characters only.
std::string beginningOf(const std::string& text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80)
        --most;
    return text.substr(0, most);
}

} // namespace

/// Opens the window of the lane's next record, or finds that the open one has come to its end.
/// Windows lie side by side from 1970 on.
void LambdaReader::tendWindow(const Shard& work, ShardSlot shard, Lane& lane, SimTime now)
{
    const std::int64_t sizeMs = m_spec.lambda.tumblingWindow.inMillis();
    if (sizeMs == 0 || lane.closing() || !lane.pieces.empty())
        return;
    if (!lane.window) {
        if (lane.size() == 0)
            return;
        const std::int64_t beginMs = lane.at(0).arrivalMs / sizeMs * sizeMs;
        lane.window = Window {.beginMs = beginMs, .endMs = beginMs + sizeMs};
        return;
    }
    Window& window = *lane.window;
    if (lane.size() > 0 && lane.at(0).arrivalMs < window.endMs)
        return;
    const bool nothingMore = lane.size() == 0 && work.fetched >= stream().latest(shard);
    if (isOver(window, work, now) && (work.fetchedMs >= window.endMs || nothingMore)) {
        window.closing = true;
    } else if (work.atEnd && lane.size() == 0) {
        window.closing = true;
        window.early = now.inMillis() < window.endMs;
    }
}

/// Whether records of the window cannot come any more, or are waited for no longer.
bool LambdaReader::isOver(const Window& window, const Shard& work, SimTime now)
{
    return work.fetchedMs >= window.endMs
        || now.inMillis() >= window.endMs + kWindowWaits.inMillis();
}

/// The call that is over passed with so many records: the next one goes on from its state. What is
/// too large ends the window: its last call still gets it.
void LambdaReader::keepState(Lane& lane, std::size_t records)
{
    if (!lane.window)
        return;
    Window& window = *lane.window;
    window.records += static_cast<std::int64_t>(records);
    window.state = m_spec.lambda.function.empty()
        ? "{\"records\": " + std::to_string(window.records) + '}'
        : std::move(lane.answered);
    if (window.state.size() > kWindowStateMost)
        window.closing = window.early = true;
}

/// Its last call passed.
void LambdaReader::closeWindow(ShardSlot shard, Lane& lane)
{
    const Window& window = *lane.window;
    ++m_seen.counts.windows;
    m_seen.counts.windowsEarly += window.early ? 1 : 0;
    m_seen.windows.push_back({
        .begin = SimTime::fromMillis(window.beginMs),
        .end = SimTime::fromMillis(window.endMs),
        .shard = shard,
        .lane = &lane - m_shards[shard.index()].lanes.data(),
        .records = window.records,
        .early = window.early,
        .state = beginningOf(window.state, LambdaState::kStateShown),
    });
    if (m_seen.windows.size() > LambdaState::kWindows)
        m_seen.windows.erase(m_seen.windows.begin());
    lane.window.reset();
}

/// Its last call is given up, and its state with it.
void LambdaReader::loseWindow(Lane& lane)
{
    ++m_seen.counts.windowsLost;
    lane.window.reset();
    lane.failures = 0;
}

} // namespace shardscope
