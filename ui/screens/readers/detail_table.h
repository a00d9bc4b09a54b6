#pragma once

#include <QString>

class QAbstractItemModel;
class QLabel;
class QTableView;

/// What the details of all kinds are made of.
namespace shardscope::ui {

/// A paragraph of plain text.
[[nodiscard]] QLabel* detailText(const QString& objectName);
[[nodiscard]] QLabel* detailHeading(const QString& text);
/// A table in the look of all, a few lines high; its last column takes the room that is left.
[[nodiscard]] QTableView* detailTable(QAbstractItemModel* model, const QString& objectName,
                                      const QString& spokenName);

} // namespace shardscope::ui
