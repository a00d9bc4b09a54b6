#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

namespace {

struct Ran {
    int status = -1;
    QByteArray out, err;
};

Ran shardscope(const QStringList& arguments)
{
    QProcess process;
    process.start(QStringLiteral(SHARDSCOPE_PROGRAM), arguments);
    Ran ran;
    if (!process.waitForFinished(120000))
        return ran;
    ran.status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    ran.out = process.readAllStandardOutput();
    ran.err = process.readAllStandardError();
    return ran;
}

QJsonObject resultOf(const QStringList& more)
{
    const Ran ran = shardscope(QStringList {"run", "hot-key", "--json", "-"} + more);
    return ran.status == 0 ? QJsonDocument::fromJson(ran.out).object() : QJsonObject {};
}

} // namespace

/// The command line is a contract: names, fields and exit codes stay.
class CommandLineTest : public QObject {
    Q_OBJECT
private slots:
    void printsItsVersionAndHelp()
    {
        QVERIFY(shardscope({"--version"}).out.startsWith("shardscope "));
        for (const char* command : {"run", "scenarios", "bench", "plan"}) {
            const Ran ran = shardscope({QString::fromLatin1(command), "--help"});
            QCOMPARE(ran.status, 0);
            QVERIFY2(ran.out.contains("--json"), command);
            QCOMPARE(ran.err, QByteArray());
        }
    }

    void listsTheScenarios()
    {
        const Ran lines = shardscope({"scenarios"});
        QCOMPARE(lines.status, 0);
        QVERIFY(lines.out.count('\n') >= 15);
        QVERIFY(lines.out.contains("hot-key "));
        const QJsonObject json
            = QJsonDocument::fromJson(shardscope({"scenarios", "--json", "-"}).out).object();
        QCOMPARE(json["scenarios"].toArray().size(), lines.out.count('\n'));
    }

    void theResultHasTheFieldsOfItsSchema()
    {
        const QJsonObject r = resultOf({"--for", "60s", "--seed", "1"});
        QCOMPARE(r["schema"].toString(), QStringLiteral("shardscope.result/1"));
        QCOMPARE(r["scenario"].toString(), QStringLiteral("hot-key"));
        QCOMPARE(r["seed"].toInt(), 1);
        QCOMPARE(r["simulatedSeconds"].toDouble(), 60.0);
        QVERIFY(r["wallSeconds"].toDouble() > 0);
        for (const char* volume : {"offered", "accepted", "refused", "stored", "read"}) {
            QVERIFY2(r[QLatin1String(volume)]["records"].isDouble(), volume);
            QVERIFY2(r[QLatin1String(volume)]["bytes"].isDouble(), volume);
        }
        const double refused = r["refused"]["records"].toDouble();
        QVERIFY(refused > 0);
        QCOMPARE(r["offered"]["records"].toDouble(), r["accepted"]["records"].toDouble() + refused);
        QCOMPARE(r["refused"]["byRule"]["writeRecords"].toDouble()
                     + r["refused"]["byRule"]["writeBytes"].toDouble(),
                 refused);
        QVERIFY(r["read"]["refusedCalls"].isDouble());
        QCOMPARE(r["shards"].toArray().size(), 4);
        const QJsonObject shard = r["shards"].toArray().at(3).toObject();
        QCOMPARE(shard["shardId"].toString(), QStringLiteral("shardId-000000000003"));
        QCOMPARE(shard["state"].toString(), QStringLiteral("OPEN"));
        QCOMPARE(shard["endingHashKey"].toString(),
                 QStringLiteral("340282366920938463463374607431768211455"));
        QVERIFY(shard["parents"].isArray());
        QVERIFY(shard["peakPercentOfLimit"].isDouble());
        const QJsonObject producer = r["producers"].toArray().at(0).toObject();
        QCOMPARE(producer["kind"].toString(), QStringLiteral("iot"));
        for (const char* field : {"attempts", "retries", "dropped"})
            QVERIFY2(producer[QLatin1String(field)].isDouble(), field);
        const QJsonObject consumer = r["consumers"].toArray().at(0).toObject();
        for (const char* field : {"records", "maxIteratorAgeMs"})
            QVERIFY2(consumer[QLatin1String(field)].isDouble(), field);
        const QJsonObject event = r["events"].toArray().at(0).toObject();
        for (const char* field : {"atMs", "kind", "shards", "text"})
            QVERIFY2(event.contains(QLatin1String(field)), field);
        QVERIFY(r["invariants"]["checked"].toInt() > 0);
        QCOMPARE(r["invariants"]["violated"].toInt(-1), 0);
    }

