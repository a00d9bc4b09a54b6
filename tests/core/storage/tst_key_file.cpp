#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include "core/storage/key_ring.h"

using namespace shardscope;

namespace {

constexpr SimTime kNow = kDefaultStart;

/// A folder with a key file, opened anew as often as a test likes.
struct Place {
    QTemporaryDir folder;
    std::string path = folder.filePath("keys.json").toStdString();

    Result<std::unique_ptr<KeyRing>> open() const { return KeyRing::open({}, path); }
    QByteArray text() const
    {
        QFile file(QString::fromStdString(path));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void put(const QByteArray& text) const
    {
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(text);
        file.close();
        QVERIFY(::chmod(path.c_str(), 0600) == 0);
    }
    std::string refusal() const
    {
        const auto ring = open();
        return ring ? std::string() : ring.error().message;
    }
};

} // namespace

class KeyFileTest : public QObject {
    Q_OBJECT

private slots:
    void itIsMadeForItsOwnerAlone()
    {
        const Place place;
        QVERIFY(place.open());
        struct stat found { };
        QCOMPARE(::stat(place.path.c_str(), &found), 0);
        QCOMPARE(found.st_mode & 07777, mode_t {0600});
        QVERIFY(!QFile::exists(QString::fromStdString(place.path) + ".new"));
    }

    void everythingIsThereAgain()
    {
        const Place place;
        const std::string description = "a \"quoted\" \\ line\n\x01 – überall";
        const std::string policy = R"({"Statement":[{"Effect":"Deny","Action":"kms:Decrypt"}]})";
        std::vector<MasterKey> before;
        WrappedDataKey first, second;
        {
            auto ring = *place.open();
            const std::string id = (*ring->create(description, policy, kNow))->id;
            first = ring->makeDataKey(id, kNow)->wrapped;
            QVERIFY(ring->rotate(id));
            second = ring->makeDataKey(id, kNow)->wrapped;
            QVERIFY(ring->addAlias("alias/mine", id));
            const std::string off = (*ring->create({}, {}, kNow))->id;
            QVERIFY(ring->setEnabled(off, false));
            const std::string due = (*ring->create({}, {}, kNow))->id;
            QVERIFY(ring->scheduleDeletion(due, kNow + SimDuration::days(7)));
            QVERIFY(ring->find(KeyRing::kOwnAlias, kNow));
            for (const MasterKey* key : ring->keys())
                before.push_back(*key);
        }
        auto ring = *place.open();
        QCOMPARE(ring->keys().size(), before.size());
        for (std::size_t i = 0; i < before.size(); ++i) {
            const MasterKey &was = before[i], &is = *ring->keys()[i];
            QCOMPARE(is.id, was.id);
            QCOMPARE(is.description, was.description);
            QVERIFY(is.state == was.state && is.awsManaged == was.awsManaged);
            QVERIFY(is.createdAt == was.createdAt && is.deletionAt == was.deletionAt);
            QCOMPARE(is.versions, was.versions);
            QCOMPARE(is.policy, was.policy);
            QVERIFY(is.deniesDecrypt == was.deniesDecrypt
                    && is.deniesGenerate == was.deniesGenerate);
        }
        QCOMPARE(ring->aliases().size(), std::size_t {2});
        QVERIFY(ring->unwrap(first));
        QVERIFY(ring->unwrap(second));
    }

    void aFileThatOthersMayReadIsRefused()
    {
        const Place place;
        QVERIFY(place.open());
        for (const mode_t mode : {mode_t {0640}, mode_t {0604}, mode_t {0660}, mode_t {0610}}) {
            QVERIFY(::chmod(place.path.c_str(), mode) == 0);
            QVERIFY(place.refusal().find("chmod 600") != std::string::npos);
        }
        QVERIFY(::chmod(place.path.c_str(), 0400) == 0);
        QVERIFY(place.open());
    }

