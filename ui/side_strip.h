#pragma once

#include <QWidget>

#include <functional>

namespace shardscope::ui {

/// What is left of closed side panels: their names along the edge, each a button that opens it.
class SideStrip : public QWidget {
    Q_OBJECT

public:
    explicit SideStrip(QWidget* parent = nullptr);
    void add(const QString& text, const QString& tip, std::function<void()> open);
};

} // namespace shardscope::ui
