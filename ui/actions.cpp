#include "ui/actions.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QActionGroup>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMap>
#include <QMenu>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QTextEdit>
#include <QWidget>

#include <utility>

#include "core/base/check.h"

namespace shardscope::ui {

namespace {

bool isArrowOrEdge(int key)
{
    switch (key) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Home:
    case Qt::Key_End:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        return true;
    default:
        return false;
    }
}

QString tipWithKeys(const QString& tip, const QList<QKeySequence>& keys)
{
    if (keys.isEmpty())
        return tip;
    return Actions::tr("%1  (%2)").arg(tip, keys.front().toString(QKeySequence::NativeText));
}

} // namespace

Actions::Actions(QWidget* window)
    : QObject(window)
{
    QMap<QString, QActionGroup*> choices;
    for (const ActionSpec& spec : actionTable()) {
        auto* action = new QAction(spec.text, this);
        action->setObjectName(spec.id);
        action->setCheckable(spec.kind == ActionSpec::Kind::Checkable);
        action->setStatusTip(spec.tip);
        // Held keys must not fire a second dialog or a second split.
        action->setAutoRepeat(spec.group == ActionGroup::View || spec.id.startsWith(u"run.step")
                              || spec.id.startsWith(u"run.back"));
        if (!spec.choice.isEmpty()) {
            if (!choices.contains(spec.choice))
                choices.insert(spec.choice, new QActionGroup(this));
            choices.value(spec.choice)->addAction(action);
        }
        window->addAction(action);
        m_entries.push_back({action, spec.keys});
        m_actions.push_back(action);
        apply(m_entries.back());
    }
    qApp->installEventFilter(this);
}

QAction* Actions::operator[](const QString& id) const
{
    for (const Entry& entry : m_entries)
        if (entry.action->objectName() == id)
            return entry.action;
    return nullptr;
}

Actions::Entry* Actions::entryOf(const QString& id)
{
    for (Entry& entry : m_entries)
        if (entry.action->objectName() == id)
            return &entry;
    return nullptr;
}

const ActionSpec& Actions::specOf(const QAction* action) const
{
    std::size_t i = 0;
    while (i < m_entries.size() && m_entries[i].action != action)
        ++i;
    SHARDSCOPE_CHECK(i < m_entries.size());
    return actionTable()[i];
}

void Actions::bind(const QString& id, std::function<void(bool)> handler)
{
    Entry* entry = entryOf(id);
    SHARDSCOPE_CHECK(entry != nullptr);
    entry->bound = true;
    connect(entry->action, &QAction::triggered, this, std::move(handler));
}

bool Actions::isBound(const QString& id) const
{
    for (const Entry& entry : m_entries)
        if (entry.action->objectName() == id)
            return entry.bound;
    return false;
}

void Actions::fill(QMenu* menu, ActionGroup group) const
{
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const ActionSpec& spec = actionTable()[i];
        if (spec.group != group)
            continue;
        if (spec.separatorBefore)
            menu->addSeparator();
        menu->addAction(m_entries[i].action);
    }
    menu->setToolTipsVisible(true);
}

QList<QKeySequence> Actions::keys(const QString& id) const
{
    for (const Entry& entry : m_entries)
        if (entry.action->objectName() == id)
            return entry.keys;
    return {};
}

std::optional<QString> Actions::setKeys(const QString& id,
                                        const std::optional<QList<QKeySequence>>& keys)
{
    Entry* entry = entryOf(id);
    SHARDSCOPE_CHECK(entry != nullptr);
    const QList<QKeySequence> wanted = keys.value_or(specOf(entry->action).keys);
    for (const Entry& other : m_entries) {
        if (&other == entry)
            continue;
        for (const QKeySequence& key : wanted)
            if (other.keys.contains(key))
                return tr("%1 already does “%2”.")
                    .arg(key.toString(QKeySequence::NativeText),
                         specOf(other.action).text.simplified().remove(u'&'));
    }
    entry->keys = wanted;
    apply(*entry);
    emit keysChanged(id);
    return std::nullopt;
}

void Actions::apply(Entry& entry)
{
    QList<QKeySequence> active;
    for (const QKeySequence& key : entry.keys)
        if (m_singleKeys || !isSingleKey(key))
            active.append(key);
    entry.action->setShortcuts(active);
    const ActionSpec& spec = actionTable()[static_cast<std::size_t>(&entry - m_entries.data())];
    entry.action->setToolTip(tipWithKeys(spec.tip, active));
}

void Actions::setSingleKeys(bool on)
{
    m_singleKeys = on;
    for (Entry& entry : m_entries)
        apply(entry);
}

bool Actions::isSingleKey(const QKeySequence& key)
{
    if (key.count() != 1)
        return false;
    const QKeyCombination k = key[0];
    if (k.keyboardModifiers() & ~Qt::ShiftModifier)
        return false;
    return k.key() >= Qt::Key_Space && k.key() <= Qt::Key_AsciiTilde;
}

bool Actions::keepsKey(const QWidget* focus, const QKeyEvent& event)
{
    if (focus == nullptr)
        return false;
    if (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return false;
    const int key = event.key();
    const bool printable = key >= Qt::Key_Space && key <= Qt::Key_AsciiTilde;
    const auto* text = qobject_cast<const QTextEdit*>(focus);
    const auto* plain = qobject_cast<const QPlainTextEdit*>(focus);
    if (qobject_cast<const QLineEdit*>(focus) || qobject_cast<const QAbstractSpinBox*>(focus)
        || (text != nullptr && !text->isReadOnly()) || (plain != nullptr && !plain->isReadOnly()))
        return printable || isArrowOrEdge(key);
    if (qobject_cast<const QAbstractButton*>(focus))
        return key == Qt::Key_Space;
    if (const auto* combo = qobject_cast<const QComboBox*>(focus))
        return key == Qt::Key_Space || isArrowOrEdge(key) || (combo->isEditable() && printable);
    if (qobject_cast<const QAbstractItemView*>(focus))
        return key == Qt::Key_Space || isArrowOrEdge(key);
    if (qobject_cast<const QAbstractSlider*>(focus) || qobject_cast<const QTabBar*>(focus)
        || text != nullptr || plain != nullptr)
        return isArrowOrEdge(key);
    return false;
}

bool Actions::eventFilter(QObject* watched, QEvent* event)
{
    // Accepting the override hands the key to the widget instead of to a shortcut.
    if (event->type() == QEvent::ShortcutOverride
        && keepsKey(qobject_cast<QWidget*>(watched), *static_cast<QKeyEvent*>(event)))
        event->accept();
    return QObject::eventFilter(watched, event);
}

} // namespace shardscope::ui
