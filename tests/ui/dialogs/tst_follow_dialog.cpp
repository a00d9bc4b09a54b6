#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QTreeWidget>

#include "ui/dialogs/follow_dialog.h"

namespace shardscope::ui {

/// The log files that are followed, as a person sees and changes them.
class FollowDialogTest : public QObject {
    Q_OBJECT

    std::vector<FollowedFlow> m_flows;
    std::string m_asked;
    bool m_stopped = false;

    FollowDeck deck()
    {
        FollowDeck deck;
        deck.flows = [this] { return m_flows; };
        deck.follow = [this](const std::string& file) -> Result<void> {
            m_asked = file;
            return file == "good.json" ? Result<void> {}
                                       : fail(ErrorCode::BadInput, "bad.json: line 1: no flows.");
        };
        deck.stop = [this] {
            m_stopped = true;
            m_flows.clear();
        };
        return deck;
    }
    static FollowedFlow flow(const char* pattern, bool served)
    {
        FollowedFlow made;
        made.state.stream = "logs";
        made.state.filePattern = pattern;
        made.state.files = 2;
        made.state.recordsSent = 12'345;
        made.state.recordSendErrors = 7;
        made.served = served;
        return made;
    }

private slots:
    void init()
    {
        m_flows.clear();
        m_asked.clear();
        m_stopped = false;
    }

    void showsWhatEachFlowHasDone()
    {
        m_flows = {flow("/var/log/app.log*", false), flow("/var/log/web.log", true)};
        m_flows[1].state.trouble = "/var/log/web.log: Stream logs does not exist.";
        FollowDialog dialog(deck(), nullptr);
        dialog.show();
        const auto* list = dialog.findChild<QTreeWidget*>(QStringLiteral("flows"));
        QCOMPARE(list->topLevelItemCount(), 2);
        QCOMPARE(list->topLevelItem(0)->text(0), QStringLiteral("/var/log/app.log*"));
        QCOMPARE(list->topLevelItem(0)->text(1), QStringLiteral("logs, simulated"));
        QCOMPARE(list->topLevelItem(1)->text(1), QStringLiteral("logs, served"));
        QCOMPARE(list->topLevelItem(0)->text(3), QStringLiteral("12,345"));
        const auto* trouble = dialog.findChild<QLabel*>(QStringLiteral("trouble"));
        QVERIFY(trouble->isVisible());
        QCOMPARE(trouble->text(), QStringLiteral("/var/log/web.log: Stream logs does not exist."));
    }

    void whatIsWrongWithAFileIsSaidAndGoesWithTheNextOne()
    {
        FollowDialog dialog(deck(), nullptr);
        dialog.show();
        const auto* trouble = dialog.findChild<QLabel*>(QStringLiteral("trouble"));
        QVERIFY(!trouble->isVisible());
        dialog.follow(QStringLiteral("bad.json"));
        QCOMPARE(trouble->text(), QStringLiteral("bad.json: line 1: no flows."));
        dialog.follow(QStringLiteral("good.json"));
        QCOMPARE(m_asked, std::string("good.json"));
        QVERIFY(!trouble->isVisible());
    }

    void onlyWhatGoesIntoTheSimulationCanBeStopped()
    {
        m_flows = {flow("web", true)};
        FollowDialog dialog(deck(), nullptr);
        auto* stop = dialog.findChild<QPushButton*>(QStringLiteral("stop"));
        QVERIFY(!stop->isEnabled());
        m_flows.push_back(flow("app", false));
        QTRY_VERIFY(stop->isEnabled());
        stop->click();
        QVERIFY(m_stopped);
        QCOMPARE(dialog.findChild<QTreeWidget*>(QStringLiteral("flows"))->topLevelItemCount(), 0);
    }
};

} // namespace shardscope::ui

QTEST_MAIN(shardscope::ui::FollowDialogTest)
#include "tst_follow_dialog.moc"
