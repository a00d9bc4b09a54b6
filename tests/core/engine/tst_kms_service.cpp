#include <QTest>

#include "core/base/budgets.h"
#include "core/engine/kms_service.h"
#include "core/engine/limits.h"

using namespace shardscope;

namespace {

/// A ring and its front, with answers taken apart.
struct Front {
    KeyRing ring {{}};
    SimTime now = kDefaultStart;

    template <typename Request> std::optional<ErrorCode> refusal(const Request& request)
    {
        const auto done = kms::answer(ring, request, now);
        return done ? std::optional<ErrorCode>() : done.error().code;
    }
    template <typename Answer, typename Request> Answer ask(const Request& request)
    {
        return std::get<Answer>(kms::answer(ring, request, now).value());
    }
    kms::KeyDescription create() { return ask<kms::KeyDescription>(kms::CreateKey {}); }
    kms::KeyDescription describe(const std::string& key)
    {
        return ask<kms::KeyDescription>(kms::DescribeKey {key});
    }
};

constexpr std::optional<ErrorCode> kDone;

} // namespace

class KmsServiceTest : public QObject {
    Q_OBJECT

private slots:
    void aKeyLivesThroughItsStates()
    {
        Front front;
        const auto made = front.ask<kms::KeyDescription>(kms::CreateKey {"mine", {}});
        QCOMPARE(made.description, std::string("mine"));
        QVERIFY(made.state == kms::KeyState::Enabled && made.createdAt == front.now);
        QCOMPARE(front.refusal(kms::DisableKey {made.keyId}), kDone);
        QVERIFY(front.describe(made.keyId).state == kms::KeyState::Disabled);
        QCOMPARE(front.refusal(kms::RotateKeyOnDemand {made.keyId}), ErrorCode::KmsDisabled);
        QCOMPARE(front.refusal(kms::EnableKey {made.keyId}), kDone);
        QCOMPARE(front.ask<kms::KeyDescription>(kms::RotateKeyOnDemand {made.keyId}).versions,
                 std::int64_t {2});
        const auto due = front.ask<kms::KeyDescription>(kms::ScheduleKeyDeletion {made.keyId, 7});
        QVERIFY(due.state == kms::KeyState::PendingDeletion);
        QVERIFY(due.deletionAt == front.now + SimDuration::days(7));
        QCOMPARE(front.refusal(kms::ScheduleKeyDeletion {made.keyId, 7}),
                 ErrorCode::KmsInvalidState);
        QCOMPARE(front.refusal(kms::EnableKey {made.keyId}), ErrorCode::KmsInvalidState);
        const auto kept = front.ask<kms::KeyDescription>(kms::CancelKeyDeletion {made.keyId});
        QVERIFY(kept.state == kms::KeyState::Disabled && !kept.deletionAt);
    }

    void deletionWaitsSevenToThirtyDays()
    {
        Front front;
        for (const std::int64_t days :
             {limits::kKeyDeletionDaysLeast, limits::kKeyDeletionDaysMost}) {
            const std::string id = front.create().keyId;
            const std::int64_t outside
                = days == limits::kKeyDeletionDaysLeast ? days - 1 : days + 1;
            QCOMPARE(front.refusal(kms::ScheduleKeyDeletion {id, outside}), ErrorCode::Validation);
            QCOMPARE(front.refusal(kms::ScheduleKeyDeletion {id, days}), kDone);
            front.now += SimDuration::days(days) - SimDuration::micros(1);
            QCOMPARE(front.ask<kms::ListKeysResult>(kms::ListKeys {}).keys.size(), std::size_t {1});
            front.now += SimDuration::micros(1);
            QCOMPARE(front.ask<kms::ListKeysResult>(kms::ListKeys {}).keys.size(), std::size_t {0});
            QCOMPARE(front.refusal(kms::CancelKeyDeletion {id}), ErrorCode::KmsNotFound);
        }
    }

