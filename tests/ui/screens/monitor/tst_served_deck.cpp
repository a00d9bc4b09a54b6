#include <QTest>

#include "tests/support/monitor_fixture.h"
#include "ui/screens/monitor/served_deck.h"

namespace shardscope::ui {

/// What a person does to a served stream with the same hands as to a simulated one.
class ServedDeckTest : public QObject {
    Q_OBJECT

    FakeEndpoint m_endpoint;
    std::string m_said;

    void send(Command command)
    {
        m_said = "nothing";
        servedDeck(m_endpoint.deck(), "orders").send(std::move(command), [this](const auto& is) {
            m_said = is ? std::string() : is.error().message;
        });
    }

private slots:
    void aControlRequestNamesTheStream()
    {
        send(Do {ControlRequest {SplitShard {}}});
        QCOMPARE(m_said, std::string());
        QCOMPARE(m_endpoint.last<SplitShard>()->streamName, std::string("orders"));
        m_endpoint.answer = [](const ApiRequest&) -> Result<ApiAnswer> {
            return fail(ErrorCode::ResourceInUse, "Stream orders is UPDATING.");
        };
        send(Do {ControlRequest {SplitShard {}}});
        QCOMPARE(m_said, std::string("Stream orders is UPDATING."));
    }

    void whatIsDoneToAReaderReachesThoseThatRunHere()
    {
        send(Do {PauseConsumer {"mailer", true}});
        QCOMPARE(m_said, std::string());
        QCOMPARE(m_endpoint.readerActs.size(), std::size_t(1));
        QCOMPARE(m_endpoint.readerActs[0].first, std::string("orders"));
        QCOMPARE(std::get<PauseConsumer>(m_endpoint.readerActs[0].second).name,
                 std::string("mailer"));
    }

    void timeIsNotTheirs()
    {
        send(Pause {});
        QVERIFY(m_said.find("simulated") != std::string::npos);
    }
};

} // namespace shardscope::ui

QTEST_APPLESS_MAIN(shardscope::ui::ServedDeckTest)
#include "tst_served_deck.moc"
