#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/clock/sim_time.h"

/// The key service's operations that a local stream needs: the keys of storage/key_ring.h under the
/// names that the AWS CLI and SDKs use (`TrentService.*`), so that a key can be disabled or deleted
/// with `aws kms` and the stream answers as the service would.
namespace shardscope::kms {

/// A key by its id, its ARN, its alias name (`alias/x`) or its alias ARN.
using KeyRef = std::string;

enum class KeyState { Enabled, Disabled, PendingDeletion };

struct KeyDescription {
    std::string keyId; ///< UUID
    std::string description;
    KeyState state = KeyState::Enabled;
    bool awsManaged = false; ///< of alias/aws/kinesis
    SimTime createdAt;
    std::optional<SimTime> deletionAt; ///< with PendingDeletion
    std::int64_t versions = 1; ///< rises with each rotation
    bool denied = false; ///< its policy keeps the stream service out
};

struct CreateKey {
    std::string description;
    std::string policy; ///< JSON text; may be empty
};
struct DescribeKey {
    KeyRef key;
};
struct ListKeys { };
struct EnableKey {
    KeyRef key;
};
struct DisableKey {
    KeyRef key;
};
struct ScheduleKeyDeletion {
    KeyRef key;
    std::int64_t pendingWindowDays = 30; ///< 7 … 30
};
struct CancelKeyDeletion {
    KeyRef key;
};
struct RotateKeyOnDemand {
    KeyRef key;
};
/// A policy with a Deny statement for `kms:GenerateDataKey` or `kms:Decrypt` (or all of kms) shuts
/// the stream service out.
struct PutKeyPolicy {
    KeyRef key;
    std::string policy; ///< JSON text
};
struct GetKeyPolicy {
    KeyRef key;
};
struct CreateAlias {
    std::string aliasName; ///< `alias/…`, not `alias/aws/…`
    KeyRef targetKey;
};
struct DeleteAlias {
    std::string aliasName;
};
struct ListAliases { };

struct ListKeysResult {
    std::vector<KeyDescription> keys;
};
struct KeyPolicyResult {
    std::string policy;
};
struct Alias {
    std::string name;
    std::string keyId;
};
struct ListAliasesResult {
    std::vector<Alias> aliases;
};

} // namespace shardscope::kms
