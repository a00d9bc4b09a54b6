#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>

#include <cmath>

#include "core/planner/report/report_text.h"
#include "tests/core/planner/plan_samples.h"
#include "tests/support/sample_snapshot.h"
#include "tests/support/window_fixture.h"
#include "ui/actions.h"
#include "ui/english.h"
#include "ui/screens/plan/estimate_edit.h"
#include "ui/screens/plan/measured_run.h"
#include "ui/screens/plan/plan_form.h"
#include "ui/screens/plan/plan_page.h"
#include "ui/widgets/line_chart.h"

namespace shardscope::ui {

class PlanPageTest : public QObject {
    Q_OBJECT

    EnglishPlurals m_english;

    static PriceBook prices() { return {"2026-11-23", {{"us-east-1", virginia()}}}; }
    /// Two days of an even load, so that plans take no time.
    static void plain(PlanPage& page)
    {
        PlanWorkload w = evenLoad(4'000, 500);
        w.name = "orders";
        w.headroomPercent = 20;
        page.form()->setStreams({{w, nullptr}});
    }
    static void settle(PlanPage& page)
    {
        QSignalSpy settled(&page, &PlanPage::settled);
        page.planNow();
        QVERIFY(settled.wait(120'000));
        while (page.working())
            QVERIFY(settled.wait(120'000));
    }
    static QString headline(const PlanPage& page)
    {
        return page.findChild<QLabel*>(QStringLiteral("planHeadline"))->text();
    }
    static LineChart* chart(const PlanPage& page)
    {
        return page.findChild<LineChart*>(QStringLiteral("planLoad"));
    }

private slots:
    void estimatesAreNumbersOrRanges()
    {
        QCOMPARE(*parseEstimate(QStringLiteral("3,000")), Estimate(3'000));
        QCOMPARE(*parseEstimate(QStringLiteral(" 3 000 to 4 000 ")), Estimate(3'000, 4'000));
        QCOMPARE(*parseEstimate(QStringLiteral("0.5–0.9")), Estimate(0.5, 0.9));
        for (const char* wrong : {"", "many", "4 to 3", "1 to 2 to 3", "1e999"})
            QVERIFY2(!parseEstimate(QString::fromLatin1(wrong)), wrong);
        for (const Estimate& e : {Estimate(1.65), Estimate(100'000), Estimate(0.02, 0.5)})
            QCOMPARE(*parseEstimate(estimateText(e)), e);
    }

    void plansWhenItIsSeenAndSaysTheAnswer()
    {
        PlanPage page(prices(), {});
        plain(page);
        page.resize(1'100, 800);
        QSignalSpy settled(&page, &PlanPage::settled);
        page.show();
        QVERIFY(settled.wait(120'000));
        QVERIFY(headline(page).startsWith(QStringLiteral("Provisioned")));
        QCOMPARE(page.result()->streams.front().fixedShards, std::int64_t {5});
        const auto* binding = page.findChild<QLabel*>(QStringLiteral("planBinding"));
        QVERIFY(binding->text().contains(QStringLiteral("Write records")));
        QCOMPARE(page.findChild<QTableView*>(QStringLiteral("planOptions"))->model()->rowCount(),
                 5);
    }

    void typingARangePlansAnewAndAWrongValueIsSaid()
    {
        PlanPage page(prices(), {});
        plain(page);
        settle(page);
        QVERIFY(page.result()->streams.front().quantiles.empty());
        auto* rate = page.form()->findChild<EstimateEdit*>(QStringLiteral("planRate"));
        auto* problem = page.form()->findChild<QLabel*>(QStringLiteral("planProblem"));
        QSignalSpy settled(&page, &PlanPage::settled);
        rate->selectAll();
        QTest::keyClicks(rate, QStringLiteral("many"));
        QVERIFY(problem->text().startsWith(QStringLiteral("Average rate must be a number")));
        QVERIFY(!problem->isHidden());
        rate->selectAll();
        QTest::keyClicks(rate, QStringLiteral("2000 to 6000"));
        QVERIFY(problem->isHidden());
        QVERIFY(settled.wait(120'000));
        while (page.working())
            QVERIFY(settled.wait(120'000));
        QCOMPARE(page.result()->streams.front().quantiles.size(), std::size_t {5});
        QVERIFY(page.findChild<QTextBrowser*>(QStringLiteral("planWords"))
                    ->toPlainText()
                    .contains(QStringLiteral("nine of ten")));
    }

    void theTargetNeedsItsSign()
    {
        PlanPage page(prices(), {});
        auto* target = page.form()->findChild<QLineEdit*>(QStringLiteral("planTarget"));
        target->selectAll();
        QTest::keyClicks(target, QStringLiteral("0.5"));
        QVERIFY(page.form()->problem().startsWith(QStringLiteral("Refused at most: a percentage")));
        QTest::keyClicks(target, QStringLiteral(" %"));
        QCOMPARE(page.form()->problem(), QString());
        QVERIFY(std::abs(page.form()->request().targetRefused - 0.005) < 1e-9);
    }

    void aPresetFillsTheFields()
    {
        PlanPage page(prices(), {});
        auto* preset = page.form()->findChild<QComboBox*>(QStringLiteral("planPreset"));
        preset->setFocus();
        QTest::keyClick(preset, Qt::Key_Down); // from clicks to logs
        emit preset->activated(static_cast<int>(PlanPreset::Logs));
        PlanWorkload logs = planPreset(PlanPreset::Logs, "clicks");
        QCOMPARE(page.form()->request().streams.front().workload.keys.count, logs.keys.count);
        QVERIFY(page.form()->request().streams.front().workload == logs);
    }

    void anotherWayShowsItsMonth()
    {
        PlanPage page(prices(), {});
        plain(page);
        settle(page);
        page.choose(PlanMode::Standard);
        QCOMPARE(int(page.chosen()), int(PlanMode::Standard));
        const auto& model = chart(page)->model();
        QCOMPARE(model.curves.size(), std::size_t {2});
        const auto& hours = page.result()->streams.front().options[3].hours;
        QCOMPARE(model.curves[1].points.size(), hours.size());
        QCOMPARE(model.curves[1].points.front().value, hours.front().shards);
        page.choose(PlanMode::Fixed);
        QCOMPARE(chart(page)->model().curves[1].points.front().value, 5.0);
    }

    void aPlanThatIsKeptIsComparedWith()
    {
        PlanPage page(prices(), {});
        plain(page);
        settle(page);
        page.choose(PlanMode::Fixed);
        auto* pin = page.findChild<QPushButton*>(QStringLiteral("planPin"));
        QTest::mouseClick(pin, Qt::LeftButton);
        QVERIFY(pin->isChecked());
        page.choose(PlanMode::Advantage);
        QCOMPARE(chart(page)->model().curves.size(), std::size_t {3});
        QCOMPARE(chart(page)->model().curves[2].name, QStringLiteral("A shards"));
        bool told = false;
        for (const QLabel* label : page.findChildren<QLabel*>())
            told = told || label->text().startsWith(QStringLiteral("B instead of A:"));
        QVERIFY(told);
        QTest::mouseClick(pin, Qt::LeftButton);
        QCOMPARE(chart(page)->model().curves.size(), std::size_t {2});
    }

    void aMissingPriceIsWordsAndNeverZero()
    {
        PriceBook book = prices();
        book.regions["us-east-1"].shardHour.reset();
        PlanPage page(book, {});
        plain(page);
        settle(page);
        page.choose(PlanMode::Fixed);
        const auto* table = page.findChild<QTableView*>(QStringLiteral("planOptions"));
        QCOMPARE(table->model()->index(0, 6).data().toString(), QStringLiteral("no price"));
        QVERIFY(page.findChild<QTextBrowser*>(QStringLiteral("planWords"))
                    ->toPlainText()
                    .contains(QStringLiteral("not in the price book")));
    }

    void runsTheBusiestHour()
    {
        PlanPage page(prices(), {});
        plain(page);
        settle(page);
        page.choose(PlanMode::Fixed);
        QSignalSpy asked(&page, &PlanPage::runAsked);
        QTest::mouseClick(page.findChild<QPushButton*>(QStringLiteral("planRun")), Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        const auto scenario = asked.front().front().value<Scenario>();
        QCOMPARE(scenario.stream.shards, std::int64_t {5});
        QCOMPARE(scenario.stream.name, std::string("orders"));
        QVERIFY(scenario.producers.size() == 1);
    }

    void fillsFromAStreamThatRuns()
    {
        const auto snapshot = sample::snapshot();
        const auto measured = measuredRun(*snapshot);
        if (!measured)
            QSKIP("the sample run has no history");
        PlanPage page(prices(), {{QStringLiteral("here"), [snapshot] { return snapshot; }}});
        QSignalSpy told(&page, &PlanPage::report);
        page.findChild<QToolButton*>(QStringLiteral("planFill"))
            ->menu()
            ->actions()
            .front()
            ->trigger();
        QCOMPARE(told.size(), 1);
        const PlanStream& stream = page.form()->streams().front();
        QVERIFY(stream.measured != nullptr);
        QCOMPARE(stream.measured->records.size(), stream.measured->bytes.size());
        QCOMPARE(stream.workload.name, snapshot->stream.summary.streamName);
    }

    void takesMetricsInAndSaysWhatIsWrongWithThem()
    {
        QTemporaryDir folder;
        const auto write = [&folder](const char* name, const QByteArray& text) {
            QFile file(folder.filePath(QString::fromLatin1(name)));
            if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
                qFatal("cannot write");
            return file.fileName();
        };
        QByteArray csv = "time,bytes,records\n";
        for (int minute = 0; minute < 60; ++minute)
            csv += "2026-10-01T00:" + QByteArray::number(minute).rightJustified(2, '0')
                + ":00Z,6000000,30000\n";
        PlanPage page(prices(), {});
        QSignalSpy wrong(&page, &PlanPage::complain);
        page.importMetrics({write("other.json", "{\"a\": 1}")});
        QCOMPARE(wrong.size(), 1);
        QVERIFY(wrong.front().front().toString().contains(QStringLiteral("other.json")));
        QVERIFY(page.form()->streams().front().measured == nullptr);
        page.importMetrics({write("orders.csv", csv)});
        QCOMPARE(wrong.size(), 1);
        QCOMPARE(page.form()->streams().front().measured->minutes(), std::size_t {60});
        settle(page);
        QCOMPARE(page.result()->streams.front().meanRecords, 500.0);
    }

    void exportsByTheEndingOfTheName()
    {
        QTemporaryDir folder;
        PlanPage page(prices(), {});
        QVERIFY(!page.exportTo(folder.filePath(QStringLiteral("early.html"))));
        plain(page);
        settle(page);
        for (const auto& [name, begins] :
             {std::pair {"a.html", "<!DOCTYPE html>"}, std::pair {"a.pdf", "%PDF-"},
              std::pair {"a.md", "# orders"}, std::pair {"a.csv", "timeUtc,"},
              std::pair {"a.sh", "#!/bin/sh"}, std::pair {"a.yaml", "# orders: "},
              std::pair {"a.tf", "# orders: "},
              std::pair {"a.scenario.json", "{\n  \"name\": \"orders-plan\""},
              std::pair {"a.plan.json", "{\n  \"schema\": \"shardscope.plan/1\""}}) {
            const QString path = folder.filePath(QString::fromLatin1(name));
            const auto written = page.exportTo(path);
            QVERIFY2(written, written ? "" : written.error().message.c_str());
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(file.readAll().startsWith(begins), name);
        }
        QVERIFY(!page.exportTo(folder.filePath(QStringLiteral("a.doc"))));
    }

    void aPlanUnderWayGivesWayToTheNext()
    {
        PlanPage page(prices(), {});
        plain(page);
        QSignalSpy settled(&page, &PlanPage::settled);
        page.planNow();
        page.planNow();
        while (page.working())
            QVERIFY(settled.wait(120'000));
        QCOMPARE(settled.size(), 1);
    }

    void theWindowHasTheWorkspace()
    {
        WindowFixture f;
        (*f.window->findChild<Actions*>())[QStringLiteral("view.plan")]->trigger();
        QCOMPARE(int(f.window->workspace()), int(MainWindow::Workspace::Plan));
        QVERIFY(f.window->findChild<PlanPage*>()->isVisibleTo(f.window.get()));
        (*f.window->findChild<Actions*>())[QStringLiteral("view.explore")]->trigger();
        QCOMPARE(int(f.window->workspace()), int(MainWindow::Workspace::Explore));
        // A plan that is run opens on the board.
        (*f.window->findChild<Actions*>())[QStringLiteral("view.plan")]->trigger();
        Scenario scenario;
        scenario.name = scenario.title = "orders-plan";
        emit f.window->findChild<PlanPage*>()->runAsked(scenario);
        QCOMPARE(int(f.window->workspace()), int(MainWindow::Workspace::Explore));
        QVERIFY(std::any_of(f.asked.begin(), f.asked.end(), [](const Command& c) {
            const auto* load = std::get_if<Load>(&c);
            return load != nullptr && load->scenario.name == "orders-plan";
        }));
    }
};

} // namespace shardscope::ui

QTEST_MAIN(shardscope::ui::PlanPageTest)
#include "tst_plan_page.moc"
