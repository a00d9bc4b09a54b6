#include "ui/docks/event_lane.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTableView>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "ui/docks/event_log_model.h"
#include "ui/format.h"
#include "ui/style/palette.h"
#include "ui/text.h"

namespace shardscope::ui {

namespace {

constexpr int kReach = 8; // pixels around a mark that still mean it
constexpr int kLogLeast = 48; // pixels below the strip from which on the log is worth showing

} // namespace

int LaneGeometry::xOf(SimTime t) const
{
    const double span = static_cast<double>((window.to - window.from).inMicros());
    const double part = static_cast<double>((t - window.from).inMicros()) / std::max(span, 1.0);
    return left + static_cast<int>(std::clamp(part, -1.0, 2.0) * (right - left));
}

SimTime LaneGeometry::timeAt(int x) const
{
    const double part = static_cast<double>(x - left) / std::max(right - left, 1);
    const double span = static_cast<double>((window.to - window.from).inMicros());
    return window.from + SimDuration::micros(static_cast<std::int64_t>(part * span));
}

EventStrip::EventStrip(ViewState& view, QWidget* parent)
    : QWidget(parent)
    , m_view(view)
{
    setObjectName(QStringLiteral("eventStrip"));
    setAccessibleName(tr("Event lane"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&m_view, &ViewState::cursorChanged, this, qOverload<>(&QWidget::update));
    connect(&m_view, &ViewState::windowChanged, this, qOverload<>(&QWidget::update));
}

QSize EventStrip::sizeHint() const
{
    return {400, std::max(26, fontMetrics().height() + 10)};
}

QSize EventStrip::minimumSizeHint() const
{
    return {200, sizeHint().height()};
}

LaneGeometry EventStrip::geometryOfLane() const
{
    const int label = fontMetrics().horizontalAdvance(tr("EVENTS")) + 20;
    return {m_view.windowAt(m_now), label, std::max(label + 1, width() * 11 / 20)};
}

void EventStrip::present(const Snapshot& snapshot)
{
    const bool moved = m_now != snapshot.clock.now || m_events != snapshot.events;
    m_now = snapshot.clock.now;
    m_refusals = snapshot.refusals;
    if (m_events != snapshot.events) {
        m_events = snapshot.events;
        if (m_events && m_chosen >= static_cast<int>(m_events->size()))
            m_chosen = -1;
        setAccessibleDescription(newestWords());
    }
    if (moved)
        update();
}

QString EventStrip::newestWords() const
{
    QStringList words;
    if (m_refusals && !m_refusals->empty()) {
        const Refusal& newest = m_refusals->back();
        int inItsSecond = 0;
        for (auto r = m_refusals->rbegin();
             r != m_refusals->rend() && r->at.inSeconds() == newest.at.inSeconds(); ++r)
            inItsSecond += r->shard == newest.shard ? 1 : 0;
        words += tr("%1 ✕ %2 refused on shard %3")
                     .arg(format::clock(newest.at), format::exact(inItsSecond))
                     .arg(newest.shard.value);
    }
    if (!m_events || m_events->empty())
        return words.isEmpty() ? tr("nothing has happened yet") : words.front();
    for (auto e = m_events->rbegin(); e != m_events->rend() && words.size() < 3; ++e)
        words += tr("%1 %2").arg(format::clock(e->at), toQt(e->text));
    return words.join(QStringLiteral(" · "));
}

void EventStrip::paintEvent(QPaintEvent*)
{
    const Palette& colours = ui::palette();
    QPainter painter(this);
    painter.fillRect(rect(), colours.panel);
    const LaneGeometry lane = geometryOfLane();
    const int middle = height() / 2;
    painter.setPen(colours.mutedText);
    painter.drawText(QRect(8, 0, lane.left - 8, height()), Qt::AlignVCenter | Qt::AlignLeft,
                     tr("EVENTS"));
    painter.setPen(QPen(colours.border, 1));
    painter.drawLine(lane.left, middle, lane.right, middle);

    paintRefusals(painter, lane);
    paintMarks(painter, lane);
    if (const int x = lane.xOf(m_now); x >= lane.left && x <= lane.right) {
        painter.setPen(QPen(colours.accent, 2));
        painter.drawLine(x, 2, x, height() - 3);
    }
    if (const auto cursor = m_view.cursor()) {
        const int x = lane.xOf(*cursor);
        if (x >= lane.left && x <= lane.right) {
            painter.setPen(QPen(colours.limit, 1, Qt::DashLine));
            painter.drawLine(x, 2, x, height() - 3);
        }
    }
    const QRect words(lane.right + 16, 0, width() - lane.right - 24, height());
    painter.setPen(colours.text);
    QString text = newestWords();
    if (m_events && m_chosen >= 0) {
        const Event& event = (*m_events)[static_cast<std::size_t>(m_chosen)];
        text = tr("%1 %2").arg(format::clockExact(event.at), toQt(event.text));
    }
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                     fontMetrics().elidedText(text, Qt::ElideRight, words.width()));
    if (hasFocus()) {
        painter.setPen(QPen(colours.focus, 2));
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

std::vector<int> EventStrip::refusalColumns(const LaneGeometry& lane) const
{
    std::vector<int> columns(static_cast<std::size_t>((lane.right - lane.left) / kColumn + 1));
    if (!m_refusals)
        return columns;
    for (auto r = m_refusals->rbegin(); r != m_refusals->rend() && r->at >= lane.window.from; ++r)
        if (r->at <= lane.window.to)
            ++columns[static_cast<std::size_t>((lane.xOf(r->at) - lane.left) / kColumn)];
    return columns;
}

void EventStrip::paintRefusals(QPainter& painter, const LaneGeometry& lane) const
{
    const Palette& colours = ui::palette();
    const std::vector<int> columns = refusalColumns(lane);
    const int most = *std::max_element(columns.begin(), columns.end());
    if (most == 0)
        return;
    // Every column with refusals gets a tick as tall as it has many; signs stand where there is
    // room, so that colour is not all that tells.
    const int base = height() - 3;
    const int signWidth = fontMetrics().horizontalAdvance(QStringLiteral("✕")) + 6;
    int free = lane.left;
    painter.setPen(colours.refused);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i] == 0)
            continue;
        const int x = lane.left + static_cast<int>(i) * kColumn;
        const double part = std::log1p(columns[i]) / std::log1p(most);
        const int tall = std::max(2, static_cast<int>(part * (height() / 2.0 - 4)));
        painter.fillRect(x, base - tall, kColumn - 1, tall, colours.refused);
        if (x < free)
            continue;
        painter.drawText(QRect(x - signWidth / 2 + 2, 0, signWidth, height() / 2 + 1),
                         Qt::AlignCenter | Qt::TextDontClip, QStringLiteral("✕"));
        free = x + signWidth;
    }
}

