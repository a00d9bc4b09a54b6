#pragma once

#include <QWidget>

#include <functional>
#include <string>

#include "core/planner/report/svg.h"

class QSvgRenderer;

namespace shardscope::ui {

/// Colours of a report's pictures in the look that is in force.
[[nodiscard]] report::SvgColours pictureColours();

/// Shows one of a report's pictures as wide as there is room, in the window's colours.
class PictureView : public QWidget {
    Q_OBJECT

public:
    explicit PictureView(QString name, QWidget* parent = nullptr);

    /// `draw` makes an SVG document; null: nothing is shown.
    void setPicture(std::function<std::string(const report::SvgColours&)> draw);
    void restyle();
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent*) override;

private:
    std::function<std::string(const report::SvgColours&)> m_draw;
    QSvgRenderer* m_renderer;
};

} // namespace shardscope::ui
