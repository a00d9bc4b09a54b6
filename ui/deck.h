#pragma once

#include <functional>

#include "core/base/result.h"
#include "core/runtime/commands.h"

namespace shardscope::ui {

/// The window's hands: what a pane may ask of the run. Handed down by `app`, replaced in tests.
/// Replies and cards arrive on the GUI thread.
struct Deck {
    using Done = std::function<void(const Result<void>&)>;
    std::function<void(Command, Done)> send;
    std::function<void(std::uint64_t refusalId, std::function<void(const Result<WhyCard>&)>)>
        explain;
};

} // namespace shardscope::ui
