#pragma once

#include <cstdint>
#include <memory>

namespace shardscope {

/// Runs numbered tasks on a fixed set of threads and waits for all of them. The caller works too,
/// so a pool of one makes no thread. Which thread runs which task is never visible in a result.
class WorkerPool {
public:
    /// `threads` >= 1, the caller's included.
    explicit WorkerPool(int threads);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    [[nodiscard]] int threads() const;

    /// Calls `task(i)` once for each i in [0, count), in any order and on any of the threads;
    /// returns when all are done. Not reentrant. `task` must not throw.
    template <typename Task> void run(int count, const Task& task)
    {
        runErased(
            count, [](const void* t, int i) { (*static_cast<const Task*>(t))(i); }, &task);
    }

private:
    using Call = void (*)(const void*, int);
    void runErased(int count, Call call, const void* task);
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace shardscope
