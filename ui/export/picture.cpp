#include "ui/export/picture.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImage>
#include <QPainter>
#include <QRegularExpression>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QWidget>

#include "ui/text.h"

namespace shardscope::ui {

namespace {

constexpr double kHatchInk = 0.4; ///< opacity that stands for a hatch

/// The generator writes hatches as masked patterns, which is more than its own profile (SVG Tiny
/// 1.2) knows: readers leave such areas out or make them black. A hatch becomes a tint of its
/// colour, which the name of the pattern holds.
QByteArray withoutPatterns(const QByteArray& svg)
{
    static const QRegularExpression definition(
        QStringLiteral("<(mask|pattern) id=\"(?:patternmask|fillpattern).*?</\\1>\\s*"),
        QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression fill(QStringLiteral(
        "fill=\"url\\(#fillpattern\\d+_([0-9a-fA-F]{6})\\)\" fill-opacity=\"([0-9.e+-]+)\""));
    QString text = QString::fromUtf8(svg);
    text.remove(definition);
    QString out;
    qsizetype copied = 0;
    for (auto each = fill.globalMatch(text); each.hasNext();) {
        const QRegularExpressionMatch found = each.next();
        out += QStringView(text).mid(copied, found.capturedStart() - copied);
        out += QStringLiteral("fill=\"#%1\" fill-opacity=\"%2\"")
                   .arg(found.captured(1))
                   .arg(found.capturedView(2).toDouble() * kHatchInk);
        copied = found.capturedEnd();
    }
    out += QStringView(text).mid(copied);
    return out.toUtf8();
}

} // namespace

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
        painter.end();
        return saveBytes(withoutPatterns(buffer.data()), path);
    } else {
        return fail(ErrorCode::BadInput,
                    toStd(QCoreApplication::translate("Export",
                                                      "%1: a picture's name ends in .png or .svg.")
                              .arg(path)));
    }
    return saveBytes(buffer.data(), path);
}

} // namespace shardscope::ui
