#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QRegularExpression>
#include <QSet>
#include <QSpinBox>
#include <QSvgRenderer>
#include <QTest>
#include <QTextBrowser>
#include <QTimer>
#include <QToolButton>

#include "tests/support/window_fixture.h"
#include "ui/actions.h"
#include "ui/announcer.h"
#include "ui/callout.h"
#include "ui/dialogs/help_dialogs.h"
#include "ui/dialogs/producer_dialog.h"
#include "ui/dialogs/reshard_dialogs.h"
#include "ui/docks/actors_model.h"
#include "ui/docks/event_log_model.h"
#include "ui/english.h"
#include "ui/export/picture.h"
#include "ui/export/tables.h"
#include "ui/style/palette.h"
#include "ui/time_bar.h"
#include "ui/widgets/line_chart.h"

namespace shardscope::ui {

class MainWindowTest : public QObject {
    Q_OBJECT

    EnglishPlurals m_english;

    static QString textOf(const MainWindow& window, const char* name)
    {
        const auto* label = window.findChild<QLabel*>(QString::fromLatin1(name));
        return label ? label->text() : QString();
    }
    static void show(WindowFixture& f, QSize size = {1440, 900})
    {
        f.window->resize(size);
        f.window->show();
        QVERIFY(QTest::qWaitForWindowExposed(f.window.get()));
        f.window->presentNow();
    }
    static QAction* action(const WindowFixture& f, const char* id)
    {
        return f.window->actions()[QString::fromLatin1(id)];
    }
    template <typename T> static T* dialog(const WindowFixture& f)
    {
        const auto all = f.window->findChildren<T*>();
        return all.isEmpty() ? nullptr : all.back();
    }

private slots:
    void initTestCase() { QCoreApplication::installTranslator(&m_english); }

    void theFirstLookShowsWhatMatters()
    {
        WindowFixture f;
        show(f);
        QVERIFY(textOf(*f.window, "modeBadge").contains(QStringLiteral("SIMULATION")));
        QCOMPARE(textOf(*f.window, "streamSummary"),
                 QStringLiteral("orders · PROVISIONED · 4 shards · retention 24 h"));
        QVERIFY(!textOf(*f.window, "clock").isEmpty());
        QVERIFY(textOf(*f.window, "counts").contains(QStringLiteral("refused")));
        QVERIFY(f.window->findChild<QWidget*>(QStringLiteral("startStrip"))->isVisible());
        QVERIFY(f.window->board()->isVisible());
        // The busiest shard is chosen, so that there is something to see.
        QCOMPARE(f.view.shard(), ShardSlot(2));
    }

    void everyActionIsWordedBoundAndHasKeysOfItsOwn()
    {
        WindowFixture f;
        QSet<QKeySequence> taken;
        for (const QAction* a : f.window->actions().all()) {
            const QString id = a->objectName();
            QVERIFY2(!a->text().isEmpty() && !a->toolTip().isEmpty(), qPrintable(id));
            QVERIFY2(f.window->actions().isBound(id), qPrintable(id));
            QVERIFY2(!a->shortcuts().isEmpty(), qPrintable(id));
            for (const QKeySequence& key : a->shortcuts()) {
                QVERIFY2(!taken.contains(key), qPrintable(id + u' ' + key.toString()));
                taken.insert(key);
            }
        }
    }

    void everySafeActionCanBeTriggered()
    {
        WindowFixture f;
        show(f);
        for (QAction* a : f.window->actions().all())
            if (f.window->actions().specOf(a).safety == ActionSpec::Safety::Safe)
                a->trigger();
        QVERIFY(f.window->isVisible());
    }

    void everyActionWithADialogOpensOneThatCanBeClosed()
    {
        WindowFixture f;
        show(f);
        for (QAction* a : f.window->actions().all()) {
            if (f.window->actions().specOf(a).safety != ActionSpec::Safety::OpensDialog)
                continue;
            a->trigger();
            const auto open = f.window->findChildren<QDialog*>();
            const bool nothingToSave = a->objectName().startsWith(u"file.save");
            QVERIFY2(!open.isEmpty() || nothingToSave, qPrintable(a->objectName()));
            for (QDialog* d : open) {
                d->reject();
                delete d;
            }
        }
    }

    void spacePlaysAndPausesButNotInAField()
    {
        WindowFixture f;
        show(f);
        f.window->board()->setFocus();
        QTest::keyClick(f.window.get(), Qt::Key_Space);
        QVERIFY(f.last<Pause>() != nullptr || f.last<Play>() != nullptr);
        QLineEdit field;
        QKeyEvent key(QEvent::ShortcutOverride, Qt::Key_P, Qt::NoModifier, QStringLiteral("p"));
        QVERIFY(Actions::keepsKey(&field, key));
        QVERIFY(!Actions::keepsKey(f.window->board(), key));
        QSlider slider;
        QKeyEvent left(QEvent::ShortcutOverride, Qt::Key_Left, Qt::NoModifier);
        QVERIFY(Actions::keepsKey(&slider, left));
        QVERIFY(!Actions::keepsKey(&slider, key));
    }

