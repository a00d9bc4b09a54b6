#pragma once

#include <openssl/crypto.h>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/clock/sim_time.h"

namespace shardscope {

/// What may be known of a master key. Its material stays in the KeyRing and the key file.
struct MasterKey {
    enum class State { Enabled, Disabled, PendingDeletion };

    std::string id; ///< UUID
    std::string description;
    State state = State::Enabled;
    bool awsManaged = false; ///< the one of alias/aws/kinesis
    SimTime createdAt;
    std::optional<SimTime> deletionAt; ///< set exactly with PendingDeletion
    std::int64_t versions = 1; ///< rises with each rotation
    std::string policy; ///< JSON text as it was put; empty: nobody is kept out
    bool deniesGenerate = false; ///< what `policy` denies the stream service
    bool deniesDecrypt = false;
};

/// 256 bits that must not stay in memory: wiped on destruction.
struct KeyMaterial {
    std::array<std::uint8_t, 32> bytes {};

    KeyMaterial() = default;
    KeyMaterial(const KeyMaterial&) = default;
    KeyMaterial& operator=(const KeyMaterial&) = default;
    ~KeyMaterial() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
};

/// Everything that a KeyRing keeps.
struct MasterKeys {
    struct Entry {
        MasterKey key;
        std::vector<KeyMaterial> material; ///< by version, the first is version 1
    };
    std::map<std::string, Entry, std::less<>> byId;
    std::map<std::string, std::string, std::less<>> aliases; ///< `alias/…` → id
};

} // namespace shardscope
