#include "ui/screens/explore/plot_menu.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QMenu>
#include <QTableWidget>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/export/picture.h"
#include "ui/text.h"
#include "ui/view_state.h"
#include "ui/widgets/line_chart.h"

namespace shardscope::ui {

namespace {

constexpr std::size_t kTableRows = 60;
constexpr int kTableBeat = 1'000; // ms

QString tr(const char* text)
{
    return QCoreApplication::translate("PlotMenu", text);
}

void saveAs(LineChart& chart, const QString& title, const QString& name, const QString& filter,
            const std::function<Result<void>(const QString& path)>& save, const Said& said)
{
    auto* dialog = new QFileDialog(&chart, title, name, filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QFileInfo(name).suffix());
    QObject::connect(dialog, &QFileDialog::fileSelected, &chart, [save, said](const QString& path) {
        const Result<void> saved = save(path);
        said(saved ? tr("Saved %1.").arg(path) : toQt(saved.error().message));
    });
    dialog->open();
}

void fill(QTableWidget& table, const PlotModel& model)
{
    const PlotTable values = tableOf(model, kTableRows);
    table.setColumnCount(static_cast<int>(values.heads.size()));
    table.setHorizontalHeaderLabels(values.heads);
    table.setRowCount(static_cast<int>(values.rows.size()));
    for (int row = 0; row < table.rowCount(); ++row) {
        const QStringList& texts = values.rows[static_cast<std::size_t>(row)];
        for (int column = 0; column < table.columnCount(); ++column) {
            QTableWidgetItem* item = table.item(row, column);
            if (item == nullptr) {
                item = new QTableWidgetItem;
                item->setTextAlignment(column == 0 ? Qt::AlignLeft | Qt::AlignVCenter
                                                   : Qt::AlignRight | Qt::AlignVCenter);
                table.setItem(row, column, item);
            }
            if (item->text() != texts[column])
                item->setText(texts[column]);
        }
    }
}

} // namespace

void showPlotMenu(LineChart& chart, ViewState& view, const QPoint& global,
                  std::function<void()> zoomBack, Said said)
{
    auto* menu = new QMenu(&chart);
    menu->setObjectName(QStringLiteral("plotMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [&](const char* name, const QString& text, std::function<void()> act) {
        QAction* action = menu->addAction(text);
        action->setObjectName(QLatin1String(name));
        QObject::connect(action, &QAction::triggered, &chart, std::move(act));
        return action;
    };
    const QString plain = chart.objectName();
    add("copyImage", tr("Copy &image"), [&chart, said] {
        QApplication::clipboard()->setImage(pictureOf(chart, chart.devicePixelRatioF()));
        said(tr("The plot's picture is on the clipboard."));
    });
    add("copyValues", tr("Copy &values (CSV)"), [&chart, said] {
        QApplication::clipboard()->setText(QString::fromUtf8(csvOf(chart.model())));
        said(tr("The plot's values are on the clipboard."));
    });
    add("exportPicture", tr("Export &picture…"), [&chart, plain, said] {
        saveAs(
            chart, tr("Export the plot"), plain + QStringLiteral(".png"),
            tr("Pictures (*.png *.svg)"),
            [&chart](const QString& path) { return savePicture(chart, path, 2); }, said);
    });
    add("exportValues", tr("Export va&lues…"), [&chart, plain, said] {
        // The values of now: the run may have gone on when a name is found.
        saveAs(
            chart, tr("Export the values"), plain + QStringLiteral(".csv"),
            tr("Comma separated (*.csv)"),
            [csv = csvOf(chart.model())](const QString& path) { return saveBytes(csv, path); },
            said);
    });
    menu->addSeparator();
    add("table", tr("Values as a &table\tT"), [&chart] { togglePlotTable(chart); });
    menu->addSeparator();
    add("followLive", tr("&Follow the run"), [&view] {
        view.followLive();
    })->setEnabled(view.fixedWindow().has_value());
    add("zoomBack", tr("&Back to the window before"), std::move(zoomBack))
        ->setEnabled(view.fixedWindow().has_value());
    menu->popup(global);
}

void togglePlotTable(LineChart& chart)
{
    const QString name = QStringLiteral("plotTable");
    if (auto* open = chart.findChild<QDialog*>(name, Qt::FindDirectChildrenOnly)) {
        open->close();
        return;
    }
    auto* dialog = new QDialog(&chart);
    dialog->setObjectName(name);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("%1 · last values").arg(chart.model().title));
    auto* table = new QTableWidget(dialog);
    table->setAccessibleName(dialog->windowTitle());
    table->setAccessibleDescription(chart.model().sentence);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setAlternatingRowColors(true);
    table->verticalHeader()->hide();
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setStretchLastSection(true);
    auto* layout = new QVBoxLayout(dialog);
    layout->addWidget(table);
    fill(*table, chart.model());
    auto* beat = new QTimer(dialog);
    QObject::connect(beat, &QTimer::timeout, table,
                     [table, &chart] { fill(*table, chart.model()); });
    beat->start(kTableBeat);
    const int line = QFontMetrics(dialog->font()).height();
    dialog->resize(line * 28, line * 30);
    dialog->show();
    table->setFocus();
}

} // namespace shardscope::ui
