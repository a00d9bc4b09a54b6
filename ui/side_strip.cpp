#include "ui/side_strip.h"

#include <QAbstractButton>
#include <QPainter>
#include <QStyleOptionFocusRect>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "ui/style/palette.h"

namespace shardscope::ui {

namespace {

/// A button whose text runs from top to bottom.
class UprightButton : public QAbstractButton {
public:
    explicit UprightButton(const QString& text)
    {
        setText(text);
        setFocusPolicy(Qt::TabFocus);
        setAttribute(Qt::WA_Hover);
    }

    [[nodiscard]] QSize sizeHint() const override
    {
        const QFontMetrics metrics(font());
        return {std::max(24, metrics.height() + 8), metrics.horizontalAdvance(text()) + 28};
    }
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Palette& colours = ui::palette();
        QPainter painter(this);
        painter.fillRect(rect(), underMouse() || isDown() ? colours.border : colours.panel);
        painter.setPen(colours.border);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
        painter.setPen(colours.text);
        painter.translate(width(), 0);
        painter.rotate(90);
        painter.drawText(QRect(0, 0, height(), width()), Qt::AlignCenter, text());
        if (hasFocus()) {
            painter.setPen(QPen(colours.focus, 2));
            painter.drawRect(QRect(2, 2, height() - 4, width() - 4));
        }
    }
};

} // namespace

SideStrip::SideStrip(QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("sideStrip"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 2, 1, 2);
    column->setSpacing(2);
    column->addStretch(1);
}

void SideStrip::add(const QString& text, const QString& tip, std::function<void()> open)
{
    auto* button = new UprightButton(text);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    connect(button, &QAbstractButton::clicked, this, std::move(open));
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->insertWidget(column->count() - 1, button);
}

} // namespace shardscope::ui
