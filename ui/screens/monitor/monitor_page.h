#pragma once

#include <QWidget>

#include <memory>
#include <string>

#include "core/scenario/scenario.h"
#include "ui/deck.h"
#include "ui/feed.h"
#include "ui/monitor_deck.h"
#include "ui/screens/monitor/stream_card.h"
#include "ui/view_state.h"

class QTimer;

namespace shardscope::ui {

class ExploreBoard;

/// The Monitor workspace: this program's endpoint, its streams, the board of any of them, records,
/// clients, errors and readers. Looks while it is visible and rests otherwise; changes things
/// through the API's own requests alone.
class MonitorPage : public QWidget {
    Q_OBJECT

public:
    enum class Tab { Streams, Board, Records, Clients, Errors, Readers };

    MonitorPage(MonitorDeck deck, QWidget* parent = nullptr);
    ~MonitorPage() override;

    void showTab(Tab tab);
    [[nodiscard]] Tab tab() const;
    /// The chosen stream; empty: none.
    [[nodiscard]] const std::string& stream() const;
    void chooseStream(const std::string& stream);

    /// What the window's keys for a board work on while this one is seen: its view, its newest
    /// picture (null: none), and a deck whose acts become requests for the chosen stream.
    [[nodiscard]] ViewState& view() const;
    [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;
    [[nodiscard]] Deck boardDeck() const;
    [[nodiscard]] ExploreBoard* board() const;

    [[nodiscard]] const QString& summary() const; ///< a line for the window's header

    /// Brings what is visible up to date at once.
    void presentNow();
    void restyle();

public slots:
    void switchEndpoint(); ///< on as it stands in the form; off after asking
    void createStream();
    void change(shardscope::ui::StreamChange change);
    void connectClient();

signals:
    void report(const QString& sentence);
    void complain(const QString& sentence);
    void shardMenuAsked(shardscope::ShardSlot shard, const QPoint& global);
    void summaryChanged(const QString& text);
    /// Of readers that run here, beside the clients of the chosen stream.
    void readerAsked(QWidget* beside);
    void readerEditAsked(const shardscope::ConsumerSpec& spec);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Parts;

    /// The records that arrived about a moment.
    void showMoment(const QString& stream, SimTime at);
    void beat();
    void present();
    void presentTab();
    [[nodiscard]] const ServedStreamRow* chosenRow() const;
    [[nodiscard]] Deck lateDeck() const;
    void switchOff();
    [[nodiscard]] QString region() const;

    std::unique_ptr<Parts> m_parts;
};

} // namespace shardscope::ui
