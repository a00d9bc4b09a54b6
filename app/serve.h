#pragma once

#include <span>
#include <string>

namespace shardscope {

/// `shardscope serve`: an endpoint without a window, until SIGINT or SIGTERM. Returns the exit
/// status: 0 ended as asked, 1 failed while running, 2 wrong usage or bad input.
int serveCommand(std::span<const std::string> arguments);

} // namespace shardscope
