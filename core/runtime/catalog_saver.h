#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "core/catalog/catalog.h"
#include "core/engine/service.h"

namespace shardscope {

/// **Thread-safe.** Saves changes to a catalog on a thread of its own, so that nobody who holds the
/// baton waits for the disk. What is put while a save is under way goes with the next one. What
/// could not be saved is tried again with whatever comes next.
class CatalogSaver {
public:
    using Done = std::function<void(Result<void>)>;
    using Changes = Service::Changed;

    explicit CatalogSaver(std::unique_ptr<Catalog> catalog);
    /// Saves what was put, then stops.
    ~CatalogSaver();
    CatalogSaver(const CatalogSaver&) = delete;
    CatalogSaver& operator=(const CatalogSaver&) = delete;

    /// `done` runs on the saver's thread when the changes are saved, or with why they are not.
    void put(Changes changes, Done done);
    /// Calls `done` when all that was put so far is saved: at once when it is.
    void afterAll(Done done);

private:
    void run();
    [[nodiscard]] Result<void> save();
    void merge(Changes changes);

    std::unique_ptr<Catalog> m_catalog; ///< the thread's

    // The thread's: what the catalog does not have yet.
    std::optional<AccountState> m_account;
    std::map<StreamSlot, StreamState> m_streams;
    std::set<StreamSlot> m_removed;
    DeliveredPositions m_delivered; ///< newer than m_account

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<Changes> m_changes; ///< by m_mutex
    std::vector<Done> m_waiting; ///< by m_mutex
    bool m_clean = true; ///< by m_mutex: the catalog has everything
    bool m_stop = false; ///< by m_mutex
    std::thread m_thread; ///< last
};

} // namespace shardscope
