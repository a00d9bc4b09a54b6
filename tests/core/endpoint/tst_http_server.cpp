#include <QTest>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "tests/support/http_client.h"
#include "tests/support/test_server.h"

using namespace shardscope;
using namespace shardscope::endpoint;
using namespace shardscope::test;

/// HTTP/1.1 over loopback, as good clients speak it.
class HttpServerTest : public QObject {
    Q_OBJECT

private slots:
    void answersOneRequestAfterTheOtherOnOneConnection()
    {
        const auto server = openServer();
        HttpClient client(server->plain()[0].port);
        for (int i = 0; i < 3; ++i) {
            const auto reply = client.request("POST", "/a/b?c=d%20e", {{"X-Odd", "  two words "}},
                                              "body " + std::to_string(i));
            QCOMPARE(reply.status, 200);
            QCOMPARE(reply.body, "POST /a/b?c=d%20e x-odd=two words body " + std::to_string(i));
            QCOMPARE(reply.field("content-type"), std::string("text/plain"));
            QCOMPARE(reply.field("date").size(), std::size_t {29});
            QCOMPARE(reply.field("connection"), std::string());
        }
        QCOMPARE(server->counts().connectionsEver, 1);
        QCOMPARE(server->counts().protocolErrors, 0);
        QVERIFY(server->counts().bytesIn > 0 && server->counts().bytesOut > 0);
    }

    void aBodyIsPaddedAndNamesItsPeer()
    {
        std::promise<bool> seen;
        HttpServer::Options options;
        options.handler = [&](auto request, auto exchange) {
            bool padded = true;
            for (std::size_t i = 0; i < HttpRequest::kPadding; ++i)
                padded = padded && request->body.data()[request->body.size() + i] == '\0';
            seen.set_value(padded && !request->peer->secure
                           && request->peer->address.starts_with("127.0.0.1:")
                           && request->peer->version == HttpVersion::Http11);
            tellBack(request, exchange);
        };
        const auto server = openServer(std::move(options));
        HttpClient client(server->plain()[0].port);
        QCOMPARE(client.request("GET", "/").status, 200);
        QVERIFY(seen.get_future().get());
    }

