#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/service.h"
#include "core/engine/state.h"
#include "core/runtime/catalog_saver.h"
#include "core/runtime/held.h"
#include "core/runtime/local_service.h"
#include "core/runtime/served_snapshot.h"
#include "core/storage/key_ring.h"
#include "core/storage/log_folder.h"

namespace shardscope {

/// The folder behind a local service: its keys, its catalog, its record logs; and what has to wait
/// for them. Whoever holds the baton calls it, but for trouble() and row().
///
/// Order: a stream's shards and data keys are in the catalog before records rest on them, and both
/// are durable before an answer that rests on them goes out.
class ServedStore {
public:
    struct Options {
        LocalService::Store store;
        Bytes memoryBudget = 0; ///< for records
        std::string accountId, region;
        std::function<void()> wake; ///< any thread: takeSaved() has something to say
    };
    /// Errors: those of LogFolder, KeyRing and Catalog.
    [[nodiscard]] static Result<std::unique_ptr<ServedStore>> open(Options options);
    ~ServedStore();
    ServedStore(const ServedStore&) = delete;
    ServedStore& operator=(const ServedStore&) = delete;

    [[nodiscard]] KeyRing& keys() { return *m_keys; }
    /// Fills an empty service with what is in the folder.
    [[nodiscard]] Result<void> restore(Service& service, SimTime now);

    /// Sends what has changed in the service since the last call to the catalog; opens and removes
    /// logs.
    void follow(Service& service);
    /// Whether records of that stream must wait until takeSaved().
    [[nodiscard]] bool isSaving(StreamSlot stream) const { return m_saving.count(stream) > 0; }
    /// Whether saves have ended since the last call: what waited for them may be tried again.
    [[nodiscard]] bool takeSaved();
    /// Why no record may be put into `stream` now: the disk refuses writes, which is tried again
    /// every second.
    [[nodiscard]] Result<void> mayPut(const Stream& stream);

    /// Whether everything that was appended is durable; or all before a place of the log.
    [[nodiscard]] static bool durable(const Stream& stream);
    [[nodiscard]] static bool durable(const Stream& stream, std::uint64_t logEnd);
    /// Gives the answers when all that was appended and changed so far is durable.
    void release(std::vector<HeldAnswer> answers);
    /// Calls `done`, on any thread, when all that was appended and changed so far is durable.
    void flush(CatalogSaver::Done done);
    /// The same, and waits for it.
    [[nodiscard]] Result<void> wait();
    /// A sink whose events go out when their records are durable; it ends with an InternalFailure
    /// when they cannot be made so.
    [[nodiscard]] std::shared_ptr<SubscriptionSink> hold(std::shared_ptr<SubscriptionSink> sink);
    /// Lets go of memory beyond its share of the budget, busiest logs first.
    void shrink(Service& service);

    [[nodiscard]] StoreRow row(SimTime now);

private:
    explicit ServedStore(Options options);
    [[nodiscard]] Result<void> recover(Service& service, const Stream& stream);
    void openFile(Service& service, StreamSlot slot);
    void save(Service::Changed changes);
    [[nodiscard]] std::optional<Error> trouble() const;
    void commit(CatalogSaver::Done done);

    Options m_options;
    std::unique_ptr<KeyRing> m_keys;
    std::unique_ptr<LogFolder> m_folder;
    std::unique_ptr<Catalog> m_catalog; ///< until the saver has it
    std::unique_ptr<CatalogSaver> m_saver;
    std::map<StreamSlot, std::shared_ptr<LogFile>> m_files;
    std::map<StreamSlot, int> m_saving; ///< saves under way
    std::vector<std::weak_ptr<HeldSink>> m_sinks;
    std::vector<std::string> m_findings;
    Bytes m_inMemory = 0;

    struct Shared; ///< with the threads of the folder and of the saver
    std::shared_ptr<Shared> m_shared;
};

} // namespace shardscope
