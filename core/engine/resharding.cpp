#include "core/engine/resharding.h"

#include <algorithm>
#include <deque>

#include "core/base/check.h"

namespace shardscope {
namespace {

struct Piece {
    HashKeyRange range;
    ShardSlot slot;
    int level = 0;
};

/// Writes steps down and gives out slots as the stream will.
class Planner {
public:
    Planner(std::size_t open, ShardSlot nextSlot)
        : m_next(nextSlot.value)
        , m_open(static_cast<std::int64_t>(open))
    {
        m_plan.openBefore = m_plan.openAfter = m_plan.openMost = m_open;
    }

    std::pair<Piece, Piece> split(const Piece& piece, HashKey cut)
    {
        const int level = piece.level + 1;
        m_plan.steps.push_back({ReshardStep::Kind::Split, piece.slot, {}, cut, level});
        count(1, level);
        const Piece low {{piece.range.start, HashKey {cut.value - 1}}, take(), level};
        const Piece high {{cut, piece.range.end}, take(), level};
        return {low, high};
    }

    Piece merge(const Piece& low, const Piece& high)
    {
        const int level = std::max(low.level, high.level) + 1;
        m_plan.steps.push_back({ReshardStep::Kind::Merge, low.slot, high.slot, {}, level});
        count(-1, level);
        return {{low.range.start, high.range.end}, take(), level};
    }

    [[nodiscard]] std::int64_t open() const { return m_open; }
    [[nodiscard]] ReshardPlan take() &&
    {
        m_plan.openAfter = m_open;
        return std::move(m_plan);
    }

private:
    ShardSlot take() & { return ShardSlot {m_next++}; }
    void count(int change, int level)
    {
        m_open += change;
        m_plan.openMost = std::max(m_plan.openMost, m_open);
        m_plan.levels = std::max(m_plan.levels, level);
    }

    ReshardPlan m_plan;
    std::uint32_t m_next;
    std::int64_t m_open;
};

std::vector<Piece> piecesOf(std::span<const ShardMap::Entry> open)
{
    std::vector<Piece> pieces;
    pieces.reserve(open.size());
    for (const ShardMap::Entry& e : open)
        pieces.push_back({e.range, e.slot, 0});
    return pieces;
}

/// The widths of ranges are compared by their upper halves: the halves of an odd range differ by
/// one key and count as equals.
std::uint64_t widthOf(const HashKeyRange& range)
{
    return HashKey {range.end.value - range.start.value}.high();
}

} // namespace

ReshardPlan planUniform(std::span<const ShardMap::Entry> open, ShardSlot nextSlot,
                        std::int64_t target)
{
    SHARDSCOPE_CHECK(target >= 1 && target <= UINT32_MAX && !open.empty());
    constexpr U128 tolerance = U128 {1} << 64;
    Planner planner(open.size(), nextSlot);
    const std::vector<Piece> pieces = piecesOf(open);
    std::deque<Piece> ahead(pieces.begin(), pieces.end());
    const auto ranges = static_cast<std::uint32_t>(target);
    for (std::uint32_t i = 0; i < ranges && !ahead.empty(); ++i) {
        const U128 boundary = evenRange(i, ranges).end.value;
        const bool last = i + 1 == ranges;
        std::vector<Piece> inside;
        while (!ahead.empty() && (last || ahead.front().range.start.value < boundary)) {
            const Piece piece = ahead.front();
            const U128 end = piece.range.end.value;
            if (!last && end > boundary && end - boundary > tolerance) {
                const auto [low, high] = planner.split(piece, HashKey {boundary + 1});
                inside.push_back(low);
                ahead.front() = high;
                break;
            }
            inside.push_back(piece);
            ahead.pop_front();
            if (!last && end + tolerance >= boundary && end <= boundary)
                break;
        }
        for (std::size_t k = 1; k < inside.size(); ++k)
            inside.front() = planner.merge(inside.front(), inside[k]);
    }
    return std::move(planner).take();
}

ReshardPlan planHalving(std::span<const ShardMap::Entry> open, ShardSlot nextSlot,
                        std::int64_t target)
{
    Planner planner(open.size(), nextSlot);
    std::vector<Piece> pieces = piecesOf(open);
    while (planner.open() < target) {
        // One round: the widest of those there are, each once.
        std::vector<std::size_t> order(pieces.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return widthOf(pieces[a].range) > widthOf(pieces[b].range);
        });
        const auto wanted = static_cast<std::size_t>(target - planner.open());
        std::vector<bool> chosen(pieces.size(), false);
        std::size_t count = 0;
        for (const std::size_t i : order) {
            // Halving something narrower than what a halved one leaves would not be the widest.
            if (count == wanted
                || (count > 0 && widthOf(pieces[i].range) < widthOf(pieces[order[0]].range) / 2))
                break;
            if (!canSplitAt(pieces[i].range, pieces[i].range.middle()))
                break;
            chosen[i] = true;
            ++count;
        }
        if (count == 0)
            break; // nothing left that can be halved
        std::vector<Piece> after;
        after.reserve(pieces.size() + count);
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            if (!chosen[i]) {
                after.push_back(pieces[i]);
                continue;
            }
            const auto [low, high] = planner.split(pieces[i], pieces[i].range.middle());
            after.push_back(low);
            after.push_back(high);
        }
        pieces = std::move(after);
    }
    return std::move(planner).take();
}

ReshardPlan planJoining(std::span<const ShardMap::Entry> open, ShardSlot nextSlot,
                        std::int64_t target)
{
    Planner planner(open.size(), nextSlot);
    std::vector<Piece> pieces = piecesOf(open);
    while (planner.open() > std::max<std::int64_t>(target, 1)) {
        const auto together = [&](std::size_t i) {
            return widthOf({pieces[i].range.start, pieces[i + 1].range.end});
        };
        std::vector<std::size_t> order(pieces.size() - 1);
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return together(a) < together(b); });
        const auto wanted = static_cast<std::size_t>(planner.open() - target);
        std::vector<bool> used(pieces.size(), false), chosen(pieces.size(), false);
        std::size_t count = 0;
        for (const std::size_t i : order) {
            if (count == wanted)
                break;
            if (used[i] || used[i + 1])
                continue;
            used[i] = used[i + 1] = chosen[i] = true;
            ++count;
        }
        std::vector<Piece> after;
        after.reserve(pieces.size() - count);
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            if (!chosen[i]) {
                after.push_back(pieces[i]);
                continue;
            }
            after.push_back(planner.merge(pieces[i], pieces[i + 1]));
            ++i;
        }
        pieces = std::move(after);
    }
    return std::move(planner).take();
}

bool canSplitAt(const HashKeyRange& range, HashKey cut)
{
    return cut.value > range.start.value && cut.value - range.start.value > 1
        && cut.value < range.end.value;
}

} // namespace shardscope
