#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <string>
#include <sys/stat.h>

#include "core/base/budgets.h"
#include "core/endpoint/credentials.h"

using namespace shardscope;
using namespace shardscope::endpoint;

class CredentialsTest : public QObject {
    Q_OBJECT

    static std::string whole(const std::string& extra = "")
    {
        return "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = Verysecret/1+\n"
            + extra;
    }

private slots:
    void readsProfiles()
    {
        const auto file = parseCredentials("\xEF\xBB\xBF# mine\r\n"
                                           "[default]\r\n"
                                           "aws_access_key_id=AKID1\r\n"
                                           "  aws_secret_access_key\t=\tse#cret;1 # a comment\r\n"
                                           "region = eu-west-1\r\n"
                                           "\r\n"
                                           "; another\n"
                                           "[profile other one] ; with a comment\n"
                                           "AWS_ACCESS_KEY_ID = ASIA2\n"
                                           "aws_secret_access_key = s2\n"
                                           "aws_session_token = t=2\n"
                                           "account = 111122223333",
                                           "keys");
        QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
        QCOMPARE(file->credentials.size(), std::size_t {2});
        QVERIFY(file->warnings.empty());
        const Credential* first = file->credentials.find("AKID1");
        QVERIFY(first != nullptr);
        QCOMPARE(first->profile, std::string("default"));
        QCOMPARE(std::string(first->secretAccessKey.reveal()), std::string("se#cret;1"));
        QVERIFY(first->sessionToken.empty());
        QVERIFY(first->account.empty());
        const Credential* second = file->credentials.find("ASIA2");
        QVERIFY(second != nullptr);
        QCOMPARE(second->profile, std::string("other one"));
        QCOMPARE(std::string(second->sessionToken.reveal()), std::string("t=2"));
        QCOMPARE(second->account, std::string("111122223333"));
        QCOMPARE(file->credentials.find("ASIA"), nullptr);
        QCOMPARE(file->credentials.find("ASIA22"), nullptr);
        QCOMPARE(file->credentials.find(""), nullptr);
    }

    void leavesNestedSettingsAlone()
    {
        const auto file
            = parseCredentials(whole("s3 =\n  aws_access_key_id = OTHER\n  x\nregion=a\n"), "keys");
        QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
        QVERIFY(file->credentials.find("AKIDEXAMPLE") != nullptr);
        QCOMPARE(file->credentials.find("OTHER"), nullptr);
    }

    void warnsAboutProfilesWithoutKeys()
    {
        const auto file = parseCredentials(whole("[role]\nrole_arn = x\n"), "keys");
        QVERIFY(file.has_value());
        QCOMPARE(file->warnings.size(), std::size_t {1});
        QCOMPARE(file->warnings[0],
                 std::string("keys:4: profile 'role' holds no key and is left out"));
    }

    void takesTheSameKeyTwiceWhenTheyAgree()
    {
        const auto same = parseCredentials(whole("[b]\naws_access_key_id = AKIDEXAMPLE\n"
                                                 "aws_secret_access_key = Verysecret/1+\n"),
                                           "keys");
        QVERIFY(same.has_value());
        QCOMPARE(same->credentials.size(), std::size_t {1});
    }

