#include "core/storage/key_ring.h"

#include <algorithm>
#include <simdjson.h>

#include "core/storage/key_policy.h"
#include "core/storage/key_wrap.h"

namespace shardscope {
namespace {

constexpr const char* kHex = "0123456789abcdef";

std::string hex(const std::uint8_t* bytes, std::size_t count)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += kHex[bytes[i] >> 4];
        text += kHex[bytes[i] & 15];
    }
    return text;
}

/// A random UUID (version 4).
Result<std::string> drawUuid()
{
    std::array<std::uint8_t, 16> bytes {};
    if (auto ok = drawBytes(bytes.data(), bytes.size()); !ok)
        return tl::unexpected(ok.error());
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    std::string text = hex(bytes.data(), bytes.size());
    for (const std::size_t dash : {8u, 13u, 18u, 23u})
        text.insert(dash, 1, '-');
    return text;
}

} // namespace

KeyRing::KeyRing(Options options)
    : m_options(std::move(options))
{
}

Result<std::unique_ptr<KeyRing>> KeyRing::open(Options options, std::string path)
{
    auto ring = std::make_unique<KeyRing>(std::move(options));
    Keys keys;
    auto file = KeyFile::open(std::move(path), keys);
    if (!file)
        return tl::unexpected(file.error());
    ring->m_file = std::move(*file);
    ring->take(std::move(keys));
    return ring;
}

// --- using --------------------------------------------------------------------------------------

Result<const MasterKey*> KeyRing::find(std::string_view key, SimTime now)
{
    dropDue(now);
    const auto id = idOf(key, now);
    if (!id)
        return tl::unexpected(id.error());
    const auto at = m_keys.byId.find(*id);
    if (at == m_keys.byId.end())
        return tl::unexpected(notFound(key));
    return &at->second.key;
}

Result<const MasterKey*> KeyRing::usable(std::string_view key, Purpose purpose, SimTime now)
{
    const auto found = find(key, now);
    if (!found)
        return found;
    const MasterKey& master = **found;
    if (master.state == MasterKey::State::PendingDeletion)
        return tl::unexpected(pending(master.id));
    if (master.state == MasterKey::State::Disabled)
        return fail(ErrorCode::KmsDisabled, keyArn(master.id) + " is disabled.");
    const bool generate = purpose == Purpose::GenerateDataKey;
    if (generate ? master.deniesGenerate : master.deniesDecrypt)
        return fail(ErrorCode::KmsAccessDenied,
                    "The ciphertext refers to a customer master key that does not exist, does not "
                    "exist in this region, or you are not allowed to access: the policy of "
                        + keyArn(master.id) + " denies "
                        + (generate ? "kms:GenerateDataKey." : "kms:Decrypt."));
    return found;
}

Result<KeyRing::NewDataKey> KeyRing::makeDataKey(std::string_view key, SimTime now)
{
    const auto master = usable(key, Purpose::GenerateDataKey, now);
    if (!master)
        return tl::unexpected(master.error());
    std::array<std::uint8_t, 16> id {};
    const auto fresh = std::make_shared<DataKey>();
    for (const auto& ok :
         {drawBytes(id.data(), id.size()), drawBytes(fresh->bytes.data(), fresh->bytes.size())}) {
        if (!ok)
            return tl::unexpected(ok.error());
    }
    fresh->id = hex(id.data(), id.size());
    NewDataKey made {fresh, {fresh->id, (*master)->id, (*master)->versions, {}}};
    const auto& material = m_keys.byId.find((*master)->id)->second.material;
    if (auto ok = sealDataKey(material.back(), *fresh, made.wrapped); !ok)
        return tl::unexpected(ok.error());
    return made;
}

Result<std::shared_ptr<const DataKey>> KeyRing::unwrap(const WrappedDataKey& wrapped) const
{
    const auto master = m_keys.byId.find(wrapped.masterKeyId);
    if (master == m_keys.byId.end())
        return tl::unexpected(notFound(wrapped.masterKeyId));
    const auto& material = master->second.material;
    const std::int64_t version = wrapped.masterVersion;
    if (version < 1 || version > static_cast<std::int64_t>(material.size()))
        return fail(ErrorCode::BadInput,
                    "Master key " + wrapped.masterKeyId + " has no version "
                        + std::to_string(version) + ", under which data key " + wrapped.dataKeyId
                        + " is wrapped.");
    return openDataKey(material[static_cast<std::size_t>(version - 1)], wrapped);
}

bool KeyRing::newest(const WrappedDataKey& wrapped) const
{
    const auto master = m_keys.byId.find(wrapped.masterKeyId);
    return master != m_keys.byId.end() && master->second.key.versions == wrapped.masterVersion;
}

