#include "ui/screens/explore/shard_map_accessible.h"

#include <QAccessible>
#include <QAccessibleWidget>

#include <map>
#include <memory>

#include "ui/screens/explore/shard_map.h"

namespace shardscope::ui {

namespace {

/// One open shard: painted, not a widget, yet found, named and chosen like one.
class ShardInterface final : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    ShardInterface(ShardMap* map, int index)
        : m_map(map)
        , m_index(static_cast<std::size_t>(index))
    {
    }
    bool isValid() const override { return m_index < m_map->model().open.size(); }
    QObject* object() const override { return nullptr; }
    QAccessibleInterface* parent() const override
    {
        return QAccessible::queryAccessibleInterface(m_map);
    }
    QAccessibleInterface* child(int) const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.selectable = state.focusable = true;
        state.selected = shard().slot == m_map->selected();
        state.focused = state.selected && m_map->hasFocus();
        return state;
    }
    QRect rect() const override
    {
        const QRect cell = m_map->shardRect(shard().slot);
        return {m_map->mapToGlobal(cell.topLeft()), cell.size()};
    }
    QString text(QAccessible::Text kind) const override
    {
        if (!isValid())
            return {};
        if (kind == QAccessible::Name)
            return m_map->spokenShard(shard());
        if (kind == QAccessible::Description)
            return m_map->cardOf(shard().slot).join(QStringLiteral("; "));
        return {};
    }
    void setText(QAccessible::Text, const QString&) override { }
    void* interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this)
                                                    : nullptr;
    }
    QStringList actionNames() const override { return {pressAction(), showMenuAction()}; }
    void doAction(const QString& action) override
    {
        if (!isValid())
            return;
        if (action == pressAction())
            emit m_map->shardChosen(shard().slot);
        else if (action == showMenuAction())
            emit m_map->menuAsked(shard().slot, rect().center());
    }
    QStringList keyBindingsForAction(const QString&) const override { return {}; }

private:
    const MapShard& shard() const { return m_map->model().open[m_index]; }
    ShardMap* m_map;
    std::size_t m_index;
};

class MapInterface final : public QAccessibleWidget {
public:
    explicit MapInterface(ShardMap* map)
        : QAccessibleWidget(map, QAccessible::List)
    {
    }
    ~MapInterface() override
    {
        for (const auto& [index, id] : m_children)
            QAccessible::deleteAccessibleInterface(id);
    }
    QString text(QAccessible::Text kind) const override
    {
        if (kind == QAccessible::Name)
            return ShardMap::tr("Shard map over the hash-key space");
        if (kind == QAccessible::Description)
            return ShardMap::tr("Open shards: %1. Arrow keys choose one, Enter opens its menu.")
                .arg(childCount());
        return QAccessibleWidget::text(kind);
    }
    int childCount() const override { return static_cast<int>(map()->model().open.size()); }
    QAccessibleInterface* child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        const auto known = m_children.find(index);
        if (known != m_children.end())
            return QAccessible::accessibleInterface(known->second);
        auto* made = new ShardInterface(map(), index);
        m_children[index] = QAccessible::registerAccessibleInterface(made);
        return made;
    }
    int indexOfChild(const QAccessibleInterface* wanted) const override
    {
        for (const auto& [index, id] : m_children)
            if (QAccessible::accessibleInterface(id) == wanted)
                return index;
        return -1;
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        const QPoint at = map()->mapFromGlobal(QPoint(x, y));
        for (int i = 0; i < childCount(); ++i)
            if (map()
                    ->shardRect(map()->model().open[static_cast<std::size_t>(i)].slot)
                    .contains(at))
                return child(i);
        return nullptr;
    }

private:
    ShardMap* map() const { return static_cast<ShardMap*>(widget()); }
    mutable std::map<int, QAccessible::Id> m_children;
};

QAccessibleInterface* make(const QString&, QObject* object)
{
    auto* map = qobject_cast<ShardMap*>(object);
    return map == nullptr ? nullptr : new MapInterface(map);
}

} // namespace

void installShardMapAccessible()
{
    QAccessible::removeFactory(make);
    QAccessible::installFactory(make);
}

} // namespace shardscope::ui
