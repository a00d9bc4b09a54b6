#pragma once

#include <QWidget>

#include "core/metrics/snapshot.h"

class QLabel;
class QTimer;

namespace shardscope::ui {

/// The line at the bottom: a sentence about what was just done or refused, what is due next, how
/// fast the engine goes, and offered, accepted, refused per second.
class RunStatus : public QWidget {
    Q_OBJECT

public:
    explicit RunStatus(QWidget* parent = nullptr);

    void present(const Snapshot& snapshot);
    /// Off: sentences alone, where no run is on the screen.
    void showRun(bool on);
    void say(const QString& sentence); ///< for some seconds
    void complain(const QString& sentence); ///< stays until the next sentence
    [[nodiscard]] QString sentence() const;

private:
    void showSentence(const QString& sentence, bool stays);

    QLabel* m_sentence;
    QLabel* m_next;
    QLabel* m_engine;
    QLabel* m_counts;
    QTimer* m_forget;
    bool m_speaking = false;
    bool m_showsRun = true;
};

} // namespace shardscope::ui
