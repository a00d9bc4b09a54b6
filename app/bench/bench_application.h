#pragma once

#include <QApplication>

#include <memory>

namespace shardscope {

/// A benchmark's QApplication, without a screen unless a platform was asked for; null when the
/// program has one already.
[[nodiscard]] std::unique_ptr<QApplication> applicationUnlessThere();

} // namespace shardscope
