#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>

#include <atomic>
#include <memory>

#include "app/bundled.h"
#include "app/window.h"
#include "core/scenario/scenario_json.h"
#include "ui/actions.h"
#include "ui/callout.h"
#include "ui/english.h"
#include "ui/feed.h"
#include "ui/main_window.h"
#include "ui/preferences.h"
#include "ui/time_bar.h"
#include "ui/view_state.h"

namespace shardscope::ui {

/// The real engine behind the real window, with a wall clock that the test moves.
struct LiveWindow {
    std::atomic<double> wall {0};
    QObject home;
    Runtime runtime {Runtime::Options {.threads = 1,
                                       .wallClock = [this] { return wall.load(); },
                                       .pricesJson = bundledPricesJson()}};
    Feed feed {[this] { return runtime.snapshot(); }};
    ViewState view;
    QTemporaryDir folder;
    Preferences preferences {folder.filePath(QStringLiteral("window.ini"))};
    MainWindow window {feed, view, deckOf(runtime, &home), preferences, bundledForWindow()};

    [[nodiscard]] std::shared_ptr<const Snapshot> now() const { return runtime.snapshot(); }
    [[nodiscard]] QString text(const char* name) const
    {
        const auto* label = window.findChild<QLabel*>(QString::fromLatin1(name));
        return label ? label->text() : QString();
    }
    /// Lets `seconds` of wall time pass, in the small turns in which a real clock would be seen.
    void pass(double seconds)
    {
        for (int turn = 0; turn * 0.02 < seconds; ++turn) {
            wall = wall + 0.02;
            QTest::qWait(1);
            feed.poll();
        }
        window.presentNow();
    }
};

class FirstSecondsTest : public QObject {
    Q_OBJECT

    EnglishPlurals m_english;

private slots:
    void initTestCase()
    {
        initResources();
        QCoreApplication::installTranslator(&m_english);
    }

