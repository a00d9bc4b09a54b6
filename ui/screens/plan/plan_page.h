#pragma once

#include <QWidget>

#include <functional>
#include <memory>
#include <optional>

#include "core/metrics/snapshot.h"
#include "core/planner/plan.h"
#include "core/planner/price_book.h"
#include "core/scenario/scenario.h"
#include "ui/screens/plan/plan_plots.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QTabWidget;
class QTextBrowser;
class QToolButton;

namespace shardscope::ui {

class LineChart;
class OptionsModel;
class PictureView;
class PlanForm;
class PlanRunner;
class WatchTable;

/// From a workload or measurements to shards, capacity mode and cost: what goes in on the left, the
/// answer on the right, its month below.
class PlanPage : public QWidget {
    Q_OBJECT

public:
    /// A stream that a plan can be filled from: words for the menu, and what is seen of it now.
    struct Source {
        QString words;
        std::function<std::shared_ptr<const Snapshot>()> now; ///< null: there is nothing to see
    };
    PlanPage(PriceBook prices, std::vector<Source> sources, QWidget* parent = nullptr);

    void restyle();
    /// Plans what the fields say, unless that is what is shown already. The first time the page is
    /// seen it does so by itself.
    void planNow();
    [[nodiscard]] bool working() const;
    [[nodiscard]] std::shared_ptr<const PlanResult> result() const { return m_result; }
    [[nodiscard]] PlanForm* form() const { return m_form; }
    /// Shows one of the ways to run the stream.
    void choose(PlanMode mode);
    [[nodiscard]] PlanMode chosen() const { return m_mode; }
    /// Puts the shown plan aside as A, or forgets it.
    void pin(bool on);
    /// Takes measured streams in. Errors are said on the page.
    void importMetrics(const QStringList& paths);
    /// Writes the plan as the ending of `path` says.
    [[nodiscard]] Result<void> exportTo(const QString& path) const;

signals:
    void runAsked(const shardscope::Scenario& scenario);
    void report(const QString& sentence);
    void complain(const QString& sentence);
    void settled(); ///< a plan is shown, or none can be

protected:
    void showEvent(QShowEvent* event) override;

private:
    [[nodiscard]] QWidget* answer();
    [[nodiscard]] QWidget* details();
    void connectParts();
    void fillFrom(const Source& source);
    void askImport();
    void askPrices();
    void askExport();
    void present();
    void presentOption();
    [[nodiscard]] const StreamPlan* stream() const;
    [[nodiscard]] const PlanOption* option() const;

    std::vector<Source> m_sources;
    PlanForm* m_form;
    PlanRunner* m_runner;
    OptionsModel* m_model;
    WatchTable* m_table;
    QLabel *m_headline, *m_binding, *m_difference;
    QProgressBar* m_progress;
    QPushButton *m_run, *m_pin, *m_export;
    QToolButton* m_fill;
    QTabWidget* m_tabs;
    LineChart *m_load, *m_refused, *m_cost;
    PictureView *m_limits, *m_heat, *m_breakEven, *m_tornado;
    QTextBrowser *m_formulas, *m_words;
    std::shared_ptr<const PlanResult> m_result;
    std::optional<PlanRequest> m_request; ///< of m_result
    PlanRequest m_asked;
    PlanMode m_mode = PlanMode::Fixed;
    bool m_choseByHand = false;
    std::optional<PinnedPlan> m_pinned;
    bool m_begun = false;
};

} // namespace shardscope::ui
