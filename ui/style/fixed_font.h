#pragma once

#include <QFont>
#include <QFontDatabase>

namespace shardscope::ui {

/// Letters and digits of one width, as large as `like`: the system's own has a size of its own and
/// does not grow with the others.
[[nodiscard]] inline QFont fixedFont(const QFont& like)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(like.pointSizeF());
    return font;
}

} // namespace shardscope::ui
