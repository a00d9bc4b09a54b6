#include "ui/style/palette.h"

#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QFontMetrics>
#include <QPainter>
#include <QProxyStyle>
#include <QPushButton>
#include <QSlider>
#include <QStyleOption>
#include <QToolButton>

#include <algorithm>
#include <array>
#include <cmath>

namespace shardscope::ui {

namespace {

QColor rgb(QRgb value)
{
    return QColor::fromRgb(value);
}

Palette light()
{
    Palette p;
    p.look = Look::Light;
    p.plot = rgb(0xFFFFFF);
    p.window = rgb(0xF3F5F8);
    p.panel = rgb(0xFFFFFF);
    p.border = rgb(0xD5DAE1);
    p.text = rgb(0x1F2328);
    p.mutedText = rgb(0x5B6470);
    p.focus = rgb(0x1A73E8);
    p.accent = rgb(0x1A73E8);
    p.ingest = rgb(0x1A73E8);
    p.egress = rgb(0x00563B);
    p.refused = rgb(0xE8590C);
    p.age = rgb(0x6E0D97);
    p.lag = rgb(0x775E00);
    p.limit = rgb(0x1F2328);
    p.grid = rgb(0xE8EBEF);
    p.closedShard = rgb(0x8A939E);
    p.splitting = rgb(0x1A73E8);
    return p;
}

Palette dark()
{
    Palette p;
    p.look = Look::Dark;
    p.plot = rgb(0x14171C);
    p.window = rgb(0x1B1F26);
    p.panel = rgb(0x20252D);
    p.border = rgb(0x363D48);
    p.text = rgb(0xF2F4F7);
    p.mutedText = rgb(0x9DA7B3);
    p.focus = rgb(0x55AEFF);
    p.accent = rgb(0x55AEFF);
    p.ingest = rgb(0x55AEFF);
    p.egress = rgb(0x4B8F68);
    p.refused = rgb(0xFF5A26);
    p.age = rgb(0xAE6491);
    p.lag = rgb(0xF6C35C);
    p.limit = rgb(0xF2F4F7);
    p.grid = rgb(0x262C35);
    p.closedShard = rgb(0x78828F);
    p.splitting = rgb(0x55AEFF);
    return p;
}

Palette highContrast()
{
    Palette p = dark();
    p.look = Look::HighContrast;
    p.plot = p.window = p.panel = rgb(0x000000);
    p.border = p.text = p.limit = rgb(0xFFFFFF);
    p.mutedText = rgb(0xD5DAE1);
    p.focus = rgb(0xFFFF00);
    p.grid = rgb(0x4A4F57);
    p.closedShard = rgb(0xB4BBC4);
    return p;
}

/// Cividis (Nuñez, Anderton, Renslow 2018) at eleven even places; between them linear. It reads
/// the same to people who cannot tell red from green, and its lightness rises steadily.
constexpr std::array<QRgb, 11> kCividis {0x00224E, 0x123570, 0x3B496C, 0x575D6D, 0x6E7073, 0x858478,
                                         0x9C9976, 0xB5AE6C, 0xD0C55D, 0xEADB49, 0xFEE838};

std::array<QRgb, 256> heatTable()
{
    std::array<QRgb, 256> table {};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const double place = static_cast<double>(i) / 255.0 * (kCividis.size() - 1);
        const auto step = std::min(static_cast<std::size_t>(place), kCividis.size() - 2);
        const double part = place - static_cast<double>(step);
        const auto mix = [&](int (*channel)(QRgb)) {
            return static_cast<int>(std::lround(channel(kCividis[step]) * (1 - part)
                                                + channel(kCividis[step + 1]) * part));
        };
        table[i] = qRgb(mix(qRed), mix(qGreen), mix(qBlue));
    }
    return table;
}

/// Fusion, with a ring of two pixels round whatever has the focus: its own is a faint one.
class FocusStyle : public QProxyStyle {
public:
    FocusStyle()
        : QProxyStyle(QStringLiteral("Fusion"))
    {
    }

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override
    {
        if (element == PE_FrameFocusRect
            && qobject_cast<const QAbstractItemView*>(widget) == nullptr) {
            if (!hasRingOfItsOwn(widget))
                ring(option->rect, painter);
            return;
        }
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        const bool inside = widget != nullptr
            && (qobject_cast<const QAbstractSpinBox*>(widget->parentWidget()) != nullptr
                || qobject_cast<const QComboBox*>(widget->parentWidget()) != nullptr);
        if (element == PE_PanelButtonCommand || (element == PE_PanelLineEdit && !inside)
            || element == PE_IndicatorCheckBox || element == PE_IndicatorRadioButton)
            outline(option->rect, painter);
        const bool focused = option->state.testFlag(State_HasFocus);
        if (focused && !inside && (element == PE_PanelLineEdit || element == PE_FrameLineEdit))
            ring(option->rect, painter);
    }

    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override
    {
        QProxyStyle::drawControl(element, option, painter, widget);
        if (element == CE_PushButton && option->state.testFlag(State_HasFocus))
            ring(option->rect, painter);
    }

    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                            QPainter* painter, const QWidget* widget) const override
    {
        QProxyStyle::drawComplexControl(control, option, painter, widget);
        if (control == CC_ComboBox || control == CC_SpinBox)
            outline(option->rect, painter);
        else if (control == CC_Slider)
            outline(subControlRect(control, option, SC_SliderHandle, widget), painter);
        else if (control == CC_ScrollBar)
            outline(subControlRect(control, option, SC_ScrollBarSlider, widget), painter);
        if (option->state.testFlag(State_HasFocus)
            && (control == CC_ToolButton || control == CC_ComboBox || control == CC_SpinBox
                || control == CC_Slider))
            ring(option->rect, painter);
    }

