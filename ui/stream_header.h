#pragma once

#include <QWidget>

#include "core/metrics/snapshot.h"

class QAction;
class QLabel;
class QToolButton;

namespace shardscope::ui {

/// The line under the menus: what kind of thing is on the screen (text, shape and frame, never
/// colour alone), which stream it is, and the way to any action.
class StreamHeader : public QWidget {
    Q_OBJECT

public:
    /// `workspaces`: what switches between them, in the order of the buttons.
    StreamHeader(const QList<QAction*>& workspaces, QAction* findAction, QWidget* parent = nullptr);

    /// Does nothing while the endpoint is shown.
    void present(const Snapshot& snapshot);
    /// Names the endpoint in place of a run.
    void showEndpoint(const QString& summary);
    void showSimulation();
    void restyle();

    /// "orders · PROVISIONED · 4 shards · retention 24 h"
    [[nodiscard]] static QString summaryText(const StreamRow& stream);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void say(const QString& summary, const QString& tip);
    void fitSummary();

    QString m_whole; ///< of the summary, which may have less room
    QLabel* m_badge;
    QLabel* m_summary;
    QLabel* m_title;
    QToolButton* m_find;
    bool m_endpoint = false;
};

/// The words of the service, for labels: `PROVISIONED`, `ACTIVE`.
[[nodiscard]] QString modeText(StreamMode mode);
[[nodiscard]] QString statusText(StreamStatus status);

} // namespace shardscope::ui
