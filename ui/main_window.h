#pragma once

#include <QMainWindow>

#include <memory>
#include <vector>

#include "core/scenario/scenario.h"
#include "ui/deck.h"
#include "ui/docks/scenarios_panel.h"
#include "ui/feed.h"
#include "ui/follow_deck.h"
#include "ui/monitor_deck.h"
#include "ui/preferences.h"
#include "ui/view_state.h"

class QAction;
class QLabel;

namespace shardscope::ui {

class Actions;
class ExploreBoard;

/// Frame, menus, docks and bars around the workspaces: Explore, a simulated run, Readers, those who
/// read in it, Plan, how a stream should be run, and Monitor, this program's endpoint. Looks at snapshots of `feed`, asks for
/// everything through `deck` and `monitor`; the GUI thread does no engine work. Without hands for
/// it there is no Monitor.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    enum class Workspace { Explore, Readers, Plan, Monitor };

    MainWindow(Feed& feed, ViewState& view, Deck deck, Preferences& preferences,
               std::vector<BundledScenario> bundled, MonitorDeck monitor = {},
               FollowDeck follow = {}, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Loads a scenario or run file, or a trace by its ending `.csv`. What is wrong with it is said
    /// in the status line; the run that was there goes on. False then.
    bool openFile(const QString& path, bool paused);
    /// Loads a bundled scenario by its name. As openFile.
    bool openBundled(const QString& name, bool paused);
    void load(const Scenario& scenario, bool paused);

    [[nodiscard]] Actions& actions() const;
    void showWorkspace(Workspace workspace);
    [[nodiscard]] Workspace workspace() const;
    /// The board, without bars and docks: what pictures are made of.
    [[nodiscard]] QWidget* board() const;
    [[nodiscard]] QString sentence() const; ///< of the status line
    /// Brings everything up to the feed's newest snapshot at once.
    void presentNow();

protected:
    void closeEvent(QCloseEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Parts;
    /// The board that is looked at, with what its keys and menus work on.
    struct Stage {
        std::shared_ptr<const Snapshot> now; ///< null: nothing is there yet
        ViewState& view;
        Deck deck;
        ExploreBoard* board;
    };
    [[nodiscard]] Stage stage() const;

    void present(const Snapshot& snapshot);
    // Building, in main_window_parts.cpp.
    void buildBars();
    void buildDocks();
    void buildMenus();
    void arrangeDocks();
    // What actions do, in main_window_actions.cpp.
    void bindFile();
    void bindStream();
    void bindRun();
    void bindView();
    void bindMonitor();
    void bindHelp();
    void connectParts();
    void fillRecent();
    void send(Command command);
    [[nodiscard]] Deck reporting(Deck deck);
    void report(const QString& sentence);
    void complain(const QString& sentence);
    [[nodiscard]] std::shared_ptr<const Snapshot> snapshotOrComplain();
    void saveAs(const QString& title, const QString& suggestion, const QString& filter,
                const std::function<Result<void>(const QString&)>& save);
    void setPresentation(bool on);
    void setMagnification(int percent);
    void applyTheme();
    void restyle();
    void pan(double part);
    void zoom(double factor);
    void selectShard(int number);
    void shardMenu(ShardSlot shard, const QPoint& at);
    void showWhy();
    void enter(Workspace workspace);
    void leaveToExplore();
    void syncDockActions();
    void allowActions();

    Feed& m_feed;
    ViewState& m_view;
    Deck m_deck;
    FollowDeck m_follow;
    Preferences& m_preferences;
    std::vector<BundledScenario> m_bundled;
    std::unique_ptr<Parts> m_parts;
};

} // namespace shardscope::ui
