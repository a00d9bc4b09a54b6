#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>

#include "tests/support/layout_checks.h"
#include "tests/support/window_fixture.h"
#include "ui/actions.h"
#include "ui/english.h"
#include "ui/screens/explore/explore_board.h"
#include "ui/screens/monitor/monitor_page.h"
#include "ui/style/palette.h"

namespace shardscope::ui {

/// The Monitor inside the window: switching, keys, and how it lies.
class MonitorWindowTest : public QObject {
    Q_OBJECT

    EnglishPlurals m_english;
    QFont m_font;
    using Workspace = MainWindow::Workspace;
    using Tab = MonitorPage::Tab;

    static void show(WindowFixture& f, QSize size = {1'440, 900})
    {
        f.window->resize(size);
        f.window->show();
        QVERIFY(QTest::qWaitForWindowExposed(f.window.get()));
        f.window->presentNow();
    }
    static MonitorPage* page(const WindowFixture& f) { return f.window->findChild<MonitorPage*>(); }
    static QAction* action(const WindowFixture& f, const char* id)
    {
        return f.window->actions()[QString::fromLatin1(id)];
    }
    static bool visible(const WindowFixture& f, const char* name)
    {
        return f.window->findChild<QWidget*>(QString::fromLatin1(name))->isVisible();
    }

private slots:
    void initTestCase()
    {
        QCoreApplication::installTranslator(&m_english);
        m_font = QApplication::font();
    }
    void cleanup()
    {
        QApplication::setFont(m_font);
        setLook(Look::Light);
    }

    void keysLeadThereAndBack()
    {
        WindowFixture f;
        show(f);
        QVERIFY(visible(f, "actorsDock") && visible(f, "timeToolBar"));
        QTest::keyClick(f.window.get(), Qt::Key_4, Qt::ControlModifier);
        QCOMPARE(f.window->workspace(), Workspace::Monitor);
        QVERIFY(page(f)->isVisible() && !f.window->board()->isVisible());
        QVERIFY(!visible(f, "actorsDock") && !visible(f, "whyDock") && !visible(f, "eventsDock"));
        QVERIFY(!visible(f, "timeToolBar"));
        QVERIFY(f.window->findChild<QLabel*>(QStringLiteral("modeBadge"))
                    ->text()
                    .contains(QStringLiteral("ENDPOINT")));
        QVERIFY(action(f, "view.monitor")->isChecked());
        QTest::keyClick(f.window.get(), Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(f.window->workspace(), Workspace::Explore);
        QVERIFY(f.window->board()->isVisible());
        QVERIFY(visible(f, "actorsDock") && visible(f, "timeToolBar"));
        QVERIFY(action(f, "view.explore")->isChecked());
        QVERIFY(f.window->findChild<QLabel*>(QStringLiteral("modeBadge"))
                    ->text()
                    .contains(QStringLiteral("SIMULATION")));
    }

    void buttonsLeadThereAndBack()
    {
        WindowFixture f;
        show(f);
        QList<Workspace> seen;
        for (auto* button : f.window->findChildren<QToolButton*>(QStringLiteral("workspace"))) {
            QTest::mouseClick(button, Qt::LeftButton);
            seen << f.window->workspace();
        }
        QCOMPARE(seen,
                 (QList<Workspace> {Workspace::Explore, Workspace::Readers, Workspace::Plan,
                                    Workspace::Monitor}));
    }

    void aPanelThatWasClosedStaysClosed()
    {
        WindowFixture f;
        show(f);
        action(f, "view.actors")->trigger();
        QVERIFY(!visible(f, "actorsDock"));
        f.window->showWorkspace(Workspace::Monitor);
        f.window->showWorkspace(Workspace::Explore);
        QVERIFY(!visible(f, "actorsDock"));
        QVERIFY(visible(f, "whyDock"));
    }

    void theRunsKeysRestInMonitor()
    {
        WindowFixture f;
        show(f);
        f.window->showWorkspace(Workspace::Monitor);
        const auto before = f.asked.size();
        for (const char* id : {"run.toggle", "run.step", "edit.undo", "stream.addProducer",
                               "view.why", "view.actors", "view.log"})
            QVERIFY2(!action(f, id)->isEnabled(), id);
        f.feed.poll(); // a new picture of the run brings none of them back
        QVERIFY(!action(f, "edit.undo")->isEnabled());
        QTest::keyClick(f.window.get(), Qt::Key_Space);
        QCOMPARE(f.asked.size(), before);
        f.window->showWorkspace(Workspace::Explore);
        QVERIFY(action(f, "run.toggle")->isEnabled());
    }

    void everyPartHasAKey()
    {
        WindowFixture f;
        show(f);
        const std::initializer_list<std::pair<const char*, Tab>> parts {
            {"monitor.board", Tab::Board},
            {"monitor.records", Tab::Records},
            {"monitor.clients", Tab::Clients},
            {"monitor.errors", Tab::Errors},
            {"monitor.streams", Tab::Streams}};
        for (const auto& [id, tab] : parts) {
            action(f, id)->trigger();
            QCOMPARE(page(f)->tab(), tab);
            QVERIFY(page(f)->isVisible());
        }
    }

    void aSplitOnTheBoardBecomesTheApisRequest()
    {
        WindowFixture f;
        show(f);
        page(f)->chooseStream("orders");
        action(f, "monitor.board")->trigger();
        f.window->presentNow();
        action(f, "stream.splitAt")->trigger();
        QDialog* dialog = f.window->findChild<QDialog*>(QStringLiteral("splitDialog"));
        QVERIFY(dialog != nullptr);
        dialog->accept();
        const auto* asked = f.endpoint.last<SplitShard>();
        QVERIFY(asked != nullptr);
        QCOMPARE(asked->streamName, std::string("orders"));
        QVERIFY(f.lastRequest<SplitShard>() == nullptr); // not of the simulated stream
    }

    void aRefusedReshardIsSaidInTheStatusLine()
    {
        WindowFixture f;
        show(f);
        page(f)->chooseStream("orders");
        action(f, "monitor.board")->trigger();
        f.window->presentNow();
        f.endpoint.answer = [](const ApiRequest&) -> Result<ApiAnswer> {
            return fail(ErrorCode::LimitExceeded, "The shard limit is reached.");
        };
        emit page(f)->board()->actAsked(
            Act {ControlRequest {SplitShard {{}, "shardId-000000000000", "5"}}});
        QCOMPARE(f.window->sentence(), QStringLiteral("The shard limit is reached."));
    }

    void unitsAreSharedByBothBoards()
    {
        WindowFixture f;
        show(f);
        f.window->showWorkspace(Workspace::Monitor);
        action(f, "view.mib")->trigger();
        QCOMPARE(f.view.unit(), ViewState::Unit::MiBPerSecond);
        QCOMPARE(page(f)->view().unit(), ViewState::Unit::MiBPerSecond);
        action(f, "view.zoomIn")->trigger(); // time is not: each has its own
        QVERIFY(page(f)->view().span() != f.view.span());
    }

    void openingAScenarioLeadsBack()
    {
        WindowFixture f;
        show(f);
        f.window->showWorkspace(Workspace::Monitor);
        QVERIFY(f.window->openBundled(QStringLiteral("steady"), true));
        QCOMPARE(f.window->workspace(), Workspace::Explore);
    }

    void withoutAnEndpointThereIsNoMonitor()
    {
        WindowFixture f;
        MainWindow window(f.feed, f.view, Deck {}, f.preferences, {});
        QVERIFY(window.findChild<MonitorPage*>() == nullptr);
        QCOMPARE(window.findChildren<QToolButton*>(QStringLiteral("workspace")).size(), 3);
        QVERIFY(!window.actions()[QStringLiteral("view.monitor")]->isVisible());
        window.showWorkspace(Workspace::Monitor);
        QCOMPARE(window.workspace(), Workspace::Explore);
    }

    void nothingIsClippedWhateverTheFont_data()
    {
        QTest::addColumn<int>("percent");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<bool>("on");
        QTest::newRow("as designed") << 100 << QSize(1'440, 900) << true;
        QTest::newRow("the smallest window") << 100 << QSize(1'024, 700) << true;
        QTest::newRow("twice as large") << 200 << QSize(1'440, 900) << true;
        QTest::newRow("off, as designed") << 100 << QSize(1'440, 900) << false;
        QTest::newRow("off, twice as large") << 200 << QSize(1'440, 900) << false;
    }
    void nothingIsClippedWhateverTheFont()
    {
        QFETCH(int, percent);
        QFETCH(QSize, size);
        QFETCH(bool, on);
        WindowFixture f;
        f.endpoint.state.on = on;
        f.endpoint.state.urls = {"http://127.0.0.1:4567", "https://127.0.0.1:4568"};
        f.preferences.setMagnification(percent);
        f.open();
        show(f, size);
        f.window->showWorkspace(Workspace::Monitor);
        page(f)->chooseStream("orders");
        for (const Tab tab : {Tab::Streams, Tab::Records, Tab::Clients, Tab::Errors}) {
            page(f)->showTab(tab);
            QApplication::processEvents();
            const QStringList bad = clipped(*f.window);
            QVERIFY2(bad.isEmpty(), qPrintable(bad.join(u'\n')));
        }
    }

    void everythingCanBeReachedByTabAndHasAName()
    {
        WindowFixture f;
        show(f);
        f.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
        f.window->showWorkspace(Workspace::Monitor);
        page(f)->chooseStream("orders");
        for (const Tab tab : {Tab::Streams, Tab::Records, Tab::Clients, Tab::Errors}) {
            page(f)->showTab(tab);
            QApplication::processEvents();
            QSet<QWidget*> wanted;
            for (QWidget* w : f.window->findChildren<QWidget*>())
                if (w->isVisible() && w->isEnabled() && w->focusProxy() == nullptr
                    && (w->focusPolicy() & Qt::TabFocus) != 0 && !w->visibleRegion().isEmpty())
                    wanted += w;
            for (int i = 0; i < 80 && !wanted.isEmpty(); ++i) {
                QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget()
                                                            : f.window.get(),
                                Qt::Key_Tab);
                wanted.remove(QApplication::focusWidget());
            }
            QStringList missed;
            for (const QWidget* w : wanted)
                missed += nameOf(w);
            QVERIFY2(missed.isEmpty(), qPrintable(missed.join(u'\n')));
        }
        for (const QWidget* w : page(f)->findChildren<QWidget*>()) {
            const auto* button = qobject_cast<const QAbstractButton*>(w);
            const bool field = qobject_cast<const QLineEdit*>(w) != nullptr
                && qobject_cast<const QComboBox*>(w->parentWidget()) == nullptr;
            const bool named = field || qobject_cast<const QComboBox*>(w) != nullptr
                || (qobject_cast<const QAbstractItemView*>(w) != nullptr
                    && (w->focusPolicy() & Qt::TabFocus) != 0 && !w->objectName().isEmpty());
            if (named)
                QVERIFY2(!w->accessibleName().isEmpty(), qPrintable(nameOf(w)));
            if (button != nullptr && button->text().isEmpty() && button->isVisible()
                && (w->focusPolicy() & Qt::TabFocus) != 0)
                QVERIFY2(!w->accessibleName().isEmpty(), qPrintable(nameOf(w)));
        }
    }
};

} // namespace shardscope::ui

QTEST_MAIN(shardscope::ui::MonitorWindowTest)
#include "tst_monitor_window.moc"
