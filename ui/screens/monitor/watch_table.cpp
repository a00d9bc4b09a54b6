#include "ui/screens/monitor/watch_table.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QProxyStyle>
#include <QScopedValueRollback>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "ui/screens/monitor/rows_model.h"
#include "ui/style/palette.h"

namespace shardscope::ui {

namespace {

constexpr qint64 kSortEveryMs = 1'000;
constexpr int kBarHeight = 3;

/// Under the figure a thin bar against what there could be; what exceeds it is hatched.
class BarDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const QVariant part = index.data(kBarRole);
        if (!part.isValid())
            return;
        const Palette& colours = ui::palette();
        const bool chosen = option.state.testFlag(QStyle::State_Selected);
        const double value = part.toDouble();
        const QRectF ground = QRectF(option.rect).adjusted(8, 0, -8, -3);
        QRectF bar(ground.left(), ground.bottom() - kBarHeight, ground.width(), kBarHeight);
        QColor rail = chosen ? option.palette.color(QPalette::HighlightedText) : colours.mutedText;
        rail.setAlphaF(0.25F);
        painter->fillRect(bar, rail);
        bar.setWidth(ground.width() * std::clamp(value, 0.0, 1.0));
        const QColor ink = value >= 1 ? colours.refused : colours.ingest;
        painter->fillRect(bar, chosen ? option.palette.color(QPalette::HighlightedText) : ink);
        if (value >= 1 && !chosen)
            painter->fillRect(bar, QBrush(colours.plot, Qt::BDiagPattern));
    }
};

/// Cells and headings with some air at their sides.
class RoomyStyle : public QProxyStyle {
public:
    explicit RoomyStyle(QObject* parent) { setParent(parent); }

    int pixelMetric(PixelMetric metric, const QStyleOption* option,
                    const QWidget* widget) const override
    {
        constexpr int kSide = 7;
        return metric == PM_FocusFrameHMargin ? kSide
            : metric == PM_HeaderMargin       ? kSide + 1
                                              : QProxyStyle::pixelMetric(metric, option, widget);
    }
};

} // namespace

void dress(QTableView& table)
{
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::SingleSelection);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setAlternatingRowColors(true);
    table.setShowGrid(false);
    table.setWordWrap(false);
    table.setTabKeyNavigation(false);
    table.setFrameShape(QFrame::NoFrame);
    table.setCornerButtonEnabled(false);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.verticalHeader()->hide();
    table.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table.verticalHeader()->setDefaultSectionSize(table.fontMetrics().height() + 12);
    table.horizontalHeader()->setHighlightSections(false);
    table.horizontalHeader()->setStretchLastSection(true);
    table.horizontalHeader()->setSectionsMovable(true);
    table.horizontalHeader()->setMinimumSectionSize(24);
    auto* style = new RoomyStyle(&table);
    table.setStyle(style);
    table.horizontalHeader()->setStyle(style);
}

WatchTable::WatchTable(QAbstractItemModel* model, QWidget* parent)
    : QTableView(parent)
    , m_proxy(new QSortFilterProxyModel(this))
{
    m_proxy->setSourceModel(model);
    m_proxy->setSortRole(kOrderRole);
    m_proxy->setSortCaseSensitivity(Qt::CaseInsensitive);
    m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_proxy->setFilterKeyColumn(-1);
    m_proxy->setDynamicSortFilter(false);
    setModel(m_proxy);
    setItemDelegate(new BarDelegate(this));
    dress(*this);
    setSortingEnabled(true);
    // A figure that is pushed to the far edge loses its row.
    const QVariant side
        = model->headerData(model->columnCount() - 1, Qt::Horizontal, Qt::TextAlignmentRole);
    horizontalHeader()->setStretchLastSection((side.toInt() & Qt::AlignRight) == 0);
    fitRows();
    connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this](int column) {
        const bool follows
            = horizontalHeader()->stretchLastSection() && column == m_proxy->columnCount() - 1;
        m_byHand = m_byHand || (!m_fitting && !follows);
    });
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this] { emit chosen(chosenRow()); });
    connect(this, &QTableView::doubleClicked, this,
            [this](const QModelIndex& at) { emit opened(m_proxy->mapToSource(at).row()); });
}

