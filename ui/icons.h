#pragma once

#include <QIcon>

namespace shardscope::ui {

/// Signs of the transport and the lists, drawn here so that they look the same with every font.
enum class Sign { Start, Back, Play, Pause, Step, Live, Add, Edit, Remove, Hold, Close, Copy };

/// In the text colour of the look in force; ask again after the look changed.
[[nodiscard]] QIcon icon(Sign sign);

} // namespace shardscope::ui
