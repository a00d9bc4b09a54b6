#include "core/runtime/served_store.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <mutex>
#include <utility>

#include "core/catalog/catalog.h"

namespace shardscope {
namespace {

using Steady = std::chrono::steady_clock;

/// Of the memory for records, the part that payloads may take when they are on disk as well; the
/// rest is for the records' metadata, which have no other place.
constexpr Bytes kPayloadShare = 2;

std::uint64_t logId(StreamSlot slot)
{
    return std::uint64_t {slot.value} + 1;
}

} // namespace

/// What the threads of the folder and of the saver tell.
struct ServedStore::Shared {
    std::mutex mutex;
    std::vector<StreamSlot> saved; ///< by mutex: of saves that have ended
    std::optional<Error> unsaved; ///< by mutex: why the last save failed
    Steady::time_point retryAt; ///< by mutex
    std::int64_t commits = 0; ///< by mutex, since the row was last made
    double commitMillis = 0; ///< by mutex, their sum
    Bytes bytesBefore = 0; ///< on disk when the row was last made
    SimTime rowAt;
    StoreRow row; ///< the rates of the last full second
};

ServedStore::ServedStore(Options options)
    : m_options(std::move(options))
    , m_shared(std::make_shared<Shared>())
{
}

ServedStore::~ServedStore() = default;

Result<std::unique_ptr<ServedStore>> ServedStore::open(Options options)
{
    std::unique_ptr<ServedStore> store(new ServedStore(std::move(options)));
    const LocalService::Store& where = store->m_options.store;
    auto folder = LogFolder::open(
        {.folder = where.folder, .files = where.files, .commitInterval = where.commitInterval});
    if (!folder)
        return tl::unexpected(std::move(folder.error()));
    store->m_folder = std::move(*folder);
    auto keys = KeyRing::open({store->m_options.accountId, store->m_options.region},
                              where.masterKeyFile.empty() ? where.folder + "/keys.json"
                                                          : where.masterKeyFile);
    if (!keys)
        return tl::unexpected(std::move(keys.error()));
    store->m_keys = std::move(*keys);
    auto catalog = Catalog::open({.folder = where.folder});
    if (!catalog)
        return tl::unexpected(std::move(catalog.error()));
    store->m_catalog = std::move(*catalog);
    return store;
}

Result<void> ServedStore::restore(Service& service, SimTime now)
{
    auto state = m_catalog->load();
    if (!state)
        return tl::unexpected(std::move(state.error()));
    m_saver = std::make_unique<CatalogSaver>(std::move(m_catalog));
    service.restore(std::move(*state), now);
    // One that is lost is reported and its records stay away; one that is wrong is no loss yet.
    if (auto done = service.dataKeysOpen(); !done)
        return done;
    for (const Stream* stream : service.streams()) {
        if (auto done = recover(service, *stream); !done)
            return done;
    }
    if (auto done = service.restorePositions(); !done)
        return done;
    auto folders = m_folder->streams();
    if (!folders)
        return tl::unexpected(std::move(folders.error()));
    for (const std::uint64_t id : *folders) {
        if (m_files.count(StreamSlot(static_cast<std::uint32_t>(id - 1))) == 0)
            m_folder->remove(id);
    }
    return {};
}

Result<void> ServedStore::recover(Service& service, const Stream& stream)
{
    const StreamSlot slot = stream.slot();
    std::int64_t strange = 0; // records that fit no shard that the catalog knows
    auto log = m_folder->recover(
        logId(slot), [&service](const std::string& id) { return service.dataKey(id); },
        [&](std::uint64_t place, const LogRecordHead& head) {
            strange += service.restoreRecord(slot, place, head) ? 0 : 1;
        });
    if (!log)
        return tl::unexpected(std::move(log.error()));
    for (StoreFinding& finding : log->findings)
        m_findings.push_back(std::move(finding.text));
    if (strange > 0)
        m_findings.push_back(std::to_string(strange) + " records of stream " + stream.name()
                             + " fit none of its shards and are left out.");
    service.log(slot) = std::move(log->log);
    m_files[slot] = service.log(slot).file();
    m_files[slot]->encryptWith(service.dataKey(slot));
    return {};
}

void ServedStore::follow(Service& service)
{
    Service::Changed changes = service.takeChanged();
    if (changes.empty())
        return;
    for (const StreamState& stream : changes.streams) {
        if (m_files.count(stream.slot) == 0)
            openFile(service, stream.slot);
    }
    for (const StreamSlot slot : changes.removed) {
        m_folder->remove(logId(slot));
        m_files.erase(slot);
    }
    save(std::move(changes));
}

void ServedStore::openFile(Service& service, StreamSlot slot)
{
    auto file = m_folder->create(logId(slot));
    if (!file) {
        m_findings.push_back(file.error().message); // mayPut() refuses its records
        return;
    }
    (*file)->encryptWith(service.dataKey(slot));
    service.log(slot).keepIn(*file);
    m_files[slot] = std::move(*file);
}

void ServedStore::save(Service::Changed changes)
{
    std::vector<StreamSlot> slots;
    for (const StreamState& stream : changes.streams) {
        slots.push_back(stream.slot);
        ++m_saving[stream.slot];
    }
    m_saver->put(std::move(changes),
                 [shared = m_shared, slots = std::move(slots),
                  wake = m_options.wake](const Result<void>& result) {
                     {
                         const std::lock_guard lock(shared->mutex);
                         shared->unsaved = result ? std::nullopt : std::optional(result.error());
                         shared->saved.insert(shared->saved.end(), slots.begin(), slots.end());
                     }
                     wake();
                 });
}

bool ServedStore::takeSaved()
{
    std::vector<StreamSlot> saved;
    {
        const std::lock_guard lock(m_shared->mutex);
        saved.swap(m_shared->saved);
    }
    for (const StreamSlot slot : saved) {
        if (--m_saving[slot] == 0)
            m_saving.erase(slot);
    }
    return !saved.empty();
}

std::optional<Error> ServedStore::trouble() const
{
    if (const auto trouble = m_folder->trouble())
        return *trouble;
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->unsaved;
}

Result<void> ServedStore::mayPut(const Stream& stream)
{
    const auto refuse = [&stream](const std::string& why) {
        return fail(ErrorCode::InternalFailure,
                    "No records can be kept in stream " + stream.name() + ": " + why);
    };
    if (m_files.count(stream.slot()) == 0)
        return refuse("it has no files.");
    const std::optional<Error> why = trouble();
    if (!why)
        return {};
    {
        const std::lock_guard lock(m_shared->mutex);
        if (!m_shared->unsaved || Steady::now() < m_shared->retryAt)
            return refuse(why->message);
        m_shared->retryAt = Steady::now() + std::chrono::seconds(1);
    }
    m_saver->afterAll([shared = m_shared](const Result<void>& result) {
        const std::lock_guard lock(shared->mutex);
        shared->unsaved = result ? std::nullopt : std::optional(result.error());
    });
    return refuse(why->message);
}

bool ServedStore::durable(const Stream& stream)
{
    return durable(stream, stream.log().end());
}

bool ServedStore::durable(const Stream& stream, std::uint64_t logEnd)
{
    const auto& file = stream.log().file();
    return file == nullptr || file->durable() >= logEnd;
}

void ServedStore::commit(CatalogSaver::Done done)
{
    const auto began = Steady::now();
    m_folder->commit([shared = m_shared, began, done = std::move(done)](Result<void> result) {
        const std::chrono::duration<double, std::milli> took = Steady::now() - began;
        {
            const std::lock_guard lock(shared->mutex);
            ++shared->commits;
            shared->commitMillis += took.count();
        }
        done(std::move(result));
    });
}

void ServedStore::release(std::vector<HeldAnswer> answers)
{
    std::vector<std::pair<std::shared_ptr<HeldSink>, std::uint64_t>> sinks;
    std::erase_if(m_sinks, [&sinks](const std::weak_ptr<HeldSink>& weak) {
        if (auto sink = weak.lock()) {
            const std::uint64_t last = sink->last();
            sinks.emplace_back(std::move(sink), last);
            return false;
        }
        return true;
    });
    if (answers.empty() && sinks.empty())
        return;
    auto held = std::make_shared<HeldAnswers>(std::move(answers), 2);
    m_saver->afterAll([held](const Result<void>& saved) { held->done(saved); });
    commit([held, sinks = std::move(sinks)](const Result<void>& written) {
        held->done(written);
        for (const auto& [sink, last] : sinks) {
            if (written)
                sink->release(last);
            else
                sink->fail(written.error());
        }
    });
}

void ServedStore::flush(CatalogSaver::Done done)
{
    std::vector<HeldAnswer> answers;
    answers.push_back({[done = std::move(done)](Result<ApiAnswer> answer) {
                           done(answer ? Result<void> {} : tl::unexpected(answer.error()));
                       },
                       ApiAnswer {}});
    release(std::move(answers));
}

Result<void> ServedStore::wait()
{
    std::promise<Result<void>> durable;
    flush([&durable](const Result<void>& result) { durable.set_value(result); });
    return durable.get_future().get();
}

std::shared_ptr<SubscriptionSink> ServedStore::hold(std::shared_ptr<SubscriptionSink> sink)
{
    auto held = std::make_shared<HeldSink>(std::move(sink));
    m_sinks.push_back(held);
    return held;
}

void ServedStore::shrink(Service& service)
{
    const std::vector<Stream*> streams = service.streams();
    m_inMemory = 0;
    for (const Stream* stream : streams)
        m_inMemory += stream->log().memory();
    const Bytes most = m_options.memoryBudget / kPayloadShare;
    if (m_inMemory <= most)
        return;
    // Each keeps the same part of what it holds.
    const double part = static_cast<double>(most) / static_cast<double>(m_inMemory) * 0.9;
    m_inMemory = 0;
    for (Stream* stream : streams) {
        RecordLog& log = stream->log();
        log.shrinkTo(static_cast<Bytes>(static_cast<double>(log.memory()) * part));
        m_inMemory += log.memory();
    }
}

StoreRow ServedStore::row(SimTime now)
{
    StoreRow row;
    row.folder = m_options.store.folder;
    row.bytesInMemory = m_inMemory;
    row.findings = m_findings;
    for (const auto& [slot, file] : m_files) {
        row.bytesOnDisk += file->bytesOnDisk();
        row.segments += file->segments();
    }
    if (const auto why = trouble())
        row.trouble = why->message;
    Shared& shared = *m_shared;
    const std::lock_guard lock(shared.mutex);
    if (now - shared.rowAt >= SimDuration::seconds(1)) {
        const double seconds = (now - shared.rowAt).inSeconds();
        shared.row.bytesPerSecond
            = static_cast<double>(std::max<Bytes>(0, row.bytesOnDisk - shared.bytesBefore))
            / seconds;
        shared.row.commitMillis
            = shared.commits > 0 ? shared.commitMillis / static_cast<double>(shared.commits) : 0;
        shared.bytesBefore = row.bytesOnDisk;
        shared.rowAt = now;
        shared.commits = 0;
        shared.commitMillis = 0;
    }
    row.bytesPerSecond = shared.row.bytesPerSecond;
    row.commitMillis = shared.row.commitMillis;
    return row;
}

} // namespace shardscope
