#pragma once

#include <QTableView>

class QSortFilterProxyModel;

namespace shardscope::ui {

/// The look of every table of the Monitor: whole rows, no grid, rows with some air.
void dress(QTableView& table);

/// How the columns of a table share its width, in average letters and in the order of the columns.
struct ColumnWidths {
    QList<int> wanted;
    QList<int> least {}; ///< where `wanted` has no room; none: they keep it, and the table scrolls
    QList<int> givesWay {}; ///< columns hidden where even `least` has no room, the first one first
    int stretch = -1; ///< the column that takes what is left; -1: the last, if it holds words
};

/// A table of rows that change many times a second: whole rows are chosen, columns sort, and rows
/// take their new order once a second, so that they stand still long enough to be read and clicked.
class WatchTable : public QTableView {
    Q_OBJECT

public:
    explicit WatchTable(QAbstractItemModel* model, QWidget* parent = nullptr);

    /// Sorts again when a second has passed since the last time; call after each update.
    void settle(qint64 wallMs);
    /// Rows in which some column holds all of these letters, whatever their case.
    void filter(const QString& letters);
    void sortBy(int column, Qt::SortOrder order);
    /// Holds until somebody drags a column's edge.
    void setWidths(ColumnWidths widths);

    /// Of the model, not of the sorted view; -1: none.
    [[nodiscard]] int chosenRow() const;
    void choose(int modelRow);
    [[nodiscard]] int shownRows() const;

signals:
    void chosen(int modelRow); ///< also when the choice is lost: -1
    void opened(int modelRow); ///< by double click or Enter

protected:
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitRows();
    void fitColumns();
    /// No narrower than its heading, with the sign for its order.
    [[nodiscard]] int pixels(int column, int letters) const;
    void copyRows() const;

    QSortFilterProxyModel* m_proxy;
    ColumnWidths m_widths;
    bool m_fitting = false;
    bool m_byHand = false; ///< somebody has dragged an edge
    qint64 m_sortedAtMs = 0;
};

} // namespace shardscope::ui
