#include <QTest>

#include <atomic>
#include <future>
#include <thread>

#include "tests/support/h2_client.h"
#include "tests/support/http_client.h"
#include "tests/support/test_server.h"

using namespace shardscope;
using namespace shardscope::endpoint;
using namespace shardscope::test;

/// Each of HttpLimits from both sides, over HTTP/1.1.
class HttpLimitsTest : public QObject {
    Q_OBJECT

private slots:
    void headsAndBodiesUpToTheirLimits_data()
    {
        QTest::addColumn<int>("headBytes");
        QTest::addColumn<int>("bodyBytes");
        QTest::addColumn<bool>("chunked");
        QTest::addColumn<int>("status");
        QTest::newRow("the largest head") << 1024 << 0 << false << 200;
        QTest::newRow("a head one byte larger") << 1025 << 0 << false << 431;
        QTest::newRow("the largest body") << 0 << 5000 << false << 200;
        QTest::newRow("a body one byte larger") << 0 << 5001 << false << 413;
        QTest::newRow("the largest body in chunks") << 0 << 5000 << true << 200;
        QTest::newRow("a body in chunks one byte larger") << 0 << 5001 << true << 413;
    }
    void headsAndBodiesUpToTheirLimits()
    {
        QFETCH(int, headBytes);
        QFETCH(int, bodyBytes);
        QFETCH(bool, chunked);
        QFETCH(int, status);
        HttpServer::Options options;
        options.limits.headerBytes = 1024;
        options.limits.bodyBytes = 5000;
        const auto server = openServer(std::move(options));
        HttpClient client(server->plain()[0].port);
        std::string text = "POST / HTTP/1.1\r\nHost: h\r\n";
        if (chunked)
            text += "Transfer-Encoding: chunked\r\n";
        else if (bodyBytes > 0)
            text += "Content-Length: " + std::to_string(bodyBytes) + "\r\n";
        if (headBytes > 0)
            text += "X: " + std::string(static_cast<std::size_t>(headBytes) - text.size() - 7, 'x')
                + "\r\n";
        text += "\r\n";
        if (headBytes > 0)
            QCOMPARE(text.size(), static_cast<std::size_t>(headBytes));
        for (int left = bodyBytes; chunked && left > 0;) {
            const int size = std::min(left, 0x7ff);
            char line[16];
            std::snprintf(line, sizeof line, "%x\r\n", static_cast<unsigned>(size));
            text += line + std::string(static_cast<std::size_t>(size), 'x') + "\r\n";
            left -= size;
        }
        text += chunked ? "0\r\n\r\n" : std::string(static_cast<std::size_t>(bodyBytes), 'x');
        QVERIFY(client.send(text));
        const auto reply = client.reply();
        QCOMPARE(reply.status, status);
        if (status == 413)
            QVERIFY(reply.body.starts_with(R"({"__type":"RequestEntityTooLarge")"));
        if (status == 200)
            QCOMPARE(client.request("GET", "/").status, 200);
        else
            QVERIFY(client.ended());
    }

    void bodiesOfAllRequestsTogether()
    {
        // One request is held by the API; while it is, another of the same size has no room.
        std::promise<void> came;
        std::shared_ptr<const HttpRequest> held;
        std::shared_ptr<Exchange> exchange;
        HttpServer::Options options;
        options.limits.bodyBytesInAll = 1999;
        options.handler = [&](auto request, auto answer) {
            if (request->path != "/held")
                return tellBack(request, answer);
            held = request;
            exchange = answer;
            came.set_value();
        };
        const auto server = openServer(std::move(options));
        HttpClient first(server->plain()[0].port);
        const std::string body(1000, 'x');
        QVERIFY(
            first.send("POST /held HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n" + body));
        came.get_future().wait();
        HttpClient second(server->plain()[0].port);
        const auto refused = second.request("POST", "/", {}, body);
        QCOMPARE(refused.status, 503);
        QVERIFY(refused.body.starts_with(R"({"__type":"ServiceUnavailable")"));
        HttpClient smaller(server->plain()[0].port);
        QCOMPARE(smaller.request("POST", "/", {}, body.substr(1)).status, 200);
        // The last who holds it lets go on another thread.
        held.reset();
        HttpClient third(server->plain()[0].port);
        QCOMPARE(third.request("POST", "/", {}, body).status, 200);
        exchange->post([=] { exchange->respond({.body = "done"}); });
        QCOMPARE(first.reply().body, std::string("done"));
    }