Result<WrappedDataKey> KeyRing::rewrap(const WrappedDataKey& wrapped) const
{
    const auto key = unwrap(wrapped);
    if (!key)
        return tl::unexpected(key.error());
    const Keys::Entry& master = m_keys.byId.find(wrapped.masterKeyId)->second;
    WrappedDataKey fresh {wrapped.dataKeyId, wrapped.masterKeyId, master.key.versions, {}};
    if (auto ok = sealDataKey(master.material.back(), **key, fresh); !ok)
        return tl::unexpected(ok.error());
    return fresh;
}

// --- keeping ------------------------------------------------------------------------------------

std::vector<const MasterKey*> KeyRing::keys() const
{
    std::vector<const MasterKey*> out;
    for (const auto& [id, entry] : m_keys.byId)
        out.push_back(&entry.key);
    return out;
}

const std::map<std::string, std::string, std::less<>>& KeyRing::aliases() const
{
    return m_keys.aliases;
}

Result<const MasterKey*> KeyRing::create(std::string description, std::string policy, SimTime now)
{
    auto entry = newEntry(std::move(description), std::move(policy), now);
    if (!entry)
        return tl::unexpected(entry.error());
    const std::string id = entry->key.id;
    Keys next = m_keys;
    next.byId.emplace(id, std::move(*entry));
    if (auto ok = keep(std::move(next)); !ok)
        return tl::unexpected(ok.error());
    return &m_keys.byId.find(id)->second.key;
}

Result<void> KeyRing::setEnabled(const std::string& id, bool enabled)
{
    Keys next = m_keys;
    const auto entry = changeable(next, id);
    if (!entry)
        return tl::unexpected(entry.error());
    (*entry)->key.state = enabled ? MasterKey::State::Enabled : MasterKey::State::Disabled;
    return keep(std::move(next));
}

Result<void> KeyRing::scheduleDeletion(const std::string& id, SimTime at)
{
    Keys next = m_keys;
    const auto entry = changeable(next, id);
    if (!entry)
        return tl::unexpected(entry.error());
    (*entry)->key.state = MasterKey::State::PendingDeletion;
    (*entry)->key.deletionAt = at;
    return keep(std::move(next));
}

Result<void> KeyRing::cancelDeletion(const std::string& id)
{
    Keys next = m_keys;
    const auto at = next.byId.find(id);
    if (at == next.byId.end())
        return tl::unexpected(notFound(id));
    MasterKey& key = at->second.key;
    if (key.state != MasterKey::State::PendingDeletion)
        return fail(ErrorCode::KmsInvalidState, keyArn(id) + " is not pending deletion.");
    key.state = MasterKey::State::Disabled;
    key.deletionAt.reset();
    return keep(std::move(next));
}

Result<void> KeyRing::rotate(const std::string& id)
{
    Keys next = m_keys;
    const auto entry = changeable(next, id);
    if (!entry)
        return tl::unexpected(entry.error());
    MasterKey& key = (*entry)->key;
    if (key.state == MasterKey::State::Disabled)
        return fail(ErrorCode::KmsDisabled, keyArn(id) + " is disabled.");
    if (key.versions >= kVersionsMost)
        return fail(ErrorCode::LimitExceeded,
                    keyArn(id) + " has been rotated " + std::to_string(kVersionsMost - 1)
                        + " times, its most.");
    KeyMaterial material;
    if (auto ok = drawBytes(material.bytes.data(), material.bytes.size()); !ok)
        return ok;
    (*entry)->material.push_back(material);
    ++key.versions;
    return keep(std::move(next));
}

Result<void> KeyRing::setPolicy(const std::string& id, std::string policy)
{
    const auto denials = readKeyPolicy(policy);
    if (!denials)
        return tl::unexpected(denials.error());
    Keys next = m_keys;
    const auto entry = changeable(next, id);
    if (!entry)
        return tl::unexpected(entry.error());
    MasterKey& key = (*entry)->key;
    key.policy = std::move(policy);
    key.deniesGenerate = denials->generate;
    key.deniesDecrypt = denials->decrypt;
    return keep(std::move(next));
}

Result<void> KeyRing::addAlias(const std::string& name, const std::string& id)
{
    Keys next = m_keys;
    const auto entry = changeable(next, id);
    if (!entry)
        return tl::unexpected(entry.error());
    if (!simdjson::validate_utf8(name))
        return fail(ErrorCode::Validation, "An alias must be UTF-8.");
    if (!next.aliases.emplace(name, id).second)
        return fail(ErrorCode::ResourceInUse,
                    "An alias with the name " + aliasArn(name) + " already exists");
    return keep(std::move(next));
}

Result<void> KeyRing::removeAlias(const std::string& name)
{
    Keys next = m_keys;
    if (next.aliases.erase(name) == 0)
        return tl::unexpected(notFound(name));
    return keep(std::move(next));
}

