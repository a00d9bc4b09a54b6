#include <QtTest>

#include <vector>

#include "core/scenario/nearest.h"

using namespace shardscope;

class NearestTest : public QObject {
    Q_OBJECT
private slots:
    void findsWhatWasMeant_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("nearest");
        QTest::newRow("one letter missing") << "hot-ky"
                                            << "hot-key";
        QTest::newRow("neighbours swapped") << "hto-key"
                                            << "hot-key";
        QTest::newRow("other case") << "HOT-KEY"
                                    << "hot-key";
        QTest::newRow("a third of the letters wrong") << "stoadi"
                                                      << "steady";
        QTest::newRow("more than a third wrong") << "stoxxi"
                                                 << "";
        QTest::newRow("something else altogether") << "lineage"
                                                   << "";
        QTest::newRow("empty") << ""
                               << "";
    }
    void findsWhatWasMeant()
    {
        QFETCH(QString, word);
        QFETCH(QString, nearest);
        const std::vector<std::string> known {"steady", "hot-key", "flash-sale"};
        QCOMPARE(QString::fromStdString(nearestWord(word.toStdString(), known)), nearest);
    }

    void listsWithOr()
    {
        const std::vector<std::string> words {"a", "b", "c"};
        QCOMPARE(orList(words), std::string("a, b or c"));
        QCOMPARE(orList(std::span(words).first(1)), std::string("a"));
        QCOMPARE(orList({}), std::string());
    }
};

QTEST_APPLESS_MAIN(NearestTest)
#include "tst_nearest.moc"
