#include "core/runtime/local_service.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/budgets.h"
#include "core/base/latest.h"
#include "core/runtime/baton.h"
#include "core/runtime/served_world.h"

namespace shardscope {
namespace {

using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// Messages of one turn: few enough that what is due by time is never late by much.
constexpr std::size_t kTurn = 64;
/// Snapshots are made while somebody has read one within this time.
constexpr auto kWatched = 2s;
/// Between two snapshots: thirty a second, and longer when one is costly.
constexpr auto kPublishEvery = 33ms;
constexpr int kPublishShare = 10; ///< at most one part in ten of the time goes into snapshots

/// The system's time, but never behind what has gone by since it was last asked: it goes on when
/// somebody sets the clock back.
class WallClock {
public:
    [[nodiscard]] SimTime now()
    {
        using std::chrono::duration_cast, std::chrono::microseconds;
        const auto steady = Steady::now();
        const auto wall = std::chrono::system_clock::now().time_since_epoch();
        const auto passed
            = SimDuration::micros(duration_cast<microseconds>(steady - m_steady).count());
        m_now = std::max(m_now + passed,
                         SimTime::fromMicros(duration_cast<microseconds>(wall).count()));
        m_steady = steady;
        return m_now;
    }

private:
    Steady::time_point m_steady = Steady::now();
    SimTime m_now;
};

/// What a request holds while it waits.
Bytes bytesOf(const ApiRequest& request)
{
    if (const auto* put = std::get_if<PutRecords>(&request))
        return static_cast<Bytes>(put->records.bytes.size());
    if (const auto* put = std::get_if<PutRecord>(&request))
        return static_cast<Bytes>(put->record.bytes.size());
    return 0;
}

} // namespace

struct LocalService::Impl {
    struct Call {
        ApiRequest request;
        Reply reply;
    };
    struct Opening {
        SubscribeToShard request;
        std::shared_ptr<SubscriptionSink> sink;
        Reply reply;
    };
    using Order = std::function<void()>; ///< runs with the baton held
    using Message = std::variant<Call, Opening, Order>;
    using Door = Baton<Message>;

    explicit Impl(Options given)
        : options(std::move(given))
        , world(options.service, now())
    {
        latest.write(world.snapshot());
        if (!options.byHand)
            keeper = std::thread([this] { keep(); });
    }
    ~Impl()
    {
        door.close();
        if (keeper.joinable())
            keeper.join();
    }

    // --- with the baton held --------------------------------------------------------------------
    [[nodiscard]] SimTime now() { return options.clock ? options.clock() : wallClock.now(); }
    void carryOut(Call& call) { call.reply(world.answer(call.request)); }
    void carryOut(Opening& opening)
    {
        opening.reply(world.subscribe(opening.request, std::move(opening.sink)));
    }
    static void carryOut(Order& order) { order(); }
    /// One turn: what is due, then the messages.
    void turn()
    {
        world.moveTo(now());
        for (Message& message : messages)
            std::visit([this](auto& m) { carryOut(m); }, message);
        messages.clear();
    }
    void publish() { latest.write(world.snapshot()); }
    void publishIfDue()
    {
        const auto at = Steady::now();
        if (at - readAt.load(std::memory_order_relaxed) > kWatched) {
            watched = false;
            return;
        }
        if (at < publishAt)
            return;
        publish();
        const auto took = Steady::now() - at;
        publishAt = at + std::max<Steady::duration>(kPublishEvery, took * kPublishShare);
    }
    /// When the keeper must be awake. Steady: it moves only when what is due moves.
    [[nodiscard]] Steady::time_point due()
    {
        const SimTime next = world.nextDue();
        if (next != dueSim) {
            dueSim = next;
            const std::int64_t wait = next == SimTime::max() ? 0 : (next - now()).inMicros();
            dueAt = next == SimTime::max() ? Steady::time_point::max()
                                           : Steady::now() + std::chrono::microseconds(wait);
        }
        return watched ? std::min(dueAt, publishAt) : dueAt;
    }

