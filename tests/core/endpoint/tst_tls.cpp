#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>
#include <future>
#include <sys/stat.h>

#include "core/endpoint/local_certificate.h"
#include "tests/support/h2_client.h"
#include "tests/support/test_server.h"

using namespace shardscope;
using namespace shardscope::endpoint;
using namespace shardscope::test;

/// TLS over loopback, and the certificates for it.
class TlsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    LocalCertificate m_certificate;
    const std::chrono::system_clock::time_point m_now = std::chrono::system_clock::now();

    std::filesystem::path place(const char* name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }

    std::unique_ptr<HttpServer> openSecure(HttpServer::Options options = {}) const
    {
        options.tls = {{"127.0.0.1", 0}};
        options.identity = m_certificate.identity;
        return openServer(std::move(options));
    }

    ByteStream::Options secure(const HttpServer& server, std::vector<std::string> alpn = {}) const
    {
        return {.port = server.tls()[0].port,
                .tls = true,
                .trusted = m_certificate.identity.certificatePem,
                .alpn = std::move(alpn)};
    }

    static int modeOf(const std::filesystem::path& path)
    {
        struct stat about { };
        return stat(path.c_str(), &about) == 0 ? static_cast<int>(about.st_mode & 0777) : -1;
    }

    static void writeText(const std::filesystem::path& path, const std::string& text)
    {
        std::ofstream(path, std::ios::binary) << text;
    }

