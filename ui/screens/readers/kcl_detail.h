#pragma once

#include <optional>
#include <vector>

#include "ui/screens/readers/kind_detail.h"
#include "ui/widgets/spoken_picture.h"

class QLabel;

namespace shardscope::ui {

/// Who holds which lease: a lane for every worker, a chip for every shard in it. A lease that has
/// just moved is framed.
class LeaseLanes : public QWidget, public SpokenPicture {
    Q_OBJECT

public:
    explicit LeaseLanes(QWidget* parent = nullptr);

    void present(const KclState& state, SimTime now);
    /// Where a shard's chip lies. Tests ask instead of guessing pixels.
    [[nodiscard]] QRect chipRect(ShardSlot shard) const;

    QString spokenName() const override { return tr("Leases by worker"); }
    QString spokenText() const override;
    double spokenValue() const override; ///< leases that nobody works on
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Chip {
        QRect rect;
        std::size_t lease = 0; ///< place in the state
        bool moved = false; ///< lately
    };
    struct Lane {
        int worker = KclState::kNobody;
        int top = 0, height = 0;
        std::vector<Chip> chips;
    };
    [[nodiscard]] std::vector<Lane> lanes(int width) const;
    [[nodiscard]] QString laneText(const Lane& lane) const;
    [[nodiscard]] QString chipText(const KclState::LeaseRow& lease) const;
    [[nodiscard]] int nameWidth() const;
    void arrange();
    void paintChip(QPainter& painter, const Chip& chip) const;

    KclState m_state;
    SimTime m_now;
    std::vector<Lane> m_lanes;
};

class KclDetail : public KindDetail {
    Q_OBJECT

public:
    explicit KclDetail(QWidget* parent = nullptr);
    void present(const ConsumerRow& row, SimTime now) override;

private:
    LeaseLanes* m_lanes;
    QLabel* m_counts;
    QLabel* m_moves;
};

} // namespace shardscope::ui
