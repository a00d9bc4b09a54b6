#pragma once

#include <QWidget>

#include <memory>
#include <vector>

#include "core/runtime/served_snapshot.h"
#include "ui/monitor_deck.h"
#include "ui/screens/monitor/record_reader.h"
#include "ui/screens/monitor/records_model.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace shardscope::ui {

class RecordView;
class VolumeStrip;

/// What is stored in a stream, read as any client would read it.
class RecordsPage : public QWidget {
    Q_OBJECT

public:
    /// Kept while the table stands still; then reading waits too.
    static constexpr std::size_t kHeldBytesMost = 64U << 20;

    explicit RecordsPage(MonitorDeck deck, QWidget* parent = nullptr);

    /// Another stream: what was read of the old one is forgotten.
    void setStream(const std::string& stream);
    /// Shards to choose from, and one turn of reading.
    void present(const ServedSnapshot* service, qint64 wallMs);
    void start(ReadStart::Kind from);
    /// Reads what arrived from a little before a moment on.
    void startAt(SimTime at);
    void stop();
    void takeFocus();

signals:
    void putAsked();
    void report(const QString& sentence);

private:
    QLayout* controls();
    QLayout* searchLine();
    [[nodiscard]] bool readStart(ReadStart* from);
    void startAsChosen();
    void showWhere();
    void showShards(const Snapshot* board);
    void showState();
    void take(const std::shared_ptr<const RecordPage>& page);
    void append(const RecordsModel::Page& page);
    void setPaused(bool on);
    void openRow(int row);
    void goTo(int row);
    void find(bool forward);
    void copyCommand();

    MonitorDeck m_deck;
    RecordReader* m_reader;
    RecordsModel* m_model;
    std::string m_stream;
    std::size_t m_shardsShown = 0;
    std::vector<RecordsModel::Page> m_held;
    std::size_t m_heldBytes = 0;
    bool m_paused = false;

    QStackedWidget* m_stack;
    QComboBox *m_shard, *m_from;
    QLineEdit *m_where, *m_search;
    QPushButton *m_read, *m_pause;
    QLabel *m_state, *m_problem;
    QTableView* m_table;
    RecordView* m_view;
    VolumeStrip* m_volume;
};

} // namespace shardscope::ui
