#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSet>
#include <QSpinBox>
#include <QTest>
#include <QTextBrowser>
#include <QTranslator>

#include "tests/support/layout_checks.h"
#include "tests/support/window_fixture.h"
#include "ui/actions.h"
#include "ui/dialogs/consumer_dialog.h"
#include "ui/dialogs/producer_dialog.h"
#include "ui/dialogs/reshard_dialogs.h"
#include "ui/dialogs/stream_dialogs.h"
#include "ui/docks/actors_panel.h"
#include "ui/docks/event_lane.h"
#include "ui/style/palette.h"

namespace shardscope::ui {

namespace {

/// Every text half as long again, as German or Finnish would be.
class LongWords : public QTranslator {
public:
    [[nodiscard]] bool isEmpty() const override { return false; }
    [[nodiscard]] QString translate(const char*, const char* text, const char*,
                                    int n) const override
    {
        QString words = QString::fromUtf8(text);
        words.replace(QStringLiteral("%n"), QString::number(n));
        return words + QString(words.size() / 2, u'ö');
    }
};

void show(WindowFixture& f, QSize size)
{
    f.window->resize(size);
    f.window->show();
    QVERIFY(QTest::qWaitForWindowExposed(f.window.get()));
    f.window->presentNow();
    QApplication::processEvents();
}

} // namespace

class WindowLayoutTest : public QObject {
    Q_OBJECT

    QFont m_font;

private slots:
    void initTestCase() { m_font = QApplication::font(); }
    void cleanup()
    {
        QApplication::setFont(m_font);
        QApplication::setLayoutDirection(Qt::LeftToRight);
        setLook(Look::Light);
    }

    void nothingIsClippedWhateverTheFont_data()
    {
        QTest::addColumn<int>("percent");
        QTest::newRow("as designed") << 100;
        QTest::newRow("half as large again") << 150;
        QTest::newRow("twice as large") << 200;
    }
    void nothingIsClippedWhateverTheFont()
    {
        QFETCH(int, percent);
        WindowFixture f;
        f.preferences.setMagnification(percent);
        f.open();
        show(f, {1440, 900});
        const QStringList bad = clipped(*f.window);
        QVERIFY2(bad.isEmpty(), qPrintable(bad.join(u'\n')));
    }

    void everyButtonIsLargeEnoughToHit_data() { nothingIsClippedWhateverTheFont_data(); }
    void everyButtonIsLargeEnoughToHit()
    {
        QFETCH(int, percent);
        WindowFixture f;
        f.preferences.setMagnification(percent);
        f.open();
        show(f, {1440, 900});
        int seen = 0;
        for (const QAbstractButton* b : f.window->findChildren<QAbstractButton*>()) {
            if (!b->isVisible() || b->visibleRegion().isEmpty())
                continue;
            ++seen;
            QVERIFY2(
                b->width() >= 24 && b->height() >= 24,
                qPrintable(nameOf(b) + QStringLiteral(" %1×%2").arg(b->width()).arg(b->height())));
        }
        QVERIFY(seen > 15);
        for (const char* name : {"actorsDock", "whyDock"}) {
            auto* dock = f.window->findChild<QWidget*>(QString::fromLatin1(name));
            if (!dock->isVisible())
                continue; // there was no room for it
            auto* close = dock->findChild<QAbstractButton*>(QStringLiteral("closePanel"));
            QVERIFY2(close != nullptr, name);
            QVERIFY2(close->iconSize().height() >= close->fontMetrics().height(), name);
            QTest::mouseClick(close, Qt::LeftButton);
            QVERIFY2(!dock->isVisible(), name);
        }
    }

    void longWordsDoNotBreakTheWindow()
    {
        LongWords words;
        QCoreApplication::installTranslator(&words);
        {
            WindowFixture f;
            show(f, {1440, 900});
            const QStringList bad = clipped(*f.window);
            QVERIFY2(bad.isEmpty(), qPrintable(bad.join(u'\n')));
            QVERIFY(f.window->board()->width() >= 600);
        }
        QCoreApplication::removeTranslator(&words);
    }

