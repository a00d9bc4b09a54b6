#include "ui/docks/actors_panel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "ui/docks/roomy_delegate.h"
#include "ui/icons.h"
#include "ui/text.h"

namespace shardscope::ui {

ActorList::ActorList(const QString& title, const QString& one, const QList<Offer>& whenEmpty,
                     QWidget* parent)
    : QWidget(parent)
    , m_one(one)
    , m_model(new ActorsModel(this))
    , m_view(new QTreeView)
    , m_pages(new QStackedWidget)
    , m_empty(new QLabel)
    , m_add(button(tr("Add a %1").arg(one), tr("Add a %1").arg(one)))
    , m_edit(button(tr("Change the %1").arg(one), tr("Change the selected %1").arg(one)))
    , m_pause(button(tr("Pause the %1").arg(one), tr("Pause or resume the selected %1").arg(one)))
    , m_remove(button(tr("Remove the %1").arg(one), tr("Remove the selected %1").arg(one)))
{
    auto* heading = new QLabel(title);
    QFont bold = heading->font();
    bold.setBold(true);
    heading->setFont(bold);
    auto* top = new QHBoxLayout;
    top->setSpacing(0);
    top->addWidget(heading, 1);
    for (QToolButton* b : {m_add, m_edit, m_pause, m_remove})
        top->addWidget(b);

    m_view->setModel(m_model);
    m_view->setItemDelegate(new RoomyDelegate(m_view));
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setHeaderHidden(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setTabKeyNavigation(false);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setAccessibleName(title);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(ActorsModel::Name, QHeaderView::Stretch);
    m_view->header()->setSectionResizeMode(ActorsModel::Figures, QHeaderView::ResizeToContents);
    m_view->header()->setMinimumSectionSize(40);

    auto* emptyPage = new QWidget;
    auto* column = new QVBoxLayout(emptyPage);
    column->setContentsMargins(4, 4, 4, 4);
    m_empty->setWordWrap(true);
    m_empty->setTextFormat(Qt::PlainText);
    column->addWidget(m_empty);
    for (const Offer& offer : whenEmpty) {
        auto* take = new QPushButton(offer.text);
        connect(take, &QPushButton::clicked, this, offer.take);
        column->addWidget(take);
    }
    column->addStretch(1);
    m_pages->addWidget(m_view);
    m_pages->addWidget(emptyPage);

    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(6, 4, 6, 4);
    all->setSpacing(2);
    all->addLayout(top);
    all->addWidget(m_pages);
    // As tall as what is in it: the room that is left belongs to the scenarios.
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);

    connect(m_add, &QToolButton::clicked, this, &ActorList::addAsked);
    connect(m_edit, &QToolButton::clicked, this, [this] { emit editAsked(selected()); });
    connect(m_remove, &QToolButton::clicked, this, [this] { emit removeAsked(selected()); });
    connect(m_pause, &QToolButton::clicked, this,
            [this] { emit pauseAsked(selected(), !selectedIsPaused()); });
    connect(m_view, &QTreeView::activated, this, [this] { emit editAsked(selected()); });
    connect(m_view, &QWidget::customContextMenuRequested, this, &ActorList::menuAt);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ActorList::updateButtons);
    connect(m_model, &QAbstractItemModel::modelReset, this, &ActorList::updateButtons);
    restyle();
    updateButtons();
}

QToolButton* ActorList::button(const QString& name, const QString& tip)
{
    auto* made = new QToolButton;
    made->setAutoRaise(true);
    made->setAccessibleName(name);
    made->setToolTip(tip);
    made->setMinimumSize(26, 26);
    made->setFocusPolicy(Qt::TabFocus);
    return made;
}

void ActorList::restyle()
{
    m_add->setIcon(icon(Sign::Add));
    m_edit->setIcon(icon(Sign::Edit));
    m_pause->setIcon(icon(Sign::Hold));
    m_remove->setIcon(icon(Sign::Remove));
}

void ActorList::setRows(std::vector<ActorsModel::Row> rows, const QString& emptyText)
{
    m_empty->setText(emptyText);
    m_pages->setCurrentIndex(rows.empty() ? 1 : 0);
    const QString kept = selected();
    m_model->setRows(std::move(rows));
    fitHeight();
    if (selected().isEmpty() && !kept.isEmpty())
        for (int i = 0; i < m_model->rowCount(); ++i)
            if (m_model->rows()[static_cast<std::size_t>(i)].name == kept)
                m_view->setCurrentIndex(m_model->index(i, 0));
}

void ActorList::fitHeight()
{
    constexpr int kRowsMost = 8;
    constexpr int kRowsLeast = 2;
    int least = 0;
    int most = 0;
    if (const int rows = m_model->rowCount(); rows > 0) {
        const int frame = 2 * m_view->frameWidth();
        const int row = m_view->sizeHintForRow(0);
        most = std::min(rows, kRowsMost) * row + frame;
        least = std::min(rows, kRowsLeast) * row + frame;
    } else {
        const QLayout* empty = m_pages->widget(1)->layout();
        least = most = empty->hasHeightForWidth()
            ? empty->totalHeightForWidth(std::max(m_pages->width(), 160))
            : empty->totalSizeHint().height();
    }
    if (most == m_pages->maximumHeight() && least == m_pages->minimumHeight())
        return;
    m_pages->setMinimumHeight(least);
    m_pages->setMaximumHeight(most);
}

void ActorList::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitHeight();
}

