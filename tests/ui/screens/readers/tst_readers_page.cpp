#include <QAccessible>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

#include "tests/support/window_fixture.h"
#include "ui/actions.h"
#include "ui/dialogs/reader_dialogs.h"
#include "ui/english.h"
#include "ui/screens/readers/kcl_detail.h"
#include "ui/screens/readers/read_share.h"
#include "ui/screens/readers/readers_page.h"
#include "ui/style/reader_color.h"
#include "ui/text.h"
#include "ui/widgets/line_chart.h"

namespace shardscope::ui {

class ReadersPageTest : public QObject {
    Q_OBJECT

    EnglishPlurals m_english;

    /// Every reader takes a quarter of the shared 2 MiB/s and one call a second of every shard; the
    /// last has fan-out.
    static std::shared_ptr<Snapshot> readers()
    {
        auto s = std::make_shared<Snapshot>(*sample::snapshot());
        for (ConsumerRow& row : s->consumers) {
            std::sort(row.reading.begin(), row.reading.end());
            row.readRates.assign(row.reading.size(), {524'288, 1.5, 0.5});
            row.costPerHour = 0;
        }
        s->consumers.back().fanOut = true;
        s->consumers.back().costPerHour = 0.06;
        return s;
    }
    static void kcl(Snapshot& s)
    {
        ConsumerRow& row = s.consumers.front();
        row.spec.kind = ConsumerKind::Kcl;
        row.spec.kcl.workers = 2;
        KclState state;
        state.workers.resize(2);
        state.workers[1].up = false;
        for (std::uint32_t i = 0; i < 4; ++i) {
            KclState::LeaseRow lease;
            lease.shard = ShardSlot(i);
            lease.owner = static_cast<int>(i % 2);
            lease.worker = i % 2 == 0 ? 0 : KclState::kNobody;
            lease.sinceCheckpoint = 250;
            state.leases.push_back(lease);
        }
        state.moves.push_back({s.clock.now, ShardSlot(2), 1, 0, KclState::Move::Why::Expired});
        state.expired = 1;
        row.state = state;
    }
    static void analytics(Snapshot& s)
    {
        AnalyticsState state;
        state.windowsFired = 2;
        state.lateDropped = 7;
        state.watermarkMs = s.clock.now.inMillis() - 2'000;
        const QueryWindow window {s.clock.now.inMillis() - 20'000, s.clock.now.inMillis() - 10'000};
        state.results = {{window, "device-1", 20.5, 3, false}, {window, "device-2", 21.5, 1, true}};
        state.totals = {{window, 4, 2, 21}};
        s.consumers.front().spec.kind = ConsumerKind::Analytics;
        s.consumers.front().state = state;
    }
    static void show(WindowFixture& f, std::shared_ptr<const Snapshot> s, QSize size = {1440, 900})
    {
        f.now = std::move(s);
        f.window->resize(size);
        f.window->show();
        QVERIFY(QTest::qWaitForWindowExposed(f.window.get()));
        QTest::keyClick(f.window.get(), Qt::Key_2, Qt::ControlModifier);
        f.window->presentNow();
        QCoreApplication::processEvents();
        QCOMPARE(f.window->workspace(), MainWindow::Workspace::Readers);
    }
    static ReadersPage* page(const WindowFixture& f)
    {
        return f.window->findChild<ReadersPage*>(QStringLiteral("readersPage"));
    }
    template <typename T> static T* part(const WindowFixture& f, const char* name)
    {
        return page(f)->findChild<T*>(QString::fromLatin1(name));
    }
    static QString said(const WindowFixture& f, const char* name)
    {
        const auto* label = part<QLabel>(f, name);
        return label->isVisible() ? label->text() : QString();
    }
    static void choose(const WindowFixture& f, const char* name)
    {
        auto* table = part<QTableView>(f, "readers");
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            const QModelIndex cell = table->model()->index(row, 0);
            if (cell.data().toString().endsWith(QString::fromLatin1(name)))
                QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                                  table->visualRect(cell).center());
        }
        QCOMPARE(page(f)->chosen(), std::string(name));
    }
    static void click(const WindowFixture& f, const char* name)
    {
        QTest::mouseClick(part<QPushButton>(f, name), Qt::LeftButton);
    }

private slots:
    void initTestCase() { QCoreApplication::installTranslator(&m_english); }