    // --- who works ------------------------------------------------------------------------------
    void workIfTaken(Door::Put put)
    {
        if (put != Door::Put::Taken)
            return;
        std::size_t left = options.byHand ? std::numeric_limits<std::size_t>::max()
                                          : std::size_t {budgets::kRequestsOfACaller};
        while (left > 0) {
            if (!door.take(messages, std::min(left, kTurn), due()))
                return;
            left -= messages.size();
            turn();
        }
        door.giveToKeeper(due());
    }
    void order(Order order) { workIfTaken(door.putAlways(std::move(order))); }
    void keep()
    {
        while (door.keep()) {
            do {
                turn();
                publishIfDue();
            } while (door.take(messages, kTurn, due()));
        }
    }

    const Options options;
    Door door {std::size_t {budgets::kWaitingRequests}, budgets::kWaitingRequestBytes};
    Latest<ServedSnapshot> latest;
    std::atomic<Steady::time_point> readAt {Steady::time_point {}};
    std::atomic<bool> watched {false}; ///< snapshots are being made

    // The holder's alone.
    WallClock wallClock;
    ServedWorld world;
    std::vector<Message> messages; ///< of the turn
    SimTime dueSim;
    Steady::time_point dueAt, publishAt;

    std::thread keeper; ///< last: everything it uses is there before and goes after it
};

Result<std::unique_ptr<LocalService>> LocalService::open(Options options)
{
    return std::unique_ptr<LocalService>(
        new LocalService(std::make_unique<Impl>(std::move(options))));
}

LocalService::LocalService(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}

LocalService::~LocalService() = default;

bool LocalService::submit(ApiRequest request, Reply reply)
{
    const Bytes bytes = bytesOf(request);
    const auto put = m_impl->door.put(Impl::Call {std::move(request), std::move(reply)}, bytes);
    m_impl->workIfTaken(put);
    return put != Impl::Door::Put::Refused;
}

bool LocalService::subscribe(SubscribeToShard request, std::shared_ptr<SubscriptionSink> sink,
                             Reply reply)
{
    const auto put = m_impl->door.put(
        Impl::Opening {std::move(request), std::move(sink), std::move(reply)}, 0);
    m_impl->workIfTaken(put);
    return put != Impl::Door::Put::Refused;
}

endpoint::Backend LocalService::backend()
{
    return {
        .submit = [this](ApiRequest request,
                         Reply reply) { return submit(std::move(request), std::move(reply)); },
        .subscribe =
            [this](SubscribeToShard request, std::shared_ptr<SubscriptionSink> sink, Reply reply) {
                return subscribe(std::move(request), std::move(sink), std::move(reply));
            },
    };
}

void LocalService::watch(const std::string& streamName)
{
    m_impl->order([this, streamName] { m_impl->world.watch(streamName); });
}

void LocalService::setTimings(const ServiceTimings& timings)
{
    m_impl->order([this, timings] { m_impl->world.setTimings(timings); });
}

void LocalService::setAccountLimits(const AccountLimits& limits)
{
    m_impl->order([this, limits] { m_impl->world.setAccountLimits(limits); });
}

void LocalService::setThrottling(const ThrottlingSwitches& switches)
{
    m_impl->order([this, switches] { m_impl->world.setThrottling(switches); });
}

std::shared_ptr<const ServedSnapshot> LocalService::snapshot() const
{
    m_impl->readAt.store(Steady::now(), std::memory_order_relaxed);
    if (!m_impl->options.byHand && !m_impl->watched.exchange(true))
        m_impl->door.call();
    return m_impl->latest.read();
}

void LocalService::work()
{
    m_impl->order([this] { m_impl->publish(); });
}

Result<void> LocalService::flush()
{
    return {};
}

} // namespace shardscope
