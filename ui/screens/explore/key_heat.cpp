#include "ui/screens/explore/key_heat.h"

#include <algorithm>
#include <cmath>

#include "ui/style/palette.h"

namespace shardscope::ui {

KeyHeat::KeyHeat()
    : m_ring(1024, kSeconds, QImage::Format_RGB32)
{
    m_ring.fill(Palette::heat(0));
}

double KeyHeat::level(double bytesPerSecond)
{
    static const double most = std::log(1.0 + 1024.0);
    return std::min(1.0, std::log(1.0 + bytesPerSecond / 1024.0) / most);
}

void KeyHeat::update(const Snapshot& snapshot)
{
    if (snapshot.world != m_world) {
        m_world = snapshot.world;
        m_newest.reset();
        m_last.fill(0);
        m_ring.fill(Palette::heat(0));
        m_next = 0;
        m_known = 0;
    }
    const auto second = SimDuration::seconds(1);
    const SimTime from = std::max(m_newest ? *m_newest + second : SimTime {},
                                  snapshot.clock.now - second * (kSeconds + 1));
    for (const auto& block : snapshot.history.heat) {
        const auto rows = static_cast<std::int64_t>(block->rows.size());
        if (block->start + second * rows <= from)
            continue;
        for (std::int64_t r = std::max<std::int64_t>(0, (from - block->start) / second); r < rows;
             ++r) {
            if (block->start + second * r < from)
                continue;
            m_last = block->rows[static_cast<std::size_t>(r)];
            auto* line = reinterpret_cast<QRgb*>(m_ring.scanLine(m_next));
            for (std::size_t b = 0; b < m_last.size(); ++b)
                line[b] = Palette::heat(level(m_last[b]));
            m_next = (m_next + 1) % kSeconds;
            m_known = std::min(m_known + 1, kSeconds);
            m_newest = block->start + second * r;
        }
    }
}

void KeyHeat::paint(QPainter& painter, const QRect& target, double from, double to) const
{
    // The ring's older rows come first, then those before the place of writing. A run younger than
    // the ring fills the picture with what there is of it.
    const double left = from * 1024;
    const double width = (to - from) * 1024;
    const int shown = std::max(1, m_known);
    const int first = (m_next - shown + kSeconds) % kSeconds;
    const int older = std::min(shown, kSeconds - first);
    const double cut = target.top() + std::round(target.height() * double(older) / shown);
    painter.drawImage(QRectF(target.left(), target.top(), target.width(), cut - target.top()),
                      m_ring, QRectF(left, first, width, older));
    if (older < shown)
        painter.drawImage(QRectF(target.left(), cut, target.width(), target.bottom() + 1 - cut),
                          m_ring, QRectF(left, 0, width, shown - older));
}

double KeyHeat::at(double fraction) const
{
    return m_last[static_cast<std::size_t>(std::clamp(fraction, 0.0, 0.999999) * 1024)];
}

} // namespace shardscope::ui