    void withinTenSecondsAPersonSeesARefusalAndWhy()
    {
        LiveWindow w;
        w.window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&w.window));
        QVERIFY(w.window.openBundled(QStringLiteral("hot-key"), false));
        QTRY_VERIFY_WITH_TIMEOUT(w.now() != nullptr && w.now()->scenarioName == "hot-key", 60'000);
        w.window.presentNow();
        const auto first = w.now();

        // Five minutes of history at the first frame, and it plays at ten times.
        QVERIFY(first->clock.now - first->clock.start >= SimDuration::minutes(5));
        QVERIFY(!first->clock.paused);
        QCOMPARE(first->clock.speedAsked, 10.0);
        QCOMPARE(w.window.findChild<QSlider*>(QStringLiteral("speed"))->value(),
                 TimeBar::positionOf(10));
        QVERIFY(first->refused.records > 0);
        QCOMPARE(w.view.shard(), ShardSlot(2)); // the busiest is chosen
        QVERIFY(first->find(ShardSlot(2))->minute.percentOfLimit() > 80);

        // The first refusal of the play comes within three seconds, and slows it down.
        auto* callout = w.window.findChild<Callout*>();
        QVERIFY(callout != nullptr && callout->isHidden());
        bool slowed = false;
        for (int i = 0; i < 100 && callout->isHidden(); ++i) {
            w.pass(0.1);
            slowed = slowed || w.now()->clock.slowedAtEvent;
        }
        QVERIFY(callout->isVisible());
        QVERIFY2(w.now()->clock.now - first->clock.now <= SimDuration::seconds(30),
                 "the first refusal must come within three seconds at ten times");
        QVERIFY(callout->sentence().startsWith(QStringLiteral("Shard 2 refused ")));
        QVERIFY(slowed || w.now()->clock.slowedAtEvent);

        // Visible without scrolling.
        QVERIFY(w.text("modeBadge").contains(QStringLiteral("SIMULATION")));
        QVERIFY(!w.text("clock").isEmpty());
        QVERIFY(w.text("streamSummary").contains(QStringLiteral("4 shards")));
        const QString counts = w.text("counts");
        for (const char* word : {"offered", "accepted", "refused"})
            QVERIFY2(counts.contains(QString::fromLatin1(word)), word);
        auto* strip = w.window.findChild<QWidget*>(QStringLiteral("startStrip"));
        QVERIFY(strip->isVisible());
        QVERIFY(strip->findChildren<QPushButton*>().size() >= 4);
        QVERIFY(strip->findChild<QCheckBox*>() != nullptr);
        for (const char* name : {"modeBadge", "clock", "counts", "startStrip"}) {
            auto* part = w.window.findChild<QWidget*>(QString::fromLatin1(name));
            QVERIFY2(w.window.rect().contains(part->mapTo(&w.window, part->rect().center())), name);
        }

        // One click leads to the reason.
        QTest::mouseClick(callout, Qt::LeftButton);
        auto* why = w.window.findChild<QTextBrowser*>(QStringLiteral("whyText"));
        QTRY_VERIFY_WITH_TIMEOUT(
            why->toPlainText().contains(QStringLiteral("Would it have passed?")), 60'000);
        QVERIFY(why->toPlainText().contains(QStringLiteral("shard 2")));
        why->document()->setTextWidth(290);
        QVERIFY2(why->document()->idealWidth() <= 290, "the card must fit its panel");
    }

    void aSplitCanBeTakenBackAndDoneAgain()
    {
        LiveWindow w;
        w.window.show();
        QVERIFY(w.window.openBundled(QStringLiteral("hot-key"), true));
        QTRY_VERIFY_WITH_TIMEOUT(w.now() != nullptr && w.now()->scenarioName == "hot-key", 60'000);
        const std::size_t before = w.now()->shards.size();
        SplitShard split;
        split.streamName = "orders";
        split.shardToSplit = "shardId-000000000002";
        split.newStartingHashKey = toDecimal(w.now()->find(ShardSlot(2))->range.middle());
        bool done = false;
        deckOf(w.runtime, &w.home)
            .send(Do {ControlRequest {split}},
                  [&done](const Result<void>& r) { done = r.has_value(); });
        QTRY_VERIFY(done);
        QTRY_VERIFY(w.now()->find(ShardSlot(2))->changing || w.now()->shards.size() == before + 2);
        w.window.presentNow();
        Actions& actions = w.window.actions();
        QAction* undo = actions[QStringLiteral("edit.undo")];
        QAction* redo = actions[QStringLiteral("edit.redo")];
        QVERIFY(undo->isEnabled());
        undo->trigger();
        QTRY_VERIFY(!w.now()->find(ShardSlot(2))->changing && w.now()->shards.size() == before);
        w.window.presentNow();
        QVERIFY(redo->isEnabled());
        redo->trigger();
        QTRY_VERIFY(w.now()->find(ShardSlot(2))->changing || w.now()->shards.size() == before + 2);
    }

    void aSavedRunDoesAgainWhatWasDone()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("mine.run.json"));
        std::size_t before = 0;
        {
            LiveWindow w;
            w.window.show();
            QVERIFY(w.window.openBundled(QStringLiteral("steady"), true));
            QTRY_VERIFY_WITH_TIMEOUT(w.now() != nullptr && w.now()->scenarioName == "steady",
                                     60'000);
            before = w.now()->shards.size();
            SplitShard split;
            split.streamName = w.now()->stream.summary.streamName;
            split.shardToSplit = "shardId-000000000000";
            split.newStartingHashKey = toDecimal(w.now()->find(ShardSlot(0))->range.middle());
            bool done = false;
            deckOf(w.runtime, &w.home)
                .send(Do {ControlRequest {split}},
                      [&done](const Result<void>& r) { done = r.has_value(); });
            QTRY_VERIFY(done);
            QTRY_VERIFY(w.now()->acts && w.now()->acts->size() == 1);
            w.window.presentNow();
            w.window.actions()[QStringLiteral("file.saveRun")]->trigger();
            auto* dialog = w.window.findChild<QFileDialog*>();
            QVERIFY(dialog != nullptr);
            auto* name = dialog->findChild<QLineEdit*>();
            QVERIFY(name != nullptr);
            name->setText(path);
            QTest::mouseClick(
                dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save),
                Qt::LeftButton);
            QTRY_VERIFY(QFile::exists(path));
        }
        LiveWindow w;
        w.window.show();
        QVERIFY2(w.window.openFile(path, true), qPrintable(w.window.sentence()));
        QTRY_VERIFY_WITH_TIMEOUT(w.now() != nullptr && w.now()->scenarioName == "steady", 60'000);
        QVERIFY(w.now()->clock.paused);
        w.window.presentNow();
        w.window.actions()[QStringLiteral("run.toggle")]->trigger();
        for (int i = 0; i < 300 && w.now()->shards.size() == before; ++i)
            w.pass(0.1);
        QCOMPARE(w.now()->shards.size(), before + 2);
        QVERIFY(w.now()->find(ShardSlot(0))->state != ShardState::Open);
    }

    void everyKindOfFileOpens()
    {
        LiveWindow w;
        w.window.show();
        const auto written = [&w](const char* name, const QByteArray& bytes) {
            const QString path = w.folder.filePath(QString::fromLatin1(name));
            QFile file(path);
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? path
                                                                                        : QString();
        };
        const QString trace = written("calls.csv", "time,key,size\n0.0,a,100\n0.5,b,200\n");
        QVERIFY(w.window.openFile(trace, true));
        QTRY_VERIFY_WITH_TIMEOUT(w.now() != nullptr && w.now()->scenarioName == "calls", 60'000);
        Scenario own;
        own.name = "own";
        own.title = "Own";
        own.stream.shards = 3;
        own.history = SimDuration();
        const QString scenario = written("own.json", QByteArray::fromStdString(writeScenario(own)));
        QVERIFY2(w.window.openFile(scenario, true), qPrintable(w.window.sentence()));
        QTRY_VERIFY_WITH_TIMEOUT(w.now()->scenarioName == "own", 60'000);
        QCOMPARE(w.now()->shards.size(), std::size_t {3});
        QTRY_VERIFY(w.window.windowTitle().startsWith(QStringLiteral("Own")));
        QVERIFY(w.window.openFile(trace, true));
        QTRY_VERIFY_WITH_TIMEOUT(w.now()->scenarioName == "calls", 60'000);
        QVERIFY(!w.window.openFile(written("bad.json", "{\"name\": 3}"), true));
        QVERIFY2(w.window.sentence().contains(QStringLiteral("bad.json")),
                 qPrintable(w.window.sentence()));
        QCOMPARE(w.now()->scenarioName, std::string("calls")); // the run that was there goes on
    }
};

} // namespace shardscope::ui

QTEST_MAIN(shardscope::ui::FirstSecondsTest)
#include "tst_first_seconds.moc"
