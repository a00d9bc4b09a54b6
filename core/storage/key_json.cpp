#include "core/storage/key_json.h"

#include <algorithm>
#include <simdjson.h>
#include <utility>

#include "core/storage/key_policy.h"
#include "core/storage/key_ring.h"

namespace shardscope {
namespace {

using simdjson::SUCCESS;
namespace ondemand = simdjson::ondemand;
static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);

constexpr std::int64_t kVersion = 1;
constexpr const char* kHex = "0123456789abcdef";

constexpr std::pair<MasterKey::State, const char*> kStates[]
    = {{MasterKey::State::Enabled, "Enabled"},
       {MasterKey::State::Disabled, "Disabled"},
       {MasterKey::State::PendingDeletion, "PendingDeletion"}};

// --- writing ------------------------------------------------------------------------------------

void addText(std::string& out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

void addField(std::string& out, const char* name, std::string_view text)
{
    out += ",\"";
    out += name;
    out += "\":";
    addText(out, text);
}

void addMaterial(std::string& out, const KeyMaterial& material)
{
    out += '"';
    for (const std::uint8_t byte : material.bytes) {
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    }
    out += '"';
}

const char* stateText(MasterKey::State state)
{
    for (const auto& [known, text] : kStates) {
        if (known == state)
            return text;
    }
    return "";
}

void addEntry(std::string& out, const MasterKeys::Entry& entry)
{
    const MasterKey& key = entry.key;
    out += "{\"id\":";
    addText(out, key.id);
    addField(out, "description", key.description);
    addField(out, "state", stateText(key.state));
    out += std::string(",\"awsManaged\":") + (key.awsManaged ? "true" : "false");
    out += ",\"createdAtMicros\":" + std::to_string(key.createdAt.inMicros());
    if (key.deletionAt)
        out += ",\"deletionAtMicros\":" + std::to_string(key.deletionAt->inMicros());
    addField(out, "policy", key.policy);
    out += ",\"material\":[";
    for (std::size_t i = 0; i < entry.material.size(); ++i) {
        out += i == 0 ? "" : ",";
        addMaterial(out, entry.material[i]);
    }
    out += "]}";
}

/// At least as many bytes as the text has.
std::size_t mostBytes(const MasterKeys& keys)
{
    constexpr std::size_t kFrame = 512, kEscaped = 6;
    std::size_t most = kFrame;
    for (const auto& [id, entry] : keys.byId)
        most += kFrame
            + kEscaped * (id.size() + entry.key.description.size() + entry.key.policy.size())
            + 2 * sizeof(KeyMaterial) * (entry.material.size() + 1);
    for (const auto& [alias, id] : keys.aliases)
        most += kFrame + kEscaped * (alias.size() + id.size());
    return most;
}

// --- reading ------------------------------------------------------------------------------------

tl::unexpected<Error> broken(std::string what)
{
    return fail(ErrorCode::BadInput, std::move(what));
}

int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// From the text itself: the parser keeps no copy of it.
bool readMaterial(ondemand::raw_json_string text, KeyMaterial& out)
{
    const char* at = text.raw();
    for (std::uint8_t& byte : out.bytes) {
        const int high = digit(*at);
        const int low = high < 0 ? -1 : digit(at[1]);
        if (low < 0)
            return false;
        byte = static_cast<std::uint8_t>(high << 4 | low);
        at += 2;
    }
    return *at == '"';
}

Result<std::string> readText(ondemand::object& from, const char* name)
{
    std::string_view text;
    if (from[name].get(text) != SUCCESS)
        return broken(std::string("a key's ") + name + " is missing");
    return std::string(text);
}

bool isUuid(const std::string& text)
{
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : digit(text[i]) < 0)
            return false;
    }
    return true;
}

Result<void> readTimes(ondemand::object& from, MasterKey& key)
{
    std::int64_t created = 0, deletion = 0;
    if (from["createdAtMicros"].get(created) != SUCCESS)
        return broken("key " + key.id + " has no createdAtMicros");
    key.createdAt = SimTime::fromMicros(created);
    const bool pending = key.state == MasterKey::State::PendingDeletion;
    if ((from["deletionAtMicros"].get(deletion) == SUCCESS) != pending)
        return broken("key " + key.id + " has a state and a deletionAtMicros that do not agree");
    if (pending)
        key.deletionAt = SimTime::fromMicros(deletion);
    return {};
}

