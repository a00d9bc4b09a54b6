#pragma once

#include <QAbstractScrollArea>

#include <memory>
#include <optional>
#include <vector>

#include "core/metrics/snapshot.h"
#include "ui/widgets/spoken_picture.h"

namespace shardscope::ui {

/// Who takes what of one shard's reading, as a mean over the last seconds.
struct ShareRow {
    struct Part {
        const ConsumerRow* reader;
        double bytesPerSecond = 0;
        double callsPerSecond = 0; ///< answered
    };
    std::vector<Part> shared; ///< those that poll
    std::vector<Part> own; ///< those with a throughput of their own
    double bytesPerSecond = 0, callsPerSecond = 0; ///< of the shared part
    double refusedCallsPerSecond = 0;
};
[[nodiscard]] ShareRow shareOf(const Snapshot& snapshot, ShardSlot shard);
/// Shards that are open or still read, in the order of the snapshot.
[[nodiscard]] std::vector<ShardSlot> sharedShards(const Snapshot& snapshot);
/// "Shard 2: 62 % of 2 MiB/s and 3.1 of 5 calls/s are taken: archive 1.0 MiB/s, …"
[[nodiscard]] QStringList shareCard(const Snapshot& snapshot, ShardSlot shard);

/// Every shard as a line: the shared 2 MiB/s as a bar stacked by reader, the five calls a second
/// as another, and a short bar for every reader with fan-out. Draws only the lines in sight.
class ReadShare : public QAbstractScrollArea, public SpokenPicture {
    Q_OBJECT

public:
    explicit ReadShare(QWidget* parent = nullptr);

    void present(std::shared_ptr<const Snapshot> snapshot);
    void setSelected(ShardSlot shard);
    /// In the viewport; empty when it is out of sight. Tests ask instead of guessing pixels.
    [[nodiscard]] QRect barRect(ShardSlot shard) const;
    [[nodiscard]] std::optional<ShardSlot> shardAt(const QPoint& inViewport) const;

    QString spokenName() const override;
    QString spokenText() const override;
    double spokenValue() const override; ///< of the selected shard, percent of 2 MiB/s
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void shardChosen(shardscope::ShardSlot shard);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Columns {
        QRect name, bar, percent, calls, callsText, refused, own;
        int height = 0;
    };
    [[nodiscard]] Columns columns() const;
    [[nodiscard]] int top(std::size_t line) const;
    void paintHeadings(QPainter& painter, const Columns& at) const;
    void paintLine(QPainter& painter, const Columns& at, std::size_t line) const;
    void paintStack(QPainter& painter, const QRect& track, const std::vector<ShareRow::Part>& parts,
                    double ShareRow::Part::*value, double limit) const;
    void paintOwn(QPainter& painter, const QRect& room, const ShareRow& row) const;
    void updateBar();
    void bringIntoSight();

    std::shared_ptr<const Snapshot> m_snapshot;
    std::vector<ShardSlot> m_shards;
    ShardSlot m_selected;
    bool m_hasOwn = false;
};

} // namespace shardscope::ui