    void singleKeysCanBeSwitchedOff()
    {
        WindowFixture f;
        f.window->actions().setSingleKeys(false);
        QVERIFY(action(f, "stream.addProducer")->shortcuts().isEmpty());
        QVERIFY(!action(f, "help.find")->shortcuts().isEmpty());
        f.window->actions().setSingleKeys(true);
        QCOMPARE(action(f, "stream.addProducer")->shortcut(), QKeySequence(Qt::Key_P));
    }

    void aTakenKeyIsRefusedWithItsOwner()
    {
        WindowFixture f;
        const QList<QKeySequence> keys {QKeySequence(Qt::Key_N)};
        const auto taken = f.window->actions().setKeys(QStringLiteral("run.until"), keys);
        QVERIFY(taken && taken->contains(QStringLiteral("refusal")));
        QCOMPARE(action(f, "run.until")->shortcut(), QKeySequence(Qt::Key_U));
    }

    void findActionFindsAndRuns()
    {
        QVERIFY(
            FindAction::matches(QStringLiteral("pla pau"), QStringLiteral("Run Play or pause")));
        QVERIFY(!FindAction::matches(QStringLiteral("quux"), QStringLiteral("Run Play or pause")));
        WindowFixture f;
        show(f);
        action(f, "help.find")->trigger();
        auto* find = dialog<FindAction>(f);
        QVERIFY(find != nullptr);
        auto* query = find->findChild<QLineEdit*>(QStringLiteral("query"));
        QTest::keyClicks(query, QStringLiteral("step back one"));
        QTest::keyClick(query, Qt::Key_Return);
        const auto* back = f.last<StepBack>();
        QVERIFY(back != nullptr && back->wholeSecond);
    }

    void theProducerFormMakesItsSpecAndRefusesNonsense()
    {
        WindowFixture f;
        action(f, "stream.addProducer")->trigger();
        auto* form = dialog<ProducerDialog>(f);
        QVERIFY(form != nullptr);
        auto* name = form->findChild<QLineEdit*>(QStringLiteral("name"));
        name->clear();
        QVERIFY(form->problem().startsWith(QStringLiteral("Name:")));
        form->accept();
        QVERIFY(f.lastAct<AddProducer>() == nullptr);
        name->setText(QStringLiteral("till"));
        form->findChild<QDoubleSpinBox*>(QStringLiteral("rate"))->setValue(800);
        f.answer = fail(ErrorCode::BadInput, "There is a producer of that name already.");
        form->accept();
        const auto* problem = form->findChild<QLabel*>(QStringLiteral("problem"));
        QCOMPARE(problem->text(), QStringLiteral("There is a producer of that name already."));
        QCOMPARE(f.window->sentence(), problem->text());
        const auto* act = f.lastAct<AddProducer>();
        QVERIFY(act != nullptr);
        QCOMPARE(act->spec.name, std::string("till"));
        QCOMPARE(act->spec.rate.recordsPerSecond, 800.0);
    }

    void stepsAreReadAndRefused_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("steps"); // -1: refused
        QTest::newRow("two steps") << QStringLiteral("30s:20 2m:1") << 2;
        QTest::newRow("none") << QString() << 0;
        QTest::newRow("no factor") << QStringLiteral("30s") << -1;
        QTest::newRow("no time") << QStringLiteral("x:2") << -1;
        QTest::newRow("backwards") << QStringLiteral("2m:1 30s:20") << -1;
        QTest::newRow("below nothing") << QStringLiteral("30s:-1") << -1;
    }
    void stepsAreReadAndRefused()
    {
        QFETCH(QString, text);
        QFETCH(int, steps);
        const auto read = parseSteps(text);
        QCOMPARE(read ? static_cast<int>(read->size()) : -1, steps);
    }

    void aSplitLiesInsideItsShard()
    {
        WindowFixture f;
        SplitDialog split(f.now, ShardSlot(2), Deck {}, nullptr);
        auto* where = split.findChild<QLineEdit*>(QStringLiteral("where"));
        QCOMPARE(split.problem(), QString());
        where->setText(QStringLiteral("0"));
        QVERIFY(!split.problem().isEmpty());
        where->setText(QStringLiteral("100"));
        QVERIFY(!split.problem().isEmpty());
        where->setText(QStringLiteral("50"));
        const Act act = split.act();
        const auto& request = std::get<SplitShard>(std::get<ControlRequest>(act));
        QCOMPARE(request.shardToSplit, std::string("shardId-000000000002"));
        QCOMPARE(request.newStartingHashKey, toDecimal(f.now->find(ShardSlot(2))->range.middle()));
    }