Result<void> readVersions(ondemand::object& from, MasterKeys::Entry& entry)
{
    ondemand::array list;
    if (from["material"].get(list) != SUCCESS)
        return broken("key " + entry.key.id + " has no material");
    for (auto one : list) {
        ondemand::raw_json_string text;
        if (entry.material.size() >= static_cast<std::size_t>(KeyRing::kVersionsMost)
            || one.get(text) != SUCCESS || !readMaterial(text, entry.material.emplace_back()))
            return broken("the material of key " + entry.key.id + " is damaged");
    }
    if (entry.material.empty())
        return broken("key " + entry.key.id + " has no material");
    entry.key.versions = static_cast<std::int64_t>(entry.material.size());
    return {};
}

Result<void> readState(ondemand::object& from, MasterKey& key)
{
    const auto text = readText(from, "state");
    if (!text)
        return tl::unexpected(text.error());
    const auto state = std::find_if(std::begin(kStates), std::end(kStates),
                                    [&](const auto& known) { return *text == known.second; });
    if (state == std::end(kStates) || from["awsManaged"].get(key.awsManaged) != SUCCESS)
        return broken("key " + key.id + " has no known state");
    key.state = state->first;
    return {};
}

Result<void> readPolicy(ondemand::object& from, MasterKey& key)
{
    auto policy = readText(from, "policy");
    if (!policy)
        return tl::unexpected(policy.error());
    const auto denials = readKeyPolicy(*policy);
    if (!denials)
        return tl::unexpected(denials.error());
    key.policy = std::move(*policy);
    key.deniesGenerate = denials->generate;
    key.deniesDecrypt = denials->decrypt;
    return {};
}

Result<void> readEntry(ondemand::object from, MasterKeys& keys)
{
    MasterKeys::Entry entry;
    auto id = readText(from, "id");
    auto description = readText(from, "description");
    if (!id || !description)
        return tl::unexpected(id ? description.error() : id.error());
    if (!isUuid(*id))
        return broken("a key's id is no UUID");
    entry.key.id = *id;
    entry.key.description = std::move(*description);
    if (auto ok = readState(from, entry.key); !ok)
        return ok;
    if (auto ok = readTimes(from, entry.key); !ok)
        return ok;
    if (auto ok = readPolicy(from, entry.key); !ok)
        return ok;
    if (auto ok = readVersions(from, entry); !ok)
        return ok;
    if (!keys.byId.emplace(*id, std::move(entry)).second)
        return broken("key " + *id + " stands in it twice");
    return {};
}

Result<void> readAliases(ondemand::object from, MasterKeys& keys)
{
    for (auto field : from) {
        std::string_view name, id;
        if (field.unescaped_key().get(name) != SUCCESS)
            return broken("an alias has no name");
        std::string alias(name);
        if (field.value().get(id) != SUCCESS || keys.byId.find(id) == keys.byId.end()
            || !keys.aliases.emplace(std::move(alias), std::string(id)).second)
            return broken("an alias is there twice or names no key");
    }
    return {};
}

} // namespace

std::string keysToJson(const MasterKeys& keys)
{
    std::string out;
    out.reserve(mostBytes(keys));
    out += "{\"shardscopeKeys\":" + std::to_string(kVersion) + ",\n\"keys\":[";
    const char* between = "\n";
    for (const auto& [id, entry] : keys.byId) {
        out += std::exchange(between, ",\n");
        addEntry(out, entry);
    }
    out += "],\n\"aliases\":{";
    between = "\n";
    for (const auto& [alias, id] : keys.aliases) {
        out += std::exchange(between, ",\n");
        addText(out, alias);
        out += ':';
        addText(out, id);
    }
    out += "}}\n";
    return out;
}

Result<MasterKeys> keysFromJson(const std::string& text)
{
    ondemand::parser parser;
    ondemand::document document;
    ondemand::object root, aliases;
    ondemand::array list;
    std::int64_t version = 0;
    const simdjson::padded_string_view padded(text.data(), text.size(), text.capacity());
    if (parser.iterate(padded).get(document) != SUCCESS
        || document.get_object().get(root) != SUCCESS
        || root["shardscopeKeys"].get(version) != SUCCESS || version < 1)
        return broken("it is no key file of Shardscope");
    if (version > kVersion)
        return broken("it is of version " + std::to_string(version) + ", and this program reads "
                      + std::to_string(kVersion) + " at most");
    MasterKeys keys;
    if (root["keys"].get(list) != SUCCESS)
        return broken("it has no keys");
    for (auto one : list) {
        ondemand::object entry;
        if (one.get(entry) != SUCCESS)
            return broken("a key is no object");
        if (auto ok = readEntry(entry, keys); !ok)
            return tl::unexpected(ok.error());
    }
    if (root["aliases"].get(aliases) != SUCCESS)
        return broken("it has no aliases");
    if (auto ok = readAliases(aliases, keys); !ok)
        return tl::unexpected(ok.error());
    return keys;
}

} // namespace shardscope