    void isAWorkspaceBesideTheOthers()
    {
        WindowFixture f;
        show(f, readers());
        QVERIFY(!f.window->board()->isVisible());
        const auto* actors = f.window->findChild<QWidget*>(QStringLiteral("actorsDock"));
        QVERIFY(actors == nullptr || !actors->isVisible());
        QVERIFY(f.window->actions()[QStringLiteral("view.readers")]->isChecked());
        // What speaks to the run goes on working here.
        QVERIFY(f.window->actions()[QStringLiteral("run.toggle")]->isEnabled());
        f.window->showWorkspace(MainWindow::Workspace::Monitor);
        QVERIFY(!f.window->actions()[QStringLiteral("run.toggle")]->isEnabled());
        f.window->showWorkspace(MainWindow::Workspace::Readers);
        QVERIFY(page(f)->isVisible());
        QVERIFY(f.window->actions()[QStringLiteral("run.toggle")]->isEnabled());
        QTest::keyClick(f.window.get(), Qt::Key_1, Qt::ControlModifier);
        QVERIFY(f.window->board()->isVisible());
        QVERIFY(f.window->findChild<QWidget*>(QStringLiteral("consumers"))->isVisible());
    }

    void tellsHowFarAReaderIsBehindAndWhatFollows()
    {
        WindowFixture f;
        show(f, readers());
        choose(f, "fraud-check");
        QVERIFY(said(f, "readerName").contains(QStringLiteral("fan-out")));
        QCOMPARE(said(f, "readerBehind"),
                 QStringLiteral("10,240 records behind, the oldest unread for 8.3 s; growing."));
        QCOMPARE(said(f, "readerForecast"),
                 QStringLiteral("At this rate the oldest unread record is lost in 3 h 12 m."));
        choose(f, "archive");
        QVERIFY(said(f, "readerBehind").contains(QStringLiteral("caught up in 1 m 35 s")));
        QVERIFY(said(f, "readerForecast").isEmpty());
        const auto* age = part<LineChart>(f, "readerAge");
        QCOMPARE(age->model().curves.size(), std::size_t(1));
        QCOMPARE(age->model().curves[0].name, QStringLiteral("archive"));
        QVERIFY(!age->model().limits.empty());
    }

    void tellsWhatKeepsAReaderFromReading()
    {
        WindowFixture f;
        auto s = readers();
        s->consumers[1].trouble = "Consumer \"archive\" cannot be registered.";
        show(f, s);
        choose(f, "archive");
        QVERIFY(said(f, "readerTrouble").contains(QStringLiteral("cannot be registered")));
        choose(f, "dashboard");
        QVERIFY(said(f, "readerTrouble").isEmpty());
    }

    void sharesAreSharedByPollersAlone()
    {
        const auto s = readers();
        const ShareRow row = shareOf(*s, ShardSlot(2));
        QCOMPARE(row.shared.size(), std::size_t(2));
        QCOMPARE(row.own.size(), std::size_t(1));
        QCOMPARE(row.bytesPerSecond, 1'048'576.0);
        QCOMPARE(row.callsPerSecond, 2.0); // the refused ones took nothing
        QCOMPARE(row.refusedCallsPerSecond, 1.0);
        QVERIFY(shareCard(*s, ShardSlot(2))[0].contains(QStringLiteral("50 %")));
        QVERIFY(shareOf(*s, ShardSlot(99)).shared.empty());
    }

