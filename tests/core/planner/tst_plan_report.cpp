#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

#include "core/planner/plan_scenario.h"
#include "core/planner/report/plan_pictures.h"
#include "core/planner/report/plan_report.h"
#include "core/planner/report/plan_snippets.h"
#include "core/planner/report/report_text.h"
#include "core/runtime/simulation.h"
#include "core/scenario/scenario_json.h"
#include "tests/core/planner/plan_samples.h"

using namespace shardscope;

namespace {

/// Two days of clicks with a campaign and two fan-out readers.
PlanRequest sampleRequest()
{
    PlanWorkload w = evenLoad(3'000, 1'229);
    w.name = "clicks <b>&";
    w.curve = DayCurve::Daily;
    w.peakFactor = 1.65;
    w.headroomPercent = 30;
    w.fanOutReaders = 2;
    w.retentionHours = 48;
    w.campaigns = {{SimDuration::hours(20), 2.4, SimDuration::minutes(10), SimDuration::hours(1)}};
    PlanRequest request = requestFor(w);
    request.days = 2;
    return request;
}

PlanResult planned(const PlanRequest& request)
{
    PlanProgress progress;
    auto result = plan(request, progress);
    if (!result)
        qFatal("%s", result.error().message.c_str());
    return *std::move(result);
}

const PlanOption& optionOf(const StreamPlan& stream, PlanMode mode)
{
    for (const PlanOption& option : stream.options)
        if (option.mode == mode)
            return option;
    qFatal("no such option");
}

bool holds(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

/// Whether it is well-formed XML, and what its <title> says.
QString titleIn(const std::string& svg)
{
    QXmlStreamReader xml(QByteArray::fromStdString(svg));
    QString title;
    while (!xml.atEnd()) {
        xml.readNext();
        if (xml.isStartElement() && xml.name() == QLatin1String("title"))
            title = xml.readElementText();
    }
    return xml.hasError() ? "not XML: " + xml.errorString() : title;
}

} // namespace

class PlanReportTest : public QObject {
    Q_OBJECT
private slots:
    void figuresAreWrittenForPeople()
    {
        using namespace report;
        QCOMPARE(grouped(1'234'567), std::string("1,234,567"));
        QCOMPARE(grouped(999), std::string("999"));
        QCOMPARE(grouped(-1'000.5, 1), std::string("-1,000.5"));
        QCOMPARE(usd(1'035.2), std::string("$1,035"));
        QCOMPARE(usd(19.08), std::string("$19.08"));
        QCOMPARE(usd({}), std::string("no price"));
        QCOMPARE(percent(0), std::string("0 %"));
        QCOMPARE(percent(0.034), std::string("0.034 %"));
        QCOMPARE(percent(76.9), std::string("77 %"));
        QCOMPARE(age(1), std::string("1 s"));
        QCOMPARE(age(600), std::string("10 min"));
        QCOMPARE(age(9'000), std::string("2.5 h"));
    }

    void everyReportGivesTheAnswer()
    {
        const PlanResult result = planned(sampleRequest());
        const StreamPlan& stream = result.streams.front();
        const std::string answer = report::headline(stream, result.targetRefused);
        QVERIFY(holds(answer, "Provisioned, by schedule"));
        const std::string html = planHtml(result), markdown = planMarkdown(result);
        for (const std::string& text : {html, markdown}) {
            QVERIFY(holds(text, "On-demand Advantage"));
            QVERIFY(holds(text, "Binding limit: Write bytes"));
            QVERIFY(holds(text, "not affiliated"));
            QVERIFY(holds(text, "2026-11-23"));
            QVERIFY(holds(text, "Extended retention"));
            QVERIFY(holds(text, report::usd(optionOf(stream, PlanMode::Fixed).usd)));
        }
        QVERIFY(holds(html, answer));
        // What a user named cannot break the page.
        QVERIFY(!holds(html, "clicks <b>"));
        QVERIFY(holds(html, "clicks &lt;b&gt;&amp;"));
        // One file: nothing is fetched from elsewhere.
        const QRegularExpression outside("(src|href)=\"(?!#)");
        QVERIFY(!QString::fromStdString(html).contains(outside));
        QCOMPARE(QString::fromStdString(html).count("<svg "), 10);
    }

    void aMissingPriceIsSaidInWords()
    {
        PlanRequest request = sampleRequest();
        request.prices.fanOutGb.reset();
        request.modes = {true, false, false};
        const PlanResult result = planned(request);
        QCOMPARE(result.streams.front().cheapest, -1);
        const std::string markdown = planMarkdown(result);
        QVERIFY(holds(markdown, "not in the price book"));
        QVERIFY(holds(markdown, "no price"));
        QVERIFY(!holds(markdown, "| $0 |") && !holds(markdown, "| 0.00 |"));
        QVERIFY(holds(report::monthSvg(result.streams.front(), result.streams.front().options[0],
                                       report::lightColours()),
                      "No price is known"));
    }

    void picturesAreWellFormedAndNamed()
    {
        const PlanResult result = planned(sampleRequest());
        const StreamPlan& s = result.streams.front();
        for (const auto& colours : {report::lightColours(), report::darkColours()}) {
            QCOMPARE(titleIn(report::monthSvg(s, s.options[1], colours)),
                     QString("The month as Provisioned, by schedule"));
            for (const std::string& svg :
                 {report::heatSvg(s, s.options[1], colours), report::limitsSvg(s, colours),
                  report::breakEvenSvg(s, colours), report::tornadoSvg(s, colours)})
                QVERIFY2(!titleIn(svg).startsWith("not XML") && !titleIn(svg).isEmpty(),
                         qPrintable(titleIn(svg)));
        }
    }

    void axesHaveRoundSteps()
    {
        using report::Axis;
        QCOMPARE(Axis::upTo(9.7, 5, 0, 100).high, 10.0);
        QCOMPARE(Axis::upTo(10, 5, 0, 100).high, 10.0);
        QCOMPARE(Axis::upTo(10.1, 5, 0, 100).high, 12.5);
        QCOMPARE(Axis::upTo(1'234'567, 5, 0, 100).step, 250'000.0);
        QCOMPARE(Axis::upTo(10, 5, 0, 100).at(5), 50.0);
    }

    void theSeriesHasARowForEachHourAndOption()
    {
        const PlanResult result = planned(sampleRequest());
        const QStringList lines = QString::fromStdString(planCsv(result)).split('\n');
        QCOMPARE(lines.size(), 1 + 5 * 48 + 1);
        QVERIFY(lines[1].startsWith("2026-01-05T00:00:00.000Z,"));
        QCOMPARE(lines[1].count(','), lines[0].count(','));
    }

    void snippetsMakeTheStream()
    {
        const PlanRequest request = sampleRequest();
        PlanResult result = planned(request);
        StreamPlan& s = result.streams.front();
        s.name = "orders.eu-1";
        const PlanWorkload& w = request.streams.front().workload;
        const std::string cli = planCli(s, optionOf(s, PlanMode::Fixed), w, "eu-west-1");
        QVERIFY(holds(cli,
                      "--region eu-west-1 create-stream --stream-name 'orders.eu-1' --shard-count "
                          + std::to_string(optionOf(s, PlanMode::Fixed).shardsFirst)));
        QVERIFY(holds(cli,
                      "increase-stream-retention-period --stream-name 'orders.eu-1' "
                      "--retention-period-hours 48"));
        QVERIFY(holds(cli, "--consumer-name 'reader-2'"));
        QVERIFY(!holds(cli, "reader-3"));
        PlanWorkload plain = w;
        plain.retentionHours = 24;
        plain.fanOutReaders = 0;
        const std::string least = planCli(s, optionOf(s, PlanMode::Standard), plain, "eu-west-1");
        QVERIFY(!holds(least, "retention"));
        QVERIFY(!holds(least, "consumer"));
        QVERIFY(!holds(least, "--shard-count"));
        QVERIFY(holds(least, "StreamMode=ON_DEMAND"));
        const std::string warm = planCli(s, optionOf(s, PlanMode::Advantage), w, "eu-west-1");
        QVERIFY(holds(warm, "update-account-settings"));
        QVERIFY(holds(warm, "--warm-throughput-mi-bps"));

        const PlanOption& schedule = optionOf(s, PlanMode::Schedule);
        const std::string yaml = planCloudFormation(s, schedule, w);
        QVERIFY(holds(yaml, "  OrdersEu1:\n    Type: AWS::Kinesis::Stream"));
        QVERIFY(holds(yaml, "arn:aws:scheduler:::aws-sdk:kinesis:updateShardCount"));
        const std::string terraform = planTerraform(s, schedule, w);
        QVERIFY(holds(terraform, "resource \"aws_kinesis_stream\" \"orders_eu_1\""));
        QVERIFY(holds(terraform, "ignore_changes = [shard_count]"));
        QVERIFY(
            !holds(planTerraform(s, optionOf(s, PlanMode::Fixed), w), "aws_scheduler_schedule"));
        // UpdateShardCount goes to double or half at most.
        const QRegularExpression target("TargetShardCount = (\\d+)");
        auto found = target.globalMatch(QString::fromStdString(terraform));
        std::vector<int> counts;
        while (found.hasNext())
            counts.push_back(found.next().captured(1).toInt());
        QVERIFY(counts.size() >= 2);
        for (std::size_t i = 1; i < counts.size(); ++i)
            QVERIFY(counts[i] <= 2 * counts[i - 1] && 2 * counts[i] >= counts[i - 1]);
    }

    void theWorstHourRunsAsAScenario()
    {
        PlanRequest request = sampleRequest();
        request.streams.front().workload.name = "clicks";
        const PlanResult result = planned(request);
        const StreamPlan& s = result.streams.front();
        const PlanOption& fixed = optionOf(s, PlanMode::Fixed);
        PlanExcerpt excerpt = worstHourOf(s, fixed);
        QCOMPARE(excerpt.shards, fixed.shardsFirst);
        QCOMPARE(toIso(excerpt.from), std::string("2026-01-05T20:00:00.000Z"));
        excerpt.length = SimDuration::minutes(20);
        const Scenario scenario = planScenario(request, request.streams.front(), excerpt);
        // It reads back, and runs with the load of the plan.
        const auto read = parseScenario(writeScenario(scenario), "plan.json");
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        auto world = Simulation::create(*read, PriceBook {});
        QVERIFY2(world, world ? "" : world.error().message.c_str());
        WorkerPool pool(1);
        world->advance(world->start() + excerpt.length, pool);
        Snapshot snapshot;
        world->fill(snapshot);
        QCOMPARE(snapshot.refused.records, std::int64_t {0});
        // The campaign rises for ten minutes from 5,000 and stays at 12,000 a second.
        const double mean = static_cast<double>(snapshot.accepted.records) / 1'200;
        QVERIFY2(mean > 9'300 && mean < 10'800, qPrintable(QString::number(mean)));
        QCOMPARE(snapshot.consumers.size(), std::size_t {3});
    }
};

QTEST_APPLESS_MAIN(PlanReportTest)
#include "tst_plan_report.moc"