    void theStreamServicesOwnKeyIsNotChanged()
    {
        Front front;
        const auto aliases = front.ask<kms::ListAliasesResult>(kms::ListAliases {}).aliases;
        QCOMPARE(aliases.size(), std::size_t {1});
        QCOMPARE(aliases[0].name, std::string("alias/aws/kinesis"));
        const std::string id = aliases[0].keyId;
        QVERIFY(front.describe("alias/aws/kinesis").awsManaged);
        QCOMPARE(front.refusal(kms::DisableKey {id}), ErrorCode::AccessDenied);
        QCOMPARE(front.refusal(kms::ScheduleKeyDeletion {id, 7}), ErrorCode::AccessDenied);
        QCOMPARE(front.refusal(kms::RotateKeyOnDemand {id}), ErrorCode::AccessDenied);
        QCOMPARE(front.refusal(kms::PutKeyPolicy {id, {}}), ErrorCode::AccessDenied);
        QCOMPARE(front.refusal(kms::CreateAlias {"alias/x", id}), ErrorCode::AccessDenied);
        QCOMPARE(front.refusal(kms::DeleteAlias {"alias/aws/kinesis"}), ErrorCode::AccessDenied);
    }

    void policiesAreReturnedAsTheyWerePut()
    {
        Front front;
        const std::string id = front.create().keyId;
        const std::string policy = R"({ "Statement": {"Effect":"Deny","Action":"kms:*"} })";
        QVERIFY(!front.describe(id).denied);
        QCOMPARE(front.refusal(kms::PutKeyPolicy {id, policy}), kDone);
        QVERIFY(front.describe(id).denied);
        QCOMPARE(front.ask<kms::KeyPolicyResult>(kms::GetKeyPolicy {id}).policy, policy);
        QCOMPARE(front.refusal(kms::PutKeyPolicy {id, "{"}), ErrorCode::Validation);
        QCOMPARE(front.refusal(kms::CreateKey {{}, "{"}), ErrorCode::Validation);
        const std::string room(static_cast<std::size_t>(limits::kKeyPolicyChars) - policy.size(),
                               ' ');
        QCOMPARE(front.refusal(kms::PutKeyPolicy {id, policy + room}), kDone);
        QCOMPARE(front.refusal(kms::PutKeyPolicy {id, policy + room + " "}), ErrorCode::Validation);
    }

    void aliasesNameKeys()
    {
        Front front;
        const std::string id = front.create().keyId;
        QCOMPARE(front.refusal(kms::CreateAlias {"alias/mine", id}), kDone);
        QCOMPARE(front.describe("alias/mine").keyId, id);
        QCOMPARE(front.refusal(kms::CreateAlias {"alias/mine", id}), ErrorCode::ResourceInUse);
        QCOMPARE(front.refusal(kms::DisableKey {"alias/mine"}), ErrorCode::KmsNotFound);
        QCOMPARE(front.refusal(kms::DeleteAlias {"alias/mine"}), kDone);
        QCOMPARE(front.refusal(kms::DeleteAlias {"alias/mine"}), ErrorCode::KmsNotFound);
        const auto most = static_cast<std::size_t>(limits::kKeyAliasChars);
        const std::string longest = "alias/" + std::string(most - 6, 'a');
        QCOMPARE(front.refusal(kms::CreateAlias {longest, id}), kDone);
        for (const std::string& name : {longest + "a", std::string("alias/"), std::string("mine"),
                                        std::string("alias/a b"), std::string("alias/\xc3\xbc")})
            QCOMPARE(front.refusal(kms::CreateAlias {name, id}), ErrorCode::Validation);
        QCOMPARE(front.refusal(kms::CreateAlias {"alias/aws/mine", id}), ErrorCode::AccessDenied);
        QCOMPARE(front.refusal(kms::CreateAlias {"alias/x", "nothing"}), ErrorCode::KmsNotFound);
        for (std::int64_t i = 1; i < limits::kAliasesPerKey; ++i)
            QCOMPARE(front.refusal(kms::CreateAlias {"alias/" + std::to_string(i), id}), kDone);
        QCOMPARE(front.refusal(kms::CreateAlias {"alias/x", id}), ErrorCode::LimitExceeded);
    }

    void aRingHoldsSoManyKeys()
    {
        Front front;
        for (int i = 0; i < budgets::kMasterKeys; ++i)
            QCOMPARE(front.refusal(kms::CreateKey {}), kDone);
        QCOMPARE(front.refusal(kms::CreateKey {}), ErrorCode::LimitExceeded);
    }
};

QTEST_APPLESS_MAIN(KmsServiceTest)
#include "tst_kms_service.moc"
