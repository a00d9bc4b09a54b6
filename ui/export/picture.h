#pragma once

#include <QString>

#include "core/base/result.h"

class QImage;
class QWidget;

namespace shardscope::ui {

/// The widget as it looks, `scale` device pixels a point.
[[nodiscard]] QImage pictureOf(QWidget& widget, double scale);

/// Writes the widget as PNG or SVG, by the name's ending. Errors: BadInput for another ending, Io
/// when the file cannot be written.
[[nodiscard]] Result<void> savePicture(QWidget& widget, const QString& path, double scale);

/// Writes a whole file or leaves the old one. Errors: Io with the place.
[[nodiscard]] Result<void> saveBytes(const QByteArray& bytes, const QString& path);

} // namespace shardscope::ui
