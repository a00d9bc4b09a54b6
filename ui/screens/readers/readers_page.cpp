#include "ui/screens/readers/readers_page.h"

#include <QElapsedTimer>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/icons.h"
#include "ui/screens/monitor/empty_state.h"
#include "ui/screens/monitor/watch_table.h"
#include "ui/screens/readers/read_share.h"
#include "ui/screens/readers/reader_detail.h"
#include "ui/screens/readers/readers_model.h"
#include "ui/text.h"

namespace shardscope::ui {
namespace {

// How the page shares its width and its height: parts of whatever there is.
const QList<int> kDetailAndShare {5'800, 4'200};
const QList<int> kListAndRest {2'800, 7'200};

} // namespace

ReadersPage::ReadersPage(ViewState& view, Deck deck, QWidget* parent)
    : QWidget(parent)
    , m_model(new ReadersModel(this))
    , m_table(new WatchTable(m_model))
    , m_detail(new ReaderDetail(view, std::move(deck)))
    , m_scroll(new QScrollArea)
    , m_share(new ReadShare)
    , m_add(new QPushButton(tr("&Add a reader…")))
    , m_pages(new QStackedWidget)
    , m_empty(new EmptyState(tr("Nobody reads this stream"), {}))
{
    setAccessibleName(tr("Readers"));
    m_table->setObjectName(QStringLiteral("readers"));
    m_table->setAccessibleName(tr("Readers"));
    m_table->sortBy(0, Qt::AscendingOrder);
    m_table->setWidths({.wanted = {22, 20, 9, 9, 22, 11, 12, 9},
                        .least = {14, 18, 8, 7, 18, 9, 10, 7},
                        .givesWay = {6, 5},
                        .stretch = 0});
    m_share->setObjectName(QStringLiteral("readShare"));
    m_add->setObjectName(QStringLiteral("addReader"));
    m_add->setToolTip(tr("Add a reader that runs here; its kind is asked for first"));
    auto* first = m_empty->addButton(tr("Add a reader…"), m_add->toolTip());
    first->setObjectName(QStringLiteral("addFirstReader"));
    m_pages->addWidget(content());
    m_pages->addWidget(m_empty);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pages);
    setFocusProxy(m_table);
    for (QPushButton* button : {m_add, first})
        connect(button, &QPushButton::clicked, this, [this, button] { emit addAsked(button); });
    connect(m_detail, &ReaderDetail::editAsked, this, &ReadersPage::editAsked);
    connect(m_table, &WatchTable::chosen, this, [this](int row) {
        if (const ReaderLine* line = m_model->at(row)) {
            m_chosen = line->name;
            presentChosen();
        }
    });
    connect(m_table, &WatchTable::opened, this, [this](int row) {
        const ReaderLine* line = m_model->at(row);
        for (const ConsumerRow& reader : m_snapshot->consumers)
            if (line != nullptr && !reader.removed && !reader.client
                && reader.spec.name == line->name)
                emit editAsked(reader.spec);
    });
    connect(m_share, &ReadShare::shardChosen, &view, &ViewState::chooseShard);
    connect(&view, &ViewState::shardChanged, m_share, &ReadShare::setSelected);
    m_share->setSelected(view.shard());
    restyle();
}

QWidget* ReadersPage::content()
{
    auto* top = new QWidget;
    auto* list = new QVBoxLayout(top);
    list->setContentsMargins(0, 0, 0, 0);
    list->setSpacing(0);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, 6, 12, 6);
    auto* heading = new QLabel(tr("READERS"));
    heading->setBuddy(m_table);
    bar->addWidget(heading);
    bar->addStretch(1);
    bar->addWidget(m_add);
    list->addLayout(bar);
    list->addWidget(m_table, 1);
    m_scroll->setWidget(m_detail);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* lower = new QSplitter(Qt::Horizontal);
    lower->addWidget(m_scroll);
    lower->addWidget(m_share);
    lower->setSizes(kDetailAndShare);
    lower->setChildrenCollapsible(false);
    auto* whole = new QSplitter(Qt::Vertical);
    whole->addWidget(top);
    whole->addWidget(lower);
    whole->setSizes(kListAndRest);
    whole->setChildrenCollapsible(false);
    return whole;
}

void ReadersPage::restyle()
{
    m_detail->restyle();
    m_add->setIcon(icon(Sign::Add));
}

void ReadersPage::choose(const std::string& name)
{
    m_chosen = name;
    if (const int row = m_model->rowOf(name); row >= 0)
        m_table->choose(row);
}

void ReadersPage::present(std::shared_ptr<const Snapshot> snapshot)
{
    m_snapshot = std::move(snapshot);
    auto lines = std::make_shared<const std::vector<ReaderLine>>(readerLines(*m_snapshot));
    const bool none = lines->empty();
    m_pages->setCurrentIndex(none ? 1 : 0);
    if (none)
        m_empty->setWords(tr("Records are stored for %1 h and nobody reads them.")
                              .arg(m_snapshot->stream.summary.retentionHours));
    m_model->setRows(lines);
    static QElapsedTimer wall;
    if (!wall.isValid())
        wall.start();
    m_table->settle(wall.elapsed());
    if (none)
        return;
    if (m_model->rowOf(m_chosen) < 0)
        choose(lines->front().name);
    m_share->present(m_snapshot);
    presentChosen();
}

void ReadersPage::presentChosen()
{
    if (m_snapshot == nullptr)
        return;
    for (const ConsumerRow& reader : m_snapshot->consumers)
        if (!reader.removed && reader.spec.name == m_chosen)
            m_detail->present(m_snapshot, reader);
}

} // namespace shardscope::ui