void WatchTable::fitRows()
{
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 12);
    fitColumns();
}

int WatchTable::pixels(int column, int letters) const
{
    constexpr int kSign = 9; // letters: the sign, and the air that the style keeps around it
    const int letter = fontMetrics().averageCharWidth();
    const QString heading = model()->headerData(column, Qt::Horizontal).toString();
    return std::max(letters * letter, fontMetrics().horizontalAdvance(heading) + kSign * letter);
}

void WatchTable::fitColumns()
{
    if (m_byHand || m_widths.wanted.isEmpty())
        return;
    const QScopedValueRollback fitting(m_fitting, true);
    QList<int> wanted;
    QList<int> widths;
    for (int i = 0; i < m_widths.wanted.size(); ++i) {
        wanted += pixels(i, m_widths.wanted[i]);
        widths += m_widths.least.isEmpty() ? wanted[i] : pixels(i, m_widths.least[i]);
    }
    const auto sum = [](const QList<int>& of) { return std::accumulate(of.begin(), of.end(), 0); };
    const int room = viewport()->width();
    for (const int column : m_widths.givesWay) {
        const bool hidden = sum(widths) > room;
        setColumnHidden(column, hidden);
        if (hidden)
            wanted[column] = widths[column] = 0;
    }
    // What is left is shared by how much each one lacks.
    const std::int64_t missing = sum(wanted) - sum(widths);
    const std::int64_t spare = std::clamp<std::int64_t>(room - sum(widths), 0, missing);
    for (int i = 0; missing > 0 && i < widths.size(); ++i)
        widths[i] += static_cast<int>((wanted[i] - widths[i]) * spare / missing);
    if (m_widths.stretch >= 0)
        widths[m_widths.stretch] += std::max(0, room - sum(widths));
    for (int i = 0; i < widths.size(); ++i) {
        if (!isColumnHidden(i))
            horizontalHeader()->resizeSection(i, widths[i]);
    }
}

void WatchTable::setWidths(ColumnWidths widths)
{
    m_widths = std::move(widths);
    if (m_widths.stretch >= 0) {
        const QScopedValueRollback fitting(m_fitting, true);
        horizontalHeader()->setStretchLastSection(false);
    }
    fitColumns();
}

void WatchTable::resizeEvent(QResizeEvent* event)
{
    fitColumns(); // before the scroll bar looks at their widths
    QTableView::resizeEvent(event);
}

void WatchTable::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitRows();
}

void WatchTable::sortBy(int column, Qt::SortOrder order)
{
    sortByColumn(column, order);
}

void WatchTable::settle(qint64 wallMs)
{
    if (wallMs - m_sortedAtMs < kSortEveryMs)
        return;
    m_sortedAtMs = wallMs;
    m_proxy->sort(horizontalHeader()->sortIndicatorSection(),
                  horizontalHeader()->sortIndicatorOrder());
}

void WatchTable::filter(const QString& letters)
{
    m_proxy->setFilterFixedString(letters.trimmed());
}

int WatchTable::chosenRow() const
{
    const QModelIndexList rows = selectionModel()->selectedRows();
    return rows.isEmpty() ? -1 : m_proxy->mapToSource(rows.front()).row();
}

void WatchTable::choose(int modelRow)
{
    const QModelIndex at = m_proxy->mapFromSource(m_proxy->sourceModel()->index(modelRow, 0));
    if (!at.isValid()) {
        clearSelection();
        return;
    }
    selectionModel()->setCurrentIndex(
        at, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    scrollTo(at);
}

int WatchTable::shownRows() const
{
    return m_proxy->rowCount();
}

void WatchTable::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        copyRows();
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && chosenRow() >= 0) {
        emit opened(chosenRow());
        return;
    }
    QTableView::keyPressEvent(event);
}

void WatchTable::copyRows() const
{
    QStringList cells;
    for (int column = 0; column < m_proxy->columnCount(); ++column)
        cells += m_proxy->index(currentIndex().row(), column).data().toString();
    QApplication::clipboard()->setText(cells.join(u'\t'));
}

void WatchTable::contextMenuEvent(QContextMenuEvent* event)
{
    if (actions().isEmpty())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(actions());
    menu->popup(event->globalPos());
}

} // namespace shardscope::ui