    void theWindowReadsFromRightToLeft()
    {
        QApplication::setLayoutDirection(Qt::RightToLeft);
        WindowFixture f;
        show(f, {1440, 900});
        const auto xOf = [&f](const char* name) {
            auto* w = f.window->findChild<QWidget*>(QString::fromLatin1(name));
            return w->mapTo(f.window.get(), w->rect().center()).x();
        };
        QVERIFY(xOf("modeBadge") > xOf("findAction"));
        QVERIFY(xOf("run.start") > xOf("runUntil"));
        QVERIFY(!f.window->grab().isNull());
    }

    void tabReachesEverythingAndComesBack()
    {
        WindowFixture f;
        show(f, {1440, 900});
        f.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
        QSet<QWidget*> wanted;
        for (QWidget* w : f.window->findChildren<QWidget*>())
            if (w->isVisible() && w->isEnabled() && w->focusProxy() == nullptr
                && (w->focusPolicy() & Qt::TabFocus) != 0 && !w->visibleRegion().isEmpty())
                wanted += w;
        QVERIFY(wanted.size() > 15);
        f.window->board()->setFocus();
        QSet<QWidget*> reached;
        for (int i = 0; i < 300; ++i) {
            QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget()
                                                        : f.window.get(),
                            Qt::Key_Tab);
            if (QWidget* now = QApplication::focusWidget())
                reached += now;
        }
        wanted -= reached;
        QStringList missed;
        for (const QWidget* w : wanted)
            missed += nameOf(w);
        QVERIFY2(missed.isEmpty(), qPrintable(missed.join(u'\n')));
    }

    void aKeyTypedOverTheWhyCardIsStillAnAction()
    {
        WindowFixture f;
        show(f, {1440, 900});
        auto* text = f.window->findChild<QTextBrowser*>(QStringLiteral("whyText"));
        text->setFocus();
        QTest::keyClick(text, Qt::Key_N);
        QVERIFY(f.last<RunUntil>() != nullptr);
    }

    void theSystemsPaletteIsFollowed()
    {
        WindowFixture f;
        f.preferences.setTheme(Preferences::Theme::System);
        f.open();
        show(f, {1440, 900});
        QPalette night;
        night.setColor(QPalette::Window, Qt::black);
        QApplication::setPalette(night);
        QApplication::processEvents();
        QCOMPARE(static_cast<int>(palette().look), static_cast<int>(Look::Dark));
        QPalette day;
        day.setColor(QPalette::Window, Qt::white);
        QApplication::setPalette(day);
        QApplication::processEvents();
        QCOMPARE(static_cast<int>(palette().look), static_cast<int>(Look::Light));
    }

    void aChosenThemeIsKeptWhateverTheSystemDoes()
    {
        WindowFixture f;
        f.preferences.setTheme(Preferences::Theme::Dark);
        f.open();
        show(f, {1440, 900});
        QPalette day;
        day.setColor(QPalette::Window, Qt::white);
        QApplication::setPalette(day);
        QApplication::processEvents();
        QCOMPARE(static_cast<int>(palette().look), static_cast<int>(Look::Dark));
    }

    void aPolicyOpensAsItIsAttached()
    {
        ScalingPolicySpec attached;
        attached.upPercent = 61;
        attached.downPercent = 17;
        attached.shardsMost = 33;
        PolicyDialog dialog(attached, Deck {}, nullptr);
        const Act act = dialog.act();
        const auto& policy = std::get<AttachPolicy>(act).policy;
        QVERIFY(policy.has_value());
        QCOMPARE(policy->upPercent, 61.0);
        QCOMPARE(policy->downPercent, 17.0);
        QCOMPARE(policy->shardsMost, attached.shardsMost);
        dialog.findChild<QDoubleSpinBox*>(QStringLiteral("down"))->setValue(61);
        QVERIFY(dialog.problem().startsWith(QStringLiteral("Scale down below:")));
    }

