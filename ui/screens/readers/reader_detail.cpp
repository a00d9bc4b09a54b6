#include "ui/screens/readers/reader_detail.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

#include "ui/dialogs/reader_dialogs.h"
#include "ui/screens/explore/plot_menu.h"
#include "ui/screens/explore/plots.h"
#include "ui/screens/readers/kind_detail.h"
#include "ui/screens/readers/reader_words.h"
#include "ui/style/palette.h"
#include "ui/text.h"
#include "ui/widgets/line_chart.h"

namespace shardscope::ui {
namespace {

constexpr int kChartLeast = 150, kChartMost = 280; // pixels
// Beside the room that is left below.
constexpr int kChartStretch = 50, kKindStretch = 100;

QLabel* label(const char* name)
{
    auto* made = new QLabel;
    made->setObjectName(QString::fromLatin1(name));
    made->setTextFormat(Qt::PlainText);
    made->setWordWrap(true);
    made->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return made;
}

/// A label is laid out anew whenever it is told its text.
void say(QLabel* label, const QString& text)
{
    if (label->text() != text)
        label->setText(text);
    label->setVisible(!text.isEmpty());
}

} // namespace

ReaderDetail::ReaderDetail(ViewState& view, Deck deck, QWidget* parent)
    : QWidget(parent)
    , m_view(view)
    , m_deck(std::move(deck))
    , m_name(label("readerName"))
    , m_behind(label("readerBehind"))
    , m_forecast(label("readerForecast"))
    , m_trouble(label("readerTrouble"))
    , m_age(new LineChart)
    , m_lag(new LineChart)
    , m_column(new QVBoxLayout(this))
{
    m_age->setObjectName(QStringLiteral("readerAge"));
    m_lag->setObjectName(QStringLiteral("readerLag"));
    QFont bold = m_name->font();
    bold.setBold(true);
    m_name->setFont(bold);
    m_column->setContentsMargins(12, 8, 12, 8);
    m_column->setSpacing(6);
    m_column->addWidget(m_name);
    m_column->addWidget(m_behind);
    m_column->addWidget(m_forecast);
    m_column->addWidget(m_trouble);
    m_buttons = buttons();
    m_column->addWidget(m_buttons);
    auto* charts = new QHBoxLayout;
    charts->setSpacing(8);
    for (LineChart* chart : {m_age, m_lag}) {
        chart->setMinimumHeight(kChartLeast);
        chart->setMaximumHeight(kChartMost);
        charts->addWidget(chart, 1);
    }
    m_column->addLayout(charts, kChartStretch);
    m_column->addStretch(1);
    connectCharts();
    restyle();
}

QWidget* ReaderDetail::buttons()
{
    auto* bar = new QWidget;
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    const auto add = [&](const char* name, const QString& text, const QString& tip, auto act) {
        auto* button = new QPushButton(text);
        button->setObjectName(QString::fromLatin1(name));
        button->setToolTip(tip);
        connect(button, &QPushButton::clicked, this, act);
        row->addWidget(button);
        return button;
    };
    m_replay = add("replayReader", tr("Re&play…"), tr("Send it back to read again"),
                   [this] { (new ReplayDialog(m_snapshot, *m_row, m_deck, window()))->open(); });
    m_crash = add("crashReader", tr("C&rash…"), tr("Let one of its workers fail"),
                  [this] { (new CrashDialog(*m_row, m_deck, window()))->open(); });
    m_pause = add("pauseReader", tr("Pa&use"), tr("Stop reading, or go on"), [this] {
        m_deck.send(Do {PauseConsumer {m_row->spec.name, !m_row->spec.paused}}, {});
    });
    m_edit = add("editReader", tr("&Change…"), tr("Its settings"),
                 [this] { emit editAsked(m_row->spec); });
    m_remove = add("removeReader", tr("Remo&ve"), tr("Take it away; Undo brings it back"),
                   [this] { m_deck.send(Do {RemoveConsumer {m_row->spec.name}}, {}); });
    row->addStretch(1);
    return bar;
}

void ReaderDetail::connectCharts()
{
    for (LineChart* chart : {m_age, m_lag}) {
        connect(chart, &LineChart::cursorMoved, &m_view, &ViewState::setCursor);
        connect(chart, &LineChart::windowChosen, &m_view, &ViewState::lookAt);
        connect(chart, &LineChart::backAsked, &m_view, &ViewState::followLive);
        connect(chart, &LineChart::zoomAsked, this, [this](double factor, SimTime) {
            m_view.setSpan(SimDuration::fromSeconds(m_view.span().inSeconds() * factor));
        });
        connect(chart, &LineChart::tableAsked, this, [chart] { togglePlotTable(*chart); });
        connect(&m_view, &ViewState::cursorChanged, chart,
                [this, chart] { chart->setCursor(m_view.cursor()); });
    }
    connect(&m_view, &ViewState::windowChanged, this, &ReaderDetail::refreshCharts);
    connect(&m_view, &ViewState::lensChanged, this, &ReaderDetail::refreshCharts);
}

void ReaderDetail::restyle()
{
    const Palette& colors = ui::palette();
    const auto ink = [](QLabel* label, const QColor& color, bool bold) {
        label->setStyleSheet(
            QStringLiteral("color: %1;%2")
                .arg(color.name(), bold ? QStringLiteral(" font-weight: bold;") : QString()));
    };
    ink(m_forecast, colors.mutedText, false);
    ink(m_trouble, colors.refused, true);
}

void ReaderDetail::refreshCharts()
{
    if (!m_row || !isVisible())
        return;
    for (LineChart* chart : {m_age, m_lag}) {
        PlotQuery query;
        query.window = m_view.windowAt(m_snapshot->clock.now);
        query.width = chart->area().rect.width();
        query.cloudWatchLens = m_view.cloudWatchLens();
        query.reader = m_row->slot;
        chart->setModel(chart == m_age ? ageModel(*m_snapshot, query)
                                       : lagModel(*m_snapshot, query));
    }
}

void ReaderDetail::presentKind(const ConsumerRow& row)
{
    if (row.state.index() != m_kindIndex) {
        delete std::exchange(m_kind, makeKindDetail(row.state));
        m_kindIndex = row.state.index();
        if (m_kind != nullptr)
            m_column->insertWidget(m_column->count() - 1, m_kind, kKindStretch);
    }
    if (m_kind != nullptr)
        m_kind->present(row, m_snapshot->clock.now);
}

void ReaderDetail::present(std::shared_ptr<const Snapshot> snapshot, const ConsumerRow& row)
{
    const bool other = !m_row || m_row->slot != row.slot || m_snapshot->world != snapshot->world;
    m_snapshot = std::move(snapshot);
    m_row = row;
    if (other) {
        // What one reader of a kind has shown is not kept for the next one.
        delete std::exchange(m_kind, nullptr);
        m_kindIndex = 0;
    }
    say(m_name,
        tr("%1 · %2 · %n shard(s)", nullptr, static_cast<int>(row.reading.size()))
            .arg(toQt(row.spec.name), words::wayOf(row)));
    say(m_behind, words::howFarBehind(row));
    say(m_forecast, words::forecastOf(row));
    say(m_trouble, row.trouble.empty() ? QString() : tr("▲ %1").arg(toQt(row.trouble)));
    m_pause->setText(row.spec.paused ? tr("Res&ume") : tr("Pa&use"));
    m_crash->setVisible(row.spec.kind == ConsumerKind::Kcl);
    m_buttons->setVisible(!row.client);
    presentKind(row);
    // Curves are the dear part: every third picture is enough for the eye.
    constexpr int kEvery = 3;
    if (other || m_snapshot->clock.paused || ++m_turn % kEvery == 0)
        refreshCharts();
}

} // namespace shardscope::ui
