#include <QTest>

#include <atomic>
#include <future>
#include <nghttp2/nghttp2.h>
#include <thread>

#include "core/base/budgets.h"
#include "tests/support/h2_client.h"
#include "tests/support/test_server.h"

using namespace shardscope;
using namespace shardscope::endpoint;
using namespace shardscope::test;

/// HTTP/2 by prior knowledge over loopback, from good clients and from floods.
class H2SessionTest : public QObject {
    Q_OBJECT

    static std::string frame(std::uint32_t length, std::uint8_t type, std::uint8_t flags,
                             std::uint32_t stream, std::string_view payload)
    {
        std::string bytes {static_cast<char>(length >> 16), static_cast<char>(length >> 8),
                           static_cast<char>(length), static_cast<char>(type),
                           static_cast<char>(flags)};
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes += static_cast<char>(stream >> shift);
        return bytes.append(payload);
    }

private slots:
    void oneRequestOnOneConnection()
    {
        // As the JavaScript SDK does it for every call.
        const auto server = openServer();
        for (int i = 0; i < 3; ++i) {
            H2Client client(ByteStream::Options {.port = server->plain()[0].port},
                            {.maxConcurrentStreams = 1});
            const auto reply = client.request("POST", "/a?b=%20c", {{"x-odd", "v"}}, "body");
            QCOMPARE(reply.status, 200);
            QCOMPARE(reply.body, std::string("POST /a?b=%20c x-odd=v body"));
            QCOMPARE(reply.field("content-type"), std::string("text/plain"));
            QCOMPARE(reply.field("content-length"), std::to_string(reply.body.size()));
            QCOMPARE(reply.field("date").size(), std::size_t {29});
            QCOMPARE(reply.error, 0U);
        }
        QCOMPARE(server->counts().protocolErrors, 0);
    }

    void pseudoFieldsAreKept()
    {
        std::promise<std::string> seen;
        HttpServer::Options options;
        options.handler = [&](auto request, auto exchange) {
            std::string all = request->peer->version == HttpVersion::Http2 ? "2" : "1";
            for (const char* name : {":authority", ":path", ":method", ":scheme"})
                all.append(" ").append(request->headers.find(name).value_or("-"));
            seen.set_value(all);
            tellBack(request, exchange);
        };
        const auto server = openServer(std::move(options));
        H2Client client(server->plain()[0].port);
        QCOMPARE(client.request("GET", "/p?q").body, std::string("GET /p?q "));
        QCOMPARE(seen.get_future().get(), std::string("2 test /p?q GET http"));
    }

