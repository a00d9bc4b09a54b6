#include "ui/export/picture.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImage>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QWidget>

#include "ui/text.h"

namespace shardscope::ui {

QImage pictureOf(QWidget& widget, double scale)
{
    QImage image((QSizeF(widget.size()) * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(widget.palette().window().color());
    widget.render(&image);
    return image;
}

Result<void> saveBytes(const QByteArray& bytes, const QString& path)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return fail(ErrorCode::Io,
                    toStd(QCoreApplication::translate("Export", "%1 cannot be written: %2.")
                              .arg(path, file.errorString())));
    return {};
}

Result<void> savePicture(QWidget& widget, const QString& path, double scale)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    if (path.endsWith(QStringLiteral(".png"), Qt::CaseInsensitive)) {
        pictureOf(widget, scale).save(&buffer, "PNG");
    } else if (path.endsWith(QStringLiteral(".svg"), Qt::CaseInsensitive)) {
        QSvgGenerator svg;
        svg.setOutputDevice(&buffer);
        svg.setSize(widget.size());
        svg.setViewBox(widget.rect());
        svg.setTitle(QStringLiteral("Shardscope"));
        QPainter painter(&svg);
        widget.render(&painter);
    } else {
        return fail(ErrorCode::BadInput,
                    toStd(QCoreApplication::translate("Export",
                                                      "%1: a picture's name ends in .png or .svg.")
                              .arg(path)));
    }
    return saveBytes(buffer.data(), path);
}

} // namespace shardscope::ui
