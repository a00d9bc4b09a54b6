#pragma once

#include <QString>

#include "core/runtime/commands.h"

namespace shardscope::ui {

/// The Why card in words: the same sentences once as rich text for the panel, once as plain text
/// for the clipboard.
[[nodiscard]] QString whyHtml(const WhyCard& card);
[[nodiscard]] QString whyPlain(const WhyCard& card);

/// W1 … R3.
[[nodiscard]] QString ruleName(Rule rule);

} // namespace shardscope::ui