void EventStrip::paintMarks(QPainter& painter, const LaneGeometry& lane) const
{
    if (!m_events)
        return;
    const Palette& colours = ui::palette();
    // Marks closer than a sign's width would hide each other: the later one stands for both.
    int taken = lane.right + 100;
    for (int row = static_cast<int>(m_events->size()) - 1; row >= 0; --row) {
        const Event& event = (*m_events)[static_cast<std::size_t>(row)];
        if (event.at < lane.window.from)
            break;
        const int x = lane.xOf(event.at);
        if (x > lane.right || taken - x < 9)
            continue;
        taken = x;
        const bool bad = event.kind == EventKind::FirstRefusal
            || event.kind == EventKind::ReadRefusal || event.kind == EventKind::Refused
            || event.kind == EventKind::DataLost;
        const QRect box(x - 7, 2, 14, height() - 4);
        painter.fillRect(box.adjusted(1, 4, -1, -4), colours.panel);
        painter.setPen(bad ? colours.refused : colours.text);
        painter.drawText(box, Qt::AlignCenter | Qt::TextDontClip, eventSign(event.kind));
        if (row == m_chosen) {
            painter.setPen(QPen(colours.focus, 2));
            painter.drawRect(box);
        }
    }
}

int EventStrip::eventAt(int x) const
{
    if (!m_events)
        return -1;
    const LaneGeometry lane = geometryOfLane();
    int best = -1;
    int distance = kReach + 1;
    for (int row = static_cast<int>(m_events->size()) - 1; row >= 0; --row) {
        const int away = std::abs(lane.xOf((*m_events)[static_cast<std::size_t>(row)].at) - x);
        if (away < distance) {
            distance = away;
            best = row;
        }
        if ((*m_events)[static_cast<std::size_t>(row)].at < lane.window.from)
            break;
    }
    return best;
}