    void theLastShardHasNoRightNeighbour()
    {
        WindowFixture f;
        const auto open = openShards(*f.now);
        MergeDialog last(f.now, open.back()->slot, MergeDialog::Side::Right, Deck {}, nullptr);
        QVERIFY(last.problem().contains(QStringLiteral("no right neighbour")));
        MergeDialog first(f.now, open.front()->slot, MergeDialog::Side::Right, Deck {}, nullptr);
        QCOMPARE(first.problem(), QString());
    }

    void whyIsExplainedAsTextThatCanBeCopied()
    {
        WindowFixture f;
        show(f);
        action(f, "view.why")->trigger();
        QCOMPARE(f.explained.size(), std::size_t {1});
        const QString text
            = f.window->findChild<QTextBrowser*>(QStringLiteral("whyText"))->toPlainText();
        for (const char* words :
             {"Rule W1", "eu-west", "8f08ec00", "78 %", "salt the key x4", "46 %"})
            QVERIFY2(text.contains(QString::fromLatin1(words)), words);
    }

    void undoSaysWhatAndSends()
    {
        WindowFixture f;
        auto next = std::make_shared<Snapshot>(*f.now);
        next->undoText = "split shard 2";
        f.now = next;
        f.window->presentNow();
        QVERIFY(action(f, "edit.undo")->text().contains(QStringLiteral("split shard 2")));
        action(f, "edit.undo")->trigger();
        QVERIFY(f.last<Undo>() != nullptr);
        QVERIFY(!action(f, "edit.redo")->isEnabled() || !f.now->redoText.empty());
    }

    void themesAreKept()
    {
        WindowFixture f;
        action(f, "view.dark")->trigger();
        QCOMPARE(static_cast<int>(palette().look), static_cast<int>(Look::Dark));
        QCOMPARE(static_cast<int>(f.preferences.theme()),
                 static_cast<int>(Preferences::Theme::Dark));
        action(f, "view.light")->trigger();
        QCOMPARE(static_cast<int>(palette().look), static_cast<int>(Look::Light));
    }

