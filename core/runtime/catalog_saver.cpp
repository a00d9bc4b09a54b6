#include "core/runtime/catalog_saver.h"

#include <utility>

namespace shardscope {

CatalogSaver::CatalogSaver(std::unique_ptr<Catalog> catalog)
    : m_catalog(std::move(catalog))
    , m_thread([this] { run(); })
{
}

CatalogSaver::~CatalogSaver()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

void CatalogSaver::put(Changes changes, Done done)
{
    {
        const std::lock_guard lock(m_mutex);
        m_changes.push_back(std::move(changes));
        m_waiting.push_back(std::move(done));
        m_clean = false;
    }
    m_wake.notify_one();
}

void CatalogSaver::afterAll(Done done)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_clean) {
            m_waiting.push_back(std::move(done));
            m_wake.notify_one();
            return;
        }
    }
    done({});
}

void CatalogSaver::run()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_wake.wait(lock, [this] { return m_stop || !m_waiting.empty(); });
        if (m_waiting.empty())
            return;
        auto changes = std::exchange(m_changes, {});
        auto waiting = std::exchange(m_waiting, {});
        lock.unlock();
        for (Changes& one : changes)
            merge(std::move(one));
        const Result<void> saved = save();
        // Whoever asks meanwhile waits for the next save, or finds the catalog clean below.
        lock.lock();
        m_clean = saved.has_value() && m_changes.empty();
        lock.unlock();
        for (const Done& done : waiting)
            done(saved);
        lock.lock();
    }
}

void CatalogSaver::merge(Changes changes)
{
    if (changes.account) {
        m_account = std::move(changes.account);
        m_delivered.clear(); // the account has them, and what it lacks is gone
    }
    for (const auto& [of, next] : changes.delivered)
        m_delivered[of] = next;
    for (StreamState& stream : changes.streams)
        m_streams.insert_or_assign(stream.slot, std::move(stream));
    for (const StreamSlot slot : changes.removed) {
        m_streams.erase(slot);
        m_removed.insert(slot);
    }
}

Result<void> CatalogSaver::save()
{
    if (!m_account && m_streams.empty() && m_removed.empty() && m_delivered.empty())
        return {};
    Catalog::Changes changes;
    changes.account = m_account ? &*m_account : nullptr;
    for (const auto& [slot, state] : m_streams)
        changes.streams.push_back(state);
    changes.removed.assign(m_removed.begin(), m_removed.end());
    changes.delivered = m_delivered;
    auto saved = m_catalog->save(changes);
    if (!saved)
        return saved;
    m_account.reset();
    m_streams.clear();
    m_removed.clear();
    m_delivered.clear();
    return {};
}

} // namespace shardscope
