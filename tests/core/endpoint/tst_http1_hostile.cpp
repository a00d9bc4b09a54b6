#include <QTest>

#include <atomic>
#include <random>

#include "tests/support/http_client.h"
#include "tests/support/test_server.h"

using namespace shardscope;
using namespace shardscope::endpoint;
using namespace shardscope::test;

/// HTTP/1.1 that is none, or that two readers might read differently: refused, and the connection
/// ends, so that nothing behind it is taken for a request.
class Http1HostileTest : public QObject {
    Q_OBJECT

    std::atomic<int> m_calls = 0;
    std::unique_ptr<HttpServer> m_server;

    static QByteArray post(const char* fields, const QByteArray& body = {})
    {
        return QByteArray("POST / HTTP/1.1\r\nHost: h\r\n") + fields + "\r\n" + body;
    }
    /// With the NULs in it.
    template <std::size_t size> static QByteArray bytesOf(const char (&text)[size])
    {
        return {text, static_cast<qsizetype>(size - 1)};
    }
    static QByteArray chunked(const QByteArray& body)
    {
        return post("Transfer-Encoding: chunked\r\n", body);
    }

private slots:
    void initTestCase()
    {
        HttpServer::Options options;
        options.handler = [this](auto request, auto exchange) {
            ++m_calls;
            tellBack(request, exchange);
        };
        m_server = openServer(std::move(options));
    }

