#include "core/runtime/local_service.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <limits>
#include <optional>
#include <thread>
#include <tuple>
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

bool liesIn(const std::string& folder, const std::string& other)
{
    const auto whole = [](const std::string& path) {
        std::error_code ignored;
        const auto resolved = std::filesystem::weakly_canonical(path, ignored);
        return ignored ? std::filesystem::absolute(path, ignored).lexically_normal() : resolved;
    };
    const auto relative = whole(folder).lexically_relative(whole(other));
    return !relative.empty() && *relative.begin() != "..";
}

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
        Steady::time_point since;
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
    {
    }
    ~Impl()
    {
        door.close();
        if (keeper.joinable())
            keeper.join();
        if (world && store)
            finish();
        if (world)
            world->finishDelivery();
        if (world && store)
            std::ignore = store->wait();
    }
    /// Everything that can fail.
    [[nodiscard]] Result<void> open()
    {
        PriceBook prices;
        if (!options.pricesJson.empty()) {
            auto read = parsePriceBook(options.pricesJson);
            if (!read)
                return tl::unexpected(std::move(read.error()));
            prices = std::move(*read);
        }
        if (options.store) {
            auto opened = ServedStore::open({.store = *options.store,
                                             .memoryBudget = options.service.memoryBudget,
                                             .accountId = options.service.accountId,
                                             .region = options.service.region,
                                             .wake = [this] { door.call(); }});
            if (!opened)
                return tl::unexpected(std::move(opened.error()));
            store = std::move(*opened);
        } else {
            keys = std::make_unique<KeyRing>(
                KeyRing::Options {options.service.accountId, options.service.region});
        }
        world.emplace(ServedWorld::Options {options.service, std::move(prices),
                                            store ? store->keys() : *keys, store.get(), channels()},
                      now());
        if (store) {
            if (auto done = world->restore(); !done)
                return done;
        }
        latest.write(world->snapshot());
        if (!options.byHand)
            keeper = std::thread([this] { keep(); });
        return {};
    }

    /// Where channels deliver, if anywhere.
    [[nodiscard]] std::optional<ChannelDelivery::Options> channels()
    {
        ChannelDelivery::Options where {.folder = options.channelFolder,
                                        .wake = [this] { door.call(); }};
        if (where.folder.empty() && !options.store)
            return std::nullopt;
        if (where.folder.empty())
            where.folder = options.store->folder + "/channels";
        where.encryptedToo = !options.store || !liesIn(where.folder, options.store->folder);
        return where;
    }

    // --- with the baton held
    // --------------------------------------------------------------------
    [[nodiscard]] SimTime now() { return options.clock ? options.clock() : wallClock.now(); }
    void carryOut(Call& call)
    {
        if (world->mustWait(call.request)) {
            park(std::move(call));
            return;
        }
        const std::chrono::duration<double, std::milli> waited = Steady::now() - call.since;
        auto answer = world->answer(call.request, waited.count());
        if (answer && world->restsOnDisk(call.request, *answer))
            held.push_back({std::move(call.reply), std::move(answer)});
        else
            call.reply(std::move(answer));
    }
    /// Until the catalog has what the records rest on: some milliseconds, unless the disk hangs.
    void park(Call call)
    {
        parkedBytes += bytesOf(call.request);
        if (parked.size() < std::size_t {budgets::kWaitingRequests}
            && parkedBytes <= budgets::kWaitingRequestBytes)
            parked.push_back(std::move(call));
        else
            call.reply(fail(ErrorCode::Busy, "Too many records wait for the disk; try again."));
    }
    void unpark()
    {
        if (!store || !store->takeSaved())
            return;
        parkedBytes = 0;
        for (Call& call : std::exchange(parked, {}))
            carryOut(call);
    }
    void carryOut(Opening& opening)
    {
        opening.reply(world->subscribe(opening.request, std::move(opening.sink)));
    }
    static void carryOut(Order& order) { order(); }
    /// One turn: what is due, then the messages. What has to be durable first is sent there.
    void turn()
    {
        world->moveTo(now());
        unpark();
        for (Message& message : messages)
            std::visit([this](auto& m) { carryOut(m); }, message);
        messages.clear();
        world->settle();
        if (store)
            store->release(std::exchange(held, {}));
    }
    void publish() { latest.write(world->snapshot()); }
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
        const SimTime next = world->nextDue();
        if (next != dueSim) {
            dueSim = next;
            const std::int64_t wait = next == SimTime::max() ? 0 : (next - now()).inMicros();
            dueAt = next == SimTime::max() ? Steady::time_point::max()
                                           : Steady::now() + std::chrono::microseconds(wait);
        }
        return watched ? std::min(dueAt, publishAt) : dueAt;
    }

    // --- who works
    // ------------------------------------------------------------------------------
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
    /// Nobody else works any more: what waits for the disk gets there, or is told why not.
    void finish()
    {
        for (int tries = 0; tries == 0 || (!parked.empty() && tries < 3); ++tries) {
            std::ignore = store->wait(); // who asked hears of it by the answer
            turn();
        }
        for (Call& call : std::exchange(parked, {}))
            call.reply(fail(ErrorCode::InternalFailure, "The service has stopped."));
        std::ignore = store->wait();
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
    std::unique_ptr<KeyRing> keys; ///< without a store
    std::unique_ptr<ServedStore> store;
    std::optional<ServedWorld> world; ///< set by open()
    std::vector<Message> messages; ///< of the turn
    std::vector<HeldAnswer> held; ///< of the turn
    std::vector<Call> parked; ///< puts whose stream is being saved
    Bytes parkedBytes = 0;
    SimTime dueSim;
    Steady::time_point dueAt, publishAt;

    std::thread keeper; ///< last: everything it uses is there before and goes after it
};

Result<std::unique_ptr<LocalService>> LocalService::open(Options options)
{
    auto impl = std::make_unique<Impl>(std::move(options));
    if (auto done = impl->open(); !done)
        return tl::unexpected(std::move(done.error()));
    return std::unique_ptr<LocalService>(new LocalService(std::move(impl)));
}

LocalService::LocalService(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}

LocalService::~LocalService() = default;

bool LocalService::submit(ApiRequest request, Reply reply)
{
    const Bytes bytes = bytesOf(request);
    const auto put
        = m_impl->door.put(Impl::Call {std::move(request), std::move(reply), Steady::now()}, bytes);
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
    m_impl->order([this, streamName] { m_impl->world->watch(streamName); });
}

void LocalService::applyToReaders(const std::string& stream, Act act, Done done)
{
    m_impl->order([this, stream, act = std::move(act), done = std::move(done)] {
        done(m_impl->world->applyToReaders(stream, act));
    });
}

void LocalService::setTimings(const ServiceTimings& timings)
{
    m_impl->order([this, timings] { m_impl->world->setTimings(timings); });
}

void LocalService::setAccountLimits(const AccountLimits& limits)
{
    m_impl->order([this, limits] { m_impl->world->setAccountLimits(limits); });
}

void LocalService::setThrottling(const ThrottlingSwitches& switches)
{
    m_impl->order([this, switches] { m_impl->world->setThrottling(switches); });
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
    if (!m_impl->store)
        return {};
    auto done = std::make_shared<std::promise<Result<void>>>();
    m_impl->order([this, done] {
        m_impl->store->flush([done](Result<void> result) { done->set_value(std::move(result)); });
    });
    return done->get_future().get();
}

} // namespace shardscope