    void connectionsUpToTheirLimit()
    {
        HttpServer::Options options;
        options.limits.connections = 2;
        const auto server = openServer(std::move(options));
        std::optional<HttpClient> first(server->plain()[0].port);
        HttpClient second(server->plain()[0].port);
        QCOMPARE(first->request("GET", "/").status, 200);
        QCOMPARE(second.request("GET", "/").status, 200);
        HttpClient third(server->plain()[0].port);
        const auto refused = third.reply();
        QCOMPARE(refused.status, 503);
        QVERIFY(refused.body.starts_with(R"({"__type":"ServiceUnavailable")"));
        QVERIFY(third.ended());
        third.stream().abort();
        QCOMPARE(server->counts().refusedConnections, 1);
        QCOMPARE(second.request("GET", "/").status, 200);
        // When one has gone there is room for another.
        first.reset();
        int status = 0;
        for (int i = 0; i < 1000 && status != 200; ++i)
            status = HttpClient(server->plain()[0].port).request("GET", "/").status;
        QCOMPARE(status, 200);
    }

    void aRequestMustComeWholeInTime_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("part of a head") << QByteArray("GET / HTTP/1.1\r\nHo");
        QTest::newRow("part of a body")
            << QByteArray("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
        QTest::newRow("part of a chunk") << QByteArray(
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
    }
    void aRequestMustComeWholeInTime()
    {
        QFETCH(QByteArray, bytes);
        HttpServer::Options options;
        options.limits.requestTime = std::chrono::seconds(1);
        const auto server = openServer(std::move(options));
        HttpClient client(server->plain()[0].port);
        QVERIFY(client.send(bytes.toStdString()));
        QCOMPARE(client.reply().status, 408);
        QVERIFY(client.ended());
    }

    void aRequestMustComeWholeInTimeOverHttp2()
    {
        HttpServer::Options options;
        options.limits.requestTime = std::chrono::seconds(1);
        const auto server = openServer(std::move(options));
        H2Client client(server->plain()[0].port);
        const auto stream = client.open("POST", "/");
        client.sendBody(stream, "abc", false);
        QCOMPARE(client.await(stream).status, 408);
        QCOMPARE(client.request("GET", "/").status, 200);
    }

    void halfAPrefaceIsNotWaitedForLong()
    {
        HttpServer::Options options;
        options.limits.requestTime = std::chrono::seconds(1);
        const auto server = openServer(std::move(options));
        HttpClient client(server->plain()[0].port);
        QVERIFY(client.send("PRI * HTTP/2.0"));
        QVERIFY(client.ended());
    }

    void whoSaysNothingIsClosed()
    {
        HttpServer::Options options;
        options.limits.idleTime = std::chrono::seconds(1);
        const auto server = openServer(std::move(options));
        HttpClient silent(server->plain()[0].port);
        HttpClient one(server->plain()[0].port);
        H2Client two(server->plain()[0].port);
        QCOMPARE(one.request("GET", "/").status, 200);
        QCOMPARE(two.request("GET", "/").status, 200);
        QVERIFY(silent.ended());
        QVERIFY(one.ended());
        two.awaitEnd();
        QVERIFY(two.goneAway());
        QCOMPARE(two.goAwayCode(), 0U);
    }

    void aServedRequestIsNotIdle()
    {
        // The answer comes after the idle time is over for another, who began earlier.
        std::promise<std::shared_ptr<Exchange>> given;
        HttpServer::Options options;
        options.limits.idleTime = std::chrono::seconds(1);
        options.limits.requestTime = std::chrono::seconds(1);
        options.handler = [&](auto, auto exchange) { given.set_value(exchange); };
        const auto server = openServer(std::move(options));
        HttpClient busy(server->plain()[0].port);
        QVERIFY(busy.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        const auto exchange = given.get_future().get();
        HttpClient idle(server->plain()[0].port);
        QVERIFY(idle.ended());
        exchange->post([=] { exchange->respond({.body = "late"}); });
        QCOMPARE(busy.reply().body, std::string("late"));
    }

    /// Whether the handler has forgotten it or is only late: the client hears of it, and goes on.
    void aRequestIsAnsweredInTime_data()
    {
        QTest::addColumn<bool>("forgotten");
        QTest::newRow("the handler has let go of it") << true;
        QTest::newRow("the handler answers too late") << false;
    }
    void aRequestIsAnsweredInTime()
    {
        QFETCH(bool, forgotten);
        std::vector<std::shared_ptr<Exchange>> late;
        HttpServer::Options options;
        options.limits.requestTime = std::chrono::seconds(1);
        options.limits.answerTime = std::chrono::seconds(0);
        options.handler = [&](auto request, auto exchange) {
            if (request->path != "/never")
                return exchange->respond({.body = "good"});
            if (!forgotten)
                late.push_back(exchange);
        };
        const auto server = openServer(std::move(options));
        HttpClient one(server->plain()[0].port);
        H2Client two(server->plain()[0].port);
        const auto stream = two.submit("GET", "/never");
        QVERIFY(two.flush());
        const auto reply = one.request("GET", "/never");
        QCOMPARE(reply.status, 503);
        QVERIFY(reply.body.starts_with(R"({"__type":"ServiceUnavailable")"));
        QCOMPARE(two.await(stream).status, 503);
        for (const auto& exchange : late)
            exchange->post([=] { exchange->respond({.body = "too late"}); });
        QCOMPARE(one.request("GET", "/").body, std::string("good"));
        QCOMPARE(two.request("GET", "/").body, std::string("good"));
    }

    void whoDoesNotReadIsNotReadEither()
    {
        // Answers of 64 KiB to requests that never stop: what waits stays near its limit.
        std::atomic<int> calls = 0;
        HttpServer::Options options;
        options.limits.unsentPerConnection = 1_MiB;
        options.handler = [&](auto, auto exchange) {
            ++calls;
            exchange->respond({.body = std::string(64 << 10, 'x')});
        };
        const auto server = openServer(std::move(options));
        HttpClient greedy(server->plain()[0].port);
        std::string all;
        for (int i = 0; i < 2000; ++i)
            all += "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
        std::thread sending([&] { greedy.send(all); });
        // Others are served meanwhile.
        HttpClient other(server->plain()[0].port);
        for (int i = 0; i < 20; ++i)
            QCOMPARE(other.request("GET", "/").body.size(), std::size_t {64 << 10});
        // 16 answers are the limit; the sockets hold some megabytes more.
        QVERIFY(calls.load() < 20 + 16 + 200);
        // Once it reads it gets all it has asked for.
        for (int i = 0; i < 2000; ++i)
            QCOMPARE(greedy.reply().body.size(), std::size_t {64 << 10});
        sending.join();
        QCOMPARE(calls.load(), 2020);
    }

    void anEventStreamTellsHowMuchWaits()
    {
        std::promise<std::shared_ptr<Exchange>> given;
        HttpServer::Options options;
        options.handler = [&](auto, auto exchange) {
            exchange->begin({});
            given.set_value(exchange);
        };
        const auto server = openServer(std::move(options));
        HttpClient client(server->plain()[0].port);
        QVERIFY(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        const auto exchange = given.get_future().get();
        // More than any socket holds.
        exchange->post([=] { exchange->write(std::string(32 << 20, 'x')); });
        std::promise<std::size_t> unsent;
        exchange->post([&] { unsent.set_value(exchange->unsent()); });
        QVERIFY(unsent.get_future().get() > (1U << 20));
        QCOMPARE(client.head().status, 200);
        QCOMPARE(client.chunk().value_or("").size(), std::size_t {32 << 20});
        exchange->post([=] { exchange->finish(); });
        QCOMPARE(client.chunk().value_or("-"), std::string());
    }
};

QTEST_APPLESS_MAIN(HttpLimitsTest)
#include "tst_http_limits.moc"
