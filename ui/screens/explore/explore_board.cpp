#include "ui/screens/explore/explore_board.h"

#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QResizeEvent>
#include <QScrollArea>
#include <QScrollBar>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/screens/explore/board_layout.h"
#include "ui/screens/explore/plot_menu.h"
#include "ui/screens/explore/plots.h"
#include "ui/screens/explore/shard_map.h"
#include "ui/screens/explore/shard_strip.h"
#include "ui/screens/explore/shard_traces.h"
#include "ui/screens/explore/small_multiples.h"
#include "ui/style/palette.h"
#include "ui/widgets/line_chart.h"

namespace shardscope::ui {

namespace {

constexpr std::size_t kMultiplesMost = 64; // open shards; beyond them the strip takes over
constexpr int kGroups = 3; // of panes, one of which is refreshed per frame
constexpr std::size_t kWindowsKept = 32;

} // namespace

struct ExploreBoard::Parts {
    ExploreBoard* board;
    Feed& feed;
    ViewState& view;
    std::shared_ptr<const Snapshot> snapshot;
    ShardMap* map;
    QScrollArea* scroll;
    QWidget* lower;
    QLabel* lens;
    LineChart *ingest, *egress, *totals, *age, *lag, *cost;
    SmallMultiples* multiples;
    ShardStrip *load, *refusals;
    int group = 0;
    std::vector<TimeWindow> before; ///< windows to go back to

    Parts(ExploreBoard* owner, Feed& f, ViewState& v)
        : board(owner)
        , feed(f)
        , view(v)
        , map(new ShardMap(owner))
        , scroll(new QScrollArea(owner))
        , lower(new QWidget)
        , lens(new QLabel(owner))
        , ingest(new LineChart(lower))
        , egress(new LineChart(lower))
        , totals(new LineChart(lower))
        , age(new LineChart(lower))
        , lag(new LineChart(lower))
        , cost(new LineChart(lower))
        , multiples(new SmallMultiples(lower))
        , load(new ShardStrip(ShardStrip::Shows::Load, lower))
        , refusals(new ShardStrip(ShardStrip::Shows::Refusals, lower))
    {
        map->setObjectName(QStringLiteral("shardMap"));
        ingest->setObjectName(QStringLiteral("ingest"));
        egress->setObjectName(QStringLiteral("egress"));
        totals->setObjectName(QStringLiteral("totals"));
        age->setObjectName(QStringLiteral("age"));
        cost->setObjectName(QStringLiteral("cost"));
        multiples->setObjectName(QStringLiteral("multiples"));
        load->setObjectName(QStringLiteral("load"));
        refusals->setObjectName(QStringLiteral("refusals"));
        lag->setObjectName(QStringLiteral("lag"));
        lens->setObjectName(QStringLiteral("lens"));
        lens->setAttribute(Qt::WA_TransparentForMouseEvents);
        lens->setText(
            ExploreBoard::tr("CloudWatch lens · one-minute sums ÷ 60, no offered load, no refused "
                             "records"));
        lens->hide();
        scroll->setFrameShape(QFrame::NoFrame);
        scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        scroll->setWidget(lower);
        for (QWidget* ground : {static_cast<QWidget*>(scroll->viewport()), lower})
            ground->setAutoFillBackground(false);
    }

    [[nodiscard]] std::array<LineChart*, 6> charts() const
    {
        return {ingest, egress, totals, age, lag, cost};
    }

    [[nodiscard]] TimeWindow window() const { return view.windowAt(snapshot->clock.now); }

    [[nodiscard]] std::size_t openShards() const
    {
        return snapshot == nullptr
            ? 0
            : static_cast<std::size_t>(
                std::count_if(snapshot->shards.begin(), snapshot->shards.end(),
                              [](const ShardRow& row) { return row.state == ShardState::Open; }));
    }

    [[nodiscard]] PlotQuery query(const LineChart* chart) const
    {
        PlotQuery q;
        q.shard = view.shard();
        q.unit = view.unit();
        q.cloudWatchLens = view.cloudWatchLens();
        q.window = window();
        q.width = chart->area().rect.width();
        return q;
    }

    /// Whether a pane can be seen: what is scrolled away or hidden costs nothing. The viewport
    /// takes its size only when the window is shown; the area around it has it at once.
    [[nodiscard]] bool seen(const QWidget* pane) const
    {
        return !pane->isHidden()
            && pane->geometry().intersects(
                QRect(0, scroll->verticalScrollBar()->value(), lower->width(), scroll->height()));
    }

    void refreshGroup(int which)
    {
        const auto show
            = [&](LineChart* chart, PlotModel (*make)(const Snapshot&, const PlotQuery&)) {
                  if (seen(chart))
                      chart->setModel(make(*snapshot, query(chart)));
              };
        switch (which) {
        case 0:
            show(ingest, ingestModel);
            show(egress, egressModel);
            return;
        case 1:
            if (seen(multiples))
                multiples->present(*snapshot);
            strip(load);
            show(totals, totalsModel);
            show(age, ageModel);
            return;
        default:
            strip(refusals);
            show(lag, lagModel);
            show(cost, costModel);
        }
    }