QString ActorList::selected() const
{
    const QModelIndexList chosen = m_view->selectionModel()->selectedRows();
    return chosen.isEmpty() ? QString()
                            : m_model->rows()[static_cast<std::size_t>(chosen.front().row())].name;
}

bool ActorList::selectedIsPaused() const
{
    for (const ActorsModel::Row& row : m_model->rows())
        if (row.name == selected())
            return row.state == ActorsModel::State::Paused;
    return false;
}

void ActorList::updateButtons()
{
    const bool some = !selected().isEmpty();
    for (QToolButton* b : {m_edit, m_pause, m_remove})
        b->setEnabled(some);
}

void ActorList::menuAt(const QPoint& at)
{
    const QString name = selected();
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Add a %1…").arg(m_one), this, &ActorList::addAsked);
    if (!name.isEmpty()) {
        const bool paused = selectedIsPaused();
        menu->addAction(tr("Change %1…").arg(name), this, [this, name] { emit editAsked(name); });
        menu->addAction(paused ? tr("Resume %1").arg(name) : tr("Pause %1").arg(name), this,
                        [this, name, paused] { emit pauseAsked(name, !paused); });
        menu->addAction(tr("Remove %1").arg(name), this, [this, name] { emit removeAsked(name); });
    }
    menu->popup(m_view->viewport()->mapToGlobal(at));
}

ActorsPanel::ActorsPanel(Deck deck, QWidget* parent)
    : QWidget(parent)
    , m_deck(std::move(deck))
    , m_producers(new ActorList(
          tr("PRODUCERS"), tr("producer"),
          {{tr("Add an IoT fleet"), [this] { emit producerAsked(ProducerKind::Iot); }},
           {tr("Add a clickstream"), [this] { emit producerAsked(ProducerKind::Clickstream); }},
           {tr("Add server logs"), [this] { emit producerAsked(ProducerKind::ServerLogs); }}}))
    , m_consumers(new ActorList(tr("CONSUMERS"), tr("consumer"), consumerOffers()))
{
    m_producers->setObjectName(QStringLiteral("producers"));
    m_consumers->setObjectName(QStringLiteral("consumers"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_producers);
    column->addWidget(m_consumers);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    connectLists();
}

QList<ActorList::Offer> ActorsPanel::consumerOffers()
{
    const auto ask
        = [this](ConsumerKind kind) { return [this, kind] { emit consumerAsked(kind); }; };
    return {{tr("Add a polling reader"), ask(ConsumerKind::Polling)},
            {tr("Add an enhanced fan-out reader"), ask(ConsumerKind::FanOut)},
            {tr("Add a KCL application"), ask(ConsumerKind::Kcl)},
            {tr("Add a Lambda function"), ask(ConsumerKind::Lambda)},
            {tr("Add a Firehose stream"), ask(ConsumerKind::Firehose)},
            {tr("Add stream analytics"), ask(ConsumerKind::Analytics)}};
}

/// A reader's kind decides its form, so it is asked for first.
void ActorsPanel::offerConsumers(const QPoint& global)
{
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("consumerKinds"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const ActorList::Offer& offer : consumerOffers())
        menu->addAction(offer.text, this, offer.take);
    menu->popup(global);
}

void ActorsPanel::connectLists()
{
    const auto act = [this](Act a) { m_deck.send(Do {std::move(a)}, {}); };
    connect(m_producers, &ActorList::addAsked, this,
            [this] { emit producerAsked(ProducerKind::Custom); });
    connect(m_producers, &ActorList::editAsked, this, [this](const QString& name) {
        for (const ProducerSpec& spec : m_producerSpecs)
            if (toQt(spec.name) == name)
                emit producerEditAsked(spec);
    });
    connect(m_producers, &ActorList::pauseAsked, this, [act](const QString& name, bool paused) {
        act(PauseProducer {toStd(name), paused});
    });
    connect(m_producers, &ActorList::removeAsked, this,
            [act](const QString& name) { act(RemoveProducer {toStd(name)}); });
    connect(m_consumers, &ActorList::addAsked, this, [this] {
        const int below = 2 * fontMetrics().height();
        offerConsumers(m_consumers->mapToGlobal(QPoint(m_consumers->width() / 3, below)));
    });
    connect(m_consumers, &ActorList::editAsked, this, [this](const QString& name) {
        for (const ConsumerSpec& spec : m_consumerSpecs)
            if (toQt(spec.name) == name)
                emit consumerEditAsked(spec);
    });
    connect(m_consumers, &ActorList::pauseAsked, this, [act](const QString& name, bool paused) {
        act(PauseConsumer {toStd(name), paused});
    });
    connect(m_consumers, &ActorList::removeAsked, this,
            [act](const QString& name) { act(RemoveConsumer {toStd(name)}); });
}

void ActorsPanel::present(const Snapshot& snapshot)
{
    m_producerSpecs.clear();
    for (const ProducerRow& row : snapshot.producers)
        if (!row.removed)
            m_producerSpecs.push_back(row.spec);
    m_consumerSpecs.clear();
    for (const ConsumerRow& row : snapshot.consumers)
        if (!row.removed)
            m_consumerSpecs.push_back(row.spec);
    m_producers->setRows(producerRows(snapshot),
                         tr("Nothing is sending. A shard takes 1 MiB or 1,000 records a second."));
    m_consumers->setRows(consumerRows(snapshot),
                         tr("Records are stored for %1 h and nobody reads them.")
                             .arg(snapshot.stream.summary.retentionHours));
}

void ActorsPanel::restyle()
{
    m_producers->restyle();
    m_consumers->restyle();
}

} // namespace shardscope::ui
