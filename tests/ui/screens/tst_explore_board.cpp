#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>

#include "tests/support/sample_snapshot.h"
#include "ui/screens/explore/explore_board.h"
#include "ui/screens/explore/plot_parts.h"
#include "ui/screens/explore/shard_map.h"
#include "ui/screens/explore/small_multiples.h"
#include "ui/style/palette.h"
#include "ui/widgets/line_chart.h"

using namespace shardscope;
using namespace shardscope::ui;

Q_DECLARE_METATYPE(shardscope::Act)

namespace {

struct Board {
    std::shared_ptr<const Snapshot> snapshot;
    Feed feed;
    ViewState view;
    ExploreBoard board;

    explicit Board(const sample::Options& options = {}, QSize size = {980, 690})
        : snapshot(sample::snapshot(options))
        , feed([this] { return snapshot; })
        , board(feed, view)
    {
        board.resize(size);
        feed.poll();
        board.show();
    }
    [[nodiscard]] ShardMap* map() const { return board.findChild<ShardMap*>(); }
    [[nodiscard]] LineChart* chart(const char* name) const
    {
        return board.findChild<LineChart*>(QLatin1String(name));
    }
};

} // namespace

class ExploreBoardTest : public QObject {
    Q_OBJECT

private slots:
    void aMeanCountsItsOwnBucketHoweverLong()
    {
        const SimDuration minute = SimDuration::minutes(1);
        const std::vector<PlotPoint> points {{SimTime {}, minute, 2},
                                             {SimTime {} + minute, minute, 4}};
        const auto shorter = parts::meansOf(points, SimDuration::seconds(5));
        QCOMPARE(shorter[0].value, 2.0);
        QCOMPARE(shorter[1].value, 4.0);
        const auto longer = parts::meansOf(points, SimDuration::minutes(2));
        QCOMPARE(longer[1].value, 3.0);
    }

    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English));
        qRegisterMetaType<Act>();
    }

    void everyPaneShowsTheSnapshot()
    {
        Board b;
        b.view.chooseShard(ShardSlot(2));
        QCOMPARE(b.map()->model().open.size(), std::size_t {4});
        QVERIFY(b.chart("ingest")->model().title.contains(QStringLiteral("shard 2")));
        QVERIFY(b.chart("ingest")->model().alarming);
        QVERIFY(!b.chart("ingest")->model().marks.empty());
        QCOMPARE(b.chart("ingest")->model().limits.front().label, QStringLiteral("W1 · W2"));
        QVERIFY(!b.chart("totals")->model().curves.front().points.empty());
        QVERIFY(!b.chart("age")->model().curves.front().points.empty());
        QCOMPARE(b.board.findChild<SmallMultiples*>()->traces().size(), std::size_t {4});
    }

    void allPlotsOfAColumnHaveTheSameMargins()
    {
        Board b;
        QCOMPARE(b.chart("ingest")->area().rect.left(), b.chart("egress")->area().rect.left());
        QCOMPARE(b.chart("ingest")->area().rect.left(), b.chart("totals")->area().rect.left());
        QCOMPARE(b.chart("ingest")->width() - b.chart("ingest")->area().rect.right(),
                 b.chart("age")->width() - b.chart("age")->area().rect.right());
    }

    void draggingTheHandleSplitsWhereItIsLetGo()
    {
        Board b;
        QSignalSpy acts(&b.board, &ExploreBoard::actAsked);
        QSignalSpy status(&b.board, &ExploreBoard::statusText);
        ShardMap* map = b.map();
        const QRect handle = map->handleRect(ShardSlot(2));
        QVERIFY(!handle.isEmpty());
        const QPoint to(handle.center().x() + 60, handle.center().y());
        QTest::mousePress(map, Qt::LeftButton, {}, handle.center());
        QTest::mouseMove(map, to);
        QVERIFY(map->splitPreview().has_value());
        QVERIFY(status.last()[0].toString().contains(QStringLiteral("eu-west stays whole")));
        QTest::mouseRelease(map, Qt::LeftButton, {}, to);
        QCOMPARE(acts.size(), 1);
        const auto split = std::get<SplitShard>(std::get<ControlRequest>(acts[0][0].value<Act>()));
        QCOMPARE(split.streamName, std::string());
        QCOMPARE(split.shardToSplit, std::string("shardId-000000000002"));
        const double at = parseHashKey(split.newStartingHashKey)->fraction();
        QVERIFY(std::abs(at - map->geometryNow().fractionAt(to.x())) < 0.002);
    }

    void nearTheMiddleTheHandleSnapsUnlessAltIsHeld()
    {
        Board b;
        ShardMap* map = b.map();
        const QRect handle = map->handleRect(ShardSlot(2));
        QTest::mousePress(map, Qt::LeftButton, {}, handle.center());
        QMouseEvent near(QEvent::MouseMove, handle.center() + QPoint(5, 0),
                         map->mapToGlobal(handle.center() + QPoint(5, 0)), Qt::NoButton,
                         Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(map, &near);
        QCOMPARE(map->splitPreview()->at, b.snapshot->find(ShardSlot(2))->range.middle());
        QMouseEvent free(QEvent::MouseMove, handle.center() + QPoint(5, 0),
                         map->mapToGlobal(handle.center() + QPoint(5, 0)), Qt::NoButton,
                         Qt::LeftButton, Qt::AltModifier);
        QCoreApplication::sendEvent(map, &free);
        QVERIFY(map->splitPreview()->at != b.snapshot->find(ShardSlot(2))->range.middle());
    }

    void aDoubleClickSplitsInTheMiddle()
    {
        Board b;
        QSignalSpy acts(&b.board, &ExploreBoard::actAsked);
        const QRect cell = b.map()->shardRect(ShardSlot(3));
        QTest::mouseDClick(b.map(), Qt::LeftButton, {}, {cell.left() + 30, cell.center().y()});
        QCOMPARE(acts.size(), 1);
        const auto split = std::get<SplitShard>(std::get<ControlRequest>(acts[0][0].value<Act>()));
        QCOMPARE(split.shardToSplit, std::string("shardId-000000000003"));
        QCOMPARE(split.newStartingHashKey,
                 toDecimal(b.snapshot->find(ShardSlot(3))->range.middle()));
    }

    void theKeyboardSplitsToo()
    {
        Board b;
        b.view.chooseShard(ShardSlot(2));
        QSignalSpy acts(&b.board, &ExploreBoard::actAsked);
        b.board.beginSplit();
        QVERIFY(b.map()->splitPreview().has_value());
        const double middle = b.map()->splitPreview()->at.fraction();
        QTest::keyClick(b.map(), Qt::Key_Right);
        QVERIFY(std::abs(b.map()->splitPreview()->at.fraction() - middle - 0.0025) < 1e-6);
        QTest::keyClick(b.map(), Qt::Key_Left, Qt::ShiftModifier);
        QVERIFY(std::abs(b.map()->splitPreview()->at.fraction() - middle - 0.00225) < 1e-6);
        QTest::keyClick(b.map(), Qt::Key_Escape);
        QVERIFY(!b.map()->splitPreview().has_value());
        QCOMPARE(acts.size(), 0);
        b.board.beginSplit();
        QTest::keyClick(b.map(), Qt::Key_Return);
        QCOMPARE(acts.size(), 1);
    }

    void draggingABorderOverTheNeighbourMerges()
    {
        Board b;
        QSignalSpy acts(&b.board, &ExploreBoard::actAsked);
        ShardMap* map = b.map();
        const QRect cell = map->shardRect(ShardSlot(3));
        const QPoint border(cell.left(), cell.center().y());
        QTest::mousePress(map, Qt::LeftButton, {}, border);
        QTest::mouseMove(map, border + QPoint(80, 0));
        QTest::mouseRelease(map, Qt::LeftButton, {}, border + QPoint(80, 0));
        QCOMPARE(acts.size(), 1);
        const auto merge = std::get<MergeShards>(std::get<ControlRequest>(acts[0][0].value<Act>()));
        QCOMPARE(merge.shardToMerge, std::string("shardId-000000000002"));
        QCOMPARE(merge.adjacentShardToMerge, std::string("shardId-000000000003"));
    }

    void aShardFurtherAwayIsRefusedWithTheReason()
    {
        Board b;
        QSignalSpy acts(&b.board, &ExploreBoard::actAsked);
        QSignalSpy status(&b.board, &ExploreBoard::statusText);
        ShardMap* map = b.map();
        const QRect cell = map->shardRect(ShardSlot(2));
        const QPoint border(cell.left(), cell.center().y());
        const QPoint far = map->shardRect(ShardSlot(3)).center();
        QTest::mousePress(map, Qt::LeftButton, {}, border);
        QTest::mouseMove(map, far);
        QVERIFY2(status.last()[0].toString().contains(QStringLiteral("do not touch")),
                 qPrintable(status.last()[0].toString()));
        QTest::mouseRelease(map, Qt::LeftButton, {}, far);
        QCOMPARE(acts.size(), 0);
    }

    void arrowKeysWalkTheShards()
    {
        Board b;
        b.view.chooseShard(ShardSlot(6));
        QTest::keyClick(b.map(), Qt::Key_Right);
        QCOMPARE(b.view.shard(), ShardSlot(2));
        QTest::keyClick(b.map(), Qt::Key_Right);
        QTest::keyClick(b.map(), Qt::Key_Right);
        QCOMPARE(b.view.shard(), ShardSlot(3));
        QSignalSpy menu(&b.board, &ExploreBoard::shardMenuAsked);
        QTest::keyClick(b.map(), Qt::Key_Return);
        QCOMPARE(menu.size(), 1);
    }

    void aKeyFallsOntoItsShard()
    {
        Board b;
        QSignalSpy pinned(&b.board, &ExploreBoard::pinnedShard);
        b.board.pinKey(QStringLiteral("eu-west")); // MD5 8f08ec00… lies at 0.559
        QCOMPARE(pinned.size(), 1);
        QCOMPARE(pinned[0][0].value<ShardSlot>(), ShardSlot(2));
    }

    void aClickOnAMarkChoosesTheNearestRefusal()
    {
        Board b;
        b.view.chooseShard(ShardSlot(2));
        QSignalSpy chosen(&b.view, &ViewState::refusalChosen);
        LineChart* ingest = b.chart("ingest");
        QTest::mouseClick(ingest, Qt::LeftButton, {}, ingest->markRow().center());
        QCOMPARE(chosen.size(), 1);
    }

    void theCrossHairIsShared()
    {
        Board b;
        LineChart* ingest = b.chart("ingest");
        QTest::mouseMove(ingest, ingest->area().rect.center());
        QVERIFY(b.view.cursor().has_value());
    }

    void theLensShowsMinutes()
    {
        Board b;
        b.view.chooseShard(ShardSlot(2));
        b.view.setCloudWatchLens(true);
        const PlotModel& m = b.chart("ingest")->model();
        QVERIFY(!m.curves.front().points.empty());
        QCOMPARE(m.curves.front().points.front().step, SimDuration::minutes(1));
        QVERIFY(m.marks.empty());
    }

    void aYoungRunFillsItsPlotsFromItsBeginning_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<qint64>("shown");
        QTest::newRow("two seconds old: ten are shown") << qint64 {2} << qint64 {10};
        QTest::newRow("ten seconds old") << qint64 {10} << qint64 {10};
        QTest::newRow("eleven seconds old") << qint64 {11} << qint64 {11};
        QTest::newRow("as old as the span") << qint64 {120} << qint64 {120};
        QTest::newRow("older than the span") << qint64 {300} << qint64 {120};
    }
    void aYoungRunFillsItsPlotsFromItsBeginning()
    {
        QFETCH(qint64, seconds);
        QFETCH(qint64, shown);
        sample::Options options;
        options.past = SimDuration::seconds(seconds);
        options.lineage = false;
        Board b(options);
        const TimeWindow w = b.chart("ingest")->model().window;
        QCOMPARE((w.to - w.from).inMicros(), SimDuration::seconds(shown).inMicros());
        const SimTime start = b.snapshot->clock.start;
        QCOMPARE(w.from.inMicros(),
                 std::max(start, start + SimDuration::seconds(seconds - shown)).inMicros());
        // The lineage begins there as well, and its top is the shards' birth.
        const ShardMapGeometry g = b.map()->geometryNow();
        QCOMPARE(g.depth.inMicros(),
                 SimDuration::seconds(std::clamp<qint64>(seconds, 10, 300)).inMicros());
        if (seconds >= 10)
            QCOMPARE(qRound(g.yOf(start)), g.lineage.top());
    }

    void eachConsumerHasItsAgeAndItsLagInWords()
    {
        Board b;
        const PlotModel& age = b.chart("age")->model();
        QCOMPARE(age.curves.size(), std::size_t {3});
        QCOMPARE(age.curves[2].name, QStringLiteral("fraud-check"));
        QVERIFY(age.note.contains(QStringLiteral("fraud-check: loss in 3 h 12 m")));
        for (const Curve& curve : age.curves)
            QVERIFY(!curve.points.empty());
        const PlotModel& lag = b.chart("lag")->model();
        QCOMPARE(lag.legend.size(), lag.curves.size());
        QVERIFY(lag.legend[0].words.contains(QStringLiteral("steady")));
        QVERIFY(lag.legend[1].words.contains(QStringLiteral("draining, 1 m 35 s to go")));
        QVERIFY(lag.legend[2].words.contains(QStringLiteral("growing")));
        QVERIFY(lag.sentence.contains(QStringLiteral("fraud-check: 10.2k records behind")));
    }

    void theReadersOfAShardAreNamed()
    {
        Board b;
        QVERIFY(b.chart("egress")->model().note.contains(QStringLiteral("archive")));
        QVERIFY(b.chart("egress")->model().note.contains(QStringLiteral("of 5 calls/s")));
    }

    void aSplitIsOneLineThroughAllPlots()
    {
        Board b;
        b.view.lookAt({b.snapshot->clock.start, b.snapshot->clock.now});
        for (const char* name : {"ingest", "egress", "totals", "age", "lag", "cost"}) {
            const auto& lines = b.chart(name)->model().annotations;
            QVERIFY2(lines.size() >= 2, name); // the split and the merge
            QVERIFY(lines.front().at > b.snapshot->clock.start);
        }
    }

    void theLineOfALimitSaysHowCloseItCame()
    {
        Board b;
        b.view.chooseShard(ShardSlot(2));
        LineChart* ingest = b.chart("ingest");
        const PlotArea a = ingest->area();
        const QPoint on(a.rect.center().x(), qRound(a.yOf(100)));
        QVERIFY(ingest->limitAt(on) != nullptr);
        QVERIFY(ingest->limitAt(on + QPoint(0, 20)) == nullptr);
        const QString card = ingest->limitAt(on)->card.join(QLatin1Char('\n'));
        QVERIFY2(card.contains(QStringLiteral("W1 · a shard takes 1.00 MiB/s")), qPrintable(card));
        QVERIFY(card.contains(QStringLiteral("W2 · a shard takes 1.00k records/s")));
        QVERIFY(card.contains(QStringLiteral("largest second of the last minute: ")));
    }

    void theMenuOfAPlotCopiesItsValues()
    {
        Board b;
        LineChart* ingest = b.chart("ingest");
        QTest::mouseClick(ingest, Qt::RightButton, {}, ingest->area().rect.center());
        auto* menu = ingest->findChild<QMenu*>(QStringLiteral("plotMenu"));
        QVERIFY(menu != nullptr);
        QVERIFY(!menu->findChild<QAction*>(QStringLiteral("followLive"))->isEnabled());
        menu->findChild<QAction*>(QStringLiteral("copyValues"))->trigger();
        const QString text = QApplication::clipboard()->text();
        QVERIFY(text.startsWith(QStringLiteral("time,seconds,\"bytes (% of limit)\"")));
        QVERIFY(text.contains(QStringLiteral("T12:0")));
        menu->close();
    }

    void theLetterTShowsTheLastValuesAsATable()
    {
        Board b;
        LineChart* ingest = b.chart("ingest");
        QTest::keyClick(ingest, Qt::Key_T);
        auto* table = ingest->findChild<QTableWidget*>();
        QVERIFY(table != nullptr);
        QCOMPARE(table->rowCount(), 60);
        QCOMPARE(table->columnCount(), static_cast<int>(ingest->model().curves.size()) + 1);
        QCOMPARE(table->horizontalHeaderItem(1)->text(), ingest->model().curves[0].name);
        QVERIFY(!table->item(0, 1)->text().isEmpty());
        QVERIFY(table->accessibleName().contains(QStringLiteral("Ingest")));
        QTest::keyClick(ingest, Qt::Key_T);
        QTRY_VERIFY(ingest->findChild<QTableWidget*>() == nullptr);
    }

    void theLensIsNamedWhileItIsHeld()
    {
        Board b;
        auto* lens = b.board.findChild<QLabel*>(QStringLiteral("lens"));
        QVERIFY(lens->isHidden());
        b.view.setCloudWatchLens(true);
        QVERIFY(lens->isVisible());
        QVERIFY(lens->text().contains(QStringLiteral("CloudWatch")));
        QVERIFY(b.board.rect().contains(lens->geometry()));
        b.view.setCloudWatchLens(false);
        QVERIFY(lens->isHidden());
    }

    void aClosedShardIsNotWhatARunComesUpWith()
    {
        const auto snapshot = sample::snapshot();
        Feed feed([snapshot] { return snapshot; });
        ViewState view;
        view.chooseShard(ShardSlot(1)); // merged away
        ExploreBoard board(feed, view);
        feed.poll();
        QCOMPARE(view.shard(), ShardSlot(2)); // the hottest
    }

    void aTableThatIsTooLongSaysSoAndTurns()
    {
        sample::Options options;
        options.shards = 60;
        options.lineage = false;
        Board b(options, {564, 480});
        auto* multiples = b.board.findChild<SmallMultiples*>();
        multiples->resize(220, 140);
        const auto firstShown = [&] { return !multiples->cellRect(ShardSlot(0)).isEmpty(); };
        b.view.chooseShard(ShardSlot(0));
        QVERIFY(firstShown());
        b.view.chooseShard(ShardSlot(59)); // the last one comes into view
        QVERIFY(multiples->rect().contains(multiples->cellRect(ShardSlot(59))));
        QVERIFY(!firstShown());
    }

    void emptyStatesSayWhatToDo()
    {
        sample::Options options;
        options.load = false;
        options.consumers = false;
        Board b(options);
        QVERIFY(b.chart("ingest")->model().empty.contains(QStringLiteral("Nothing is sending")));
        QVERIFY(b.chart("egress")->model().empty.contains(QStringLiteral("nobody reads")));
    }

    void everyShardCanBeFoundByItsName()
    {
        Board b;
        QAccessibleInterface* list = QAccessible::queryAccessibleInterface(b.map());
        QVERIFY(list != nullptr);
        QCOMPARE(list->childCount(), 4);
        QAccessibleInterface* shard = list->child(2);
        QVERIFY(shard != nullptr);
        QCOMPARE(shard->role(), QAccessible::ListItem);
        const QString name = shard->text(QAccessible::Name);
        QVERIFY2(name.startsWith(QStringLiteral("Shard 2, 50 to 75 percent, ")), qPrintable(name));
        QVERIFY(name.endsWith(QStringLiteral("refused")));
        QCOMPARE(list->indexOfChild(shard), 2);
    }

    void nothingIsSqueezedWhenWordsAreTwiceAsLarge()
    {
        const QFont plain = QApplication::font();
        QFont large = plain;
        large.setPointSizeF(plain.pointSizeF() * 2);
        QApplication::setFont(large);
        for (const int shards : {4, 16, 64}) {
            sample::Options options;
            options.shards = shards;
            Board b(options, {745, 560});
            for (const char* name : {"ingest", "egress", "totals", "age", "lag", "cost"}) {
                const LineChart* chart = b.chart(name);
                QVERIFY2(chart->width() >= chart->minimumSizeHint().width(), name);
                QVERIFY2(chart->height() >= chart->minimumSizeHint().height(), name);
                QVERIFY2(chart->area().rect.height() >= 40, name);
            }
            const QByteArray folder = qgetenv("SHARDSCOPE_PICTURES");
            if (!folder.isEmpty())
                b.board.grab().save(QStringLiteral("%1/large-%2.png")
                                        .arg(QString::fromLocal8Bit(folder))
                                        .arg(shards));
        }
        QApplication::setFont(plain);
    }

    void picturesForPeople_data()
    {
        QTest::addColumn<int>("shards");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<Look>("look");
        for (const int shards : {4, 16, 64, 1024}) {
            QTest::addRow("%d shards, wide, light", shards)
                << shards << QSize(980, 690) << Look::Light;
            QTest::addRow("%d shards, wide, dark", shards)
                << shards << QSize(980, 690) << Look::Dark;
            QTest::addRow("%d shards, small, light", shards)
                << shards << QSize(564, 480) << Look::Light;
        }
        QTest::addRow("4 shards, contrast") << 4 << QSize(980, 690) << Look::HighContrast;
    }
    void picturesForPeople()
    {
        QFETCH(int, shards);
        QFETCH(QSize, size);
        QFETCH(Look, look);
        setLook(look);
        sample::Options options;
        options.shards = shards;
        options.changing = true;
        Board b(options, size);
        b.view.chooseShard(ShardSlot(2));
        const QImage picture = b.board.grab().toImage();
        QCOMPARE(picture.deviceIndependentSize().toSize(), size);
        const QByteArray folder = qgetenv("SHARDSCOPE_PICTURES");
        if (!folder.isEmpty())
            picture.save(QStringLiteral("%1/board-%2-%3-%4.png")
                             .arg(QString::fromLocal8Bit(folder))
                             .arg(shards)
                             .arg(size.width())
                             .arg(static_cast<int>(look)));
        setLook(Look::Light);
    }
};

QTEST_MAIN(ExploreBoardTest)
#include "tst_explore_board.moc"
