#pragma once

// What MainWindow is made of; included by its own sources alone.

#include <QDockWidget>
#include <QMenu>
#include <QPointer>
#include <QStackedWidget>
#include <QToolBar>

#include <memory>
#include <optional>

#include "ui/actions.h"
#include "ui/announcer.h"
#include "ui/callout.h"
#include "ui/docks/actors_panel.h"
#include "ui/docks/event_lane.h"
#include "ui/docks/scenarios_panel.h"
#include "ui/docks/stream_panel.h"
#include "ui/docks/why_panel.h"
#include "ui/main_window.h"
#include "ui/run_status.h"
#include "ui/screens/explore/explore_board.h"
#include "ui/screens/monitor/monitor_page.h"
#include "ui/screens/plan/plan_page.h"
#include "ui/screens/readers/readers_page.h"
#include "ui/side_strip.h"
#include "ui/start_strip.h"
#include "ui/stream_header.h"
#include "ui/time_bar.h"

namespace shardscope::ui {

struct MainWindow::Parts {
    Actions* actions = nullptr;
    StreamHeader* header = nullptr;
    TimeBar* time = nullptr;
    QToolBar* headerBar = nullptr;
    QToolBar* timeTool = nullptr;
    QToolBar* sideTool = nullptr;
    SideStrip* side = nullptr;
    RunStatus* status = nullptr;
    StartStrip* strip = nullptr;
    QStackedWidget* workspaces = nullptr;
    MonitorPage* monitor = nullptr; ///< null: this program has no endpoint
    ReadersPage* readers = nullptr;
    PlanPage* plan = nullptr;
    QByteArray exploreLayout; ///< of the docks, while another workspace is shown
    bool feedRan = false; ///< before Monitor was shown
    QWidget* centre = nullptr;
    ExploreBoard* board = nullptr;
    Callout* callout = nullptr;
    Announcer* announcer = nullptr;
    ActorsPanel* actors = nullptr;
    ScenariosPanel* scenarios = nullptr;
    WhyPanel* why = nullptr;
    StreamPanel* stream = nullptr;
    EventLane* lane = nullptr;
    QDockWidget* actorsDock = nullptr;
    QDockWidget* whyDock = nullptr;
    QDockWidget* streamDock = nullptr;
    QDockWidget* laneDock = nullptr;
    QMenu* recent = nullptr;

    std::optional<Scenario> scenario; ///< what was loaded
    FirstRefusal firstRefusal;
    bool explainNextRefusal = false; ///< somebody asked to be shown one
    std::uint64_t refusalsKnown = 0;
    QByteArray beforePresentation;
    bool wasMaximized = false;
    bool shownBefore = false;
    bool paused = true;
    bool chooseBusiest = true; ///< the shard that has most to show, once there is a run
    QFont plainFont;
    QPalette systemPalette;
    bool restyling = false;
};

} // namespace shardscope::ui