    void liftedLimitsOpenAsLifted()
    {
        AccountLimits limits;
        limits.shards = 77;
        limits.onDemandStreams.reset();
        AccountDialog dialog(limits, Deck {}, nullptr);
        const Act act = dialog.act();
        QCOMPARE(std::get<SetAccountLimits>(act).limits, limits);
    }

    void everyKindOfConsumerHasItsSettings()
    {
        const auto made = [](ConsumerKind kind, const QString& box, int value) {
            ConsumerSpec spec;
            spec.kind = kind;
            spec.name = "reader";
            ConsumerDialog dialog(ConsumerDialog::Purpose::Add, spec, Deck {}, nullptr);
            if (auto* numbers = dialog.findChild<QSpinBox*>(box))
                numbers->setValue(value);
            if (auto* choices = dialog.findChild<QComboBox*>(box))
                choices->setCurrentIndex(value);
            [&] { QVERIFY(!dialog.summary().isEmpty()); }();
            return std::get<AddConsumer>(dialog.act()).spec;
        };
        QCOMPARE(made(ConsumerKind::FanOut, {}, 0).kind, ConsumerKind::FanOut);
        QCOMPARE(made(ConsumerKind::Kcl, QStringLiteral("workers"), 7).kcl.workers,
                 std::int64_t {7});
        QCOMPARE(made(ConsumerKind::Kcl, QStringLiteral("version"), 1).kcl.version,
                 KclSpec::Version::V2);
        QCOMPARE(made(ConsumerKind::Lambda, QStringLiteral("batch"), 500).lambda.batchSize,
                 std::int64_t {500});
        QCOMPARE(made(ConsumerKind::Firehose, QStringLiteral("size"), 64).firehose.bufferSize,
                 64_MiB);
        QCOMPARE(made(ConsumerKind::Analytics, QStringLiteral("query"), 5).analytics.query,
                 AnalyticsSpec::Query::TopPages);
        // What the form does not show stays as it is.
        ConsumerSpec spec;
        spec.kind = ConsumerKind::Kcl;
        spec.name = "application";
        spec.kcl.leasesToSteal = 5;
        ConsumerDialog change(ConsumerDialog::Purpose::Change, spec, Deck {}, nullptr);
        QVERIFY(std::get<ChangeConsumer>(change.act()).spec == spec);
    }

