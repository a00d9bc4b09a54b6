#include "ui/time_bar.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QSlider>
#include <QStyleOptionSlider>
#include <QStylePainter>
#include <QToolButton>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "ui/actions.h"
#include "ui/format.h"
#include "ui/icons.h"
#include "ui/style/fixed_font.h"
#include "ui/style/palette.h"

namespace shardscope::ui {

namespace {

constexpr int kPerDecade = 100;
constexpr int kThousand = 4 * kPerDecade; // 0.1 × 10^4
constexpr std::array kSteps {0.1,  0.2,  0.5,   1.0,   2.0,   5.0,    10.0,
                             20.0, 50.0, 100.0, 200.0, 500.0, 1'000.0};

QFrame* separator()
{
    auto* line = new QFrame;
    line->setFrameShape(QFrame::VLine);
    line->setFrameShadow(QFrame::Plain);
    line->setForegroundRole(QPalette::Mid);
    return line;
}

/// Says at its ticks what they stand for.
class SpeedSlider : public QSlider {
public:
    SpeedSlider()
        : QSlider(Qt::Horizontal)
    {
    }

    [[nodiscard]] QSize sizeHint() const override
    {
        return {320, QSlider::sizeHint().height() + labelHeight()};
    }
    [[nodiscard]] QSize minimumSizeHint() const override
    {
        return {6 * QFontMetrics(labelFont()).horizontalAdvance(QStringLiteral("100×")),
                sizeHint().height()};
    }

protected:
    void initStyleOption(QStyleOptionSlider* option) const override
    {
        QSlider::initStyleOption(option);
        option->rect.adjust(0, 0, 0, -labelHeight());
    }
    void paintEvent(QPaintEvent*) override
    {
        QStylePainter painter(this);
        QStyleOptionSlider option;
        initStyleOption(&option);
        option.subControls
            = QStyle::SC_SliderGroove | QStyle::SC_SliderHandle | QStyle::SC_SliderTickmarks;
        if (isSliderDown())
            option.activeSubControls = QStyle::SC_SliderHandle;
        painter.drawComplexControl(QStyle::CC_Slider, option);
        painter.setFont(labelFont());
        painter.setPen(ui::palette().mutedText);
        const QFontMetrics metrics(labelFont());
        const int handle = style()->pixelMetric(QStyle::PM_SliderLength, &option, this);
        int free = 0;
        for (const auto& [position, text] : labels()) {
            const int centre = handle / 2
                + QStyle::sliderPositionFromValue(minimum(), maximum(), position, width() - handle,
                                                  option.upsideDown);
            const int wide = metrics.horizontalAdvance(text);
            const int left = std::clamp(centre - wide / 2, 0, std::max(0, width() - wide));
            if (left < free)
                continue;
            painter.drawText(left, height() - metrics.descent() - 1, text);
            free = left + wide + 4;
        }
    }

private:
    [[nodiscard]] QFont labelFont() const
    {
        QFont small = font();
        small.setPointSizeF(small.pointSizeF() * 0.8);
        return small;
    }
    [[nodiscard]] int labelHeight() const { return QFontMetrics(labelFont()).height(); }
    [[nodiscard]] static std::vector<std::pair<int, QString>> labels()
    {
        std::vector<std::pair<int, QString>> made;
        for (const double factor : {0.1, 1.0, 10.0, 100.0})
            made.emplace_back(TimeBar::positionOf(factor), format::speed(factor));
        made.emplace_back(TimeBar::kSliderMost, TimeBar::tr("max"));
        return made;
    }
};

} // namespace

int TimeBar::positionOf(double factor)
{
    if (factor <= 0)
        return kSliderMost;
    const double position = (std::log10(factor) + 1) * kPerDecade;
    return std::clamp(static_cast<int>(std::lround(position)), 0, kThousand);
}

double TimeBar::factorAt(int position)
{
    if (position > kThousand)
        return 0;
    const double factor = std::pow(10.0, static_cast<double>(position) / kPerDecade - 1);
    // Two figures are what a person can choose by hand.
    const double unit = std::pow(10.0, std::floor(std::log10(factor)) - 1);
    return std::round(factor / unit) * unit;
}

TimeBar::TimeBar(const Actions& actions, Deck deck, ViewState& view, QWidget* parent)
    : QWidget(parent)
    , m_actions(actions)
    , m_deck(std::move(deck))
    , m_view(view)
{
    setObjectName(QStringLiteral("timeBar"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(4);
    row->addWidget(button(QStringLiteral("run.start"), tr("Back to the start")));
    row->addWidget(button(QStringLiteral("run.back"), tr("Step back")));
    m_toggle = button(QStringLiteral("run.toggle"), tr("Play"));
    m_toggle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    row->addWidget(m_toggle);
    row->addWidget(button(QStringLiteral("run.step"), tr("Step")));
    row->addWidget(button(QStringLiteral("run.live"), tr("Follow live")));

    m_until = new QToolButton;
    m_until->setObjectName(QStringLiteral("runUntil"));
    m_until->setText(tr("Run until"));
    m_until->setAccessibleName(tr("Run until a condition"));
    m_until->setToolTip(tr("Run until a condition holds, and pause there"));
    m_until->setMinimumHeight(26);
    m_until->setPopupMode(QToolButton::InstantPopup);
    m_until->setFocusPolicy(Qt::TabFocus);
    auto* menu = new QMenu(m_until);
    m_until->setMenu(menu);
    buildUntilMenu(menu);
    row->addWidget(m_until);
    row->addWidget(separator());

    m_slider = new SpeedSlider;
    m_slider->setObjectName(QStringLiteral("speed"));
    m_slider->setRange(0, kSliderMost);
    m_slider->setPageStep(kPerDecade);
    m_slider->setSingleStep(10);
    m_slider->setTickInterval(kPerDecade);
    m_slider->setTickPosition(QSlider::TicksBelow);
    m_slider->setValue(positionOf(m_speed));
    m_slider->setMaximumWidth(360);
    m_slider->setAccessibleName(tr("Speed of simulated time"));
    m_slider->setToolTip(tr("Speed: 0.1× to 1000×, and at the right end as fast as possible"));
    connect(m_slider, &QSlider::valueChanged, this,
            [this](int position) { setSpeed(factorAt(position)); });
    m_asked = new QLabel;
    m_asked->setObjectName(QStringLiteral("speedAsked"));
    m_asked->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("1000×")) + 4);
    row->addWidget(m_asked);
    row->addWidget(m_slider, 1);
    row->addWidget(separator());

    m_clock = new QLabel;
    m_clock->setObjectName(QStringLiteral("clock"));
    m_clock->setAccessibleName(tr("Simulated time, UTC"));
    m_clock->setToolTip(tr("Simulated time, UTC"));
    row->addWidget(m_clock);
    row->addWidget(separator());
    m_reached = new QLabel;
    m_reached->setObjectName(QStringLiteral("speedReached"));
    m_reached->setToolTip(tr("The speed really reached, of the speed asked for"));
    row->addWidget(m_reached);
    row->addStretch(0);
    restyle();
}

QToolButton* TimeBar::button(const QString& actionId, const QString& name)
{
    auto* made = new QToolButton;
    made->setObjectName(actionId);
    made->setAutoRaise(true);
    made->setFocusPolicy(Qt::TabFocus);
    made->setAccessibleName(name);
    made->setMinimumSize(28, 28);
    QAction* action = m_actions[actionId];
    made->setToolTip(action->toolTip());
    connect(action, &QAction::changed, made,
            [made, action] { made->setToolTip(action->toolTip()); });
    connect(made, &QToolButton::clicked, action, &QAction::trigger);
    return made;
}

void TimeBar::restyle()
{
    const auto set = [this](const char* id, Sign sign) {
        if (auto* found = findChild<QToolButton*>(QString::fromLatin1(id)))
            found->setIcon(icon(sign));
    };
    set("run.start", Sign::Start);
    set("run.back", Sign::Back);
    set("run.step", Sign::Step);
    set("run.live", Sign::Live);
    m_toggle->setIcon(icon(m_paused ? Sign::Play : Sign::Pause));
    const int side = std::max(16, QFontMetrics(QApplication::font()).height());
    for (QToolButton* each : findChildren<QToolButton*>())
        each->setIconSize({side, side});
    // Fixed digits keep the bar from trembling while the clock runs.
    m_clock->setFont(fixedFont(QApplication::font()));
    m_reached->setFont(fixedFont(QApplication::font()));
    const QFontMetrics metrics(m_reached->font());
    m_reached->setMinimumWidth(metrics.horizontalAdvance(tr("×%1 of ×%2").arg(1000).arg(1000)));
    m_clock->setMinimumWidth(
        QFontMetrics(m_clock->font()).horizontalAdvance(QStringLiteral("00:00:00.0")) + 4);
    const QFontMetrics plain(font());
    m_toggle->setMinimumWidth(
        std::max(plain.horizontalAdvance(tr("Pause")), plain.horizontalAdvance(tr("Play"))) + 44);
}

void TimeBar::buildUntilMenu(QMenu* menu)
{
    using Kind = RunCondition::Kind;
    const auto plain = [this, menu](const QString& text, Kind kind) {
        connect(menu->addAction(text), &QAction::triggered, this, [this, kind] {
            RunCondition condition;
            condition.kind = kind;
            condition.shard = m_view.shard();
            runUntil(condition);
        });
    };
    const auto asking = [this, menu](const QString& text, Kind kind) {
        connect(menu->addAction(text), &QAction::triggered, this,
                [this, kind] { emit conditionAsked(kind); });
    };
    plain(tr("Next event"), Kind::NextEvent);
    plain(tr("Next refusal on any shard"), Kind::NextRefusal);
    plain(tr("Next refusal on the selected shard"), Kind::NextRefusalOnShard);
    plain(tr("Resharding done, stream ACTIVE"), Kind::ShardsActive);
    plain(tr("Lag drained"), Kind::LagDrained);
    menu->addSeparator();
    asking(tr("A time…"), Kind::Time);
    asking(tr("Iterator age above…"), Kind::AgeAbove);
}

void TimeBar::runUntil(RunCondition condition)
{
    m_deck.send(RunUntil {condition}, {});
}

void TimeBar::setSpeed(double factor)
{
    if (factor == m_speed)
        return;
    m_speed = factor;
    const QSignalBlocker quiet(m_slider);
    m_slider->setValue(positionOf(factor));
    m_asked->setText(format::speed(factor));
    m_deck.send(SetSpeed {factor}, {});
}

void TimeBar::faster()
{
    if (m_speed <= 0)
        return;
    for (const double step : kSteps)
        if (step > m_speed * 1.001)
            return setSpeed(step);
    setSpeed(0);
}

void TimeBar::slower()
{
    if (m_speed <= 0)
        return setSpeed(kSteps.back());
    for (auto step = kSteps.rbegin(); step != kSteps.rend(); ++step)
        if (*step < m_speed * 0.999)
            return setSpeed(*step);
}

void TimeBar::present(const Snapshot& snapshot)
{
    const ClockRow& clock = snapshot.clock;
    m_openShards = snapshot.stream.summary.openShardCount;
    m_clock->setText(format::clock(clock.now));
    if (!m_slider->isSliderDown() && clock.speedAsked != m_speed) {
        m_speed = clock.speedAsked;
        const QSignalBlocker quiet(m_slider);
        m_slider->setValue(positionOf(m_speed));
    }
    m_asked->setText(format::speed(m_speed));
    m_slider->setAccessibleDescription(format::speed(m_speed));
    if (clock.paused != m_paused || m_toggle->text().isEmpty()) {
        m_paused = clock.paused;
        m_toggle->setText(m_paused ? tr("Play") : tr("Pause"));
        m_toggle->setAccessibleName(m_toggle->text());
        m_toggle->setIcon(icon(m_paused ? Sign::Play : Sign::Pause));
    }
    const QString reached = QString::number(clock.speedReached, 'g', 3);
    if (clock.paused)
        m_reached->setText(tr("paused"));
    else if (clock.slowedAtEvent)
        m_reached->setText(tr("slowed to ×1"));
    else if (clock.speedAsked <= 0)
        m_reached->setText(tr("×%1 (max)").arg(clock.speedReached, 0, 'f', 0));
    else
        m_reached->setText(
            tr("×%1 of ×%2").arg(reached, QString::number(clock.speedAsked, 'g', 4)));
    m_until->setText(clock.until.kind == RunCondition::Kind::None ? tr("Run until")
                                                                  : tr("Running until…"));
}

} // namespace shardscope::ui
