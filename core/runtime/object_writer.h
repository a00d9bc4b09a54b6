#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/runtime/channel_object.h"
#include "core/storage/file_system.h"

namespace shardscope {

/// **Thread-safe.** Makes the objects of channels and puts them into the folder that stands for
/// buckets, on a thread of its own:
///
///   FOLDER/<bucket>/<key>            an object or dead letters, whole and durable
///   FOLDER/.Unfinished/<channel id>  one that is being written; no bucket can bear that name
class ObjectWriter {
public:
    struct Job {
        ChannelDescription channel;
        ObjectRecords records;
    };
    /// What became of a job: sizes as in ObjectText.
    struct Written {
        std::int64_t records = 0, failed = 0;
        Bytes bytesIn = 0, bytesPassed = 0, bytesOut = 0;
    };
    struct Done {
        std::string channelId;
        Result<Written> result; ///< Io: nothing counts as written; the same job may come again
    };

    /// `wake`: on the writer's thread, when take() has something.
    ObjectWriter(std::string folder, FileSystem& files, std::function<void()> wake);
    /// Does the jobs that were put, then stops.
    ~ObjectWriter();
    ObjectWriter(const ObjectWriter&) = delete;
    ObjectWriter& operator=(const ObjectWriter&) = delete;

    void put(Job job);
    [[nodiscard]] bool hasDone() const { return m_hasDone.load(std::memory_order_acquire); }
    [[nodiscard]] std::vector<Done> take();
    /// Waits until take() has something; at once when nothing is under way.
    void wait();

private:
    void run();
    [[nodiscard]] Result<Written> write(const Job& job);
    [[nodiscard]] Result<void> keep(const std::string& bucketArn, const std::string& key,
                                    const std::string& unfinished, const std::string& bytes);

    const std::string m_folder;
    FileSystem& m_files;
    const std::function<void()> m_wake;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Job> m_jobs; ///< by m_mutex
    std::vector<Done> m_done; ///< by m_mutex
    std::size_t m_underWay = 0; ///< by m_mutex: put and not done
    bool m_stop = false; ///< by m_mutex
    std::atomic<bool> m_hasDone {false};
    std::thread m_thread; ///< last; begins with the first job
};

} // namespace shardscope