    void aFunctionsSettingsAreRowsOfTheForm()
    {
        ConsumerSpec spec;
        spec.kind = ConsumerKind::Lambda;
        spec.name = "function";
        spec.lambda.batchingWindow = SimDuration::millis(1'500); // not in whole seconds
        spec.lambda.filters = {"{\"data\":\n {\"s\": [\"a\"]}}"}; // on two lines
        spec.lambda.onFailure = "given-up";
        ConsumerDialog dialog(ConsumerDialog::Purpose::Change, spec, Deck {}, nullptr);
        const auto made = [&] { return std::get<ChangeConsumer>(dialog.act()).spec.lambda; };
        QCOMPARE(dialog.problem(), QString());
        QVERIFY(made() == spec.lambda);
        const auto set = [&](const char* name, int value) {
            dialog.findChild<QSpinBox*>(QLatin1String(name))->setValue(value);
        };
        set("age", 59);
        QVERIFY(dialog.problem().startsWith(QStringLiteral("Records may be: 60 s old or more")));
        set("age", 60);
        QCOMPARE(dialog.problem(), QString());
        set("tumbling", 900);
        set("timeout", 30);
        dialog.findChild<QLineEdit*>(QStringLiteral("onFailure"))->setText(QStringLiteral(" out "));
        auto* filters = dialog.findChild<QPlainTextEdit*>(QStringLiteral("filters"));
        QCOMPARE(filters->blockCount(), 1);
        filters->setPlainText(QStringLiteral(" {\"data\": [1]} \n\n{\"data\": {\"s\": 1}}"));
        QVERIFY(dialog.problem().startsWith(QStringLiteral("Filter 2 is refused at data.s: ")));
        filters->setPlainText(QStringLiteral(" {\"data\": [1]} \n\n{\"data\": {\"s\": [1]}}"));
        QCOMPARE(dialog.problem(), QString());
        QCOMPARE(made().maximumRecordAge, SimDuration::seconds(60));
        QCOMPARE(made().tumblingWindow, SimDuration::seconds(900));
        QCOMPARE(made().timeout, SimDuration::seconds(30));
        QCOMPARE(made().onFailure, std::string("out"));
        QVERIFY((made().filters
                 == std::vector<std::string> {"{\"data\": [1]}", "{\"data\": {\"s\": [1]}}"}));
        QCOMPARE(made().batchingWindow, spec.lambda.batchingWindow);
    }

    void theConsumersPlusAsksForTheKindFirst()
    {
        WindowFixture f;
        show(f, {1440, 900});
        auto* panel = f.window->findChild<ActorsPanel*>();
        QVERIFY(panel != nullptr);
        emit panel->findChild<ActorList*>(QStringLiteral("consumers"))->addAsked();
        auto* kinds = panel->findChild<QMenu*>(QStringLiteral("consumerKinds"));
        QVERIFY(kinds != nullptr);
        QCOMPARE(kinds->actions().size(), qsizetype {6});
        kinds->actions().at(2)->trigger();
        auto* form = f.window->findChild<ConsumerDialog*>();
        QVERIFY(form != nullptr);
        QCOMPARE(std::get<AddConsumer>(form->act()).spec.kind, ConsumerKind::Kcl);
    }

    void aConsumerIsTypedIn()
    {
        WindowFixture f;
        show(f, {1440, 900});
        f.window->actions()[QStringLiteral("stream.addConsumer")]->trigger();
        auto* form = f.window->findChild<ConsumerDialog*>();
        QVERIFY(form != nullptr);
        auto* name = form->findChild<QLineEdit*>(QStringLiteral("name"));
        name->setFocus();
        name->selectAll();
        QTest::keyClick(name, Qt::Key_Delete);
        QTest::keyClick(name, Qt::Key_Return);
        QVERIFY(f.lastAct<AddConsumer>() == nullptr);
        QVERIFY(form->findChild<QLabel*>(QStringLiteral("problem"))
                    ->text()
                    .startsWith(QStringLiteral("Name:")));
        QTest::keyClicks(name, QStringLiteral("billing"));
        auto* reads = form->findChild<QDoubleSpinBox*>(QStringLiteral("reads"));
        reads->setFocus();
        reads->selectAll();
        QTest::keyClicks(reads, QStringLiteral("4"));
        QTest::keyClick(reads, Qt::Key_Return);
        const auto* act = f.lastAct<AddConsumer>();
        QVERIFY(act != nullptr);
        QCOMPARE(act->spec.name, std::string("billing"));
        QCOMPARE(act->spec.readsPerSecond, 4.0);
    }

    void theLaneMarksRefusalsWhereTheyHappened()
    {
        WindowFixture f;
        show(f, {1440, 900});
        const auto* strip = f.window->findChild<EventStrip*>();
        QVERIFY(strip != nullptr);
        const LaneGeometry lane = strip->geometryOfLane();
        const std::vector<int> columns = strip->refusalColumns(lane);
        std::vector<int> expected(columns.size());
        for (const Refusal& r : *f.now->refusals)
            if (r.at >= lane.window.from && r.at <= lane.window.to)
                ++expected[static_cast<std::size_t>((lane.xOf(r.at) - lane.left)
                                                    / EventStrip::kColumn)];
        QCOMPARE(columns, expected);
        QVERIFY(std::any_of(columns.begin(), columns.end(), [](int n) { return n > 0; }));
        QVERIFY(strip->newestWords().contains(QStringLiteral("refused on shard")));
    }
};

} // namespace shardscope::ui

QTEST_MAIN(shardscope::ui::WindowLayoutTest)
#include "tst_window_layout.moc"
