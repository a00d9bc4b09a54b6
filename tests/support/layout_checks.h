#pragma once

#include <QAbstractButton>
#include <QLabel>
#include <QWidget>

/// What is wrong with how a window lies, in words.
namespace shardscope::ui {

[[nodiscard]] inline QString nameOf(const QWidget* w)
{
    return QString::fromLatin1(w->metaObject()->className()) + u' ' + w->objectName() + u' '
        + w->accessibleName();
}

/// Widgets whose text does not fit into them. Labels that may be cut say so by an Ignored width and
/// have all of it in their tip.
[[nodiscard]] inline QStringList clipped(const QWidget& window)
{
    QStringList found;
    for (const QWidget* w : window.findChildren<QWidget*>()) {
        const auto* label = qobject_cast<const QLabel*>(w);
        const auto* button = qobject_cast<const QAbstractButton*>(w);
        if (!w->isVisible() || (label == nullptr && button == nullptr))
            continue;
        // Icons have no text, and what is scrolled away or only spoken is not drawn.
        if ((button != nullptr && button->text().isEmpty()) || w->visibleRegion().isEmpty()
            || w->objectName() == u"announcer")
            continue;
        if (w->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored)
            continue;
        const QSize wanted = w->minimumSizeHint();
        const bool narrow = (label == nullptr || !label->wordWrap()) && w->width() < wanted.width();
        if (narrow || w->height() < QFontMetrics(w->font()).height())
            found += nameOf(w)
                + QStringLiteral(" %1×%2 wants %3×%4")
                      .arg(w->width())
                      .arg(w->height())
                      .arg(wanted.width())
                      .arg(wanted.height());
    }
    return found;
}

} // namespace shardscope::ui