    void isRefusedAndTheConnectionEnds_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        const auto row = [](const char* name, const QByteArray& bytes, int status = 400) {
            QTest::newRow(name) << bytes << status;
        };
        // Two ways to say where a body ends.
        row("length and coding",
            post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"));
        row("coding and length",
            post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"));
        row("two lengths that differ", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"));
        row("two lengths that agree", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"));
        row("a list of lengths", post("Content-Length: 3, 3\r\n", "abc"));
        row("a list of lengths that differ", post("Content-Length: 3,4\r\n", "abcd"));
        row("two codings",
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"));
        row("a coding of HTTP/1.0",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        row("a coding nobody knows", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501);
        row("a coding before chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
            501);
        row("a coding behind chunked",
            post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 501);
        row("chunked twice", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 501);
        row("an empty coding", post("Transfer-Encoding:\r\n", "0\r\n\r\n"), 501);
        row("chunked with a tab of another kind",
            post("Transfer-Encoding: \x0b"
                 "chunked\r\n",
                 "0\r\n\r\n"));
        // Lengths that are none.
        row("a negative length", post("Content-Length: -1\r\n"));
        row("a length with a sign", post("Content-Length: +3\r\n", "abc"));
        row("an empty length", post("Content-Length:\r\n"));
        row("a length in hexadecimal", post("Content-Length: 0x3\r\n", "abc"));
        row("a length with a point", post("Content-Length: 3.0\r\n", "abc"));
        row("a length with a blank inside", post("Content-Length: 1 0\r\n", "abcdefghij"));
        row("a length of 2^64", post("Content-Length: 18446744073709551616\r\n"));
        row("a length of 2^64 + 3", post("Content-Length: 18446744073709551619\r\n", "abc"));
        row("a length of 2^63 - 1", post("Content-Length: 9223372036854775807\r\n"));
        row("a length of 18 digits", post("Content-Length: 999999999999999999\r\n"), 413);
        // Chunks that are none.
        row("a chunk's size that is none", chunked("xyz\r\n"));
        row("an empty chunk's size", chunked("\r\nabc\r\n0\r\n\r\n"));
        row("a negative chunk", chunked("-1\r\n"));
        row("a chunk in 0x", chunked("0x3\r\nabc\r\n0\r\n\r\n"));
        row("a chunk of 2^64", chunked("10000000000000000\r\n"));
        row("a chunk of 2^64 - 1", chunked("FFFFFFFFFFFFFFFF\r\n"), 413);
        row("a blank before a chunk's size", chunked(" 3\r\nabc\r\n0\r\n\r\n"));
        row("a chunk longer than told", chunked("3\r\nabcd\r\n0\r\n\r\n"));
        row("a chunk's size ended by a bare LF", chunked("3\nabc\r\n0\r\n\r\n"));
        row("a chunk's size ended by a bare CR", chunked("3\rabc\r\n0\r\n\r\n"));
        row("a chunk ended by a bare LF", chunked("3\r\nabc\n0\r\n\r\n\r\n\r\n"));
        row("a NUL in a chunk's extension", chunked(bytesOf("3;a\0b\r\nabc\r\n0\r\n\r\n")));
        row("an extension without a semicolon", chunked("3 a\r\nabc\r\n0\r\n\r\n"));
        row("a length in a trailer", chunked("0\r\nContent-Length: 5\r\n\r\n"));
        row("an extension without end", chunked("3;" + QByteArray(40'000, 'a')), 431);
        row("a trailer without end", chunked("0\r\nX: " + QByteArray(40'000, 'a')), 431);
        // Lines that end or go on as they should not.
        row("a folded line", post("X-A: b\r\n c\r\n"));
        row("a folded line of nothing", post("X-A: b\r\n \r\n"));
        row("a folded line after an empty value", post("X-A:\r\n b\r\n"));
        row("a line that begins with a blank", "GET / HTTP/1.1\r\n Host: h\r\n\r\n");
        row("lines ended by bare LF", "GET / HTTP/1.1\nHost: h\n\n");
        row("one line ended by a bare LF", post("X-A: b\nX-B: c\r\n"));
        row("a bare CR in a value", post("X-A: b\rc\r\n"));
        row("a bare CR before the end", "GET / HTTP/1.1\r\nHost: h\r\r\n\r\n");
        row("a NUL in a value", bytesOf("GET / HTTP/1.1\r\nHost: h\r\nX-A: b\0c\r\n\r\n"));
        row("a NUL in a name", bytesOf("GET / HTTP/1.1\r\nHost: h\r\nX\0A: b\r\n\r\n"));
        row("a bell in a value", post("X-A: \x07\r\n"));
        // Names that are none.
        row("a blank before the colon", post("Content-Length : 3\r\n", "abc"));
        row("a tab before the colon", post("Transfer-Encoding\t: chunked\r\n", "0\r\n\r\n"));
        row("a field without a colon", post("X-A\r\n"));
        row("a field without a name", post(": b\r\n"));
        row("a name with a blank", post("X A: b\r\n"));
        row("a name beyond ASCII", post("X-\xc3\xa4: b\r\n"));
        // First lines that are none.
        row("no host", "GET / HTTP/1.1\r\n\r\n");
        row("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        row("two blanks", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n");
        row("a blank at the end", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n");
        row("a blank in the target", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n");
        row("a control byte in the target", "GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n");
        row("no target", "GET HTTP/1.1\r\nHost: h\r\n\r\n");
        row("no version", "GET /\r\nHost: h\r\n\r\n");
        row("HTTP/0.9", "GET / HTTP/0.9\r\nHost: h\r\n\r\n");
        row("HTTP/2 in words", "GET / HTTP/2.0\r\nHost: h\r\n\r\n");
        row("HTTP/1.2", "GET / HTTP/1.2\r\nHost: h\r\n\r\n");
        row("HTTP/1.10", "GET / HTTP/1.10\r\nHost: h\r\n\r\n");
        row("a version in small letters", "GET / http/1.1\r\nHost: h\r\n\r\n");
        row("a method that is no word", "G@T / HTTP/1.1\r\nHost: h\r\n\r\n");
        row("a target of no form", "GET a HTTP/1.1\r\nHost: h\r\n\r\n");
        row("a tunnel", "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n");
        row("TLS on the plain port", bytesOf("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"));
        row("an expectation nobody knows", post("Expect: 200-ok\r\n"), 417);
        row("a head without end", post("X-A: ").chopped(2) + QByteArray(40'000, 'a'), 431);
        row("a first line without end", "GET /" + QByteArray(40'000, 'a'), 431);
    }
    void isRefusedAndTheConnectionEnds()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        const int before = m_calls;
        HttpClient client(m_server->plain()[0].port);
        // What is behind it looks like a request, and is none. (It would end what has no end.)
        const bool endless = status == 431;
        QVERIFY(client.send(bytes.toStdString()
                            + (endless ? "" : "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n")));
        const auto reply = client.reply();
        QCOMPARE(reply.status, status);
        QCOMPARE(reply.field("connection"), std::string("close"));
        QVERIFY(client.ended());
        QCOMPARE(m_calls.load(), before);
    }

    void isTakenAsItIs_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("no blank before a value")
            << post("X-A:b\r\n") << QByteArray("POST / x-a=b ");
        QTest::newRow("tabs around a value")
            << post("X-A:\t b \t\r\n") << QByteArray("POST / x-a=b ");
        QTest::newRow("an empty value") << post("X-A:\r\n") << QByteArray("POST / x-a= ");
        QTest::newRow("bytes beyond ASCII in a value")
            << post("X-A: \xc3\xa4\r\n") << QByteArray("POST / x-a=\xc3\xa4 ");
        QTest::newRow("a length with zeros before it")
            << post("Content-Length: 003\r\n", "abc") << QByteArray("POST / abc");
        QTest::newRow("a chunk's size with zeros before it")
            << chunked("0003\r\nabc\r\n00\r\n\r\n") << QByteArray("POST / abc");
        QTest::newRow("a method of the client's own")
            << QByteArray("LOOK-UP / HTTP/1.1\r\nHost: h\r\n\r\n") << QByteArray("LOOK-UP / ");
        QTest::newRow("empty lines before a request")
            << QByteArray("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n") << QByteArray("GET / ");
    }
    void isTakenAsItIs()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, told);
        HttpClient client(m_server->plain()[0].port);
        QVERIFY(client.send(bytes.toStdString()));
        QCOMPARE(client.reply().body, told.toStdString());
        QCOMPARE(client.request("GET", "/next").body, std::string("GET /next "));
    }

    void damagedRequestsHarmNobody()
    {
        const std::uint64_t seed = 20'261'123;
        std::mt19937_64 rng(seed);
        const auto below = [&rng](std::size_t n) { return static_cast<std::size_t>(rng() % n); };
        const std::string whole
            = "POST /a?b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n"
              "5\r\nhello\r\n0\r\n\r\nPOST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nabcd";
        for (int i = 0; i < 500; ++i) {
            std::string damaged = whole;
            for (int changes = 1 + static_cast<int>(below(4)); changes > 0; --changes) {
                const std::size_t at = below(damaged.size());
                if (below(3) == 0)
                    damaged.erase(at, 1 + below(8));
                else
                    damaged[at] = static_cast<char>(below(256));
            }
            HttpClient client(m_server->plain()[0].port);
            QVERIFY2(client.send(damaged), ("seed " + std::to_string(seed)).c_str());
            client.stream().endSending();
            client.rest();
        }
        HttpClient client(m_server->plain()[0].port);
        QCOMPARE(client.request("GET", "/").status, 200);
    }
};

QTEST_APPLESS_MAIN(Http1HostileTest)
#include "tst_http1_hostile.moc"