    void refusesInOneSentence_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("message");
        const QByteArray key = "aws_access_key_id = A\n",
                         secret = "aws_secret_access_key = Verysecret\n";
        QTest::newRow("nothing") << QByteArray()
                                 << QByteArray("keys: holds no key; a profile with "
                                               "aws_access_key_id and aws_secret_access_key is "
                                               "expected");
        QTest::newRow("not UTF-8")
            << QByteArray("[a\xff]\n") << QByteArray("keys: is not UTF-8 text");
        QTest::newRow("no profile")
            << "\n" + key << QByteArray("keys:2: a setting stands below a '[profile]'");
        QTest::newRow("no bracket")
            << QByteArray("[a\n") << QByteArray("keys:1: a profile's name ends with ']'");
        QTest::newRow("no name") << QByteArray("[ ]\n")
                                 << QByteArray("keys:1: a profile's name has 1 to 256 bytes");
        QTest::newRow("the longest name and one") << "[" + QByteArray(257, 'a')
                + "]\n" << QByteArray("keys:1: a profile's name has 1 to 256 bytes");
        QTest::newRow("twice the profile") << "[a]\n" + key + secret
                + "[a]\n" << QByteArray("keys:4: profile 'a' stands in the file twice");
        QTest::newRow("twice the setting") << "[a]\n" + key
                + key << QByteArray("keys:3: aws_access_key_id stands in profile 'a' twice");
        QTest::newRow("neither setting nor comment")
            << "[a]\n" + key + "Verysecret\n"
            << QByteArray("keys:3: a line is '[profile]', 'name = value' or a comment");
        QTest::newRow("a key without secret") << "[a]\n"
                + key << QByteArray("keys:1: profile 'a' has a key but no aws_secret_access_key");
        QTest::newRow("a secret without key") << "\n[a]\n"
                + secret << QByteArray("keys:2: profile 'a' has a secret but no aws_access_key_id");
        QTest::newRow("a key with a slash")
            << QByteArray("[a]\naws_access_key_id = a/b\n")
            << QByteArray("keys:2: aws_access_key_id: 1 to 128 letters, digits, '_', '-' or '.' "
                          "are expected");
        QTest::newRow("an empty secret")
            << QByteArray("[a]\naws_secret_access_key =\n")
            << QByteArray("keys:2: aws_secret_access_key: 1 to 256 characters of ASCII without "
                          "spaces are expected");
        QTest::newRow("a secret with a space")
            << QByteArray("[a]\naws_secret_access_key = Very secret\n")
            << QByteArray("keys:2: aws_secret_access_key: 1 to 256 characters of ASCII without "
                          "spaces are expected");
        QTest::newRow("an account of eleven digits")
            << QByteArray("[a]\naccount = 11112222333\n")
            << QByteArray("keys:2: account: an account has twelve digits");
        QTest::newRow("an account with a letter")
            << QByteArray("[a]\naccount = 11112222333x\n")
            << QByteArray("keys:2: account: an account has twelve digits");
        QTest::newRow("one key with two secrets")
            << "[a]\n" + key + secret + "[b]\n" + key + "aws_secret_access_key = Verysecret2\n"
            << QByteArray("keys:4: profile 'b' has the key of profile 'a' with another secret, "
                          "token or account");
    }
    void refusesInOneSentence()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, message);
        const auto file = parseCredentials(text.toStdString(), "keys");
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::BadInput);
        QCOMPARE(QByteArray::fromStdString(file.error().message), message);
        QVERIFY(!message.contains("Verysecret"));
    }

    void holdsAThousandProfiles()
    {
        std::string text;
        for (std::size_t i = 0; i < budgets::kCredentialsMost; ++i) {
            const std::string n = std::to_string(i);
            text += "[p" + n + "]\naws_access_key_id=k" + n + "\naws_secret_access_key=s\n";
        }
        const auto file = parseCredentials(text, "keys");
        QVERIFY(file.has_value());
        QCOMPARE(file->credentials.size(), budgets::kCredentialsMost);
        QVERIFY(file->credentials.find("k999") != nullptr);
        QVERIFY(!parseCredentials(text + "[more]\n", "keys"));
    }

    void readsFilesAndWarnsAboutOpenOnes()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath("keys").toStdString();
        std::ofstream(path) << whole();
        ::chmod(path.c_str(), 0600);
        auto file = readCredentials(path);
        QVERIFY(file.has_value());
        QVERIFY(file->warnings.empty());
        ::chmod(path.c_str(), 0640);
        file = readCredentials(path);
        QVERIFY(file.has_value());
        QCOMPARE(file->warnings.size(), std::size_t {1});
        QVERIFY(file->warnings[0].rfind(path, 0) == 0);
    }

    void refusesFilesThatCannotBeRead()
    {
        QTemporaryDir folder;
        const std::string missing = folder.filePath("none").toStdString();
        QCOMPARE(readCredentials(missing).error().code, ErrorCode::Io);
        QCOMPARE(readCredentials(folder.path().toStdString()).error().code, ErrorCode::Io);
        // Without an end, and with one just too late.
        QCOMPARE(readCredentials("/dev/zero").error().code, ErrorCode::BadInput);
        const std::string large = folder.filePath("large").toStdString();
        const std::string text = whole();
        const auto most = static_cast<std::size_t>(budgets::kCredentialsBytes);
        std::ofstream(large) << text << std::string(most - text.size(), '\n');
        QVERIFY(readCredentials(large).has_value());
        std::ofstream(large, std::ios::app) << '\n';
        const auto refused = readCredentials(large);
        QVERIFY(!refused);
        QCOMPARE(refused.error().message, large + ": is larger than 1024 KiB");
    }

    void movesSecretsWithoutLeavingThem()
    {
        Secret a("short"), b("other");
        b = std::move(a);
        QCOMPARE(std::string(b.reveal()), std::string("short"));
        const Secret c = std::move(b);
        QCOMPARE(std::string(c.reveal()), std::string("short"));
        QVERIFY(b.empty());
    }
};

QTEST_APPLESS_MAIN(CredentialsTest)
#include "tst_credentials.moc"
