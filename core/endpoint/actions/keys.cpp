#include "core/endpoint/actions/actions.h"
#include "core/endpoint/actions/common.h"

namespace shardscope::endpoint::actions {
namespace {

using namespace shapes;

constexpr Shape kNothing;
constexpr Shape kKeyId {.type = ShapeType::Text, .least = 1, .most = 2'048};
constexpr Shape kDescription {.type = ShapeType::Text, .least = 0, .most = 8'192};
constexpr Shape kPolicy {.type = ShapeType::Text, .least = 1, .most = 131'072};
constexpr Shape kAlias {.type = ShapeType::Text, .least = 1, .most = 256};
constexpr Shape kDays {.type = ShapeType::Integer, .least = 1, .most = 365};

constexpr Member kKeyMembers[] {{"KeyId", &kKeyId, true}};
constexpr Shape kKey {.members = kKeyMembers};
constexpr Member kCreateMembers[] {{"Description", &kDescription}, {"Policy", &kPolicy}};
constexpr Shape kCreate {.members = kCreateMembers};
constexpr Member kScheduleMembers[] {{"KeyId", &kKeyId, true}, {"PendingWindowInDays", &kDays}};
constexpr Shape kSchedule {.members = kScheduleMembers};
constexpr Member kPutPolicyMembers[] {{"KeyId", &kKeyId, true}, {"Policy", &kPolicy, true}};
constexpr Shape kPutPolicy {.members = kPutPolicyMembers};
constexpr Member kCreateAliasMembers[] {{"AliasName", &kAlias, true},
                                        {"TargetKeyId", &kKeyId, true}};
constexpr Shape kCreateAliasInput {.members = kCreateAliasMembers};
constexpr Member kDeleteAliasMembers[] {{"AliasName", &kAlias, true}};
constexpr Shape kDeleteAliasInput {.members = kDeleteAliasMembers};

Result<ApiRequest> readCreate(const Input& in, const ArnScope&)
{
    return kms::CreateKey {in.textOr("Description"), in.textOr("Policy")};
}

template <typename Request> Result<ApiRequest> readNothing(const Input&, const ArnScope&)
{
    return Request {};
}

template <typename Request> Result<ApiRequest> readKey(const Input& in, const ArnScope&)
{
    return Request {in.textOr("KeyId")};
}

Result<ApiRequest> readSchedule(const Input& in, const ArnScope&)
{
    kms::ScheduleKeyDeletion request {.key = in.textOr("KeyId")};
    request.pendingWindowDays
        = in.integer("PendingWindowInDays").value_or(request.pendingWindowDays);
    return request;
}

Result<ApiRequest> readPutPolicy(const Input& in, const ArnScope&)
{
    return kms::PutKeyPolicy {in.textOr("KeyId"), in.textOr("Policy")};
}

Result<ApiRequest> readCreateAlias(const Input& in, const ArnScope&)
{
    return kms::CreateAlias {in.textOr("AliasName"), in.textOr("TargetKeyId")};
}

Result<ApiRequest> readDeleteAlias(const Input& in, const ArnScope&)
{
    return kms::DeleteAlias {in.textOr("AliasName")};
}

std::string arnOf(const ArnScope& scope, std::string_view resource)
{
    return "arn:aws:kms:" + std::string(scope.region) + ':' + std::string(scope.account) + ':'
        + std::string(resource);
}

std::string keyArn(const ArnScope& scope, const std::string& keyId)
{
    return arnOf(scope, "key/" + keyId);
}

void writeMetadata(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    const auto& key = std::get<kms::KeyDescription>(answer);
    out.beginMap();
    out.beginMap("KeyMetadata");
    out.member("AWSAccountId", with.scope.account);
    out.member("KeyId", key.keyId);
    out.member("Arn", keyArn(with.scope, key.keyId));
    out.member("CreationDate", key.createdAt);
    out.flag("Enabled", key.state == kms::KeyState::Enabled);
    out.member("Description", key.description);
    out.member("KeyUsage", "ENCRYPT_DECRYPT");
    out.member("KeyState", words::of(words::kKeyState, key.state));
    if (key.deletionAt)
        out.member("DeletionDate", *key.deletionAt);
    out.member("Origin", "AWS_KMS");
    out.member("KeyManager", key.awsManaged ? "AWS" : "CUSTOMER");
    out.member("KeySpec", "SYMMETRIC_DEFAULT");
    out.member("CustomerMasterKeySpec", "SYMMETRIC_DEFAULT");
    out.flag("MultiRegion", false);
    out.endMap();
    out.endMap();
}

void writeScheduled(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    const auto& key = std::get<kms::KeyDescription>(answer);
    out.beginMap();
    out.member("KeyId", keyArn(with.scope, key.keyId));
    if (key.deletionAt)
        out.member("DeletionDate", *key.deletionAt);
    out.member("KeyState", words::of(words::kKeyState, key.state));
    out.endMap();
}

void writeKeyId(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    out.beginMap();
    out.member("KeyId", keyArn(with.scope, std::get<kms::KeyDescription>(answer).keyId));
    out.endMap();
}

void writeKeys(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    out.beginMap();
    out.beginList("Keys");
    for (const auto& key : std::get<kms::ListKeysResult>(answer).keys) {
        out.beginMap();
        out.member("KeyId", key.keyId);
        out.member("KeyArn", keyArn(with.scope, key.keyId));
        out.endMap();
    }
    out.endList();
    out.flag("Truncated", false);
    out.endMap();
}

void writePolicy(WireWriter& out, const ApiAnswer& answer, const Answering&)
{
    out.beginMap();
    out.member("Policy", std::get<kms::KeyPolicyResult>(answer).policy);
    out.member("PolicyName", "default");
    out.endMap();
}

void writeAliases(WireWriter& out, const ApiAnswer& answer, const Answering& with)
{
    out.beginMap();
    out.beginList("Aliases");
    for (const auto& alias : std::get<kms::ListAliasesResult>(answer).aliases) {
        out.beginMap();
        out.member("AliasName", alias.name);
        out.member("AliasArn", arnOf(with.scope, alias.name));
        out.member("TargetKeyId", alias.keyId);
        out.endMap();
    }
    out.endList();
    out.flag("Truncated", false);
    out.endMap();
}

} // namespace

const Action kCancelKeyDeletion {.name = "CancelKeyDeletion",
                                 .input = &kKey,
                                 .read = readKey<kms::CancelKeyDeletion>,
                                 .write = writeKeyId};
const Action kCreateAlias {
    .name = "CreateAlias", .input = &kCreateAliasInput, .read = readCreateAlias};
const Action kCreateKey {
    .name = "CreateKey", .input = &kCreate, .read = readCreate, .write = writeMetadata};
const Action kDeleteAlias {
    .name = "DeleteAlias", .input = &kDeleteAliasInput, .read = readDeleteAlias};
const Action kDescribeKey {.name = "DescribeKey",
                           .input = &kKey,
                           .read = readKey<kms::DescribeKey>,
                           .write = writeMetadata};
const Action kDisableKey {.name = "DisableKey", .input = &kKey, .read = readKey<kms::DisableKey>};
const Action kEnableKey {.name = "EnableKey", .input = &kKey, .read = readKey<kms::EnableKey>};
const Action kGetKeyPolicy {.name = "GetKeyPolicy",
                            .input = &kKey,
                            .read = readKey<kms::GetKeyPolicy>,
                            .write = writePolicy};
const Action kListAliases {.name = "ListAliases",
                           .input = &kNothing,
                           .read = readNothing<kms::ListAliases>,
                           .write = writeAliases};
const Action kListKeys {
    .name = "ListKeys", .input = &kNothing, .read = readNothing<kms::ListKeys>, .write = writeKeys};
const Action kPutKeyPolicy {.name = "PutKeyPolicy", .input = &kPutPolicy, .read = readPutPolicy};
const Action kRotateKeyOnDemand {.name = "RotateKeyOnDemand",
                                 .input = &kKey,
                                 .read = readKey<kms::RotateKeyOnDemand>,
                                 .write = writeKeyId};
const Action kScheduleKeyDeletion {.name = "ScheduleKeyDeletion",
                                   .input = &kSchedule,
                                   .read = readSchedule,
                                   .write = writeScheduled};

} // namespace shardscope::endpoint::actions