    int pixelMetric(PixelMetric metric, const QStyleOption* option,
                    const QWidget* widget) const override
    {
        const int usual = QProxyStyle::pixelMetric(metric, option, widget);
        // A sign is as tall as the letters beside it, whatever their size.
        return metric == PM_ButtonIconSize
            ? std::max(usual, QFontMetrics(QApplication::font()).height())
            : usual;
    }

    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents,
                           const QWidget* widget) const override
    {
        const QSize usual = QProxyStyle::sizeFromContents(type, option, contents, widget);
        const bool hit = type == CT_PushButton || type == CT_CheckBox || type == CT_RadioButton;
        return hit ? usual.expandedTo({0, kTarget}) : usual;
    }

private:
    static constexpr int kTarget = 26; ///< at least so tall is what can be clicked (WCAG 2.5.8: 24)

    /// Around these the whole control is ringed; one more ring inside would be noise.
    static bool hasRingOfItsOwn(const QWidget* widget)
    {
        return qobject_cast<const QPushButton*>(widget) != nullptr
            || qobject_cast<const QToolButton*>(widget) != nullptr
            || qobject_cast<const QComboBox*>(widget) != nullptr
            || qobject_cast<const QAbstractSpinBox*>(widget) != nullptr
            || qobject_cast<const QSlider*>(widget) != nullptr;
    }

    /// Fusion edges a control in a darker shade of the window, which on black cannot be seen.
    static void outline(const QRect& around, QPainter* painter)
    {
        if (ui::palette().look == Look::Light)
            return;
        painter->save();
        painter->setPen(ui::palette().border);
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(QRectF(around).adjusted(0.5, 0.5, -0.5, -0.5));
        painter->restore();
    }

    static void ring(const QRect& around, QPainter* painter)
    {
        painter->save();
        painter->setPen(QPen(ui::palette().focus, 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(QRectF(around).adjusted(1, 1, -1, -1));
        painter->restore();
    }
};

Look& lookInForce()
{
    static Look look = Look::Light;
    return look;
}

} // namespace

QRgb Palette::heat(double value)
{
    static const std::array<QRgb, 256> table = heatTable();
    const double bounded = std::isnan(value) ? 0.0 : std::clamp(value, 0.0, 1.0);
    return table[static_cast<std::size_t>(bounded * 255.0 + 0.5)];
}

QPalette Palette::toQPalette() const
{
    QPalette q;
    q.setColor(QPalette::Window, window);
    q.setColor(QPalette::WindowText, text);
    q.setColor(QPalette::Base, panel);
    q.setColor(QPalette::AlternateBase, window);
    q.setColor(QPalette::Text, text);
    q.setColor(QPalette::PlaceholderText, mutedText);
    q.setColor(QPalette::Button, look == Look::Light ? window : panel);
    q.setColor(QPalette::ButtonText, text);
    q.setColor(QPalette::BrightText, refused);
    q.setColor(QPalette::ToolTipBase, panel);
    q.setColor(QPalette::ToolTipText, text);
    q.setColor(QPalette::Highlight, accent);
    q.setColor(QPalette::HighlightedText, look == Look::Light ? plot : QColor(Qt::black));
    q.setColor(QPalette::Link, accent);
    q.setColor(QPalette::LinkVisited, age);
    q.setColor(QPalette::Light, border.lighter(115));
    q.setColor(QPalette::Midlight, border);
    q.setColor(QPalette::Mid, border);
    q.setColor(QPalette::Dark, border.darker(130));
    q.setColor(QPalette::Shadow, look == Look::Light ? border.darker(150) : QColor(Qt::black));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        q.setColor(QPalette::Disabled, role, mutedText);
    q.setColor(QPalette::Disabled, QPalette::Highlight, border);
    q.setColor(QPalette::Disabled, QPalette::HighlightedText, mutedText);
    return q;
}

const Palette& paletteOf(Look look)
{
    static const std::array<Palette, 3> all {light(), dark(), highContrast()};
    return all[static_cast<std::size_t>(look)];
}

const Palette& palette()
{
    return paletteOf(lookInForce());
}

void setLook(Look look)
{
    lookInForce() = look;
    if (qobject_cast<QApplication*>(QCoreApplication::instance()) == nullptr)
        return;
    QApplication::setStyle(new FocusStyle);
    QApplication::setPalette(paletteOf(look).toQPalette());
}

} // namespace shardscope::ui
