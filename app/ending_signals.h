#pragma once

#include <csignal>

namespace shardscope {

/// Holds SIGINT and SIGTERM back on this thread and those it makes from now on, so that whoever
/// waits for them hears them, and answers the two.
sigset_t holdEndingSignals();

} // namespace shardscope
