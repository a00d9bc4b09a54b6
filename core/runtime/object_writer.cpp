#include "core/runtime/object_writer.h"

#include <utility>

#include "core/engine/channel_key.h"
#include "core/runtime/whole_file.h"

namespace shardscope {
namespace {

std::string bucketOf(const std::string& arn)
{
    return arn.substr(arn.rfind(':') + 1);
}

} // namespace

ObjectWriter::ObjectWriter(std::string folder, FileSystem& files, std::function<void()> wake)
    : m_folder(std::move(folder))
    , m_files(files)
    , m_wake(std::move(wake))
{
}

ObjectWriter::~ObjectWriter()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

void ObjectWriter::put(Job job)
{
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back(std::move(job));
        ++m_underWay;
    }
    if (!m_thread.joinable())
        m_thread = std::thread([this] { run(); });
    m_changed.notify_all();
}

std::vector<ObjectWriter::Done> ObjectWriter::take()
{
    const std::lock_guard lock(m_mutex);
    m_hasDone.store(false, std::memory_order_release);
    return std::exchange(m_done, {});
}

void ObjectWriter::wait()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_done.empty() || m_underWay == 0; });
}

void ObjectWriter::run()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_stop || !m_jobs.empty(); });
        if (m_jobs.empty())
            return;
        auto jobs = std::exchange(m_jobs, {});
        for (Job& job : jobs) {
            lock.unlock();
            Done done {job.channel.channelId, write(job)};
            job.records = {};
            lock.lock();
            m_done.push_back(std::move(done));
            --m_underWay;
            m_hasDone.store(true, std::memory_order_release);
            lock.unlock();
            m_changed.notify_all();
            m_wake();
            lock.lock();
        }
    }
}

Result<ObjectWriter::Written> ObjectWriter::write(const Job& job)
{
    const ChannelDescription& channel = job.channel;
    auto made = makeObject(channel, job.records);
    if (!made)
        return tl::unexpected(std::move(made.error()));
    Written written {made->records, made->failed, made->bytesIn, made->bytesPassed,
                     static_cast<Bytes>(made->object.size())};
    if (made->failed > 0) {
        const std::string& arn = channel.spec.deadLetterBucketArn;
        if (auto kept = keep(arn.empty() ? channel.spec.bucketArn : arn,
                             errorKey(channel, job.records.begin, job.records.suffix),
                             channel.channelId, made->errors);
            !kept)
            return tl::unexpected(std::move(kept.error()));
    }
    if (made->records > 0) {
        if (auto kept = keep(channel.spec.bucketArn,
                             objectKey(channel, job.records.begin, job.records.suffix),
                             channel.channelId, made->object);
            !kept)
            return tl::unexpected(std::move(kept.error()));
    }
    return written;
}

Result<void> ObjectWriter::keep(const std::string& bucketArn, const std::string& key,
                                const std::string& unfinished, const std::string& bytes)
{
    return writeWholeFile(m_files, m_folder, bucketOf(bucketArn) + '/' + key, unfinished, bytes);
}

} // namespace shardscope
