#include <QTest>

#include "core/scenario/readers_json.h"

using namespace shardscope;

/// Files of `serve --readers`.
class ReadersJsonTest : public QObject {
    Q_OBJECT

    static QString errorOf(const char* json)
    {
        const auto readers = parseReaders(json, "readers.json");
        return readers ? QString() : QString::fromStdString(readers.error().message);
    }

private slots:
    void readsReadersWithTheFieldsOfScenarios()
    {
        const auto readers = parseReaders(
            "{\"readers\": [{\"stream\": \"orders\", \"name\": \"f\", \"kind\": \"lambda\","
            " \"lambda\": {\"batchSize\": 10}}, {\"stream\": \"clicks\", \"name\": \"p\"}]}",
            "readers.json");
        QVERIFY(readers.has_value());
        QCOMPARE(readers->size(), std::size_t(2));
        QCOMPARE(readers->at(0).stream, std::string("orders"));
        QCOMPARE(readers->at(0).spec.kind, ConsumerKind::Lambda);
        QCOMPARE(readers->at(0).spec.lambda.batchSize, std::int64_t(10));
        QCOMPARE(readers->at(1).spec.kind, ConsumerKind::Polling);
    }

    void saysWhatIsWrongAndWhere_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("said");
        QTest::newRow("no stream")
            << QByteArray("{\"readers\": [{\"name\": \"f\"}]}") << "readers[0].stream";
        QTest::newRow("no list") << QByteArray("{}") << "readers";
        QTest::newRow("an unknown field")
            << QByteArray("{\"readers\": [{\"stream\": \"a\", \"name\": \"f\", \"speed\": 1}]}")
            << "readers[0].speed";
        QTest::newRow("a name twice")
            << QByteArray("{\"readers\": [{\"stream\": \"a\", \"name\": \"f\"},"
                          " {\"stream\": \"b\", \"name\": \"f\"}]}")
            << "readers[1]: must have a name of its own";
        QTest::newRow("another kind's settings")
            << QByteArray("{\"readers\": [{\"stream\": \"a\", \"name\": \"f\", \"kcl\": {}}]}")
            << "readers[0].kcl: is for kind kcl";
    }
    void saysWhatIsWrongAndWhere()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, said);
        const QString error = errorOf(json.constData());
        QVERIFY2(error.startsWith("readers.json:1: "), qPrintable(error));
        QVERIFY2(error.contains(said), qPrintable(error));
    }
};

QTEST_APPLESS_MAIN(ReadersJsonTest)
#include "tst_readers_json.moc"