    void strip(ShardStrip* pane) const
    {
        if (!seen(pane))
            return;
        PlotQuery q;
        q.window = window();
        q.width = pane->area().rect.width();
        q.cloudWatchLens = view.cloudWatchLens();
        // A lane has no room for tenths of a second, and a thousand lanes have no time for them.
        pane->present(*snapshot, q.window,
                      std::max(Resolution::Second, resolutionOf(*snapshot, q)));
    }

    void refreshAll()
    {
        if (snapshot == nullptr)
            return;
        for (int which = 0; which < kGroups; ++which)
            refreshGroup(which);
    }

    void arrange()
    {
        const std::size_t open = openShards();
        const bool strips = open > kMultiplesMost;
        multiples->setHidden(strips);
        load->setHidden(!strips);
        BoardNeeds needs;
        needs.size = board->size();
        needs.mapLeast = map->minimumSizeHint().height();
        needs.plotLeast = ingest->minimumSizeHint();
        needs.openShards = static_cast<int>(open);
        needs.lineHeight = QFontMetrics(board->font()).height();
        needs.scrollBar = scroll->verticalScrollBar()->sizeHint().width();
        const BoardLayout layout = layoutBoard(needs);
        map->setGeometry(layout.map);
        scroll->setGeometry(layout.lower);
        lower->resize(layout.lower.width() - (layout.scrolls ? needs.scrollBar : 0),
                      layout.contentHeight);
        const std::array<QWidget*, 8> panes {
            ingest, egress, strips ? static_cast<QWidget*>(load) : multiples, totals, age, refusals,
            lag,    cost};
        for (std::size_t i = 0; i < panes.size(); ++i)
            panes[i]->setGeometry(layout.panes[i]);
    }

    /// The lens is held for a moment only: what the plots show then is said over all of them.
    void showLens(bool on)
    {
        const Palette& colors = ui::palette();
        lens->setStyleSheet(QStringLiteral("background:%1; color:%2; font-weight:600; "
                                           "padding:4px 12px; border-radius:4px")
                                .arg(colors.accent.name(), colors.plot.name()));
        lens->adjustSize();
        lens->move((board->width() - lens->width()) / 2,
                   std::max(0, scroll->geometry().top() - lens->height() + 4));
        lens->setVisible(on);
        lens->raise();
    }

    void remember()
    {
        before.push_back(window());
        if (before.size() > kWindowsKept)
            before.erase(before.begin());
    }