    void onlyAFileOfItsKindIsRead_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QByteArray& text, const char* says) {
            QTest::newRow(name) << text << QString::fromUtf8(says);
        };
        const QByteArray id = "01234567-89ab-cdef-0123-456789abcdef";
        const QByteArray material = QByteArray(64, 'a');
        const auto key
            = [&](const QByteArray& state, const QByteArray& more, const QByteArray& hex) {
                  return "{\"shardscopeKeys\":1,\"keys\":[{\"id\":\"" + id
                      + "\",\"description\":\"\",\"state\":\"" + state
                      + "\",\"awsManaged\":false,\"createdAtMicros\":1," + more
                      + "\"policy\":\"\",\"material\":[\"" + hex + "\"]}],\"aliases\":{}}";
              };
        row("a good one", key("Enabled", "", material), "");
        row("empty", "", "no key file of Shardscope");
        row("something else", "[1]", "no key file of Shardscope");
        row("a newer version", "{\"shardscopeKeys\":2}", "version 2");
        row("no keys", "{\"shardscopeKeys\":1}", "no keys");
        row("cut short", key("Enabled", "", material).chopped(30), "cannot be used");
        row("no known state", key("enabled", "", material), "state");
        row("a date without reason", key("Enabled", "\"deletionAtMicros\":1,", material),
            "do not agree");
        row("a missing date", key("PendingDeletion", "", material), "do not agree");
        row("short material", key("Enabled", "", material.chopped(1)), "damaged");
        row("long material", key("Enabled", "", material + 'a'), "damaged");
        row("material in capitals", key("Enabled", "", QByteArray(64, 'A')), "damaged");
        row("an alias of no key",
            "{\"shardscopeKeys\":1,\"keys\":[],\"aliases\":{\"alias/x\":\"y\"}}", "alias");
    }
    void onlyAFileOfItsKindIsRead()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, says);
        const Place place;
        place.put(text);
        const std::string refusal = place.refusal();
        QVERIFY2(QString::fromStdString(refusal).contains(says)
                     && refusal.empty() == says.isEmpty(),
                 refusal.c_str());
        QCOMPARE(place.text(), text); // and it is left as it is
        QVERIFY2(refusal.find("aaaaaaaa") == std::string::npos, "material in a message");
    }

    void aChangeThatCannotBeWrittenIsNotMade()
    {
        const Place place;
        auto ring = *place.open();
        const std::string id = (*ring->create({}, {}, kNow))->id;
        const QByteArray before = place.text();
        // Nothing can be written where a folder stands.
        QVERIFY(QDir().mkpath(QString::fromStdString(place.path) + ".new/full"));
        const auto refused = ring->create({}, {}, kNow);
        QVERIFY(!refused && refused.error().code == ErrorCode::Io);
        QVERIFY(!ring->rotate(id));
        QVERIFY(!ring->find(KeyRing::kOwnAlias, kNow));
        QCOMPARE(ring->keys().size(), std::size_t {1});
        QCOMPARE(ring->keys()[0]->versions, std::int64_t {1});
        QCOMPARE(place.text(), before);
        QVERIFY(QDir(QString::fromStdString(place.path) + ".new").removeRecursively());
        QVERIFY(ring->rotate(id));
    }

    void theKeysOfAnotherProcessAreNotOverwritten()
    {
        const Place place;
        auto one = *place.open();
        auto other = *place.open();
        QVERIFY(one->create({}, {}, kNow));
        const auto refused = other->create({}, {}, kNow);
        QVERIFY(!refused && refused.error().code == ErrorCode::Io);
        QVERIFY(one->create({}, {}, kNow));
        QCOMPARE((*place.open())->keys().size(), std::size_t {2});
    }

    void whatIsNoFileIsRefused()
    {
        const Place place;
        QVERIFY(QDir().mkpath(QString::fromStdString(place.path)));
        QVERIFY(!place.open());
        const auto nowhere = KeyRing::open({}, place.folder.filePath("no/keys").toStdString());
        QVERIFY(!nowhere && nowhere.error().code == ErrorCode::Io);
        const std::string link = place.folder.filePath("link").toStdString();
        QVERIFY(QFile::link(place.folder.filePath("other"), QString::fromStdString(link)));
        QVERIFY(!KeyRing::open({}, link));
    }
};

QTEST_APPLESS_MAIN(KeyFileTest)
#include "tst_key_file.moc"
