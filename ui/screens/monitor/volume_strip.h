#pragma once

#include <QWidget>

#include <cstdint>
#include <vector>

#include "ui/screens/monitor/records_model.h"

namespace shardscope::ui {

/// How many records arrived when, in parts of a round length.
struct Volume {
    std::int64_t fromMs = 0; ///< when the first part begins, a multiple of stepMs
    std::int64_t stepMs = 1; ///< of each part
    std::vector<int> parts; ///< empty: no records

    /// In at most `most` parts (2 and more) of at least a tenth of a second each.
    [[nodiscard]] static Volume of(const RecordsModel& records, int most);
    [[nodiscard]] bool empty() const { return parts.empty(); }
    /// The part that holds an arrival; what lies outside belongs to the part at that end.
    [[nodiscard]] std::size_t partOf(std::int64_t ms) const;
    /// When a part begins; that of parts.size() is the end of the last.
    [[nodiscard]] std::int64_t beginOf(std::size_t part) const
    {
        return fromMs + static_cast<std::int64_t>(part) * stepMs;
    }
};

/// Bars of the volume of the records read, over time, above their table: a click or a drag goes to
/// the records of that moment.
class VolumeStrip : public QWidget {
    Q_OBJECT

public:
    explicit VolumeStrip(QWidget* parent = nullptr);

    /// Looks again when records have come or gone.
    void present(const RecordsModel& records);
    /// Marks the record that is open; below zero: none.
    void mark(std::int64_t arrivalMs);
    [[nodiscard]] const Volume& volume() const { return m_volume; }
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void sought(qint64 arrivalMs); ///< the middle of the part below the mouse

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] QRect ground() const; ///< of the bars
    [[nodiscard]] std::size_t partAt(int x) const;
    void seek(int x);

    Volume m_volume;
    std::int64_t m_seen = -1; ///< records that had come and gone when last looked at
    std::int64_t m_marked = -1;
};

} // namespace shardscope::ui
