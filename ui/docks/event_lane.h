#pragma once

#include <QWidget>

#include <memory>
#include <vector>

#include "core/metrics/snapshot.h"
#include "ui/view_state.h"

class QTableView;

namespace shardscope::ui {

class EventLogModel;

/// Where moments lie on the lane.
struct LaneGeometry {
    TimeWindow window;
    int left = 0, right = 1; ///< pixels; right > left
    [[nodiscard]] int xOf(SimTime t) const;
    [[nodiscard]] SimTime timeAt(int x) const;
};

/// One line of time with a mark for every event, the cursor of the plots, and the newest events in
/// words.
class EventStrip : public QWidget {
    Q_OBJECT

public:
    explicit EventStrip(ViewState& view, QWidget* parent = nullptr);

    void present(const Snapshot& snapshot);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] LaneGeometry geometryOfLane() const;
    /// Refused records that are still kept, by columns of kColumn pixels from the lane's left.
    [[nodiscard]] std::vector<int> refusalColumns(const LaneGeometry& lane) const;
    static constexpr int kColumn = 4;
    [[nodiscard]] QString newestWords() const;

signals:
    void eventChosen(int row); ///< its row in the log

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void paintRefusals(QPainter& painter, const LaneGeometry& lane) const;
    void paintMarks(QPainter& painter, const LaneGeometry& lane) const;
    [[nodiscard]] int eventAt(int x) const; ///< row, or -1
    void choose(int row);

    ViewState& m_view;
    std::shared_ptr<const std::vector<Event>> m_events;
    std::shared_ptr<const std::vector<Refusal>> m_refusals;
    SimTime m_now;
    int m_chosen = -1;
};

/// The lane with the whole log below it, which shows when the dock is drawn open.
class EventLane : public QWidget {
    Q_OBJECT

public:
    explicit EventLane(ViewState& view, QWidget* parent = nullptr);

    void present(const Snapshot& snapshot);
    /// The height at which only the line of time is left.
    [[nodiscard]] int closedHeight() const;
    [[nodiscard]] bool isLogShown() const;
    [[nodiscard]] EventLogModel* log() const { return m_log; }

signals:
    void logShownChanged(bool shown);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    ViewState& m_view;
    EventStrip* m_strip;
    EventLogModel* m_log;
    QTableView* m_table;
};

} // namespace shardscope::ui
