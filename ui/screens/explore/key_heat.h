#pragma once

#include <QImage>
#include <QPainter>

#include <optional>

#include "core/metrics/snapshot.h"

namespace shardscope::ui {

/// Load over the key space by second as a picture: 1,024 buckets across, a minute down, newest
/// last, or as much of a minute as the run is old. A ring: each second of the run is written once.
class KeyHeat {
public:
    static constexpr int kSeconds = 60;

    KeyHeat();
    void update(const Snapshot& snapshot);
    /// Draws the part [from, to) of the key space.
    void paint(QPainter& painter, const QRect& target, double from, double to) const;
    /// Bytes/s of the newest second at this place of the space.
    [[nodiscard]] double at(double fraction) const;
    /// 0 … 1 on a logarithmic scale from 1 KiB/s to 1 MiB/s in one bucket: absolute, so that a
    /// colour means the same at all times.
    [[nodiscard]] static double level(double bytesPerSecond);

private:
    QImage m_ring;
    int m_next = 0; ///< row that is written next, the oldest one
    int m_known = 0; ///< rows that were written
    std::uint64_t m_world = 0;
    std::optional<SimTime> m_newest;
    std::array<std::uint32_t, 1024> m_last {};
};

} // namespace shardscope::ui
