#pragma once

#include <QWidget>

#include <memory>
#include <optional>
#include <string>

#include "core/metrics/snapshot.h"
#include "ui/deck.h"
#include "ui/view_state.h"

class QPushButton;
class QScrollArea;
class QStackedWidget;

namespace shardscope::ui {

class EmptyState;
class ReaderDetail;
class ReadersModel;
class ReadShare;
class WatchTable;

/// Everybody who reads the stream: a line each, the chosen one at length, and who takes what of
/// every shard's reading.
class ReadersPage : public QWidget {
    Q_OBJECT

public:
    ReadersPage(ViewState& view, Deck deck, QWidget* parent = nullptr);

    void present(std::shared_ptr<const Snapshot> snapshot);
    void restyle();
    void choose(const std::string& name);
    [[nodiscard]] std::string chosen() const { return m_chosen; } ///< a name; empty: nobody

signals:
    void addAsked(QWidget* beside);
    void editAsked(const shardscope::ConsumerSpec& spec);

private:
    [[nodiscard]] QWidget* content();
    void presentChosen();

    ReadersModel* m_model;
    WatchTable* m_table;
    ReaderDetail* m_detail;
    QScrollArea* m_scroll;
    ReadShare* m_share;
    QPushButton* m_add;
    QStackedWidget* m_pages;
    EmptyState* m_empty;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::string m_chosen;
};

} // namespace shardscope::ui