    void zoom(double factor, SimTime at)
    {
        if (snapshot == nullptr)
            return;
        const TimeWindow w = window();
        const SimDuration span = SimDuration::fromSeconds(
            std::clamp((w.to - w.from).inSeconds() * factor, 1.0, 30 * 86'400.0));
        if (!view.fixedWindow()) {
            view.setSpan(span); // who follows the run goes on following
            return;
        }
        remember();
        const double part = (at - w.from).inSeconds() / std::max(1e-6, (w.to - w.from).inSeconds());
        const SimTime from = at - SimDuration::fromSeconds(span.inSeconds() * part);
        view.lookAt({from, from + span});
    }

    void back()
    {
        if (before.empty()) {
            view.followLive();
            return;
        }
        const TimeWindow last = before.back();
        before.pop_back();
        if (before.empty())
            view.followLive();
        else
            view.lookAt(last);
    }

    void choose(std::optional<ShardSlot> shard, SimTime at)
    {
        if (snapshot == nullptr)
            return;
        if (const auto id = nearestRefusal(*snapshot, shard, at))
            view.chooseRefusal(*id);
    }
};

ExploreBoard::ExploreBoard(Feed& feed, ViewState& view, QWidget* parent)
    : QWidget(parent)
    , m_parts(std::make_unique<Parts>(this, feed, view))
{
    Parts& p = *m_parts;
    setAccessibleName(tr("Explore board"));
    setFocusProxy(p.map);
    connect(&feed, &Feed::changed, this, &ExploreBoard::present);
    for (LineChart* chart : p.charts()) {
        connect(chart, &LineChart::cursorMoved, &view, &ViewState::setCursor);
        connect(chart, &LineChart::windowChosen, this, [this](TimeWindow w) {
            m_parts->remember();
            m_parts->view.lookAt(w);
        });
        connect(chart, &LineChart::panned, this, [this](SimDuration by) {
            const TimeWindow w = m_parts->window();
            m_parts->view.lookAt({w.from + by, w.to + by});
        });
        connect(chart, &LineChart::zoomAsked, this,
                [this](double factor, SimTime at) { m_parts->zoom(factor, at); });
        connect(chart, &LineChart::backAsked, this, [this] { m_parts->back(); });
        connect(chart, &LineChart::tableAsked, this, [chart] { togglePlotTable(*chart); });
        connect(chart, &LineChart::menuAsked, this, [this, chart](const QPoint& global) {
            showPlotMenu(
                *chart, m_parts->view, global, [this] { m_parts->back(); },
                [this](const QString& sentence) { emit statusText(sentence); });
        });
    }
    connect(p.ingest, &LineChart::markChosen, this,
            [this](SimTime at) { m_parts->choose(m_parts->view.shard(), at); });
    connect(p.totals, &LineChart::markChosen, this,
            [this](SimTime at) { m_parts->choose(std::nullopt, at); });
    for (ShardStrip* strip : {p.load, p.refusals}) {
        connect(strip, &ShardStrip::shardChosen, &view, &ViewState::chooseShard);
        connect(strip, &ShardStrip::cursorMoved, &view, &ViewState::setCursor);
    }
    connect(p.refusals, &ShardStrip::momentChosen, this,
            [this](ShardSlot shard, SimTime at) { m_parts->choose(shard, at); });
    connect(p.multiples, &SmallMultiples::shardChosen, &view, &ViewState::chooseShard);

    connect(p.map, &ShardMap::shardChosen, &view, &ViewState::chooseShard);
    connect(p.map, &ShardMap::statusText, this, &ExploreBoard::statusText);
    connect(p.map, &ShardMap::menuAsked, this, &ExploreBoard::shardMenuAsked);
    connect(p.map, &ShardMap::splitAsked, this, [this](ShardSlot shard, const QString& key) {
        emit actAsked(
            Act {ControlRequest {SplitShard {{}, shardIdText(shard), key.toStdString()}}});
    });
    connect(p.map, &ShardMap::mergeAsked, this, [this](ShardSlot lower, ShardSlot upper) {
        emit actAsked(
            Act {ControlRequest {MergeShards {{}, shardIdText(lower), shardIdText(upper)}}});
    });

    const auto chosen = [this](ShardSlot shard) {
        m_parts->map->setSelected(shard);
        m_parts->multiples->setSelected(shard);
        m_parts->load->setSelected(shard);
        m_parts->refusals->setSelected(shard);
        m_parts->refreshAll();
    };
    connect(&view, &ViewState::shardChanged, this, chosen);
    chosen(view.shard());
    connect(&view, &ViewState::unitChanged, this, [this] { m_parts->refreshAll(); });
    connect(&view, &ViewState::lensChanged, this, [this](bool on) {
        m_parts->showLens(on);
        m_parts->refreshAll();
    });
    connect(&view, &ViewState::windowChanged, this, [this] { m_parts->refreshAll(); });
    connect(&view, &ViewState::cursorChanged, this, [this] {
        for (LineChart* chart : m_parts->charts())
            chart->setCursor(m_parts->view.cursor());
        for (ShardStrip* strip : {m_parts->load, m_parts->refusals})
            strip->setCursor(m_parts->view.cursor());
    });
    connect(p.scroll->verticalScrollBar(), &QScrollBar::valueChanged, this,
            [this] { m_parts->refreshAll(); });
    if (const auto now = feed.current())
        present(*now);
}

ExploreBoard::~ExploreBoard() = default;

void ExploreBoard::present(const Snapshot& snapshot)
{
    Parts& p = *m_parts;
    const auto before = p.snapshot;
    p.snapshot = p.feed.current().get() == &snapshot ? p.feed.current()
                                                     : std::make_shared<const Snapshot>(snapshot);
    const ShardRow* chosen = p.snapshot->find(p.view.shard());
    const bool fresh = before == nullptr || before->world != p.snapshot->world;
    if (fresh || before->shards.size() != p.snapshot->shards.size())
        p.arrange();
    p.view.setRunStart(p.snapshot->clock.start);
    p.map->present(p.snapshot);
    // Who watches a shard end goes on seeing its end; a run that comes up with one does not.
    if (chosen == nullptr || (fresh && chosen->state != ShardState::Open)) {
        const auto hottest = hottestShards(*p.snapshot, 1);
        if (!hottest.empty() && hottest.front().slot != p.view.shard()) {
            p.view.chooseShard(hottest.front().slot); // refreshes everything
            return;
        }
    }
    if (fresh) {
        p.refreshAll();
        return;
    }
    if (!isVisibleTo(window()))
        return; // behind another workspace
    p.refreshGroup(p.group);
    p.group = (p.group + 1) % kGroups;
}

void ExploreBoard::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_parts->refreshAll();
}

void ExploreBoard::pinKey(const QString& partitionKey)
{
    m_parts->map->setPin(partitionKey);
    if (const auto shard = m_parts->map->pinnedShard())
        emit pinnedShard(*shard);
}

void ExploreBoard::beginSplit()
{
    m_parts->map->beginSplit();
}

void ExploreBoard::setLineageDepth(SimDuration depth)
{
    m_parts->map->setDepth(depth);
}

void ExploreBoard::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), ui::palette().plot);
}

void ExploreBoard::resizeEvent(QResizeEvent*)
{
    m_parts->arrange();
    m_parts->refreshAll();
}

void ExploreBoard::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange) {
        m_parts->arrange();
        m_parts->refreshAll();
    }
}

} // namespace shardscope::ui
