#include "core/engine/service.h"
#include "core/storage/key_ring.h"

namespace shardscope {

Result<void> Service::giveDataKey(Stream& stream, const std::string& keyId, SimTime now)
{
    if (m_keys == nullptr)
        return {}; // nothing is kept on disk then
    auto made = m_keys->makeDataKey(keyId, now);
    if (!made)
        return tl::unexpected(made.error());
    stream.m_dataKey = std::move(made->key);
    stream.m_dataKeys.push_back(std::move(made->wrapped));
    stream.m_changed = true;
    return {};
}

std::shared_ptr<const DataKey> Service::dataKey(StreamSlot slot) const
{
    const Stream& stream = m_streams[slot.index()];
    return stream.m_dataKeyId.empty() ? nullptr : stream.m_dataKey;
}

std::shared_ptr<const DataKey> Service::dataKey(const std::string& id) const
{
    for (const Stream& stream : m_streams) {
        for (const WrappedDataKey& wrapped : stream.m_dataKeys) {
            if (wrapped.dataKeyId != id || m_keys == nullptr)
                continue;
            auto key = m_keys->unwrap(wrapped);
            return key ? std::move(*key) : nullptr;
        }
    }
    return nullptr;
}

Result<void> Service::dataKeysOpen() const
{
    for (const Stream& stream : m_streams) {
        for (const WrappedDataKey& wrapped : stream.m_dataKeys) {
            const auto key = m_keys->unwrap(wrapped);
            if (!key && key.error().code != ErrorCode::KmsNotFound)
                return fail(key.error().code,
                            "Stream " + stream.name() + " cannot be read: " + key.error().message);
        }
    }
    return {};
}

void Service::rewrapDataKeys()
{
    for (Stream& stream : m_streams) {
        for (WrappedDataKey& wrapped : stream.m_dataKeys) {
            if (m_keys == nullptr || m_keys->newest(wrapped))
                continue;
            if (auto fresh = m_keys->rewrap(wrapped)) { // else its master key is gone
                wrapped = std::move(*fresh);
                stream.m_changed = true;
            }
        }
    }
}

} // namespace shardscope
