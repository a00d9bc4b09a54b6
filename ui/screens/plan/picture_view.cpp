#include "ui/screens/plan/picture_view.h"

#include <QPainter>
#include <QSvgRenderer>

#include "ui/style/palette.h"
#include "ui/text.h"

namespace shardscope::ui {

report::SvgColours pictureColours()
{
    const Palette& p = palette();
    report::SvgColours c = p.look == Look::Light ? report::lightColours() : report::darkColours();
    const auto name = [](const QColor& colour) { return toStd(colour.name()); };
    c.ink = name(p.text);
    c.faint = name(p.mutedText);
    c.grid = name(p.grid);
    c.card = name(p.plot);
    c.offered = name(p.ingest);
    c.capacity = name(p.limit);
    c.refused = name(p.refused);
    c.cost = name(p.lag);
    c.good = name(p.egress);
    for (std::size_t i = 0; i < c.heat.size(); ++i)
        c.heat[i] = name(QColor::fromRgb(
            Palette::heat(static_cast<double>(i) / static_cast<double>(c.heat.size() - 1))));
    return c;
}

PictureView::PictureView(QString name, QWidget* parent)
    : QWidget(parent)
    , m_renderer(new QSvgRenderer(this))
{
    setAccessibleName(name);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void PictureView::setPicture(std::function<std::string(const report::SvgColours&)> draw)
{
    m_draw = std::move(draw);
    restyle();
}

void PictureView::restyle()
{
    if (m_draw)
        m_renderer->load(QByteArray::fromStdString(m_draw(pictureColours())));
    setVisible(static_cast<bool>(m_draw));
    updateGeometry();
    update();
}

QSize PictureView::sizeHint() const
{
    return m_draw ? m_renderer->defaultSize() : QSize(0, 0);
}

int PictureView::heightForWidth(int width) const
{
    const QSize natural = m_renderer->defaultSize();
    return m_draw && natural.width() > 0 ? width * natural.height() / natural.width() : 0;
}

void PictureView::paintEvent(QPaintEvent*)
{
    if (!m_draw)
        return;
    QPainter painter(this);
    painter.fillRect(rect(), ui::palette().plot);
    QSizeF size = m_renderer->defaultSize();
    size.scale(this->size(), Qt::KeepAspectRatio);
    m_renderer->render(&painter, QRectF(QPointF(0, 0), size));
}

} // namespace shardscope::ui
