#pragma once

#include <QWidget>

#include <functional>
#include <vector>

#include "core/base/result.h"
#include "core/scenario/scenario.h"

class QLabel;
class QListWidget;
class QPushButton;

namespace shardscope::ui {

struct BundledScenario {
    QString name; ///< `hot-key`
    QString title; ///< "Hot key"
    QString lesson; ///< one line
    std::function<Result<Scenario>()> load;
};

/// The scenarios that come with the program, each with its lesson.
class ScenariosPanel : public QWidget {
    Q_OBJECT

public:
    explicit ScenariosPanel(const std::vector<BundledScenario>& bundled, QWidget* parent = nullptr);

    /// Marks the one that runs now.
    void setRunning(const QString& name);
    void takeFocus();

signals:
    void chosen(const QString& name);

private:
    void showLesson();

    QListWidget* m_list;
    QLabel* m_lesson;
    QPushButton* m_load;
    QString m_running;
};

} // namespace shardscope::ui
