#include "core/consumers/lease_table.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

namespace shardscope {
namespace {

/// reBalanceThresholdPercentage and dampeningPercentage of 3.x.
constexpr double kThreshold = 0.10;
constexpr double kDampening = 0.60;

void shuffle(std::vector<std::size_t>& places, CounterRng chance)
{
    for (std::size_t i = places.size(); i > 1; --i)
        std::swap(places[i - 1], places[chance.below(i, i)]);
}

} // namespace

const char* whyText(KclState::Move::Why why)
{
    switch (why) {
    case KclState::Move::Why::Taken:
        return "taken";
    case KclState::Move::Why::Expired:
        return "expired";
    case KclState::Move::Why::Stolen:
        return "stolen";
    case KclState::Move::Why::HandedOver:
        return "handedOver";
    }
    return "";
}

std::vector<std::size_t> planTakes(std::span<const Lease> leases, int worker, SimTime now,
                                   SimDuration failover, std::int64_t stealMost, CounterRng chance)
{
    int highest = worker;
    for (const Lease& lease : leases)
        highest = std::max(highest, lease.owner);
    std::vector<std::int64_t> held(static_cast<std::size_t>(highest) + 1);
    std::vector<std::size_t> free;
    std::int64_t all = 0;
    for (std::size_t i = 0; i < leases.size(); ++i) {
        if (leases[i].ended)
            continue;
        ++all;
        if (leases[i].expired(now, failover))
            free.push_back(i);
        else
            ++held[static_cast<std::size_t>(leases[i].owner)];
    }
    std::int64_t workers = 0;
    for (std::size_t w = 0; w < held.size(); ++w)
        workers += held[w] > 0 || static_cast<int>(w) == worker ? 1 : 0;
    const std::int64_t target = workers >= all ? 1 : (all + workers - 1) / workers;
    const std::int64_t need = target - held[static_cast<std::size_t>(worker)];
    if (need <= 0)
        return {};
    if (!free.empty()) {
        shuffle(free, chance);
        free.resize(std::min(free.size(), static_cast<std::size_t>(need)));
        return free;
    }
    const auto most = std::max_element(held.begin(), held.end());
    const std::int64_t surplus = *most - target;
    const std::int64_t wanted
        = surplus > 0 ? std::min(need, surplus) : (need > 1 && surplus == 0 ? 1 : 0);
    std::vector<std::size_t> theirs;
    for (std::size_t i = 0; i < leases.size(); ++i)
        if (!leases[i].ended && leases[i].owner == static_cast<int>(most - held.begin()))
            theirs.push_back(i);
    shuffle(theirs, chance);
    theirs.resize(std::min(theirs.size(), static_cast<std::size_t>(std::min(wanted, stealMost))));
    return theirs;
}

std::vector<Assignment> planAssignments(std::span<const Lease> leases, std::span<const bool> up,
                                        SimTime now, SimDuration failover, bool rebalance)
{
    struct Load {
        double kib = 0;
        std::int64_t leases = 0;
    };
    std::vector<Load> loads(up.size());
    const auto workers = static_cast<double>(std::count(up.begin(), up.end(), true));
    if (workers == 0)
        return {};
    const auto add = [&](int worker, double kib, std::int64_t count) {
        Load& load = loads[static_cast<std::size_t>(worker)];
        load.kib += kib;
        load.leases += count;
    };
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < leases.size(); ++i) {
        if (leases[i].ended)
            continue;
        if (leases[i].expired(now, failover))
            free.push_back(i);
        else
            add(leases[i].owner, leases[i].kibPerSecond, 1);
    }
    std::stable_sort(free.begin(), free.end(), [&](std::size_t a, std::size_t b) {
        return leases[a].movedAt < leases[b].movedAt;
    });
    // Equal throughput, as before anything was measured, means an even share.
    const auto roomiest = [&] {
        int best = KclState::kNobody;
        for (std::size_t w = 0; w < loads.size(); ++w) {
            if (!up[w])
                continue;
            const auto key
                = [&](std::size_t i) { return std::pair(loads[i].kib, loads[i].leases); };
            if (best == KclState::kNobody || key(w) < key(static_cast<std::size_t>(best)))
                best = static_cast<int>(w);
        }
        return best;
    };
    std::vector<Assignment> plan;
    for (const std::size_t i : free) {
        const int to = roomiest();
        plan.push_back({i, to});
        add(to, leases[i].kibPerSecond, 1);
    }
    if (!rebalance)
        return plan;
    const double mean = std::accumulate(loads.begin(), loads.end(), 0.0,
                                        [](double sum, const Load& load) { return sum + load.kib; })
        / workers;
    for (std::size_t w = 0; w < loads.size(); ++w) {
        if (!up[w] || loads[w].kib <= mean * (1 + kThreshold) || loads[w].leases < 2)
            continue;
        double toMove = (loads[w].kib - mean) * kDampening;
        std::vector<std::size_t> own;
        for (std::size_t i = 0; i < leases.size(); ++i)
            if (!leases[i].ended && leases[i].owner == static_cast<int>(w)
                && !leases[i].expired(now, failover)
                && leases[i].checkpointOwner == KclState::kNobody)
                own.push_back(i);
        std::stable_sort(own.begin(), own.end(), [&](std::size_t a, std::size_t b) {
            return leases[a].kibPerSecond < leases[b].kibPerSecond;
        });
        for (const std::size_t i : own) {
            const int to = roomiest();
            if (toMove <= 0 || to == static_cast<int>(w) || loads[w].leases < 2)
                break;
            // A lease that would only change places with its load helps nobody.
            if (loads[static_cast<std::size_t>(to)].kib + leases[i].kibPerSecond >= loads[w].kib)
                break;
            plan.push_back({i, to});
            add(to, leases[i].kibPerSecond, 1);
            add(static_cast<int>(w), -leases[i].kibPerSecond, -1);
            toMove -= leases[i].kibPerSecond;
        }
    }
    return plan;
}

} // namespace shardscope
