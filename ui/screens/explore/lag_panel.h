#pragma once

#include <QWidget>

#include "ui/screens/explore/plots.h"
#include "ui/widgets/spoken_picture.h"

namespace shardscope::ui {

/// How far each consumer is behind: records, age, and whether that grows or drains.
class LagPanel : public QWidget, public SpokenPicture {
    Q_OBJECT

public:
    explicit LagPanel(QWidget* parent = nullptr);
    void present(const Snapshot& snapshot);
    [[nodiscard]] const std::vector<LagRow>& rows() const { return m_rows; }

    QString spokenName() const override { return tr("Consumer lag"); }
    QString spokenText() const override;
    double spokenValue() const override { return m_records; } ///< records, over all consumers
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent*) override;

private:
    std::vector<LagRow> m_rows;
    double m_records = 0;
    QString m_empty;
};

} // namespace shardscope::ui
