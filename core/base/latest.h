#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace shardscope {

/// **Thread-safe.** The newest of a row of immutable values: a writer replaces it, a reader shares
/// it for as long as it likes.
template <typename T> class Latest {
public:
    /// Null before the first write.
    [[nodiscard]] std::shared_ptr<const T> read() const
    {
        const std::lock_guard lock(m_mutex);
        return m_value;
    }

    void write(std::shared_ptr<const T> value)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_value.swap(value);
        }
        // The former value, if this was its last owner, is freed here, outside the lock.
    }

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const T> m_value;
};

} // namespace shardscope
