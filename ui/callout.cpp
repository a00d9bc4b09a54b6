#include "ui/callout.h"

#include <QAccessible>
#include <QCoreApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>

#include <algorithm>

#include "ui/style/palette.h"

namespace shardscope::ui {

namespace {

constexpr int kAwayMs = 12'000;
constexpr int kMargin = 16;

} // namespace

Callout::Callout(QWidget* parent)
    : QFrame(parent)
    , m_text(new QLabel)
    , m_away(new QTimer(this))
{
    setObjectName(QStringLiteral("callout"));
    setFocusPolicy(Qt::NoFocus);
    setCursor(Qt::PointingHandCursor);
    m_text->setTextFormat(Qt::PlainText);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(14, 10, 14, 10);
    row->addWidget(m_text);
    m_away->setSingleShot(true);
    m_away->setInterval(kAwayMs);
    connect(m_away, &QTimer::timeout, this, &QWidget::hide);
    parent->installEventFilter(this);
    restyle();
    hide();
}

void Callout::restyle()
{
    const Palette& colours = ui::palette();
    setStyleSheet(QStringLiteral("#callout { background: %1; border: 2px solid %2;"
                                 " border-radius: 6px; } QLabel { color: %3; }")
                      .arg(colours.panel.name(), colours.refused.name(), colours.text.name()));
}

void Callout::say(const QString& sentence)
{
    m_text->setText(sentence);
    setAccessibleName(sentence);
    adjustSize();
    place();
    show();
    raise();
    m_away->start();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

QString Callout::sentence() const
{
    return m_text->text();
}

void Callout::floatOver(const QWidget* pane)
{
    m_pane = pane;
}

void Callout::place()
{
    const QWidget* over = parentWidget();
    const QWidget* pane = m_pane ? m_pane.data() : over;
    // Right below the pane's heading and scale: what was long ago stands there.
    const QPoint corner = pane->mapTo(over, QPoint(0, 0));
    const int below = pane->fontMetrics().height() * 3;
    move(std::clamp(corner.x() + (pane->width() - width()) / 2, kMargin,
                    std::max(kMargin, over->width() - width() - kMargin)),
         std::clamp(corner.y() + below, 0, std::max(0, over->height() - height())));
}

bool Callout::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && isVisible())
        place();
    return QFrame::eventFilter(watched, event);
}

void Callout::mousePressEvent(QMouseEvent*)
{
    hide();
    emit clicked();
}

QString FirstRefusal::notice(const Snapshot& snapshot)
{
    const bool some = snapshot.refusals && !snapshot.refusals->empty();
    if (snapshot.world != m_world) {
        m_world = snapshot.world;
        m_said = false;
        m_newestKnown = some ? snapshot.refusals->back().id : 0;
        return {};
    }
    if (m_said || !some || snapshot.refusals->back().id <= m_newestKnown)
        return {};
    m_said = true;
    const Refusal& newest = snapshot.refusals->back();
    const auto inItsSecond = [&newest](const Refusal& r) {
        return r.shard == newest.shard && r.at.inSeconds() == newest.at.inSeconds();
    };
    const auto n = std::count_if(snapshot.refusals->begin(), snapshot.refusals->end(), inItsSecond);
    return QCoreApplication::translate(
               "Callout", "Shard %1 refused %n record(s) in this second. Click an ✕ to see why.",
               nullptr, static_cast<int>(n))
        .arg(newest.shard.value);
}

} // namespace shardscope::ui