void EventStrip::choose(int row)
{
    m_chosen = row;
    if (row >= 0) {
        const Event& event = (*m_events)[static_cast<std::size_t>(row)];
        m_view.setCursor(event.at);
        setAccessibleDescription(toQt(event.text));
        emit eventChosen(row);
    }
    update();
}

void EventStrip::mouseMoveEvent(QMouseEvent* event)
{
    const LaneGeometry lane = geometryOfLane();
    const int x = event->position().toPoint().x();
    if (x >= lane.left && x <= lane.right)
        m_view.setCursor(lane.timeAt(x));
    const int row = eventAt(x);
    setToolTip(row < 0 ? QString() : toQt((*m_events)[static_cast<std::size_t>(row)].text));
}

void EventStrip::mousePressEvent(QMouseEvent* event)
{
    choose(eventAt(event->position().toPoint().x()));
}

void EventStrip::leaveEvent(QEvent*)
{
    m_view.setCursor(std::nullopt);
}

void EventStrip::keyPressEvent(QKeyEvent* event)
{
    const int last = m_events ? static_cast<int>(m_events->size()) - 1 : -1;
    if (event->key() == Qt::Key_Up && last >= 0)
        choose(m_chosen < 0 ? last : std::max(0, m_chosen - 1));
    else if (event->key() == Qt::Key_Down && last >= 0)
        choose(m_chosen < 0 ? last : std::min(last, m_chosen + 1));
    else if (event->key() == Qt::Key_Escape)
        choose(-1);
    else
        QWidget::keyPressEvent(event);
}

EventLane::EventLane(ViewState& view, QWidget* parent)
    : QWidget(parent)
    , m_view(view)
    , m_strip(new EventStrip(view))
    , m_log(new EventLogModel(this))
    , m_table(new QTableView)
{
    m_table->setObjectName(QStringLiteral("eventLog"));
    m_table->setAccessibleName(tr("Event log"));
    m_table->setModel(m_log);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setSectionResizeMode(EventLogModel::Time,
                                                      QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(EventLogModel::Kind,
                                                      QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setResizeContentsPrecision(20);
    // Explicit, so that the dock can be drawn shut over it.
    m_table->setMinimumHeight(1);
    m_table->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_strip);
    column->addWidget(m_table, 1);
    connect(m_strip, &EventStrip::eventChosen, m_table, &QTableView::selectRow);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) {
                if (const Event* event = m_log->at(now.row()))
                    m_view.setCursor(event->at);
            });
}

int EventLane::closedHeight() const
{
    return m_strip->sizeHint().height();
}

void EventLane::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool roomy = height() > closedHeight() + kLogLeast;
    if (roomy == isLogShown())
        return;
    m_table->setVisible(roomy);
    if (roomy)
        m_table->scrollToBottom();
    emit logShownChanged(roomy);
}

bool EventLane::isLogShown() const
{
    return !m_table->isHidden();
}

void EventLane::present(const Snapshot& snapshot)
{
    m_strip->present(snapshot);
    const QScrollBar* bar = m_table->verticalScrollBar();
    const bool atEnd = bar->value() == bar->maximum();
    m_log->setEvents(snapshot.events, snapshot.world);
    if (m_table->isVisible() && atEnd)
        m_table->scrollToBottom();
}

} // namespace shardscope::ui
