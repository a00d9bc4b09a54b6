#include <QTest>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/runtime/held.h"

using namespace shardscope;

namespace {

/// Keeps what it is told, and may have something to do at an event.
class Listener : public SubscriptionSink {
public:
    bool event(SubscribeToShardEvent event) override
    {
        heard += std::to_string(event.millisBehindLatest) + ' ';
        if (atEvent)
            atEvent();
        return there;
    }
    void end(std::optional<Error> why) override
    {
        heard += "end";
        error = std::move(why);
    }
    [[nodiscard]] std::int64_t unsent() const override { return 5; }

    std::string heard;
    std::optional<Error> error;
    bool there = true;
    std::function<void()> atEvent;
};

SubscribeToShardEvent numbered(std::int64_t number, std::size_t bytes = 0)
{
    SubscribeToShardEvent event;
    event.millisBehindLatest = number;
    event.records.bytes.resize(bytes);
    return event;
}

} // namespace

/// What waits for the disk goes out in its order, or is told that it cannot.
class HeldTest : public QObject {
    Q_OBJECT

private slots:
    void eventsWaitForTheirRelease()
    {
        const auto listener = std::make_shared<Listener>();
        HeldSink sink(listener);
        QVERIFY(sink.event(numbered(1, 100)));
        const std::uint64_t first = sink.last();
        QVERIFY(sink.event(numbered(2, 10)));
        sink.end({});
        QCOMPARE(sink.unsent(), std::int64_t {115});
        QCOMPARE(listener->heard, std::string());
        sink.release(first);
        QCOMPARE(listener->heard, std::string("1 "));
        QCOMPARE(sink.unsent(), std::int64_t {15});
        sink.release(sink.last());
        QCOMPARE(listener->heard, std::string("1 2 end"));
        QVERIFY(!listener->error);
        QVERIFY(!sink.event(numbered(3)));
        sink.release(sink.last());
        QCOMPARE(listener->heard, std::string("1 2 end"));
    }

    void anEarlierReleaseThatComesLateChangesNothing()
    {
        const auto listener = std::make_shared<Listener>();
        HeldSink sink(listener);
        QVERIFY(sink.event(numbered(1)));
        QVERIFY(sink.event(numbered(2)));
        sink.release(2);
        sink.release(1);
        QVERIFY(sink.event(numbered(3)));
        QCOMPARE(listener->heard, std::string("1 2 "));
    }

    /// As from another thread: whoever hands over already goes on with it.
    void aReleaseDuringAReleaseKeepsTheOrder()
    {
        const auto listener = std::make_shared<Listener>();
        HeldSink sink(listener);
        listener->atEvent = [&] {
            listener->atEvent = nullptr;
            QVERIFY(sink.event(numbered(3)));
            sink.release(sink.last());
            QCOMPARE(listener->heard, std::string("1 "));
        };
        QVERIFY(sink.event(numbered(1)));
        QVERIFY(sink.event(numbered(2)));
        sink.release(1);
        QCOMPARE(listener->heard, std::string("1 2 3 "));
    }

    void aSubscriberWhoHasGoneIsToldNoMore()
    {
        const auto listener = std::make_shared<Listener>();
        listener->there = false;
        HeldSink sink(listener);
        QVERIFY(sink.event(numbered(1)));
        sink.release(1);
        QVERIFY(!sink.event(numbered(2)));
    }

    void whatCannotBeMadeDurableEndsWithItsReason()
    {
        const auto listener = std::make_shared<Listener>();
        HeldSink sink(listener);
        QVERIFY(sink.event(numbered(1)));
        sink.release(1);
        QVERIFY(sink.event(numbered(2, 100)));
        sink.end({}); // of its five minutes: the reason stands before it
        sink.fail({ErrorCode::Io, "the disk is full"});
        QCOMPARE(listener->heard, std::string("1 end"));
        QCOMPARE(listener->error->code, ErrorCode::InternalFailure);
        QCOMPARE(listener->error->message, std::string("the disk is full"));
        QCOMPARE(sink.unsent(), std::int64_t {5});
        QVERIFY(!sink.event(numbered(3)));
        sink.end({});
        sink.fail({ErrorCode::Io, "again"});
        sink.release(sink.last());
        QCOMPARE(listener->heard, std::string("1 end"));
    }

    void aFailureIsNoneOfWhoWaitsForNothing()
    {
        const auto listener = std::make_shared<Listener>();
        HeldSink sink(listener);
        sink.fail({ErrorCode::Io, "the disk is full"});
        QVERIFY(sink.event(numbered(1)));
        sink.release(1);
        QCOMPARE(listener->heard, std::string("1 "));
    }

    void answersWaitForAllTheyRestOn_data()
    {
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("second");
        QTest::addColumn<QString>("expected");
        QTest::newRow("both are durable") << ""
                                          << ""
                                          << "good;refused;";
        QTest::newRow("the first fails") << "catalog"
                                         << ""
                                         << "catalog;refused;";
        QTest::newRow("the second fails") << ""
                                          << "log"
                                          << "log;refused;";
        QTest::newRow("both fail") << "catalog"
                                   << "log"
                                   << "catalog;refused;";
    }
    void answersWaitForAllTheyRestOn()
    {
        QFETCH(QString, first);
        QFETCH(QString, second);
        QFETCH(QString, expected);
        QString heard;
        const auto hear = [&heard](const Result<ApiAnswer>& answer) {
            heard += answer ? QStringLiteral("good;")
                            : QString::fromStdString(answer.error().message) + QLatin1Char(';');
        };
        std::vector<HeldAnswer> answers;
        answers.push_back({hear, ApiAnswer {}});
        // What was refused anyway is said as it was.
        answers.push_back({hear, fail(ErrorCode::Busy, "refused")});
        HeldAnswers held(std::move(answers), 2);
        for (const QString& why : {first, second}) {
            QCOMPARE(heard, QString());
            held.done(why.isEmpty() ? Result<void> {} : fail(ErrorCode::Io, why.toStdString()));
        }
        QCOMPARE(heard, expected);
    }
};

QTEST_APPLESS_MAIN(HeldTest)
#include "tst_held.moc"
