#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/clock/sim_time.h"
#include "core/storage/key_file.h"
#include "core/storage/key_wrap.h"
#include "core/storage/master_key.h"

namespace shardscope {

/// The local key service's keys: master keys with their aliases, and the data keys they wrap. Kept
/// in a key file, or in memory alone. Single-threaded. A change that cannot be written to the file
/// is not made.
///
/// A master key is named by its id, its ARN, an alias (`alias/x`) or an alias ARN;
/// `alias/aws/kinesis` is there always: its key is made when it is first asked for. The service's
/// KMSThrottling and KMSOptInRequired are never given: a local ring is never too slow and needs no
/// subscription.
class KeyRing {
public:
    static constexpr std::string_view kOwnAlias = "alias/aws/kinesis";
    /// What the stream service wants of a key: GenerateDataKey to write, Decrypt to read.
    enum class Purpose { GenerateDataKey, Decrypt };
    struct Options {
        std::string accountId = "000000000000";
        std::string region = "us-east-1";
    };

    /// In memory alone.
    explicit KeyRing(Options options);
    /// Kept in the file `path`, which is made when it is not there. Errors: those of
    /// KeyFile::open().
    [[nodiscard]] static Result<std::unique_ptr<KeyRing>> open(Options options, std::string path);
    KeyRing(const KeyRing&) = delete;
    KeyRing& operator=(const KeyRing&) = delete;

    // --- using ----------------------------------------------------------------------------------
    /// The key, whatever its state. Valid until the next change. Errors: KmsNotFound; Io when the
    /// key of alias/aws/kinesis cannot be kept.
    [[nodiscard]] Result<const MasterKey*> find(std::string_view key, SimTime now);
    /// The key, if it may be used. Errors: those of find(); KmsDisabled, KmsInvalidState (it waits
    /// for its deletion), KmsAccessDenied (its policy).
    [[nodiscard]] Result<const MasterKey*> usable(std::string_view key, Purpose purpose,
                                                  SimTime now);

    struct NewDataKey {
        std::shared_ptr<const DataKey> key;
        WrappedDataKey wrapped;
    };
    /// A fresh data key under the newest version. Errors: those of usable().
    [[nodiscard]] Result<NewDataKey> makeDataKey(std::string_view key, SimTime now);
    /// Whatever the master key's state: who reads asks usable() each time. So what a disabled key
    /// guards is there again once it is enabled. Errors: KmsNotFound (the master key is gone),
    /// BadInput (not what was wrapped).
    [[nodiscard]] Result<std::shared_ptr<const DataKey>>
    unwrap(const WrappedDataKey& wrapped) const;
    /// Whether the newest version of the master key wraps it.
    [[nodiscard]] bool newest(const WrappedDataKey& wrapped) const;
    /// The same data key under the newest version. Errors: those of unwrap().
    [[nodiscard]] Result<WrappedDataKey> rewrap(const WrappedDataKey& wrapped) const;

    // --- keeping --------------------------------------------------------------------------------
    // Errors: Io when the change cannot be written; KmsNotFound for an id that is not there.
    // `id` is a UUID, as find() gives it.
    [[nodiscard]] std::vector<const MasterKey*> keys() const; ///< by id
    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& aliases() const;
    /// `policy`: as setPolicy().
    [[nodiscard]] Result<const MasterKey*> create(std::string description, std::string policy,
                                                  SimTime now);
    /// Errors: KmsInvalidState while it waits for its deletion.
    [[nodiscard]] Result<void> setEnabled(const std::string& id, bool enabled);
    /// From `at` on the key is gone. Errors: KmsInvalidState when it waits already.
    [[nodiscard]] Result<void> scheduleDeletion(const std::string& id, SimTime at);
    /// It is Disabled then. Errors: KmsInvalidState when it does not wait for its deletion.
    [[nodiscard]] Result<void> cancelDeletion(const std::string& id);
    /// A new version, which wraps from now on. Errors: KmsDisabled, KmsInvalidState; LimitExceeded
    /// beyond kVersionsMost.
    [[nodiscard]] Result<void> rotate(const std::string& id);
    /// JSON text, or empty. Errors: Validation when it is no policy (key_policy.h).
    [[nodiscard]] Result<void> setPolicy(const std::string& id, std::string policy);
    /// Errors: ResourceInUse when there is such an alias.
    [[nodiscard]] Result<void> addAlias(const std::string& name, const std::string& id);
    /// Errors: KmsNotFound.
    [[nodiscard]] Result<void> removeAlias(const std::string& name);
    /// Drops keys whose deletion is due, with their aliases. find() does it too.
    void dropDue(SimTime now);

    [[nodiscard]] std::string keyArn(std::string_view id) const;
    [[nodiscard]] std::string aliasArn(std::string_view alias) const;

    /// Versions of one key: rotations on demand that the service allows, and the first. Each is
    /// kept for ever, for what it wrapped.
    static constexpr std::int64_t kVersionsMost = 26;

private:
    using Keys = MasterKeys;

    [[nodiscard]] Result<std::string> makeOwnKey(SimTime now);
    [[nodiscard]] Result<Keys::Entry> newEntry(std::string description, std::string policy,
                                               SimTime now) const;
    [[nodiscard]] Result<std::string> idOf(std::string_view key, SimTime now);
    /// The entry, for changes: not there, or waiting for its deletion, is an error.
    [[nodiscard]] Result<Keys::Entry*> changeable(Keys& keys, const std::string& id) const;
    [[nodiscard]] Error notFound(std::string_view key) const;
    [[nodiscard]] Error pending(const std::string& id) const;
    /// Makes `next` the ring's keys, once it is written.
    [[nodiscard]] Result<void> keep(Keys next);
    void take(Keys next);

    Options m_options;
    Keys m_keys;
    std::optional<KeyFile> m_file;
    SimTime m_nextDue = SimTime::max(); ///< the first deletion
};

} // namespace shardscope
