#pragma once

#include <QDialog>

#include <memory>
#include <vector>

#include "core/runtime/served_snapshot.h"
#include "ui/monitor_deck.h"

class QLabel;
class QTimer;
class QVBoxLayout;

namespace shardscope::ui {

/// A dialog that stays open and shows the service as it is: every button is a request of its own,
/// and what was answered stands below.
class LiveDialog : public QDialog {
    Q_OBJECT

public:
    LiveDialog(const QString& title, std::string stream, MonitorDeck deck, QWidget* parent);

protected:
    [[nodiscard]] QVBoxLayout* column() const { return m_column; }
    [[nodiscard]] const std::string& stream() const { return m_stream; }
    /// Of the stream in the newest snapshot, or null when it is gone.
    [[nodiscard]] const ServedStreamRow* row() const;
    [[nodiscard]] const ServedSnapshot* service() const { return m_service.get(); }
    /// Sends it; `done` is said when it was answered well, the service's sentence otherwise.
    void ask(ApiRequest request, const QString& done);
    /// Brings the fields up to date with row() and service(). Call look() once they are made.
    virtual void present() = 0;
    void look();

private:
    void answer(const QString& sentence, bool refused);

    std::string m_stream;
    MonitorDeck m_deck;
    std::shared_ptr<const ServedSnapshot> m_service;
    QVBoxLayout* m_column;
    QLabel* m_answer;
    QTimer* m_timer;
};

} // namespace shardscope::ui
