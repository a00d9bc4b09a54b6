#pragma once

#include <QDialog>

class QLabel;
class QLineEdit;
class QListWidget;
class QTreeWidget;
class QTreeWidgetItem;

namespace shardscope::ui {

class Actions;
class Preferences;

/// All keys on one sheet, made from the table of actions; a row can be given other keys.
class ShortcutsSheet : public QDialog {
    Q_OBJECT

public:
    ShortcutsSheet(Actions& actions, Preferences& preferences, QWidget* parent);

private:
    void fill();
    void addPlotKeys();
    void change(QTreeWidgetItem* row);
    void setKeys(const QString& id, const QKeySequence& key);

    Actions& m_actions;
    Preferences& m_preferences;
    QTreeWidget* m_table;
    QLabel* m_words;
};

/// Type a few letters, press Enter: any action by its name.
class FindAction : public QDialog {
    Q_OBJECT

public:
    FindAction(const Actions& actions, QWidget* parent);
    bool eventFilter(QObject* watched, QEvent* event) override;

    /// Whether every word of `query` begins somewhere in `text`, in any order.
    [[nodiscard]] static bool matches(const QString& query, const QString& text);

private:
    void filter(const QString& query);
    void run();

    const Actions& m_actions;
    QLineEdit* m_query;
    QListWidget* m_list;
};

/// Version, licence, and whom the program does not belong to.
class AboutDialog : public QDialog {
    Q_OBJECT

public:
    explicit AboutDialog(QWidget* parent);
};

} // namespace shardscope::ui
