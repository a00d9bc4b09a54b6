#include "core/engine/kms_service.h"

#include <algorithm>

#include "core/base/budgets.h"
#include "core/engine/constraints.h"
#include "core/engine/limits.h"

namespace shardscope::kms {
namespace {

KeyState stateOf(MasterKey::State state)
{
    switch (state) {
    case MasterKey::State::Enabled:
        return KeyState::Enabled;
    case MasterKey::State::Disabled:
        return KeyState::Disabled;
    case MasterKey::State::PendingDeletion:
        return KeyState::PendingDeletion;
    }
    return {};
}

KeyDescription describe(const MasterKey& key)
{
    return {.keyId = key.id,
            .description = key.description,
            .state = stateOf(key.state),
            .awsManaged = key.awsManaged,
            .createdAt = key.createdAt,
            .deletionAt = key.deletionAt,
            .versions = key.versions,
            .denied = key.deniesGenerate || key.deniesDecrypt};
}

/// The id of a key that may be changed: an AWS-managed one may not, and aliases do not name it.
Result<std::string> ownId(KeyRing& ring, const KeyRef& key, SimTime now)
{
    if (key.find("alias/") != std::string::npos)
        return fail(ErrorCode::KmsNotFound, "Invalid keyId '" + key + "': an alias is not taken.");
    const auto found = ring.find(key, now);
    if (!found)
        return tl::unexpected(found.error());
    if ((*found)->awsManaged)
        return fail(ErrorCode::AccessDenied,
                    ring.keyArn((*found)->id) + " is managed by AWS and cannot be changed.");
    return (*found)->id;
}

/// Calls `act(id)` and answers the key as it is then.
template <typename Act>
Result<ApiAnswer> changed(KeyRing& ring, const KeyRef& key, SimTime now, Act act)
{
    const auto id = ownId(ring, key, now);
    if (!id)
        return tl::unexpected(id.error());
    if (auto ok = act(*id); !ok)
        return tl::unexpected(ok.error());
    const auto after = ring.find(*id, now);
    if (!after)
        return tl::unexpected(after.error());
    return describe(**after);
}

/// As changed(), answering nothing.
template <typename Act>
Result<ApiAnswer> done(KeyRing& ring, const KeyRef& key, SimTime now, Act act)
{
    auto answer = changed(ring, key, now, act);
    if (!answer)
        return answer;
    return std::monostate {};
}

Result<void> checkPolicySize(const std::string& policy)
{
    return constraints::length("policy", policy, 0, limits::kKeyPolicyChars);
}

bool isAliasCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/'
        || c == '_' || c == '-';
}

/// An alias name that a user may give.
Result<void> checkAlias(const std::string& name)
{
    constexpr std::string_view kPrefix = "alias/", kReserved = "alias/aws/";
    const bool good = name.size() > kPrefix.size() && name.compare(0, 6, kPrefix) == 0
        && static_cast<std::int64_t>(name.size()) <= limits::kKeyAliasChars
        && std::all_of(name.begin(), name.end(), isAliasCharacter);
    if (!good)
        return fail(ErrorCode::Validation,
                    "An alias is `alias/` and up to " + std::to_string(limits::kKeyAliasChars)
                        + " characters in all of "
                          "a-z, A-Z, 0-9, /, _ and -.");
    if (name.compare(0, kReserved.size(), kReserved) == 0)
        return fail(ErrorCode::AccessDenied, "Aliases that begin with alias/aws/ are AWS's own.");
    return {};
}

} // namespace

Result<ApiAnswer> answer(KeyRing& ring, const CreateKey& request, SimTime now)
{
    ring.dropDue(now);
    for (const auto& ok :
         {constraints::length("description", request.description, 0, limits::kKeyDescriptionChars),
          checkPolicySize(request.policy)}) {
        if (!ok)
            return tl::unexpected(ok.error());
    }
    if (static_cast<std::int64_t>(ring.keys().size()) >= budgets::kMasterKeys)
        return fail(ErrorCode::LimitExceeded,
                    "A local key ring holds " + std::to_string(budgets::kMasterKeys) + " keys.");
    const auto made = ring.create(request.description, request.policy, now);
    if (!made)
        return tl::unexpected(made.error());
    return describe(**made);
}