    void bodiesOfAnySizeComeWhole_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::addColumn<bool>("told");
        QTest::newRow("one byte") << 1 << true;
        QTest::newRow("many frames") << 155'041 << true;
        QTest::newRow("of untold length") << 155'041 << false;
        QTest::newRow("more than both windows") << (16 << 20) << true;
    }
    void bodiesOfAnySizeComeWhole()
    {
        QFETCH(int, bytes);
        QFETCH(bool, told);
        const auto server = openServer();
        H2Client client(server->plain()[0].port);
        std::string body(static_cast<std::size_t>(bytes), ' ');
        for (std::size_t i = 0; i < body.size(); ++i)
            body[i] = static_cast<char>(i * 7 + i / 251);
        HttpClient::Fields fields;
        if (told)
            fields.emplace_back("content-length", std::to_string(bytes));
        for (int i = 0; i < 2; ++i)
            QVERIFY(client.request("POST", "/", fields, body).body == "POST / " + body);
    }

    void manyRequestsAtATimeAreAnsweredInAnyOrder()
    {
        // The test answers them backwards from its own thread.
        std::promise<void> all;
        std::vector<std::function<void()>> answers;
        HttpServer::Options options;
        options.handler = [&](auto request, auto exchange) {
            answers.push_back([=] { exchange->post([=] { tellBack(request, exchange); }); });
            if (answers.size() == 100)
                all.set_value();
        };
        const auto server = openServer(std::move(options));
        H2Client client(server->plain()[0].port);
        std::vector<std::int32_t> streams;
        for (int i = 0; i < 100; ++i)
            streams.push_back(client.submit("POST", "/", {}, std::to_string(i)));
        QVERIFY(client.flush());
        all.get_future().wait();
        for (auto answer = answers.rbegin(); answer != answers.rend(); ++answer)
            (*answer)();
        for (std::size_t i = 0; i < streams.size(); ++i)
            QCOMPARE(client.await(streams[i]).body, "POST / " + std::to_string(i));
    }

    void headAndEmptyAnswersHaveNoBody()
    {
        HttpServer::Options options;
        options.handler = [](auto request, auto exchange) {
            exchange->respond({.body = request->path == "/empty" ? "" : "12345"});
        };
        const auto server = openServer(std::move(options));
        H2Client client(server->plain()[0].port);
        const auto head = client.request("HEAD", "/");
        QCOMPARE(head.status, 200);
        QCOMPARE(head.field("content-length"), std::string("5"));
        QCOMPARE(head.body, std::string());
        QCOMPARE(client.request("GET", "/empty").field("content-length"), std::string("0"));
    }

    void aClientThatWaitsForContinueIsTold()
    {
        const auto server = openServer();
        H2Client client(server->plain()[0].port);
        const auto stream = client.open("POST", "/", {{"expect", "100-continue"}});
        client.flush();
        client.awaitUntil([&] { return client.reply(stream).informational != 0; });
        QCOMPARE(client.reply(stream).informational, 100);
        client.sendBody(stream, "abc", true);
        QCOMPARE(client.await(stream).body, std::string("POST / abc"));
    }

    void anEventStreamIsSentAsItComesBesideOtherRequests()
    {
        std::promise<std::shared_ptr<Exchange>> given;
        HttpServer::Options options;
        options.handler = [&](auto request, auto exchange) {
            if (request->path == "/stream")
                given.set_value(exchange);
            else
                tellBack(request, exchange);
        };
        const auto server = openServer(std::move(options));
        H2Client client(server->plain()[0].port);
        const auto stream = client.submit("POST", "/stream");
        QVERIFY(client.flush());
        const auto exchange = given.get_future().get();
        exchange->post([=] { exchange->begin({.headers = {{"Content-Type", "odd"}}}); });
        QCOMPARE(client.awaitBody(stream, 0).status, 200);
        exchange->post([=] { exchange->write("one"); });
        QCOMPARE(client.awaitBody(stream, 3).body, std::string("one"));
        QCOMPARE(client.request("GET", "/other").body, std::string("GET /other "));
        exchange->post([=] { exchange->write("two"); });
        QCOMPARE(client.awaitBody(stream, 6).body, std::string("onetwo"));
        exchange->post([=] { exchange->finish(); });
        QVERIFY(client.await(stream).ended);
        QCOMPARE(client.reply(stream).error, 0U);
    }

    void whatTheClientHasNoRoomForWaitsAndIsTold()
    {
        std::promise<std::shared_ptr<Exchange>> given;
        HttpServer::Options options;
        options.handler = [&](auto, auto exchange) {
            exchange->begin({});
            given.set_value(exchange);
        };
        const auto server = openServer(std::move(options));
        H2Client client(ByteStream::Options {.port = server->plain()[0].port},
                        {.window = 65'535, .opensWindows = false});
        const auto stream = client.submit("POST", "/");
        QVERIFY(client.flush());
        const auto exchange = given.get_future().get();
        exchange->post([=] { exchange->write(std::string(100'000, 'x')); });
        QCOMPARE(client.awaitBody(stream, 65'535).body.size(), std::size_t {65'535});
        std::promise<std::size_t> unsent;
        exchange->post([&] { unsent.set_value(exchange->unsent()); });
        QCOMPARE(unsent.get_future().get(), std::size_t {100'000 - 65'535});
        client.openWindow(0, 100'000);
        client.openWindow(stream, 100'000);
        QCOMPARE(client.awaitBody(stream, 100'000).body.size(), std::size_t {100'000});
    }

    /// Its windows are wide open; only its socket is not read. What waits is still told, so that
    /// whoever makes it can stop.
    void whatASocketDoesNotTakeWaitsAndIsTold()
    {
        constexpr std::size_t kPiece = 1 << 20, kPieces = 48; // sockets hold some of it
        std::promise<std::shared_ptr<Exchange>> given;
        HttpServer::Options options;
        options.handler = [&](auto, auto exchange) {
            exchange->begin({});
            given.set_value(exchange);
        };
        const auto server = openServer(std::move(options));
        H2Client client(ByteStream::Options {.port = server->plain()[0].port},
                        {.window = 1 << 30, .opensWindows = false});
        client.openWindow(0, 1 << 30);
        const auto stream = client.submit("POST", "/");
        QVERIFY(client.flush());
        const auto exchange = given.get_future().get();
        for (std::size_t i = 0; i < kPieces; ++i)
            exchange->post([=] { exchange->write(std::string(kPiece, 'x')); });
        std::promise<std::size_t> unsent;
        exchange->post([&] { unsent.set_value(exchange->unsent()); });
        QVERIFY(unsent.get_future().get() > kPieces * kPiece / 2);
        QCOMPARE(client.awaitBody(stream, kPieces * kPiece).body.size(), kPieces * kPiece);
    }

    void theApiHearsOnceOfAResetAndOfAnEnd_data()
    {
        QTest::addColumn<bool>("reset");
        QTest::newRow("the stream is reset") << true;
        QTest::newRow("the connection ends") << false;
    }
    void theApiHearsOnceOfAResetAndOfAnEnd()
    {
        QFETCH(bool, reset);
        std::promise<std::shared_ptr<Exchange>> given;
        std::promise<void> gone;
        HttpServer::Options options;
        options.handler = [&](auto, auto exchange) {
            exchange->onGone([&] { gone.set_value(); });
            exchange->begin({.body = "x"});
            given.set_value(exchange);
        };
        const auto server = openServer(std::move(options));
        H2Client client(server->plain()[0].port);
        const auto stream = client.submit("POST", "/");
        QCOMPARE(client.awaitBody(stream, 1).body, std::string("x"));
        const auto exchange = given.get_future().get();
        if (reset)
            client.reset(stream);
        else
            client.stream().abort();
        gone.get_future().wait();
        std::promise<void> said;
        exchange->post([&] {
            exchange->write("y");
            exchange->finish();
            said.set_value();
        });
        said.get_future().wait();
    }

    void aPreambleInPiecesStallsNobody()
    {
        const auto server = openServer();
        HttpClient slow(server->plain()[0].port);
        QVERIFY(slow.send("PRI * HTT"));
        HttpClient other(server->plain()[0].port);
        QCOMPARE(other.request("GET", "/").status, 200);
        H2Client two(server->plain()[0].port);
        QCOMPARE(two.request("GET", "/").status, 200);
        // What only began like it is HTTP/1.1, and wrong.
        QVERIFY(slow.send("X/1.1\r\n\r\n"));
        QCOMPARE(slow.reply().status, 400);
        HttpClient first(server->plain()[0].port);
        QVERIFY(first.send("P"));
        QVERIFY(first.send("OST / HTTP/1.1\r\nHost: h\r\n\r\n"));
        QCOMPARE(first.reply().status, 200);
    }

    void limitsAreTheServices_data()
    {
        QTest::addColumn<int>("headBytes");
        QTest::addColumn<int>("bodyBytes");
        QTest::addColumn<bool>("told");
        QTest::addColumn<int>("status");
        QTest::newRow("a head that just fits") << 800 << 0 << false << 200;
        QTest::newRow("a head too large") << 1100 << 0 << false << 431;
        QTest::newRow("a body that just fits") << 0 << 100'000 << true << 200;
        QTest::newRow("a body too large, told") << 0 << 100'001 << true << 413;
        QTest::newRow("a body that just fits, untold") << 0 << 100'000 << false << 200;
        QTest::newRow("a body too large, untold") << 0 << 100'001 << false << 413;
        QTest::newRow("more than the server has room for") << 0 << 90'000 << true << 503;
    }
    void limitsAreTheServices()
    {
        QFETCH(int, headBytes);
        QFETCH(int, bodyBytes);
        QFETCH(bool, told);
        QFETCH(int, status);
        HttpServer::Options options;
        options.limits.headerBytes = 1_KiB;
        options.limits.bodyBytes = 100'000;
        if (status == 503)
            options.limits.bodyBytesInAll = 89'999;
        const auto server = openServer(std::move(options));
        H2Client client(server->plain()[0].port);
        HttpClient::Fields fields;
        if (headBytes > 0)
            fields.emplace_back("x-large", std::string(static_cast<std::size_t>(headBytes), 'x'));
        if (told)
            fields.emplace_back("content-length", std::to_string(bodyBytes));
        const std::string body(static_cast<std::size_t>(bodyBytes), 'x');
        const auto reply = client.request("POST", "/", fields, body);
        QCOMPARE(reply.status, status);
        if (status == 413)
            QVERIFY(reply.body.starts_with(R"({"__type":"RequestEntityTooLarge")"));
        if (status == 503)
            QVERIFY(reply.body.starts_with(R"({"__type":"ServiceUnavailable")"));
        // The connection goes on.
        QCOMPARE(client.request("GET", "/").status, 200);
    }

    void whatIsOnItsWayToARefusedRequestIsThrownAway()
    {
        HttpServer::Options options;
        options.limits.bodyBytes = 1000;
        const auto server = openServer(std::move(options));
        H2Client client(server->plain()[0].port);
        QCOMPARE(client.request("GET", "/").status, 200); // and the windows are known
        // A whole window of the stream comes before the client can hear of it.
        const std::string body(1 << 20, 'x');
        for (int i = 0; i < 5; ++i)
            QCOMPARE(client.request("POST", "/", {}, body).status, 413);
        QCOMPARE(client.request("GET", "/").status, 200);
        QCOMPARE(server->counts().protocolErrors, 0);
    }

    void moreStreamsThanAllowedAreRefused()
    {
        std::promise<void> both;
        std::atomic<int> calls = 0;
        HttpServer::Options options;
        options.limits.streamsPerConnection = 2;
        options.handler = [&](auto, auto) {
            if (++calls == 2)
                both.set_value();
        };
        const auto server = openServer(std::move(options));
        H2Client client(server->plain()[0].port);
        client.submit("GET", "/1");
        client.submit("GET", "/2");
        QVERIFY(client.flush());
        both.get_future().wait();
        // Past nghttp2, which holds to what the server has announced: a third, of static fields.
        const std::string third = frame(6, NGHTTP2_HEADERS, 0x5, 5, "\x82\x86\x84\x41\x01x");
        QVERIFY(client.sendRaw(third));
        // The refusal names a stream that the client knows nothing of.
        client.awaitUntil([&] { return client.strayFrames() > 0; });
        QCOMPARE(client.strayFrames(), 1);
        QCOMPARE(calls.load(), 2);
    }

    void floodsAreEnded_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("rapid reset") << 0;
        QTest::newRow("settings") << 1;
        QTest::newRow("pings") << 2;
        QTest::newRow("empty data") << 3;
        QTest::newRow("a head continued without end") << 4;
        QTest::newRow("a head continued by nothing") << 5;
        QTest::newRow("priorities") << 6;
        QTest::newRow("windows opened by one") << 7;
    }
    void floodsAreEnded()
    {
        QFETCH(int, kind);
        const auto server = openServer();
        H2Client client(server->plain()[0].port);
        QCOMPARE(client.request("GET", "/").status, 200); // takes stream 1
        const std::string head = "\x82\x86\x84\x41\x04test";
        const auto headBytes = static_cast<std::uint32_t>(head.size());
        const auto begin
            = [&](std::uint8_t flags) { return frame(headBytes, NGHTTP2_HEADERS, flags, 3, head); };
        std::string flood;
        for (std::uint32_t i = 0; i < 30'000; ++i) {
            const std::uint32_t stream = 3 + 2 * i;
            if (kind == 0)
                flood += frame(headBytes, NGHTTP2_HEADERS, 0x4, stream, head)
                    + frame(4, NGHTTP2_RST_STREAM, 0, stream, std::string("\0\0\0\x08", 4));
            else if (kind == 1)
                flood += frame(0, NGHTTP2_SETTINGS, 0, 0, "");
            else if (kind == 2)
                flood += frame(8, NGHTTP2_PING, 0, 0, "12345678");
            else if (kind == 3)
                flood += (i == 0 ? begin(0x4) : "") + frame(0, NGHTTP2_DATA, 0, 3, "");
            else if (kind == 4)
                flood += (i == 0 ? begin(0) : "")
                    + frame(6, NGHTTP2_CONTINUATION, 0, 3, std::string("\x40\x01x\x02yz", 6));
            else if (kind == 5)
                flood += (i == 0 ? begin(0) : "") + frame(0, NGHTTP2_CONTINUATION, 0, 3, "");
            else if (kind == 6)
                flood += frame(5, NGHTTP2_PRIORITY, 0, stream, std::string("\0\0\0\0\x10", 5));
            else
                flood += frame(4, NGHTTP2_WINDOW_UPDATE, 0, 0, std::string("\0\0\0\x01", 4));
        }
        client.sendRaw(flood); // may fail: the server has left
        client.awaitEnd();
        QVERIFY(server->counts().protocolErrors >= 1);
        H2Client other(server->plain()[0].port);
        QCOMPARE(other.request("GET", "/").status, 200);
    }

    void framesThatAreNoneEndTheConnection_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char* name, const std::string& bytes) {
            QTest::newRow(name) << QByteArray(bytes.data(), static_cast<int>(bytes.size()));
        };
        row("a frame larger than announced", frame(0xffffff, NGHTTP2_DATA, 0, 1, ""));
        row("data on no stream", frame(1, NGHTTP2_DATA, 0, 0, "x"));
        row("a head of no table", frame(1, NGHTTP2_HEADERS, 0x5, 3, "\xff"));
        row("settings of odd length", frame(5, NGHTTP2_SETTINGS, 0, 0, "12345"));
        row("a window opened by nothing",
            frame(4, NGHTTP2_WINDOW_UPDATE, 0, 0, std::string(4, '\0')));
        row("a promise", frame(4, NGHTTP2_PUSH_PROMISE, 0x4, 1, std::string(4, '\0')));
        row("a stream of the server's", frame(4, NGHTTP2_HEADERS, 0x5, 2, "\x82\x86\x84\x84"));
    }
    void framesThatAreNoneEndTheConnection()
    {
        QFETCH(QByteArray, bytes);
        const auto server = openServer();
        H2Client client(server->plain()[0].port);
        QCOMPARE(client.request("GET", "/").status, 200);
        QVERIFY(client.sendRaw({bytes.data(), static_cast<std::size_t>(bytes.size())}));
        client.awaitEnd();
        QVERIFY(client.goneAway());
        QVERIFY(client.goAwayCode() != NGHTTP2_NO_ERROR);
    }

    void requestsThatAreNoneAreReset_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::newRow("no path") << QByteArray("\x82\x86\x41\x01x");
        QTest::newRow("two methods") << QByteArray("\x82\x83\x86\x84\x41\x01x");
        QTest::newRow("a name in capitals") << QByteArray("\x82\x86\x84\x40\x01X\x01y");
        QTest::newRow("a line's end in a value") << QByteArray("\x82\x86\x84\x40\x01x\x03"
                                                               "a\r\n");
        QTest::newRow("a field of HTTP/1.1's connection") << QByteArray("\x82\x86\x84\x40\x0a"
                                                                        "connection\x05"
                                                                        "close");
        QTest::newRow("a transfer coding") << QByteArray("\x82\x86\x84\x40\x11transfer-encoding\x07"
                                                         "chunked");
        QTest::newRow("two lengths") << QByteArray("\x82\x86\x84\x40\x0e"
                                                   "content-length\x01"
                                                   "1\x40\x0e"
                                                   "content-length\x01"
                                                   "2");
        QTest::newRow("a length that is none") << QByteArray("\x82\x86\x84\x40\x0e"
                                                             "content-length\x02"
                                                             "-1");
        QTest::newRow("a body shorter than told") << QByteArray("\x82\x86\x84\x40\x0e"
                                                                "content-length\x01"
                                                                "1");
    }
    void requestsThatAreNoneAreReset()
    {
        QFETCH(QByteArray, head);
        std::atomic<int> calls = 0;
        HttpServer::Options options;
        options.handler = [&](auto request, auto exchange) {
            ++calls;
            tellBack(request, exchange);
        };
        const auto server = openServer(std::move(options));
        H2Client client(server->plain()[0].port);
        QCOMPARE(client.request("GET", "/").status, 200);
        const auto size = static_cast<std::size_t>(head.size());
        QVERIFY(client.sendRaw(
            frame(static_cast<std::uint32_t>(size), NGHTTP2_HEADERS, 0x5, 3, {head.data(), size})));
        client.ping();
        client.awaitUntil([&] { return client.pongs() > 0; });
        QCOMPARE(calls.load(), 1);
        QCOMPARE(server->counts().protocolErrors, 1);
    }

    void stoppingLetsStreamsUnderWayBeAnswered()
    {
        std::promise<std::shared_ptr<Exchange>> given;
        HttpServer::Options options;
        options.handler = [&](auto, auto exchange) { given.set_value(exchange); };
        const auto server = openServer(std::move(options));
        H2Client client(server->plain()[0].port);
        const auto stream = client.submit("GET", "/");
        QVERIFY(client.flush());
        const auto exchange = given.get_future().get();
        std::thread stopping([&] { server->stop(std::chrono::seconds(kPatienceSeconds)); });
        client.awaitUntil([&] { return client.goneAway(); });
        exchange->post([=] { exchange->respond({.body = "late"}); });
        QCOMPARE(client.await(stream).body, std::string("late"));
        client.awaitEnd();
        client.stream().abort();
        stopping.join();
        QCOMPARE(client.goAwayCode(), std::uint32_t {NGHTTP2_NO_ERROR});
    }
};

QTEST_APPLESS_MAIN(H2SessionTest)
#include "tst_h2_session.moc"
