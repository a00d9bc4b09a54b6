#include "ui/screens/readers/detail_table.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableView>

#include "ui/screens/monitor/watch_table.h"

namespace shardscope::ui {
namespace {

constexpr int kLines = 5; // of a table that has more to scroll to

} // namespace

QLabel* detailText(const QString& objectName)
{
    auto* made = new QLabel;
    made->setObjectName(objectName);
    made->setTextFormat(Qt::PlainText);
    made->setWordWrap(true);
    return made;
}

QLabel* detailHeading(const QString& text)
{
    auto* made = new QLabel(text);
    QFont bold = made->font();
    bold.setBold(true);
    made->setFont(bold);
    return made;
}

QTableView* detailTable(QAbstractItemModel* model, const QString& objectName,
                        const QString& spokenName)
{
    auto* made = new QTableView;
    made->setObjectName(objectName);
    made->setAccessibleName(spokenName);
    made->setModel(model);
    dress(*made);
    made->horizontalHeader()->setStretchLastSection(true);
    made->horizontalHeader()->setDefaultSectionSize(made->fontMetrics().averageCharWidth() * 16);
    made->setMinimumHeight(made->fontMetrics().height() * 2 * kLines);
    return made;
}

} // namespace shardscope::ui
