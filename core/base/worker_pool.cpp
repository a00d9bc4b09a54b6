#include "core/base/worker_pool.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "core/base/check.h"

namespace shardscope {

namespace {

/// Looks at the work this often before sleeping: about 50 µs, as long as waking would take.
constexpr int kSpins = 2'000;

void relax()
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#else
    std::this_thread::yield();
#endif
}

} // namespace

/// One job at a time. The ticket holds the job's turn in its upper half and how many of its tasks
/// nobody has taken yet in its lower half; a task is taken by counting down. A thread that has
/// taken a task knows that the job cannot end before it does, so it may read `call`, `task` and
/// `count`; a thread that comes too late finds the lower half 0 and touches nothing.
struct WorkerPool::Impl {
    alignas(64) std::atomic<std::uint64_t> ticket {0};
    alignas(64) std::atomic<int> done {0}; ///< tasks of the job that are finished
    alignas(64) std::atomic<std::uint32_t> turn {0}; ///< what sleepers watch
    Call call = nullptr;
    const void* task = nullptr;
    int count = 0;
    std::atomic<bool> stopping {false};
    int spins = kSpins;
    std::vector<std::thread> threads;

    void workOff()
    {
        std::uint64_t seen = ticket.load(std::memory_order_acquire);
        while ((seen & 0xffff'ffff) != 0) {
            if (!ticket.compare_exchange_weak(seen, seen - 1, std::memory_order_acq_rel,
                                              std::memory_order_acquire))
                continue;
            const int all = count;
            call(task, all - static_cast<int>(seen & 0xffff'ffff));
            if (done.fetch_add(1, std::memory_order_acq_rel) + 1 == all)
                done.notify_one();
            seen = ticket.load(std::memory_order_acquire);
        }
    }

    void live()
    {
        std::uint32_t heard = 0;
        while (!stopping.load(std::memory_order_acquire)) {
            std::uint32_t now = turn.load(std::memory_order_acquire);
            for (int i = 0; now == heard && i < spins; ++i) {
                relax();
                now = turn.load(std::memory_order_acquire);
            }
            if (now == heard) {
                turn.wait(heard, std::memory_order_acquire);
                continue;
            }
            heard = now;
            workOff();
        }
    }

    void announce()
    {
        turn.fetch_add(1, std::memory_order_acq_rel);
        turn.notify_all();
    }
};

WorkerPool::WorkerPool(int threads)
    : m_impl(std::make_unique<Impl>())
{
    SHARDSCOPE_CHECK(threads >= 1);
    // More threads than processors: whoever spins keeps somebody else from working.
    if (static_cast<unsigned>(threads) > std::max(1U, std::thread::hardware_concurrency()))
        m_impl->spins = 0;
    m_impl->threads.reserve(static_cast<std::size_t>(threads - 1));
    for (int i = 1; i < threads; ++i)
        m_impl->threads.emplace_back([impl = m_impl.get()] { impl->live(); });
}

WorkerPool::~WorkerPool()
{
    m_impl->stopping.store(true, std::memory_order_release);
    m_impl->announce();
    for (auto& thread : m_impl->threads)
        thread.join();
}

int WorkerPool::threads() const
{
    return static_cast<int>(m_impl->threads.size()) + 1;
}

void WorkerPool::runErased(int count, Call call, const void* task)
{
    SHARDSCOPE_CHECK(count >= 0);
    if (count <= 1 || m_impl->threads.empty()) {
        for (int i = 0; i < count; ++i)
            call(task, i);
        return;
    }
    Impl& impl = *m_impl;
    impl.call = call;
    impl.task = task;
    impl.count = count;
    impl.done.store(0, std::memory_order_relaxed);
    const std::uint64_t turns = (impl.ticket.load(std::memory_order_relaxed) >> 32) + 1;
    impl.ticket.store(turns << 32 | static_cast<std::uint32_t>(count), std::memory_order_release);
    impl.announce();
    impl.workOff();
    for (int i = 0;; ++i) {
        const int done = impl.done.load(std::memory_order_acquire);
        if (done == count)
            return;
        if (i < impl.spins)
            relax();
        else
            impl.done.wait(done, std::memory_order_acquire);
    }
}

} // namespace shardscope
