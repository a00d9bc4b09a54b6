#pragma once

#include <QStyledItemDelegate>

namespace shardscope::ui {

/// Rows with some air above and below their text: easier to read and to hit.
class RoomyDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override
    {
        return QStyledItemDelegate::sizeHint(option, index) + QSize(0, 7);
    }
};

} // namespace shardscope::ui