    void speedsLieOnALogarithmicScale()
    {
        for (const double speed : {0.1, 1.0, 10.0, 100.0, 1'000.0})
            QCOMPARE(TimeBar::factorAt(TimeBar::positionOf(speed)), speed);
        QCOMPARE(TimeBar::factorAt(TimeBar::positionOf(0)), 0.0);
    }

    void exportsAreReadableByMachines()
    {
        WindowFixture f;
        const TimeWindow window {f.now->clock.now - SimDuration::minutes(1), f.now->clock.now};
        const QList<QByteArray> lines = windowCsv(*f.now, window).trimmed().split('\n');
        QVERIFY(lines.size() > 10);
        QVERIFY(lines[0].startsWith("time,"));
        for (const QByteArray& line : lines)
            QCOMPARE(line.count(','), lines[0].count(','));
        QVERIFY(parseIso(lines[1].split(',')[0].toStdString()).has_value());
        QVERIFY(refusedCsv(*f.now).startsWith("time,shard,rule,"));

        show(f);
        const QString svg = f.folder.filePath(QStringLiteral("board.svg"));
        const QString png = f.folder.filePath(QStringLiteral("board.png"));
        QVERIFY(savePicture(*f.window->board(), svg, 1).has_value());
        QVERIFY(QSvgRenderer(svg).isValid());
        QVERIFY(savePicture(*f.window->board(), png, 2).has_value());
        QCOMPARE(QImage(png).size(), f.window->board()->size() * 2);
        QVERIFY(!savePicture(*f.window->board(), f.folder.filePath(QStringLiteral("x.bmp")), 1));
    }

    void everyPaintOfAnSvgIsDefinedInIt()
    {
        WindowFixture f;
        show(f);
        struct Hatched : QWidget {
            void paintEvent(QPaintEvent*) override
            {
                QPainter painter(this);
                painter.fillRect(rect(), QBrush(QColor(255, 80, 0, 128), Qt::BDiagPattern));
                painter.fillRect(0, 0, 5, 5, QBrush(QColor(0, 80, 255), Qt::DiagCrossPattern));
            }
        } hatched;
        hatched.resize(40, 40);
        for (QWidget* shown : {f.window->board(), static_cast<QWidget*>(&hatched)}) {
            const QString path = f.folder.filePath(QStringLiteral("defined.svg"));
            QVERIFY(savePicture(*shown, path, 1).has_value());
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QString svg = QString::fromUtf8(file.readAll());
            const QRegularExpression reference(QStringLiteral("url\\(#([^)]*)\\)"));
            for (auto each = reference.globalMatch(svg); each.hasNext();) {
                const QString id = each.next().captured(1);
                QVERIFY2(svg.contains(QStringLiteral("id=\"%1\"").arg(id)), qPrintable(id));
            }
            QVERIFY2(!svg.contains(QStringLiteral("pattern")),
                     "readers do not know masked patterns");
            if (shown == &hatched) {
                QVERIFY(svg.contains(QStringLiteral("fill=\"#ff5000\" fill-opacity=\"0.2007")));
                QVERIFY(svg.contains(QStringLiteral("fill=\"#0050ff\" fill-opacity=\"0.4\"")));
            }
        }
    }

    void theFirstRefusalsHintHidesNoPlotAndGoesByItself()
    {
        WindowFixture f;
        show(f);
        auto* callout = f.window->findChild<Callout*>();
        callout->say(QStringLiteral("Shard 2 refused 37 records in this second."));
        QVERIFY(callout->isVisible());
        const auto place = [&f](const QWidget* w) {
            return QRect(w->mapTo(f.window.get(), QPoint(0, 0)), w->size());
        };
        for (const QWidget* plot : f.window->board()->findChildren<LineChart*>())
            QVERIFY2(!place(callout).intersects(place(plot)), qPrintable(plot->objectName()));
        const auto* map = f.window->board()->findChild<QWidget*>(QStringLiteral("shardMap"));
        QVERIFY(place(map).contains(place(callout)));
        QVERIFY2(place(callout).bottom() < place(map).center().y(),
                 "the shards as they are now stand in the lower half");
        auto* away = callout->findChild<QTimer*>();
        QVERIFY(away->isActive() && away->isSingleShot() && away->interval() <= 15'000);
        away->start(0);
        QTRY_VERIFY(callout->isHidden());
    }

    void modelsKeepTheRules()
    {
        ActorsModel actors;
        const QAbstractItemModelTester actorsTester(&actors);
        EventLogModel log;
        const QAbstractItemModelTester logTester(&log);
        WindowFixture f;
        for (int seconds : {0, 5, 10}) {
            sample::Options options;
            options.later = SimDuration::seconds(seconds);
            const auto now = sample::snapshot(options);
            actors.setRows(producerRows(*now));
            log.setEvents(now->events, now->world);
        }
        QCOMPARE(actors.rowCount(), static_cast<int>(f.now->producers.size()));
        actors.setRows({});
        QCOMPARE(actors.rowCount(), 0);
    }

    void theBoardStaysUsableInASmallWindow()
    {
        WindowFixture f;
        show(f, {1024, 700});
        QCOMPARE(f.window->size(), QSize(1024, 700));
        QVERIFY(f.window->board()->width() >= 600);
        QVERIFY(f.window->findChild<QWidget*>(QStringLiteral("whyDock"))->isHidden());
    }

    void everythingThatTakesTheFocusHasAName()
    {
        WindowFixture f;
        show(f);
        for (QWidget* w : f.window->findChildren<QWidget*>()) {
            const bool control = qobject_cast<QAbstractButton*>(w)
                || qobject_cast<QAbstractSlider*>(w) || qobject_cast<QComboBox*>(w)
                || qobject_cast<QAbstractSpinBox*>(w);
            if (!control || w->focusPolicy() == Qt::NoFocus || !w->isVisible())
                continue;
            QAccessibleInterface* face = QAccessible::queryAccessibleInterface(w);
            QVERIFY2(face != nullptr && !face->text(QAccessible::Name).isEmpty(),
                     qPrintable(QString::fromLatin1(w->metaObject()->className()) + u' '
                                + w->objectName() + u' ' + w->parentWidget()->objectName()));
        }
    }

    void theAnnouncerSpeaksAtMostEveryFiveSeconds()
    {
        WindowFixture f;
        qint64 ms = 0;
        Announcer announcer(f.view, [&ms] { return ms; });
        int said = 0;
        connect(&announcer, &Announcer::announced, this, [&said] { ++said; });
        f.view.chooseShard(ShardSlot(2));
        announcer.present(*f.now);
        QCOMPARE(said, 1);
        f.view.chooseShard(ShardSlot(3));
        ms = 4'999;
        announcer.present(*f.now);
        QCOMPARE(said, 1);
        ms = 5'000;
        announcer.present(*f.now);
        QCOMPARE(said, 2);
    }
};

} // namespace shardscope::ui

QTEST_MAIN(shardscope::ui::MainWindowTest)
#include "tst_main_window.moc"