    void aBarHasTheColoursOfItsReaders()
    {
        WindowFixture f;
        const auto s = readers();
        show(f, s);
        auto* share = part<ReadShare>(f, "readShare");
        const QRect bar = share->barRect(ShardSlot(2));
        QVERIFY(bar.isValid());
        const QImage picture = share->viewport()->grab().toImage();
        const auto at = [&](double part) {
            return picture.pixelColor(bar.left() + static_cast<int>(bar.width() * part),
                                      bar.center().y());
        };
        QCOMPARE(at(0.12), readerColor(s->consumers[0].slot));
        QCOMPARE(at(0.37), readerColor(s->consumers[1].slot));
        QVERIFY(at(0.75) != readerColor(s->consumers[2].slot));
        QTest::mouseClick(share->viewport(), Qt::LeftButton, {}, bar.center());
        QCOMPARE(f.view.shard(), ShardSlot(2));
        const auto below = share->shardAt(bar.center() + QPoint(0, bar.height() * 2));
        QTest::keyClick(share, Qt::Key_Down);
        QCOMPARE(f.view.shard(), *below);
    }

    void aThousandShardsAndFiftyReadersShowOnlyWhatIsInSight()
    {
        WindowFixture f;
        auto s = std::make_shared<Snapshot>(*sample::snapshot({.shards = 1'000}));
        const ConsumerRow one = s->consumers.front();
        for (std::uint32_t i = 3; i < 50; ++i) {
            s->consumers.push_back(one);
            s->consumers.back().slot = ConsumerSlot(i);
            s->consumers.back().spec.name = "reader-" + std::to_string(i);
        }
        for (ConsumerRow& row : s->consumers) {
            std::sort(row.reading.begin(), row.reading.end());
            row.readRates.assign(row.reading.size(), {30'000, 0.1, 0});
        }
        show(f, s, {1024, 700});
        QCOMPARE(part<QTableView>(f, "readers")->model()->rowCount(), 50);
        const auto shards = sharedShards(*s);
        QCOMPARE(shards.size(), std::size_t(1'000));
        auto* share = part<ReadShare>(f, "readShare");
        QVERIFY(share->barRect(shards.front()).isValid());
        QVERIFY(!share->barRect(shards.back()).isValid());
        f.view.chooseShard(shards[998]);
        QTest::keyClick(share, Qt::Key_Down);
        QCOMPARE(f.view.shard(), shards.back());
        QVERIFY(share->barRect(shards.back()).isValid());
        // The past of the ninth reader is not kept, and the plot says so.
        page(f)->choose("reader-20");
        f.window->presentNow();
        QVERIFY(!part<LineChart>(f, "readerAge")->model().empty.isEmpty());
    }

    void leasesLieInTheLanesOfTheirWorkers()
    {
        WindowFixture f;
        auto s = readers();
        kcl(*s);
        show(f, s);
        choose(f, "dashboard");
        const auto* lanes = part<LeaseLanes>(f, "leases");
        QVERIFY(lanes != nullptr);
        QCOMPARE(lanes->chipRect(ShardSlot(0)).y(), lanes->chipRect(ShardSlot(2)).y());
        QVERIFY(lanes->chipRect(ShardSlot(1)).y() > lanes->chipRect(ShardSlot(0)).y());
        QCOMPARE(lanes->spokenValue(), 2.0);
        QVERIFY(lanes->spokenText().contains(QStringLiteral("worker-2, down: 0 leases")));
        QVERIFY(said(f, "leaseMoves").contains(QStringLiteral("worker-2 → worker-1, expired")));
        QVERIFY(said(f, "leaseCounts").contains(QStringLiteral("1,000 records since")));
        choose(f, "archive");
        QVERIFY(part<LeaseLanes>(f, "leases") == nullptr);
    }

    void aQueryShowsItsResultsAndTotals()
    {
        WindowFixture f;
        auto s = readers();
        analytics(*s);
        show(f, s);
        choose(f, "dashboard");
        const auto* results = part<QTableView>(f, "queryResults");
        QCOMPARE(results->model()->rowCount(), 2);
        QCOMPARE(results->model()->index(0, 1).data().toString(), QStringLiteral("device-2"));
        QCOMPARE(part<LineChart>(f, "queryTotals")->model().spokenValue, 21.0);
        QVERIFY(said(f, "queryFigures").contains(QStringLiteral("7 records came too late")));
        QVERIFY(said(f, "queryFigures").contains(QStringLiteral("2.0 s behind the clock")));
    }

    void aMappingShowsItsBatchesAndWhatItGaveUp()
    {
        WindowFixture f;
        auto s = readers();
        s->consumers.front().spec.kind = ConsumerKind::Lambda;
        LambdaState state;
        state.counts.invocations = 12;
        state.counts.errors = 3;
        show(f, s);
        choose(f, "dashboard");
        s = std::make_shared<Snapshot>(*s);
        s->consumers.front().state = state;
        f.now = s;
        f.window->presentNow();
        QCoreApplication::processEvents();
        QVERIFY(said(f, "lambdaFigures").contains(QStringLiteral("12 invocations, 3 failed")));
        QVERIFY(!part<QTableView>(f, "lambdaFailures")->isVisible());
        QVERIFY(!part<QTableView>(f, "lambdaWindows")->isVisible());
        state.batches = {{ShardSlot(2), 0, 100, 2, false, false, "TimeoutError"},
                         {ShardSlot(3), 1, 0, 0, true, true, {}}};
        state.counts.polledRecords = 900;
        state.counts.filteredOutRecords = 300;
        state.counts.windows = 1;
        state.windows = {{s->clock.now - SimDuration::minutes(1), s->clock.now, ShardSlot(2), 1, 77,
                          true, "{\"n\":77}"}};
        state.failures = {{s->clock.now, ShardSlot(2), "4956", "4957", 2, 5, false, "poison"}};
        s = std::make_shared<Snapshot>(*s);
        s->consumers.front().state = state;
        f.now = s;
        f.window->presentNow();
        const auto* batches = part<QTableView>(f, "lambdaBatches");
        QVERIFY(batches->isVisible());
        QCOMPARE(batches->model()->index(0, 4).data().toString(), QStringLiteral("TimeoutError"));
        QCOMPARE(batches->model()->index(1, 1).data().toString(), QStringLiteral("ends a window"));
        QVERIFY(said(f, "lambdaFigures")
                    .contains(QStringLiteral("300 of 900 records polled were filtered out.")));
        const auto* windows = part<QTableView>(f, "lambdaWindows");
        QVERIFY(windows->isVisible());
        QCOMPARE(windows->model()->index(0, 2).data().toString(), QStringLiteral("77"));
        QCOMPARE(windows->model()->index(0, 3).data().toString(), QStringLiteral("early"));
        QCOMPARE(windows->model()->index(0, 4).data().toString(), QStringLiteral("{\"n\":77}"));
        const auto* failures = part<QTableView>(f, "lambdaFailures");
        QCOMPARE(failures->model()->index(0, 3).data().toString(), QStringLiteral("4956"));
        QVERIFY(failures->model()->index(0, 4).data().toString().contains(
            QStringLiteral("RetryAttemptsExhausted after 5 tries: poison")));
    }

    void aDeliveryShowsItsObjectsAndThatItsTargetIsDown()
    {
        WindowFixture f;
        auto s = readers();
        s->consumers.front().spec.kind = ConsumerKind::Firehose;
        FirehoseState state;
        state.objects = 1;
        state.newest = {{s->clock.now, "2026/01/05/12/one", 10, 1'024}};
        state.targetDown = true;
        s->consumers.front().state = state;
        show(f, s);
        choose(f, "dashboard");
        QVERIFY(said(f, "firehoseFigures").contains(QStringLiteral("target is down")));
        QCOMPARE(part<QTableView>(f, "firehoseObjects")->model()->index(0, 3).data().toString(),
                 QStringLiteral("2026/01/05/12/one"));
    }

    void actsGoToTheChosenReader()
    {
        WindowFixture f;
        show(f, readers());
        choose(f, "archive");
        click(f, "pauseReader");
        QCOMPARE(f.lastAct<PauseConsumer>()->name, std::string("archive"));
        QVERIFY(f.lastAct<PauseConsumer>()->paused);
        click(f, "removeReader");
        QCOMPARE(f.lastAct<RemoveConsumer>()->name, std::string("archive"));
        QVERIFY(!part<QPushButton>(f, "crashReader")->isVisible());
        click(f, "editReader");
        auto* dialog = f.window->findChild<QDialog*>(QStringLiteral("consumerDialog"));
        QVERIFY(dialog != nullptr);
        dialog->reject();
    }

    void aReplayTellsWhatItMeansBeforeItIsDone()
    {
        WindowFixture f;
        show(f, readers());
        choose(f, "archive");
        click(f, "replayReader");
        auto* dialog = f.window->findChild<ReplayDialog*>();
        QVERIFY(dialog != nullptr);
        QVERIFY(dialog->problem().isEmpty());
        QVERIFY2(dialog->summary().contains(QStringLiteral("of them again")),
                 qPrintable(dialog->summary()));
        auto* place = dialog->findChild<QComboBox*>(QStringLiteral("place"));
        place->setCurrentIndex(place->findData(static_cast<int>(ReplayPoint::Kind::Latest)));
        QVERIFY(dialog->summary().contains(QStringLiteral("1,840 records that it has not read")));
        place->setCurrentIndex(
            place->findData(static_cast<int>(ReplayPoint::Kind::SequenceNumber)));
        QVERIFY(!dialog->problem().isEmpty());
        place->setCurrentIndex(place->findData(static_cast<int>(ReplayPoint::Kind::Time)));
        dialog->findChild<QSpinBox*>(QStringLiteral("back"))->setValue(2);
        dialog->accept();
        const auto* act = f.lastAct<ReplayConsumer>();
        QCOMPARE(act->name, std::string("archive"));
        QCOMPARE(act->to.back, SimDuration::minutes(2));
    }

    void whatNeverCatchesUpIsSaid()
    {
        ReplayForecast forecast;
        forecast.records = forecast.again = 10;
        ConsumerRow reader;
        QVERIFY(ReplayDialog::forecastText(forecast, reader).contains(QStringLiteral("never")));
        forecast.takes = SimDuration::minutes(3);
        QVERIFY(ReplayDialog::forecastText(forecast, reader).contains(QStringLiteral("3 m 00 s")));
    }

    void aWorkerOfAnApplicationCanCrash()
    {
        WindowFixture f;
        auto s = readers();
        kcl(*s);
        show(f, s);
        choose(f, "dashboard");
        click(f, "crashReader");
        auto* dialog = f.window->findChild<CrashDialog*>();
        QVERIFY(dialog != nullptr);
        QVERIFY2(dialog->summary().contains(QStringLiteral("2 leases")),
                 qPrintable(dialog->summary()));
        QVERIFY(dialog->summary().contains(QStringLiteral("500 records")));
        dialog->findChild<QSpinBox*>(QStringLiteral("returns"))->setValue(0);
        dialog->accept();
        QCOMPARE(f.lastAct<CrashConsumer>()->crash, (Crash {1, {}}));
    }

    void whereNobodyReadsAReaderCanBeAdded()
    {
        WindowFixture f;
        auto s = readers();
        for (ConsumerRow& row : s->consumers)
            row.removed = true;
        show(f, s);
        QVERIFY(!part<QTableView>(f, "readers")->isVisible());
        click(f, "addFirstReader");
        auto* kinds = f.window->findChild<QMenu*>(QStringLiteral("consumerKinds"));
        QVERIFY(kinds != nullptr);
        kinds->actions().front()->trigger();
        QVERIFY(f.window->findChild<QDialog*>(QStringLiteral("consumerDialog")) != nullptr);
    }

    void everyPartHasANameAndTabReachesIt()
    {
        WindowFixture f;
        auto s = readers();
        kcl(*s);
        show(f, s);
        choose(f, "dashboard");
        for (const char* name : {"readers", "readShare", "readerAge", "readerLag", "leases",
                                 "replayReader", "crashReader", "addReader"}) {
            auto* widget = part<QWidget>(f, name);
            QVERIFY2(widget != nullptr && widget->isVisible(), name);
            QVERIFY2((widget->focusPolicy() & Qt::TabFocus) != 0, name);
            QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
            QVERIFY2(spoken != nullptr && !spoken->text(QAccessible::Name).isEmpty(), name);
        }
    }
};

} // namespace shardscope::ui

QTEST_MAIN(shardscope::ui::ReadersPageTest)
#include "tst_readers_page.moc"
