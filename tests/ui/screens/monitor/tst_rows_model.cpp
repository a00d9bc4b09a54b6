#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "ui/screens/monitor/rows_model.h"
#include "ui/screens/monitor/watch_table.h"

namespace shardscope::ui {

namespace {

struct Thing {
    std::string name;
    int size = 0;
};

using Model = RowsModel<Thing>;

std::vector<RowsColumn<Thing>> columns()
{
    return {{.title = QStringLiteral("Name"),
             .tip = {},
             .text = [](const Thing& t) { return toQt(t.name); }},
            {.title = QStringLiteral("Size"),
             .tip = {},
             .text = [](const Thing& t) { return QString::number(t.size); },
             .order = [](const Thing& t) { return t.size; },
             .number = true,
             .bar = [](const Thing& t) { return t.size / 10.0; }}};
}

Model::Rows rows(std::vector<Thing> things)
{
    return std::make_shared<const std::vector<Thing>>(std::move(things));
}

QString names(const QAbstractItemModel& model)
{
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row)
        all += model.index(row, 0).data().toString();
    return all.join(u' ');
}

} // namespace

class RowsModelTest : public QObject {
    Q_OBJECT

private slots:
    void rowsKeepTheirPlaces()
    {
        Model model(columns(), [](const Thing& t) { return t.name; });
        QAbstractItemModelTester tester(&model);
        model.setRows(rows({{"b", 1}, {"c", 2}, {"d", 3}}));
        const QPersistentModelIndex c = model.index(1, 0);
        model.setRows(rows({{"a", 9}, {"d", 4}, {"c", 5}}));
        // What was there stays in its order, what is gone leaves, what is new comes last.
        QCOMPARE(names(model), QStringLiteral("c d a"));
        QCOMPARE(c.row(), 0);
        QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("5"));
        QCOMPARE(model.at(1)->size, 4);
        QVERIFY(model.at(3) == nullptr && model.at(-1) == nullptr);
        QCOMPARE(model.rowOf("a"), 2);
        QCOMPARE(model.rowOf("zebra"), -1);
        model.setRows(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void aKeyThatComesTwiceIsShownOnce()
    {
        Model model(columns(), [](const Thing& t) { return t.name; });
        QAbstractItemModelTester tester(&model);
        model.setRows(rows({{"a", 1}, {"a", 2}}));
        QCOMPARE(names(model), QStringLiteral("a"));
        model.setRows(rows({{"a", 1}, {"a", 2}, {"b", 3}}));
        QCOMPARE(names(model), QStringLiteral("a b"));
    }

    void anUpdateOfTheSameRowsResetsNothing()
    {
        Model model(columns(), [](const Thing& t) { return t.name; });
        model.setRows(rows({{"a", 1}, {"b", 2}}));
        QSignalSpy reset(&model, &Model::modelReset);
        QSignalSpy inserted(&model, &Model::rowsInserted);
        QSignalSpy changed(&model, &Model::dataChanged);
        model.setRows(rows({{"a", 7}, {"b", 8}}));
        QCOMPARE(reset.count() + inserted.count(), 0);
        QCOMPARE(changed.count(), 1);
    }

    void manyThatGoAtOnceStartTheTableOver()
    {
        std::vector<Thing> many;
        for (int i = 0; i < 500; ++i)
            many.push_back({std::to_string(i), i});
        Model model(columns(), [](const Thing& t) { return t.name; });
        QAbstractItemModelTester tester(&model);
        model.setRows(rows(many));
        QSignalSpy reset(&model, &Model::modelReset);
        model.setRows(rows({{"7", 1}, {"new", 2}}));
        QCOMPARE(reset.count(), 1);
        QCOMPARE(names(model), QStringLiteral("7 new"));
    }

    void columnsSortByFiguresAndKeepTheChoice()
    {
        Model model(columns(), [](const Thing& t) { return t.name; });
        model.setRows(rows({{"a", 100}, {"b", 20}, {"c", 3}}));
        WatchTable table(&model);
        table.sortBy(1, Qt::AscendingOrder);
        QCOMPARE(names(*table.model()), QStringLiteral("c b a"));
        table.choose(model.rowOf("b"));
        model.setRows(rows({{"a", 100}, {"b", 500}, {"c", 3}}));
        // Rows stand still until a second has passed.
        table.settle(999);
        QCOMPARE(names(*table.model()), QStringLiteral("c b a"));
        table.settle(1'000);
        QCOMPARE(names(*table.model()), QStringLiteral("c a b"));
        QCOMPARE(table.chosenRow(), model.rowOf("b"));
    }

    void lettersFilterWhateverTheirCase()
    {
        Model model(columns(), [](const Thing& t) { return t.name; });
        model.setRows(rows({{"Orders", 1}, {"clicks", 2}}));
        WatchTable table(&model);
        table.filter(QStringLiteral(" oRd"));
        QCOMPARE(table.shownRows(), 1);
        table.filter({});
        QCOMPARE(table.shownRows(), 2);
    }
};

} // namespace shardscope::ui

QTEST_MAIN(shardscope::ui::RowsModelTest)
#include "tst_rows_model.moc"