Result<ApiAnswer> answer(KeyRing& ring, const DescribeKey& request, SimTime now)
{
    const auto found = ring.find(request.key, now);
    if (!found)
        return tl::unexpected(found.error());
    return describe(**found);
}

Result<ApiAnswer> answer(KeyRing& ring, const ListKeys&, SimTime now)
{
    ring.dropDue(now);
    ListKeysResult out;
    for (const MasterKey* key : ring.keys())
        out.keys.push_back(describe(*key));
    return out;
}

Result<ApiAnswer> answer(KeyRing& ring, const EnableKey& request, SimTime now)
{
    return done(ring, request.key, now, [&](auto& id) { return ring.setEnabled(id, true); });
}

Result<ApiAnswer> answer(KeyRing& ring, const DisableKey& request, SimTime now)
{
    return done(ring, request.key, now, [&](auto& id) { return ring.setEnabled(id, false); });
}

Result<ApiAnswer> answer(KeyRing& ring, const ScheduleKeyDeletion& request, SimTime now)
{
    const std::int64_t days = request.pendingWindowDays;
    if (auto ok = constraints::range("pendingWindowInDays", days, limits::kKeyDeletionDaysLeast,
                                     limits::kKeyDeletionDaysMost);
        !ok)
        return tl::unexpected(ok.error());
    return changed(ring, request.key, now, [&](auto& id) {
        return ring.scheduleDeletion(id, now + SimDuration::days(days));
    });
}

Result<ApiAnswer> answer(KeyRing& ring, const CancelKeyDeletion& request, SimTime now)
{
    return changed(ring, request.key, now, [&](auto& id) { return ring.cancelDeletion(id); });
}

Result<ApiAnswer> answer(KeyRing& ring, const RotateKeyOnDemand& request, SimTime now)
{
    return changed(ring, request.key, now, [&](auto& id) { return ring.rotate(id); });
}

Result<ApiAnswer> answer(KeyRing& ring, const PutKeyPolicy& request, SimTime now)
{
    if (auto ok = checkPolicySize(request.policy); !ok)
        return tl::unexpected(ok.error());
    return done(ring, request.key, now,
                [&](auto& id) { return ring.setPolicy(id, request.policy); });
}

Result<ApiAnswer> answer(KeyRing& ring, const GetKeyPolicy& request, SimTime now)
{
    const auto found = ring.find(request.key, now);
    if (!found)
        return tl::unexpected(found.error());
    return KeyPolicyResult {(*found)->policy};
}

Result<ApiAnswer> answer(KeyRing& ring, const CreateAlias& request, SimTime now)
{
    if (auto ok = checkAlias(request.aliasName); !ok)
        return tl::unexpected(ok.error());
    return done(ring, request.targetKey, now, [&](auto& id) -> Result<void> {
        const auto& all = ring.aliases();
        const auto of = std::count_if(all.begin(), all.end(),
                                      [&](const auto& alias) { return alias.second == id; });
        if (of >= limits::kAliasesPerKey)
            return fail(ErrorCode::LimitExceeded,
                        ring.keyArn(id) + " has " + std::to_string(of) + " aliases, its most.");
        return ring.addAlias(request.aliasName, id);
    });
}

Result<ApiAnswer> answer(KeyRing& ring, const DeleteAlias& request, SimTime now)
{
    if (auto ok = checkAlias(request.aliasName); !ok)
        return tl::unexpected(ok.error());
    ring.dropDue(now);
    if (auto ok = ring.removeAlias(request.aliasName); !ok)
        return tl::unexpected(ok.error());
    return std::monostate {};
}

Result<ApiAnswer> answer(KeyRing& ring, const ListAliases&, SimTime now)
{
    if (const auto own = ring.find(KeyRing::kOwnAlias, now); !own)
        return tl::unexpected(own.error());
    ListAliasesResult out;
    for (const auto& [name, id] : ring.aliases())
        out.aliases.push_back({name, id});
    return out;
}

} // namespace shardscope::kms
