#pragma once

#include <QAction>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

class QKeyEvent;
class QMenu;
class QWidget;

namespace shardscope::ui {

/// A menu, and a heading of the shortcut sheet.
enum class ActionGroup { File, Edit, Stream, Run, Monitor, View, Help };
[[nodiscard]] QString groupText(ActionGroup group);

/// One line of the table: everything a person can do by menu, key or by finding it.
struct ActionSpec {
    enum class Kind { Plain, Checkable };
    enum class Safety { Safe, OpensDialog, EndsProgram }; ///< what a test may trigger unattended
    QString id; ///< stable: remapped keys are stored under it
    ActionGroup group;
    QString text; ///< menu text with its mnemonic
    QString tip; ///< one sentence
    QList<QKeySequence> keys {};
    Kind kind = Kind::Plain;
    Safety safety = Safety::Safe;
    QString choice {}; ///< actions of the same choice exclude each other
    bool separatorBefore = false;
};

/// The one table of actions, in the order of the menus.
[[nodiscard]] const std::vector<ActionSpec>& actionTable();

/// The table come to life: makes the QActions and the menus, keeps their keys, and sees to it that
/// a key typed into a field, a list or a slider stays there.
class Actions : public QObject {
    Q_OBJECT

public:
    /// `window` receives the actions, so that their keys work everywhere in it.
    explicit Actions(QWidget* window);

    [[nodiscard]] QAction* operator[](const QString& id) const; ///< null when the table lacks it
    [[nodiscard]] const std::vector<QAction*>& all() const { return m_actions; }
    [[nodiscard]] const ActionSpec& specOf(const QAction* action) const;

    /// What the action does; for a checkable one the new state is passed, otherwise false.
    void bind(const QString& id, std::function<void(bool)> handler);
    [[nodiscard]] bool isBound(const QString& id) const;

    void fill(QMenu* menu, ActionGroup group) const;

    [[nodiscard]] QList<QKeySequence> keys(const QString& id) const;
    /// Replaces the keys of one action; none: the table's. Says who has one of them already, and
    /// then changes nothing.
    std::optional<QString> setKeys(const QString& id,
                                   const std::optional<QList<QKeySequence>>& keys);
    /// Off: keys that are a single character without Ctrl or Alt do nothing (WCAG 2.1.4).
    void setSingleKeys(bool on);
    [[nodiscard]] static bool isSingleKey(const QKeySequence& key);
    /// Whether the widget needs this key for itself while it has the focus.
    [[nodiscard]] static bool keepsKey(const QWidget* focus, const QKeyEvent& event);

    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    void keysChanged(const QString& id);

private:
    struct Entry {
        QAction* action;
        QList<QKeySequence> keys;
        bool bound = false;
    };
    [[nodiscard]] Entry* entryOf(const QString& id);
    void apply(Entry& entry);

    std::vector<Entry> m_entries; ///< parallel to actionTable()
    std::vector<QAction*> m_actions;
    bool m_singleKeys = true;
};

} // namespace shardscope::ui