    void threadsDoNotChangeTheDigest()
    {
        const auto digest = [](const char* threads) {
            return resultOf({"--for", "60s", "--seed", "1", "--threads",
                             QString::fromLatin1(threads)})["digest"]
                .toString();
        };
        const QString alone = digest("1");
        QCOMPARE(alone.size(), 16);
        QCOMPARE(digest("2"), alone);
        QCOMPARE(digest("16"), alone);
        QVERIFY(resultOf({"--for", "60s", "--seed", "2"})["digest"].toString() != alone);
    }

    void wrongUseIsOneSentenceAndStatusTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char* name, const QStringList& arguments, const char* sentence) {
            QTest::newRow(name) << arguments << QByteArray(sentence);
        };
        row("a scenario that is not there", {"run", "hot-ky"},
            "shardscope: \"hot-ky\" is neither a bundled scenario nor a file; did you mean "
            "hot-key?\n");
        row("no scenario at all", {"run"},
            "shardscope: run needs a scenario: a bundled name (see shardscope scenarios) or a "
            "file\n");
        row("two scenarios", {"run", "steady", "hot-key"},
            "shardscope: run takes one scenario; \"hot-key\" is a second one\n");
        row("a misspelt option", {"run", "steady", "--thread", "2"},
            "shardscope: --thread is no option here; did you mean --threads?\n");
        row("an option without its value", {"run", "steady", "--seed"},
            "shardscope: --seed needs a value: --seed N\n");
        row("too slow", {"run", "steady", "--speed", "0.05"},
            "shardscope: --speed: must be max or a number between 0.1 and 1000, not \"0.05\"\n");
        row("no threads", {"run", "steady", "--threads=0"},
            "shardscope: --threads: must be a whole number between 1 and 256, not \"0\"\n");
        row("a negative seed", {"run", "steady", "--seed", "-1"},
            "shardscope: --seed: must be a whole number between 0 and 18446744073709551615, not "
            "\"-1\"\n");
        row("less than a slice", {"run", "steady", "--for", "9ms"},
            "shardscope: --for: must be between 10ms and 3650d, not 9ms\n");
        row("a switch with a value", {"run", "steady", "--progress=yes"},
            "shardscope: --progress takes no value\n");
        row("a name where there is a list", {"scenarios", "steady"},
            "shardscope: scenarios takes no names, and met \"steady\"; it lists all of them\n");
        row("a tab that is none",
            {"screenshot", "--workspace", "monitor", "--tab", "shards", "--out", "x.png"},
            "shardscope: --tab: must be streams, board, records, clients, errors or readers, not "
            "\"shards\"\n");
        row("a scenario for the Monitor",
            {"screenshot", "steady", "--workspace", "monitor", "--out", "x.png"},
            "shardscope: --workspace monitor shows a sample service: it takes no scenario, not "
            "\"steady\"\n");
        row("an unknown benchmark", {"bench", "snapsht"},
            "shardscope: there is no benchmark \"snapsht\"; did you mean snapshot?\n");
    }
    void wrongUseIsOneSentenceAndStatusTwo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, sentence);
        const Ran ran = shardscope(arguments);
        QCOMPARE(ran.err, sentence);
        QCOMPARE(ran.out, QByteArray());
        QCOMPARE(ran.status, 2);
    }

    void aWrongFileIsOneSentenceWithItsPlace()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("wrong.json");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\n  \"name\": \"x\",\n  \"stream\": {\"shrads\": 4}\n}\n");
        file.close();
        const Ran ran = shardscope({"run", path, "--json", "-"});
        QCOMPARE(ran.status, 2);
        QCOMPARE(ran.out, QByteArray());
        QCOMPARE(ran.err,
                 "shardscope: " + path.toUtf8()
                     + ":3: stream.shrads: is no field here; did you mean shards?\n");
    }

    void thePictureOfTheMonitorIsTheSameEveryTime()
    {
        QTemporaryDir folder;
        QByteArray first;
        for (const char* name : {"one.png", "two.png"}) {
            const QString path = folder.filePath(QString::fromLatin1(name));
            const Ran ran = shardscope({"screenshot", "--workspace", "monitor", "--tab", "clients",
                                        "--size", "1024x700", "--out", path});
            QVERIFY2(ran.status == 0, ran.err.constData());
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray picture = file.readAll();
            QVERIFY(picture.startsWith("\x89PNG"));
            if (first.isEmpty())
                first = picture;
            QVERIFY(picture == first);
        }
    }

    void aRunThatCannotBeWrittenFails()
    {
        const Ran ran = shardscope({"run", "steady", "--for", "1s", "--json", "/nowhere/x.json"});
        QCOMPARE(ran.status, 1);
        QCOMPARE(ran.err, QByteArray("shardscope: /nowhere/x.json: cannot be written\n"));
    }

    void plansAWorkload()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath("fleet.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        // Case A of the facts: 26 shards at 77 %, 668 USD a month; Standard 2,301, Advantage 3,080.
        file.write("{\"name\": \"fleet\", \"recordsPerSecond\": 10417, \"recordBytes\": 180, "
                   "\"curve\": \"twoHumps\", \"peakFactor\": 1.92, \"burstFactor\": 1, "
                   "\"headroomPercent\": 23}");
        file.close();
        const Ran ran
            = shardscope({"plan", "--workload", file.fileName(), "--days", "7", "--json", "-"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        const QJsonObject plan = QJsonDocument::fromJson(ran.out).object();
        QCOMPARE(plan["schema"].toString(), QString("shardscope.plan/1"));
        const QJsonObject stream = plan["streams"].toArray()[0].toObject();
        QCOMPARE(stream["bindingLimit"].toString(), QString("writeRecords"));
        QCOMPARE(stream["bareShards"].toInt(), 21); // 20.0006 shards' worth in the busiest minute
        QCOMPARE(stream["fixedShards"].toInt(), 26);
        const QJsonArray options = stream["options"].toArray();
        QCOMPARE(options.size(), 5);
        QCOMPARE(qRound(options[0].toObject()["usdPerMonth"].toDouble()), 668);
        QCOMPARE(qRound(options[3].toObject()["usdPerMonth"].toDouble()), 2301);
        QCOMPARE(qRound(options[4].toObject()["usdPerMonth"].toDouble()), 3080);
        QCOMPARE(options[0].toObject()["hours"].toObject()["shards"].toArray().size(), 7 * 24);
        QVERIFY(
            shardscope({"plan", "--workload", file.fileName(), "--days", "1"}).out.contains("26 "));
    }

    void plansWhatWasMeasuredAndReportsIt()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath("month.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("time,bytes,records\n");
        for (int minute = 0; minute < 180; ++minute)
            file.write(QStringLiteral("2026-10-01T%1:%2:00Z,12000000,60000\n")
                           .arg(minute / 60, 2, 10, QLatin1Char('0'))
                           .arg(minute % 60, 2, 10, QLatin1Char('0'))
                           .toLatin1());
        file.close();
        const Ran ran
            = shardscope({"plan", "--metrics", "orders=" + file.fileName(), "--report",
                          folder.filePath("plan.html"), "--report", folder.filePath("plan.pdf"),
                          "--report", folder.filePath("plan.tf"), "--json", "-"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        const QJsonObject stream
            = QJsonDocument::fromJson(ran.out)["streams"].toArray()[0].toObject();
        QCOMPARE(stream["name"].toString(), QString("orders"));
        QCOMPARE(stream["measured"].toBool(), true);
        QCOMPARE(stream["mean"]["recordsPerSecond"].toDouble(), 1000.0);
        QCOMPARE(stream["fixedShards"].toInt() >= 2, true); // 1,000 a second fill a shard
        for (const auto& [name, begins] :
             {std::pair {"plan.html", "<!DOCTYPE html>"}, std::pair {"plan.pdf", "%PDF-"},
              std::pair {"plan.tf", "# orders: "}}) {
            QFile report(folder.filePath(name));
            QVERIFY(report.open(QIODevice::ReadOnly));
            QVERIFY2(report.readAll().startsWith(begins), name);
        }
    }

    void plansWithOtherPrices()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath("prices.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"date\": \"2026-11-01\", \"sources\": [], \"regions\": {\"mars-1\": "
                   "{\"shardHour\": 1, "
                   "\"putMillionUnits\": 0}}}");
        file.close();
        const Ran ran
            = shardscope({"plan", "--scenario", "steady", "--days", "1", "--mode", "provisioned",
                          "--region", "mars-1", "--prices", file.fileName(), "--json", "-"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        const QJsonObject fixed
            = QJsonDocument::fromJson(ran.out)["streams"][0]["options"][0].toObject();
        QCOMPARE(fixed["usdPerMonth"].toDouble(), fixed["shardsFirst"].toInt() * 730.0);
    }

    void plansABundledScenario()
    {
        const Ran ran = shardscope({"plan", "--scenario", "hot-key", "--days", "1", "--json", "-"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        const QJsonObject stream
            = QJsonDocument::fromJson(ran.out)["streams"].toArray()[0].toObject();
        QVERIFY(stream["topKeyPercent"].toDouble() > 10 || stream["measured"].toBool());
    }

    void refusesAPlanWithOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char* name, const QStringList& arguments, const char* sentence) {
            QTest::newRow(name) << arguments << QByteArray(sentence);
        };
        row("nothing", {}, "plan needs what to plan for");
        row("region", {"--scenario", "steady", "--region", "mars-1"},
            "--region: there are no prices of \"mars-1\"; there are those of");
        row("percent", {"--scenario", "steady", "--target-refused", "0.1"},
            "--target-refused: must be a percentage with its sign");
        row("mode", {"--scenario", "steady", "--mode", "cheap"},
            "--mode: must be all, provisioned");
        row("days", {"--scenario", "steady", "--days", "367"}, "--days: must be a whole number");
        row("file", {"--workload", "/nowhere.json"}, "/nowhere.json: there is no such file");
        row("report", {"--scenario", "steady", "--report", "plan.doc"},
            "--report: the file's name must end in");
        row("both", {"--scenario", "steady", "--metrics", "x.json"}, "--scenario stands alone");
        row("metrics", {"--metrics", "/nowhere.json"}, "/nowhere.json");
        row("word", {"steady"}, "\"steady\" stands alone");
    }
    void refusesAPlanWithOneSentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, sentence);
        const Ran ran = shardscope(QStringList {"plan"} + arguments);
        QCOMPARE(ran.status, 2);
        QVERIFY2(ran.err.contains(sentence), ran.err.constData());
        QCOMPARE(ran.err.count('\n'), 1);
    }

    void exportsEveryShardsEverySecond()
    {
        QTemporaryDir folder;
        const Ran ran = shardscope({"run", "steady", "--for", "90s", "--csv", folder.path()});
        QCOMPARE(ran.status, 0);
        QFile file(folder.filePath("shards.csv"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = file.readAll().split('\n');
        QCOMPARE(lines.size(), 1 + 4 * 90 + 1);
        QVERIFY(lines[1].startsWith("2026-01-05T12:00:00.000Z,shardId-000000000000,"));
        QVERIFY(lines[4 * 90].startsWith("2026-01-05T12:01:29.000Z,shardId-000000000003,"));

        // One full minute lies in 90 seconds; shard level is off, so the stream's metrics are
        // alone.
        QFile minutes(folder.filePath("cloudwatch.csv"));
        QVERIFY(minutes.open(QIODevice::ReadOnly));
        const QList<QByteArray> rows = minutes.readAll().split('\n');
        QCOMPARE(rows.first(),
                 QByteArray("timeUtc,streamName,shardId,metric,statistic,unit,value"));
        const auto records = std::find_if(rows.begin(), rows.end(), [](const QByteArray& row) {
            return row.contains(",IncomingRecords,Sum,Count,");
        });
        QVERIFY(records != rows.end());
        QVERIFY(records->startsWith("2026-01-05T12:00:00.000Z,"));
        for (const QByteArray& row : rows)
            QVERIFY(!row.contains(",shardId-"));
    }
};

QTEST_APPLESS_MAIN(CommandLineTest)
#include "tst_command_line.moc"
