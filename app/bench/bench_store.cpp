#include "app/bench/bench_store.h"

#include <openssl/evp.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>

#include "app/bench/rounds.h"
#include "app/bench/scratch.h"
#include "core/base/check.h"
#include "core/storage/block_cipher.h"
#include "core/storage/file_system.h"
#include "core/storage/log_folder.h"

namespace shardscope {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRecord = 1024; ///< data of a record
constexpr std::size_t kRunBytes = std::size_t {256} << 20; ///< of one measurement
constexpr auto kCommitEvery = std::chrono::milliseconds {10};

/// What waits for the disk at most, as clients that wait for their answer do.
constexpr std::uint64_t kAheadMost = std::uint64_t {96} << 20;

/// A store under load.
class StoreLoad {
public:
    StoreLoad(const std::string& folder, std::shared_ptr<const DataKey> key)
        : m_folder(std::move(*LogFolder::open({.folder = folder})))
        , m_data(kRecord, 'd')
    {
        m_log.keepIn(*m_folder->create(1));
        m_log.file()->encryptWith(std::move(key));
    }

    /// Appends `bytes` of records and returns once they are durable.
    double run(std::size_t bytes)
    {
        const std::uint64_t begin = m_log.end();
        auto next = Clock::now() + kCommitEvery;
        for (std::size_t done = 0; done < bytes; done += kRecord) {
            m_log.append({.position = m_count++, .arrivalMs = m_nowMs}, "0123456789abcdef", m_data);
            if (done % (64 * kRecord) != 0)
                continue;
            const auto now = Clock::now();
            if (now < next && m_log.end() - m_durable < kAheadMost)
                continue;
            next = now + kCommitEvery;
            commit();
            await(m_log.end() > kAheadMost ? m_log.end() - kAheadMost : 0);
            m_log.shrinkTo(0);
        }
        commit();
        await(m_log.end());
        return static_cast<double>(m_log.end() - begin);
    }
    /// Deletes what run() has written.
    void trim() { m_log.trimBefore(++m_nowMs); }
    /// One record, made durable.
    void one()
    {
        m_log.append({.position = m_count++, .arrivalMs = m_nowMs}, "0123456789abcdef", m_data);
        commit();
        await(m_log.end());
        m_log.shrinkTo(0);
    }

private:
    void commit()
    {
        m_folder->commit([this, end = m_log.end()](const Result<void>& outcome) {
            SHARDSCOPE_CHECK(outcome.has_value());
            const std::lock_guard lock(m_mutex);
            m_durable = end;
            m_changed.notify_all();
        });
    }
    void await(std::uint64_t place)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_durable >= place; });
    }

    std::unique_ptr<LogFolder> m_folder;
    RecordLog m_log;
    std::string m_data;
    std::uint64_t m_count = 0;
    std::int64_t m_nowMs = 1;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::atomic<std::uint64_t> m_durable {0};
};

std::shared_ptr<const DataKey> benchKey()
{
    DataKey key;
    key.id = std::string(32, 'b');
    key.bytes.fill(11);
    return std::make_shared<const DataKey>(key);
}

struct PageBuffer {
    explicit PageBuffer(std::size_t bytes)
        : memory(static_cast<char*>(std::aligned_alloc(kDiskPage, bytes)), std::free)
        , size(bytes)
    {
        SHARDSCOPE_CHECK(memory != nullptr);
        std::memset(memory.get(), 7, bytes);
    }
    std::unique_ptr<char, void (*)(void*)> memory;
    std::size_t size;
    [[nodiscard]] std::span<const char> bytes() const { return {memory.get(), size}; }
};

/// Writes a new file front to back, with a sync every 10 ms if asked for and one at the end.
double writeFile(const std::string& path, FileSystem::Access access, const PageBuffer& buffer,
                 bool syncs)
{
    SHARDSCOPE_CHECK(realFiles().remove(path).has_value());
    const auto file = realFiles().open(path, access);
    SHARDSCOPE_CHECK(file.has_value());
    auto next = Clock::now() + kCommitEvery;
    for (std::size_t done = 0; done < kRunBytes; done += buffer.size) {
        SHARDSCOPE_CHECK((*file)->writeFully(done, buffer.bytes()).has_value());
        if (!syncs || Clock::now() < next)
            continue;
        SHARDSCOPE_CHECK((*file)->sync().has_value());
        next = Clock::now() + kCommitEvery;
    }
    SHARDSCOPE_CHECK((*file)->sync().has_value());
    return static_cast<double>(kRunBytes);
}

