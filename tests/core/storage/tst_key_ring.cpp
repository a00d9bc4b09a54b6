#include <QTest>

#include "core/storage/key_policy.h"
#include "core/storage/key_ring.h"

using namespace shardscope;

namespace {

constexpr SimTime kNow = kDefaultStart;
using Purpose = KeyRing::Purpose;

template <typename T> ErrorCode codeOf(const Result<T>& result)
{
    return result ? ErrorCode::InternalFailure : result.error().code;
}

} // namespace

class KeyRingTest : public QObject {
    Q_OBJECT

private slots:
    void ownAliasIsThereFromTheStart()
    {
        KeyRing ring({});
        QVERIFY(ring.keys().empty());
        const auto key = ring.usable("alias/aws/kinesis", Purpose::GenerateDataKey, kNow);
        QVERIFY(key);
        QVERIFY((*key)->awsManaged);
        QCOMPARE((*key)->id.size(), std::size_t {36});
        QCOMPARE((*ring.find(KeyRing::kOwnAlias, kNow))->id, (*key)->id);
        QCOMPARE(ring.keys().size(), std::size_t {1});
    }

    void aKeyHasFourNames()
    {
        KeyRing ring({.accountId = "111122223333", .region = "eu-west-1"});
        const std::string id = (*ring.create("mine", {}, kNow))->id;
        QVERIFY(ring.addAlias("alias/mine", id));
        for (const std::string& name :
             {id, ring.keyArn(id), std::string("alias/mine"), ring.aliasArn("alias/mine")})
            QCOMPARE((*ring.find(name, kNow))->id, id);
        QCOMPARE(ring.keyArn(id), "arn:aws:kms:eu-west-1:111122223333:key/" + id);
        for (const std::string& name : {std::string(), "x" + id, std::string("alias/yours"),
                                        "arn:aws:kms:eu-west-1:000000000000:key/" + id,
                                        "arn:aws:kms:eu-west-1:111122223333:" + id,
                                        ring.aliasArn(id), ring.keyArn("alias/mine")})
            QCOMPARE(codeOf(ring.find(name, kNow)), ErrorCode::KmsNotFound);
        QCOMPARE(codeOf(ring.addAlias("alias/mine", id)), ErrorCode::ResourceInUse);
        QVERIFY(ring.removeAlias("alias/mine"));
        QCOMPARE(codeOf(ring.removeAlias("alias/mine")), ErrorCode::KmsNotFound);
        QCOMPARE(codeOf(ring.find("alias/mine", kNow)), ErrorCode::KmsNotFound);
    }

    void stateAndPolicyDecideWhetherAKeyIsUsable()
    {
        KeyRing ring({});
        const std::string id = (*ring.create({}, {}, kNow))->id;
        const auto refusal
            = [&](Purpose purpose) { return codeOf(ring.usable(id, purpose, kNow)); };
        QVERIFY(ring.usable(id, Purpose::Decrypt, kNow));
        QVERIFY(ring.setEnabled(id, false));
        QCOMPARE(refusal(Purpose::Decrypt), ErrorCode::KmsDisabled);
        QVERIFY(ring.setEnabled(id, true));
        QVERIFY(ring.setPolicy(
            id, R"({"Statement":{"Effect":"Deny","Principal":"*","Action":"kms:Generate*"}})"));
        QCOMPARE(refusal(Purpose::GenerateDataKey), ErrorCode::KmsAccessDenied);
        QVERIFY(ring.usable(id, Purpose::Decrypt, kNow));
        QVERIFY(ring.setPolicy(id, {}));
        QVERIFY(ring.scheduleDeletion(id, kNow + SimDuration::days(7)));
        QCOMPARE(refusal(Purpose::GenerateDataKey), ErrorCode::KmsInvalidState);
        QCOMPARE(codeOf(ring.setEnabled(id, true)), ErrorCode::KmsInvalidState);
        QCOMPARE(codeOf(ring.rotate(id)), ErrorCode::KmsInvalidState);
        QVERIFY(ring.cancelDeletion(id));
        QCOMPARE(codeOf(ring.cancelDeletion(id)), ErrorCode::KmsInvalidState);
        QCOMPARE(refusal(Purpose::Decrypt), ErrorCode::KmsDisabled);
        QCOMPARE(codeOf(ring.rotate(id)), ErrorCode::KmsDisabled);
    }

    void aKeyIsGoneWhenItsDeletionIsDue()
    {
        KeyRing ring({});
        const std::string id = (*ring.create({}, {}, kNow))->id;
        QVERIFY(ring.addAlias("alias/mine", id));
        const SimTime due = kNow + SimDuration::days(7);
        QVERIFY(ring.scheduleDeletion(id, due));
        QVERIFY(ring.find(id, due - SimDuration::micros(1)));
        QCOMPARE(codeOf(ring.find(id, due)), ErrorCode::KmsNotFound);
        QVERIFY(ring.keys().empty());
        QVERIFY(ring.aliases().empty());
    }

