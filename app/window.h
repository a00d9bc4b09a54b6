#pragma once

#include <QObject>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/options.h"
#include "app/serve_options.h"
#include "core/runtime/runtime.h"
#include "ui/deck.h"
#include "ui/docks/scenarios_panel.h"

/// Where the engine and the window meet.
namespace shardscope {

struct WindowOptions {
    std::string file; ///< bundled name, scenario, run or trace; empty: the last one, or hot-key
    /// An endpoint to be switched on at once and shown in the Monitor workspace.
    std::optional<ServeOptions> serve;
    bool outside = false; ///< readers may call real functions and write real objects
    std::string agent; ///< an agent.json whose files are followed into the stream; empty: none
};
/// What `options` can be set from. `options` must outlive the list.
[[nodiscard]] std::vector<Option> windowOptionList(WindowOptions& options);
/// Errors: BadInput for what is no option, and for a second file.
[[nodiscard]] Result<WindowOptions> parseWindowOptions(std::span<const std::string> arguments);

/// Opens the window and stays until it is closed. Returns an exit status.
int runWindow(int& argc, char** argv, const WindowOptions& options);

/// The window's hands on a running world. Replies hop to the thread of `home`, which must outlive
/// the runtime.
[[nodiscard]] ui::Deck deckOf(Runtime& runtime, QObject* home);

/// The bundled scenarios, read once for their titles and lessons.
[[nodiscard]] std::vector<ui::BundledScenario> bundledForWindow();

/// True when a window could be shown: a display, or a platform asked for by name.
[[nodiscard]] bool hasDisplay();

} // namespace shardscope