std::vector<BenchResult> benchAppend(const BenchOptions& options)
{
    const Scratch scratch;
    StoreLoad plain(scratch.path() + "/plain", nullptr);
    StoreLoad encrypted(scratch.path() + "/encrypted", benchKey());
    const PageBuffer large(8 << 20);
    const PageBuffer small(1 << 20);
    const std::string raw = scratch.path() + "/raw";
    const auto runAndTrim = [](StoreLoad& store) {
        const double bytes = store.run(kRunBytes);
        store.trim();
        return bytes;
    };
    const auto rates = interleave(
        options,
        {{[&] { return runAndTrim(plain); }},
         {[&] { return writeFile(raw, FileSystem::Access::WriteDirect, large, false); }},
         {[&] { return writeFile(raw, FileSystem::Access::Write, small, true); }},
         {[&] { return runAndTrim(encrypted); }}});
    return {compare(rates,
                    {.name = "store-append",
                     .ours = 0,
                     .referenceName = "raw O_DIRECT writes of 8 MiB",
                     .reference = 1,
                     .unit = "MB/s",
                     .unitSize = 1e6,
                     .goal = 0.8}),
            compare(rates,
                    {.name = "store-append/buffered",
                     .ours = 0,
                     .referenceName = "buffered writes, synced every 10 ms",
                     .reference = 2,
                     .unit = "MB/s",
                     .unitSize = 1e6}),
            compare(rates,
                    {.name = "store-append/encrypted",
                     .ours = 3,
                     .referenceName = "raw O_DIRECT writes of 8 MiB",
                     .reference = 1,
                     .unit = "MB/s",
                     .unitSize = 1e6})};
}

std::vector<BenchResult> benchCommit(const BenchOptions& options)
{
    const Scratch scratch;
    StoreLoad store(scratch.path() + "/store", nullptr);
    const auto file = realFiles().open(scratch.path() + "/raw", FileSystem::Access::Write);
    SHARDSCOPE_CHECK(file.has_value());
    const std::string record(kRecord, 'r');
    std::uint64_t at = 0;
    const auto rates
        = interleave(options,
                     {{[&] {
                          store.one();
                          return 1.0;
                      }},
                      {[&] {
                          SHARDSCOPE_CHECK((*file)->writeFully(at, record) && (*file)->sync());
                          at += record.size();
                          return 1.0;
                      }}});
    return {compare(rates,
                    {.name = "store-commit",
                     .ours = 0,
                     .referenceName = "a write of 1 KiB and fdatasync",
                     .reference = 1,
                     .unit = "commits/s"})};
}

std::vector<BenchResult> benchRecover(const BenchOptions& options)
{
    const Scratch scratch;
    const std::string path = scratch.path() + "/store";
    StoreLoad(path, nullptr).run(2 * kRunBytes);
    const std::string segments = path + "/streams/1";
    std::vector<char> buffer(1 << 20);
    const auto readFiles = [&] {
        double bytes = 0;
        const auto names = realFiles().list(segments);
        for (const std::string& name : *names) {
            const auto file = realFiles().open(segments + '/' + name, FileSystem::Access::Read);
            const std::uint64_t size = *(*file)->size();
            for (std::uint64_t at = 0; at < size; at += buffer.size())
                bytes += static_cast<double>(*(*file)->readFully(at, buffer));
        }
        return bytes;
    };
    const auto recover = [&] {
        const auto folder = LogFolder::open({.folder = path});
        std::uint64_t seen = 0;
        const auto found = (*folder)->recover(
            1, {}, [&](std::uint64_t place, const LogRecordHead&) { seen += place; });
        SHARDSCOPE_CHECK(found.has_value() && found->findings.empty());
        consume(seen);
        return static_cast<double>(found->log.file()->bytesOnDisk());
    };
    const auto rates = interleave(options, {{recover}, {readFiles}});
    return {compare(rates,
                    {.name = "store-recover",
                     .ours = 0,
                     .referenceName = "reading the files 1 MiB at a time, cached",
                     .reference = 1,
                     .unit = "GiB/s",
                     .unitSize = 1024.0 * 1024 * 1024})};
}

/// A block's cipher alone, in memory.
std::vector<BenchResult> benchEncrypt(const BenchOptions& options)
{
    constexpr std::size_t plainBytes = 1 << 20;
    const auto key = benchKey();
    BlockCipher cipher(key);
    std::string block(kBlockPlainBytes + kTagBytes, 'p');
    std::string large(plainBytes, 'p');
    const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context(EVP_CIPHER_CTX_new(),
                                                                             EVP_CIPHER_CTX_free);
    const std::array<unsigned char, 12> nonce {};
    auto* bytes = reinterpret_cast<unsigned char*>(large.data());
    int done = 0;
    const auto rates = interleave(
        options,
        {{[&] {
             BlockHead head;
             cipher.encrypt(head, block);
             consume(head.nonce[0]);
             return static_cast<double>(kBlockPlainBytes);
         }},
         {[&] {
             SHARDSCOPE_CHECK(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr,
                                                 key->bytes.data(), nonce.data())
                                  == 1
                              && EVP_EncryptUpdate(context.get(), bytes, &done, bytes, plainBytes)
                                  == 1);
             return static_cast<double>(plainBytes);
         }}});
    return {compare(rates,
                    {.name = "store-encrypt",
                     .ours = 0,
                     .referenceName = "EVP AES-256-GCM of 1 MiB",
                     .reference = 1,
                     .unit = "MB/s",
                     .unitSize = 1e6,
                     .goal = 0.9})};
}

} // namespace

std::span<const Bench> storeBenches()
{
    static constexpr std::array<Bench, 4> benches {
        {{"store-append", "records of 1 KiB made durable every 10 ms, plain and encrypted",
          benchAppend},
         {"store-commit", "one record after the other, each durable before the next", benchCommit},
         {"store-encrypt", "encrypting the store's blocks", benchEncrypt},
         {"store-recover", "reading a log again after a start", benchRecover}}};
    return benches;
}

} // namespace shardscope
