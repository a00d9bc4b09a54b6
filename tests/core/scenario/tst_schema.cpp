#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "core/scenario/scenario_json.h"
#include "tests/support/source_folder.h"

using namespace shardscope;

namespace {

QJsonObject schema()
{
    QFile file(inSources("resources/scenarios/scenario.schema.json"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll()).object();
}

/// The schema's fields as scenarioFields() writes them.
class Walk {
public:
    explicit Walk(const QJsonObject& root)
        : m_defs(root[QLatin1String("$defs")].toObject())
    {
        object(root, {});
    }
    QStringList fields;

private:
    void object(const QJsonObject& node, const QString& path)
    {
        const QJsonObject properties = node[QLatin1String("properties")].toObject();
        for (auto it = properties.begin(); it != properties.end(); ++it) {
            fields << path + it.key();
            value(it.value().toObject(), path + it.key());
        }
    }
    void value(const QJsonObject& node, const QString& path)
    {
        const QString reference = node[QLatin1String("$ref")].toString();
        if (!reference.isEmpty())
            value(m_defs[reference.section(QLatin1Char('/'), -1)].toObject(), path);
        for (const auto& word : node[QLatin1String("enum")].toArray())
            fields << path + QLatin1Char('=') + word.toString();
        for (const auto& choice : node[QLatin1String("anyOf")].toArray())
            value(choice.toObject(), path);
        if (const auto items = node[QLatin1String("items")]; items.isObject()) {
            // A list of words is written like one word; a list of objects with brackets.
            const QString name = items[QLatin1String("$ref")].toString();
            const bool words = m_defs[name.section(QLatin1Char('/'), -1)].toObject().contains(
                QLatin1String("enum"));
            value(items.toObject(), words ? path : path + QStringLiteral("[]"));
        }
        if (node.contains(QLatin1String("properties")))
            object(node, path + QLatin1Char('.'));
    }
    QJsonObject m_defs;
};

} // namespace

class SchemaTest : public QObject {
    Q_OBJECT
private slots:
    void knowsExactlyTheReadersFields()
    {
        Walk walk(schema());
        const QSet<QString> published(walk.fields.begin(), walk.fields.end());
        QVERIFY(published.size() > 100);
        QSet<QString> known;
        for (const std::string& field : scenarioFields())
            known.insert(QString::fromStdString(field));
        const QSet<QString> missing = known - published;
        const QSet<QString> surplus = published - known;
        QVERIFY2(missing.isEmpty(),
                 qPrintable(QStringLiteral("not in the schema: ")
                            + QStringList(missing.begin(), missing.end()).join(QLatin1Char(' '))));
        QVERIFY2(surplus.isEmpty(),
                 qPrintable(QStringLiteral("not known to the reader: ")
                            + QStringList(surplus.begin(), surplus.end()).join(QLatin1Char(' '))));
    }

    void closesEveryObject()
    {
        const QJsonObject root = schema();
        QCOMPARE(root[QLatin1String("additionalProperties")].toBool(true), false);
        const QJsonObject defs = root[QLatin1String("$defs")].toObject();
        for (auto it = defs.begin(); it != defs.end(); ++it)
            if (it->toObject().contains(QLatin1String("properties")))
                QVERIFY2(!it->toObject()[QLatin1String("additionalProperties")].toBool(true),
                         qPrintable(it.key()));
    }

    void bundledFilesAreReadAndWrittenBack_data()
    {
        QTest::addColumn<QString>("path");
        const QDir folder(inSources("resources/scenarios"));
        for (const QString& name : folder.entryList({QStringLiteral("*.json")}, QDir::Files))
            if (name != QLatin1String("scenario.schema.json"))
                QTest::newRow(qPrintable(name)) << folder.filePath(name);
    }
    void bundledFilesAreReadAndWrittenBack()
    {
        QFETCH(QString, path);
        const auto scenario = readScenarioFile(path.toStdString());
        QVERIFY2(scenario.has_value(), scenario ? "" : scenario.error().message.c_str());
        QCOMPARE(QString::fromStdString(scenario->name), QFileInfo(path).baseName());
        QVERIFY(!scenario->title.empty());
        QVERIFY(!scenario->lesson.empty());
        QVERIFY(scenario->lesson.find('\n') == std::string::npos);
        QVERIFY(!scenario->comment.empty());
        QVERIFY(!scenario->expect.empty());
        const std::string written = writeScenario(*scenario);
        const auto again = parseScenario(written, "again");
        QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
        QCOMPARE(QString::fromStdString(writeScenario(*again)), QString::fromStdString(written));
    }

    void bundledFilesAreListedAmongTheResources()
    {
        QFile list(inSources("resources/resources.qrc"));
        QVERIFY(list.open(QIODevice::ReadOnly));
        const QByteArray text = list.readAll();
        const QDir folder(inSources("resources/scenarios"));
        for (const QString& name : folder.entryList({QStringLiteral("*.json")}, QDir::Files))
            QVERIFY2(text.contains("<file>scenarios/" + name.toUtf8() + "</file>"),
                     qPrintable(name));
    }
};

QTEST_APPLESS_MAIN(SchemaTest)
#include "tst_schema.moc"
