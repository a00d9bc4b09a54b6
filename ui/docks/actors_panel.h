#pragma once

#include <QWidget>

#include <functional>
#include <vector>

#include "core/metrics/snapshot.h"
#include "ui/deck.h"
#include "ui/docks/actors_model.h"

class QLabel;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace shardscope::ui {

/// A heading with its buttons, a list, and in its place a sentence while the list is empty.
class ActorList : public QWidget {
    Q_OBJECT

public:
    struct Offer {
        QString text;
        std::function<void()> take;
    };
    ActorList(const QString& title, const QString& one, const QList<Offer>& whenEmpty,
              QWidget* parent = nullptr);

    void setRows(std::vector<ActorsModel::Row> rows, const QString& emptyText);
    [[nodiscard]] QString selected() const; ///< name, or empty
    [[nodiscard]] QTreeView* view() const { return m_view; }
    void restyle();

signals:
    void addAsked();
    void editAsked(const QString& name);
    void pauseAsked(const QString& name, bool paused);
    void removeAsked(const QString& name);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitHeight();
    QToolButton* button(const QString& name, const QString& tip);
    void updateButtons();
    void menuAt(const QPoint& at);
    [[nodiscard]] bool selectedIsPaused() const;

    QString m_one; ///< "producer"
    ActorsModel* m_model;
    QTreeView* m_view;
    QStackedWidget* m_pages;
    QLabel* m_empty;
    QToolButton *m_add, *m_edit, *m_pause, *m_remove;
};

/// Producers and consumers of the run, with what they do now.
class ActorsPanel : public QWidget {
    Q_OBJECT

public:
    explicit ActorsPanel(Deck deck, QWidget* parent = nullptr);

    void present(const Snapshot& snapshot);
    void restyle();
    /// Asks which kind of reader is wanted, in a menu at `global`.
    void offerConsumers(const QPoint& global);

signals:
    void producerAsked(shardscope::ProducerKind kind); ///< a new one
    void producerEditAsked(const shardscope::ProducerSpec& spec);
    void consumerAsked(shardscope::ConsumerKind kind); ///< a new one
    void consumerEditAsked(const shardscope::ConsumerSpec& spec);

private:
    void connectLists();
    [[nodiscard]] QList<ActorList::Offer> consumerOffers();

    Deck m_deck;
    ActorList* m_producers;
    ActorList* m_consumers;
    std::vector<ProducerSpec> m_producerSpecs;
    std::vector<ConsumerSpec> m_consumerSpecs;
};

} // namespace shardscope::ui
