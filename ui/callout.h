#pragma once

#include <QFrame>
#include <QPointer>

#include "core/metrics/snapshot.h"

class QLabel;
class QTimer;

namespace shardscope::ui {

/// A soft hint that floats over its parent, takes no focus and goes by itself.
class Callout : public QFrame {
    Q_OBJECT

public:
    explicit Callout(QWidget* parent);

    /// The descendant of the parent at whose upper edge it appears; the parent itself until set.
    void floatOver(const QWidget* pane);
    void say(const QString& sentence);
    [[nodiscard]] QString sentence() const;
    void restyle();
    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    void clicked();

protected:
    void mousePressEvent(QMouseEvent* event) override;

private:
    void place();

    QPointer<const QWidget> m_pane;
    QLabel* m_text;
    QTimer* m_away;
};

/// Notices the first refusal of a run and words it: "Shard 2 refused 37 records in this second.
/// Click an ✕ to see why." Once per world.
class FirstRefusal {
public:
    /// The sentence when this snapshot shows the first refusals, otherwise empty.
    [[nodiscard]] QString notice(const Snapshot& snapshot);

private:
    std::uint64_t m_world = ~0ULL;
    bool m_said = false;
    std::uint64_t m_newestKnown = 0;
};

} // namespace shardscope::ui
