#include "ui/style/reader_color.h"

#include <array>

#include "ui/style/palette.h"

namespace shardscope::ui {
namespace {

constexpr std::size_t kColors = 12;
// Neither the colour of refusals nor red beside green; lightness differs from neighbour to
// neighbour, because that is how they lie beside each other in a bar.
constexpr std::array<QRgb, kColors> kOnLight {0xFF1A5FB4, 0xFFB07D00, 0xFF5E2A84, 0xFF2A9DA8,
                                              0xFF7A3B12, 0xFFC2609B, 0xFF3D4A5C, 0xFF7C8B1F,
                                              0xFF8E1B3A, 0xFF5C9BE6, 0xFF2F6B2F, 0xFF9A8478};
constexpr std::array<QRgb, kColors> kOnDark {0xFF5AA9F7, 0xFFE3B341, 0xFFB487E0, 0xFF3FB8C0,
                                             0xFFC48A5F, 0xFFF09AC6, 0xFF93A1B3, 0xFFB9C65A,
                                             0xFFE27D8F, 0xFFA9D0FF, 0xFF7FD08A, 0xFFCFC1B5};

} // namespace

QColor readerColor(ConsumerSlot reader)
{
    const auto& colors = palette().look == Look::Light ? kOnLight : kOnDark;
    return QColor::fromRgb(colors[reader.index() % kColors]);
}

} // namespace shardscope::ui