private slots:
    void initTestCase()
    {
        auto made = localCertificate(place("made"), {}, m_now);
        QVERIFY2(made, made ? "" : made.error().message.c_str());
        m_certificate = *made;
    }

    void aClientThatTrustsTheCertificateIsServed()
    {
        std::promise<bool> seen;
        HttpServer::Options options;
        options.handler = [&](auto request, auto exchange) {
            seen.set_value(request->peer->secure);
            tellBack(request, exchange);
        };
        const auto server = openSecure(std::move(options));
        HttpClient client(secure(*server));
        QVERIFY2(client.stream().open(), client.stream().tlsError().c_str());
        QCOMPARE(client.stream().tlsVersion(), std::string("TLSv1.3"));
        QCOMPARE(client.request("POST", "/", {}, "x").body, std::string("POST / x"));
        QVERIFY(seen.get_future().get());
    }

    void aNameThatTheCertificateLacksIsNotTrusted()
    {
        const auto server = openSecure();
        auto options = secure(*server);
        auto other = localCertificate(place("other"), {}, m_now);
        QVERIFY(other);
        options.trusted = other->identity.certificatePem;
        QVERIFY(!ByteStream(options).open());
    }

    void protocolsAreAgreedUpon_data()
    {
        QTest::addColumn<QByteArrayList>("offered");
        QTest::addColumn<QByteArray>("chosen");
        QTest::newRow("both") << QByteArrayList {"http/1.1", "h2"} << QByteArray("h2");
        QTest::newRow("HTTP/2") << QByteArrayList {"h2"} << QByteArray("h2");
        QTest::newRow("HTTP/1.1") << QByteArrayList {"http/1.1"} << QByteArray("http/1.1");
        QTest::newRow("neither") << QByteArrayList {"spdy/3"} << QByteArray();
        QTest::newRow("none offered") << QByteArrayList {} << QByteArray();
    }
    void protocolsAreAgreedUpon()
    {
        QFETCH(QByteArrayList, offered);
        QFETCH(QByteArray, chosen);
        const auto server = openSecure();
        std::vector<std::string> alpn;
        for (const QByteArray& protocol : offered)
            alpn.push_back(protocol.toStdString());
        HttpClient one(secure(*server, alpn));
        QCOMPARE(one.stream().alpn(), chosen.toStdString());
        // Whatever was agreed upon, the first bytes say what is spoken.
        QCOMPARE(one.request("GET", "/1").body, std::string("GET /1 "));
        H2Client two(secure(*server, alpn), {});
        QCOMPARE(two.request("GET", "/2").body, std::string("GET /2 "));
    }

    void largeBodiesComeAndGoWhole_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::newRow("one record") << 16'000;
        QTest::newRow("about one record") << 16'384;
        QTest::newRow("many") << 3'000'000;
    }
    void largeBodiesComeAndGoWhole()
    {
        QFETCH(int, bytes);
        const auto server = openSecure();
        std::string body(static_cast<std::size_t>(bytes), ' ');
        for (std::size_t i = 0; i < body.size(); ++i)
            body[i] = static_cast<char>(i * 7 + i / 251);
        HttpClient one(secure(*server));
        H2Client two(secure(*server), {});
        for (int i = 0; i < 2; ++i) {
            QVERIFY(one.request("POST", "/", {}, body).body == "POST / " + body);
            QVERIFY(two.request("POST", "/", {}, body).body == "POST / " + body);
        }
    }

    void theFarewellIsPartOfTheAnswer()
    {
        const auto server = openSecure();
        HttpClient client(secure(*server));
        QVERIFY(client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
        QCOMPARE(client.reply().status, 200);
        QVERIFY(client.ended());
        QVERIFY(client.stream().endedInOrder());
    }

    void moreConnectionsThanAllowedAreToldSo()
    {
        HttpServer::Options options;
        options.limits.connections = 1;
        const auto server = openSecure(std::move(options));
        HttpClient first(secure(*server));
        QCOMPARE(first.request("GET", "/").status, 200);
        HttpClient one(secure(*server));
        QVERIFY(one.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        const auto refused = one.reply();
        QCOMPARE(refused.status, 503);
        QVERIFY(refused.body.starts_with("{\"__type\":\"ServiceUnavailable\""));
        QVERIFY(one.ended());
        H2Client two(secure(*server), {});
        QCOMPARE(two.request("GET", "/").status, 0);
        QVERIFY(two.goneAway());
        QCOMPARE(server->counts().refusedConnections, 2);
        QCOMPARE(first.request("GET", "/").status, 200);
    }

    void whatIsNotTlsIsClosedAndStallsNobody()
    {
        const auto server = openSecure();
        const std::uint16_t port = server->tls()[0].port;
        HttpClient silent(port);
        HttpClient half(port);
        QVERIFY(half.send("\x16\x03\x01"));
        HttpClient plain(port);
        QVERIFY(plain.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        QCOMPARE(plain.reply().status, 0);
        QCOMPARE(HttpClient(secure(*server)).request("GET", "/").status, 200);
        QCOMPARE(server->counts().protocolErrors, 1);
    }

    void theCertificateIsKeptAndItsFilesAreForOneUser()
    {
        const auto again = localCertificate(place("made"), {"127.0.0.1"}, m_now);
        QVERIFY(again);
        QCOMPARE(again->identity.certificatePem, m_certificate.identity.certificatePem);
        QCOMPARE(again->fingerprint, m_certificate.fingerprint);
        QCOMPARE(m_certificate.fingerprint.size(), std::size_t {32 * 3 - 1});
        QCOMPARE(modeOf(place("made")), 0700);
        QCOMPARE(modeOf(place("made") / "certificate.pem"), 0600);
        QCOMPARE(modeOf(place("made") / "key.pem"), 0600);
        QVERIFY(m_certificate.identity.certificatePem.find("PRIVATE") == std::string::npos);
    }

    void theCertificateIsMadeAgainWhenItNoLongerFits_data()
    {
        QTest::addColumn<int>("days");
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("again");
        QTest::newRow("two days before its end")
            << kLocalCertificateDays - 2 << QByteArray() << false;
        QTest::newRow("on its last day") << kLocalCertificateDays - 1 << QByteArray() << true;
        QTest::newRow("after its end") << kLocalCertificateDays + 1 << QByteArray() << true;
        QTest::newRow("another address") << 0 << QByteArray("192.0.2.7") << true;
        QTest::newRow("every address") << 0 << QByteArray("0.0.0.0") << false;
        QTest::newRow("localhost") << 0 << QByteArray("localhost") << false;
    }
    void theCertificateIsMadeAgainWhenItNoLongerFits()
    {
        QFETCH(int, days);
        QFETCH(QByteArray, host);
        QFETCH(bool, again);
        QTemporaryDir folder;
        const std::filesystem::path path(folder.path().toStdString() + "/tls");
        const auto first = localCertificate(path, {}, m_now);
        QVERIFY(first);
        std::vector<std::string> hosts;
        if (!host.isEmpty())
            hosts.push_back(host.toStdString());
        const auto second = localCertificate(path, hosts, m_now + std::chrono::hours(24 * days));
        QVERIFY(second);
        QCOMPARE(second->fingerprint != first->fingerprint, again);
    }

    void halfACertificateIsMadeAgain_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("the key is another's") << QByteArray("key.pem") << QByteArray("other");
        QTest::newRow("the key is cut") << QByteArray("key.pem") << QByteArray("-----BEGIN");
        QTest::newRow("the certificate is empty") << QByteArray("certificate.pem") << QByteArray();
    }
    void halfACertificateIsMadeAgain()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, text);
        QTemporaryDir folder;
        const std::filesystem::path path(folder.path().toStdString() + "/tls");
        const auto first = localCertificate(path, {}, m_now);
        QVERIFY(first);
        writeText(path / file.toStdString(),
                  text == "other" ? m_certificate.identity.privateKeyPem : text.toStdString());
        const auto second = localCertificate(path, {}, m_now);
        QVERIFY(second);
        QVERIFY(second->fingerprint != first->fingerprint);
        QCOMPARE(modeOf(path / "key.pem"), 0600);
    }

    void aFolderThatCannotBeMadeIsSaid()
    {
        writeText(place("file"), "");
        const auto made = localCertificate(place("file") / "below", {}, m_now);
        QVERIFY(!made);
        QCOMPARE(made.error().code, ErrorCode::Io);
    }

    void ownCertificatesAreReadAndTheirMistakesSaid_data()
    {
        QTest::addColumn<QByteArray>("certificate");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("mistake");
        const QByteArray right = "made/certificate.pem", rightKey = "made/key.pem";
        QTest::newRow("a pair") << right << rightKey << QByteArray();
        QTest::newRow("another's key")
            << right << QByteArray("pair/key.pem") << QByteArray("does not belong");
        QTest::newRow("no such file")
            << QByteArray("none.pem") << rightKey << QByteArray("cannot read");
        QTest::newRow("no such key")
            << right << QByteArray("none.pem") << QByteArray("cannot read");
        QTest::newRow("no certificate") << rightKey << rightKey << QByteArray("not a certificate");
        QTest::newRow("no key") << right << right << QByteArray("not a key");
    }
    void ownCertificatesAreReadAndTheirMistakesSaid()
    {
        QFETCH(QByteArray, certificate);
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, mistake);
        QVERIFY(localCertificate(place("pair"), {}, m_now));
        const auto identity = readIdentity(place(certificate.data()), place(key.data()));
        QCOMPARE(identity.has_value(), mistake.isEmpty());
        if (!identity)
            QVERIFY2(identity.error().message.find(mistake.toStdString()) != std::string::npos,
                     identity.error().message.c_str());
    }

    void aServerWithoutACertificateDoesNotOpen()
    {
        HttpServer::Options options;
        options.tls = {{"127.0.0.1", 0}};
        options.handler = tellBack;
        const auto server = HttpServer::open(std::move(options));
        QVERIFY(!server);
        QCOMPARE(server.error().code, ErrorCode::BadInput);
    }
};

QTEST_APPLESS_MAIN(TlsTest)
#include "tst_tls.moc"