void KeyRing::dropDue(SimTime now)
{
    const auto due = [&](const auto& entry) {
        const std::optional<SimTime>& at = entry.second.key.deletionAt;
        return at && *at <= now;
    };
    if (now < m_nextDue)
        return;
    Keys next = m_keys;
    std::erase_if(next.byId, due);
    std::erase_if(next.aliases, [&](const auto& alias) {
        return next.byId.find(alias.second) == next.byId.end();
    });
    // Gone even if the file cannot say so now: it is dropped again when the file is next read.
    if (!keep(next))
        take(std::move(next));
}

std::string KeyRing::keyArn(std::string_view id) const
{
    return "arn:aws:kms:" + m_options.region + ":" + m_options.accountId + ":key/"
        + std::string(id);
}

std::string KeyRing::aliasArn(std::string_view alias) const
{
    return "arn:aws:kms:" + m_options.region + ":" + m_options.accountId + ":" + std::string(alias);
}

// --- inside -------------------------------------------------------------------------------------

Result<std::string> KeyRing::makeOwnKey(SimTime now)
{
    auto entry = newEntry("Default key that protects stream records when no other key is defined",
                          {}, now);
    if (!entry)
        return tl::unexpected(entry.error());
    std::string id = entry->key.id;
    entry->key.awsManaged = true;
    Keys next = m_keys;
    next.byId.emplace(id, std::move(*entry));
    next.aliases.emplace(kOwnAlias, id);
    if (auto ok = keep(std::move(next)); !ok)
        return tl::unexpected(ok.error());
    return id;
}

Result<KeyRing::Keys::Entry> KeyRing::newEntry(std::string description, std::string policy,
                                               SimTime now) const
{
    const auto denials = readKeyPolicy(policy);
    if (!denials)
        return tl::unexpected(denials.error());
    if (!simdjson::validate_utf8(description))
        return fail(ErrorCode::Validation, "A key's description must be UTF-8.");
    auto id = drawUuid();
    if (!id)
        return tl::unexpected(id.error());
    Keys::Entry entry;
    entry.key.id = std::move(*id);
    entry.key.description = std::move(description);
    entry.key.createdAt = now;
    entry.key.policy = std::move(policy);
    entry.key.deniesGenerate = denials->generate;
    entry.key.deniesDecrypt = denials->decrypt;
    KeyMaterial& first = entry.material.emplace_back();
    if (auto ok = drawBytes(first.bytes.data(), first.bytes.size()); !ok)
        return tl::unexpected(ok.error());
    return entry;
}

Result<std::string> KeyRing::idOf(std::string_view key, SimTime now)
{
    std::string_view name = key;
    if (key.substr(0, 4) == "arn:") {
        const std::string ours = keyArn({});
        const std::string here = aliasArn({});
        if (key.substr(0, ours.size()) == ours)
            return std::string(key.substr(ours.size()));
        if (key.substr(0, here.size()) != here)
            return tl::unexpected(notFound(key));
        name = key.substr(here.size());
    }
    if (name.substr(0, 6) != "alias/")
        return name.size() == key.size() ? Result<std::string>(std::string(name))
                                         : tl::unexpected(notFound(key));
    const auto alias = m_keys.aliases.find(name);
    if (alias != m_keys.aliases.end())
        return alias->second;
    return name == kOwnAlias ? makeOwnKey(now) : tl::unexpected(notFound(key));
}

Result<KeyRing::Keys::Entry*> KeyRing::changeable(Keys& keys, const std::string& id) const
{
    const auto at = keys.byId.find(id);
    if (at == keys.byId.end())
        return tl::unexpected(notFound(id));
    if (at->second.key.state == MasterKey::State::PendingDeletion)
        return tl::unexpected(pending(id));
    return &at->second;
}

Error KeyRing::notFound(std::string_view key) const
{
    if (key.substr(0, 4) == "arn:")
        return {ErrorCode::KmsNotFound, "Key '" + std::string(key) + "' does not exist."};
    if (key.substr(0, 6) == "alias/")
        return {ErrorCode::KmsNotFound, "Alias " + aliasArn(key) + " is not found."};
    return {ErrorCode::KmsNotFound, "Key '" + keyArn(key) + "' does not exist."};
}

Error KeyRing::pending(const std::string& id) const
{
    return {ErrorCode::KmsInvalidState, keyArn(id) + " is pending deletion."};
}

Result<void> KeyRing::keep(Keys next)
{
    if (m_file) {
        if (auto ok = m_file->write(next); !ok)
            return ok;
    }
    take(std::move(next));
    return {};
}

void KeyRing::take(Keys next)
{
    m_keys = std::move(next);
    m_nextDue = SimTime::max();
    for (const auto& [id, entry] : m_keys.byId)
        m_nextDue = std::min(m_nextDue, entry.key.deletionAt.value_or(SimTime::max()));
}

} // namespace shardscope