    void aDataKeyOpensUnderItsNamesOnly()
    {
        KeyRing ring({});
        const std::string id = (*ring.create({}, {}, kNow))->id;
        const auto made = ring.makeDataKey(id, kNow);
        QVERIFY(made);
        QCOMPARE(made->key->id.size(), std::size_t {32});
        QCOMPARE(made->wrapped.sealed.size(), WrappedDataKey::kSealedBytes);
        const auto opened = ring.unwrap(made->wrapped);
        QVERIFY(opened);
        QVERIFY((*opened)->bytes == made->key->bytes && (*opened)->id == made->key->id);

        const auto changed = [&](auto change) {
            WrappedDataKey other = made->wrapped;
            change(other);
            return codeOf(ring.unwrap(other));
        };
        for (std::size_t i = 0; i < WrappedDataKey::kSealedBytes; ++i)
            QCOMPARE(changed([&](auto& w) { w.sealed[i] = static_cast<char>(w.sealed[i] ^ 1); }),
                     ErrorCode::BadInput);
        QCOMPARE(changed([](auto& w) { w.sealed.pop_back(); }), ErrorCode::BadInput);
        QCOMPARE(changed([](auto& w) { w.sealed += 'x'; }), ErrorCode::BadInput);
        QCOMPARE(changed([](auto& w) { w.dataKeyId[0] = w.dataKeyId[0] == 'a' ? 'b' : 'a'; }),
                 ErrorCode::BadInput);
        QCOMPARE(changed([](auto& w) { w.masterVersion = 0; }), ErrorCode::BadInput);
        QCOMPARE(changed([](auto& w) { w.masterVersion = 2; }), ErrorCode::BadInput);
        const std::string other = (*ring.create({}, {}, kNow))->id;
        QCOMPARE(changed([&](auto& w) { w.masterKeyId = other; }), ErrorCode::BadInput);
        QCOMPARE(changed([&](auto& w) { w.masterKeyId = "gone"; }), ErrorCode::KmsNotFound);
    }

    void twoDataKeysAreNeverAlike()
    {
        KeyRing ring({});
        const auto one = ring.makeDataKey(KeyRing::kOwnAlias, kNow);
        const auto two = ring.makeDataKey(KeyRing::kOwnAlias, kNow);
        QVERIFY(one && two);
        QVERIFY(one->key->id != two->key->id && one->key->bytes != two->key->bytes);
        QVERIFY(one->wrapped.sealed != two->wrapped.sealed);
    }

    void rotationKeepsWhatWasWrapped()
    {
        KeyRing ring({});
        const std::string id = (*ring.create({}, {}, kNow))->id;
        const auto made = ring.makeDataKey(id, kNow);
        QVERIFY(ring.newest(made->wrapped));
        QVERIFY(ring.rotate(id));
        QVERIFY(!ring.newest(made->wrapped));
        QVERIFY(ring.unwrap(made->wrapped));
        const auto fresh = ring.rewrap(made->wrapped);
        QVERIFY(fresh && ring.newest(*fresh));
        QCOMPARE(fresh->masterVersion, std::int64_t {2});
        QVERIFY((*ring.unwrap(*fresh))->bytes == made->key->bytes);
        for (std::int64_t v = 3; v <= KeyRing::kVersionsMost; ++v)
            QVERIFY(ring.rotate(id));
        QCOMPARE(codeOf(ring.rotate(id)), ErrorCode::LimitExceeded);
        QVERIFY(ring.unwrap(made->wrapped));
    }

    void whatADisabledKeyGuardsStaysThere()
    {
        KeyRing ring({});
        const std::string id = (*ring.create({}, {}, kNow))->id;
        const auto made = ring.makeDataKey(id, kNow);
        QVERIFY(ring.setEnabled(id, false));
        QCOMPARE(codeOf(ring.makeDataKey(id, kNow)), ErrorCode::KmsDisabled);
        QVERIFY(ring.unwrap(made->wrapped));
    }

    void policiesDeny_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("denies"); ///< 1: to write, 2: to read; -1: no policy
        const auto row = [](const char* name, const char* text, int denies) {
            QTest::newRow(name) << QString::fromUtf8(text) << denies;
        };
        row("no text", "", 0);
        row("no statements", R"({"Statement":[]})", 0);
        row("allows", R"({"Statement":[{"Effect":"Allow","Action":"kms:*"}]})", 0);
        row("everything", R"({"Statement":[{"Effect":"Deny","Action":"*"}]})", 3);
        row("all of kms", R"({"Statement":[{"Effect":"Deny","Action":"KMS:*"}]})", 3);
        row("one of a list",
            R"({"Statement":[{"Effect":"Deny","Action":["kms:Encrypt","kms:decrypt"]}]})", 2);
        row("a longer name", R"({"Statement":[{"Effect":"Deny","Action":"kms:DecryptX"}]})", 0);
        row("one letter open", R"({"Statement":[{"Effect":"Deny","Action":"kms:Decryp?"}]})", 2);
        row("two stars", R"({"Statement":[{"Effect":"Deny","Action":"k*:*Key"}]})", 1);
        row("all but reading", R"({"Statement":[{"Effect":"Deny","NotAction":"kms:Decrypt"}]})", 1);
        row("on a condition",
            R"({"Statement":[{"Effect":"Deny","Action":"*","Condition":{"Bool":{}}}]})", 0);
        row("the second statement",
            R"({"Statement":[{"Effect":"Allow","Action":"*"},{"Effect":"Deny","Action":"kms:Decrypt"}]})",
            2);
        row("no JSON", "{", -1);
        row("a list", "[]", -1);
        row("no Statement", "{}", -1);
        row("another effect", R"({"Statement":{"Effect":"deny","Action":"*"}})", -1);
        row("no Action", R"({"Statement":{"Effect":"Deny"}})", -1);
        row("an Action that is a number", R"({"Statement":{"Effect":"Deny","Action":1}})", -1);
        row("a statement that is a text", R"({"Statement":["Deny"]})", -1);
    }
    void policiesDeny()
    {
        QFETCH(QString, text);
        QFETCH(int, denies);
        const auto read = readKeyPolicy(text.toStdString());
        QCOMPARE(read ? read->generate + 2 * read->decrypt : -1, denies);
        if (!read)
            QCOMPARE(read.error().code, ErrorCode::Validation);
    }
};

QTEST_APPLESS_MAIN(KeyRingTest)
#include "tst_key_ring.moc"