    void bodiesOfAnySizeComeWhole_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::newRow("none") << 0;
        QTest::newRow("one byte") << 1;
        QTest::newRow("about one read") << 4096;
        QTest::newRow("many reads") << 155'041;
        QTest::newRow("the most") << (16 << 20);
    }
    void bodiesOfAnySizeComeWhole()
    {
        QFETCH(int, bytes);
        const auto server = openServer();
        HttpClient client(server->plain()[0].port);
        std::string body(static_cast<std::size_t>(bytes), ' ');
        for (std::size_t i = 0; i < body.size(); ++i)
            body[i] = static_cast<char>(i * 7 + i / 251);
        for (int i = 0; i < 3; ++i)
            QVERIFY(client.request("POST", "/", {}, body).body == "POST / " + body);
    }

    void chunkedBodiesComeWhole()
    {
        const auto server = openServer();
        HttpClient client(server->plain()[0].port);
        std::string whole, chunks;
        for (const std::size_t size : std::vector<std::size_t> {1, 17, 4096, 70'000, 3}) {
            const std::string piece(size, static_cast<char>('a' + static_cast<int>(size % 26)));
            char line[32];
            std::snprintf(line, sizeof line, "%zX;name=\"value\"\r\n", size);
            chunks += line + piece + "\r\n";
            whole += piece;
        }
        chunks += "0\r\nX-Trailer: is not a field\r\n\r\n";
        const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n";
        QVERIFY(client.send(head + chunks));
        QVERIFY(client.reply().body == "POST / " + whole);
        // One byte at a time; what is joined on the way makes no difference.
        for (const char byte : head + "2\r\nab\r\n0\r\n\r\n")
            QVERIFY(client.send({&byte, 1}));
        QCOMPARE(client.reply().body, std::string("POST / ab"));
    }

    void severalRequestsAtOnceAreAnsweredInOrder()
    {
        // The first answer comes from another thread, after all the requests have come.
        std::vector<std::thread> threads;
        std::atomic<int> calls = 0;
        HttpServer::Options options;
        options.handler = [&](auto request, auto exchange) {
            if (calls++ > 0)
                return tellBack(request, exchange);
            threads.emplace_back([=] { exchange->post([=] { tellBack(request, exchange); }); });
        };
        const auto server = openServer(std::move(options));
        HttpClient client(server->plain()[0].port);
        std::string all;
        for (int i = 0; i < 50; ++i)
            all += "POST /" + std::to_string(i)
                + " HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok\r\n";
        QVERIFY(client.send(all));
        for (int i = 0; i < 50; ++i)
            QCOMPARE(client.reply().body, "POST /" + std::to_string(i) + " ok");
        for (std::thread& thread : threads)
            thread.join();
    }

    void headIsAnsweredWithoutABody()
    {
        const auto server = openServer();
        HttpClient client(server->plain()[0].port);
        const auto head = client.request("HEAD", "/x");
        QCOMPARE(head.status, 200);
        QCOMPARE(head.field("content-length"), std::string("8"));
        QCOMPARE(client.request("OPTIONS", "*").body, std::string("OPTIONS / "));
        QCOMPARE(client.request("GET", "http://other:1/p?q").body, std::string("GET /p?q "));
    }

    void theConnectionEndsWhenTheClientAsksForIt_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<bool>("stays");
        QTest::newRow("1.1 stays") << QByteArray("GET / HTTP/1.1\r\nHost: h\r\n\r\n") << true;
        QTest::newRow("1.1 with close")
            << QByteArray("GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n") << false;
        QTest::newRow("1.0 ends") << QByteArray("GET / HTTP/1.0\r\n\r\n") << false;
        QTest::newRow("1.0 with keep-alive")
            << QByteArray("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") << true;
    }
    void theConnectionEndsWhenTheClientAsksForIt()
    {
        QFETCH(QByteArray, request);
        QFETCH(bool, stays);
        const auto server = openServer();
        HttpClient client(server->plain()[0].port);
        QVERIFY(client.send(request.toStdString()));
        const auto reply = client.reply();
        QCOMPARE(reply.body, std::string("GET / "));
        QCOMPARE(reply.field("connection") == "close", !stays);
        if (stays)
            QCOMPARE(client.request("GET", "/2").body, std::string("GET /2 "));
        else
            QVERIFY(client.ended());
    }

    void aClientThatWaitsForContinueIsTold()
    {
        const auto server = openServer();
        HttpClient client(server->plain()[0].port);
        const std::string head
            = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
        QVERIFY(client.send(head));
        QCOMPARE(client.reply().status, 100);
        QVERIFY(client.send("abc"));
        QCOMPARE(client.reply().body, std::string("POST / abc"));
        // One who does not wait needs no word.
        QVERIFY(client.send(head + "abc"));
        QCOMPARE(client.reply().status, 200);
        // What cannot be taken is said at once.
        QVERIFY(client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                            "Content-Length: 16777217\r\n\r\n"));
        QCOMPARE(client.reply().status, 413);
        QVERIFY(client.ended());
    }

    void anEventStreamIsSentAsItComes()
    {
        std::promise<std::shared_ptr<Exchange>> given;
        HttpServer::Options options;
        options.handler = [&](auto, auto exchange) { given.set_value(exchange); };
        const auto server = openServer(std::move(options));
        HttpClient client(server->plain()[0].port);
        QVERIFY(client.send("POST / HTTP/1.1\r\nHost: h\r\n\r\n"));
        const auto exchange = given.get_future().get();
        exchange->post([=] {
            exchange->begin({.headers = {{"Content-Type", "odd"}}, .body = "first"});
        });
        const auto head = client.head();
        QCOMPARE(head.status, 200);
        QCOMPARE(head.field("transfer-encoding"), std::string("chunked"));
        QCOMPARE(client.chunk().value_or("-"), std::string("first"));
        exchange->post([=] { exchange->write(std::string(100'000, 'x')); });
        QVERIFY(client.chunk().value_or("-") == std::string(100'000, 'x'));
        exchange->post([=] {
            exchange->write("last");
            exchange->finish();
            exchange->write("after the end");
        });
        QCOMPARE(client.chunk().value_or("-"), std::string("last"));
        QCOMPARE(client.chunk().value_or("-"), std::string());
    }

    void anEventStreamToAnOldClientEndsWithItsConnection()
    {
        HttpServer::Options options;
        options.handler = [](auto, auto exchange) {
            exchange->begin({.body = "a"});
            exchange->write("b");
            exchange->finish();
        };
        const auto server = openServer(std::move(options));
        HttpClient client(server->plain()[0].port);
        QVERIFY(client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
        QCOMPARE(client.reply().body, std::string("ab"));
    }

    void theApiHearsOnceThatTheClientHasGone()
    {
        std::promise<void> gone;
        std::promise<std::shared_ptr<Exchange>> begun;
        HttpServer::Options options;
        options.handler = [&](auto, auto exchange) {
            exchange->onGone([&] { gone.set_value(); }); // a second call would throw
            exchange->begin({});
            exchange->write("x");
            begun.set_value(exchange);
        };
        const auto server = openServer(std::move(options));
        std::optional<HttpClient> client(server->plain()[0].port);
        QVERIFY(client->send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        const auto exchange = begun.get_future().get();
        QCOMPARE(client->head().status, 200);
        client.reset();
        gone.get_future().wait();
        // What the API still says goes nowhere.
        std::promise<std::size_t> unsent;
        exchange->post([&] {
            exchange->write("y");
            exchange->finish();
            exchange->respond({});
            unsent.set_value(exchange->unsent());
        });
        QCOMPARE(unsent.get_future().get(), std::size_t {0});
    }

    void anAnswerToOneWhoHasGoneIsDropped()
    {
        std::promise<std::shared_ptr<Exchange>> given;
        HttpServer::Options options;
        options.handler = [&](auto, auto exchange) { given.set_value(exchange); };
        auto server = openServer(std::move(options));
        HttpClient client(server->plain()[0].port);
        QVERIFY(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        const auto exchange = given.get_future().get();
        client.stream().abort();
        std::promise<void> said;
        exchange->post([&] {
            exchange->respond({.body = std::string(1 << 20, 'x')});
            said.set_value();
        });
        said.get_future().wait();
        server.reset();
        exchange->respond({}); // the server is no more
        exchange->post([] { qFatal("a server that has stopped runs nothing"); });
    }

    void whatAHandlerThrowsIsAnswered()
    {
        HttpServer::Options options;
        options.handler = [](auto, auto) { throw std::bad_alloc(); };
        const auto server = openServer(std::move(options));
        HttpClient client(server->plain()[0].port);
        const auto reply = client.request("GET", "/");
        QCOMPARE(reply.status, 500);
        QVERIFY(reply.body.starts_with(R"({"__type":"InternalFailure")"));
        QCOMPARE(client.request("GET", "/").status, 500);
    }

    void aFieldOfAnAnswerCannotEndItsLine()
    {
        HttpServer::Options options;
        options.handler = [](auto, auto exchange) {
            exchange->respond({.headers = {{"X-Said", "a\r\nX-Evil: b"}}});
        };
        const auto server = openServer(std::move(options));
        HttpClient client(server->plain()[0].port);
        const auto reply = client.request("GET", "/");
        QCOMPARE(reply.field("x-said"), std::string("a  X-Evil: b"));
        QCOMPARE(reply.field("x-evil"), std::string());
    }

    void manyThreadsServeManyConnections()
    {
        // Answers come from the test's own threads, in any order, and each reaches its request.
        HttpServer::Options options;
        options.threads = 3;
        std::mutex mutex;
        std::vector<std::thread> answering;
        options.handler = [&](auto request, auto exchange) {
            const std::lock_guard lock(mutex);
            answering.emplace_back([=] { exchange->post([=] { tellBack(request, exchange); }); });
        };
        const auto server = openServer(std::move(options));
        std::vector<std::thread> clients;
        std::atomic<int> right = 0;
        for (int c = 0; c < 8; ++c) {
            clients.emplace_back([&, c] {
                HttpClient client(server->plain()[0].port);
                for (int i = 0; i < 20; ++i) {
                    const std::string body = std::to_string(c * 1000 + i);
                    right += client.request("POST", "/", {}, body).body == "POST / " + body;
                }
            });
        }
        for (std::thread& client : clients)
            client.join();
        for (std::thread& thread : answering)
            thread.join();
        QCOMPARE(right.load(), 160);
    }

    void stoppingLetsRequestsUnderWayBeAnswered()
    {
        std::promise<std::shared_ptr<Exchange>> given;
        HttpServer::Options options;
        options.handler = [&](auto, auto exchange) { given.set_value(exchange); };
        const auto server = openServer(std::move(options));
        HttpClient busy(server->plain()[0].port);
        HttpClient idle(server->plain()[0].port);
        QVERIFY(busy.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        const auto exchange = given.get_future().get();
        std::thread stopping([&] { server->stop(std::chrono::seconds(kPatienceSeconds)); });
        QVERIFY(idle.ended());
        exchange->post([=] { exchange->respond({.body = "late"}); });
        const auto reply = busy.reply();
        QCOMPARE(reply.body, std::string("late"));
        QCOMPARE(reply.field("connection"), std::string("close"));
        QVERIFY(busy.ended());
        busy.stream().abort();
        idle.stream().abort();
        stopping.join();
        QVERIFY(!HttpClient(server->plain()[0].port).stream().open());
        QCOMPARE(server->counts().connectionsNow, 0);
    }

    void stoppingWithoutGraceEndsEvenEventStreams()
    {
        std::atomic<bool> gone = false;
        HttpServer::Options options;
        options.handler = [&](auto, auto exchange) {
            exchange->onGone([&] { gone = true; });
            exchange->begin({});
        };
        const auto server = openServer(std::move(options));
        HttpClient client(server->plain()[0].port);
        QVERIFY(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        QCOMPARE(client.head().status, 200);
        server->stop(std::chrono::milliseconds(0));
        QVERIFY(gone);
        QVERIFY(client.ended());
    }

    void addressesAreReadAndWritten_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("right");
        QTest::addColumn<bool>("loopback");
        QTest::newRow("IPv4") << QByteArray("127.0.0.1:4567") << true << true;
        QTest::newRow("a name for it") << QByteArray("localhost:4567") << true << true;
        QTest::newRow("IPv6") << QByteArray("[::1]:65535") << true << true;
        QTest::newRow("all") << QByteArray("0.0.0.0:0") << true << false;
        QTest::newRow("all of IPv6") << QByteArray("[::]:80") << true << false;
        QTest::newRow("no port") << QByteArray("127.0.0.1") << false << false;
        QTest::newRow("an empty port") << QByteArray("127.0.0.1:") << false << false;
        QTest::newRow("a port too large") << QByteArray("127.0.0.1:65536") << false << false;
        QTest::newRow("a port and more") << QByteArray("127.0.0.1:80x") << false << false;
        QTest::newRow("IPv6 without brackets") << QByteArray("::1:80") << false << false;
        QTest::newRow("IPv4 in brackets") << QByteArray("[127.0.0.1]:80") << false << false;
        QTest::newRow("another name") << QByteArray("example.com:80") << false << false;
        QTest::newRow("nothing") << QByteArray("") << false << false;
        QTest::newRow("only a port") << QByteArray(":80") << false << false;
    }
    void addressesAreReadAndWritten()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, right);
        QFETCH(bool, loopback);
        const auto address = ListenAddress::parse(text.toStdString());
        QCOMPARE(address.has_value(), right);
        if (!right) {
            QCOMPARE(address.error().code, ErrorCode::BadInput);
            return;
        }
        QCOMPARE(address->text(), text.toStdString());
        QCOMPARE(address->loopback(), loopback);
    }

    void anAddressThatIsTakenIsSaid()
    {
        const auto first = openServer();
        HttpServer::Options options;
        options.plain = {{"127.0.0.1", first->plain()[0].port}};
        options.handler = tellBack;
        const auto second = HttpServer::open(std::move(options));
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::Io);
        QVERIFY(second.error().message.find("in use") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(HttpServerTest)
#include "tst_http_server.moc"
